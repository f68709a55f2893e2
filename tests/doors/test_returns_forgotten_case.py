"""A case that was lawfully forgotten, in figures that are computed afterwards."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase
from tests.doors.test_erasure_joined import erased as erased_joined
from tests.doors.test_filing import AS, MANAGER, YEAR, a_case, file, told
from tests.doors.test_joining import asked, joined, seen, version

ANSWERS: Final = {
    "concluded_on": "2026-03-20",
    "triples": [{"type": "neglect", "source": "known_relative", "location": "own_home"}],
    "risks_found": [{"source": "known", "action": "action_taken", "outcome": "reduced"}],
    "capacity": "lacked_supported",
    "outcomes": "expressed_fully_achieved",
    "primary_support_reason": "physical",
    "health_conditions": ["none"],
}
# What tables say of a forgotten case that others counted under what it answered.
UNKNOWN: Final = {
    "SG1d": "Not Known",
    "SG1e": "Not Known",
    "SG3a": "Don't know",
    "SG4a": "Don't Know",
}
LEFT: Final = frozenset({"SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e"})
TELLING: Final = LEFT | UNKNOWN.keys()


def ended(doors: Doors, case: str | None = None, **answers: Any) -> str:  # noqa: ANN401 — any JSON
    """Give a case of 2025-26 with an enquiry that was concluded in it."""
    case, enquiry = case or a_case(doors), str(uuid4())
    asked = {
        "open-enquiry": {"opened_on": "2026-03-03", "kind": "section_42"},
        "conclude-enquiry": {**ANSWERS, **answers},
    }
    for name, said in asked.items():
        body = {"command": {"enquiry": enquiry, **said}}
        path = f"/v1/cases/{case}/{name}"
        answer = doors.post(path, body, version=seen(doors, case), **MANAGER)
        assert answer.status_code == 201, answer.text
    return case


def figures(doors: Doors, as_at: int | None = None) -> dict[tuple[str, str, str, str], int]:
    """Give every figure that is not 0 by its place."""
    asked = "format=json" if as_at is None else f"format=json&as_at={as_at}"
    cells = told(doors, f"{YEAR}/export?{asked}")["cells"]
    return {
        (one["table"], one["enquiry_type"], one["category"], one["subcategory"]): one["value"]
        for one in cells
        if one["value"]
    }


def moved(before: dict[Any, int], after: dict[Any, int]) -> set[tuple[str, str, str, int]]:
    """Give what is another figure: its table, enquiry type and category, and by how much."""
    return {
        (*place[:3], after.get(place, 0) - before.get(place, 0))
        for place in before.keys() | after.keys()
        if before.get(place) != after.get(place)
    }


def test_a_forgotten_case_moves_to_not_known_and_nothing_else_moves(doors: Doors) -> None:
    """At every position: its answers are not known, and it is left out where there is no such row.

    Whoever it was about, its concern and its enquiry count as before.
    """
    ended(doors)
    case = ended(doors, capacity="did_not_lack", outcomes="not_asked")
    doors.catch_up()
    then, before = doors.office.record.log.tail(), figures(doors)
    erase(doors, case, "case", 3)
    doors.catch_up()
    after = figures(doors)
    assert figures(doors, then) == after
    changes = moved(before, after)
    assert {one[0] for one in changes} == TELLING
    assert {(one[0], one[2]) for one in changes if one[-1] > 0} == set(UNKNOWN.items())
    assert {one[-1] for one in changes} == {-1, 1}
    blocks = {code: sum(one[-1] for one in changes if one[0] == code) for code in UNKNOWN}
    assert blocks == dict.fromkeys(UNKNOWN, 0)
    for code in LEFT:
        (left,) = told(doors, f"{YEAR}/{code}")["left_out"]
        assert left["why"].startswith("of a case that was lawfully forgotten")
        assert left["value"] == 1
    checks = told(doors, f"{YEAR}/checks")
    assert case not in {one["case"] for one in checks["exceptions"] if one["table"] in TELLING}
    assert {one["rule"] for one in checks["rules"] if one["outcome"] == "failed"} == {"V14"}


def test_a_filing_joins_no_answer_to_a_case_that_was_forgotten(doors: Doors, cli: Cli) -> None:
    """A row that was filed says Forgotten of it, as does what moved; the bytes are as they were.

    No door gives its reference beside what was answered in it; who counts is named as before.
    """
    case, kept = ended(doors), ended(doors)
    filed = file(doors)["links"]["self"]
    whole = doors.get(filed, **MANAGER).content
    erase(doors, case, "case", 3)
    doors.catch_up()
    assert doors.get(filed, **MANAGER).content == whole
    for table in told(doors, filed)["tables"]:
        for number, cell in enumerate(table["cells"], start=1):
            if cell["value"]:
                page = told(doors, f"{filed}/cells/{table['code']}/{number}")
                named = [(one["case"], one["forgotten"]) for one in page["counted"]]
                gone = case if table["code"] == "SG1f" else None
                assert set(named) == {(kept, False), (gone, True)}, table["code"]
                assert page["count"] == 2
    differs = told(doors, f"{filed}/difference")
    by = [{"position": None, "name": "personal-data-erased"}]
    assert {(one["table"], one["case"], one["forgotten"]) for one in differs["moved"]} == {
        (code, None, True) for code in TELLING
    }
    assert all(one["by"] == by for one in differs["moved"])
    left = {one["table"] for one in differs["moved"] if one["left_out"]}
    assert left == LEFT
    for follower in doors.followers:
        follower.close()
    shown = cli("return", "show", "2025-26", "SG3a", "--filed", "--cases", *AS).out
    assert "[forgotten]" in shown
    assert case not in shown + cli("return", "diff", "2025-26", *AS).out


def test_how_many_cases_were_forgotten_is_said_at_every_door(doors: Doors) -> None:
    """Each table that has such a case says how many and what that means there, and each figure.

    Of the persons only a table says it that rests on what a person's own record told.
    """
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    case = ended(doors, a_case(doors, adult))
    erase(doors, case, "case", 3)
    erased(doors, adult)
    doors.catch_up()
    said = "Cases here that were lawfully forgotten: 1."
    for code, means in {
        **dict.fromkeys(("SG1a", "SG1f"), "They are counted as before."),
        **{code: f"They are counted as {row}: what" for code, row in UNKNOWN.items()},
        **dict.fromkeys(LEFT, "They are left out: what was answered"),
    }.items():
        table = told(doors, f"{YEAR}/{code}")
        person, last = table["notes"][-2:]
        assert last.startswith(f"{said} {means}"), code
        assert ("what was told of them is not known" in person) is (code == "SG1a"), code
        number = 1 + max(range(len(table["cells"])), key=lambda n: table["cells"][n]["value"] or 0)
        assert told(doors, f"{YEAR}/{code}/cells/{number}")["notes"] == table["notes"]
        row = table["cells"][number - 1]
        asked = f"{YEAR}/explain?table={code}&category={row['category']}"
        assert told(doors, asked)["notes"] == table["notes"]
    assert told(doors, f"{YEAR}/SG5a")["notes"] == told(doors, "/v1/returns/2024/SG5a")["notes"]


@pytest.mark.parametrize("led", [True, False])
def test_of_merged_cases_the_answers_of_the_one_forgotten_are_not_known(
    doors: Doors,
    led: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    """Each case is forgotten by itself, and with it what it told, in whichever it is read."""
    adult = doors.person(name="Ann Example")
    lead = ended(doors, a_case(doors, adult), capacity="did_not_lack")
    of_other = {"capacity": "lacked_supported", "primary_support_reason": "sensory"}
    other = ended(doors, a_case(doors, adult), **of_other)
    joined(doors, other, lead)
    erased_joined(doors, lead if led else other)
    doors.catch_up()
    rows = {one["category"]: one["value"] for one in told(doors, f"{YEAR}/SG3a")["cells"][:5]}
    assert rows["Don't know"] == 1
    assert rows["No, they did not lack capacity"] == (0 if led else 1)
    assert rows["Yes, they lacked capacity"] == (1 if led else 0)
    known = "Sensory Support" if led else "Physical Support"
    reasons = [one for one in told(doors, f"{YEAR}/SG1d")["cells"] if one["value"]]
    assert [(one["category"], one["value"]) for one in reasons] == [
        (known, 1),
        ("Not Known", 1),
    ] * 2


def test_a_case_taken_up_again_tells_what_was_answered_since(doors: Doors) -> None:
    """What it had answered before its erasure is not known still; what it answers anew counts."""
    case = ended(doors)
    erase(doors, case, "case", 3)
    again = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    answer = doors.post(f"/v1/cases/{case}/reopen-case", again, version=5, **MANAGER)
    assert answer.status_code == 201, answer.text
    ended(doors, case, capacity="did_not_lack")
    doors.catch_up()
    rows = {one["category"]: one["value"] for one in told(doors, f"{YEAR}/SG3a")["cells"][:5]}
    assert {row for row, value in rows.items() if value} == {
        "Don't know",
        "No, they did not lack capacity",
    }


@pytest.mark.parametrize("led", [True, False])
def test_where_a_split_began_the_one_case_the_other_is_forgotten_all_the_same(
    doors: Doors,
    led: bool,  # noqa: FBT001 — a parameter of the test
) -> None:
    """A case that began with another's entries leads or is led: what was forgotten is not known."""
    adult, split, first = doors.person(name="Ann Example"), str(uuid4()), a_case(doors)
    entries = []
    enquiry = {"enquiry": str(uuid4())}
    opened = {**enquiry, "opened_on": "2026-03-03", "kind": "section_42"}
    for name, said in (("open-enquiry", opened), ("conclude-enquiry", {**ANSWERS, **enquiry})):
        asked(doors, first, name, seen(doors, first), **said)
        entries.append(version(doors, first))
    told_ = {"other": split, "entries": entries, "adult": adult}
    why = {"reason": "wrong_person", "rationale": "It was of somebody else."}
    asked(doors, first, "split-case", seen(doors, first), **told_, **why)
    own = ended(doors, a_case(doors, adult), capacity="did_not_lack")
    joined(doors, *((own, split) if led else (split, own)))
    erased_joined(doors, own if led else split)
    doors.catch_up()
    rows = {one["category"]: one["value"] for one in told(doors, f"{YEAR}/SG3a")["cells"][:5]}
    kept = "Yes, they lacked capacity" if led else "No, they did not lack capacity"
    assert {row for row, value in rows.items() if value} >= {"Don't know", kept}
    assert sum(rows[one] for one in ("Don't know", kept)) == 2


