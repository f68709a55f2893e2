"""Drafts: kept sealed for whoever wrote them, and forgotten with whoever they are about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.doors.filling import FORM, Form, get_form, problems, send
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase
from tests.doors.test_erasure_whole import sent_about_adult

WORDS = "Unmistakable words of hers."
ANOTHER = {"Holdfast_Worker": "another"}


def begun(doors: Doors, case: str, text: str = WORDS, **headers: str) -> Form:
    """Begin a note on a case's first entry, and save it for later."""
    form = get_form(doors, f"/cases/{case}/record/annotate-entry", **headers)
    pairs = form.pairs(command__target="1", command__text=text)
    answer = send(doors, form, "save", pairs, **headers)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/drafts?saved=yes"
    return form


def listed(doors: Doors, **headers: str) -> list[str]:
    """Give the drafts that somebody is shown."""
    page = doors.get("/drafts", **headers).text
    return re.findall(r'href="/drafts/([0-9a-f-]{36})"', page)


def rows(database: Database) -> list[tuple[Any, ...]]:
    """Give all that the database holds of drafts."""
    with psycopg.connect(database.conninfo()) as conn:
        return conn.execute("SELECT * FROM desk.draft").fetchall()


def test_a_draft_is_opened_as_it_was_left_and_goes_when_it_is_recorded(shared: Doors) -> None:
    """Saved, listed, opened with every word, recorded, and gone from the list."""
    case = shared.case()
    form = begun(shared, case)
    key = form.hidden("key")
    assert key in listed(shared)
    again = get_form(shared, f"/drafts/{key}")
    assert again.hidden("key") == key
    assert again.controls["command.text"].value == WORDS
    assert again.controls["command.target"].chosen == ["1"]
    done = send(shared, again, "record", again.pairs(command__kind="supplementary"))
    assert done.status_code == 303, done.text
    assert key not in listed(shared)
    assert shared.get(f"/drafts/{key}").status_code == 404


def test_what_is_sent_with_a_problem_is_kept_too(shared: Doors) -> None:
    """A form that could not be recorded is a draft, without asking for it."""
    form = get_form(shared, f"/cases/{shared.case()}/record/annotate-entry")
    answer = send(shared, form, "record", form.pairs(command__text=WORDS))
    assert problems(answer)
    again = get_form(shared, f"/drafts/{form.hidden('key')}")
    assert again.controls["command.text"].value == WORDS


def test_a_draft_is_nobody_elses(shared: Doors) -> None:
    """Another worker is shown none of it, cannot open it, and cannot discard it."""
    form = begun(shared, shared.case())
    key = form.hidden("key")
    assert key not in listed(shared, **ANOTHER)
    assert shared.get(f"/drafts/{key}", **ANOTHER).status_code == 404
    for worker in ("another", ""):
        headers = {"Content-Type": FORM} | ({"Holdfast-Worker": worker} if worker else {})
        answer = shared.client.post(f"/drafts/{key}/discard", content="token=x", headers=headers)
        assert answer.status_code == 403
    assert key in listed(shared)


def test_a_draft_is_discarded_once_it_was_asked_again(shared: Doors) -> None:
    """Discarding asks first, since nothing brings the words back; then nothing is left."""
    form = begun(shared, shared.case())
    key = form.hidden("key")
    form = get_form(shared, f"/drafts/{key}")
    asked = send(shared, form, "discard", form.pairs(command__text=WORDS))
    assert asked.status_code == 200
    assert "Discard what you typed?" in asked.text
    assert key in listed(shared)
    back = send(shared, Form.of(asked), "keep")
    assert Form.of(back).controls["command.text"].value == WORDS
    gone = send(shared, Form.of(asked), "discard-now")
    assert gone.status_code == 303
    assert key not in listed(shared)


def test_the_list_discards_a_draft(shared: Doors) -> None:
    """The list has a form for each draft, with a token of its own."""
    key = begun(shared, shared.case()).hidden("key")
    page = shared.get("/drafts").text
    found = re.search(rf'action="/drafts/{key}/discard">\s*<input[^>]*value="(\w+)"', page)
    assert found is not None
    here, token = f"/drafts/{key}/discard", f"token={found[1]}"
    headers = {"Content-Type": FORM}
    foreign = headers | {"Origin": "https://elsewhere.example"}
    assert shared.client.post(here, content=token, headers=foreign).status_code == 403
    assert key in listed(shared)
    shared.client.post(here, content=token, headers=headers)
    assert key not in listed(shared)


