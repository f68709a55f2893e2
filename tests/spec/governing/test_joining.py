from __future__ import annotations

from dataclasses import replace

import pytest

from domain.correction import CorrectRecord, LegalHoldPlaced
from domain.joining import (
    LEADING,
    MERGED,
    TO,
    Beside,
    CaseMerged,
    CaseSplit,
    CaseSplitEnded,
    CaseUnmerged,
    EndSplit,
    MergeCase,
    SplitCase,
    UnmergeCase,
    counterpart,
)
from domain.refusal import NotFound, Refused
from domain.words import CaseRef, Code
from tests.controls import ADULT, CASE, OTHER_CASE, SISTER, a_referral, words
from tests.given import given
from tests.projections.test_chronology import an_entry

OTHER = CaseRef(OTHER_CASE)
THERE = Beside(version=2, joins=2)
MERGE = MergeCase(other=OTHER, reason=Code("one_adult"), beside=Beside(version=1))
SPLIT = SplitCase(other=OTHER, reason=Code("wrong_person"), entries=(1,), beside=Beside(version=1))


def test_what_is_ended_stands_in_the_other_case_too() -> None:
    """A merge and a split are ended where both cases have them, and in no erased one (I12, I13)."""
    for begun, end in ((MERGE, UnmergeCase), (SPLIT, EndSplit)):
        once = given(a_referral()).when(begun)
        once.when(end(other=OTHER, beside=Beside(version=2))).then_not_found()
        erased = Beside(version=2, joins=2, erased=True)
        once.when(end(other=OTHER, beside=erased)).then_refused("I13", code="erased")
        once.when(end(other=CASE, beside=THERE)).then_not_found()
        assert once.when(end(other=OTHER, beside=THERE)).events


def test_a_case_is_joined_to_another_that_may_take_it() -> None:
    """Not to itself, to one read elsewhere, nor to one whose data were erased (I12, I13)."""
    begun = given(a_referral())
    for beside, rule, code in (
        (Beside(version=1, itself=True), "I12", "joined_to_itself"),
        (Beside(version=1, merged=True), "I12", "merged_elsewhere"),
        (Beside(version=1, erased=True), "I13", "erased"),
    ):
        for command in (MERGE, SPLIT):
            refused = begun.when(replace(command, beside=beside)).then_refused(rule, code=code)
            assert isinstance(refused.error, Refused)
            assert refused.error.field == "other"


def test_a_case_is_read_in_one_other_and_named_entries_move() -> None:
    """A second merge, a split of nothing and a correction of either are refused (I12)."""
    merged = given(a_referral()).when(MERGE)
    merged.when(MERGE).then_refused("I12", code="merged_already")
    merged.when(CorrectRecord(target=2, reason=Code("entered_wrongly"))).then_refused(
        "I12", code="stands_in_two_cases"
    )
    given(a_referral()).when(replace(SPLIT, entries=())).then_refused("I12", code="no_entries")
    held = given(a_referral(), LegalHoldPlaced(reason=Code("court")))
    held.when(replace(SPLIT, entries=(2,))).then_refused("I12", code="stays_here")


def test_what_is_no_longer_joined_is_joined_no_more() -> None:
    """A merge that was ended cannot be ended again, and the case may be merged anew (I12)."""
    end = UnmergeCase(other=OTHER, beside=THERE)
    ended = given(a_referral()).when(MERGE).when(end)
    ended.then_recorded(CaseUnmerged)
    ended.when(end).then_not_found()
    ended.when(MERGE).then_recorded(CaseMerged)


def test_cases_are_joined_with_their_reasons() -> None:
    """Cases joined without the reasons why are criticised, and not where these are there (R154)."""
    code = "joined_unexplained"
    given(a_referral()).when(MERGE).then_finding(code, severity="low")
    explained = replace(MERGE, rationale=words("One concern, entered by two teams."))
    given(a_referral()).when(explained).then_no_finding(code)


def test_cases_of_two_people_read_as_one_stand_out() -> None:
    """Cases of two adults read as one are named, unless one was registered twice (R35, L29)."""
    code = "merged_of_two_people"
    sisters = replace(MERGE, beside=Beside(version=1, adult=SISTER))
    given(a_referral()).when(sisters).then_finding(code, severity="high")
    her_own = replace(MERGE, beside=Beside(version=1, adult=ADULT))
    given(a_referral()).when(her_own).then_no_finding(code)
    twice = replace(sisters, reason=Code("registered_twice"))
    given(a_referral()).when(twice).then_no_finding(code)


def test_the_other_case_names_its_own_version_of_what_is_ended() -> None:
    """Of an end each case records its own version of what it ends; there is none without one."""
    ended = CaseUnmerged(other=OTHER, place=MERGED, merge=5)
    there = counterpart(ended, CASE, ADULT, THERE)
    assert there == CaseUnmerged(other=CASE, place=LEADING, merge=2)
    split = CaseSplitEnded(other=OTHER, place=Code("from"), split=5)
    assert counterpart(split, CASE, ADULT, THERE) == CaseSplitEnded(other=CASE, place=TO, split=2)
    for event in (ended, split):
        with pytest.raises(NotFound):
            counterpart(event, CASE, ADULT, Beside(version=2))


def test_a_case_leads_and_is_merged_in_its_turn() -> None:
    """A case in which another is read may itself be read in a third; only the last leads (I12)."""
    leading = CaseMerged(other=OTHER, place=LEADING, reason=Code("one_adult"))
    third = CaseRef(ADULT)
    merge = MergeCase(other=third, reason=Code("one_adult"), beside=Beside(version=1))
    outcome = given(a_referral(), leading).when(merge)
    outcome.then_recorded(CaseMerged)
    assert outcome.history.case.merged_into == third
    elsewhere = MergeCase(
        other=third, reason=Code("one_adult"), beside=Beside(version=1, merged=True)
    )
    given(a_referral()).when(elsewhere).then_refused("I12", code="merged_elsewhere")


def test_a_line_of_a_chronology_is_split_off() -> None:
    """What another agency's chronology tells of somebody else is read in their case (R35, L29)."""
    split = SplitCase(
        other=OTHER, reason=Code("wrong_person"), entries=(2,), beside=Beside(version=1)
    )
    outcome = given(a_referral(), an_entry()).when(split)
    assert outcome.history.case.joining.elsewhere == {2}


def test_a_case_that_begins_with_what_is_split_off_is_somebodys() -> None:
    """Where the other case is not there yet, whose it is must be said with the split (L29)."""
    ask = replace(SPLIT, entries=(2,), beside=Beside())
    history = given(a_referral(), an_entry())
    history.when(ask).then_refused("L29", code="no_adult")
    hers = replace(ask, adult=SISTER)
    history.when(hers).then_recorded(CaseSplit)
    unknown = history.when(replace(hers, beside=Beside(registered=False))).then_not_found().error
    assert unknown is not None
    assert unknown.field == "adult"
