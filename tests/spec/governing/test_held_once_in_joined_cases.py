"""A meeting that was withdrawn does not stand again beside the one recorded anew elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain import made
from domain.corrected import standing
from domain.correction import RecordCorrected
from domain.joining import FROM, LEADING, MERGED, TO, CaseMerged, CaseSplit, CaseUnmerged, MergeCase
from domain.reading import joined_facts, replayed
from domain.words import CaseRef, Code, Fact
from tests.controls import (
    CASE,
    OTHER_CASE,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import given

RULES = ("R150",)

ONE, OTHER = CaseRef(CASE), CaseRef(OTHER_CASE)
WITHDRAWN = RecordCorrected(
    target=3, supersedes=None, reason=Code("entered_wrongly"), asked_by=Code("worker"),
    withdrawn=True,
)  # fmt: skip
BARE = replace(a_referral(), allegations=())


class Kept:
    """A record of two cases, or more, in the order in which it was told."""

    def __init__(self, *told: tuple[CaseRef, object]) -> None:
        self.streams: dict[UUID, list[Fact[Any]]] = {ONE: [], OTHER: []}
        for position, (case, event) in enumerate(told, start=1):
            own = self.streams.setdefault(case, [])
            (fact,) = given(event).facts
            own.append(replace(fact, stream=case, position=position, version=len(own) + 1))

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """A case as it was recorded."""
        assert as_at is None
        return self.streams[stream]

    def anew(self, case: CaseRef, version: int) -> bool:
        """Whether what an entry had is had by another now."""
        return replayed(case, joined_facts(self, case, self.streams[case])).recorded_anew(version)


def joined(one: CaseRef, other: CaseRef, *, by: str) -> list[tuple[CaseRef, object]]:
    """Give what the two record as one is merged into the other, or its meeting is split off."""
    if by == "merge":
        return [
            (one, CaseMerged(other=other, place=MERGED, reason=Code("one_adult"))),
            (other, CaseMerged(other=one, place=LEADING, reason=Code("one_adult"))),
        ]
    reason = Code("wrong_person")
    return [
        (other, CaseSplit(other=one, place=TO, reason=reason, entries=())),
        (one, CaseSplit(other=other, place=FROM, reason=reason, entries=(2, 3))),
    ]


BEGUN: list[tuple[CaseRef, object]] = [
    (ONE, BARE),
    (OTHER, BARE),
    (OTHER, a_conference()),
    (OTHER, a_held_conference()),
]


@pytest.mark.parametrize("by", ["merge", "split"])
def test_a_meeting_recorded_anew_where_it_is_read_does_not_stand_twice(by: str) -> None:
    """What is read in another case is asked of there, before it stands again (I1, I12)."""
    told = [*BEGUN, *joined(OTHER, ONE, by=by), (OTHER, WITHDRAWN)]
    assert not Kept(*told).anew(OTHER, 3)
    assert Kept(*told, (ONE, a_held_conference())).anew(OTHER, 3)


def test_what_both_cases_began_with_is_no_hindrance() -> None:
    """A referral withdrawn in the merged case stands again beside the leading one's own (I12)."""
    withdrawn = replace(WITHDRAWN, target=1)
    assert not Kept(*BEGUN, *joined(OTHER, ONE, by="merge"), (OTHER, withdrawn)).anew(OTHER, 1)


def test_two_meetings_under_one_reference_are_not_read_as_one() -> None:
    """Parted, restored and merged again, the two meetings would be one: it is refused (I1)."""
    parted: list[tuple[CaseRef, object]] = [
        (OTHER, CaseUnmerged(other=ONE, merge=4, place=MERGED)),
        (ONE, CaseUnmerged(other=OTHER, merge=2, place=LEADING)),
    ]
    anew = (ONE, a_held_conference())
    told = [*BEGUN, *joined(OTHER, ONE, by="merge"), (OTHER, WITHDRAWN), anew, *parted]
    restored = replace(WITHDRAWN, withdrawn=False, supersedes=5)
    assert in_both(Kept(*told)) is None
    assert not Kept(*told).anew(OTHER, 3)
    assert in_both(Kept(*told, (OTHER, restored))) == "meeting"


def in_both(kept: Kept) -> str | None:
    """Say what would be two things, were the other case merged into the one."""
    streams = {case: list(standing(facts)) for case, facts in kept.streams.items()}
    merge = MergeCase(other=ONE, reason=Code("one_adult"))
    return made.in_both(merge, OTHER, streams, ONE, streams)
