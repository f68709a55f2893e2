"""The laws of a return in time: reopened, corrected after it was filed, in its year, forgotten.

Those that are of one moment (2 to 5, and how the tables fit one another) are `test_returns_laws`.
That nothing moves what was filed (6 and 10) is held to the filing itself: `test_filing_laws`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.jurisdictions.england import ENGLAND
from domain.person import Details, PersonDetailsRecorded, PersonDied, PersonRegistered
from domain.when import read as when
from domain.words import Code, EnquiryRef, PersonRef
from projections.returns import tables, whole
from projections.returns.difference import By, Difference, difference
from projections.returns.england import words as said
from projections.returns.facts import Enquiry, Facts, financial_year
from projections.returns.filed import FiledReturn, read, written
from projections.returns.longform import Exact, exact, place_of, publish
from projections.returns.opened import opened
from projections.returns.table import Cell, Filled
from tests.controls import a_referral, ref, words
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.test_returns import an_enquiry, concluded, facts
from tests.projections.test_returns_laws import CASES, DAYS, PEOPLE, authorities, quick

YEAR: Final = 2025
# The examples of one test are told to one record: none can be made smaller by itself.
seldom = settings(quick, max_examples=5, phases=(Phase.explicit, Phase.generate))
NUMBERS: Final = count(7000)
DETAILS: Final = {"gender": "female", "ethnicity": "white", "date_of_birth": "1941-05-06"}


def document(found: Facts) -> bytes:
    """Give the document of a whole return filled from these facts."""
    return written({"year": YEAR}, [(one, one.fill(found)) for one in tables(ENGLAND.code, YEAR)])


def now(found: Facts) -> Mapping[str, Filled]:
    """Give every table as these facts fill it."""
    return whole(ENGLAND.code, YEAR, found)


def since(streams: Iterable[UUID], _: Iterable[int]) -> Mapping[UUID | int, Sequence[By]]:
    """Give one entry of each stream, so that whatever moved is said to have moved by one."""
    return {one: [By(999, "record-corrected")] for one in streams}


# --------------------------------------------------------------------------- over a record told


def a_case(draw: Any) -> list[Told]:  # noqa: ANN401 — as Hypothesis draws
    """Give a case of a new adult: referred, perhaps enquired into, perhaps concluded."""
    number = next(NUMBERS)
    case, adult = ref(number), PersonRef(ref(100_000 + number))
    day = draw(DAYS)
    known = Details(**{name: words(text, adult) for name, text in DETAILS.items()})
    steps: list[object] = [replace(a_referral(day.isoformat()), adult=adult)]
    enquiry = EnquiryRef(ref(200_000 + number))
    if draw(st.booleans()):
        steps.append(replace(an_enquiry(day=day.isoformat()), enquiry=enquiry))
        if draw(st.booleans()):
            end = concluded("neglect provider_private own_home", day=draw(DAYS).isoformat())
            steps.append(replace(end, enquiry=enquiry))
    return [
        told("2026-11-02", PersonRegistered(details=known), stream=adult),
        *(told("2026-11-02", one, stream=case) for one in steps),
    ]


def case_of(first: Told) -> UUID:
    """Give the case of an adult, by how they were registered."""
    assert first.stream is not None
    return UUID(int=first.stream.int - 100_000)


def more_of(first: Told, draw: Any) -> list[Told]:  # noqa: ANN401 — as Hypothesis draws
    """Give what is learned later of an adult and their case: withdrawn, told again, or a death."""
    adult, case = first.stream, case_of(first)
    assert adult is not None
    other = Details(gender=words("male", adult))
    died = PersonDied(died=when("2025-06-01"), cause_known=Code("known"))
    return [
        draw(
            st.sampled_from(
                [
                    told("2026-11-03", corrected(1, withdrawn=True), stream=case),
                    told("2026-11-03", PersonDetailsRecorded(details=other), stream=adult),
                    told("2026-11-03", died, stream=adult),
                ]
            )
        )
    ]


@seldom
@for_all(st.data())
def test_law_1_the_same_cut_off_gives_the_same_bytes(views: Views, data: st.DataObject) -> None:
    """Asked again as at either of its two cut-offs, a return is the same byte for byte.

    Whatever is recorded since: of the same year, of the same cases and of the same adults.
    """
    frozen: dict[int, bytes] = {}
    begun: list[Told] = []
    for _ in range(2):
        for _ in range(data.draw(st.integers(1, 2))):
            steps = a_case(data.draw)
            begun.append(steps[0])
            views.tell(*steps)
        cut = views.record.log.tail()
        frozen[cut] = document(facts(views, as_at=cut))
        views.tell(*more_of(data.draw(st.sampled_from(begun)), data.draw))
    views.tell(*a_case(data.draw))
    assert {cut: document(facts(views, as_at=cut)) for cut in frozen} == frozen
    assert document(facts(views)) not in frozen.values()


@seldom
@for_all(st.integers(-20, 20), st.integers(-20, 20), st.integers(0, 40))
def test_law_7_each_table_counts_by_its_own_day(
    views: Views, raised: int, begun: int, later: int
) -> None:
    """Concerns and what was begun count in the year of that day; what was concluded, in its own."""
    number, middle = next(NUMBERS), date(2026, 3, 31)
    case, enquiry = ref(number), EnquiryRef(ref(200_000 + number))
    days = [middle + timedelta(days=one) for one in (raised, begun, begun + later)]
    end = concluded("neglect provider_private own_home", day=days[2].isoformat())
    for one in (
        replace(a_referral(days[0].isoformat()), adult=PersonRef(ref(100_000 + number))),
        replace(an_enquiry(day=days[1].isoformat()), enquiry=enquiry),
        replace(end, enquiry=enquiry),
    ):
        views.tell(told("2026-11-02", one, stream=case))
    for year in (2024, 2025, 2026):
        filled, period = whole(ENGLAND.code, YEAR, facts(views, year=year)), financial_year(year)
        counted = Counter(
            (each.table, each.enquiry_type)
            for code in ("SG1f", "SG2a", "SG3a", "SG4a")
            for each in filled[code].cells
            for one in each.counted
            if one.case == case
        )
        of = (
            (said.CONCERNS, 0, {"SG1f"}),
            (said.SECTION_42_ENQUIRIES, 1, {"SG1f"}),
            (said.CONCLUDED, 2, {"SG2a", "SG3a", "SG4a"}),
        )
        assert counted == {
            (code, block): 1 for block, at, codes in of if days[at] in period for code in codes
        }


# ------------------------------------------------------------------ over facts of any authority


def explains(differs: Difference, filed: FiledReturn, after: Mapping[str, Filled]) -> None:
    """Hold a difference to this: each figure that is another is told, thing by thing."""
    into, out = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    for one in differs.moved:
        out.update((one.table, *place) for place in one.was)
        into.update((one.table, *place) for place in one.now)
        assert one.by
    changed = {(one.table, *one.place): one for one in differs.changed}
    for table in filed.tables:
        for before, then in zip(table.filled.cells, after[table.code].cells, strict=True):
            place = tuple(place_of(before))
            assert (place in changed) == (before.value != then.value)
            assert (then.value or 0) - (before.value or 0) == into[place] - out[place]


@quick
@for_all(authorities(), st.data())
def test_law_6_whatever_moves_since_it_was_filed_is_told(found: Facts, data: st.DataObject) -> None:
    """The difference tells every figure that is another than filed, thing by thing, and why."""
    filed = read(document(found))

    def some(ones: Any) -> Any:  # noqa: ANN401 — facts of any kind
        return [one for one in ones if data.draw(st.booleans())]

    live = replace(
        found,
        concerns=some(found.concerns),
        begun=some(found.begun),
        concluded=some(found.concluded),
    )
    after = now(live)
    explains(difference(filed.tables, after, since), filed, after)


@quick
@for_all(
    st.dates(date(1920, 1, 1), date(2000, 1, 1)),
    st.none() | st.dates(date(2025, 4, 1), date(2026, 6, 30)),
    DAYS,
)
def test_law_8_an_age_is_that_of_the_last_day_or_of_death(
    born: date, died: date | None, day: date
) -> None:
    """An adult is in the band of their age on 31 March or at death, whenever the concern came."""
    adult, last = PEOPLE[0], financial_year(YEAR).last
    judged = min(died or last, last)
    age = judged.year - born.year - ((judged.month, judged.day) < (born.month, born.day))
    sealed = Facts(
        period=financial_year(YEAR),
        concerns=[],
        doubtful=(),
        begun=[replace(_enquiry(day), adult=adult)],
        concluded=(),
        sealed={"birth": {adult: "{}"}},
        died={} if died is None else {adult: (died, died)},
    )
    of = opened(sealed, lambda ones: [words(born.isoformat(), adult) for _ in ones])
    (band,) = (one for one in now(of)["SG1a"].cells if one.value)
    edges = {"18-64": 64, "65-74": 74, "75-84": 84, "85-94": 94, "95+": 999}
    assert band.category == next(name for name, most in edges.items() if age <= most)


def _enquiry(day: date) -> Enquiry:
    return Enquiry(
        case=CASES[0],
        enquiry=ref(1000),
        adult=None,
        kind=said.SECTION_42,
        opened_on=day,
        concluded_on=None,
        capacity=None,
        opened_at=1,
        concluded_at=None,
        triples=(),
    )


def added(*authority: Sequence[Cell]) -> Exact:
    """Add up the exact figures of some authorities, place by place."""
    cells = [
        replace(ones[0], value=sum(one.value or 0 for one in ones))
        for ones in zip(*authority, strict=True)
    ]
    return exact(cells, period="2025-26", council="", simulated=False)


@quick
@for_all(authorities(), st.integers(1, 9))
def test_law_9_published_figures_are_those_of_the_exact_sum(found: Facts, times: int) -> None:
    """What is published is of the exact figures alone: added up first, and rounded once."""
    cells = [one for code in ("SG1f", "SG2a", "SG3a") for one in now(found)[code].cells]
    together = added(*[cells] * times)
    assert publish(together) == publish(added(*[cells] * times))
    for one, figure in zip(together.figures, publish(together).figures, strict=True):
        assert one.value is not None
        if one.value < 5:
            assert figure.written == "[c]"
        else:
            assert int(figure.written) % 5 == 0
            assert abs(int(figure.written) - one.value) <= 2


@quick
@for_all(authorities(), st.sets(st.sampled_from(PEOPLE)))
def test_law_10_whoever_is_forgotten_moves_to_what_is_not_known(
    found: Facts, gone: set[UUID]
) -> None:
    """Each who is forgotten since it was filed moves to what is not known, and is named so.

    No total changes, and nothing but the tables of who people are.
    """
    filed = read(document(found))

    def known(of: Mapping[UUID, Any]) -> Mapping[UUID, Any]:
        return {one: told for one, told in of.items() if one not in gone}

    live = replace(
        found,
        ages=known(found.ages),
        genders=known(found.genders),
        ethnicities=known(found.ethnicities),
    )
    after = now(live)
    differs = difference(filed.tables, after, since)
    explains(differs, filed, after)
    assert {one.table for one in differs.moved} <= {"SG1a", "SG1b", "SG1c"}
    for one in differs.moved:
        assert one.subject in gone
        assert {category for _, category, _ in one.now} <= {said.NOT_KNOWN, said.UNDECLARED}
        assert [block for block, *_ in one.was] == [block for block, *_ in one.now]
