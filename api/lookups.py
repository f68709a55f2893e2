"""What is asked across cases, exactly and up to this moment: which name somebody.

The view of namings answers, and the record itself for what the view has not reached yet. So a
restriction recorded a moment ago holds, a referral is counted, and a view that has stopped keeps
nobody from recording and hides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from domain.when import When, in_order
from domain.words import PersonRef
from projections import naming
from projections.health import Behind, held_at
from projections.naming import NAMING
from projections.rebuild import generation

if TYPE_CHECKING:
    from api.office import Office


def cases_naming(office: Office, person: UUID) -> frozenset[UUID]:
    """Every case that ever named somebody, or in which a passage is about them, as of now.

    The view, where it stands and the log beyond that are read at one moment. What has no view, or
    one that other code made, is read from the log alone, from end to end.
    """
    return cases_naming_each(office, [person])[person]


def cases_that_named(office: Office, person: UUID, as_at: int) -> frozenset[UUID]:
    """Every case that had named somebody by a position, as `cases_naming` finds them."""
    with office.pool.connection() as conn:
        try:
            with held_at(conn, [NAMING.name]) as reached:
                shown = generation(conn, NAMING.name)
                if shown is not None and shown[1] == NAMING.version:
                    seen = naming.cases_naming(conn, person, as_at=min(as_at, reached))
                    return frozenset(seen | naming.after(conn, person, reached, upto=as_at))
        except Behind:  # it was never made
            pass
        return frozenset(naming.after(conn, person, 0, upto=as_at))


def cases_naming_each(office: Office, people: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """The same of several at one moment, for a list that shows them."""
    with office.pool.connection() as conn:
        try:
            with held_at(conn, [NAMING.name]) as reached:
                shown = generation(conn, NAMING.name)
                if shown is not None and shown[1] == NAMING.version:
                    seen = naming.cases_naming_each(conn, people)
                    since = naming.after_each(conn, people, reached)
                    return {one: frozenset(seen[one] | since[one]) for one in people}
        except Behind:  # it was never made
            pass
        told = naming.after_each(conn, people, 0)
        return {one: frozenset(cases) for one, cases in told.items()}


class ViewLookups:
    """Answers `domain.handle.Lookups`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def earlier_referrals(self, adult: PersonRef) -> tuple[When, ...]:
        """When referrals about this adult were received before, in any case."""
        received: list[When] = []
        for stream in cases_naming(self._office, adult):
            case, _facts = self._office.handler.case(stream)
            if case.merged_into is not None:
                continue  # its referrals are read in the other
            if case.adult == adult:  # the others name them, and are about somebody else
                received.extend(mark.when for mark in case.referrals)
        return tuple(sorted(received, key=in_order))
