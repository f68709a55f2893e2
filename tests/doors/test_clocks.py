from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.commands.desk import Desk, desk_of
from api.commands.options import Then
from api.office import Office
from domain.refusal import Refused
from domain.words import Code
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for

Json = dict[str, Any]


def ask(doors: Doors, case: str, version: int, name: str, /, **body: Any) -> int:  # noqa: ANN401 — any JSON
    """Record something of a case as a manager; give its new version."""
    answer = doors.post(f"/v1/cases/{case}/{name}", body, version=version)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def told(doors: Doors, path: str, **query: str) -> Json:
    """Read something that there is."""
    doors.catch_up()
    if path.endswith("/findings"):
        query = {"show": "all", **query}
    answer = doors.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def a_watched_case(doors: Doors) -> str:
    """Record a concern of 2 January, an enquiry, and a plan of 2 February to review by 2 March.

    The NHS trust knew of the plan from 10 March. It was reviewed some time in April.
    """
    person = doors.person(name="Ann Example")
    begun = {
        "occurred": "2026-01-02",
        "command": {"adult": person, "received": "2026-01-02", "channel": "telephone"},
    }
    answer = doors.post("/v1/cases", begun)
    assert answer.status_code == 201, answer.text
    case = str(answer.json()["stream"])
    opened = {"kind": "section_42", "opened_on": "2026-01-05"}
    version = ask(doors, case, 1, "open-enquiry", occurred="2026-01-05", command=opened)
    known = [{"agency": "nhs-trust", "since": "2026-03-10"}]
    plan = {"origin": "late_entry", "terms": {"review": "dated", "review_on": "2026-03-02"}}
    answer = doors.post(
        f"/v1/cases/{case}/agree-plan",
        {"occurred": "2026-02-02", "known_to": known, "command": plan},
        version=version,
    )
    assert answer.status_code == 201, answer.text
    reviewed = {"plan": answer.json()["made"]["plan"], "result": "unchanged"}
    ask(doors, case, version + 1, "review-plan", occurred="2026-04", command=reviewed)
    return case


def codes(answer: Json) -> set[str]:
    """The codes of the findings in an answer."""
    return {one["code"] for one in answer["findings"]}


def left_out(answer: Json) -> list[str]:
    """The names of what an answer says it leaves out."""
    return [one["name"] for one in answer["left_out"]]


def plans(answer: Json, case: str) -> list[Json]:
    """The reviews of plans of a case."""
    return [one for one in answer["reviews"] if one["case"] == case and one["what"] == "plan"]


def test_findings_are_of_what_had_certainly_happened(shared: Doors) -> None:
    """as_of judges what was true by the end of a day, as now understood, and by that day."""
    case = a_watched_case(shared)
    path = f"/v1/cases/{case}/findings"
    before = told(shared, path, as_of="2026-02-01")
    assert "no_coordinator" not in codes(before)
    assert (before["as_of"], before["on"]) == ("2026-02-01", "2026-02-01")
    assert left_out(before) == []
    agreed = told(shared, path, as_of="2026-02-02")
    assert "no_coordinator" in codes(agreed)
    assert "plan_review_overdue" not in codes(agreed)
    assert "plan_review_overdue" in codes(told(shared, path, as_of="2026-03-31"))
    later = told(shared, path, as_of="2026-02-02", on="2026-03-31")
    assert "plan_review_overdue" in codes(later)
    assert told(shared, path, as_of="2020-01-01")["findings"] == []


def test_what_may_have_happened_is_left_out_and_named(shared: Doors) -> None:
    """A review of some day in April is not counted on 15 April, and named; by May it is."""
    case = a_watched_case(shared)
    path = f"/v1/cases/{case}/findings"
    april = told(shared, path, as_of="2026-04-15")
    assert "plan_review_overdue" in codes(april)
    (one,) = april["left_out"]
    assert (one["name"], one["occurred"]["edtf"]) == ("plan-reviewed", "2026-04")
    assert left_out(told(shared, path, as_of="2026-04-30")) == []
    assert left_out(told(shared, path, as_of="2026-03-31")) == []
    entries = told(shared, f"/v1/cases/{case}/timeline", as_of="2026-04-15")["entries"]
    assert "plan-reviewed" in [entry["name"] for entry in entries]  # a timeline shows what may be


def test_findings_are_of_what_an_agency_knew(shared: Doors) -> None:
    """known_to judges only what that agency had on record or was told of by the day judged by."""
    case = a_watched_case(shared)
    path = f"/v1/cases/{case}/findings"
    for day, knew in (("2026-03-09", False), ("2026-03-10", True)):
        answer = told(shared, path, known_to="nhs-trust", on=day)
        assert ({"no_coordinator", "plan_review_overdue"} <= codes(answer)) is knew
        assert bool(answer["findings"]) is knew
        assert answer["known_to"] == "nhs-trust"


