"""Whoever referred, and whether each was told what came of it, or recorded as not to be (R171).

An answer may say which referral it is of: then it is of whoever made that one. One that does not
answers for one of them, who had referred by then. An agency in the same part is one, told of all it
referred by then, and so is the adult; who is of no named agency is somebody each time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, Protocol, TypeAlias

from domain.episode import same, within
from domain.finding import Finding
from domain.known import Known
from domain.lasting import by_its_policy, last_day
from domain.outcome_known import may_follow, of_an_outcome
from domain.policy import TOLD
from domain.stage import Looking, Mark, after, found, passed
from domain.when import in_words
from domain.words import Code

Who: TypeAlias = tuple[object, ...]
SELF: Final[Who] = ("self",)  # the adult, of `referral_source`


class Answer(Protocol):
    """Somebody was told, or it was decided that they are not (`feedback.Answered`)."""

    @property
    def audience(self) -> Code:
        """Who that is."""

    @property
    def received_only(self) -> bool:
        """Whether they were told no more than that it was received."""

    @property
    def referral(self) -> int | None:
        """The number of the referral it is of; None where that is not said."""

    @property
    def at(self) -> Mark:
        """Where and when."""


def untold(answers: Collection[Answer], known: Known) -> Iterator[Finding]:
    """Ask by closing that whoever made each referral was told, or is not to be.

    Of each episode somebody is told, also where no referral is recorded: somebody made one all the
    same. What the adult is told answers for the adult, where the referral is their own.
    """
    if known.closed_at is None:
        return
    every = len(_last_of_each(known.referrals, known))
    answers = [one for one in answers if _of_outcome(one, known, known.closed_at)]
    left, marks = _left(known.referrals, answers, known)
    if left or not within(marks, known.closed_at, known):
        counted = len(left) if 0 < len(left) < every else None
        words = "The case was closed and the referrer was neither told nor recorded as not to be."
        if counted is not None:
            words = f"The case was closed; of those who referred, {counted} more "
            words += f"{'is' if counted == 1 else 'are'} neither told nor recorded as not to be."
        code, at = "referrer_not_told", known.closed_at
        yield found(code, "R171", "medium", words, at=at, counted=counted)


def told_late(
    given: Collection[Answer], decided: Collection[Answer], known: Known, context: Looking
) -> Iterator[Finding]:
    """Say where whoever referred was told after the authority's time since the closing (C.7).

    Of each closing, also where the case was taken up again; that they are not told may be decided
    at any time, and is no telling that came late.
    """
    ends = [one.closed for one in known.episodes]
    for ended in (*ends, *(() if known.closed_at is None else (known.closed_at,))):
        last = last_day(TOLD, ended, context)
        if last is None:
            continue
        of_it = [one for one in given if _of_outcome(one, known, ended)]
        of_it = [one for one in of_it if same(one.at, ended, known)]
        against = [one for one in decided if same(one.at, ended, known)]
        late = [one for one in of_it if one.at.first is not None and one.at.first > last]
        asked = [at for at in within(known.referrals, ended, known) if not after(at, ended)]
        timely = [*(one for one in of_it if one not in late), *against]
        left, told = _left(asked, timely, known)
        still, _ = _left(asked, [*of_it, *against], known)
        count = len(left.keys() - still.keys())
        late = [one for one in late if one.audience == "referrer" or SELF in left]
        if late and (count or not (asked or told)):
            at = min((one.at for one in late), key=lambda at: (at.first or date.max, at.position))
            words = "Whoever referred was told the outcome long after the case was closed, on "
            words += in_words(at.first) if at.first and at.day else "a day not certain"
            words += f"; it was due by {in_words(last)}."
            since = passed(ended, last)
            said = found("referrer_told_late", "R171", "low", words, at=at, since=since)
            yield by_its_policy(said, ended, context)


def _left(
    referrals: Iterable[Mark], answers: Collection[Answer], known: Known
) -> tuple[dict[Who, Mark], list[Mark]]:
    """Whoever referred and is not answered, and where somebody who referred was."""
    left = _last_of_each(referrals, known)
    told = [one for one in answers if one.audience == "referrer"]
    adult = [one for one in answers if one.audience == "adult"] if SELF in left else []
    _take(left, ((SELF, one.at) for one in adult))
    named = {one.at.position: who for one in told if (who := _named(one, known)) is not None}
    _take(left, ((named[one.at.position], one.at) for one in told if one.at.position in named))
    unnamed = [one.at for one in told if one.at.position not in named]
    for at in sorted(unnamed, key=lambda at: at.last or date.max):
        _take(left, [(who, at) for who, asked in left.items() if may_follow(at, asked)][:1])
    return left, [one.at for one in (*told, *adult)]


def _take(left: dict[Who, Mark], answered: Iterable[tuple[Who, Mark]]) -> None:
    """Leave out whoever was answered once they had last referred."""
    for who, at in answered:
        if who in left and may_follow(at, left[who]):
            del left[who]


def _named(one: Answer, known: Known) -> Who | None:
    """Who made the referral that an answer names.

    None where it names none, or one that is no referral of its own, so that nobody else made it.
    """
    position = known.referral_numbers.get(one.referral or 0)
    if position is None or all(at.position != position for at in known.referrals):
        return None
    return _who(position, known)


def _last_of_each(referrals: Iterable[Mark], known: Known) -> dict[Who, Mark]:
    """The last referral of each who referred."""
    marks = sorted(referrals, key=lambda at: (at.first or date.min, at.position))
    return {_who(at.position, known): at for at in marks}


def _who(position: int, known: Known) -> Who:
    """Who made a referral, as far as that stands in clear."""
    role, agency = known.referrers[position]
    if role == "self":
        return SELF
    return (position,) if agency is None else (role, agency)


def _of_outcome(one: Answer, known: Known, ended: Mark | None) -> bool:
    """Whether an answer is of the outcome: that it was received says nothing of one to come."""
    return not one.received_only or of_an_outcome(one.at, known, ended)
