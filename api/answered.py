"""The basis of an answer: of which position, by which release and which policy it was given.

Asked again at that position, on that day and of that release, a question has the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api.basis import release
from api.office import Office


def basis(office: Office, as_at: int, on: date) -> dict[str, Any]:
    """What an answer rests on, as it says so itself.

    `policy` is the version of the procedure in force on the day judged by, of those adopted by
    `position`: the nation's and, after a stroke, the authority's own.
    """
    return {
        "log": office.record.log.name,
        "authority": str(office.authority),
        "position": as_at,
        "on": on.isoformat(),
        "release": release(),
        "policy": office.handler.looking(on, as_at=as_at).law.policy,
    }
