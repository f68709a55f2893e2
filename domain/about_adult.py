"""What a case and what was told of its adult say of one another: a death, and an age.

A case is replayed from its own stream and never reads the adult's; whoever may read both is told
where they do not agree. What was forgotten of the adult says nothing (L9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.case import findings as judge
from domain.finding import Finding
from domain.person import Person, PersonErased
from domain.stage import Looking, found
from domain.when import When, read, years_apart
from domain.whole import Case
from domain.words import Code, Forgotten, Personal


def findings(adult: Person, case: Case, context: Looking) -> Iterator[Finding]:
    """Say what of a case does not agree with what is told of its adult; it hangs on the latter."""
    yield from map(context.judged, _no_death(adult, case))
    yield from _overdue_by_then(adult, case, context)
    yield from map(context.judged, _under_age(adult, case, context))


def _no_death(adult: Person, case: Case) -> Iterator[Finding]:
    """Ask for the death for which a case was closed (B.3 section 8, R146)."""
    closed = case.closure.closed
    if closed is None or closed.reason != "died" or adult.died is not None or _forgotten(adult):
        return
    words = "The case was closed because the adult died, and no death of theirs is recorded."
    at = adult.registered
    if at is not None:
        since, subject = closed.at.when, closed.at.position
        yield found(
            "closed_for_unrecorded_death",
            "R146",
            "medium",
            words,
            position=at.position,
            since=since,
            which=subject,
        )


def _overdue_by_then(adult: Person, case: Case, context: Looking) -> Iterator[Finding]:
    """Say what of a case that tells of a death had been overdue before the day of it (R150).

    The case, which does not know that day, spares all that was due if it was closed for it, also
    where one that is read as one with it was, and what was due to the adult (`living`): here it is
    judged as one closed for another reason, that tells of no death. Of an uncertain day the
    earliest counts.
    """
    closed, died = case.closure.closed, adult.died
    own = closed is not None and closed.reason == "died"
    told = own or case.died_beside is not None or bool(case.deaths)
    if not told or died is None or _forgotten(adult):
        return
    day = None if _doubtful(died) else died.first_day
    if day is None or not adult.deaths:
        return
    otherwise = case.but(died_beside=None, deaths=())
    if closed is not None and own:
        ended = replace(case.closure, closed=replace(closed, reason=Code("other")))
        otherwise = otherwise.but(closure=ended)
    said = {one.identity for one in judge(case, context)}
    for one in judge(otherwise, context):
        if one.due is not None and one.due < day and one.identity not in said:
            words = f"Overdue before the adult died: {one.words[0].lower()}{one.words[1:]}"
            yield replace(
                one,
                code=Code("overdue_before_death"),
                words=words,
                position=adult.deaths[-1].position,
                subject=None,
                which=f"{one.code} {one.position} {one.subject or ''}".strip(),
                answer=None,
            )


def _under_age(adult: Person, case: Case, context: Looking) -> Iterator[Finding]:
    """Say where a concern came in about somebody not yet an adult (procedure B.1, R1).

    Only what is so however the two times are read: one born on 29 February is a year older on the
    day after 28 February.
    """
    birth = adult.details.get("date_of_birth")
    if adult.born is None or not isinstance(birth, Personal):
        return
    born, age = read(birth.text), context.jurisdiction.adult_age
    for at in case.referrals:
        if _doubtful(born) or _doubtful(at.when):
            continue
        _, most = years_apart(born, at.when)
        if most is not None and most < age:
            words = f"The referral was received about somebody who was not yet {age} years old."
            yield found(
                "referred_under_age",
                "R1",
                "medium",
                words,
                position=adult.born.position,
                since=at.when,
                which=at.position,
            )


def _doubtful(when: When) -> bool:
    """Whether a time is stated with a doubt that its bounds do not have."""
    return when.text[-1:] in {"?", "~", "%"}


def _forgotten(adult: Person) -> bool:
    """Whether something of the adult was forgotten: then their death may have been, too."""
    gone = any(isinstance(one, Forgotten) for one in adult.details.values())
    return gone or PersonErased in adult.kinds
