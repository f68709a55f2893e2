from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.allocation import CaseAllocated, CaseUnallocated
from domain.case import replay
from domain.closure import CaseReopened
from domain.corrected import standing
from domain.correction import EntryAnnotated
from domain.intake import CaseTransferred
from domain.monitoring import PlanEnded
from domain.plan import PlanAgreed, PlanRevised, Terms
from domain.reading import joined_facts, replayed
from domain.when import read
from domain.words import Code, Personal, Slug, WorkerRef
from projections.caseload import CASELOAD, caseload, totals
from projections.rebuild import verify
from tests.controls import (
    ADULT,
    CASE,
    MANAGER,
    OTHER_CASE,
    PLAN,
    PRACTITIONER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    ref,
)
from tests.projections.conftest import Views, corrected, shows, told
from tests.projections.joins import merge, split


def allocated(worker: WorkerRef = PRACTITIONER, team: str = "north-team") -> CaseAllocated:
    """Give an allocation to a worker in a team."""
    return CaseAllocated(worker=worker, team=Slug(team), reason=Code("first_allocation"))


def unallocated() -> CaseUnallocated:
    """Give the end of an allocation."""
    return CaseUnallocated(
        previous=PRACTITIONER, team=Slug("north-team"), reason=Code("worker_left")
    )


def test_whose_cases_and_how_long_nobodys(views: Views) -> None:
    """A caseload shows each open case once, and every day without a worker to the day asked."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-03", a_referral("2026-11-02"), stream=OTHER_CASE),
        told("2026-11-05", allocated()),
        told("2026-11-05", an_enquiry()),
        told("2026-11-12", unallocated()),
    )
    views.follow(CASELOAD)

    found = views.ask(caseload, on=date(2026, 11, 20))
    shows(
        found.rows,
        """
        case       | stage   | team       | worker | unallocated_since | unallocated_days
        other-case | concern | -          | -      | 2026-11-02        | 18
        case       | enquiry | north-team | -      | 2026-11-12        | 11
        """,
    )
    shows(
        found.totals,
        """
        team       | worker | count | unallocated_days | cases
        -          | -      | 1     | 18               | other-case
        north-team | -      | 1     | 11               | case
        """,
    )


def test_as_known_then(views: Views) -> None:
    """Asked as at an earlier position, the caseload is the one that was shown then."""
    before = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", allocated()),
        told("2026-11-04", a_referral(), stream=OTHER_CASE),
        told("2026-11-04", allocated(MANAGER, "south-team"), stream=OTHER_CASE),
    )
    views.tell(
        told("2026-11-09", allocated(MANAGER, "south-team")),
        told("2026-11-10", a_conference()),
        told("2026-11-16", a_closure(), stream=OTHER_CASE),
    )
    views.follow(CASELOAD)

    shows(
        views.ask(caseload, on=date(2026, 11, 20), as_at=before).rows,
        """
        case       | stage   | team       | worker       | unallocated_days
        case       | concern | north-team | practitioner | 1
        other-case | concern | south-team | manager      | 2
        """,
    )
    shows(
        views.ask(caseload, on=date(2026, 11, 20)).rows,
        """
        case | stage      | worker  | unallocated_days | received_at | held_at | stage_at
        case | conference | manager | 1                | 1           | 5       | 6
        """,
    )
    shows(
        views.ask(totals, on=date(2026, 11, 20), as_at=before),
        """
        team       | worker       | count | unallocated_days
        north-team | practitioner | 1     | 1
        south-team | manager      | 1     | 2
        """,
    )


def test_one_team_one_worker(views: Views) -> None:
    """A team's and a worker's caseload hold their cases and nobody else's."""
    views.tell(
        a_referral(),
        allocated(),
        told("2026-11-04", a_referral(), stream=OTHER_CASE),
        told("2026-11-04", allocated(MANAGER, "south-team"), stream=OTHER_CASE),
    )
    views.follow(CASELOAD)

    def cases(**asked: object) -> list[UUID]:
        return [row.case for row in views.ask(caseload, on=date(2026, 11, 4), **asked).rows]

    assert cases(team="north-team") == [CASE]
    assert cases(worker=MANAGER) == [OTHER_CASE]
    assert cases(team="north-team", worker=MANAGER) == []


def test_a_version_only_where_something_shown_changed(views: Views) -> None:
    """Two events of a day that change nothing shown make no second version of the row."""
    views.tell(a_referral(), an_enquiry(), an_enquiry())
    views.follow(CASELOAD)

    with views.connect() as conn:
        ranges = conn.execute("SELECT valid::text FROM views.caseload ORDER BY valid").fetchall()
    assert ranges == [("[1,2)",), ("[2,)",)]