@pytest.mark.parametrize(
    ("since", "on", "certain"),
    [
        ("2026-03", "2026-03-09", False),
        ("2026-03", "2026-03-31", True),
        ("unknown", "2026-03-09", False),
    ],
)
def test_since_when_an_agency_knew_may_be_uncertain(
    shared: Doors,
    since: str,
    on: str,
    certain: bool,  # noqa: FBT001
) -> None:
    """What an agency may have known by a day, and may not, is left out of findings and named."""
    case = shared.case()
    told_to = [{"agency": "care-home", "since": since}]
    ask(
        shared,
        case,
        1,
        "agree-plan",
        occurred="2026-03-02",
        known_to=told_to,
        command={"terms": {}},
    )
    path = f"/v1/cases/{case}/findings"
    answer = told(shared, path, known_to="care-home", on=on)
    assert ("no_coordinator" in codes(answer)) is certain
    assert left_out(answer) == ([] if certain else ["plan-agreed"])
    assert left_out(told(shared, path, known_to="care-home", on="2026-02-27")) == (
        ["plan-agreed"] if since == "unknown" else []
    )
    entries = told(shared, f"/v1/cases/{case}/timeline", known_to="care-home", on=on)["entries"]
    assert "plan-agreed" in [entry["name"] for entry in entries]  # a timeline shows what may be


def test_a_correction_counts_in_what_was_true_then(shared: Doors) -> None:
    """as_of asks of the past as now understood: what was withdrawn since had not happened."""
    case = a_watched_case(shared)
    path, at = f"/v1/cases/{case}/findings", shared.office.record.log.tail()
    withdrawn = {"target": 3, "reason": "wrong_person", "withdrawn": True}
    moved = {"target": 4, "reason": "wrong_date", "occurred": "2026-04-02"}
    version = ask(shared, case, 4, "correct-record", command=moved)
    assert left_out(told(shared, path, as_of="2026-04-15")) == []
    assert left_out(told(shared, path, as_of="2026-04-15", as_at=str(at))) == ["plan-reviewed"]
    ask(shared, case, version, "correct-record", command=withdrawn)
    assert "no_coordinator" not in codes(told(shared, path, as_of="2026-04-15"))
    assert "no_coordinator" in codes(told(shared, path, as_of="2026-04-15", as_at=str(at)))


def test_what_was_entered_for_the_wrong_person_is_not_told_of_this_one(shared: Doors) -> None:
    """Its words are somebody else's: no answer has them now, every one as at before has (L29)."""
    case = shared.case()
    said = "Sleeps badly since her sister left."
    entry = {"agency": "police", "text": said, "source": "a ledger"}
    version = ask(shared, case, 1, "record-chronology-entry", command=entry)
    before, path = shared.office.record.log.tail(), f"/v1/cases/{case}/timeline"
    for reason, withdrawn, shown in (
        ("wrong_person", True, False),
        ("entered_wrongly", True, True),
        ("wrong_person", False, True),
        ("wrong_person", True, False),
    ):
        last = {} if version == 2 else {"supersedes": version}
        wrong = {"target": 2, "reason": reason, "withdrawn": withdrawn, **last}
        version = ask(shared, case, version, "correct-record", command=wrong)
        pages = [shared.get(f"/cases/{case}").text, str(told(shared, path))]
        assert [said in page for page in pages] == [shown, shown]
        assert ["entered for the wrong person" in page for page in pages][1] is not shown
    assert said in str(told(shared, path, as_at=str(before)))
    assert said not in str(told(shared, path, as_of="2026-11-30"))


def test_a_case_says_where_it_stood_then(shared: Doors) -> None:
    """The summary of a case is of the same clocks; its version is the one to write with."""
    case = a_watched_case(shared)
    for day, stage in (
        ("2026-01-04", "concern"),
        ("2026-01-05", "enquiry"),
        ("2026-02-02", "plan"),
    ):
        answer = told(shared, f"/v1/cases/{case}", as_of=day)
        assert (answer["stage"], answer["version"]) == (stage, 4)
        assert answer["adult"] is not None
        assert answer["findings"] == len(
            told(shared, f"/v1/cases/{case}/findings", as_of=day)["findings"]
        )


