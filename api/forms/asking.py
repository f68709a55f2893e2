"""A form's command asked as the same command is asked by JSON, through the same steps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

from api import schema
from api.forms.reading import Reading
from api.forms.sheet import Sheet, Wrong
from api.forms.typed import json_bytes
from api.problems import KINDS, Problem, problem_of
from api.routes.commands import Asking, Sent, command_id, register_of, running_of
from api.routes.door import PAGE

# What is said on the form itself, where whoever sent it can do something about it there.
_ON_THE_FORM: Final = frozenset(
    {
        "already-exists",
        "already-received",
        "invalid",
        "key-reused",
        "not-found",
        "not-permitted",
        "refused",
        "stale-version",
    }
)


_SHARED: Final = "The same reference stands there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Where a command now stands: its stream and the position of its last entry.

    `notes` are what is to be looked at: a sentence, and the address of the case that it is of.
    """

    stream: UUID
    position: int
    notes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A command that was not recorded, as its form says it: a status, and what is wrong where."""

    kind: str
    status: int
    general: Sequence[Wrong]


def ask(sheet: Sheet, reading: Reading, body: schema.Asked, request: Request) -> Came | Turned:
    """Record what a form asks, once however often it is sent; what is wrong is put at its field.

    Raises what the form cannot say: the record is away, or nobody is identified any more.
    """
    try:
        return _came(_asked(sheet, reading, body, request))
    except Exception as error:
        problem = problem_of(error)
        if problem is None or problem.kind not in _ON_THE_FORM:
            raise
        return turned(problem, reading)


def turned(problem: Problem, reading: Reading) -> Turned:
    """A problem as a form says it."""
    kind = KINDS[problem.kind]
    errors = problem.members.get("errors")
    if errors:
        general = [Wrong(words=one) for one in reading.told(errors)]
    else:
        at = str(problem.members.get("links", {}).get("existing", "")).removeprefix("/v1")
        general = [Wrong(words=f"{kind.title}. {problem.detail or kind.remedy}", at=at)]
    return Turned(kind=problem.kind, status=kind.status, general=general)


def position_of(sheet: Sheet) -> int | None:
    """Where what was recorded under the form's id stands; None where nothing was."""
    office = sheet.reader.office
    command = command_id(sheet.reader.actor, str(sheet.key), sheet.secret)
    before = office.record.log.command(command)
    return None if before is None else before[0].last


def _asked(sheet: Sheet, reading: Reading, body: schema.Asked, request: Request) -> Any:  # noqa: ANN401 — any JSON
    asking = Asking(
        name=sheet.name,
        stream=sheet.place.stream,
        body=body,
        sent=Sent(
            path=sheet.place.door(sheet.name),
            raw=json_bytes(reading.body),
            key=str(sheet.key),
            if_match=f'"{sheet.seen}"' if sheet.place.kind else None,
        ),
        office=sheet.reader.office,
        actor=sheet.reader.actor,
        running=running_of(request),
        register=register_of(request),
        door=PAGE,
    )
    # A second press of the button waits for the first, and is answered as that is.
    return json.loads(bytes(asking.recorded().body))


def _came(answer: Any) -> Came:  # noqa: ANN401 — any JSON
    notes = [
        (note.get("detail") or _SHARED, note["links"].get("case", "").removeprefix("/v1"))
        for note in answer.get("notes", ())
    ]
    return Came(stream=UUID(answer["stream"]), position=answer["positions"][1], notes=notes)
