"""A complete English conference in two parts, asked through the API and read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.conftest import Doors
from tests.doors.scripted import Script
from tests.doors.scripts.asked import ask
from tests.doors.scripts.england_case import TALE
from tests.doors.scripts.england_conference import CONSIDERED, CONSIDERED_APART
from tests.doors.scripts.england_minutes import SPOKEN, UNSHARED
from tests.doors.scripts.reading import Reading, days, in_order, pdf_text, read_back, tags, withheld

# What a reader has to be told, in this order.
STORY = (
    "The adult is Nora Pellow.",
    "1. How it came in",
    "6 January 2025: A safeguarding concern was received by telephone.",
    "Cash of 1,140 pounds was drawn with her card in December.",
    "2. What was decided",
    "The section 42 decision: section 42 enquiry.",
    "3. The safeguarding enquiry",
    "Who is alleged to have caused the harm",
    "I want to stay in my own home and I want my money where I can see it.",
    "has capacity, as assessed by Oona Strake",
    "28 January 2025: The enquiry report was handed in by Oona Strake",
    "4. Initial conference (number 1), held on 10 February 2025",
    "Called and prepared",
    "“Femi Adair” was invited as chair, for the council, to parts 1 and 2.",
    "“Detective Sergeant Dilys Marr” was invited for the police, to parts 1 and 2.",
    "“Sunniva Hale” was invited as another health professional of the health trust",
    "Part 1 was planned (it may compromise a future criminal investigation)",
    "Whether Ivor Pellow (family member) comes was decided: may attend a part",
    "How the reports may be used was settled by Femi Adair: for those attending only",
    "Who came",
    "A part of it was held.",
    "Part 1 (it may compromise a future criminal investigation), for professionals only",
    "Dr Anselm Roe (GP of the Larkfield practice): apology.",
    "Part 2 (the part the adult attends)",
    "Ivor Pellow (family member): attended.",
    "What was heard",
    "The adult spoke for themself",
    "What was found and decided",
    "On the allegation of neglect and acts of omission: substantiated",
    "Who differed: “Meadow Home Care holds",
    "On the allegation of financial or material abuse: inconclusive",
    "Where each agency stood",  # on what was decided, which a reader knows by then
    "Meadow Home Care disagreed with what was decided.",
    "The manager of Meadow Home Care differed.",
    "The police agreed on risk, need and protection planning.",
    "5. Review conference (number 2)",
    "The review conference (number 2 of this case) was called for 24 March 2025, with",
    "6. The plan, and who does what",
    "She chose the hour, and struck out a key safe she did not want.",
    "7. About the person alleged to have caused harm",
    "The criminal proceedings ended: not brought: insufficient evidence",
    "8. The minutes, and who got them",
    "The notes taken at the initial conference (number 1) were kept (handwritten)",
    "To another health professional of the health trust (secure e-mail).",
    "To the police (secure e-mail).",
    "To the manager of Meadow Home Care.",
    "Femi Adair stood by passages 1, 2, 3, 4 and 5",
    "asked for the minutes of the initial conference (number 1) to be amended (passage 5)",
    "Femi Adair accepted the amendment asked for",
    "Femi Adair approved the minutes",
    "Left out: passage 2 – about a third party, as Femi Adair decided.",
    "To Dr Anselm Roe (GP of the Larkfield practice) (secure e-mail), of the minutes approved on",
    "; with the report of",
    "To Ivor Pellow (family member), of part 2 (post), of the minutes approved on",
    " – the adult's permission",
    "9. What people were told",
    "The adult raised an issue – the plan: “Nine is too early.",
    "The issue raised was answered by Femi Adair: something was changed.",
    "11. How it ended",
    "Whether the adult is satisfied: satisfied, said by the adult.",
    "7 April 2025: The case was closed (risk reduced and accepted).",
    "What the sources would criticise: 1 open",
    "Low: An action was due by 3 March 2025 and came on 17 March 2025. A reason is recorded.",
    "The relative admitted is recorded as alleged to have caused harm.",
)


def tale(doors: Doors) -> Script:
    """Tell it whole; no command is turned away."""
    return ask(doors, TALE)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Iterator[Reading]:
    """Give the case at its end, on a database of this test's own."""
    with read_back(request, TALE, tale) as reading:
        yield reading


