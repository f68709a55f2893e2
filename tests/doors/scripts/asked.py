"""Scripts of whole cases: lists of steps that a reader can follow, and how they are asked.

A step is a day, who asks (a role), a command, and its fields as they go to the API. A field may
hold, in place of a value: `New(name)`, a reference that the record makes, known by that name from
then on; `Own(name)`, one that the step gives; `The(name)`, that reference again; `Who(role)`, a
worker; `At(command)`, the entry that a command last made; `Paper(text)`, the digest of a document;
`Criticism(code)`, the finding of that code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from api.clock import FixedClock
from api.identity import DEVELOPMENT
from domain.when import LONDON
from domain.words import Code
from tests.doors.conftest import Doors
from tests.doors.scripted import Json, Script, digest, register

REFERRAL: Final = "receive-referral"
MET: Final = {"hold-conference", "hold-core-group"}  # written down once it is over
EVENING: Final = time(17)
DEATH: Final = "record-death"  # of a person, and so told in the person's own place


@dataclass(frozen=True, slots=True)
class New:
    """A reference made with this step."""

    name: str


@dataclass(frozen=True, slots=True)
class Own:
    """A reference that whoever asks gives, where one may be left out."""

    name: str


@dataclass(frozen=True, slots=True)
class The:
    """A reference made before."""

    name: str


@dataclass(frozen=True, slots=True)
class Who:
    """The worker who asks in a role."""

    role: str


@dataclass(frozen=True, slots=True)
class At:
    """The entry a command last made."""

    command: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The digest of a document."""

    text: str


@dataclass(frozen=True, slots=True)
class Criticism:
    """The finding of a code, as it stands."""

    code: str


@dataclass(frozen=True, slots=True)
class Step:
    """One command, on its day; `told` are agencies that knew of it then."""

    day: str
    who: str
    command: str
    fields: Json
    told: tuple[str, ...] = ()


def step(
    day: str,
    who: str,
    command: str,
    /,
    *,
    told: tuple[str, ...] = (),
    **fields: Any,  # noqa: ANN401 — any JSON
) -> Step:
    """Give a step."""
    return Step(day, who, command, fields, told)


def hour(day: str, clock: str) -> str:
    """Give the moment of a local hour, with its zone."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A whole case: the nation, whom it is about, who records it, and its steps in order.

    `people` by the name they have in the steps, `adult` among them; `workers` by their role.
    """

    nation: str
    people: Mapping[str, Mapping[str, str]]
    workers: Mapping[str, str]
    steps: tuple[Step, ...]

    @property
    def first(self) -> str:
        """The day it begins."""
        return self.steps[0].day

    def until(self, day: str) -> Tale:
        """The same, told up to the end of a day."""
        return replace(self, steps=tuple(one for one in self.steps if one.day <= day))

    @property
    def last(self) -> str:
        """The day it ends."""
        return self.steps[-1].day


def ask(doors: Doors, tale: Tale) -> Script:
    """Ask every step of a tale through the API, each a minute after the one before."""
    for role, name in tale.workers.items():
        doors.office.worker(DEVELOPMENT, role, name, Code(role))
    case = Script(doors)
    for name, details in tale.people.items():
        case.refs[name] = register(doors, **details)
    case.adult = case.refs["adult"]
    day = tale.first
    for one in tale.steps:
        if one.day != day:
            day = one.day
            case.on(day)
        _ask(case, one)
    return case


def _ask(case: Script, one: Step) -> None:
    made: dict[str, str] = {}
    fields = {
        name: said
        for name, value in one.fields.items()
        if (said := _said(case, value, name, made)) is not None
    }
    if one.command == REFERRAL:
        case.role = one.who
        answer = case.begin(**fields)
    elif one.command == DEATH:
        _died(case, one, fields)
        return
    else:
        answer = _answer(case, one, fields)
    for path, name in made.items():
        case.refs[name] = answer[path]


def _answer(case: Script, one: Step, fields: Json) -> Mapping[str, str]:
    """Ask a command of the case; its answer names what was made."""
    clock = case.doors.office.clock
    assert isinstance(clock, FixedClock)
    clock.forward(timedelta(minutes=1))
    if one.command in MET:
        clock.move_to(datetime.combine(date.fromisoformat(one.day), EVENING, LONDON))
    known_to = [{"agency": agency, "since": one.day} for agency in one.told]
    body = {"occurred": one.day, "command": fields, "known_to": known_to}
    path = f"/v1/cases/{case.case}/{one.command}"
    answer = case.doors.post(path, body, version=case.version, Holdfast_Role=one.who)
    assert answer.status_code == 201, (one, answer.text)
    recorded: Json = answer.json()
    case.version = case.versions[one.command] = recorded["version"]
    made: Mapping[str, str] = recorded["made"]
    return made


def _died(case: Script, one: Step, fields: Json) -> None:
    """Record a death where the person is."""
    path = f"/v1/persons/{case.adult}/{one.command}"
    version = case.doors.get(f"/v1/persons/{case.adult}", Holdfast_Role=one.who).json()["version"]
    answer = case.doors.post(path, {"command": fields}, version=version, Holdfast_Role=one.who)
    assert answer.status_code == 201, (one, answer.text)


def _said(case: Script, value: Any, path: str, made: dict[str, str]) -> Any:  # noqa: ANN401
    """Give a field as it is sent; None where the record makes the reference."""
    match value:
        case New(name=name):
            made[path] = name
            return None
        case Own(name=name):
            case.refs[name] = str(UUID(bytes=bytes.fromhex(digest(name)[:32]), version=4))
            return case.refs[name]
        case The(name=name):
            return case.refs[name]
        case Who(role=role):
            return case.worker(role)
        case At(command=command):
            return case.versions[command]
        case Paper(text=text):
            return digest(text)
        case Criticism(code=code):
            return next(one["id"] for one in case.findings() if one["code"] == code)
        case dict():
            said = {name: _said(case, one, f"{path}/{name}", made) for name, one in value.items()}
            return {name: one for name, one in said.items() if one is not None}
        case list() | tuple():
            return [_said(case, one, f"{path}/{at}", made) for at, one in enumerate(value)]
        case _:
            return value


def each(day: str, who: str, command: str, rows: Sequence[Json], **fields: Any) -> list[Step]:  # noqa: ANN401
    """Give the same command once for each row, with what they have in common."""
    return [step(day, who, command, **fields, **row) for row in rows]
