"""Who ought to have been at a meeting: asked and was not, or asked and neither came nor was heard.

What certainly came after the meeting is no asking, and no word beforehand; nor is a report of
before it was called, made for another meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.episode import same
from domain.facets import Roster
from domain.finding import Finding
from domain.known import Convened, Known, Reported, Sat, not_to_come
from domain.stage import could_precede, found
from domain.words import ConferenceRef, Slug

# Whom the allocated worker comes as: R42.
_KEY_WORKERS: Final = frozenset({"care_manager", "care_coordinator", "key_worker"})
# Who is there for the meeting itself: they stand in for nobody of their agency.
_LEADING: Final = frozenset({"chair", "minute_taker", "investigating_officer"})
# Whose place another takes where they cannot come, and who have nothing to send beforehand.
_REPLACED: Final = frozenset({"chair", "minute_taker"})

# What says of a report that it is for a meeting, or was before it.
_OF_REPORTS: Final = frozenset({"agency-report-received", "report-tabled", "report-considered"})


def not_asked(
    ref: ConferenceRef, roster: Roster, conference: Convened, sitting: Sat, known: Known
) -> Iterator[Finding]:
    """Say who ought to have been asked and was not (R38, R40, R42, R216)."""
    attended = {line.organisation for _, line in sitting.attendances if line.present}
    invited = {one.organisation for one in roster.invited.values()}
    roles = {one.role for one in roster.invited.values()}
    roles |= {line.role for _, line in sitting.attendances}
    if "investigating_officer" not in roles:
        words = "The record does not show the officer who made the enquiries being invited."
        yield found("officer_not_invited", "R38", "medium", words, at=sitting.held, subject=ref)
    worker = known.key_worker(sitting.held)
    asked_by_name = {one.worker for one in roster.invited.values()}
    asked_by_name |= {roster.chair, roster.minute_taker}
    if worker is not None and worker not in asked_by_name and not roles & _KEY_WORKERS:
        words = "The record does not show the worker who holds the case being invited."
        yield found("worker_not_invited", "R42", "medium", words, at=sitting.held, subject=ref)
    heard = attended | set(roster.contributors) | _reported(ref, sitting, known)
    for agency in sorted(set(conference.agencies) - invited - heard):
        words = f"An agency involved was not invited, did not come and did not write: {agency}."
        yield found(
            "agency_not_invited", "R40 R216", "medium", words, at=sitting.held, subject=agency
        )


def _reported(ref: ConferenceRef, sitting: Sat, known: Known) -> set[Slug | None]:
    """List the agencies whose own report was there for the meeting (R216).

    One that came since the meeting was called, or that is said to be for it, was laid before it or
    considered there; an older one was for another.
    """
    called = known.conferences.get(ref)
    return {
        report.organisation
        for report in known.reports_submitted
        if report.kind != "investigation"
        and could_precede(report.at.when, sitting.held.when)
        and same(report.at, sitting.held, known)
        and (
            called is None
            or could_precede(called.convened.when, report.at.when)
            or _for_it(report, ref, known)
        )
    }


def _for_it(report: Reported, ref: ConferenceRef, known: Known) -> bool:
    """Whether a meeting's entries tell of a report: by its reference, else by whose it may be."""
    met: tuple[tuple[str, Any], ...] = known.met(ref)
    return any(
        event.report == report.ref
        or (
            name == "report-considered"
            and event.report is None
            and event.kind == report.kind
            and event.organisation in {None, report.organisation}
        )
        for name, event in met
        if name in _OF_REPORTS
    )


def _sent_another(roster: Roster, sitting: Sat) -> set[Slug | None]:
    """List the agencies of those who came without an invitation to answer, but to lead it."""
    return {
        line.organisation
        for _, line in sitting.attendances
        if line.present and line.participant not in roster.invited and line.role not in _LEADING
    }


def not_heard(ref: ConferenceRef, roster: Roster, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Say who was invited and neither came, wrote in time nor sent a report (R45, R216).

    Their agency was heard where it wrote in time, or sent somebody not on the list instead.
    """
    reported = _reported(ref, sitting, known) | _sent_another(roster, sitting)
    reported |= {agency for agency, at in roster.wrote if could_precede(at.when, sitting.held.when)}
    present = {line.participant for _, line in sitting.attendances if line.present}
    for participant, invited in roster.invited.items():
        if not_to_come(known, ref, participant, invited) or invited.role in _REPLACED:
            continue
        wrote = invited.contributed
        in_time = wrote is not None and could_precede(wrote.when, sitting.held.when)
        heard = in_time or invited.organisation in reported
        if participant not in present and invited.organisation is not None and not heard:
            words = "An invited professional neither attended nor sent information beforehand."
            at, since = invited.at, sitting.held.when
            rules = "R45 R216"
            yield found("absent_unheard", rules, "medium", words, at=at, since=since, subject=ref)
