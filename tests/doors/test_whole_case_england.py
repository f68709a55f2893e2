"""One case in England from the first call to its reopening, through the doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors.case_in_england import CLOSED, HELD, RECEIVED, REVIEWED, closed, met
from tests.doors.retold import Tell, telling
from tests.doors.scripted import due

ORDER = """
    referral-received section42-duty-decided enquiry-opened case-allocated
    investigating-officer-appointed investigation-report-submitted conference-convened
    adult-declined-attendance adult-views-obtained conference-held abuse-finding plan-agreed
    minutes-approved minutes-circulated plan-reviewed plan-ended enquiry-concluded case-closed
    """


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", RECEIVED) as tell:
        yield tell


def test_every_step_stands_in_the_timeline_with_the_dates_it_made_due(tell: Tell) -> None:
    """Each step stands once, in order, by whoever did it; due dates stay as they were reckoned."""
    case = tell(closed)
    entries = case.timeline()
    assert len(entries) == case.version
    assert [one["position"] for one in entries] == sorted(one["position"] for one in entries)
    names = [one["name"] for one in entries]
    places = [names.index(one) for one in ORDER.split()]
    assert places == sorted(places)
    assert case.entry("referral-received")["role"] == "practitioner"
    assert case.entry("abuse-finding")["role"] == "chair"
    assert case.entry("case-closed")["role"] == "manager"
    assert "conference_due" not in case.entry("referral-received")["data"]
    assert due(case.entry("enquiry-opened"), "due") == "2026-11-30"  # 20 from the referral
    assert due(case.entry("investigation-report-submitted"), "conference_due") == "2026-12-16"
    held = case.entry("conference-held", as_at=HELD)
    assert due(held, "minutes_due") == "2026-12-14"  # 10 working days
    assert "next_core_group" not in held["data"]
    assert due(case.entry("plan-agreed"), "review_due") == REVIEWED
    assert due(case.entry("minutes-circulated", as_at="2026-12-31"), "due") == "2026-12-14"


def test_who_holds_what_of_a_case_is_asked_for(tell: Tell) -> None:
    """Each copy stands with whom it went to and by which entry, as it was known then (R157)."""
    case = tell(closed)
    path = f"/v1/cases/{case.case}/circulation"
    manager = {"Holdfast-Role": "manager"}
    whole = case.doors.get(path, **manager).json()
    entries = {one["position"]: one for one in case.timeline()}
    sent = case.entry("minutes-circulated", as_at="2026-12-31")
    copies = [one for one in whole["holders"] if one["position"] == sent["position"]]
    assert [one["copy"] for one in copies] == [one["copy"] for one in sent["data"]["recipients"]]
    assert {one["what"] for one in copies} == {"minutes"}
    assert {one["what"] for one in whole["holders"]} >= {"minutes", "decisions", "plan"}
    for one in whole["holders"]:
        assert one["occurred"] == entries[one["position"]]["occurred"]
    assert whole["count"] == len(whole["holders"])
    before = case.doors.get(f"{path}?as_at={sent['position'] - 1}", **manager).json()["holders"]
    assert before == [one for one in whole["holders"] if one["position"] < sent["position"]]
    page = case.doors.get(f"{path}?limit=1", **manager).json()
    assert page["holders"] == whole["holders"][:1]
    assert page["next"] is not None


def test_a_case_done_well_is_not_criticised_and_the_caseload_follows_it(tell: Tell) -> None:
    """A well-run case draws no finding of weight, and stood in the caseload while it was open."""
    case = tell(closed)
    assert [one for one in case.findings(on=CLOSED) if one["severity"] != "low"] == []
    worker = case.worker("practitioner")
    assert case.caseload() == []
    stages = {
        "2026-11-02": "concern",
        "2026-11-10": "enquiry",
        "2026-11-20": "conference",
        "2026-12-10": "plan",
    }
    for day, stage in stages.items():
        (row,) = case.caseload(as_at=day)
        assert (row["case"], row["stage"]) == (case.case, stage)
    (row,) = case.caseload(as_at="2026-12-10", worker=worker, team="north-team")
    assert row["worker"] == worker
    (row,) = case.caseload(as_at="2026-11-02")
    assert row["worker"] is None
    assert case.summary(as_at="2026-12-10")["stage"] == "plan"
    assert case.summary()["closed_on"] == CLOSED


def test_the_annual_return_counts_the_case_once_in_each_table(tell: Tell) -> None:
    """Concern, enquiry, adult, type, place and source, and capacity: each counts this case."""
    case = tell(closed)
    tables = ("SG1f", "SG1a", "SG2a", "SG2b", "SG3a")
    counted = {table: case.returned(2026, table) for table in tables}
    assert all(cases == [case.case] for cells in counted.values() for cases in cells.values())
    assert len(counted["SG1f"]) == 2  # a concern, and the section 42 enquiry it became
    assert {band for cell in counted["SG1a"] for band in cell[1:]} >= {"85-94"}
    assert {cell[1:] for cell in counted["SG2a"]} == {
        ("Neglect and Acts of Omission", "Service Provider"),
        ("Financial or Material Abuse", "Other - Known to individual"),
    }
    assert {cell[1:] for cell in counted["SG2b"]} == {
        ("Own Home", "Service Provider"),
        ("Own Home", "Other - Known to individual"),
    }
    (capacity,) = counted["SG3a"]
    assert "No, they did not lack capacity" in capacity
    assert case.returned(2026, "SG2a", as_at="2027-01-13") == {}
    assert case.returned(2025, "SG1f") == {}


def test_the_conference_is_kept_part_by_part_and_finding_by_finding(tell: Tell) -> None:
    """Each part has its attendance, each allegation its finding, and the rules hold at the door."""
    case = tell(met)
    held = case.entry("conference-held")
    apart, together = held["data"]["parts"]
    assert apart["professionals_only"] is True
    assert "representative" not in {one["role"] for one in apart["attendances"]}
    assert {"adult", "representative"} <= {one["role"] for one in together["attendances"]}
    declined = case.entry("adult-declined-attendance")["data"]
    assert declined["reason"]["text"].startswith("I would rather not")
    assert case.entry("adult-views-obtained")["position"] < held["position"]
    assert case.entry("adult-non-attendance-recorded")["data"]["reason"] == "declined"
    made = [one["data"] for one in case.timeline() if one["name"] == "abuse-finding"]
    found = {one["allegation"]: one["finding"] for one in made}
    assert found == {
        case.refs["neglect"]: "substantiated",
        case.refs["financial"]: "not_substantiated",
    }
    assert {one["standard"] for one in made} == {"balance_of_probabilities"}
    neglect = case.refs["neglect"]
    again = case.refused("find-on-allegation", allegation=neglect, finding="inconclusive")
    assert again["rule"] == "I15"
    against = [{"target": "pach", "kind": "against", "owner": "police"}]
    assert case.refused("agree-plan", terms={"actions": against})["rule"] == "I5"


def test_the_same_record_is_judged_by_any_day_and_any_agency(tell: Tell) -> None:
    """What is undone shows from the day it was due; an agency's view holds what it knew by then."""
    case = tell(met)
    assert "plan_review_overdue" not in case.codes(on=REVIEWED)
    assert "plan_review_overdue" in case.codes(on="2027-01-12")
    known = case.names(known_to="police", on="2026-11-18")
    assert "investigation-report-submitted" in known
    assert "desired-outcome-expressed" not in known
    earlier = case.names(known_to="police", on="2026-11-17")
    assert "investigation-report-submitted" not in earlier


