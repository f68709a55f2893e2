"""The laws of a return over what is recorded: its order, and two records of one person.

Over facts already folded they are `test_returns_laws` (4 and 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, Final, TypeAlias
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.conclusion import EnquiryConcluded, EnquiryReopened, RiskFound, Triple
from domain.enquiry import EnquiryOpened
from domain.jurisdictions.england import ENGLAND
from domain.person import Details, PersonDetailsRecorded, PersonDied, PersonRegistered
from domain.reviewing import ReviewedIndividual, SafeguardingReviewConcluded
from domain.when import read as when
from domain.words import Code, EnquiryRef, PersonRef, ReviewRef
from projections.returns import whole
from projections.returns.england import words as said
from projections.returns.table import Filled
from tests.controls import a_referral, ref, words
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.joins import merge
from tests.projections.test_returns import facts
from tests.projections.test_returns_counted_once import decided, linked, transferred
from tests.projections.test_returns_laws import DAYS, a_code
from tests.projections.test_returns_laws_in_time import NUMBERS, YEAR, now, seldom

RECORDED: Final = "2026-11-02"
PEOPLE: Final = 2  # so that cases of one person meet
CASES: Final = 3
Make: TypeAlias = Callable[["Refs"], object]


class Refs(int):
    """The references of one telling of a story: another telling has others."""

    def case(self, number: int) -> UUID:
        """Give a case's."""
        return ref(self + 100 + number)

    def person(self, number: int) -> PersonRef:
        """Give a person's."""
        return PersonRef(ref(self + 200 + number))

    def enquiry(self, number: int) -> EnquiryRef:
        """Give an enquiry's."""
        return EnquiryRef(ref(self + 300 + number))


@dataclass
class Story:
    """What is recorded of some people and some cases, each in its own order."""

    people: list[list[Make]] = field(default_factory=list)
    cases: list[list[Make]] = field(default_factory=list)

    def streams(self) -> list[str]:
        """Give the stream of each entry."""
        every = [("person", self.people), ("case", self.cases)]
        return [
            f"{kind} {number}"
            for kind, streams in every
            for number, makes in enumerate(streams)
            for _ in makes
        ]

    def told(self, refs: Refs, order: Iterable[str]) -> list[Told]:
        """Give its entries in an order of their streams, under these references."""
        waiting = {
            **{f"person {n}": (refs.person(n), iter(of)) for n, of in enumerate(self.people)},
            **{f"case {n}": (refs.case(n), iter(of)) for n, of in enumerate(self.cases)},
        }
        return [
            told(RECORDED, next(makes)(refs), stream=stream)
            for stream, makes in (waiting[one] for one in order)
        ]


def a_person(draw: Any, number: int) -> list[Make]:  # noqa: ANN401 — as Hypothesis draws
    """Give somebody registered, perhaps with details that come later, perhaps one who died."""

    def details(*names: str) -> dict[str, str]:
        known = {
            "gender": draw(a_code("gender")),
            "ethnicity": draw(a_code("ethnicity")),
            "date_of_birth": draw(st.dates(date(1920, 1, 1), date(2000, 1, 1))).isoformat(),
        }
        return {name: known[name] for name in names if draw(st.booleans())}

    def of(texts: dict[str, str], refs: Refs) -> Details:
        who = refs.person(number)
        return Details(**{name: words(text, who) for name, text in texts.items()})

    first = details("gender", "ethnicity", "date_of_birth")
    makes: list[Make] = [lambda refs: PersonRegistered(details=of(first, refs))]
    if then := details("gender", "ethnicity"):
        makes.append(lambda refs: PersonDetailsRecorded(details=of(then, refs)))
    if draw(st.booleans()):
        day = draw(DAYS).isoformat()
        makes.append(lambda _: PersonDied(died=when(day), cause_known=Code("not_known")))
    return makes


