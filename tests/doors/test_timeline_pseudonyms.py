"""Who is called what in a timeline that is given out, and what is left once they are forgotten."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from api.office import Office
from api.timelines.people import Somebody
from api.timelines.pseudonyms import Pseudonyms, restored
from domain.jurisdictions.england import ENGLAND
from tests.doors.conftest import Doors
from tests.doors.given_out import KINDS, NAMINGS, file_of, give, line, lines_in, say, words_of
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase
from tests.doors.test_excepted import restrict


def a_family(doors: Doors) -> tuple[str, str, str]:
    """Begin a case of somebody with a sister; give the case, the adult and the sister."""
    ann = doors.person(name="Ann Marie Example", known_as="Annie")
    sister = doors.person(name="Rose Example")
    account = "ANN  MARIE\nExample said that Annie's sister Rose came. Mrs Example and Roses."
    case = doors.case(ann, account=account)
    seen = line(
        doors,
        case,
        "2024-02-01",
        "Rose Example saw Ann.",
        people="Ann Marie Example; the annex",
        agency="rose-example",
        agency_written="Rose Example (sister)",
        known_to=[{"agency": "rose-example", "since": "2024-02"}],
        known_to_written="Rose Example since 2024-02",
    )
    line(
        doors,
        case,
        "2024-02-01",
        "Another.",
        agency="rose-example",
        known_to=[{"agency": "rose-example", "since": "2024-02"}],
    )
    say(
        doors,
        case,
        "record-chronology-entry",
        "2024-02-02",
        agency="gp",
        text="x",
        persons=[sister],
    )
    for whose in ("Rose Example", "her sister Annie"):
        note = {"target": seen, "kind": "significance", "text": f"{whose} was not asked."}
        say(doors, case, "annotate-entry", "2026-11-02", **note, whose=whose)
    return case, ann, sister


@pytest.mark.parametrize("kind", KINDS)
def test_with_pseudonyms_no_recorded_name_is_left(shared: Doors, kind: str) -> None:
    """Every name and every part of one, however it is written, in each kind of file."""
    case, ann, _sister = a_family(shared)
    answer = give(shared, case, naming="pseudonyms", format=kind)
    told = words_of(file_of(shared, answer), kind)
    for name in (
        "Ann ",
        "Annie",
        "Marie",
        "MARIE",
        "Rose ",
        "rose-",
        "Example",
        "example",
        case,
        ann,
    ):
        assert name not in told, name
    assert "annex" in told
    assert "Roses" in told
    assert "one of several people of this name" in told
    assert "may still tell who somebody is" in told
    assert "There may remain: nicknames, misspellings" in told


ZOE = "Zo\u00eb Quillfeather-Jones"
APART = "Zoe\u0308"  # the same letters, the last of them in two
WILL = "Will May"
P = "{}"  # where a pseudonym stands


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        (ZOE, f"{ZOE.upper()} and {ZOE.lower()}.", f"{P} and {P}."),
        (ZOE, f"Here\u2019s {APART}; Cafe\u0301.", f"Here\u2019s {P}; Cafe\u0301."),
        (ZOE, f"{APART} Quillfeather\u2011Jones came", f"{P} came"),
        (ZOE, "QUILLFEATHER, Mrs QUILLFEATHER-JONES, zo\u00eb\u2019s", f"{P}, Mrs {P}, {P}\u2019s"),
        (ZOE, "quillfeather-jones jones_1 Quill\u00adfeather", f"{P} {P}_1 {P}"),
        (ZOE, "Zoe, Quillfeathers, quill feather", "Zoe, Quillfeathers, quill feather"),
        ("Chloe Li", "Chloe\u0308 and Zoe Li, CHLOE", f"Chloe\u0308 and Zoe Li, {P}"),
        (WILL, "He will say what he may.", "He will say what he may."),
        (WILL, "Will said, and WILL MAY, MAY and will may.", f"{P} said, and {P}, {P} and {P}."),
        ("Hope", "I hope Hope comes.", f"I hope {P} comes."),
        ("Jo", "Jo and jo, JO", f"{P} and jo, JO"),
        ("zo\u00eb quillfeather", "Quillfeather came", f"{P} came"),
        ("Ann Stra\u00dfe", "STRASSE", P),
    ],
)
def test_a_name_is_found_however_it_is_written(names: str, text: str, told: str) -> None:
    """In any case and normal form; ordinary words in small letters, and all around, stay."""
    ref = uuid4()
    one = Somebody(ref=ref, worker=False, called=None, names=(names,), forgotten=False, last=1)
    keyring = SimpleNamespace(secret=lambda about, _number: about.bytes * 2)
    office = cast("Office", SimpleNamespace(jurisdiction=ENGLAND, keyring=keyring))
    pseudonyms = Pseudonyms(office=office, purpose="review", review=None, known={ref: one})
    found = pseudonyms.replaced(text)
    assert found.text == told.replace(P, pseudonyms.of(ref))
    assert restored(found.text, found.was, [pseudonyms.of(ref)]) == text


def pseudonym_of(doors: Doors, person: str, *cases: str, **asked: Any) -> str:  # noqa: ANN401 — any JSON
    """Give what a person is called in a timeline, by its key."""
    answer = give(doors, *cases, naming="pseudonyms", **asked)
    key = json.loads(file_of(doors, answer, "pseudonyms"))
    assert key["sha256"] == answer["sha256"]
    return str(next(o["pseudonym"] for o in key["pseudonyms"] if o["reference"] == person))


def test_a_pseudonym_is_the_same_within_a_purpose_and_another_elsewhere(shared: Doors) -> None:
    """By the purpose and the review it is for; over cases and times, unlinkable between them."""
    case, ann, _sister = a_family(shared)
    other = shared.case(ann)
    one = pseudonym_of(shared, ann, case)
    assert pseudonym_of(shared, ann, case, other) == one
    assert pseudonym_of(shared, ann, other) == one
    assert pseudonym_of(shared, ann, case, purpose="legal_claim") != one
    review = say_review(shared, case)
    assert pseudonym_of(shared, ann, case, review=review) != one
    exports = [
        json.loads(file_of(shared, give(shared, case, naming="pseudonyms", purpose=purpose)))
        for purpose in ("review", "legal_claim")
    ]
    called = [{one["entry"]["case"] for one in each["lines"]} for each in exports]
    assert called[0].isdisjoint(called[1])
    assert all("position" not in one["entry"] for each in exports for one in each["lines"])


def say_review(doors: Doors, case: str) -> str:
    """Ask for a review; give its reference."""
    review = str(uuid4())
    say(doors, case, "refer-for-review", "2026-11-03", review=review)
    return review


def test_the_key_gives_back_what_stood_there(shared: Doors) -> None:
    """With it, a timeline with pseudonyms is word for word the one with names."""
    case, _ann, _sister = a_family(shared)
    answer = give(shared, case, naming="pseudonyms")
    key = json.loads(file_of(shared, answer, "pseudonyms"))
    assert "Ann Marie Example" not in file_of(shared, answer).decode()
    names = [one["pseudonym"] for one in key["pseudonyms"]]
    hidden = lines_in(shared, answer)
    for one in key["replaced"]:
        cells = hidden[one["line"] - 1]
        cells[one["column"]] = restored(cells[one["column"]], one["was"], names)
    plain = lines_in(
        shared, give(shared, case, naming="named", as_at=str(answer["basis"]["as_at"]))
    )
    cells = ("source", "people", "text", "response", "decision")
    assert [[one[name] for name in cells] for one in hidden] == [
        [one[name] for name in cells] for one in plain
    ]


def test_named_says_whom_each_entry_names(shared: Doors) -> None:
    """As it was recorded nobody is named beside an entry; with names everybody is."""
    case, ann, _sister = a_family(shared)
    plain = lines_in(shared, give(shared, case))
    named = lines_in(shared, give(shared, case, naming="named"))
    assert [one["people"] for one in plain if one["entry"]["name"] == "referral-received"] == [""]
    (told,) = [one["people"] for one in named if one["entry"]["name"] == "referral-received"]
    assert "Ann Marie Example" in told
    assert ann not in told


@pytest.mark.parametrize("kind", KINDS)
def test_the_forgotten_are_forgotten_in_every_kind(doors: Doors, kind: str) -> None:
    """Also as at before: no name, no pseudonym, and what was given out does not open any more."""
    case, ann, _sister = a_family(doors)
    kept = [give(doors, case, naming=naming, format=kind) for naming in NAMINGS]
    version = doors.get(f"/v1/persons/{ann}").json()["version"]
    assert erased(doors, ann, version) == (201, "")
    as_at = str(kept[0]["basis"]["as_at"])
    for naming in ("named", "pseudonyms"):
        answer = give(doors, case, naming=naming, format=kind, as_at=as_at)
        assert "[forgotten]" in words_of(file_of(doors, answer), kind)
        assert ("could not be looked for" in " ".join(answer["report"]["notes"])) == (
            naming == "pseudonyms"
        )
    for answer in kept:
        for what in answer["given_out"][0]["links"].values():
            assert doors.client.get(what).status_code == 404


@pytest.mark.parametrize("naming", NAMINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_forgotten_case_is_given_out_as_forgotten(doors: Doors, kind: str, naming: str) -> None:
    """Its entries stand as at before, and every word in them is gone."""
    case, _ann, _sister = a_family(doors)
    other = doors.case()
    kept = give(doors, case, other, naming=naming, format=kind)
    erase(doors, case, "case", doors.get(f"/v1/cases/{case}").json()["version"])
    as_at = str(kept["basis"]["as_at"])
    answer = give(doors, case, other, naming=naming, format=kind, as_at=as_at)
    told = words_of(file_of(doors, answer), kind)
    assert "[forgotten]" in told
    assert "said that" not in told
    assert "annex" not in told
    assert answer["report"]["lines"] == kept["report"]["lines"]
    assert [one["case"] for one in answer["given_out"]] == [other]
    for one in kept["given_out"]:
        assert doors.client.get(one["links"]["file"]).status_code == 404
    alone = doors.post("/v1/timelines", {"cases": [case]})
    assert (alone.status_code, alone.json()["rule"]) == (422, "I13")


def test_whom_a_restricted_case_names_is_not_named(doors: Doors) -> None:
    """Neither in a copy with names nor in the key to one without: their name is replaced still."""
    case, _ann, sister = a_family(doors)
    restrict(doors, doors.case(sister))
    named = file_of(doors, give(doors, case, naming="named")).decode()
    assert "persons" in named
    answer = give(doors, case, naming="pseudonyms")
    assert "Rose " not in file_of(doors, answer).decode()
    key = json.loads(file_of(doors, answer, "pseudonyms"))
    (one,) = [each for each in key["pseudonyms"] if each["reference"] == sister]
    assert one["names"] == []
    through = give(doors, case, naming="pseudonyms", purpose="public_interest")
    key = json.loads(file_of(doors, through, "pseudonyms"))
    (one,) = [each for each in key["pseudonyms"] if each["reference"] == sister]
    assert one["names"] == ["Rose Example"]
