"""The large-scale enquiries that a case can be linked to: nobody types the reference of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from api.forms.choices import LARGE_SCALE, Choice, Choices
from api.pages import words
from api.pages.lists import waited_for
from api.routes.door import Reader
from api.routes.waiting import viewing
from projections import large_scale
from projections.health import Behind
from projections.large_scale import Enquiry

LINKING: Final = "link-large-scale-enquiry"


def with_enquiries(reader: Reader, case: UUID, found: Choices) -> Choices:
    """The choices of its form with every enquiry there is, looked at with a trace.

    But those the case is part of, unless it may not be read. As far as the view has come: of a
    record that has none yet a new one can be begun all the same.
    """
    if not reader.reads("caseload"):
        return found
    try:
        waited_for(reader, large_scale.LARGE_SCALE.name)
        with viewing(reader.office, (large_scale.LARGE_SCALE.name,), None) as (conn, at):
            every = large_scale.enquiries(conn)
            own = frozenset[UUID]() if found.unseen else large_scale.enquiries_of(conn, case)
    except Behind:
        return found
    reader.viewed("caseload", as_at=at)
    known = tuple(_choice(one) for one in every if one.large_scale not in own)
    return replace(found, by={**found.by, LARGE_SCALE: known})


def _choice(one: Enquiry) -> Choice:
    """An enquiry as somebody tells it from the others."""
    provider = ", ".join(one.providers) or "No provider recorded"
    cases = f"{one.cases} {'case' if one.cases == 1 else 'cases'}"
    reference = str(one.large_scale)
    return reference, f"{provider}: {cases} since {words.day(one.since)} ({reference[:8]})"
