"""`holdfast refer`: what another system calls a case, recorded as it is over HTTP."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from api import schema
from api.clock import new_reference
from api.commands import show
from api.commands.desk import CLI, Desk, at_desk, reference
from api.commands.options import Asking as Who
from api.commands.options import Then
from api.problems import Problem, of_validation
from api.register import Register
from api.routes.commands import Asking, Running, Sent
from api.standing import stands
from api.tag import Tag
from domain.authority import may
from domain.refusal import Conflict, Refused

COMMAND: Final = "add-case-reference"
_STDIN: Final = "-"
_NAMES: Final = {"system": "SYSTEM", "id": "ID", "target": "--document"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is to be called how, as typed; an `identifier` left out is read from standard input."""

    case: str
    system: str
    identifier: str | None
    document: int | None


def refer(asking: Who, named: Named, *, json: bool) -> None:
    """Record what another system calls a case, or a document in it.

    The case is looked at for its version, which leaves its trace; the recording is an event.

    Raises:
        Refused: the role may not, reading is restricted, what was typed is in no such form, or a
            guard of the log is gone.
        NotFound: there is no such case, or no document that came with that entry.
        Conflict: somebody recorded in the case at the same moment.
    """
    case = reference(named.case, "case")
    body = _body(named, asking.purpose)
    with at_desk(asking, adds=True) as desk:
        if not may(desk.actor.role, COMMAND):
            raise Refused(
                "not_permitted", "authority", "This role may not record this: see --role."
            )
        known = stands(desk.office, case, desk.clocks(Then()))
        desk.opened(known.now, case)
        desk.viewed("case", case=case, among=known.among)
        answer, repeated = _recorded(desk, case, known.tag, body)
    if json:
        show.as_json({**answer, "repeated": repeated})
        return
    what = "the case" if named.document is None else f"the document of entry {named.document}"
    done = "was recorded before" if repeated else "is recorded"
    show.say(f"What that system calls {what} {done}: entry {answer['version']} of {case}.")
    for note in answer["notes"]:
        if "case" not in note["links"]:
            show.say(f"Look at this: another case carries the same reference. {note['detail']}")
            continue
        other = note["links"]["case"].rpartition("/")[2]
        show.say(f"Look at this: the case {other} carries the same reference.")


def _body(named: Named, purpose: str) -> dict[str, Any]:
    """The request's body, as a client of the interface would send it."""
    command: dict[str, Any] = {"reference": {"system": named.system, "id": _identifier(named)}}
    if named.document is not None:
        command["target"] = named.document
    return {"purpose": purpose, "command": command}


def _identifier(named: Named) -> str:
    """The identifier; read where nobody's list of processes and no shell's history shows it."""
    if named.identifier not in (None, _STDIN):
        return str(named.identifier)
    if sys.stdin.isatty():
        show.tell("What does that system call it? Type it and press Enter.")
    return sys.stdin.readline().strip()


def _recorded(
    desk: Desk, case: UUID, seen: Tag, body: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    """The answer the interface would give, and whether the same was recorded before."""
    try:
        asked = schema.request_model(COMMAND).model_validate(body)
    except ValidationError as error:
        raise _wrong(
            of_validation([{**one, "loc": one["loc"]} for one in error.errors()])
        ) from None
    sent = Sent(
        path=f"/v1/cases/{case}/{COMMAND}",
        raw=orjson.dumps(body),
        key=str(new_reference()),
        if_match=f'"{seen}"',
    )
    asking = Asking(
        name=COMMAND,
        stream=case,
        body=asked,
        sent=sent,
        office=desk.office,
        actor=desk.actor,
        running=Running(),
        register=Register(desk.office),
        door=CLI,
    )
    try:
        response = asking.recorded()
    except Problem as problem:
        if problem.kind == "stale-version":
            raise Conflict(case, seen.version, None) from None
        raise _wrong(problem) from None
    answer: dict[str, Any] = orjson.loads(response.body)
    return answer, response.status_code == 200  # noqa: PLR2004 — it was recorded before


def _wrong(problem: Problem) -> Problem | Refused:
    """What is wrong with what was typed, named as it is typed."""
    errors = problem.members.get("errors", ())
    if not errors:
        return problem
    where, detail = errors[0]["pointer"].rpartition("/")[2], errors[0]["detail"]
    return Refused("option", "usage", f"{_NAMES.get(where, where)}: {detail}")
