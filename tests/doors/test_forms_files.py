"""Files of a form: chosen on the page, kept sealed with the case, and never to be chosen twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.forms import limits, sending
from api.identity import Development
from api.problems import Problem
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.filling import Form, Pairs, get_form, problems, send, send_files
from tests.doors.test_erasure import erase

NOTES = b"%PDF-1.7 She said that she wants to stay at home."
FILE = "command.file"
SENT = {FILE: ("Notes of Ann.pdf", NOTES, "application/pdf")}
CONFERENCE = {"kind": "initial", "planned_for": "2026-11-16"}
NEEDS = "record-communication-needs"


def met(doors: Doors) -> tuple[str, str]:
    """Give a case with a conference called."""
    case = doors.case()
    asked = {"command": CONFERENCE}
    answer = doors.post(f"/v1/cases/{case}/convene-conference", asked, version=1)
    assert answer.status_code == 201, answer.text
    return case, answer.json()["made"]["conference"]


def notes_of(doors: Doors, case: str, conference: str) -> tuple[Form, Pairs]:
    """Give the form for the notes of a conference, with the conference chosen."""
    form = get_form(doors, f"/cases/{case}/record/keep-raw-notes")
    return form, form.pairs(command__conference=conference)


def last(doors: Doors, case: str) -> dict[str, Any]:
    """Give what the last entry of a case says, with its name."""
    entry = doors.get(f"/v1/cases/{case}/timeline").json()["entries"][-1]
    return {"name": entry["name"], **entry["data"]}


def given_out(doors: Doors, case: str, document: str) -> tuple[bytes, str]:
    """Give a document of a case, and what it is."""
    answer = doors.get(f"/v1/cases/{case}/documents/{document}")
    assert answer.status_code == 200, answer.text
    return answer.content, answer.headers["content-type"]


def test_a_file_chosen_in_a_form_is_kept_and_named_by_what_is_recorded(shared: Doors) -> None:
    """The notes of a meeting are handed in on the page: sealed, by their digest, and given out."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    assert form.files == [FILE]
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 303, answer.text
    said = last(shared, case)
    assert said["name"] == "raw-notes-kept"
    assert given_out(shared, case, said["document"]) == (NOTES, "application/pdf")
    kept = shared.client.put(
        f"/v1/cases/{case}/documents/{said['document']}",
        content=NOTES,
        headers={"Content-Type": "application/pdf"},
    )
    assert kept.json()["digest"] == said["digest"]


def test_a_file_is_not_to_be_chosen_again_after_a_mistake(shared: Doors) -> None:
    """What was wrong with the form is mended; the file is named, kept, and recorded."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    wrong = [(name, "" if name == "command.conference" else value) for name, value in pairs]
    answer = send_files(shared, form, "record", wrong, SENT)
    assert answer.status_code == 422
    (line,) = problems(answer)
    assert "Choose one" in line
    assert "Kept: " in answer.text
    assert f"Notes of Ann.pdf ({len(NOTES)} bytes)" in answer.text
    again = Form.of(answer)
    done = send_files(shared, again, "record", again.pairs(command__conference=conference), {})
    assert done.status_code == 303, done.text
    assert given_out(shared, case, last(shared, case)["document"])[0] == NOTES


def test_a_file_stays_where_somebody_recorded_first(shared: Doors) -> None:
    """A conflict loses no file: the same form, sent again without one, records it."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    assert shared.post(f"/v1/cases/{case}/{NEEDS}", {"command": {}}, version=2).status_code == 201
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 412
    done = send(shared, Form.of(answer))
    assert done.status_code == 303, done.text
    assert given_out(shared, case, last(shared, case)["document"])[0] == NOTES


def test_a_draft_knows_its_file(shared: Doors) -> None:
    """Saved with a file, opened on another day, recorded: the file is there."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    assert send_files(shared, form, "save", pairs, SENT).status_code == 303
    page = shared.get(f"/drafts/{form.hidden('key')}")
    assert "Notes of Ann.pdf" in page.text
    assert "has no field for any more" not in page.text
    assert send(shared, Form.of(page)).status_code == 303
    assert given_out(shared, case, last(shared, case)["document"])[0] == NOTES


def test_another_file_takes_the_place_of_one_that_was_kept(shared: Doors) -> None:
    """The wrong file is put right by choosing another, or by leaving it out."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    again = Form.of(send_files(shared, form, "keep", pairs, SENT))
    other = {FILE: ("Other.txt", b"Other words.", "text/plain")}
    third = Form.of(send_files(shared, again, "keep", again.pairs(), other))
    answer = send(shared, third, f"put-aside:{FILE}")
    assert "Kept: " not in answer.text
    assert f"{FILE}.digest" not in Form.of(answer).controls
    assert "The other draft" in send(shared, third).text  # the one without the file
    assert given_out(shared, case, last(shared, case)["document"])[0] == b"Other words."