def test_the_stage_is_the_one_the_rules_know(views: Views) -> None:
    """After each event a case's row has the stage, the worker and the openness its replay has."""
    plan = {"conference": None, "origin": Code("composed"), "terms": Terms(), "review_due": None}
    events = (
        a_referral(),
        allocated(),
        an_enquiry(),
        a_conference(),
        a_held_conference(),
        PlanAgreed(plan=PLAN, version=1, **plan),  # type: ignore[arg-type]
        unallocated(),
        PlanEnded(plan=PLAN, reason=Code("aim_reached")),
        PlanRevised(plan=PLAN, version=2, reason=None, **plan),  # type: ignore[arg-type]
        a_closure(),
        CaseReopened(reason=Code("new_information")),
    )
    for event in events:
        position = views.tell(event)
        views.follow(CASELOAD)
        known = replay(views.record.facts(CASE))
        with views.connect() as conn:
            row = conn.execute(
                "SELECT stage, worker, NOT open FROM views.caseload WHERE valid @> %s::int8",
                (position,),
            ).fetchone()
        assert row == (known.stage, known.worker, known.closed), event


def test_no_day_is_made_up_for_an_uncertain_one(views: Views) -> None:
    """Without one certain day no day is shown, and the waiting counts from the recording."""
    whens = ("20XX", "unknown", "2026-11-02?", "2026-11-02", "2026-11-02T09:00:00Z")
    for number, when in enumerate(whens):
        views.tell(told("2026-11-05", a_referral(when), stream=ref(60 + number)))
    views.tell(told("2026-11-09", allocated(), occurred="2026-11~", stream=ref(60)))
    views.follow(CASELOAD)

    found = {one.received: one for one in views.ask(caseload, on=date(2026, 11, 7)).rows}
    assert {when: found[when].received_on for when in whens} == {
        "20XX": None,
        "unknown": None,
        "2026-11-02?": None,
        "2026-11-02": date(2026, 11, 2),
        "2026-11-02T09:00:00Z": date(2026, 11, 2),
    }
    assert [found[when].unallocated_days for when in whens] == [4, 2, 2, 5, 5]
    assert found["20XX"].allocated_since == date(2026, 11, 9)


def test_what_was_withdrawn_counts_no_more(views: Views) -> None:
    """A withdrawn conference takes its stage back, a withdrawn referral its case, from then on."""
    views.tell(a_referral(), an_enquiry(), a_conference())
    conference = views.tell(corrected(3, withdrawn=True))
    referral = views.tell(corrected(1, withdrawn=True))
    restored = views.tell(corrected(1, supersedes=5))
    views.follow(CASELOAD)

    def stages(as_at: int) -> list[str]:
        rows = views.ask(caseload, on=date(2026, 11, 20), as_at=as_at).rows
        return [row.stage for row in rows]

    assert stages(conference - 1) == ["conference"]
    assert stages(conference) == ["enquiry"]
    assert stages(referral) == []
    assert stages(restored) == ["enquiry"]


def test_a_corrected_day_is_the_day_judged_by(views: Views) -> None:
    """An allocation now understood to have come later leaves the days before it without a worker.

    As at an earlier position it is still the day first recorded.
    """
    views.tell(told("2026-11-02", a_referral("2026-11-02")), told("2026-11-04", allocated()))
    before = views.tell(told("2026-11-05", an_enquiry()))
    views.tell(told("2026-11-12", corrected(2, occurred="2026-11-10")))
    views.follow(CASELOAD)

    def days(as_at: int | None) -> list[int]:
        rows = views.ask(caseload, on=date(2026, 11, 20), as_at=as_at).rows
        return [row.unallocated_days for row in rows]

    assert days(before) == [2]
    assert days(None) == [8]


@pytest.mark.parametrize(
    ("occurred", "received"), [("2026-11-02", "2026-10-28"), ("2026-10-30", "2026-11-02")]
)
def test_a_case_was_received_when_its_referral_is_understood_to_have_come(
    views: Views, occurred: str, received: str
) -> None:
    """A corrected time moves `received` where it told the same time; view and rules agree."""
    before = views.tell(told("2026-11-02", a_referral("2026-11-02"), occurred=occurred))
    views.tell(told("2026-11-04", corrected(1, occurred="2026-10-28")))
    views.follow(CASELOAD)
    facts = views.record.facts(CASE)

    (now,) = views.ask(caseload, on=date(2026, 11, 20)).rows
    (then,) = views.ask(caseload, on=date(2026, 11, 20), as_at=before).rows
    assert (now.received, now.received_on) == (received, date.fromisoformat(received))
    assert now.received_on == replay(standing(facts)).received_on
    assert now.unallocated_days == (date(2026, 11, 20) - now.received_on).days
    assert then.received_on == replay(facts).received_on == date(2026, 11, 2)
    assert verify(CASELOAD, views.connect).equal