def test_a_well_run_case_raises_nothing_high_on_any_day(told: Reading) -> None:
    """From the concern to three months after the closing; and what was raised was answered."""
    assert told.high(days(TALE.first, "2025-07-07")) == []
    assert {one["severity"] for one in told.case.findings()} <= {"low", "medium"}
    answered = {one["code"] for one in told.case.findings() if one["answer"] is not None}
    assert answered == {"family_alleged"}


def test_the_case_is_told_as_a_story(told: Reading) -> None:
    """How it came in, was decided, prepared, heard, agreed, told, and how it ended: in order."""
    in_order(told.story(), *STORY)


def test_the_story_is_told_as_at_on_as_of_and_known_to(told: Reading) -> None:
    """By a day recorded, by the day judged by, by the day it was true, by what an agency knew."""
    before = told.story("--as-at", "2025-01-08")
    assert "The section 42 decision" in before
    assert "recorded on 8 January 2025" in before
    assert "The adult was seen" not in before
    judged = told.story("--as-at", "2025-02-11", "--on", "2025-05-01")
    assert "judged on 1 May 2025" in judged
    assert "The minutes were due" in judged
    assert "The minutes were due" not in told.story("--as-at", "2025-02-11")
    as_of = told.story("--as-of", "2025-02-09")
    assert "The Initial conference" not in as_of
    assert "The adult was invited" in as_of
    assert "The conference was held" not in as_of
    theirs = told.story("--known-to", "police", "--on", "2025-02-01")
    assert "The enquiry report was handed in" in theirs
    assert "I want to stay in my own home" not in theirs


def test_the_story_is_refused_where_it_is_asked_for_wrongly(told: Reading) -> None:
    """A day that has not come, a role that reads no case, a case there is not: code 2, and why."""
    case = told.case.case
    for words, said in (
        (("--as-at", "2199-01-01"), "as-at"),
        (("--on", "soon"), "--on"),
        (("--as-of", "2025-02-30"), "--as-of"),
    ):
        answer = told.show("case", "show", case, "--role", "manager", *words)
        assert answer.code == 2, words
        assert said in answer.err
    assert told.show("case", "show", case, "--role", "analyst").code == 2
    nobodys = "00000000-0000-4000-8000-00000000000f"
    assert told.show("case", "show", nobodys, "--role", "manager").code != 0


def test_the_minutes_say_what_the_procedure_asks(told: Reading) -> None:
    """Who led and was there, her words, reports in confidence, findings, plan, who tells whom."""
    text = told.word("conference")
    in_order(
        text,
        "Minutes of an initial conference",
        "Confidential: for those it is sent to. Ask the chair before showing it to anybody else.",
        "held on 10 February 2025, in 2 parts.",
        "About Nora Pellow.",
        "Chair: Femi Adair (independent chair), for the council (social work or social care).",
        "Minutes taken by: Lowri Penn.",
        "Place: The quiet room of the Larkfield Library",
        "Femi Adair approved the minutes of this meeting on 17 February 2025;",
        "The adult's own words",
        "9 January 2025: The adult was asked what they want, and a wish was recorded",
        "I am not frightened of him. I am frightened of being moved.",
        "What was answered: “The meeting made both the aim of the plan.”",
        "How the adult was brought in",
        "6 January 2025: What the adult needs to communicate was recorded: hearing loop",
        "Capacity was considered – decisions about own safety: has capacity",
        "Advocacy was considered: offered and declined.",
        "what it is for was explained, and they were told who would come",
        "arranged: accessible venue; transport; and breaks, or more time",
        "The risks were explained to the adult (in person), by Oona Strake",
        "Femi Adair of the council was named as chair – independent. They stand outside",
        "Who was there",
        "Whether Ivor Pellow (family member) comes was decided",
        "Dr Anselm Roe (GP of the Larkfield practice) sent apologies.",
        "Who was there: part 1",
        "10:00 to 10:50. For professionals only.",
        "Other health professional, Sunniva Hale (Health trust) | Attended | Yes",
        "Who was there: part 2",
        "The adult, Nora Pellow | Attended |",
        "Family member, Ivor Pellow | Attended",
        "Reports",
        "How the reports may be used was settled by Femi Adair",
        "Dr Anselm Roe (GP of the Larkfield practice) contributed in writing.",
        "Findings",
        "On the allegation of neglect and acts of omission: substantiated",
        "Alleged: neglect and acts of omission; source of risk – known: relative",
        "Decisions",
        "A further conference is needed, by 24 March 2025.",
        "The plan",
        "Coordinated by Oona Strake",
        "If things go wrong: “If a morning is missed",
        "To be given to the care provider Meadow Home Care: their own actions only.",
        "The trust's nurse gives the tablets at nine each morning. | Health trust | 12 February",
        "Action about the person alleged to have caused harm",
        "Who tells whom",
        "Whom the adult can turn to if they do not agree was named",
        "Who has these minutes",
        "Manager of an agency involved, Petra Lisle (Meadow Home Care) | 18 February 2025 |",
        "The adult, Nora Pellow | 18 February 2025 | Approved on 17 February 2025 | Part 2",
        "| Part 1: a part the recipient did not",
    )
    assert "To be reviewed on 24 March 2025." in text
    assert "It is due for review by 24 March 2025." not in text  # which is that day
    assert " · " not in text  # no field with its name: sentences
    assert "She said what could happen if nothing changes" not in text  # how that was found
    assert "Capacity was considered" not in told.word("review")  # nothing new of it


