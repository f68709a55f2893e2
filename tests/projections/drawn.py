"""Small cases drawn as text, and a table of a return drawn as text: who is counted, and where.

What is not drawn is not told. A figure stands with the names of those it counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from domain.conclusion import EnquiryConcluded, Triple
from domain.enquiry import EnquiryOpened
from domain.person import Details, PersonDied, PersonRegistered
from domain.when import read
from domain.words import Code, EnquiryRef, PersonRef
from projections.returns.england import words as said
from projections.returns.table import Cell, Counted, Filled
from tests.controls import a_referral, ref, words
from tests.projections.conftest import Told, told

RECORDED: Final = "2026-11-02"
KINDS: Final = {"s42": said.SECTION_42, "other": said.OTHER}
_DETAILS: Final = {"born": "date_of_birth", "gender": "gender", "ethnicity": "ethnicity"}
_BLOCKS: Final = {
    said.CONCERNS: "Concerns",
    said.SECTION_42_ENQUIRIES: "S42",
    said.OTHER_ENQUIRIES: "Other",
    said.CONCLUDED: "S42",
    said.CONCLUDED_OTHER: "Other",
}


def lines(text: str) -> Iterator[Mapping[str, str]]:
    """Read the lines of an ascii table; the first names the columns."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    for row in rows:
        yield dict(zip(head, row, strict=True))


@dataclass
class Drawn:
    """What is told of drawn cases, and what everybody and everything in them is called."""

    events: list[Told] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)

    def _named(self, name: str, since: int) -> tuple[UUID, bool]:
        """Give the reference of a name, and whether it is new."""
        for reference, known in self.names.items():
            if known == name:
                return reference, False
        reference = ref(since + len(self.names))
        self.names[reference] = name
        return reference, True

    def _tell(self, event: object, stream: UUID) -> None:
        self.events.append(told(RECORDED, event, stream=stream))

    def adult(self, row: Mapping[str, str], number: int) -> None:
        """Tell a line: an adult, as known when first named, a concern, and enquiries about it."""
        person, new = self._named(row["adult"], 300)
        if new:
            known = {
                name: words(row[column], person)
                for column, name in _DETAILS.items()
                if row.get(column)
            }
            self._tell(PersonRegistered(details=Details(**known)), person)
            if row.get("died"):
                died = PersonDied(died=read(row["died"]), cause_known=Code("not_known"))
                self._tell(died, person)
        case = ref(400 + number)
        self._tell(replace(a_referral(row["concern"]), adult=PersonRef(person)), case)
        for at, one in enumerate(row["enquiries"].split(", ") if row["enquiries"] else ()):
            kind, day = one.split()
            self._tell(_opened(ref(1000 + 10 * number + at), kind, day), case)

    def concluded(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Tell an enquiry of a case of its own, concluded with what its lines say."""
        enquiry, _ = self._named(rows[0]["enquiry"], 1000)
        case = ref(enquiry.int % 1000 + 400)
        self._tell(a_referral("2025-05-01"), case)
        self._tell(_opened(enquiry, rows[0]["kind"], "2025-05-12"), case)
        ended = EnquiryConcluded(
            enquiry=EnquiryRef(enquiry),
            concluded_on=date.fromisoformat(rows[0]["concluded"]),
            triples=tuple(
                Triple(
                    type=Code(row["type"]),
                    source=Code(row["source"]),
                    location=Code(row["location"]),
                )
                for row in rows
                if row["type"]
            ),
            risks_found=(),
            risks_not_found=(),
            capacity=Code("did_not_lack"),
            outcomes=Code("not_recorded"),
            primary_support_reason=Code("not_known"),
            health_conditions=(),
            action=None,
        )
        self._tell(ended, case)


def _opened(enquiry: UUID, kind: str, day: str) -> EnquiryOpened:
    return EnquiryOpened(
        enquiry=EnquiryRef(enquiry),
        kind=Code(KINDS[kind]),
        opened_on=date.fromisoformat(day),
        large_scale=False,
    )


def adults(text: str) -> Drawn:
    """Give drawn adults: each line a case, with one concern; the same name is the same adult."""
    drawn = Drawn()
    for number, row in enumerate(lines(text)):
        drawn.adult(row, number)
    return drawn


def enquiries(text: str) -> Drawn:
    """Give drawn enquiries: a line without a name goes on with the one above."""
    drawn, groups = Drawn(), list[list[Mapping[str, str]]]()
    for row in lines(text):
        if row["enquiry"]:
            groups.append([])
        groups[-1].append(row)
    for group in groups:
        drawn.concluded(group)
    return drawn


def table(filled: Filled, names: Mapping[UUID, str], *, whole: bool = True) -> list[list[str]]:
    """Draw a table, its blocks side by side, then what it leaves out and why.

    Unless `whole`, lines that are 0 throughout are not drawn, and the last says how many they are.
    """
    rows: dict[tuple[str, ...], dict[str, Cell]] = {}
    for one in filled.cells:
        place = tuple(filter(None, (one.category, one.subcategory)))
        rows.setdefault(place, {})[_BLOCKS[one.enquiry_type]] = one
    blocks = list(dict.fromkeys(_BLOCKS[one.enquiry_type] for one in filled.cells))
    wide = max(map(len, rows))
    found = [[""] * wide + blocks]
    for place, cells in rows.items():
        if whole or any(one.value for one in cells.values()):
            found.append([*place, *(_figure(cells[block], names) for block in blocks)])
    if not whole:
        others = len(rows) - len(found) + 1
        found.append([f"{others} others", *[""] * (wide - 1), *("0" for _ in blocks)])
    left = [
        [f"left out: {one.why.split(':')[0]}", _of(one.counted, names)] for one in filled.left_out
    ]
    return [*found, *left]


def _figure(cell: Cell, names: Mapping[UUID, str]) -> str:
    return f"{cell.value} {_of(cell.counted, names)}".strip()


def _of(counted: Sequence[Counted], names: Mapping[UUID, str]) -> str:
    return " ".join(sorted({names[one.subject] for one in counted}))


def draws(found: Sequence[Sequence[str]], expected: str) -> None:
    """Expect a table to be drawn like this."""
    wanted = [[cell.strip() for cell in line.split("|")] for line in expected.strip().splitlines()]
    assert found == wanted, "\n" + "\n".join(" | ".join(row) for row in found)
