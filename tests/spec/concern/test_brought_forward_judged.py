"""What a list of another system did not ask excuses what stood before, and nothing since."""

from __future__ import annotations

from dataclasses import replace

from domain.finding import Finding
from domain.forward import judged
from domain.when import read
from domain.words import Code
from tests.given import at, given
from tests.spec.concern.test_brought_forward import DAY, SYSTEM, brought

RULES = ("R180",)

OVERDUE = Finding(
    code=Code("core_group_overdue"),
    rules=("R180",),
    severity=Code("medium"),
    words="The next core group is overdue.",
    position=2,
    since=read("2027-07-20"),
)


def test_what_was_not_asked_excuses_what_was_told_of_the_time_before() -> None:
    """A core group after one that was not asked for is judged by what is recorded here (R180)."""
    unasked = given(at(DAY, brought("core_group"), source=SYSTEM)).case
    assert not judged(OVERDUE, unasked.forward, unasked, {2})
    assert judged(OVERDUE, unasked.forward, unasked, ())
    assert judged(replace(OVERDUE, code=Code("no_chair")), unasked.forward, unasked, {2})
    asked = given(at(DAY, brought(), source=SYSTEM)).case
    assert judged(OVERDUE, asked.forward, asked, {2})
