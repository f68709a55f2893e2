"""At the doors too, a later correction takes back of an earlier one only what it speaks of."""

from __future__ import annotations

import re

from tests.doors.conftest import Cli, Doors
from tests.doors.test_decisions import MANAGER, a_case, register, sent


def test_the_register_the_timeline_and_the_story_agree(cli: Cli, doors: Doors) -> None:
    """Withdrawn, then a field put right: withdrawn still, by the correction that did it (I12)."""
    case = a_case(doors)
    gone = {"target": 2, "reason": "entered_wrongly", "withdrawn": True}
    by = sent(doors, case, "correct-record", 6, gone, **MANAGER)["positions"][0]
    more = {
        "target": 2,
        "supersedes": 7,
        "reason": "entered_wrongly",
        "fields": ["rationale"],
        "understood": "Three carers in one week.",
    }
    last = sent(doors, case, "correct-record", 7, more, **MANAGER)["positions"][0]

    duty = register(doors)["decisions"][0]
    assert (duty["withdrawn"], duty["corrected_by"]) == (True, last)
    timeline = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    (entry,) = [one for one in timeline if one["name"] == "section42-duty-decided"]
    assert (entry["withdrawn"], entry["corrected_by"]) == (True, last)
    story = " ".join(cli("case", "show", case, "--role", "manager").out.split())
    assert f"withdrawn since, see [{by}]" in story

    page = doors.get(f"/cases/{case}").text
    assert re.search(rf'<strong>Withdrawn</strong> since: see <a href="[^"]*#entry-{by}">', page)

    back = {
        "target": 2,
        "supersedes": 8,
        "reason": "entered_wrongly",
        "understood": "It was decided so.",
    }
    sent(doors, case, "correct-record", 8, back, **MANAGER)
    assert not register(doors)["decisions"][0]["withdrawn"]


def test_a_correction_that_says_nothing_is_answered_so(cli: Cli, doors: Doors) -> None:
    """With a reason alone it changes nothing, and whoever made it is told, as is the story."""
    case = a_case(doors)
    bare = {"target": 2, "reason": "wrong_date"}
    answer = sent(doors, case, "correct-record", 6, bare, **MANAGER)
    assert [one["code"] for one in answer["notes"]] == ["corrects-nothing"]
    story = " ".join(cli("case", "show", case, "--role", "manager").out.split())
    assert "What is now understood is not recorded." in story
    whole = {**bare, "supersedes": 7, "occurred": "2025-01-07"}
    assert not sent(doors, case, "correct-record", 7, whole, **MANAGER)["notes"]
    named = {**whole, "supersedes": 8, "occurred": None, "fields": ["purpose"], "understood": "No."}
    sent(doors, case, "correct-record", 8, named, **MANAGER)
    back = {**bare, "supersedes": 9}  # that a field was wrong is taken back, which is something
    assert not sent(doors, case, "correct-record", 9, back, **MANAGER)["notes"]
    again = {**bare, "supersedes": 10}
    assert sent(doors, case, "correct-record", 10, again, **MANAGER)["notes"]