def concluded(draw: Any) -> EnquiryConcluded:  # noqa: ANN401 — as Hypothesis draws
    """Give a conclusion with any answers, of no enquiry yet."""
    kinds = [draw(a_code(name)) for name in ("abuse_type", "source_of_risk", "location")]
    risk = [draw(a_code(name)) for name in ("risk_source", "risk_identified", "risk_outcome")]
    return EnquiryConcluded(
        enquiry=EnquiryRef(ref(0)),
        concluded_on=draw(DAYS),
        triples=(Triple(type=Code(kinds[0]), source=Code(kinds[1]), location=Code(kinds[2])),),
        risks_found=(RiskFound(source=Code(risk[0]), action=Code(risk[1]), outcome=Code(risk[2])),),
        risks_not_found=(),
        capacity=Code(draw(a_code("concluded_capacity"))),
        outcomes=Code(draw(a_code("concluded_outcomes"))),
        primary_support_reason=Code(draw(a_code("primary_support_reason"))),
        health_conditions=(Code(draw(a_code("health_condition"))),),
        action=None,
    )


def a_case(draw: Any, number: int, whose: int, also: Sequence[str]) -> list[Make]:  # noqa: ANN401
    """Give what is recorded of a case of somebody, in the order in which it is recorded."""
    received = a_referral(draw(DAYS).isoformat())
    makes: list[Make] = [lambda refs: replace(received, adult=refs.person(whose))]
    begun = 0
    often = ("linked", "decided", "opened", "concluded")
    steps = [*often, *often, "reopened", *also]
    for drawn in draw(st.lists(st.sampled_from(steps), min_size=2, max_size=7)):
        too_early = (drawn in {"concluded", "reopened"} and not begun) or (
            drawn == "later withdrawn" and len(makes) == 1
        )
        kind = "opened" if too_early else drawn
        begun += kind == "opened"
        makes.append(_a_step(draw, kind, 10 * number + begun, len(makes)))
    return makes


def _a_step(draw: Any, kind: str, of: int, before: int) -> Make:  # noqa: ANN401 — as Hypothesis draws
    """Give a further entry of a case that has some before it; `of` is the enquiry it speaks of."""
    day = draw(DAYS)
    if kind == "opened":
        which = Code(draw(st.sampled_from([said.SECTION_42, said.OTHER])))
        return lambda refs: EnquiryOpened(
            enquiry=refs.enquiry(of), kind=which, opened_on=day, large_scale=False
        )
    if kind == "concluded":
        ended = concluded(draw)
        return lambda refs: replace(ended, enquiry=refs.enquiry(of))
    if kind == "reopened":
        return lambda refs: EnquiryReopened(enquiry=refs.enquiry(of), reason=None)
    if kind == "reviewed":
        fate = Code(draw(st.sampled_from([said.DIED, said.SURVIVED])))
        return lambda refs: SafeguardingReviewConcluded(
            review=ReviewRef(ref(refs + 400 + of)),
            concluded_on=day,
            individuals=(ReviewedIndividual(person=None, fate=fate),),
            published=Code("yes"),
        )
    plain: dict[str, object] = {
        "linked": linked(day.isoformat(), draw(a_code("link_reason"))),
        "decided": decided(counted=draw(st.booleans())),
        "withdrawn": corrected(draw(st.integers(1, before)), withdrawn=True),
        "later withdrawn": corrected(draw(st.integers(min(2, before), before)), withdrawn=True),
        "moved": corrected(draw(st.integers(1, before)), occurred=day.isoformat()),
        "transferred": transferred(draw(st.sampled_from(["receiving", "sending"]))),
    }
    return lambda _: plain[kind]


def new_refs() -> Refs:
    """Give references that nothing was told under."""
    return Refs(1000 * next(NUMBERS))


# ---------------------------------------------------------------------------------------- law 4


