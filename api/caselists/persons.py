"""Whom a row is about: told by reference alone, never by a name; who is perhaps known is named.

A person is the one that the record has under a reference the row gives. Where it has none, somebody
new is made known. That a name and a date of birth stand there already, under another reference, is
reported to whoever imports, who may know; nothing is joined by it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.caselists.columns import TITLE
from api.caselists.rows import Listed, plain_number
from api.chronologies.sheet import RowError
from api.office import Office
from api.register import Register, number_of
from api.routes.door import Reader
from api.routes.people import withheld
from domain import stored
from domain.person import Details, Person
from domain.words import ExternalReference, Passage, Personal, PersonRef, Slug
from projections import people

_NUMBERS: Final = {"nhs": Slug("nhs"), "chi": Slug("chi")}
_MOST: Final = 20  # people of one name who are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """The adult of a row: who that is, whether they are new, and what the record tells otherwise.

    `differs` are columns in which the record has something else; `new` references of a known person
    stand in `unknown_numbers` and are not added.
    """

    person: PersonRef
    new: bool
    differs: tuple[str, ...] = ()
    unknown_numbers: tuple[str, ...] = ()


class People:
    """Finds the adults of rows. What it looks at is told to the log by `looked`."""

    def __init__(self, office: Office, register: Register, reader: Reader) -> None:
        self._office, self._register, self._reader = office, register, reader
        self._looked: set[UUID] = set()
        self._searches = self._hits = 0

    def whom(self, row: Listed) -> Whom | RowError:
        """Whom a row is about; what is wrong where its references are of two people."""
        found: dict[UUID, str] = {}
        missing = list[str]()
        for column, system, text in self._references(row):
            known = [one for one in self._register.referred(system, text) if self._is_person(one)]
            if not known:
                missing.append(column)
            for one in known:
                found.setdefault(one, column)
        if len(found) > 1:
            column = list(found.values())[1]
            remedy = "the record has two people under the references of this row: see who it is"
            return RowError(row=row.row, column=TITLE[column], remedy=remedy)
        if found:
            (person,) = found
            return self._known(row, PersonRef(person), tuple(missing))
        person = self._reckoned(row)
        return Whom(person=person, new=not self._office.record.log.stream(person))

    def perhaps(self, row: Listed) -> list[UUID]:
        """Who has the name and date of birth of a row that is new: somebody may be known twice."""
        name, born = row.cells.get("name"), row.times.get("born")
        if name is None or born is None or born.unknown:
            return []
        self._searches += 1
        with self._office.pool.connection() as conn:
            key = self._office.wrapping.search_key()
            hits = people.search(conn, key, name, limit=_MOST)
        found = []
        for one in hits:
            if withheld(self._reader, one):
                continue
            self._looked.add(one)
            if _text(self._office.handler.person(one).details.get("date_of_birth")) == born.text:
                found.append(one)
        self._hits += len(found)
        return found

    def looked(self) -> None:
        """Leave the trace of everybody looked at, and of the searches; before anything is shown."""
        if self._searches:
            self._reader.searched(self._hits)
        for one in sorted(self._looked):
            self._reader.viewed("person", person=one)
        self._looked, self._searches, self._hits = set(), 0, 0

    def _references(self, row: Listed) -> Iterator[tuple[str, Slug, str]]:
        for column, system in {"person": row.system, **_NUMBERS}.items():
            if (text := row.cells.get(column)) is not None:
                yield column, system, _number(column, text)

    def external(self, row: Listed, person: PersonRef) -> tuple[ExternalReference, ...]:
        """What other systems call a new person."""
        return tuple(
            ExternalReference(system=system, id=Personal(person, text))
            for _, system, text in self._references(row)
        )

    def _is_person(self, stream: UUID) -> bool:
        rows = self._office.record.facts(stream)
        return not stored.is_case(rows[0].event)

    def _known(self, row: Listed, person: PersonRef, missing: tuple[str, ...]) -> Whom:
        if withheld(self._reader, person):
            return Whom(person=person, new=False)
        self._looked.add(person)
        details = self._office.handler.person(person)
        return Whom(
            person=person,
            new=False,
            differs=tuple(_differs(row, details)),
            unknown_numbers=missing,
        )

    def _reckoned(self, row: Listed) -> PersonRef:
        """The reference of somebody new: keyed, and the same when the row is read again."""
        first = next(iter(self._references(row)), None)
        named = ("person of a case", str(row.system), plain_number(row.reference))
        if first is not None:
            named = ("person", str(first[1]), number_of(first[2]))
        key = self._office.wrapping.search_key()
        keyed = hmac.digest(key, "\x1f".join(("case-list", *named)).encode(), "sha256")
        return PersonRef(UUID(bytes=keyed[:16], version=5))


def details_of(row: Listed, person: PersonRef) -> Details:
    """What a row tells of its adult."""
    name, born = row.cells.get("name"), row.times.get("born")
    return Details(
        name=None if name is None else Personal(person, name),
        date_of_birth=None if born is None or born.unknown else Personal(person, born.text),
    )


def alike(rows: Iterable[Listed]) -> Iterator[tuple[Listed, int]]:
    """Rows with the name and birth of an earlier row, and no reference that makes them one."""
    seen: dict[tuple[str, str], Listed] = {}
    for one in rows:
        name, born = one.cells.get("name"), one.times.get("born")
        if name is None or born is None or born.unknown:
            continue
        first = seen.setdefault((" ".join(people.words(name)), born.text), one)
        if first is not one and not any(
            _same(one, first, column) for column in ("person", "nhs", "chi")
        ):
            yield one, first.row


def _same(one: Listed, other: Listed, column: str) -> bool:
    ours, theirs = one.cells.get(column), other.cells.get(column)
    return ours is not None and theirs is not None and plain_number(ours) == plain_number(theirs)


def _differs(row: Listed, known: Person) -> Iterator[str]:
    """Columns in which the record tells something else of a person; what is forgotten says none."""
    name, born = row.cells.get("name"), row.times.get("born")
    told = _text(known.details.get("name"))
    if name is not None and told is not None and people.words(name) != people.words(told):
        yield "name"
    birth = _text(known.details.get("date_of_birth"))
    if born is not None and birth is not None and birth != born.text:
        yield "born"


def _number(column: str, text: str) -> str:
    """A number as it is kept: of a CHI number, the nought a spreadsheet dropped put back."""
    return plain_number(text).zfill(10) if column == "chi" else text


def _text(passage: Passage | None) -> str | None:
    return passage.text if isinstance(passage, Personal) else None
