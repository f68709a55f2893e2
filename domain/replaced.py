"""Who holds minutes that were approved anew since: the new are owed to whoever has the old.

No source says by which day: what is asked stands from the new approval until they are sent (R152,
R157).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from domain.copies import Named, Sent, WrittenUp
from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark, after, found
from domain.words import ConferenceRef

Who: TypeAlias = tuple[object, ...]


def replaced(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Ask that whoever holds a copy of replaced minutes has the new ones, or was refused them."""
    master, refused = known.approved_master.get(ref), _refused_since(ref, known)
    new = {_who(one) for _, one in kept.sent if one.source == master and not one.unapproved_draft}
    if not new:
        yield from _sent_to_nobody(ref, kept, known)
        return
    old = {
        _who(one)
        for _, one in kept.sent
        if (one.source != master or one.unapproved_draft) and not _whose(one) & refused
    }
    missing = len(old - new)
    if missing:
        words = f"Of those who hold a copy of replaced minutes, {missing} have none of the new."
        code, at = "replaced_copy_held", kept.sent[-1][0]
        yield found(code, "R152 R157", "medium", words, at=at, subject=ref, counted=missing)


def _sent_to_nobody(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Say of minutes that were approved anew, and went to nobody, how many have the earlier.

    A sending that names nobody may have been to all: of the earlier, somebody has it; of the new,
    nobody is known to be without. A draft is no earlier minutes: it is asked after apart.
    """
    anew = _approved_anew(ref, kept, known)
    if anew is None:
        return
    named = {at for at, _ in kept.sent}
    unnamed = [at for at in kept.approved_sendings if at not in named]
    if any(after(at, anew) for at in unnamed):
        return
    refused = _refused_since(ref, known)
    copies = [one for _, one in kept.sent if not one.unapproved_draft]
    holders = len({_who(one) for one in copies if not _whose(one) & refused})
    if holders or unnamed:
        words = "Minutes were approved anew, and to whoever has the earlier they were not sent."
        if holders:
            have = "one holds" if holders == 1 else f"{holders} hold"
            words = f"Minutes were approved anew and were sent to nobody; {have} the earlier."
        code, count = "corrected_minutes_not_sent", holders or None
        yield found(code, "R152 R157", "medium", words, at=anew, subject=ref, counted=count)


def _approved_anew(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Mark | None:
    """Where the present master took the place of another; None where it is the first."""
    masters = [event.master for name, event in _met(ref, known) if name == "minutes-approved"]
    anew = None
    for before, master, at in zip(masters, masters[1:], kept.approvals[1:], strict=False):
        anew = at if master != before else anew
    return anew


def _refused_since(ref: ConferenceRef, known: Known) -> set[Who]:
    """Who was refused the minutes since they were last approved, by name, or role and agency."""
    refused = set[Who]()
    for name, event in _met(ref, known):
        if name == "minutes-approved":
            refused = set()
        elif name == "minutes-withheld":
            refused |= _whose(event)
    return refused


def _who(one: Sent) -> Who:
    """Tell one holder of copies from another."""
    if one.participant is not None:
        return (one.participant,)
    return (one.role, one.organisation, one.person)


def _whose(one: Named) -> set[Who]:
    """Whom a copy, or a refusal, is of: by their invitation, else by role and agency."""
    return {(one.role, one.organisation) if one.participant is None else (one.participant,)}


def _met(ref: ConferenceRef, known: Known) -> Iterator[tuple[str, Any]]:
    """Every event of a meeting, with its stored name, which says what fields it has."""
    yield from known.met(ref)
