from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from domain.access import RecordViewed
from projections.chronology import chronology
from tests.doors.conftest import Doors


def told(answer: Response) -> Any:  # noqa: ANN401 — any JSON
    """Expect an answer, and give it."""
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("path", "what", "door"),
    [
        ("/v1/cases/{case}", "case", "api"),
        ("/v1/cases/{case}/timeline", "chronology", "api"),
        ("/v1/cases/{case}/findings", "findings", "api"),
        ("/v1/persons/{person}", "person", "api"),
        ("/v1/cases", "caseload", "api"),
        ("/v1/reviews/overdue", "caseload", "api"),
        ("/v1/returns/2026/SG1f", "return", "api"),
        ("/v1/returns/2026/checks", "return", "api"),
        ("/v1/returns/2026/export", "return", "api"),
        ("/v1/returns/2026/explain?table=SG1a&category=Not Known", "return", "api"),
        ("/v1/events", "event", "feed"),
        ("/", "caseload", "page"),
        ("/cases/{case}", "case", "page"),
    ],
)
def test_looking_leaves_a_trace(shared: Doors, path: str, what: str, door: str) -> None:
    """Each read is recorded with what, by which door and for what purpose (L11, L12)."""
    person = shared.person()
    case = shared.case(person)
    before = len(shared.readings())
    purpose = {"Holdfast-Purpose": "review"} if door != "page" else {}
    asked = path.format(case=case, person=person) + ("?purpose=review" if door == "page" else "")
    shared.catch_up()
    assert shared.client.get(asked, headers=purpose).status_code == 200
    (event,) = shared.readings()[before:]
    assert isinstance(event, RecordViewed)
    assert (event.what, event.door, event.purpose) == (what, door, "review")
    assert (event.case is not None) is ("{case}" in path)
    assert (event.person is not None) is ("{person}" in path)


