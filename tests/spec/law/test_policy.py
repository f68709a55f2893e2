"""An authority's own policy over the nation's default (G14, G16)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.calendar import PolicyCalendar
from domain.jurisdictions import Limit
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy, check, differences, in_force, laid_over
from domain.refusal import Refused
from domain.words import Code, Slug

RULES = ("R198",)


def limit(amount: int, unit: str = "working_days", cite: str = "Local procedure 4.2") -> Limit:
    """Give a limit of the authority's own."""
    return Limit(amount=amount, unit=Code(unit), counted_from="a day", cite=cite)


FIRST = Policy(
    version=Slug("local-1"),
    effective=date(2026, 4, 1),
    limits={"initial_conference": limit(15)},
)
SECOND = Policy(
    version=Slug("local-2"),
    effective=date(2026, 11, 10),
    limits={"initial_conference": limit(28, "calendar_days")},
    closed={date(2026, 11, 12): "Local holiday"},
)


def test_the_policy_of_the_day_holds() -> None:
    """Each day has the policy effective then; before the first, the nation's default holds."""
    known = (FIRST, SECOND)

    assert in_force(known, date(2026, 3, 31)) is None
    assert in_force(known, date(2026, 4, 1)) == FIRST
    assert in_force(known, date(2026, 11, 9)) == FIRST
    assert in_force(known, date(2026, 11, 10)) == SECOND


def test_of_two_on_one_day_the_later_adopted_holds() -> None:
    """A policy put right before its day is superseded by the later one of the same day."""
    again = Policy(version=Slug("local-3"), effective=FIRST.effective)

    assert in_force((FIRST, again), date(2026, 5, 1)) == again
    assert in_force((SECOND, again), date(2026, 12, 1)) == SECOND


def test_a_policy_says_by_which_it_was_judged() -> None:
    """A policy changes the limits it names and leaves the law; both versions are named."""
    law = laid_over(SCOTLAND, FIRST)

    assert law.policy == f"{SCOTLAND.policy}/local-1"
    assert law.limits["initial_conference"].amount == 15
    assert law.limits["core_group"] == SCOTLAND.limits["core_group"]
    assert law.law == SCOTLAND.law
    assert laid_over(SCOTLAND, None) is SCOTLAND


def test_repeat_referrals_are_the_authoritys() -> None:
    """The count and the window of repeat referrals are the policy's where it gives them (G16)."""
    own = Policy(version=Slug("local-4"), effective=date(2026, 4, 1), repeat_referrals=4)

    assert laid_over(SCOTLAND, own).repeat_referrals == 4
    assert laid_over(SCOTLAND, own).repeat_window_months == SCOTLAND.repeat_window_months


def test_a_limit_is_reckoned_by_the_policy_of_its_start() -> None:
    """Due dates follow the policy of the day they start, and their calendar names it (R198)."""
    calendar = PolicyCalendar(SCOTLAND, (FIRST, SECOND))

    before = calendar.due("initial_conference", date(2026, 3, 2))
    first = calendar.due("initial_conference", date(2026, 11, 2))
    second = calendar.due("initial_conference", date(2026, 11, 10))

    assert before == PolicyCalendar(SCOTLAND).due("initial_conference", date(2026, 3, 2))
    assert before is not None
    assert first is not None
    assert second is not None
    assert before.policy == SCOTLAND.policy
    assert first.on == date(2026, 11, 23)
    assert first.policy == f"{SCOTLAND.policy}/local-1"
    assert second.on == date(2026, 12, 8)
    assert second.policy == f"{SCOTLAND.policy}/local-2"


def test_a_later_policy_moves_nothing_of_earlier_days() -> None:
    """Adopting a policy leaves every due date that starts before its day as it was (R198)."""
    without, later = PolicyCalendar(SCOTLAND, (FIRST,)), PolicyCalendar(SCOTLAND, (FIRST, SECOND))
    day = date(2026, 1, 1)
    while day < SECOND.effective:
        assert without.due("initial_conference", day) == later.due("initial_conference", day)
        assert without.works(day) == later.works(day)
        day += timedelta(days=1)
    assert not later.works(date(2026, 11, 12))


def test_a_limit_shorter_or_longer_is_flagged() -> None:
    """What departs from the nation's default is said, and nothing of it is refused."""
    policy = Policy(
        version=Slug("local-5"),
        effective=date(2026, 4, 1),
        limits={
            "core_group": limit(8, "weeks"),
            "enquiry": limit(5),
            "initial_conference": limit(20),
            "review_conference": limit(60, "working_days"),
            "decisions_circulated": limit(3, "calendar_days"),
            "strategy": limit(7),
        },
    )
    check(policy)
    found = {one.limit: one.kind for one in differences(SCOTLAND, policy)}

    assert found == {
        "core_group": "longer",
        "enquiry": "shorter",
        "review_conference": "not_comparable",
        "decisions_circulated": "longer",
        "strategy": "added",
    }
    assert not list(differences(ENGLAND, Policy(version=Slug("x"), effective=date(2026, 4, 1))))


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"limits": {"enquiry": limit(0)}}, "limits.enquiry"),
        ({"limits": {"enquiry": limit(3, "moons")}}, "limits.enquiry"),
        ({"limits": {"enquiry": limit(3, cite=" ")}}, "limits.enquiry.cite"),
        ({"repeat_referrals": 0}, "repeat_referrals"),
        (
            {"closed": {date(2026, 5, 4): "shut"}, "worked": frozenset({date(2026, 5, 4)})},
            "closed",
        ),
    ],
)
def test_what_cannot_be_reckoned_with(policy: dict[str, object], field: str) -> None:
    """A policy nobody could reckon with is refused, and the refusal names the field."""
    with pytest.raises(Refused) as refused:
        check(Policy(version=Slug("x"), effective=date(2026, 4, 1), **policy))  # type: ignore[arg-type]  # the parameters above
    assert refused.value.field == field


def test_two_policies_have_two_versions() -> None:
    """Two policies under one version are an error, since a due date could not tell them apart."""
    with pytest.raises(ValueError, match="one version"):
        PolicyCalendar(SCOTLAND, (FIRST, FIRST))
