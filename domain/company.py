"""Who was at a meeting for whom: how many agencies, with what authority, and who agreed away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.finding import Finding
from domain.known import Known, Sat
from domain.stage import Mark, after, found
from domain.words import ConferenceRef, Slug

ADULT_SIDE: Final = frozenset({"adult", "representative", "supporter", "family", "carer"})
# These commit nobody.
_FOR_NOBODY: Final = frozenset({"advocate", "minute_taker", "interpreter", "observer"})


def company(ref: ConferenceRef, sitting: Sat) -> Iterator[Finding]:
    """Ask for two agencies and authority to commit them (R1, R46, R202)."""
    at = sitting.held
    present = [line for _, line in sitting.attendances if line.present]
    if len({line.organisation for line in present if line.organisation is not None}) < 2:  # noqa: PLR2004 — R1
        words = "The record shows fewer than two agencies at the conference."
        yield found("fewer_than_two_agencies", "R1 R202", "medium", words, at=at, subject=ref)
    professionals = [one for one in present if one.role not in ADULT_SIDE]
    committing = [one for one in professionals if one.role not in _FOR_NOBODY]
    apart = (one for one in committing if not one.organisation)
    without = any(one.organisation and one.delegated_authority != "yes" for one in committing)
    if without or any(one.delegated_authority == "no" for one in apart):
        words = "Somebody attended for an agency without recorded authority to commit it."
        yield found("authority_not_stated", "R46", "low", words, at=at, subject=ref)


def committed(ref: ConferenceRef, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask whether somebody there could take on what their agency took on (R46)."""
    met: list[tuple[str, Any]] = [*known.met(ref)]
    plans = [event for name, event in met if name in {"plan-agreed", "plan-revised"}]
    owners = {action.owner for plan in plans for action in plan.terms.actions}
    owners |= {event.owner for name, event in met if name == "action-agreed"}
    there = [line for _, line in sitting.attendances if line.present and line.organisation]
    bare = {line.organisation for line in there if line.organisation in owners}
    bare -= {line.organisation for line in there if line.delegated_authority == "yes"}
    if bare:
        words = "An agency took on an action; nobody there for it had recorded authority to."
        at = sitting.held
        yield found("action_without_authority", "R46", "medium", words, at=at, subject=ref)


def agreed_away(
    ref: ConferenceRef, agreed: Mapping[Slug, Mark], sitting: Sat, known: Known
) -> Iterator[Finding]:
    """Ask how an agency agreed that was not there, nor wrote to the meeting (R196).

    Where nobody is recorded as there, or of a professional not for whom, any agency may have been.
    """
    roster = known.rosters.get(ref)
    invited = {} if roster is None else roster.invited
    there, unplaced = set[Slug](), False
    for line in (line for _, line in sitting.attendances if line.present):
        asked = None if line.participant is None else invited.get(line.participant)
        agency = line.organisation or (None if asked is None else asked.organisation)
        if agency is not None:
            there.add(agency)
        unplaced |= agency is None and line.role not in ADULT_SIDE | _FOR_NOBODY
    if unplaced or not there:
        return
    wrote = set[Slug | None]() if roster is None else set(roster.contributors)
    wrote |= {one.organisation for one in invited.values() if one.contributed is not None}
    for agency, at in agreed.items():
        if agency not in there | wrote:
            words = "An agency that is not recorded as there is put down as agreeing; how it "
            words += f"agreed is not recorded: {agency}."
            since = sitting.held.when if after(sitting.held, at) else at.when
            code = "absent_agreement_unexplained"
            yield found(code, "R196", "low", words, at=at, since=since, subject=agency)
