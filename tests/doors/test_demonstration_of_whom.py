"""Whoever is asked to a made-up conference comes for the agency that their part is of."""

from __future__ import annotations

from domain.invitation import InviteParticipant
from tests.told import told

OF_AGENCY = {"housing": "housing", "police": "police"}


def test_who_comes_as_of_an_agency_comes_for_that_agency() -> None:
    """Housing is invited for housing, and the police for the police: no one of the other."""
    asked = [
        step.command
        for step in told("england", seed=2014, count=400).plan.steps
        if isinstance(step.command, InviteParticipant) and step.command.role in OF_AGENCY
    ]
    assert {one.role for one in asked} == OF_AGENCY.keys()
    for one in asked:
        assert one.organisation in {None, OF_AGENCY[one.role]}
