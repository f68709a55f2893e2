from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.closure import CaseReopened
from domain.correction import EntryAnnotated
from domain.duty import ConcernCounted
from domain.sitting import ConferenceHeld
from domain.words import CaseRef, Code, EnquiryRef
from projections.caseload import CASELOAD, caseload
from projections.chronology import CHRONOLOGY, chronology
from projections.participation import PARTICIPATION, participation
from projections.rebuild import verify
from projections.refold import reviews
from projections.returns.england.counting import TWICE
from projections.returns.england.sg1 import sg1a, sg1f
from projections.returns.england.words import CONCERNS
from projections.returns.facts import FACTS, PEOPLE, financial_year, read_facts
from projections.reviews import REVIEWS, overdue
from tests.controls import (
    ADULT,
    CASE,
    ENQUIRY,
    OTHER_CASE,
    SISTER,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    ref,
    words,
)
from tests.projections.conftest import Views, corrected, shows, told
from tests.projections.joins import end_split, merge, split, unmerge
from tests.projections.test_caseload import allocated
from tests.projections.test_chronology import an_entry

DAY = date(2026, 11, 20)
THIRD = CaseRef(ref(3))


def of_sister(day: str = "2026-11-02") -> object:
    """Give a referral about the sister."""
    return replace(a_referral(day), adult=SISTER)


def test_a_merged_case_is_not_counted_on_its_own(views: Views) -> None:
    """Its entries make the leading case's row; unmerged it has a row again, and then had one."""
    before = views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", allocated()),
        told("2026-11-03", a_referral("2026-11-03"), stream=OTHER_CASE),
        told("2026-11-04", an_enquiry(), stream=OTHER_CASE),
    )
    merged = views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    after = views.tell(told("2026-11-06", a_conference()))
    views.tell(*unmerge("2026-11-09", OTHER_CASE, CASE, 3, 3))
    views.follow(CASELOAD)

    shows(
        views.ask(caseload, on=DAY, as_at=before).rows,
        """
        case       | stage   | kind       | worker       | received
        other-case | enquiry | section_42 | -            | 2026-11-03
        case       | concern | -          | practitioner | 2026-11-02
        """,
    )
    shows(
        views.ask(caseload, on=DAY, as_at=merged).rows,
        """
        case | stage   | kind       | worker       | received   | stage_at
        case | enquiry | section_42 | practitioner | 2026-11-02 | 4
        """,
    )
    shows(
        views.ask(caseload, on=DAY, as_at=after).rows,
        """
        case | stage      | kind
        case | conference | section_42
        """,
    )
    shows(
        views.ask(caseload, on=DAY).rows,
        """
        case       | stage      | kind       | worker       | received
        other-case | enquiry    | section_42 | -            | 2026-11-03
        case       | conference | -          | practitioner | 2026-11-02
        """,
    )
    assert verify(CASELOAD, views.connect).equal


def test_an_earlier_case_of_somebody_is_read_in_a_later_one(views: Views) -> None:
    """The leading case keeps its own adult, beginning and waiting, whichever began first."""
    views.tell(
        told("2026-11-02", of_sister("2026-11-02")),
        told("2026-11-02", an_enquiry()),
        told("2026-11-09", a_referral("2026-11-09"), stream=OTHER_CASE),
    )
    views.tell(*merge("2026-11-10", CASE, OTHER_CASE, "registered_twice"))
    views.follow(CASELOAD)

    shows(
        views.ask(caseload, on=DAY).rows,
        """
        case       | adult | stage   | received   | unallocated_days
        other-case | adult | enquiry | 2026-11-09 | 11
        """,
    )


def test_a_correction_in_a_merged_case_changes_the_leading_one(views: Views) -> None:
    """What is corrected where it was recorded changes where it is read, from then on."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-04", an_enquiry(), stream=OTHER_CASE),
    )
    merged = views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    views.tell(told("2026-11-06", corrected(2, withdrawn=True), stream=OTHER_CASE))
    views.follow(CASELOAD)

    (then,) = views.ask(caseload, on=DAY, as_at=merged).rows
    (now,) = views.ask(caseload, on=DAY).rows
    assert (then.stage, now.stage) == ("enquiry", "concern")
    assert verify(CASELOAD, views.connect).equal


def test_chains_of_merges_are_read_in_the_last(views: Views) -> None:
    """A case merged into one that is merged into a third is read in the third."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-04", a_referral(), stream=THIRD),
        told("2026-11-04", a_conference(), stream=CASE),
    )
    views.tell(*merge("2026-11-05", CASE, OTHER_CASE))
    views.tell(*merge("2026-11-06", OTHER_CASE, THIRD))
    views.follow(CASELOAD)

    (row,) = views.ask(caseload, on=DAY).rows
    assert (row.case, row.stage) == (THIRD, "conference")
    assert verify(CASELOAD, views.connect).equal