def test_two_pages_of_one_draft_lose_nothing_of_each_other(shared: Doors) -> None:
    """What the second saves, changes or records is beside what the first saved, and says so."""
    case = shared.case()
    key = begun(shared, case).hidden("key")
    one, two, three = (get_form(shared, f"/drafts/{key}") for _ in range(3))
    assert send(shared, one, "save", one.pairs(command__text="One.")).status_code == 303
    saved = send(shared, two, "save", two.pairs(command__text="Two."))
    again = send(shared, two, "save", two.pairs(command__text="Two."))
    assert saved.headers["location"] == again.headers["location"]
    page = shared.get(saved.headers["location"]).text
    assert f'<a href="/drafts/{key}">the other one</a>' in page
    kept = send(shared, three, "keep", three.pairs(command__text="Three."))
    assert f'<a href="/drafts/{key}">the other one</a>' in kept.text
    own = Form.of(kept)
    done = send(shared, own, "save", own.pairs(command__text="Three, and more."))
    assert done.headers["location"] == "/drafts?saved=yes"
    texts = {
        get_form(shared, f"/drafts/{each}").controls["command.text"].value
        for each in listed(shared)
        if shared.get(f"/drafts/{each}").text.count(case)
    }
    assert texts == {"One.", "Two.", "Three, and more."}
    recorded = send(shared, three, "record", three.pairs(command__kind="context"))
    assert recorded.status_code == 200
    assert f'<a href="/drafts/{key}">The other draft</a>' in recorded.text
    assert get_form(shared, f"/drafts/{key}").controls["command.text"].value == "One."


def test_a_draft_says_what_was_recorded_since(shared: Doors) -> None:
    """A draft of yesterday is opened beside what somebody recorded today."""
    case = shared.case()
    key = begun(shared, case).hidden("key")
    path = f"/v1/cases/{case}/record-communication-needs"
    assert shared.post(path, {"command": {}}, version=1).status_code == 201
    answer = shared.get(f"/drafts/{key}")
    assert "Somebody recorded first" in answer.text
    assert "What the adult needs to communicate" in answer.text
    assert Form.of(answer).controls["command.text"].value == WORDS


def test_a_draft_lies_sealed_and_outlives_the_process(database: Database, tmp_path: Path) -> None:
    """Another start opens it; the database has no word of it, and the log nothing at all."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as first, opened_doors(first) as doors:
        case = doors.case()
        tail = doors.office.record.log.tail()
        key = begun(doors, case).hidden("key")
        assert doors.office.record.log.tail() == tail
    ((*_clear, sealed),) = rows(database)
    assert WORDS.encode() not in bytes(sealed)
    assert "Unmistakable" not in str(_clear)
    with Office(settings) as second, opened_doors(second) as doors:
        assert get_form(doors, f"/drafts/{key}").controls["command.text"].value == WORDS


@pytest.mark.parametrize("scope", ["case", "person", "passage"])
def test_a_draft_is_forgotten_with_whoever_it_is_about(
    doors: Doors, database: Database, scope: str
) -> None:
    """Erasing a case, its adult, or a passage takes every draft about it, at once and for good."""
    adult = doors.person(name="Ann Example")
    case, other = doors.case(adult), doors.case()
    key = begun(doors, case).hidden("key")
    beside = begun(doors, other).hidden("key")
    erase(doors, case, scope, 1, **({"target": 1} if scope == "passage" else {}))
    assert [str(one[0]) for one in rows(database)] == [beside]
    assert listed(doors) == [beside]
    assert doors.get(f"/drafts/{key}").status_code == 404


def test_a_draft_elsewhere_is_left_by_what_goes_along_with_a_case(doors: Doors) -> None:
    """A case takes the drafts in it; not those of a person whom a line that it takes is about."""
    adult = str(doors.person(name="Ann Example"))
    other = str(doors.case(adult))
    case = sent_about_adult(doors, str(doors.case(adult)), adult)
    inside = begun(doors, case).hidden("key")
    beside = begun(doors, other).hidden("key")
    details = get_form(doors, f"/persons/{adult}/record/record-person-details")
    assert send(doors, details, "save", details.pairs()).status_code == 303
    left = {beside, details.hidden("key")}
    assert set(listed(doors)) == {inside, *left}
    erase(doors, case, "case", 2)
    assert set(listed(doors)) == left
    assert get_form(doors, f"/drafts/{beside}").controls["command.text"].value == WORDS
    assert doors.get(f"/drafts/{inside}").status_code == 404


def test_a_draft_is_forgotten_with_a_person_it_names(doors: Doors, database: Database) -> None:
    """A text about somebody else is forgotten with them, in a draft as in the record."""
    other = doors.person(name="Harry Harmdoer")
    form = get_form(doors, f"/cases/{doors.case()}/record/annotate-entry")
    pairs = form.pairs(command__text=WORDS, command__text__about=other)
    assert send(doors, form, "save", pairs).status_code == 303
    assert len(rows(database)) == 1
    status, said = erased(doors, other)
    assert status == 201, said
    assert rows(database) == []


def test_what_is_about_somebody_erased_is_shown_but_not_kept(doors: Doors) -> None:
    """The words stay in the page; no draft of them is made under a key that must not be."""
    adult = doors.person(name="Ann Example")
    case = doors.case(adult)
    erase(doors, case, "case", 1)
    form = get_form(doors, f"/cases/{case}/record/annotate-entry")
    answer = send(doors, form, "save", form.pairs(command__text=WORDS))
    assert answer.status_code == 200
    assert "could not be kept" in answer.text
    assert Form.of(answer).controls["command.text"].value == WORDS
    assert listed(doors) == []
