"""What was kept back until a day, and a clock that stands for a year: nobody looked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.correction import AnnotateEntry
from domain.words import Code, RequestRef
from tests.controls import ref, words
from tests.given import Outcome
from tests.spec.governing.test_access_request import (
    AGAIN,
    ANSWER,
    ASK,
    KEPT,
    PART,
    REQUEST,
    STOP,
    asked,
)

RULES = ("R154",)
AGAIN_DUE, STANDS = "withheld_not_reviewed", "access_clock_stands"
SECOND = RequestRef(ref(301))
UNTIL = replace(PART, withheld=(replace(KEPT, review_on=date(2027, 6, 1)),))


def answered(**changed: object) -> Outcome:
    """Give a request answered in part, with something kept back until a day."""
    return asked().when(replace(UNTIL, **changed), on="2026-11-30")  # type: ignore[arg-type]


def test_what_is_kept_back_until_a_day_is_looked_at_by_then() -> None:
    """From the day after it is asked about; without a day, nobody said they would; low (L2)."""
    told = answered()
    told.on("2027-06-01").then_no_finding(AGAIN_DUE)
    told.on("2027-06-02").then_finding(AGAIN_DUE, severity="low")
    answered(withheld=(KEPT,)).on("2028-01-01").then_no_finding(AGAIN_DUE)
    two = (*UNTIL.withheld, replace(KEPT, entries=(2,), review_on=date(2027, 7, 1)))
    both = answered(withheld=two).on("2027-08-01").findings()
    assert sum(one.code == AGAIN_DUE for one in both) == 2


def test_a_note_beside_the_answer_says_that_it_was() -> None:
    """Or a later answer, which gives or keeps back one of the same entries."""
    told = answered()
    note = AnnotateEntry(target=3, kind=Code("supplementary"), text=words("It stays so."))
    told.when(note, on="2027-05-20").on("2027-08-01").then_no_finding(AGAIN_DUE)
    other = replace(note, target=1)
    told.when(other, on="2027-05-20").on("2027-08-01").then_finding(AGAIN_DUE)
    again = told.when(replace(ASK, request=SECOND), on="2027-05-20")
    again.on("2027-08-01").then_finding(AGAIN_DUE)
    given = again.when(replace(ANSWER, request=SECOND), on="2027-05-21")
    given.on("2027-08-01").then_no_finding(AGAIN_DUE)
    none = replace(ANSWER, request=SECOND, outcome=Code("nothing_held"), manifest=(), digest=None)
    again.when(none, on="2027-05-21").on("2027-08-01").then_finding(AGAIN_DUE)


def test_a_clock_that_stands_for_a_year_is_asked_about() -> None:
    """Until it runs again, or the request is answered; low (L1)."""
    stopped = asked().when(STOP, on="2026-11-20")
    stopped.on("2027-11-20").then_no_finding(STANDS)
    stopped.on("2027-11-21").then_finding(STANDS, severity="low")
    stopped.when(AGAIN, on="2027-12-01").then_no_finding(STANDS)
    stopped.when(replace(ANSWER, request=REQUEST), on="2027-12-01").then_no_finding(STANDS)
    asked().on("2027-12-01").then_no_finding(STANDS)
