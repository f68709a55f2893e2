"""A case in which whatever its nation lists can be recorded, and what is typed into each form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from api.forms.choices import references
from api.forms.fields import COMMAND, FILE, Field, fields_of
from domain.authority import who_may
from domain.catalogue import CASE, COMMANDS
from domain.jurisdictions import Jurisdiction
from domain.words import Fact
from tests.doors.conftest import Doors
from tests.doors.filling import Json
from tests.doors.prepared import FIRST, LEFT_OUT, SAID, Said

DAY: Final = "2026-12-20"  # on which all is recorded
HAPPENED: Final = "2026-11-20"
FILED: Final = ("Notes.txt", b"What was written, whole.", "text/plain")
SOMETHING: Final = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
File = tuple[str, bytes, str]
BEGUN: Final = {"receive-referral": "/v1/cases", "register-person": "/v1/persons"}


@dataclass(slots=True)
class Prepared:
    """A case and its adult as far as they are recorded; `facts` are the entries of both."""

    doors: Doors
    adult: str
    case: str
    facts: dict[str, list[Fact[Any]]] = field(default_factory=dict)

    @property
    def nation(self) -> Jurisdiction:
        """Whose law it is kept by."""
        return self.doors.office.jurisdiction

    def stream(self, command: str) -> str:
        """Give what a command is asked of."""
        return self.case if COMMANDS[command].stream == CASE else self.adult

    def path(self, command: str) -> str:
        """Give where a command is asked by JSON."""
        kind = "cases" if COMMANDS[command].stream == CASE else "persons"
        return BEGUN.get(command) or f"/v1/{kind}/{self.stream(command)}/{command}"

    def form(self, command: str) -> str:
        """Give where its form is."""
        if command in BEGUN:
            return f"/record/{command}"
        here, _, name = self.path(command).removeprefix("/v1").rpartition("/")
        return f"{here}/record/{name}"

    def read(self, stream: str) -> list[Fact[Any]]:
        """Read what was recorded in a stream since; give that."""
        record, known = self.doors.office.record, self.facts.setdefault(stream, [])
        rows = [row for row in record.log.stream(UUID(stream)) if row.version > len(known)]
        new = list(record.open(rows))
        known += new
        return new

    def last(self, event: str) -> Fact[Any]:
        """Give the last entry of a name."""
        return [
            fact for facts in self.facts.values() for fact in facts if fact.header.name == event
        ][-1]

    def has(self, event: str) -> bool:
        """Say whether an entry of a name was recorded."""
        return self.count(event) > 0

    def count(self, event: str) -> int:
        """Say how many entries of a name were."""
        return sum(fact.header.name == event for one in self.facts.values() for fact in one)

    def held(self, kind: str) -> list[str]:
        """Give every reference of a kind in the case, those that came last first."""
        found = [
            value
            for fact in self.facts[self.case]
            for held, value, _told in references(fact.event, self.nation)
            if held == kind
        ]
        return list(dict.fromkeys(reversed(found)))

    def ask(self, command: str, *, by: str | None = None, **more: Any) -> None:  # noqa: ANN401
        """Record something by JSON, filled in as its form would be."""
        stream = self.stream(command)
        self.read(stream)
        body = self.body(command)
        body[COMMAND] |= more
        answer = self.doors.post(
            self.path(command),
            body,
            version=len(self.facts[stream]),
            Holdfast_Role=who_may(command)[-1],
            Holdfast_Worker=by or "somebody",
        )
        assert answer.status_code == 201, (command, body, answer.text)
        self.read(stream)

    def body(self, command: str, files: dict[str, File] | None = None) -> Json:
        """Give a whole request for a command; `files` takes those a form is sent with, by place.

        Asked by JSON there are none: a file is named there by what it was kept as.
        """
        filling = _Filling(self, SAID.get(command, {}), files)
        return {COMMAND: filling.group(fields_of(command), ""), "occurred": HAPPENED}


def prepared(doors: Doors, *more: str) -> Prepared:
    """Begin a case, and record what everything else hangs on, or no more than is named."""
    adult = doors.person(name="Ann Example")
    found = Prepared(doors, adult, doors.case(adult))
    found.read(found.adult)
    found.read(found.case)
    for command in more or FIRST:
        if found.nation.has(command):
            found.ask(command)
    return found


@dataclass(frozen=True, slots=True)
class _Filling:
    """What a form is filled with: everything it has, but for what its rules do not take.

    A place is told without the numbers of its rows, so that one line speaks of all of them.
    """

    of: Prepared
    said: Mapping[str, Said]
    files: dict[str, File] | None

    def group(self, members: Sequence[Field], place: str, row: int = 0, at: str = "") -> Json:
        """Fill in what belongs together; `at` is its place with the numbers of rows."""
        found: Json = {}
        for one in members:
            within = f"{place}.{one.name}".lstrip(".")
            if one.kind == FILE:
                if self.files is None:
                    found |= self.group(one.members, place, row, at)
                else:
                    self.files[".".join(step for step in (COMMAND, at, FILE) if step)] = FILED
            elif not self._unlisted(one):
                value = self.value(one, within, row, f"{at}.{one.name}".lstrip("."))
                if value is not LEFT_OUT:
                    found[one.name] = value
        return found

    def value(self, one: Field, place: str, row: int, at: str) -> Any:  # noqa: ANN401 — any JSON
        """Give the value of a field."""
        if place in self.said:
            return self._said(place)
        match one.kind:
            case "group":
                return self.group(one.members, place, row, at)
            case "list":
                (each,) = one.members
                return [self._row(each, place, number, f"{at}.{number}") for number in range(2)]
            case "codes":
                return list(self.of.nation.lists[one.listed or ""])[:2]
            case _:
                return self._single(one, place, row)

    def _row(self, one: Field, place: str, row: int, at: str) -> Any:  # noqa: ANN401 — any JSON
        if one.kind == "group":
            return self.group(one.members, place, row, at)
        return self._single(one, place, row)

    def _said(self, place: str) -> Any:  # noqa: ANN401 — any JSON
        said = self.said[place]
        return said(self.of) if callable(said) else said

    def _single(self, one: Field, place: str, row: int) -> Any:  # noqa: ANN401 — any JSON
        match one.kind:
            case "code" | "passage" if one.kind == "code" or one.listed is not None:
                codes = list(self.of.nation.lists.get(one.listed or "", ())) or ["manager"]
                return codes[row % len(codes)]
            case "passage":
                text = f"What {place} says,\nin two lines."
                return {"about": self.of.adult, "text": text} if len(place) % 2 else text
            case "flag":
                return True
            case "number":
                return row + 1
            case "slug":
                return f"north-team-{row + 1}"
            case "day":
                return f"2026-12-{row + 1:02}"
            case "time":
                return ("2026-11-18", "2026-10")[row]
            case _:
                return self._held(one, place, row)

    def _held(self, one: Field, place: str, row: int) -> str:
        if one.refers == "PersonRef":
            return self.of.adult
        found = self.of.held("Digest" if one.kind == "digest" else one.refers or "")
        if one.refers == "WorkerRef":
            found = [str(self.of.facts[self.of.case][0].header.recorded_by)]
        if one.kind == "digest" and not found:
            return f"{sum(place.encode()):064x}"
        return found[row % len(found)] if found else str(uuid5(SOMETHING, place))

    def _unlisted(self, one: Field) -> bool:
        """Whether the nation has no list for a field, which its form says to leave out."""
        return one.listed is not None and not self.of.nation.lists.get(one.listed)


def leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 — any JSON
    """Give whatever a value says, piece by piece."""
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield str(value)