def test_nothing_is_shown_whose_trace_cannot_be_kept(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace comes first, of lists as of cases: where it cannot be written, nothing is told."""
    case = doors.case()

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("no trace")

    monkeypatch.setattr(doors.office, "viewed", fail)
    one = (f"/v1/cases/{case}", f"/v1/cases/{case}/timeline", f"/cases/{case}", "/v1/events")
    lists = ("/v1/cases", "/v1/reviews", "/v1/returns/2026/SG1f", "/", f"/v1/cases/{case}/readings")
    for path in (*one, *lists):
        answer = doors.get(path)
        assert answer.status_code == 500, path
        assert "carers" not in answer.text
        assert case not in answer.text


def test_a_case_is_shown_as_it_was_known(shared: Doors) -> None:
    """as_at a position, or a day, shows what was recorded by then and nothing since."""
    case = shared.case()
    at = shared.office.record.log.tail()
    path = f"/v1/cases/{case}/record-communication-needs"
    assert shared.post(path, {"command": {}}, version=1).status_code == 201
    then = told(shared.get(f"/v1/cases/{case}/timeline?as_at={at}"))
    now = told(shared.get(f"/v1/cases/{case}/timeline"))
    assert [one["version"] for one in then["entries"]] == [1]
    assert sorted(one["version"] for one in now["entries"]) == [1, 2]
    assert shared.get(f"/v1/cases/{case}?as_at=2020-01-01").status_code == 404


def test_the_timeline_says_what_the_chronology_view_says(shared: Doors) -> None:
    """Read from the record or from the view, a case has the same entries in the same order."""
    case = shared.case()
    here, version = f"/v1/cases/{case}", 1
    dated: dict[str, object] = {
        "source_recorded": "2026-06-01",
        "known_to": [{"agency": "gp", "since": "2026-07-01"}],
    }
    lines: list[tuple[str, str, int | None, dict[str, object]]] = [
        ("2026-05?", "police", None, dated),
        ("unknown", "police", None, dated),
        ("2026-05-03", "nhs-trust", 2, dated),
        ("2026-05-03", "nhs-trust", 1, dated),
        ("2025/2026-01", "police", None, dated),
        ("../2026-05-03", "housing", None, dated),
        ("2026-05-03T14:30:00Z", "housing", None, dated),
        ("2026-05-04", "gp", None, dated),
        ("2026-05-05", "gp", None, {}),
        ("unknown", "gp", None, {}),
        ("2026-05-06", "gp", None, {"source_recorded": "unknown"}),
        ("2026-05-07", "gp", None, {"known_to": dated["known_to"]}),
        ("2026-05-08", "council", None, {}),
    ]
    for occurred, agency, number, beside in lines:
        answer = shared.post(
            f"{here}/record-chronology-entry",
            {
                "occurred": occurred,
                **beside,
                "command": {"agency": agency, "text": "A line.", "number": number},
            },
            version=version,
        )
        assert answer.status_code == 201, answer.text
        version = answer.json()["version"]
    for correction in (
        {"target": 2, "reason": "wrong_date", "occurred": "2024-02-01"},
        {"target": 3, "reason": "wrong_date", "withdrawn": True},
    ):
        answer = shared.post(f"{here}/correct-record", {"command": correction}, version=version)
        assert answer.status_code == 201, answer.text
        version = answer.json()["version"]
    shared.catch_up()
    for query, named in (
        ("", {}),
        ("?as_of=2026-05-02", {"as_of": date(2026, 5, 2)}),
        *(
            (f"?known_to=gp&on=2026-05-{day:02}", {"known_to": ("gp", date(2026, 5, day))})
            for day in range(3, 9)
        ),
        ("?known_to=council&on=2026-05-08", {"known_to": ("council", date(2026, 5, 8))}),
        ("?known_to=gp&on=2026-06-30", {"known_to": ("gp", date(2026, 6, 30))}),
        ("?known_to=gp&on=2026-07-01", {"known_to": ("gp", date(2026, 7, 1))}),
        ("?known_to=police&on=2026-06-01", {"known_to": ("police", date(2026, 6, 1))}),
        ("?known_to=council", {"known_to": ("council", date(2199, 1, 1))}),
    ):
        with shared.office.pool.connection() as conn:
            seen = chronology(conn, case, **named)  # type: ignore[arg-type]  # a reference as text
        shown = told(shared.get(f"{here}/timeline{query}"))["entries"]
        assert [(one["version"], one["occurred"]["edtf"], one["withdrawn"]) for one in shown] == [
            (one.version, one.occurred, one.withdrawn) for one in seen
        ], query


def test_a_restricted_case_is_read_only_for_what_restriction_allows(shared: Doors) -> None:
    """Under restriction only four purposes open a case, its past too; recording goes on (I16)."""
    case = shared.case()
    at = shared.office.record.log.tail()
    body = {"command": {"ground": "accuracy_contested"}}
    assert shared.post(f"/v1/cases/{case}/restrict-processing", body, version=1).status_code == 201
    for path in (f"/v1/cases/{case}", f"/v1/cases/{case}/timeline", f"/v1/cases/{case}/findings"):
        for query in ("", f"?as_at={at}"):
            answer = shared.get(path + query)
            assert answer.status_code == 403
            assert answer.json()["type"] == "/problems/restricted"
            allowed = shared.get(path + query, Holdfast_Purpose="protecting_others")
            assert allowed.status_code == 200
    assert shared.client.get(f"/cases/{case}").status_code == 403
    assert "Why you read this" in shared.client.get(f"/cases/{case}").text
    path = f"/v1/cases/{case}/record-communication-needs"
    assert shared.post(path, {"command": {}}, version=2).status_code == 201


def test_whoever_a_restricted_case_is_about_is_not_named_beside_it(doors: Doors) -> None:
    """The list, the person's door and the search name them only through the restriction (I16)."""
    person = doors.person(name="Restricta Example")
    case = doors.case(person)
    at = doors.office.record.log.tail()
    body = {"command": {"ground": "accuracy_contested"}}
    assert doors.post(f"/v1/cases/{case}/restrict-processing", body, version=1).status_code == 201
    for query in ("?", f"?as_at={at}"):
        page = doors.get(f"/{query}").text
        assert "Restricta" not in page
        assert case[:8] not in page
        assert "1 on this page is of a case that is restricted" in page
        assert "Restricta" in doors.get(f"/{query}&purpose=protecting_others").text
        refused = doors.get(f"/v1/persons/{person}{query.rstrip('?')}")
        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/restricted"
    through = {"Holdfast_Purpose": "protecting_others"}
    assert doors.get(f"/v1/persons/{person}", **through).status_code == 200
    asked = {"name": "Restricta"}
    assert told(doors.client.post("/v1/search/persons", json=asked))["persons"] == []
    headers = {"Holdfast-Purpose": "protecting_others"}
    found = told(doors.client.post("/v1/search/persons", json=asked, headers=headers))
    assert [one["person"] for one in found["persons"]] == [person]


def test_pages_show_a_role_what_the_doors_show_it(doors: Doors) -> None:
    """The table of who may read what holds on pages too: findings, and names in the list."""
    case = doors.case(doors.person(name="Ann Example"), received="2026-01-05")
    for role, shown in (("practitioner", True), ("minute_taker", False), ("administrator", False)):
        page = doors.get(f"/cases/{case}?show=all", Holdfast_Role=role).text
        assert ("Not shown to this role" in page) is not shown
        assert ('class="severity' in page) is shown
        answer = doors.get(f"/v1/cases/{case}/findings", Holdfast_Role=role)
        assert (answer.status_code == 200) is shown
    assert "Ann Example" in doors.get("/").text
    page = doors.get("/", Holdfast_Role="analyst").text
    assert "Ann Example" not in page
    assert f"case {case[:8]}" in page


def test_a_connected_system_knows_people_by_reference_alone(shared: Doors) -> None:
    """No door shows it who somebody is: details are said to be hidden, never to be none."""
    reference = {"system": "nhs", "id": "555 000 1111"}
    person = registered_as(shared, "Ann Example", reference)
    seen = {}
    for role in ("integrator", "administrator"):
        answer = shared.get(f"/v1/persons/{person}", Holdfast_Role=role)
        seen[role] = told(answer)
        assert ("Ann Example" in answer.text) is (role == "administrator")
        assert seen[role]["external"][0]["id"]["text"] == "555 000 1111"
        assert answer.headers["ETag"] == '"1"'
    assert seen["integrator"]["details"] is None
    assert seen["administrator"]["details"]["name"]["text"] == "Ann Example"


def registered_as(doors: Doors, name: str, reference: dict[str, str]) -> str:
    """Register somebody whom another system knows; give the reference."""
    body = {"command": {"details": {"name": name}, "external": [reference]}}
    answer = doors.post("/v1/persons", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def test_a_page_asked_again_through_a_restriction_keeps_its_clocks(shared: Doors) -> None:
    """Naming a purpose that reaches through asks for the same past."""
    case = shared.case()
    body = {"command": {"ground": "accuracy_contested"}}
    assert shared.post(f"/v1/cases/{case}/restrict-processing", body, version=1).status_code == 201
    page = shared.client.get(f"/cases/{case}?as_of=2026-11-03&on=2026-11-04")
    assert page.status_code == 403
    assert '<input type="hidden" name="as_of" value="2026-11-03">' in page.text
    assert '<input type="hidden" name="on" value="2026-11-04">' in page.text


def test_the_feed_holds_no_text_and_loses_nothing(shared: Doors) -> None:
    """Every position once, in order, by pages; with names, references and times alone."""
    case = shared.case(account="Nobody must read this in a feed")
    seen: list[dict[str, Any]] = []
    after = 0
    while True:
        page = told(shared.get(f"/v1/events?after={after}&limit=3"))
        seen += page["events"]
        after = page["next"]
        if not page["more"]:
            break
    assert [one["position"] for one in seen] == list(range(1, shared.office.record.log.tail() + 1))
    assert "Nobody must read" not in json.dumps(seen)
    (first,) = [one for one in seen if one["stream"] == case]
    assert first["name"] == "referral-received"
    assert first["links"] == {"case": f"/v1/cases/{case}"}


def test_the_caseload_is_paged_as_of_one_moment(shared: Doors) -> None:
    """A cursor keeps to the moment of its first page, whatever is recorded in between."""
    for _ in range(3):
        shared.case()
    shared.catch_up()
    first = told(shared.get("/v1/cases?limit=2"))
    count = first["count"]
    shared.case()
    seen, cursor = len(first["cases"]) + first["restricted"], first["next"]
    while cursor:
        page = told(shared.get(f"/v1/cases?limit=2&cursor={cursor}"))
        assert page["count"] == count
        assert page["as_at"] == first["as_at"]
        seen, cursor = seen + len(page["cases"]) + page["restricted"], page["next"]
    assert seen == count
    assert shared.get("/v1/cases?cursor=nonsense").status_code == 422
    assert told(shared.get("/v1/cases?team=nobodys-team"))["cases"] == []


def test_one_reads_what_one_just_wrote(doors: Doors) -> None:
    """`after` waits for the view, and says so where it has not come that far."""
    doors.catch_up()
    answer = doors.post("/v1/cases", {"command": {"adult": doors.person(), "received": "2026"}})
    last = answer.json()["positions"][1]
    behind = doors.client.get(f"/v1/cases?after={last}&wait=0.05")
    assert behind.status_code == 503
    assert behind.json()["type"] == "/problems/behind"
    assert behind.headers["Retry-After"]
    doors.catch_up()
    there = told(doors.client.get(f"/v1/cases?after={last}"))
    assert answer.json()["stream"] in [one["case"] for one in there["cases"]]
    assert doors.client.get(f"/v1/cases?after={last + 999}").status_code == 503


def test_a_case_past_its_review_is_among_the_overdue(shared: Doors) -> None:
    """An open enquiry never reviewed is overdue from the day after it began, and not before."""
    case = shared.case()
    body = {
        "occurred": "2026-11-03",
        "command": {"kind": "section_42", "opened_on": "2026-11-03"},
    }
    answer = shared.post(f"/v1/cases/{case}/open-enquiry", body, version=1)
    assert answer.status_code == 201
    path = "/v1/reviews/overdue"
    later = told(shared.get(f"{path}?on=2027-11-03"))["cases"]
    assert case in [one["case"] for one in later]
    at_once = told(shared.get(f"{path}?on=2026-11-03"))["cases"]
    assert case not in [one["case"] for one in at_once]


def test_a_table_of_the_return_says_what_it_counts(shared: Doors) -> None:
    """Every figure opens to its cases; a year or table that is not there is not found."""
    case = shared.case()
    table = told(shared.get("/v1/returns/2026/sg1f"))
    assert (table["table"], table["first"], table["last"]) == ("SG1f", "2026-04-01", "2027-03-31")
    concerns = table["cells"][0]
    opened = told(shared.get(concerns["links"]["counted"] + "&limit=500"))
    assert concerns["value"] == opened["value"] == opened["count"]
    assert opened["count"] == len(opened["counted"]) + opened["restricted"]
    assert case in [one["case"] for one in opened["counted"]]
    assert shared.get("/v1/returns/2026/SG1f/cells/9").status_code == 404
    assert shared.get("/v1/returns/2026/SG1f/cells/0").status_code == 422
    before = told(shared.get("/v1/returns/2026/SG1f?as_at=0"))
    assert {one["value"] for one in before["cells"]} == {0}
    year = told(shared.get("/v1/returns/2026"))
    assert (year["council"], year["councils"]) == (None, None)
    assert told(shared.get("/v1/returns/2021"))["councils"] == 152
    codes = [one["code"] for one in year["tables"]]
    expected = "SG1a SG1b SG1c SG1d SG1e SG1f SG2a SG2a_b1 SG2b SG2c SG2e SG3a SG4a SG5a SG5b"
    assert codes == expected.split()
    assert shared.get("/v1/returns/2026/SG9z").status_code == 404
    assert shared.get("/v1/returns/2001/SG1f").status_code == 404
    assert shared.get("/v1/returns/2026-Q3/SG1f").status_code == 404
    assert shared.get("/v1/returns/1066/SG1f").status_code == 422


def test_a_referral_recorded_a_moment_ago_is_counted(doors: Doors) -> None:
    """Earlier referrals are found in the record where the view has not reached them yet."""
    adult = doors.person()
    for _ in range(2):
        doors.case(adult)
    doors.catch_up()
    doors.case(adult)
    case = doors.case(adult)
    (entry,) = [
        one
        for one in told(doors.client.get(f"/v1/cases/{case}/timeline"))["entries"]
        if one["name"] == "referral-received"
    ]
    earlier = entry["data"]["earlier_referrals"]
    assert [one["edtf"] for one in earlier] == ["2026-11-02"] * 3


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("integrator", "/v1/cases/{case}", 200),
        ("integrator", "/v1/cases/{case}/timeline", 403),
        ("analyst", "/v1/cases/{case}", 403),
        ("analyst", "/v1/cases", 200),
        ("auditor", "/v1/cases/{case}/timeline", 200),
        ("minute_taker", "/v1/cases", 403),
        ("practitioner", "/v1/events", 403),
    ],
)
def test_a_role_reads_only_what_it_may(shared: Doors, role: str, path: str, status: int) -> None:
    """Who may read what, by role; a refusal leaves no trace, since nothing was seen."""
    case = shared.case()
    before = len(shared.readings())
    answer = shared.get(path.format(case=case), Holdfast_Role=role)
    assert answer.status_code == status
    assert (len(shared.readings()) > before) is (status == 200)


def test_health_tells_lag_and_who_follows(doors: Doors) -> None:
    """/health is open to anybody and tells of every view; /ready says no while nobody follows."""
    doors.case()
    found = told(doors.client.get("/health"))
    assert found["database"] == "up"
    assert {one["lag"] > 0 for one in found["projections"]} == {True}
    assert doors.client.get("/ready").status_code == 503
    doors.catch_up()
    found = told(doors.client.get("/ready"))
    assert {(one["lag"], one["followed"]) for one in found["projections"]} == {(0, True)}


def test_the_published_description_is_the_one_committed() -> None:
    """api/openapi.json is what the application says of itself; `python -m api.app` renews it."""
    from api.app import openapi  # noqa: PLC0415 — heavy, and only here

    committed = Path(__file__).parents[2] / "api" / "openapi.json"
    assert json.loads(committed.read_text()) == json.loads(json.dumps(openapi()))