def test_entries_split_off_stand_in_the_other_case(views: Views) -> None:
    """A new case has the row of what was split off to it, and the first has it no more."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_conference()),
    )
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2, adult=SISTER))
    parted = views.tell(told("2026-11-06", allocated(), stream=OTHER_CASE))
    views.tell(*end_split("2026-11-09", CASE, OTHER_CASE, 3, 1))
    views.follow(CASELOAD)

    shows(
        views.ask(caseload, on=DAY, as_at=parted).rows,
        """
        case       | adult  | stage      | worker       | received   | opened_on  | unallocated_days
        case       | adult  | concern    | -            | 2026-11-02 | 2026-11-02 | 18
        other-case | sister | conference | practitioner | unknown    | 2026-11-05 | 1
        """,
    )
    shows(
        views.ask(caseload, on=DAY).rows,
        """
        case | adult | stage
        case | adult | conference
        """,
    )
    assert verify(CASELOAD, views.connect).equal


def test_a_referral_split_off_is_that_of_the_case_it_is_read_in(views: Views) -> None:
    """A concern entered for the wrong person is the other's, about the other."""
    views.tell(told("2026-11-02", a_referral("2026-11-02")))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 1, adult=SISTER))
    views.follow(CASELOAD, REVIEWS, FACTS, PEOPLE)

    shows(
        views.ask(caseload, on=DAY).rows,
        """
        case       | adult  | received   | received_at
        other-case | sister | 2026-11-02 | 1
        """,
    )
    facts = views.ask(read_facts, financial_year(2026))
    assert [(one.case, one.adult, one.position) for one in facts.concerns] == [
        (OTHER_CASE, SISTER, 1)
    ]


def test_what_is_to_be_reviewed_is_the_leading_cases(views: Views) -> None:
    """An enquiry of a merged case is waited for in the leading one, by every clock."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry(), stream=OTHER_CASE),
    )
    before = views.record.log.tail()
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    views.follow(REVIEWS)

    def asked(**more: object) -> list[tuple[UUID, UUID | None]]:
        found = views.ask(reviews, on=DAY, **more)
        return [(one.case, one.adult) for one in found.rows]

    assert asked() == asked(as_of=DAY) == asked(known_to="council") == [(CASE, ADULT)]
    assert asked(as_at=before) == asked(as_at=before, as_of=DAY) == [(OTHER_CASE, ADULT)]
    assert verify(REVIEWS, views.connect).equal


def cells(views: Views, as_at: int | None = None) -> list[list[tuple[UUID, int]]]:
    """Give what each figure of SG1f counts: its case and event."""
    facts = views.ask(read_facts, financial_year(2026), as_at=as_at)
    return [[(one.case, one.position) for one in cell.counted] for cell in sg1f.fill(facts).cells]


def test_cases_of_one_adult_read_as_one_keep_what_they_count(views: Views) -> None:
    """Two concerns stay two, counted in the leading case; what was not counted stays so."""
    not_counted = ConcernCounted(counted=False, rule=Code("framework_2020"))
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", a_referral(), stream=THIRD),
        told("2026-11-04", not_counted, stream=THIRD),
        told("2026-11-04", an_enquiry(), stream=OTHER_CASE),
    )
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE), *merge("2026-11-06", THIRD, CASE))
    views.follow(FACTS, PEOPLE)

    assert cells(views) == [[(CASE, 1), (CASE, 2)], [(CASE, 5)], []]
    assert verify(FACTS, views.connect).equal


def test_a_concern_entered_twice_is_counted_once(views: Views) -> None:
    """One concern and one enquiry are counted where both were the same; the others are named."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", an_enquiry()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", replace(an_enquiry(), enquiry=EnquiryRef(ref(41))), stream=OTHER_CASE),
    )
    before = views.record.log.tail()
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE, "same_concern"))
    merged = views.record.log.tail()
    views.tell(*unmerge("2026-11-06", OTHER_CASE, CASE, 3, 3))
    views.follow(FACTS, PEOPLE)

    apart = [[(CASE, 1), (OTHER_CASE, 3)], [(CASE, 2), (OTHER_CASE, 4)], []]
    assert cells(views, before) == cells(views) == apart
    assert cells(views, merged) == [[(CASE, 1)], [(CASE, 2)], []]
    left_out = sg1f.fill(views.ask(read_facts, financial_year(2026), as_at=merged)).left_out
    assert [(one.why, [each.position for each in one.counted]) for one in left_out] == [
        (TWICE, [3, 4])
    ]
    assert verify(FACTS, views.connect).equal