def figures(tables: Iterable[Filled], cases: set[UUID]) -> Counter[tuple[str, ...]]:
    """Give every figure as far as it counts something of these cases, and what is left out."""
    found = Counter[tuple[str, ...]]()
    for table in tables:
        for one in table.cells:
            place = (one.table, one.enquiry_type, one.category, one.subcategory)
            found[place] += sum(each.case in cases for each in one.counted)
        for left in table.left_out:
            found[left.table, left.why] += sum(each.case in cases for each in left.counted)
    return +found


@seldom
@for_all(st.data())
def test_law_4_the_order_of_entries_of_other_cases_changes_nothing(
    views: Views, data: st.DataObject
) -> None:
    """However the entries of cases and people stand among one another, every figure is the same.

    Within a case and within a person's record they stand in their order.
    """
    also = ("withdrawn", "moved", "transferred", "reviewed")
    whose = [data.draw(st.integers(0, PEOPLE - 1)) for _ in range(CASES)]
    story = Story(
        people=[a_person(data.draw, number) for number in range(PEOPLE)],
        cases=[a_case(data.draw, number, who, also) for number, who in enumerate(whose)],
    )
    orders = [story.streams(), *(data.draw(st.permutations(story.streams())) for _ in range(2))]
    tellings = [new_refs() for _ in orders]
    for refs, order in zip(tellings, orders, strict=True):
        views.tell(*story.told(refs, order))
    tables = whole(ENGLAND.code, YEAR, facts(views)).values()
    cases = [{refs.case(number) for number in range(CASES)} for refs in tellings]
    first, *others = (figures(tables, of) for of in cases)
    assert others == [first] * len(others)
    assert first


# ---------------------------------------------------------------------------------------- law 5


def totals(tables: dict[str, Filled]) -> Counter[tuple[str, str]]:
    """Add up each metric of the tables that have each adult once."""
    found = Counter[tuple[str, str]]()
    for code in ("SG1a", "SG1b", "SG1c"):
        for one in tables[code].cells:
            found[code, one.enquiry_type] += one.value or 0
    return found


def of_cases(tables: dict[str, Filled]) -> list[tuple[str, str, str, str, int | None]]:
    """List every figure that counts concerns, enquiries and conclusions."""
    return [
        (one.table, one.enquiry_type, one.category, one.subcategory, one.value)
        for code, table in tables.items()
        if code == "SG1f" or code.startswith(("SG2", "SG3", "SG4"))
        for one in table.cells
    ]


@seldom
@for_all(st.data())
def test_law_5_two_records_of_one_person_are_one_less_at_most(
    views: Views, data: st.DataObject
) -> None:
    """Once every case of the second is read in one of the first, a metric loses one at most.

    It loses one where it had both, and none where all cases were one adult's; what counts concerns,
    enquiries and conclusions stays as it is. The case that leads has its own referral still.
    """
    one_adult = data.draw(st.booleans())
    reason = "one_adult" if one_adult else "registered_twice"
    whose = [0, data.draw(st.integers(0, 1)), 1, data.draw(st.integers(0, 1))]
    story = Story(
        people=[a_person(data.draw, number) for number in range(PEOPLE)],
        cases=[
            a_case(data.draw, number, 0 if one_adult else who, ("later withdrawn",))
            for number, who in enumerate(whose)
        ],
    )
    order, refs = data.draw(st.permutations(story.streams())), new_refs()
    views.tell(*story.told(refs, order))
    before = dict(now(facts(views)))
    people = {
        (code, block): {
            each.subject
            for one in before[code].cells
            if one.enquiry_type == block
            for each in one.counted
        }
        for code, block in totals(before)
    }
    twice = [number for number, who in enumerate(whose) if who == 1]
    views.tell(*chain(*(merge(RECORDED, refs.case(n), refs.case(0), reason) for n in twice)))
    after = dict(now(facts(views)))
    assert of_cases(after) == of_cases(before)
    both = {refs.person(0), refs.person(1)}
    lost = totals(before)
    lost.subtract(totals(after))
    assert lost == {place: both <= who for place, who in people.items()}
    if one_adult:
        assert not any(lost.values())