def test_every_review_is_listed_with_its_day_and_whose_it_is(shared: Doors) -> None:
    """/v1/reviews says of each plan when it is due, when it was held and who holds the case."""
    case = a_watched_case(shared)
    worker = "00000000-0000-4000-8000-000000000001"
    ask(shared, case, 4, "allocate-case", command={"worker": worker, "team": "reviewers"})
    (plan,) = plans(told(shared, "/v1/reviews", team="reviewers"), case)
    assert (plan["due_on"], plan["reviewed_on"][:7], plan["reviews"]) == (None, "2026-04", 1)
    assert (plan["worker"], plan["links"]) == (worker, {"case": f"/v1/cases/{case}"})
    at = told(shared, f"/v1/cases/{case}/timeline", as_of="2026-03-31")["entries"][-1]["position"]
    (then,) = plans(told(shared, "/v1/reviews", as_at=str(at), on="2026-03-01"), case)
    assert (then["why"], then["days"], then["overdue"]) == ("to_come", 0, False)
    (then,) = plans(told(shared, "/v1/reviews", as_at=str(at), on="2026-03-05"), case)
    assert (then["why"], then["days"], then["due_on"]) == ("past_due", 3, "2026-03-02")
    late = told(shared, "/v1/reviews", as_at=str(at), on="2026-03-01", overdue="true")
    assert plans(late, case) == []
    late = told(shared, "/v1/reviews", as_at=str(at), on="2026-03-05", overdue="true")
    assert [one["why"] for one in plans(late, case)] == ["past_due"]
    assert told(shared, "/v1/reviews", team="nobodys")["reviews"] == []


def test_reviews_are_of_what_was_true_and_known_then(shared: Doors) -> None:
    """as_of and known_to fold the same events again; what may have happened is left out."""
    case = a_watched_case(shared)
    assert plans(told(shared, "/v1/reviews", as_of="2026-02-01"), case) == []
    (march,) = plans(told(shared, "/v1/reviews", as_of="2026-03-31"), case)
    assert (march["why"], march["days"], march["reviews"]) == ("past_due", 29, 0)
    april = told(shared, "/v1/reviews", as_of="2026-04-15")
    (plan,) = plans(april, case)
    assert (plan["why"], plan["reviewed_on"]) == ("past_due", None)
    (left,) = [one for one in april["left_out"] if one["case"] == case]
    assert (left["name"], left["occurred"]["edtf"]) == ("plan-reviewed", "2026-04")
    (may,) = plans(told(shared, "/v1/reviews", as_of="2026-05-01"), case)
    assert (may["reviewed_on"][:7], may["reviews"]) == ("2026-04", 1)
    known = {"known_to": "nhs-trust"}
    assert plans(told(shared, "/v1/reviews", on="2026-03-09", **known), case) == []
    (plan,) = plans(told(shared, "/v1/reviews", on="2026-03-10", **known), case)
    assert plan["why"] == "past_due"


def test_reviews_asked_of_everything_are_those_of_the_view(doors: Doors) -> None:
    """Folded again over all events there are, the list is the one the view gives."""
    a_watched_case(doors)
    doors.case()
    for target, how in ((3, {"withdrawn": True}), (4, {"occurred": "2026-02-20"})):
        wrong = {"target": target, "reason": "wrong_date", **how}
        ask(doors, a_watched_case(doors), 4, "correct-record", command=wrong)
    day = {"on": "2199-01-01"}
    whole = told(doors, "/v1/reviews", **day)["reviews"]
    assert whole
    assert told(doors, "/v1/reviews", as_of="2199-01-01", **day)["reviews"] == whole
    assert told(doors, "/v1/reviews", known_to="council", **day)["reviews"] == whole


def test_the_overdue_are_one_law(shared: Doors) -> None:
    """The cases of `overdue=true` are those of the list of cases past their review, on any day."""
    a_watched_case(shared)
    for day in ("2026-01-05", "2026-01-06", "2026-03-02", "2026-03-03", "2026-04-02", "2027-01-01"):
        listed = told(shared, "/v1/reviews", overdue="true", on=day)["reviews"]
        cases = told(shared, "/v1/reviews/overdue", on=day)["cases"]
        assert {one["case"] for one in listed} == {one["case"] for one in cases}, day


