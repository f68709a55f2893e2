"""`holdfast receipt`: what an outsider needs to hold the record to its word."""

from __future__ import annotations

from pathlib import Path

from api.commands import show
from api.commands.desk import at_desk
from api.commands.options import Asking
from api.proving import proved
from domain.record.migration import LOGS
from domain.refusal import Refused


def receipt(asking: Asking, log: str, position: int, out: str | None) -> None:
    """Print a receipt, or put it and its entry into a folder.

    Raises:
        NotFound: nothing was recorded at this position.
        Unavailable: no head covers it yet.
        Refused: there is no such log, or the folder cannot be written.
    """
    if log not in LOGS:
        raise Refused("option", "usage", f"--log is one of {', '.join(LOGS)}.")
    with at_desk(asking) as desk:
        text, entry = proved(desk.office, log, position)
    if out is None:
        show.say(text.decode().removesuffix("\\n"))
        return
    folder = Path(out)
    name = folder / f"{log}-{position}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, raw in ((".tlog-proof", text), (".entry", entry)):
            name.with_name(name.name + suffix).write_bytes(raw)
    except OSError as error:
        raise Refused(
            "file", "usage", f"This folder cannot be written ({error.strerror}): name another."
        ) from None
    show.say(f"Wrote {name}.tlog-proof and {name}.entry.")
