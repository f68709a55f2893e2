"""What an agency knew by a day, as far as the record says, and no further.

Known to an agency is an entry that

- it made, or has on record: the agency it came from, or the organisation that recorded it; where
  its own line says nothing of when it was written there, it may have known since it happened;
- is said to be known to it (`known_to`), since when that says;
- says that something was sent, shared, disclosed or circulated to it: that entry, not what was in
  what it was sent, since the record does not say which entries that came from;
- was named in the manifest of a disclosure to it: there the record does say.

Who sat in a meeting heard what was said there; which entries that was is not recorded, so sitting
in it makes none known. What may have been known by then counts, as on every door: the uncertain is
shown with its doubt, and not left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.case import Case
from domain.corrected import standing
from domain.disclosing import DisclosureMade
from domain.when import When
from domain.words import Fact, Slug


def reached(
    agency: Slug, by: datetime, cases: Iterable[Case], streams: Mapping[UUID, Iterable[Fact[Any]]]
) -> frozenset[int]:
    """The positions of entries that something sent to an agency made known to it by a moment.

    `cases` are the cases as they stand, `streams` every entry of them, by case.
    """
    sent = {
        one.at.position
        for case in cases
        for one in case.given_out
        if one.organisation == agency and _may_have_been(one.at.when, by)
    }
    return frozenset(
        {*sent, *(one for facts in streams.values() for one in _told(agency, by, facts))}
    )


def _told(agency: Slug, by: datetime, facts: Iterable[Fact[Any]]) -> Iterator[int]:
    """What of one case disclosures to an agency named."""
    understood = tuple(standing(facts))
    places = {fact.version: fact.position for fact in understood}
    for fact in understood:
        event = fact.event
        if not isinstance(event, DisclosureMade) or event.organisation != agency:
            continue
        if _may_have_been(fact.occurred, by):
            yield from (places[one.entry] for one in event.manifest if one.entry in places)


def _may_have_been(when: When, by: datetime) -> bool:
    return when.earliest is None or when.earliest <= by