CLOCKS = {
    "as_at": ("yesterday", "a position, or a day"),
    "on": ("2026-02-30", "a day"),
    "as_of": ("12", "a day"),
    "known_to": ("The Police", "an agency's identifier"),
}
VIEWS: Mapping[str, tuple[str, ...]] = {
    "/v1/cases": ("as_at", "on"),
    "/v1/findings": ("as_at", "on"),
    "/v1/cases/{case}": tuple(CLOCKS),
    "/v1/cases/{case}/findings": tuple(CLOCKS),
    "/v1/cases/{case}/timeline": tuple(CLOCKS),
    "/v1/reviews": tuple(CLOCKS),
    "/v1/reviews/overdue": ("as_at", "on"),
    "/v1/returns/2026/SG1f": ("as_at", "on"),
    "/v1/returns/2026/checks": ("as_at", "on"),
    "/v1/persons/{person}": ("as_at", "on"),
}


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_reads_its_clocks_alike(shared: Doors, path: str) -> None:
    """The same words and the same refusals at every view: the clock is named, what came is not."""
    person = shared.person()
    here = path.format(case=shared.case(person), person=person)
    right = {"as_at": str(shared.office.record.log.tail()), "on": "2026-11-02"}
    right |= {"as_of": "2199-11-02", "known_to": "council"}
    told(shared, here, **{name: right[name] for name in VIEWS[path]})
    for name in VIEWS[path]:
        wrong, words = CLOCKS[name]
        for sent in (wrong, ""):
            answer = shared.client.get(here, params={name: sent})
            assert answer.status_code == 422, (name, sent)
            (error,) = answer.json()["errors"]
            assert error["pointer"] == f"/query/{name}"
            assert words in error["detail"]


def test_the_command_line_reads_the_clocks_as_the_interface_does(shared: Doors) -> None:
    """The same words under the option's name."""
    desk: Desk = desk_of(shared.office, Code("manager"), Code("safeguarding"))
    for name, (wrong, words) in CLOCKS.items():
        with pytest.raises(Refused, match=f"--{name.replace('_', '-')}.*{words}"):
            desk.clocks(Then(**{name: wrong}))


def test_the_command_line_asks_by_all_clocks(database: Database, tmp_path: Path, cli: Cli) -> None:
    """case, timeline and reviews take --as-of and --known-to, and name what they leave out."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        case = a_watched_case(doors)
    shown = ("case", case, "--role", "manager")
    april = cli(*shown, "--as-of", "2026-04-15", "--json").json
    assert "plan_review_overdue" in codes(april)
    assert left_out(april) == ["plan-reviewed"]
    text = cli(*shown, "--as-of", "2026-04-15").out
    assert "Left out, not certain by then" in text
    unknown = cli(*shown, "--known-to", "nhs-trust", "--on", "2026-03-09", "--json").json
    assert unknown["findings"] == []
    late = cli("reviews", "--overdue", "--as-of", "2026-04-15", "--json").json
    assert [one["why"] for one in plans(late, case)] == ["past_due"]
    assert left_out(late) == ["plan-reviewed"]
    assert "Plan reviewed" in cli("reviews", "--as-of", "2026-04-15").out
    known = ("reviews", "--known-to", "nhs-trust", "--on")
    assert cli(*known, "2026-03-09", "--json").json["reviews"] == []
    figures = ("return", "2025-26", "SG1f", "--role", "analyst")
    assert cli(*figures, "--on", "2026-04-01", "--json").json["on"] == "2026-04-01"


def test_a_page_says_by_which_clocks_it_was_asked(shared: Doors) -> None:
    """The clocks stand in its words and its form, and go along with its links."""
    case = a_watched_case(shared)
    shared.catch_up()
    at = shared.office.record.log.tail()
    query = f"as_at={at}&on=2026-12-20&as_of=2026-04-15&known_to=council&purpose=audit"
    page = shared.client.get(f"/cases/{case}?{query}").text
    assert f"as known at position {at}" in page
    assert "as true at the end of 15 April 2026, as far as known to council" in page
    assert "judged by 20 December 2026" in page
    for name, value in (("as_of", "2026-04-15"), ("known_to", "council"), ("on", "2026-12-20")):
        assert re.search(f'name="{name}"[^>]* value="{value}"', page)
    assert "Each of these may have happened by 15 April 2026" in page
    assert f'href="/?as_at={at}&amp;on=2026-12-20&amp;purpose=audit"' in page
    listed = shared.client.get(f"/?as_at={at}&on=2026-12-20&purpose=audit").text
    assert f'href="/cases/{case}?as_at={at}&amp;on=2026-12-20&amp;purpose=audit"' in listed
    assert "judged by 20 December 2026" in listed
    assert "Left out" not in shared.client.get(f"/cases/{case}?as_of=2026-05-01").text


def test_an_answer_says_the_position_it_is_of(shared: Doors) -> None:
    """Lists of cases and reviews name their position; one that nothing stands at yet is refused."""
    last = shared.office.record.log.tail()
    for path in ("/v1/cases", "/v1/reviews", "/v1/reviews/overdue"):
        assert 0 < told(shared, path)["as_at"] <= last, path
        for beyond in (last + 1000, 10**15):
            answer = shared.client.get(f"{path}?as_at={beyond}")
            assert answer.status_code == 422, path
            assert "nothing is recorded there yet" in answer.text