def test_a_form_sent_twice_with_its_file_is_recorded_once(shared: Doors) -> None:
    """Two presses keep one document and record one entry."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    first, second = (send_files(shared, form, "record", pairs, SENT) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]


def test_a_report_has_its_file_and_its_fingerprint(shared: Doors) -> None:
    """Where a command names a document and its content, one file says both."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/receive-agency-report")
    pairs = form.pairs(command__agency="Health Board")
    assert send_files(shared, form, "record", pairs, SENT).status_code == 303
    said = last(shared, case)
    assert said["agency"] == "health-board"
    assert re.fullmatch("[0-9a-f]{64}", said["content"])
    assert given_out(shared, case, said["document"])[0] == NOTES


def test_what_is_handed_out_is_chosen_as_a_file(shared: Doors) -> None:
    """The form of an answer to a request for data keeps the file, and names it by its digest."""
    case, request = shared.case(), "00000000-0000-4000-8000-000000000042"
    asked = {"command": {"request": request}}
    path = f"/v1/cases/{case}/receive-subject-access-request"
    assert shared.post(path, asked, version=1, Holdfast_Role="manager").status_code == 201
    form = get_form(shared, f"/cases/{case}/record/answer-subject-access-request")
    assert FILE in form.files  # beside one for each line of what was given
    pairs = form.pairs(command__request=request, command__outcome="given")
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 303, answer.text
    said = last(shared, case)
    assert said["name"] == "subject-access-request-answered"
    assert re.fullmatch("[0-9a-f]{64}", said["digest"])
    assert given_out(shared, case, said["document"])[0] == NOTES


def test_a_file_and_another_document_are_not_both_taken(shared: Doors) -> None:
    """Whoever chooses a file and names one that is kept already is asked which."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/receive-agency-report")
    pairs = form.pairs(command__agency="police", command__content="a" * 64)
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 422
    (line,) = problems(answer)
    assert 'href="#command-file"' in line
    assert "not both" in line


def test_a_file_that_is_needed_is_asked_for(shared: Doors) -> None:
    """The file is what is missing, and not a number somewhere below it."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/make-disclosure")
    (line,) = [one for one in problems(send(shared, form)) if "file" in one]
    assert line == '<a href="#command-file">What was given: Choose a file.</a>'


def test_a_type_nobody_knows_is_kept_as_bytes(shared: Doors) -> None:
    """What a browser says a file is may be anything: a word that is no type is not kept."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    sent = {FILE: ("x.odd", b"\x00\xff\r\n--x", "application/x-of-ann-example")}
    assert send_files(shared, form, "record", pairs, sent).status_code == 303
    content, media = given_out(shared, case, last(shared, case)["document"])
    assert (content, media) == (b"\x00\xff\r\n--x", "application/octet-stream")


@pytest.mark.parametrize("button", ["record", "save", "keep"])
def test_a_file_that_is_too_large_is_said_at_its_field_and_loses_no_word(
    shared: Doors, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    """All else of the form is there, and kept as a draft; nothing is recorded without the file."""
    monkeypatch.setattr(sending, "MOST_OF_A_FILE", len(NOTES) - 1)
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    answer = send_files(shared, form, button, pairs, SENT)
    assert answer.status_code == (422 if button == "record" else 200)
    (line,) = problems(answer)
    assert 'href="#command-file"' in line
    assert "at most" in line or "up to 32 MB" in line
    assert Form.of(answer).controls["command.conference"].chosen == [conference]
    draft = get_form(shared, f"/drafts/{form.hidden('key')}")
    assert draft.controls["command.conference"].chosen == [conference]
    assert last(shared, case)["name"] == "conference-convened"


def test_an_empty_file_is_said(shared: Doors) -> None:
    """A file with nothing in it is a mistake, said where it was made."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    answer = send_files(shared, form, "record", pairs, {FILE: ("x.pdf", b"", "application/pdf")})
    assert answer.status_code == 422
    assert "There is nothing in this file" in problems(answer)[0]