def test_an_adult_whose_concern_was_entered_twice_is_counted_once_and_it_is_named(
    views: Views,
) -> None:
    """The individual stands in their band by one concern; the other is named with why (R148)."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        *merge("2026-11-05", OTHER_CASE, CASE, "same_concern"),
    )
    views.follow(FACTS, PEOPLE)
    found = sg1a.fill(views.ask(read_facts, financial_year(2026)))
    assert sum(one.value or 0 for one in found.cells if one.enquiry_type == CONCERNS) == 1
    assert [(one.why, [each.position for each in one.counted]) for one in found.left_out] == [
        (TWICE, [2])
    ]


def test_the_enquiry_of_a_concern_entered_twice_counts_where_it_is_the_only_one(
    views: Views,
) -> None:
    """A merge loses no enquiry: one that only the merged case has is the leading case's."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", an_enquiry(), stream=OTHER_CASE),
    )
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE, "same_concern"))
    views.tell(told("2026-11-09", a_conclusion()))
    views.follow(FACTS, PEOPLE)

    assert cells(views) == [[(CASE, 1)], [(CASE, 3)], []]
    facts = views.ask(read_facts, financial_year(2026))
    assert [(one.case, one.enquiry, one.adult) for one in facts.concluded] == [
        (CASE, ENQUIRY, ADULT)
    ]


def test_conferences_are_those_of_the_case_they_are_read_in(views: Views) -> None:
    """A merged case's conference opens to the leading case, and to its own at earlier positions."""
    before = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-02", a_referral(), stream=OTHER_CASE),
        told("2026-11-03", a_conference(), stream=OTHER_CASE),
        told("2026-11-04", a_held_conference(), stream=OTHER_CASE),
    )
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    views.follow(PARTICIPATION)

    def opened(as_at: int | None = None) -> set[UUID]:
        year = {"first": date(2026, 4, 1), "last": date(2027, 3, 31)}
        found = views.ask(participation, **year, as_at=as_at)
        return {case for one in found for _conference, case in one.conferences}

    assert (opened(before), opened()) == ({OTHER_CASE}, {CASE})
    assert verify(PARTICIPATION, views.connect).equal


def test_a_conference_without_anybody_is_held(views: Views) -> None:
    """A conference of which no part, or nobody in it, is recorded stops no view."""
    held = ConferenceHeld(
        conference=a_conference().conference,
        parts=(),
        minutes_due=None,
        next_core_group=None,
        next_review=None,
    )
    part = replace(a_held_conference().parts[0], attendances=())
    views.tell(a_referral(), a_conference(), held, replace(held, parts=(part,)))
    views.follow(PARTICIPATION)


