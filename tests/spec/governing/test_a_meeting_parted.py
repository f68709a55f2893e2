"""A meeting split off with, or without, what says that it was held."""

from __future__ import annotations

from datetime import date

from domain.case import findings
from domain.finding import Finding
from domain.joining import FROM, TO, CaseSplit, CaseSplitEnded
from domain.jurisdictions.england import ENGLAND
from domain.reading import joined_facts, replayed
from domain.stage import Looking
from domain.words import CaseRef, Code
from tests.controls import CONFERENCE, a_conference, a_held_conference, a_risk, ref
from tests.raised import hold_finding
from tests.spec.governing.test_held_once_in_joined_cases import BARE, ONE, OTHER, Kept

RULES = ("R14",)
PARTED, NOT_HELD = "meeting_parted", "not_held"
WRONG = Code("wrong_person")


def kept(*entries: int) -> list[tuple[CaseRef, object]]:
    """Give two cases, a meeting of the one called (2) and held (3), and these of it split off."""
    return [
        (ONE, BARE),
        (ONE, a_conference()),
        (ONE, a_held_conference()),
        (OTHER, BARE),
        (OTHER, CaseSplit(other=ONE, place=TO, reason=WRONG, entries=entries)),
        (ONE, CaseSplit(other=OTHER, place=FROM, reason=WRONG, entries=entries)),
    ]


def criticised(case: CaseRef, told: list[tuple[CaseRef, object]]) -> dict[str, Finding]:
    """Give what is criticised in one of the two, long after, by its code."""
    record = Kept(*told)
    streams = joined_facts(record, case, record.streams[case])
    looking = Looking(on=date(2027, 3, 1), jurisdiction=ENGLAND)
    found = list(findings(replayed(case, streams), looking))
    names = {fact.position: fact.header.name for facts in streams.values() for fact in facts}
    for one in found:
        hold_finding(one, None if one.position is None else names[one.position])
    return {one.code: one for one in found}


def test_a_meeting_that_went_whole_stands_as_held() -> None:
    """Called and held are read in the other case, and nothing is left behind (R14)."""
    for case in (ONE, OTHER):
        assert not {PARTED, NOT_HELD} & criticised(case, kept(2, 3)).keys()
    assert CONFERENCE in replayed(OTHER, Kept(*kept(2, 3)).streams).sittings


def test_a_meeting_called_there_and_held_here_is_named_in_both() -> None:
    """That it was held counts, wherever that stands, and each case names what the other has."""
    there, here = criticised(OTHER, kept(2)), criticised(ONE, kept(2))
    assert NOT_HELD not in there
    assert PARTED in there
    assert there[PARTED].severity == here[PARTED].severity == "medium"
    assert "conference held" in there[PARTED].words
    assert "conference convened" in here[PARTED].words
    assert (there[PARTED].position, here[PARTED].position) == (5, 6)
    assert there[PARTED].subject == str(CONFERENCE)
    other_way = criticised(ONE, kept(3))
    assert NOT_HELD not in other_way
    assert other_way[PARTED].severity == "medium"


def test_what_was_not_held_at_all_is_still_said() -> None:
    """A meeting that nobody recorded as held went whole, and is asked about where it is read."""
    never = [one for one in kept(2) if one[1] != a_held_conference()]
    there = criticised(OTHER, never)
    assert NOT_HELD in there
    assert PARTED not in there


def test_what_else_is_in_another_case_is_named_less_gravely() -> None:
    """A further entry about a meeting that was called and held here (R150)."""
    told = kept(4)
    told.insert(3, (ONE, a_conference()))
    assert criticised(ONE, told)[PARTED].severity == "low"


def test_what_was_split_off_to_a_third_case_before_hides_nothing() -> None:
    """Each of the cases that another's entries went to names its own part of a meeting (R150)."""
    third = CaseRef(ref(3))
    told = kept(2)
    told[3:3] = [
        (ONE, a_risk()),
        (third, BARE),
        (third, CaseSplit(other=ONE, place=TO, reason=WRONG, entries=(4,))),
        (ONE, CaseSplit(other=third, place=FROM, reason=WRONG, entries=(4,))),
    ]
    assert PARTED not in criticised(third, told)
    for case in (ONE, OTHER):
        assert criticised(case, told)[PARTED].severity == "medium"


def test_a_meeting_parted_between_two_others_is_named_in_both() -> None:
    """Called in one and held in the other, each split off from a third, it was held (R14)."""
    third = CaseRef(ref(3))
    told = [
        *kept(2),
        (third, BARE),
        (third, CaseSplit(other=ONE, place=TO, reason=WRONG, entries=(3,))),
        (ONE, CaseSplit(other=third, place=FROM, reason=WRONG, entries=(3,))),
    ]
    called, held = criticised(OTHER, told), criticised(third, told)
    assert NOT_HELD not in called
    for case, there in ((called, "conference held"), (held, "conference convened")):
        assert case[PARTED].severity == "medium"
        assert there in case[PARTED].words
    assert PARTED not in criticised(ONE, told)  # which has nothing of it


def test_it_ends_as_the_split_does() -> None:
    """Then all of the meeting is read where it was recorded."""
    told = [
        *kept(2),
        (OTHER, CaseSplitEnded(other=ONE, place=TO, split=2)),
        (ONE, CaseSplitEnded(other=OTHER, place=FROM, split=4)),
    ]
    for case in (ONE, OTHER):
        assert PARTED not in criticised(case, told)