def test_a_closed_case_is_corrected_and_reopened(tell: Tell) -> None:
    """A correction stands beside what it corrects, and only a reopened case goes on."""
    case = tell(closed)
    case.on("2027-01-19")
    first = case.entry("referral-received")["version"]
    case.ask(
        "correct-record",
        by="manager",
        target=first,
        reason="wrong_date",
        fields=["received"],
        understood="The call came on Sunday evening.",
    )
    entry = case.entry("referral-received")
    assert entry["corrected_by"]
    assert entry["data"]["account"]["text"].startswith("Two visits")
    assert not case.entry("referral-received", as_at=CLOSED)["corrected_by"]
    twice = case.refused("correct-record", target=first, reason="duplicate")
    assert twice["rule"] == "I12"
    case.on("2027-02-01")
    again = case.refused("convene-conference", kind="initial", planned_for="2027-02-15")
    assert again["rule"] == "I14"
    case.ask("give-feedback", audience="provider", content="limited")
    missed = "A visit was missed again."
    case.ask("reopen-case", by="manager", reason="new_information", rationale=missed)
    assert case.summary()["closed"] is False
    case.ask("link-referral", received="2027-02-01", account="A visit was missed on Friday.")
    (row,) = case.caseload()
    assert row["case"] == case.case
    assert case.caseload(as_at="2027-01-31") == []
