"""What was asked to be changed in the minutes, by whom and why, and each answer with its reasons.

Accepted and refused alike (R152, R154). A copy that leaves something out has those requests alone
that are about a passage it shows, in every wording of it, by somebody it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from api.chronologies.writing import said
from api.minutes.circulated import Listed
from api.minutes.company import Company
from api.minutes.contents import CLOSED
from api.minutes.grid import in_one
from api.minutes.left_out import UNDECIDED
from api.minutes.page import Table
from api.minutes.passages import Passages
from api.pages.words import day as day_in_words
from api.story.saying import time as time_in_words
from domain.amending import (
    MinuteAmendmentAccepted,
    MinuteAmendmentRefused,
    MinuteAmendmentRequested,
)
from domain.words import Fact

HEADS: Final = ("No", "Who asked", "What was asked for", "Why", "What came of it")
NOT_TOLD: Final = (
    "What was asked to be changed in what this copy does not have, or by whom it does not show, is"
    f" withheld, as from each copy that leaves something out; {UNDECIDED}."
)


def amended(met: Sequence[Fact[Any]], company: Company, passages: Passages) -> Listed:
    """Every amendment asked for; nothing where none was."""
    asked = [one for one in met if isinstance(one.event, MinuteAmendmentRequested)]
    told = [one for one in asked if _open(one, company, passages)]
    used, rows = set[int](), list[tuple[str, ...]]()
    for number, one in enumerate(told, start=1):
        answers = [answer for answer in met if _answers(answer, one)]
        used |= {one.position, *(answer.position for answer in answers)}
        came = "; then ".join(_answer(answer, company) for answer in answers)
        asker = in_one(company.cells(one.event) or ("", "", ""))
        why = "" if one.event.reason is None else said(one.event.reason)
        rows.append((str(number), asker, _wanted(one.event), why, came or _waiting(one.event)))
    lines = (NOT_TOLD,) if asked and not company.left.whole else ()
    table = Table(heads=HEADS, rows=tuple(rows)) if rows else None
    return Listed(lines=lines, table=table, used=frozenset(used))


def _open(one: Fact[Any], company: Company, passages: Passages) -> bool:
    """Whether this copy may tell of a request."""
    left, number = company.left, one.event.passage
    if left.whole:
        return True
    if number is None or left.passage(number) is not None or company.line(one.event) is None:
        return False
    written = passages.written(number)
    return bool(written) and not any(_cut(words, company) for words in written)


def _cut(words: Fact[Any], company: Company) -> bool:
    """Whether a copy leaves out where a passage stands, or stood."""
    left, event = company.left, words.event
    harm = left.harm(event.part) if event.section == CLOSED else None
    return any((left.part(event.part), left.section(event.section), harm))


def _answers(answer: Fact[Any], asked: Fact[Any]) -> bool:
    kinds = MinuteAmendmentAccepted | MinuteAmendmentRefused
    return isinstance(answer.event, kinds) and answer.event.amendment == asked.event.amendment


def _wanted(event: MinuteAmendmentRequested) -> str:
    told = ["" if event.passage is None else f"Passage {event.passage}"]
    told += ["" if event.wanted is None else said(event.wanted)]
    return ": ".join(filter(None, told))


def _answer(answer: Fact[Any], company: Company) -> str:
    """`Refused by … on …: the reasons`."""
    event = answer.event
    refused = isinstance(event, MinuteAmendmentRefused)
    reason = "" if event.reason is None else f": {said(event.reason)}"
    if refused and not reason:
        reason = ": the reason is not recorded"
    by, when = company.voice.worker(event.decided_by), time_in_words(answer.occurred)
    return f"{'Refused' if refused else 'Accepted'} by {by}, {when}{reason}"


def _waiting(event: MinuteAmendmentRequested) -> str:
    due = "" if event.due is None else f"; an answer is due by {day_in_words(event.due.on)}"
    return f"Not answered{due}"
