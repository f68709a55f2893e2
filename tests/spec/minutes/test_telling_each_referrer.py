"""Each referral's referrer is told what came of it: one of them told is not all of them told."""

from __future__ import annotations

from dataclasses import replace

from domain.concern import ReferralLinked
from domain.feedback import FeedbackGiven, FeedbackNotGiven
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    HEALTH,
    POLICE,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import At, Given, at, given

RULES = ("R171",)
CODE = "referrer_not_told"
TOLD = FeedbackGiven(audience=Code("referrer"), content=Code("limited"), method=Code("telephone"))
TOLD_OF_NOBODY = replace(TOLD, audience=Code("provider"))
NOT_TOLD = FeedbackNotGiven(audience=Code("referrer"), reason=Code("confidentiality"))


def again(day: str = "2026-11-09", agency: Slug | None = None, reason: str = "repeat") -> At:
    """Give a further referral received on a day, from an agency."""
    linked = ReferralLinked(
        reason=Code(reason),
        channel=Code("telephone"),
        referrer_role=Code("police"),
        referrer_organisation=agency,
        referrer_confidential=Code("no"),
        received=read(day),
    )
    return at(day, linked)


def closed(*more: object) -> Given:
    """Begin with these, the first after a referral; a conference and the closing after them."""
    meeting = (a_conference(), at("2026-11-23", a_held_conference()))
    early = [one for one in more if isinstance(one, At) and isinstance(one.event, ReferralLinked)]
    late = [one for one in more if one not in early]
    return given(a_referral(), *early, *meeting, *late, at("2026-12-01", a_closure()))


def untold(history: Given) -> list[int | None]:
    """How many more are to be told, of each finding that says so; None where that is all."""
    return [one.counted for one in history.findings() if one.code == CODE]


def test_one_referrer_told_is_not_the_other() -> None:
    """Of two who referred, one told leaves one to be told, and both told leaves none (R171)."""
    assert untold(closed(again())) == [None]
    assert untold(closed(again(), TOLD)) == [1]
    assert untold(closed(again(), TOLD, TOLD)) == []
    assert untold(closed(again(), TOLD, NOT_TOLD)) == []
    assert untold(closed(again(), again("2026-11-10"), TOLD)) == [2]


def test_whoever_refers_several_times_is_told_once() -> None:
    """The same agency in the same part is one referrer, told once of all it referred (R171)."""
    twice = (again("2026-11-09", POLICE), again("2026-11-10", POLICE))
    assert untold(closed(*twice, TOLD)) == [1]
    assert untold(closed(*twice, TOLD, TOLD)) == []
    others = (again("2026-11-09", POLICE), again("2026-11-10", HEALTH))
    assert untold(closed(*others, TOLD, TOLD)) == [1]


def test_what_is_no_referral_of_its_own_has_no_referrer_of_its_own() -> None:
    """The same referral received again, or news of it, asks for nobody else to be told (R171)."""
    for reason in ("duplicate", "new_information"):
        closed(again(reason=reason), TOLD).then_no_finding(CODE)


def test_who_referred_afterwards_was_not_told_before() -> None:
    """A referrer told before another referral came in told nobody of that one (R171)."""
    early = at("2026-11-04", TOLD)
    history = given(a_referral(), early, again("2026-11-09"), at("2026-12-01", a_closure()))
    assert untold(history) == [1]
    both = given(a_referral(), again("2026-11-09"), at("2026-11-12", TOLD), TOLD)
    both.also(at("2026-12-01", a_closure())).then_no_finding(CODE)
    late = history.also(at("2026-12-04", replace(TOLD, method=Code("letter"))))
    late.then_no_finding(CODE)  # after the closing


def test_nothing_told_is_not_told() -> None:
    """Feedback whose content is nothing told nobody anything; that it is withheld does (R171)."""
    nothing = replace(TOLD, content=Code("none"))
    closed(nothing).then_finding(CODE)
    closed(nothing, NOT_TOLD).then_no_finding(CODE)
    assert untold(closed(again(), nothing, TOLD)) == [1]


def test_an_adult_who_referred_is_told_as_the_adult() -> None:
    """Where the referral is the adult's own, telling the adult tells whoever referred (R171)."""
    adult = replace(TOLD, audience=Code("adult"))
    told_not = replace(NOT_TOLD, audience=Code("adult"))
    own = replace(a_referral(), referrer_role=Code("self"))
    late = replace(a_referral("2026-11-09"), referrer_role=Code("self"))
    end = at("2026-12-01", a_closure())
    meeting = (a_conference(), at("2026-11-23", a_held_conference()))
    for answer, left in ((adult, []), (told_not, []), (TOLD, []), (TOLD_OF_NOBODY, [None])):
        assert untold(given(own, *meeting, answer, end)) == left
    assert untold(given(a_referral(), *meeting, adult, end)) == [None]
    assert untold(given(own, again(), *meeting, adult, end)) == [1]
    assert untold(given(own, again(), *meeting, adult, TOLD, end)) == []
    assert untold(given(at("2026-11-02", adult), at("2026-11-09", late), *meeting, end)) == [None]
