"""What is to be put right before a return is sent, and what nearly counts in a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.words import Code, PersonRef
from projections.returns import tables
from projections.returns.difference import difference
from projections.returns.england import words as said
from projections.returns.england.counting import NOT_A_CONCERN
from projections.returns.exceptions import exceptions
from projections.returns.filed import read, written
from projections.returns.near import (
    ANOTHER_KIND,
    BEGUN_BEFORE,
    NOT_CONCLUDED,
    ONCE,
    nearly,
)
from projections.returns.table import Counted, Filled, LeftOut
from projections.returns.unready import IMPOSSIBLE, MISSING, UNANSWERED
from tests.controls import ADULT, CASE, ENQUIRY, OTHER_CASE, SISTER, a_referral, ref
from tests.projections.conftest import Views, corrected, told
from tests.projections.test_returns import an_enquiry, born, concluded, facts, referral
from tests.projections.test_returns_checked import cells
from tests.projections.test_returns_counted_once import transferred

WHOLE = "neglect provider_private own_home"


def put_right(views: Views) -> set[tuple[str, str, object, int]]:
    """Give what is to be put right in 2025-26: kind, table, subject and entry."""
    found = facts(views)
    filled = [one.fill(found) for one in tables(ENGLAND.code, 2025)]
    return {
        (one.kind, one.table, one.subject, one.position)
        for one in exceptions(found, filled)
        if one.table in {"", "SG1a", "SG1f", "SG2a", "SG2a_b1", "SG3a"}  # of others nothing is told
    }


def test_a_case_in_which_everything_is_known_has_nothing_to_put_right(views: Views) -> None:
    """A day of birth, a whole triple, an answer about capacity: nothing is listed."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded(WHOLE),
    )
    assert put_right(views) == set()


def test_what_is_missing_is_listed_with_its_entry(views: Views) -> None:
    """No day of birth, no answer about capacity, no triple, or half of one: each is listed."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded(capacity="not_recorded"),
        told("2026-11-03", referral("unknown"), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry(1), stream=OTHER_CASE),
        told("2026-11-03", concluded(f"{WHOLE[:-8]}not_recorded", number=1), stream=OTHER_CASE),
    )
    other = an_enquiry(1).enquiry
    assert put_right(views) == {
        (MISSING, "SG1a", ADULT, 1),
        (MISSING, "SG1f", OTHER_CASE, 4),
        (UNANSWERED, "SG3a", ENQUIRY, 3),
        (UNANSWERED, "SG2a", ENQUIRY, 3),
        (UNANSWERED, "SG2a_b1", other, 6),
    }


def test_what_cannot_be_is_listed(views: Views) -> None:
    """An enquiry concluded before it was begun."""
    views.tell(born("1940-06-01"), told("2026-11-02", referral("2025-05-01")))
    views.tell(an_enquiry(day="2025-09-02"), concluded(WHOLE, day="2025-09-01"))
    assert put_right(views) == {(IMPOSSIBLE, "", ENQUIRY, 4)}


@pytest.mark.parametrize(
    ("table", "under", "part"),
    [
        ("SG3a", "Yes, they lacked capacity", "{supported}"),
        ("SG4a", "Yes they were asked and outcomes were expressed", "Fully Achieved"),
    ],
)
def test_an_answer_without_the_one_it_is_asked_under(
    views: Views, table: str, under: str, part: str
) -> None:
    """Support without a lack of capacity, or an outcome achieved that nobody expressed."""
    empty = facts(views)
    of, below = cells(f"{table}|done|{under}||0\n{table}|done|{part}||1")
    who = Counted(CASE, ENQUIRY, 3)

    def filled(*above: Counted) -> Filled:
        return Filled(cells=(replace(of, counted=above), replace(below, counted=(who,))))

    (found,) = exceptions(empty, [filled()])
    assert (found.kind, found.table, found.case, found.position) == (IMPOSSIBLE, table, CASE, 3)
    assert exceptions(empty, [filled(who)]) == ()


def near_ones(views: Views, code: str, enquiry_type: str) -> Sequence[LeftOut]:
    """Give by reason what nearly counts in the first figure of a population."""
    found = facts(views)
    (table,) = (one for one in tables(ENGLAND.code, 2025) if one.code == code)
    filled = table.fill(found)
    figure = next(one for one in filled.cells if one.enquiry_type == enquiry_type and one.value)
    return nearly(figure, found, filled.within(enquiry_type))


def near(views: Views, code: str, enquiry_type: str) -> dict[str, list[int]]:
    """Give by reason the entries that nearly count in it."""
    found = near_ones(views, code, enquiry_type)
    return {one.why: [each.position for each in one.counted] for one in found}


def test_what_nearly_counts_is_named_with_its_rule(views: Views) -> None:
    """Contacts that count not, an adult's further concerns, the other kind, another year's."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1, "other_enquiry"),
        an_enquiry(2, day="2025-03-31"),
        concluded(WHOLE, number=2),
        told("2026-11-03", referral("2025-06-01"), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry(3), stream=OTHER_CASE),
        told("2026-11-03", concluded(WHOLE, number=3), stream=OTHER_CASE),
        told("2026-11-04", referral("2025-06-01"), stream=ref(3)),
        told(
            "2026-11-04",
            ConcernCounted(counted=False, rule=Code("local_threshold")),
            stream=ref(3),
        ),
    )
    assert near(views, "SG1f", "Safeguarding Concerns") == {NOT_A_CONCERN: [10]}
    assert near(views, "SG1a", "Safeguarding Concerns") == {NOT_A_CONCERN: [10], ONCE: [7]}
    assert near(views, "SG1f", "Section 42 Enquiries") == {BEGUN_BEFORE: [6], ANOTHER_KIND: [4]}
    assert near(views, "SG1a", "Section 42 Enquiries") == {
        ONCE: [8],
        BEGUN_BEFORE: [6],
        ANOTHER_KIND: [4],
    }
    assert near(views, "SG3a", "Concluded Section 42 Enquiries") == {NOT_CONCLUDED: [3]}
    assert facts(views, year=2026).contacts == []


