"""Who takes on what is agreed to be done, and that something is, where risk was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from domain.episode import same, within
from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark, found
from domain.words import Slug


class Owned(Protocol):
    """Something to be done, of a plan or added to one."""

    @property
    def owner(self) -> Slug | None:
        """The agency that took it on."""


def not_asked(actions: Iterable[Owned], known: Known, at: Mark) -> Iterator[Finding]:
    """Ask whether those that take on an action of a plan were asked to a conference (R41).

    Whoever came without an invitation, or wrote to the meeting, took part in it too.
    """
    every = known.conferences.items()
    elsewhere = {ref for ref, one in every if not same(one.convened, at, known)}
    rosters = [one for ref, one in known.rosters.items() if ref not in elsewhere]
    held = [one for ref, one in known.sittings.items() if ref not in elsewhere]
    asked = {one.organisation for roster in rosters for one in roster.invited.values()}
    asked |= {one for roster in rosters for one in roster.contributors}
    asked |= {line.organisation for one in held for _, line in one.attendances if line.present}
    for owner in sorted({one.owner for one in actions if one.owner is not None}):
        if owner not in asked:
            words = f"An agency that owns an action of the plan was never invited: {owner}."
            yield found("owner_not_invited", "R41", "medium", words, at=at, subject=owner)


def despite_risk(at: Mark, planned: Iterable[Mark], known: Known) -> Iterator[Finding]:
    """Ask for something to be done about a risk that was found, if not by a plan (R89)."""
    sat, called = known.sittings, known.conferences
    acted = [sat[one].held if one in sat else called[one].convened for one in known.acted_at]
    acted += [*planned, *(one.at for one in known.doings)]
    if known.risk_open(at) and not within(acted, at, known):
        words = "It was decided that no plan is required; risk was assessed and remains, and no "
        words += "action is agreed."
        yield found("no_plan_despite_risk", "R89", "medium", words, at=at)