def test_a_file_is_asked_for_again_where_it_could_not_be_kept(
    shared: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed out meanwhile: the words are in the page, and nothing goes without the file named."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)

    def fails(*_given: object, **_named: object) -> None:
        raise Problem("not-identified")

    with monkeypatch.context() as patched:
        patched.setattr(Development, "actor", fails)
        answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 401
    assert "Notes of Ann.pdf" in answer.text
    again = Form.of(answer)
    assert again.buttons == ["keep"]
    back = Form.of(send(shared, again, "keep"))
    assert back.controls["command.conference"].chosen == [conference]
    assert last(shared, case)["name"] == "conference-convened"
    assert send_files(shared, back, "record", back.pairs(), SENT).status_code == 303


def test_a_file_is_not_kept_for_a_case_that_is_closed_to_whoever_sends_it(shared: Doors) -> None:
    """A restriction holds for what comes in by a form as for what goes out."""
    case, conference = met(shared)
    form, pairs = notes_of(shared, case, conference)
    ground = {"command": {"ground": "accuracy_contested"}}
    path = f"/v1/cases/{case}/restrict-processing"
    assert shared.post(path, ground, version=2).status_code == 201
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 422
    assert "a file is kept with it only where it is open" in answer.text
    assert "What you typed is kept as a draft" in answer.text


def test_a_form_without_a_field_for_a_file_takes_none(shared: Doors) -> None:
    """A file at a place that no form of ours has is refused, and nothing of it is kept."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/{NEEDS}")
    form.files.append("command.elsewhere")
    sent = {"command.elsewhere": SENT[FILE]}
    assert send_files(shared, form, "record", form.pairs(), sent).status_code == 422
    assert last(shared, case)["name"] == "referral-received"


def test_a_file_is_forgotten_with_its_case(doors: Doors) -> None:
    """A document handed in by a form is about the case, and goes with it."""
    case, conference = met(doors)
    form, pairs = notes_of(doors, case, conference)
    assert send_files(doors, form, "record", pairs, SENT).status_code == 303
    document = last(doors, case)["document"]
    erase(doors, case, "case", 3)
    assert doors.get(f"/v1/cases/{case}/documents/{document}").status_code == 404


def test_no_file_lies_anywhere_in_clear(doors: Doors, database: Database, tmp_path: Path) -> None:
    """Neither the file nor its name is written outside what is sealed."""
    case, conference = met(doors)
    form, pairs = notes_of(doors, case, conference)
    large = NOTES * 100_000  # larger than what parsers keep in memory
    sent = {FILE: ("Notes of Ann.pdf", large, "application/pdf")}
    assert send_files(doors, form, "save", pairs, sent).status_code == 303
    for one in tmp_path.rglob("*"):
        assert not one.is_file() or b"stay at home" not in one.read_bytes(), one
    with psycopg.connect(database.conninfo()) as conn:
        (held,) = conn.execute("SELECT sealed FROM record.document").fetchone() or ()
    assert b"stay at home" not in bytes(held)


# ------------------------------------------------------------------- how much a form may hold


def test_the_limits_are_said_before_anybody_meets_them(shared: Doors) -> None:
    """How long a text may be stands on the form, and how large a file at its field."""
    page = shared.get(f"/cases/{shared.case()}/record/keep-raw-notes").text
    assert "100,000 characters" in page
    assert "At most 32 MB" in page


def test_long_minutes_are_kept_also_where_one_of_their_texts_is_too_long(shared: Doors) -> None:
    """Four megabytes of words come back with what is wrong at the field, and are a draft."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    words = "Müller said: “no”. " * 100_000
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=words)
    answer = send(shared, form, "record", pairs)
    assert answer.status_code == 422
    assert "at most 100,000 characters" in problems(answer)[0]
    assert Form.of(answer).controls["command.text"].value == words
    draft = get_form(shared, f"/drafts/{form.hidden('key')}")
    assert draft.controls["command.text"].value == words


@pytest.mark.parametrize("with_file", [False, True])
def test_what_is_larger_still_is_answered_by_a_page_that_says_how_nothing_is_lost(
    shared: Doors, *, with_file: bool
) -> None:
    """Neither a broken connection nor figures for machines: go back, the browser has the words."""
    case = shared.case()
    name = "receive-agency-report" if with_file else "annotate-entry"
    form = get_form(shared, f"/cases/{case}/record/{name}")
    field = "command.summary" if with_file else "command.text"
    words = "x" * (limits.MOST_OF_A_FORM + 1)
    pairs = [(one, words if one == field else value) for one, value in form.pairs()]
    answer = (
        send_files(shared, form, "record", pairs, SENT)
        if with_file
        else send(shared, form, "record", pairs)
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "go back with its Back button" in answer.text
    assert last(shared, case)["name"] == "referral-received"


def test_a_file_too_large_still_has_its_words_beside_it(shared: Doors) -> None:
    """Forty megabytes are read to their end, and what was typed after the file is kept."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/receive-agency-report")
    sent = {FILE: ("film.mp4", bytes(40 << 20), "video/mp4")}
    pairs = form.pairs(command__agency="police", command__summary="What it shows.")
    answer = send_files(shared, form, "record", pairs, sent)
    assert answer.status_code == 422
    assert "This file is too large" in problems(answer)[0]
    assert Form.of(answer).controls["command.summary"].value == "What it shows."
