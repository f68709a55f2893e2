"""Pseudonyms are put into what people wrote and in place of names, never into what we say."""

from __future__ import annotations

import json

from api.identity import DEVELOPMENT, DEVELOPMENT_ROLE
from api.timelines.pseudonyms import restored
from domain.words import Code
from tests.doors.conftest import Doors, referral
from tests.doors.given_out import file_of, give, line, lines_in
from tests.doors.test_erasing_a_person import erased

CALLED = "Safeguarding administrator"
SUBJECT = "sg"


def a_case(doors: Doors, account: str, called: str = CALLED) -> str:
    """Have a worker whose name is made of our own words receive a concern."""
    role = str(DEVELOPMENT_ROLE)
    doors.office.worker(DEVELOPMENT, f"{role}/{SUBJECT}", called, Code(role))
    adult = doors.person(name="Ann Received", known_as="Concern")
    body = {"command": referral(adult, account=account)}
    answer = doors.post("/v1/cases", body, Holdfast_Worker=SUBJECT)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def test_what_the_record_itself_says_keeps_its_words(doors: Doors) -> None:
    """The title of an entry stands as in the copy with names; in what people wrote names go."""
    written = f"The {CALLED} rang: Safeguarding is slow. Ann was there, and Concern."
    case = a_case(doors, written)
    answer = give(doors, case, naming="pseudonyms")
    plain = lines_in(doors, give(doors, case, naming="named", as_at=str(answer["basis"]["as_at"])))
    hidden = lines_in(doors, answer)
    (title, *_rest) = plain[0]["text"].split(" · ")
    assert title == "Safeguarding concern received"
    assert hidden[0]["text"].startswith(f"{title} · ")
    assert "Safeguarding is slow." in hidden[0]["text"]
    for name in (CALLED, "Ann was", "and Concern"):
        assert name not in hidden[0]["text"], name
        assert name in plain[0]["text"], name

    key = json.loads(file_of(doors, answer, "pseudonyms"))
    stood = [was for one in key["replaced"] for was in one["was"]]
    assert "Safeguarding" not in stood
    assert CALLED in stood
    names = [one["pseudonym"] for one in key["pseudonyms"]]
    for one in key["replaced"]:
        cells = hidden[one["line"] - 1]
        cells[one["column"]] = restored(cells[one["column"]], one["was"], names)
    for name in ("source", "people", "text", "decision"):
        assert [one[name] for one in hidden] == [one[name] for one in plain], name


def test_a_name_that_is_no_word_of_the_procedure_goes_in_its_parts(doors: Doors) -> None:
    """A worker's own name is replaced in its parts, and a person's whatever it means."""
    case = a_case(doors, "Wilma said so to Mr Received.", called="Wilma Administrator")
    line(doors, case, "2024-02-01", "Wilma rang the Administrator. Received says no.")
    told = [one["text"] for one in lines_in(doors, give(doors, case, naming="pseudonyms"))]
    assert not any("Wilma" in one for one in told)
    assert not any("Mr Received" in one or "Received says" in one for one in told)
    assert any("rang the Administrator." in one for one in told)
    assert any(one.startswith("Safeguarding concern received") for one in told)


def test_whoever_is_forgotten_moves_nobody_elses_name(doors: Doors) -> None:
    """In the place of the forgotten nothing is put back, and in the next what stood there."""
    role = str(DEVELOPMENT_ROLE)
    doors.office.worker(DEVELOPMENT, f"{role}/{SUBJECT}", "Wilma Worker", Code(role))
    adult = doors.person(name="Ann Example")
    begun = doors.post("/v1/cases", {"command": referral(adult)}, Holdfast_Worker=SUBJECT)
    case = str(begun.json()["stream"])
    assert erased(doors, adult) == (201, "")
    answer = give(doors, case, naming="pseudonyms")
    key = json.loads(file_of(doors, answer, "pseudonyms"))
    called = [one["pseudonym"] for one in key["pseudonyms"] if one["pseudonym"] != "[forgotten]"]
    people = lines_in(doors, answer)[0]["people"]
    (was,) = [o["was"] for o in key["replaced"] if (o["line"], o["column"]) == (1, "people")]
    named = restored(people, was, called)
    assert "[forgotten]" in named
    assert named.endswith("Wilma Worker")
