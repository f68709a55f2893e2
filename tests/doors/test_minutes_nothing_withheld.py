"""A copy for a part says that something is withheld where something is, and nowhere else (R165)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors import case_in_england
from tests.doors.retold import Tell, telling
from tests.doors.test_minutes import a_word_file, asked, text_of

TITLE = "Action about the person alleged to have caused harm"
ABOUT = "Withheld: a part the recipient did not attend."


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 — as in `test_minutes`
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


def test_no_action_about_whoever_is_alleged_is_no_line(tell: Tell) -> None:
    """Where none is recorded there is no section, and the agenda says that nothing is recorded."""
    case = tell(case_in_england.met)
    gone: Any = {"target": case.versions["decide-pach-action"], "reason": "entered_wrongly"}
    case.ask("correct-record", by="manager", withdrawn=True, **gone)
    document = a_word_file(asked(case, format="docx", part=2).content)
    titles = [one.text for one in document.paragraphs if one.style and "Heading" in one.style.name]
    assert not any(one.startswith(TITLE) for one in titles), titles
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    about = [row for row in rows if any("alleged" in cell for cell in row[:2])]
    assert not any("withheld" in cell.lower() for row in about for cell in row), about

    harm: dict[str, Any] = {"conference": case.refs["initial"], "kind": "support"}
    case.ask("decide-pach-action", by="chair", part=1, description="He is to be asked.", **harm)
    text = text_of(a_word_file(asked(case, format="docx", part=2).content))
    assert f"{TITLE}: part 1\n{ABOUT}" in text
    case.ask("decide-pach-action", by="chair", description="Leo is to be told.", **harm)
    text = text_of(a_word_file(asked(case, format="docx", part=2).content))
    assert f"{TITLE}\n{ABOUT}" in text
    assert f"{TITLE}: part" not in text  # said of the whole section


def test_no_action_at_whoever_is_alleged_is_in_the_adults_copy(tell: Tell) -> None:
    """Agreed alone, in a plan, or of a body that bars people: each is withheld (R78, R100)."""
    case = tell(case_in_england.met)
    here: dict[str, Any] = {"conference": case.refs["initial"]}
    alone, added, watched = "Leo is arrested on Friday.", "Leo loses his keys.", "Leo is watched."
    against: dict[str, Any] = {"kind": "safety", "target": "pach", "owner": "police"}
    case.ask("agree-action", by="chair", description=alone, **here, **against)
    case.ask("agree-action", by="chair", description=added, **here, kind="against", target="adult")
    listed = {"kind": "against", "target": "pach", "description": watched}
    plan: Any = {"plan": case.refs["plan"], "version": 2, "origin": "imported"}
    case.ask("revise-plan", by="chair", **here, **plan, terms={"actions": [listed]})
    barred: Any = {"body": "barring", "decision": "make", "rationale": "Leo is to be barred."}
    case.ask("decide-regulatory-referral", by="chair", **here, **barred)
    every = (alone, added, watched, barred["rationale"])
    whole = text_of(a_word_file(asked(case, format="docx").content))
    hers = text_of(a_word_file(asked(case, format="docx", part=2).content))
    for said in every:
        assert said in whole, said
        assert said not in hers, said
    document = a_word_file(asked(case, format="docx").content)
    tables = [[row.cells[1].text for row in one.rows] for one in document.tables]
    (planned,) = [one for one in tables if any(watched in cell for cell in one)]
    assert not any(alone in cell for cell in planned)  # it stands apart from the plan