@pytest.mark.parametrize(
    ("received", "since", "certain"),
    [
        ("2026-10", "2026-10-31", False),
        ("2026-10-28", "2026-10-28", True),
        ("../2026-09-30", "2026-09-30", False),
        ("2026-11", "2026-11-02", False),
        ("2026-10-28?", "2026-11-02", False),
        ("unknown", "2026-11-02", False),
    ],
)
def test_waiting_counts_the_days_there_certainly_were(
    views: Views,
    received: str,
    since: str,
    certain: bool,  # noqa: FBT001
) -> None:
    """Received some time in October, it waited from the end of October at least, and says so."""
    views.tell(told("2026-11-02", replace(a_referral(), received=read(received))))
    views.follow(CASELOAD)
    (row,) = views.ask(caseload, on=date(2026, 11, 20)).rows
    assert row.unallocated_since == date.fromisoformat(since)
    assert row.unallocated_days == (date(2026, 11, 20) - date.fromisoformat(since)).days
    assert row.at_least is not certain


def test_the_day_last_recorded_is_as_known_then(views: Views) -> None:
    """The day something was last recorded of a case is that of the position asked for."""
    views.tell(told("2026-11-02", a_referral("2026-11-02")))
    first = views.tell(told("2026-11-05", allocated()))
    views.tell(
        told(
            "2026-11-09",
            EntryAnnotated(target=0, kind=Code("clarification"), text=Personal(ADULT, "x")),
        )
    )
    views.follow(CASELOAD)

    def last(as_at: int | None) -> list[date]:
        rows = views.ask(caseload, on=date(2026, 11, 20), as_at=as_at).rows
        return [row.last_event_on for row in rows]

    assert last(first) == [date(2026, 11, 5)]
    assert last(None) == [date(2026, 11, 9)]


def transferred(authority: str, accepted: str = "yes") -> CaseTransferred:
    """Give a transfer to an authority."""
    return CaseTransferred(
        authority=Slug(authority),
        reason=Code("not_recorded"),
        counted_by=Code("not_decided"),
        accepted=Code(accepted),
    )


def test_while_another_authority_leads_nobody_here_is_waited_for(views: Views) -> None:
    """Days without a worker stop at a transfer that was accepted, and go on once it is back."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-05", transferred("third-council", "no")),
        told("2026-11-12", transferred("other-council")),
    )
    away = views.tell(told("2026-11-20", unallocated()))
    back = views.tell(told("2026-12-01", transferred("council")))
    views.follow(CASELOAD)
    for as_at, day, led_by, days in (
        (away, 20, "other-council", 10),
        (back, 11, None, 20),
        (2, 9, None, 37),
    ):
        on = date(2026, 12, day)
        (one,) = views.ask(caseload, on=on, as_at=as_at).rows
        assert (one.led_by, one.unallocated_days) == (led_by, days), as_at
        (total,) = views.ask(totals, on=on, as_at=as_at)
        assert total.unallocated_days == days
    assert verify(CASELOAD, views.connect).equal


@pytest.mark.parametrize("by", ["merge", "split"])
def test_whose_transfer_it_is_in_the_views_as_in_the_rules(views: Views, by: str) -> None:
    """A merged case's transfer says nothing of the case that leads it; one split off to it does."""
    views.tell(
        told("2026-11-02", a_referral("2026-11-02")),
        told("2026-11-02", a_referral("2026-11-02"), stream=OTHER_CASE),
        told("2026-11-12", transferred("other-council"), stream=OTHER_CASE),
    )
    joins = (
        merge("2026-11-14", OTHER_CASE, CASE)
        if by == "merge"
        else split("2026-11-14", OTHER_CASE, CASE, 2)
    )
    views.tell(*joins)
    views.follow(CASELOAD)
    now = replayed(CASE, joined_facts(views.record, CASE, views.record.facts(CASE)))
    rows = views.ask(caseload, on=date(2026, 12, 1)).rows
    (led_by,) = [one.led_by for one in rows if one.case == UUID(int=CASE.int)]
    assert led_by == now.led_by == (None if by == "merge" else "other-council")