def test_whether_a_concern_counts_is_told_with_what_decided_it(views: Views) -> None:
    """The rule and the deciding entry stand beside the referral, counted or left out by a table.

    Also where its case is transferred to the authority that counts it.
    """
    for number, counted in enumerate((True, False, False)):
        adult, case = PersonRef(ref(200 + number)), ref(1 + number)
        one = replace(a_referral("2025-05-01"), adult=adult)
        by = ConcernCounted(counted=counted, rule=Code("framework_2020"))
        views.tell(told("2026-11-02", one, stream=case), told("2026-11-02", by, stream=case))
    views.tell(told("2026-11-03", transferred("receiving"), stream=ref(3)))
    found = facts(views)
    for table in tables(ENGLAND.code, 2025):
        if table.code.startswith("SG1"):
            filled = table.fill(found)
            here = [
                (each.position, each.rule, each.decided)
                for one in filled.cells
                for each in one.counted
            ]
            left = {
                one.why: [(each.position, each.rule, each.decided) for each in one.counted]
                for one in filled.left_out
            }
            assert here == [(1, "framework_2020", 2)], table.code
            assert left == {NOT_A_CONCERN: [(3, "framework_2020", 4), (5, "framework_2020", 6)]}, (
                table.code
            )
    sg1f = next(one for one in tables(ENGLAND.code, 2025) if one.code == "SG1f")
    before = read(written({}, [(sg1f, sg1f.filled(facts(views, as_at=3)))]))
    (moved,) = difference(before.tables, {"SG1f": sg1f.filled(found)}, lambda *_: {}).moved
    assert (moved.case, moved.left_out) == (ref(2), NOT_A_CONCERN)


def test_what_is_left_out_nearly_counts_where_it_would_have(views: Views) -> None:
    """A child's enquiry is of no figure of concerns, nor a concern of one of enquiries.

    Nor what has no answer, or was withdrawn, of a figure of the other kind.
    """
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        *(an_enquiry(0), an_enquiry(1, "other_enquiry")),
        born("2015-01-01", SISTER),
        told("2026-11-02", replace(a_referral("2025-05-01"), adult=SISTER), stream=OTHER_CASE),
        told("2026-11-02", an_enquiry(2), stream=OTHER_CASE),
        told("2026-11-02", an_enquiry(3, "other_enquiry"), stream=OTHER_CASE),
        told("2026-11-02", concluded(WHOLE, number=3), stream=OTHER_CASE),
        told("2026-11-02", referral("unknown"), stream=ref(3)),
        told("2026-11-02", an_enquiry(4), stream=ref(3)),
        told("2026-11-02", concluded(number=4), stream=ref(3)),
        told("2026-11-02", an_enquiry(5, "other_enquiry"), stream=ref(3)),
        told("2026-11-03", corrected(4, withdrawn=True), stream=ref(3)),
    )
    found = facts(views)
    cases: Mapping[str, Mapping[str, list[int]]] = {
        said.CONCERNS: {"under": [6], "received": [10]},
        said.SECTION_42_ENQUIRIES: {"under": [7]},
        said.OTHER_ENQUIRIES: {"under": [8], "withdrawn": [13]},
    }
    adults = {
        said.CONCERNS: {"under": [6]},  # of the other two the adult is counted
        said.SECTION_42_ENQUIRIES: {"under": [7]},
        said.OTHER_ENQUIRIES: {"under": [8]},
    }
    ended = {said.CONCLUDED: {}, said.CONCLUDED_OTHER: {"under": [9]}}
    lacking = {**ended, said.CONCLUDED: {"no": [12]}}
    expected = {
        **dict.fromkeys(("SG1a", "SG1b", "SG1c"), adults),
        **dict.fromkeys(("SG1d", "SG1e", "SG1f"), cases),
        **dict.fromkeys(("SG2a", "SG2a_b1", "SG2b", "SG2c"), lacking),
        **dict.fromkeys(("SG3a", "SG4a"), ended),
    }
    for table in tables(ENGLAND.code, 2025):
        filled = table.fill(found)
        for block, of in expected.get(table.code, {}).items():
            left = filled.within(block).left_out
            assert {
                one.why.split()[0]: [each.position for each in one.counted] for one in left
            } == of, (table.code, block)
