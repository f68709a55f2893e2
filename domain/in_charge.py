"""Whose work a case is: who holds it, and who leads for the council what others find out.

No source names a day by which somebody is to have it: once the authority's limit is over it is
said, lightly. Who takes it later ends what was said; a closing after that time does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from domain.finding import Finding
from domain.known import Known
from domain.lasting import by_its_policy, last_day
from domain.lateness import ended_before, spared
from domain.policy import HELD
from domain.stage import Looking, Mark, after, found, passed, set_then
from domain.when import in_words


def nobody_holds(known: Known, context: Looking) -> Iterator[Finding]:
    """Say that work began and nobody ever held the case, nor led its enquiry (R42).

    A concern that led to neither an enquiry nor a conference is dealt with by whoever takes it in.
    """
    started = () if known.inquiry_started is None else (known.inquiry_started,)
    called = (one.convened for one in known.conferences.values())
    code = "case_never_allocated"
    words = "No worker is recorded as holding the case, and no officer as leading its enquiry."
    begun = (*known.enquiries.values(), *started, *called)
    yield from _passed(code, "R42", words, begun, known, context)


def nobody_leads(caused: Iterable[Mark], known: Known, context: Looking) -> Iterator[Finding]:
    """Say that others were caused to enquire, and who leads that for the council is not said (R19).

    The council keeps the duty: it waits for what comes back, and judges whether that is enough.
    """
    code = "caused_enquiry_without_lead"
    words = "Another body was caused to enquire; who leads that enquiry for the council is not "
    words += "recorded."
    yield from _passed(code, "R19", words, caused, known, context)


def _passed(  # noqa: PLR0917 — what is said, of what, and by what it is judged
    code: str, rule: str, words: str, begun: Iterable[Mark], known: Known, context: Looking
) -> Iterator[Finding]:
    """Say it once the time since the first of what began is over; not of a case led elsewhere.

    What a closing ended within its time is over, also where the case was taken up again.
    """
    if known.transferred or known.led_from is not None:
        return
    for at in sorted(begun, key=lambda at: (at.last or date.max, at.position)):
        last = last_day(HELD, at, context)
        if last is None:
            continue
        taken_up = any(after(one.closed, at) for one in known.episodes)
        due = set_then(last, at)
        if spared(due, at, known) or (taken_up and ended_before(due, at, known)):
            continue
        if context.on > last:
            at_latest = "" if at.day is not None else " at the latest"
            words = f"{words} It was to be by {in_words(last)}{at_latest}."
            said = found(code, rule, "low", words, at=at, since=passed(at, last))
            yield by_its_policy(said, at, context)
        return