def test_the_chronology_of_a_leading_case_has_the_entries_of_both(views: Views) -> None:
    """Each entry says in which case, and as which of its versions, it was recorded."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_entry(), stream=OTHER_CASE),
        told("2026-11-03", allocated(), stream=OTHER_CASE),
    )
    note = EntryAnnotated(target=1, kind=Code("significance"), text=words("A warning."))
    views.tell(
        told("2026-11-04", an_enquiry(), stream=OTHER_CASE),
        told("2026-11-04", replace(note, target=2), stream=OTHER_CASE),
    )
    before = views.tell(told("2026-11-04", note, stream=OTHER_CASE))
    merged = views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    views.tell(*unmerge("2026-11-09", OTHER_CASE, CASE, 6, 2))
    views.follow(CHRONOLOGY)

    shows(
        views.ask(chronology, CASE, as_at=merged),
        """
        case       | version | position | event
        case       | 1       | 1        | referral-received
        other-case | 1       | 2        | chronology-entry-recorded
        other-case | 3       | 4        | enquiry-opened
        other-case | 5       | 6        | entry-annotated
        case       | 2       | 7        | case-merged
        """,
    )
    for as_at in (before, None):
        assert {one.case for one in views.ask(chronology, CASE, as_at=as_at)} == {CASE}
    own = views.ask(chronology, OTHER_CASE, as_at=merged)
    assert [one.version for one in own] == [1, 2, 3, 4, 5, 6]


def test_an_entry_split_off_is_in_the_chronology_of_the_other_case(views: Views) -> None:
    """It is in the one of the case it was recorded in no more, until the split is ended.

    With what was noted beside it, and beside that.
    """
    note = EntryAnnotated(target=2, kind=Code("disputed"), text=words("It is not so."))
    views.tell(told("2026-11-02", a_referral()), told("2026-11-03", an_entry()))
    views.tell(told("2026-11-03", note), told("2026-11-03", replace(note, target=3)))
    views.tell(told("2026-11-03", of_sister(), stream=OTHER_CASE))
    views.tell(*split("2026-11-05", CASE, OTHER_CASE, 2))
    parted = views.record.log.tail()
    views.tell(*end_split("2026-11-09", CASE, OTHER_CASE, 5, 2))
    views.follow(CHRONOLOGY)

    def where(as_at: int | None = None) -> list[UUID]:
        cases = (CASE, OTHER_CASE)
        return [
            case
            for case in cases
            for one in views.ask(chronology, case, as_at=as_at)
            if one.position in {2, 3, 4}
        ]

    assert (where(4), where(parted), where()) == ([CASE] * 3, [OTHER_CASE] * 3, [CASE] * 3)


def test_an_open_case_read_in_a_closed_one_keeps_it_in_sight(views: Views) -> None:
    """What is due in a case merged into one closed before stays in the caseload and the reviews."""
    due = replace(an_enquiry(), due=None)
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", allocated()),
        told("2026-11-04", a_closure()),
        told("2026-11-05", a_referral("2026-11-05"), stream=OTHER_CASE),
        told("2026-11-06", due, stream=OTHER_CASE),
    )
    merged = views.tell(*merge("2026-11-09", OTHER_CASE, CASE))
    again = views.tell(told("2026-11-10", CaseReopened(reason=Code("new_information"))))
    views.tell(told("2026-11-11", a_closure()))
    views.follow(CASELOAD)
    views.follow(REVIEWS)

    for position, stage, opened in (
        (merged, "enquiry", "2026-11-09"),
        (again, "enquiry", "2026-11-10"),
    ):
        (row,) = views.ask(caseload, on=DAY, as_at=position).rows
        assert (row.case, row.stage, row.opened_on.isoformat()) == (CASE, stage, opened)
        (waiting,) = views.ask(overdue, on=DAY, as_at=position)
        assert (waiting.case, waiting.why) == (CASE, "never_reviewed")
    assert views.ask(caseload, on=DAY).rows == ()
    assert list(views.ask(overdue, on=DAY)) == []
    for projection in (CASELOAD, REVIEWS):
        assert verify(projection, views.connect).equal


def test_a_case_closed_by_the_one_that_leads_is_closed(views: Views) -> None:
    """A case read in an open one ends with it, and a closed one brings nothing back."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-05", a_referral("2026-11-05"), stream=OTHER_CASE),
        told("2026-11-05", a_referral("2026-11-05"), stream=THIRD),
        told("2026-11-06", a_closure(), stream=THIRD),
    )
    views.tell(*merge("2026-11-09", OTHER_CASE, CASE))
    views.tell(told("2026-11-10", a_closure()))
    views.tell(*merge("2026-11-11", THIRD, CASE))
    views.follow(CASELOAD)
    assert views.ask(caseload, on=DAY).rows == ()
    assert verify(CASELOAD, views.connect).equal


def test_what_is_recorded_of_a_merged_case_is_last_recorded_of_the_one_that_leads(
    views: Views,
) -> None:
    """The day something was last recorded takes in what is recorded of a case read in it."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", a_referral("2026-11-03"), stream=OTHER_CASE),
    )
    merged = views.tell(*merge("2026-11-05", OTHER_CASE, CASE))
    views.tell(told("2026-11-12", corrected(1, withdrawn=False), stream=OTHER_CASE))
    ended = views.tell(*unmerge("2026-11-16", OTHER_CASE, CASE, 2, 2))
    views.tell(told("2026-11-18", an_enquiry(), stream=OTHER_CASE))
    views.follow(CASELOAD)
    days = {
        at: {row.case: row.last_event_on.day for row in views.ask(caseload, on=DAY, as_at=at).rows}
        for at in (merged, ended - 2, ended, ended + 1)
    }
    assert days == {
        merged: {CASE: 5},
        ended - 2: {CASE: 12},
        ended: {CASE: 16, OTHER_CASE: 16},
        ended + 1: {CASE: 16, OTHER_CASE: 18},
    }