def test_nothing_is_asked_that_was_decided_in_a_forgotten_case(doors: Doors) -> None:
    """An edition, a doubted decision, who counts it, an enquiry in it: none is to be put right."""
    cases = [ended(doors), *(a_case(doors) for _ in range(4))]
    asked_ = [
        ("count-concern", {"counted": True, "rule": "local_threshold"}),
        ("count-concern", {"counted": False, "rule": "local_threshold"}),
        (
            "transfer-case",
            {
                "authority": "north-shire",
                "reason": "abuse_occurred_there",
                "counted_by": "not_decided",
            },
        ),
        ("link-large-scale-enquiry", {"large_scale": str(uuid4())}),
        ("count-concern", {"counted": True, "rule": "local_threshold", "edition": "april-2024"}),
    ]
    for case, (name, said) in zip(cases, asked_, strict=True):
        body = {"command": said, "occurred": "2026-03-04"}
        answer = doors.post(f"/v1/cases/{case}/{name}", body, version=seen(doors, case), **MANAGER)
        assert answer.status_code == 201, answer.text
    wrong = {"target": 2, "fields": ["counted"], "reason": "entered_wrongly"}
    asked(doors, cases[-1], "correct-record", seen(doors, cases[-1]), **wrong)

    def told_of() -> set[str]:
        doors.catch_up()
        every = told(doors, f"{YEAR}/checks")["exceptions"]
        return {one["case"] for one in every if one["table"] not in {"SG1a", "SG1b", "SG1c"}}

    assert told_of() == set(cases)
    for case in cases:
        erase(doors, case, "case", int(seen(doors, case)))
    assert told_of() == set()


def test_a_report_of_what_was_filed_tells_nothing_by_an_erasure_since(doors: Doors) -> None:
    """Every number of it is the same before and after, also of what was in no filing itself."""
    cases = [ended(doors) for _ in range(5)]
    doors.catch_up()
    file(doors)
    path = f"{YEAR}/report?format=html&as_at={doors.office.record.log.tail()}"
    before, after = doors.get(path, **MANAGER).text, ""
    erase(doors, cases[0], "case", 3)
    doors.catch_up()
    after = doors.get(path, **MANAGER).text
    numbers = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", one, re.DOTALL) for one in (before, after)]
    assert "Own Home" in str(numbers[0])
    assert numbers[0] == numbers[1]


def test_a_figure_for_dashboards_tells_no_answer_of_a_forgotten_case(doors: Doors) -> None:
    """It counts the enquiry still, among those of which the answer is not known."""
    case = ended(doors)
    doors.catch_up()
    path = "/v1/figures/outcomes"
    (before,) = told(doors, path)["rows"]
    erase(doors, case, "case", 3)
    (after,) = told(doors, path)["rows"]
    assert (before["outcome"], after["outcome"]) == ("expressed_fully_achieved", "not_known")
    assert before["enquiries"] == after["enquiries"] == 1