def test_the_considerations_stand_in_their_order(told: Reading) -> None:
    """All nineteen, with what became of each and what was said; one is said where none is."""
    text = told.word("conference")
    in_order(text, *(f" | Considered, and a decision made | {said}" for _, said in CONSIDERED))
    in_order(
        text, "1 | The report of the enquiry |", "19 | Whether a further conference is required"
    )


def test_advice_that_is_privileged_stands_in_no_copy(told: Reading) -> None:
    """That it was given is said, and that it is privileged; what it was is not (R72)."""
    text = told.word("conference")
    assert "Legal advice was given to the council (it is privileged)." in text
    assert "there is nothing to apply for" not in text


def test_a_copy_of_the_second_part_has_nothing_of_the_first(told: Reading) -> None:
    """What is withheld says so, its ground and who decided, in Word as in PDF; the words go."""
    number = told.case.versions["produce-redacted-copy"]
    copy: dict[str, int] = {"part": 2, "copy": number}
    whole, pdf = told.word("conference"), pdf_text(told.pdf("conference", **copy))
    for text in (told.word("conference", **copy), pdf):
        for words in (
            UNSHARED,
            "The police said what the bank holds",
            "may compromise a future criminal investigation",
            "The police have not yet decided",
            "Criminal proceedings were considered",
            "The police speak with him",
            "Decided apart from the plan",
            "Ivor Pellow (the person alleged to have caused harm)",
            "So far he was only asked not to give the tablets.",
            "Whether a deputy could be asked for",
            "Whether the bank holds pictures from the machine.",
            "The council's lawyer advised in the first part.",
            "not what the police asked the bank",
            "They are alleged to have caused harm",
        ):
            assert words in whole, words
            assert words not in text, words
        assert withheld("a part the recipient did not attend", "Femi Adair") in text
        assert f"2. {withheld('about a third party', 'Femi Adair')}" in text
        ground = withheld(None, "Judith Vane")
        assert "compromise a criminal investigation" not in text  # it would tell him of one
        assert ground in text
        assert f"About the person alleged to have caused harm: w{ground[1:]}" in text
        assert f"Whether they are alleged to have caused harm: w{ground[1:]}" in text
        assert "alleged to have caused harm is not known" not in text
        assert SPOKEN in text
        for item, words in CONSIDERED:
            assert (words in text) is (item not in CONSIDERED_APART), words
        assert "I will come if Bet comes with me" in text


def test_the_pdf_is_tagged_and_says_the_same(told: Reading) -> None:
    """Headings, lists and tables are tagged; its words are those of the Word file."""
    reader = told.pdf("conference")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    kinds = set(tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/L", "/LI"} <= kinds
    text = "".join(pdf_text(reader).split())
    for line in told.word("conference").splitlines():
        for cell in line.split(" | "):
            words = "".join(cell.split())
            assert words in text, cell


def test_minutes_of_the_review_look_back_at_those_before(told: Reading) -> None:
    """The minutes before are considered, the plan looked at, and its end given its reason."""
    in_order(
        told.word("review"),
        "Minutes of a review conference",
        "Looking back at the wish “I want to stay in my own home and I want my money where I can"
        " see it.”: fully achieved, said the adult.",
        "Whether the adult is satisfied: satisfied, said by the adult.",
        "The minutes of the meeting before were looked at: agreed as accurate.",
        "The safeguarding plan was reviewed, at this meeting: to be ended.",
        "The safeguarding plan ended (continues in care management).",
    )
