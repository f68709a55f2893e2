"""A complete Scottish year, asked through the API and read back; quick ones stop at a review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.conftest import Doors
from tests.doors.scripted import Script
from tests.doors.scripts.asked import ask
from tests.doors.scripts.reading import Reading, days, in_order, pdf_text, read_back, tags
from tests.doors.scripts.scotland_meetings import CORE_GROUPS, REVIEWS
from tests.doors.scripts.scotland_year import CLOSED, TALE, YEAR

# What a reader has to be told, in this order.
BEGINNING = (
    "The adult is Ailsa Drumnab.",
    "An adult protection referral was received by telephone.",
    "The first conference is due by 4 March 2024.",
    "The duty to inquire began (at once).",
    "The three-point determination: council to inquire.",
    "3. The inquiry",
    "Morna Teviot of the council was appointed council officer. They are authorised.",
    "Somebody was to go along as second person (nurse), for the health board.",
    "An investigatory power was used: visit (section 7), by Morna Teviot.",
    "Advocacy was considered: referred for advocacy, to Tay Advocacy.",
    "An investigatory power was used: interview (section 8)",
    "I want my own key and nobody else's.",
    "The police were asked for a report.",
    "Initial conference (number 1), held on 28 February 2024",
    "Shona Lammer of the council was named as chair (operations manager, social work).",
    "A chronology was laid on the table, of several agencies",
    "The advocate of Tay Advocacy spoke for the adult, as they asked",
    "What was found and decided",
    "The adult was found to be at risk of harm; met: unable to safeguard",
    "Whether to apply for an order was considered – banning order: to apply.",
    "Where each agency stood",  # on what was decided, which a reader knows by then
    "Calder Housing agreed on risk, need and protection planning.",
    "Core group (number 2), held on 27 March 2024",
    "was called for 27 March 2024 (to look at how the plan works), with the council",
    "The core group met: the plan is partly working.",
    "Review conference (number 4), held on 22 May 2024",
    "An adult support and protection plan was agreed",
    "An assessment order (section 11) was applied for by the council, about the adult.",
    "It ends by 18 February 2024. It can last at most until 19 February 2024.",
    "The assessment order (section 11) came to its end.",
    "A banning order (section 19) was applied for by the council, about Rab Kinnear",
    "at the Inverlaw sheriff court.",
    "It has a power of arrest.",
    "It ends by 6 September 2024. It can last at most until 8 September 2024.",
    "The banning order (section 19) was changed. “The bus stop is taken into the area.”",
    "The referrer was told: limited information.",
)
ENDING = (
    "Core group (number 12), held on 31 December 2024",
    "Review conference (number 13), held on 28 January 2025",
    "The adult was found not to be at risk of harm.",
    "The banning order (section 19) came to its end.",
    "The adult support and protection plan was reviewed, at the review conference (number 13)",
    "Whether the adult is satisfied: satisfied",
    "What follows: does not meet the three-point criteria: non-ASP support offered or provided.",
    "10 February 2025: The case was closed (no longer an adult at risk).",
    "What the sources would criticise: 1 open",
    "The report or the end of the inquiry was due by 14 February 2024",
    "and came on 21 February 2024.",
)


def tale(doors: Doors) -> Script:
    """Tell it up to the minutes of the first review; no command is turned away."""
    return ask(doors, TALE)


def year(doors: Doors) -> Script:
    """Tell the whole year; no command is turned away."""
    return ask(doors, YEAR)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Iterator[Reading]:
    """Give the case up to its review, on a database of this test's own."""
    with read_back(request, TALE, tale) as reading:
        yield reading


@pytest.fixture
def whole(request: pytest.FixtureRequest) -> Iterator[Reading]:
    """Give the whole year, likewise."""
    with read_back(request, TALE, year) as reading:
        yield reading


def test_a_well_run_case_raises_nothing_high_on_any_day(told: Reading) -> None:
    """From the referral to the minutes of the first review, and one thing at all at its end.

    The inquiry waited for an order: it came late, and why is recorded, which makes it low.
    """
    assert told.high(days(TALE.first, TALE.last)) == []
    (late,) = told.case.findings(on=TALE.last)
    assert (late["code"], late["severity"]) == ("enquiry_late", "low")


