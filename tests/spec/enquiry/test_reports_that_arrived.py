"""Reports of agencies that arrived: each is known by what it is called and whose it is."""

from __future__ import annotations

from domain.information import AgencyReportReceived
from domain.words import ReportRef
from tests.controls import HEALTH, POLICE, a_referral, ref
from tests.given import given

RULES = ("R65",)


def test_each_report_is_kept_by_what_it_is_called_and_whose_it_is() -> None:
    """Two reports that arrived stand side by side, each with its agency and its entry (R65)."""
    first, second = ReportRef(ref(71)), ReportRef(ref(72))
    history = given(
        a_referral(),
        AgencyReportReceived(agency=POLICE, report=first),
        AgencyReportReceived(agency=HEALTH, report=second),
    )
    kept = history.case.information.received
    assert [(one.ref, one.organisation, one.at.position) for one in kept] == [
        (first, POLICE, history.facts[1].position),
        (second, HEALTH, history.facts[2].position),
    ]
    assert history.case.agency_reports.keys() == {POLICE, HEALTH}
