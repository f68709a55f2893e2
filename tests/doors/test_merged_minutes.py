"""Minutes and documents of a case that is read in another: opened in both, traced in both."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from docx import Document

from api.office import Office
from domain.words import Code
from tests.conftest import Database
from tests.doors import case_in_england
from tests.doors.conftest import Cli, Doors
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Script, an_office

_MANAGER = {"Holdfast-Role": "manager"}


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give an English office whose clock stands on the day of the referral."""
    with an_office(database, tmp_path, "england", case_in_england.RECEIVED) as opened:
        yield opened


def merged(case: Script) -> str:
    """Merge the case told into another of the same adult; give the leading one."""
    leading = case.doors.case(case.adult)
    case.ask("merge-case", by="manager", other=leading, reason="one_adult")
    return leading


def asked(case: Script, path: str, **headers: str) -> Any:  # noqa: ANN401 — a test client's answer
    """Read something as a manager."""
    return case.doors.client.get(path, headers={**_MANAGER, **headers})


def minutes_of(case: Script, reference: str) -> str:
    """Give the address of the minutes of the meeting told, in a case."""
    return f"/v1/cases/{reference}/conferences/{case.refs['initial']}/minutes?format=docx"


def text_of(content: bytes) -> str:
    """Give every paragraph of a Word file but the last, which names what the file rests on."""
    *told, rests = [one.text for one in Document(io.BytesIO(content)).paragraphs]
    assert "/cases/1" in rests
    return "\n".join(told)


def last_look(doors: Doors) -> tuple[str, set[str]]:
    """Give the case and the cases that the last reading names."""
    last = doors.readings()[-1]
    return str(last.case), {str(one) for one in last.cases}


def test_the_minutes_of_a_merged_case_are_opened_in_the_leading_one(tell: Tell) -> None:
    """They say the same, and whose they are; both cases were looked at; unmerged they are gone."""
    case = tell(case_in_england.met)
    own = text_of(asked(case, minutes_of(case, case.case)).content)
    leading = case.doors.case(case.adult)
    assert asked(case, minutes_of(case, leading)).status_code == 404
    case.ask("merge-case", by="manager", other=leading, reason="one_adult")

    answer = asked(case, minutes_of(case, leading))
    assert answer.status_code == 200, answer.text
    assert last_look(case.doors) == (leading, {leading, case.case})
    said = f"Of what was recorded in case {case.case[:8]}, which is read in this one."
    assert said in text_of(answer.content)
    assert text_of(answer.content).replace(f"{said}\n", "") == own
    assert text_of(asked(case, minutes_of(case, case.case)).content) == own
    assert last_look(case.doors) == (case.case, set())

    case.ask("unmerge-case", by="manager", other=leading)
    assert asked(case, minutes_of(case, leading)).status_code == 404
    assert asked(case, minutes_of(case, case.case)).status_code == 200


def test_a_restriction_of_either_closes_the_minutes_of_both(tell: Tell) -> None:
    """While one of the two is restricted, the minutes open in neither but for a few (I16)."""
    case = tell(case_in_england.met)
    leading = merged(case)
    case.ask("restrict-processing", by="manager", ground="accuracy_contested")
    for one in (leading, case.case):
        assert asked(case, minutes_of(case, one)).status_code == 403
        through = {"Holdfast-Purpose": "legal_claim"}
        assert asked(case, minutes_of(case, one), **through).status_code == 200


def test_a_document_of_a_merged_case_is_opened_in_the_leading_one(tell: Tell) -> None:
    """What an entry read here names is opened here, and once unmerged no longer."""
    case = tell(case_in_england.met)
    office, about = case.doors.office, UUID(case.case)
    notes = case.ask("keep-raw-notes", by="minute_taker", conference=case.refs["initial"])
    number = UUID(notes["document"])
    office.documents.keep(
        number,
        b"As she said it.",
        "text/plain",
        case=about,
        about=[about],
        by=office.system_actor,
        purpose=Code("safeguarding"),
    )
    leading = merged(case)
    path = f"/v1/cases/{leading}/documents/{number}"
    answer = asked(case, path)
    assert (answer.status_code, answer.content) == (200, b"As she said it.")
    assert last_look(case.doors) == (leading, {leading, case.case})
    case.ask("unmerge-case", by="manager", other=leading)
    assert asked(case, path).status_code == 404


def test_what_an_entry_of_a_merged_case_names_is_found_from_the_leading_one(tell: Tell) -> None:
    """The entry that permits a copy is the other case's, by its position; the page says it too."""
    case = tell(case_in_england.met)
    permitting = case.entry("adult-representative-nominated")["position"]
    by_chair = case.entry("release-permitted")["position"]  # of whoever was away
    leading = merged(case)
    told = asked(case, f"/v1/cases/{leading}/timeline?limit=500").json()["entries"]
    (sent,) = [one for one in told if one["name"] == "minutes-circulated"]
    assert sent["case"] == case.case
    assert sent["names"] == {
        "recipients[2].authority": by_chair,
        "recipients[4].authority": permitting,
    }
    assert (
        sent["data"]["recipients"][4]["authority"] == case.versions["nominate-adult-representative"]
    )
    page = asked(case, f"/cases/{leading}?entry={sent['position']}").text
    assert f"position {permitting}" in page


def test_the_page_of_the_leading_case_leads_to_the_minutes(tell: Tell) -> None:
    """Its page names each meeting with whose it is, and leads to the file."""
    case = tell(case_in_england.met)
    leading = merged(case)
    page = asked(case, f"/cases/{leading}")
    at = f"/cases/{leading}/conferences/{case.refs['initial']}/minutes"
    assert f'href="{at}?format=pdf"' in page.text
    assert f"recorded in case {case.case[:8]}, which is read in this one" in page.text
    file = asked(case, f"{at}?format=docx")
    assert file.content == asked(case, minutes_of(case, leading)).content
    assert last_look(case.doors) == (leading, {leading, case.case})
    assert asked(case, f"{at}?format=odt").status_code == 422


def test_the_command_line_opens_and_tells_what_is_read_in_a_case(
    doors: Doors, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is that of the interface, a kept draft too; the story tells the other's meeting."""
    case = case_in_england.met(doors)
    leading = merged(case)
    answer = asked(case, minutes_of(case, leading))
    expected, basis = answer.content, answer.headers["Holdfast-Basis"]
    monkeypatch.setattr("api.office.SystemClock", lambda: doors.office.clock)
    file = tmp_path / "minutes.docx"
    words = ["minutes", leading, case.refs["initial"], str(file), "--role", "manager"]
    said = cli(*words, "--keep", "--basis", basis)
    assert said.code == 0, said.err
    assert file.read_bytes() == expected
    assert last_look(doors) == (leading, {leading, case.case})

    told = cli("case", "show", leading, "--role", "manager")
    assert told.code == 0, told.err
    other = f"case {case.case[:8]}"
    assert f"It is read with {other}" in told.out
    assert f"of {other}, which is read in this one, held on" in " ".join(told.out.split())
    assert f"recorded in {other}" in told.out
    assert "She wants Leo told and not punished." in " ".join(told.out.split())
    looked = {str(one.what) for one in doors.readings()[-2:]}
    assert looked == {"chronology", "findings"}
    assert last_look(doors) == (leading, {leading, case.case})
    own = cli("case", "show", case.case, "--role", "manager")
    assert "read with" not in own.out