def test_the_case_is_told_as_a_story(told: Reading) -> None:
    """Referral, determination, inquiry, conference, core groups, review, plan, orders: in order."""
    in_order(told.story("--on", TALE.last), *BEGINNING)


def test_the_story_is_told_as_at_a_day(told: Reading) -> None:
    """Before the sheriff granted the ban it was asked for, and the conference had been held."""
    before = told.story("--as-at", "2024-03-07")
    assert "A banning order (section 19) was applied for" in before
    assert "The banning order (section 19) was granted" not in before
    assert "The core group met" not in before


def test_the_minutes_say_what_the_procedure_asks(told: Reading) -> None:
    """Need, risk and protection planning, each agency's agreement, orders, and what comes next.

    And not what was done after it, though it was decided there: the order was applied for in March.
    """
    minutes = told.word("initial conference")
    assert "was applied for" not in minutes
    in_order(
        minutes,
        "Minutes of an initial conference",
        "Chair: Shona Lammer (operations manager, social work), for the council (social work",
        "The adult's own words",
        "I want my own key and nobody else's.",
        "The advocate of Tay Advocacy spoke for the adult, as they asked",
        "What was answered: “The chair said so to the room.”",
        "How the adult was brought in",
        "Arranged: advocate; breaks, or more time; and a quiet space.",
        "The risks were explained to the adult (in person), by Morna Teviot",
        "22 February 2024: Shona Lammer of the council was named as chair. Who was there",
        "14:00 to 15:10.",
        "Independent advocate, Isla Roan (Tay Advocacy) | Attended",
        "A chronology was laid on the table, of several agencies",
        "What the adult needs was assessed: safety at home; food and drink; and money",
        "The risk was assessed at this meeting: high; that it returns is thought very likely.",
        "The adult was found to be at risk of harm; met:",
        "The health board agreed on risk, need and protection planning.",
        "Whether to apply for an order was considered – banning order: to apply.",
        "The next core group is due by 27 March 2024.",
        "The next review is due by 28 May 2024.",
        "An adult support and protection plan was agreed",
        "A new door and a lock, with one key. | Calder Housing | 1 March 2024 | the wish",
        "Action about the person alleged to have caused harm",
        "Morna Teviot was to tell the adult what came of this meeting",
    )


def test_a_core_groups_minutes_say_what_the_plan_achieves(told: Reading) -> None:
    """What works and what does not, in words, action by action; and the next day."""
    in_order(
        told.word("core group 1"),
        "Minutes of a core group",
        "The next core group is due by 24 April 2024.",
        "The core group met: the plan is partly working. “The door is mended;",
        "The action “A new door and a lock, with one key.”: it is working.",
    )


def test_the_pdf_of_a_review_is_tagged_and_says_whether_she_is_at_risk(told: Reading) -> None:
    """The status with its reasons, the plan reviewed, the minutes before."""
    reader = told.pdf("review 1")
    root: Any = reader.trailer["/Root"]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= set(tags(root["/StructTreeRoot"]))
    in_order(
        pdf_text(reader),
        "Minutes of a review conference",
        "The minutes of the meeting before were looked at: agreed as accurate.",
        "The adult was found to be at risk of harm",
        "The order keeps him away, and nothing else yet does.",
        "The adult support and protection plan was reviewed, at this meeting: continues unchanged.",
    )


@pytest.mark.long
def test_the_whole_year_raises_nothing_high_and_one_delay_is_explained(
    whole: Reading,
) -> None:
    """On no day of it, nor in the quarter after; eight core groups, four reviews, one closing."""
    assert whole.high(days(YEAR.first, "2025-05-31")) == []
    names = whole.case.names()
    assert names.count("core-group-held") == len(CORE_GROUPS)
    assert names.count("conference-held") == 1 + len(REVIEWS)
    assert whole.case.summary()["closed_on"] == CLOSED
    in_order(whole.story(), *(BEGINNING[:14]), *ENDING)
    last = whole.word("review 4")
    assert "The adult support and protection plan ended" in last
    assert "is due by" not in last  # nothing comes after a plan that ended
