"""What a referrer was told may say which referral it is of, and then answers that one (R171)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.feedback import FeedbackGiven, GiveFeedback
from domain.stored import upcast
from domain.words import Code, Fact
from tests.controls import CASE, OTHER_CASE, POLICE, a_closure, a_referral
from tests.given import Given, at, given
from tests.spec.governing.test_reading_as_one import criticised, leading, merged_into, stream
from tests.spec.minutes.test_telling_each_referrer import CODE, TOLD, again, closed, untold

RULES = ("R171",)
OF_FIRST, OF_SECOND = (replace(TOLD, referral=number) for number in (1, 2))


def test_an_answer_to_one_named_referral_leaves_the_other() -> None:
    """Two answers to one referrer are none to the other; each named, both are answered."""
    assert untold(closed(again(), OF_FIRST)) == [1]
    assert untold(closed(again(), OF_FIRST, OF_FIRST)) == [1]
    assert untold(closed(again(), OF_FIRST, OF_SECOND)) == []
    assert untold(closed(again(), OF_SECOND, OF_FIRST)) == []


def test_an_answer_that_names_none_answers_for_one_of_the_others() -> None:
    """As it always did; whichever was recorded first."""
    assert untold(closed(again(), OF_FIRST, TOLD)) == []
    assert untold(closed(again(), TOLD, OF_FIRST)) == []
    assert untold(closed(again(), TOLD, OF_SECOND)) == []
    assert untold(closed(again(), again("2026-11-10"), TOLD, OF_SECOND)) == [1]


def test_whoever_referred_several_times_is_told_of_all_by_then() -> None:
    """An agency told of its first referral after its last was told; before it, it was not."""
    twice = (again("2026-11-09", POLICE), again("2026-11-10", POLICE))
    assert untold(closed(*twice, OF_SECOND, OF_FIRST)) == []
    early = at("2026-11-09", OF_SECOND)
    history = given(
        a_referral(), twice[0], early, twice[1], OF_FIRST, at("2026-12-01", a_closure())
    )
    assert untold(history) == [1]


def test_what_is_no_referral_of_its_own_answers_as_none_named() -> None:
    """One received twice was made once: who is told of the second was told (R171)."""
    assert untold(closed(again(reason="duplicate"), OF_SECOND)) == []


def begun() -> Given:
    """Begin with a referral, and another joined to it."""
    return given(a_referral(), again())


def test_the_referral_is_of_the_case() -> None:
    """It is named by its number in the case; what is no referral there is not found."""
    asked = GiveFeedback(
        audience=Code("referrer"), content=Code("limited"), method=Code("telephone"), referral=2
    )
    begun().when(asked).then(OF_SECOND)
    begun().also(TOLD).when(replace(asked, referral=3)).then_not_found()
    begun().when(replace(asked, referral=9)).then_not_found()


def test_it_answers_the_same_referral_where_both_are_read_in_another_case() -> None:
    """The number is of the case it was recorded in, and leads to the same entry elsewhere."""
    end = at("2026-12-01", a_closure())
    for answers, left in (((OF_FIRST, OF_FIRST), 1), ((OF_FIRST, OF_SECOND), None)):
        told = (again("2026-11-09"), *(at("2026-11-20", one) for one in answers))
        streams: dict[UUID, list[Fact[Any]]] = {
            CASE: stream(CASE, 30, at("2026-11-02", a_referral()), TOLD, leading(OTHER_CASE), end),
            OTHER_CASE: stream(OTHER_CASE, 0, a_referral(), *told, merged_into(CASE)),
        }
        one = criticised(CASE, streams).get(CODE)
        assert (None if one is None else one.counted) == left


def test_one_recorded_before_it_was_asked_names_none() -> None:
    """An answer of an older form is of no referral that it names."""
    old = {"audience": "referrer", "content": "limited", "method": "telephone"}
    assert FeedbackGiven(**upcast("feedback-given", 1, old)).referral is None
