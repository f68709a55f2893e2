"""How long cases are kept, over all of them: the same at every door, and as each case says it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from api.clocks import Clocks
from api.retaining import STANDINGS, listed
from api.routes.door import API, Reader
from domain.access import RecordViewed
from domain.kept_until import kept_until
from domain.words import Code
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import approve, asked, erasure, refused

CLOSE = {"reason": "died", "rationale": "She died."}
CLASS = {"retention_class": "case_record", "trigger": "case_closed", "review_on": "2032-11-30"}


def record(doors: Doors, case: str, version: int, command: str, **fields: Any) -> int:  # noqa: ANN401 — any JSON
    """Record something of a case; give its new version."""
    answer = doors.post(f"/v1/cases/{case}/{command}", {"command": fields}, version=version)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def closed(doors: Doors, *, kept: bool = True) -> tuple[str, int]:
    """Begin a case and close it, with its class where it is `kept`; give its version too."""
    case = doors.case(doors.person(name="Ann Example"))
    version = record(doors, case, 1, "close-case", **CLOSE)
    return case, record(doors, case, version, "set-retention-class", **CLASS) if kept else version


def standing(doors: Doors, query: str = "", **headers: str) -> dict[str, str]:
    """Give where each case listed stands."""
    answer = doors.get(f"/v1/retention?{query}", **headers)
    assert answer.status_code == 200, answer.text
    return {one["case"]: one["stands"] for one in answer.json()["cases"]}


@pytest.fixture
def several(doors: Doors) -> dict[str, str]:
    """Give a case of each standing."""
    cases: dict[str, str] = {}
    for name in ("approved", "to_approve", "due", "held", "forgotten"):
        case, version = closed(doors)
        cases[name] = case
        if name == "held":
            record(doors, case, version, "place-legal-hold", reason="court")
        if name in {"approved", "to_approve", "forgotten"}:
            why = "Nobody asks for it."
            fields = {"decision": "destroy", "rationale": why}
            version = record(doors, case, version, "review-retention", **fields)
        if name == "approved":
            assert approve(doors, case, "case", version).status_code == 201
        if name == "forgotten":
            assert asked(doors, case, "case", version).status_code == 201
    cases["class_missing"], _ = closed(doors, kept=False)
    doors.case()  # open: nobody asks how long it is kept
    return cases


def test_each_case_stands_where_it_says_and_says_what_is_next(
    doors: Doors, several: dict[str, str]
) -> None:
    """What waits for somebody stands first; kept ones are left out, and counted."""
    later = f"on=2032-12-01&as_at={doors.office.record.log.tail()}"
    answer = doors.get(f"/v1/retention?{later}").json()
    told = {one["case"]: one for one in answer["cases"]}
    # By 2032 the approval is past its day: what was decided stands.
    expected = {**several}
    assert told[expected.pop("approved")]["stands"] == "to_approve"
    for name, case in expected.items():
        assert told[case]["stands"] == name
        assert told[case]["next"].endswith(".")
    assert answer["counts"]["open"] == 1
    places = [STANDINGS.index(one["stands"]) for one in answer["cases"]]
    assert places == sorted(places)
    now = standing(doors)
    assert now[several["approved"]] == "approved"
    assert several["due"] not in now
    assert standing(doors, "stands=kept") == {several["due"]: "kept"}


def test_an_approval_names_who_gave_it_and_until_when(
    doors: Doors, several: dict[str, str]
) -> None:
    """So that the second person knows what to name; and the form is one link away."""
    (one,) = doors.get("/v1/retention?stands=approved").json()["cases"]
    (waits,) = one["approvals"]
    assert waits["scope"] == "case"
    case = several["approved"]
    assert one["links"]["record"] == f"/cases/{case}/record/erase-personal-data"
    body = erasure("case", approvals=[waits["version"]])
    path = f"/v1/cases/{case}/erase-personal-data"
    version = doors.get(f"/v1/cases/{case}").json()["version"]
    assert doors.post(path, body, version=version).status_code == 201
    assert standing(doors)[case] == "forgotten"


def test_it_is_told_as_it_was_known(doors: Doors, several: dict[str, str]) -> None:
    """As at a position before an erasure the case stands where it stood, without a word of it."""
    case = several["forgotten"]
    facts = doors.office.handler.case(UUID(case))[1]
    before = facts[-3].position
    assert standing(doors, f"as_at={before}&on=2033-01-01")[case] == "to_approve"


def test_every_case_stands_as_it_stands_read_whole(doors: Doors, several: dict[str, str]) -> None:
    """A case judged by its governing entries alone stands as the whole of it does."""
    doors.catch_up()
    office = doors.office
    reader = Reader(
        office=office, actor=office.system_actor, purpose=Code("records_management"), door=API
    )
    clocks = Clocks(as_at=None, on=office.clock.now().date())
    found = listed(reader, clocks, standings=(*STANDINGS, "open"))
    assert len(found.rows) == len(several) + 1
    for row in found.rows:
        case, facts = office.handler.case(row.case)
        whole = kept_until(case, clocks.on, latest=facts[-1].version)
        assert row.kept == whole


def test_a_look_at_the_list_is_a_look_at_each_case(doors: Doors, several: dict[str, str]) -> None:
    """The trace names every case on the page, before it is shown."""
    standing(doors)
    (seen, *_) = [
        one
        for one in reversed(doors.readings())
        if isinstance(one, RecordViewed) and one.what == "retention"
    ]
    assert {str(one) for one in seen.cases} >= {several["held"], several["class_missing"]}


def test_a_restricted_case_is_counted_and_not_told(doors: Doors, several: dict[str, str]) -> None:
    """What a restriction closes is not shown, save for a purpose that reaches through."""
    case = several["held"]
    record(doors, case, 4, "restrict-processing", ground="accuracy_contested")
    answer = doors.get("/v1/retention").json()
    assert answer["restricted"] == 1
    assert case not in {one["case"] for one in answer["cases"]}
    assert case in standing(doors, Holdfast_Purpose="legal_claim")


def test_who_keeps_no_records_does_not_read_it(doors: Doors, several: dict[str, str]) -> None:
    """A practitioner is turned away, on the page too."""
    assert several
    for path in ("/v1/retention", "/retention"):
        assert doors.get(path, Holdfast_Role="practitioner").status_code == 403
    assert doors.get("/v1/retention?stands=open").status_code == 422
    assert doors.get("/retention?stands=open").status_code == 422


def test_the_page_and_the_terminal_say_the_same(
    doors: Doors, several: dict[str, str], cli: Cli
) -> None:
    """Each case with its standing and what comes next; no name at the terminal."""
    page = doors.get("/retention").text
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    said = cli("retention", "--role", "manager")
    assert said.code == 0, said.err
    for name, case in several.items():
        if name != "due":
            assert f"/cases/{case}" in page
            assert case in said.out
    assert "Ann Example" in page
    assert "Ann Example" not in said.out
    assert "Approved, waits for the second person" in page
    assert "may be used until" in page
    answer = cli("retention", "--json", "--stands", "held", "--role", "auditor").json
    assert [one["case"] for one in answer["cases"]] == [several["held"]]
    assert cli("retention", "--stands", "open").code == 2


def test_a_hold_is_told_before_what_waits_and_stops_it(
    doors: Doors, several: dict[str, str]
) -> None:
    """Placed after the approval: the case is on hold, the approval still named, nothing erased."""
    case = several["approved"]
    version = doors.get(f"/v1/cases/{case}").json()["version"]
    version = record(doors, case, version, "place-legal-hold", reason="police")
    assert standing(doors)[case] == "held"
    assert refused(doors, case, "case", version) == (422, "refused")
