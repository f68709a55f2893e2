"""`holdfast concerns`: every concern about one adult, across their cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.chronologies.dates import write_date
from api.chronologies.writing import said
from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking, Then
from api.forms.labels import title
from api.routes.concerns import Concern, gather, row, totals
from api.routes.people import openable
from domain.jurisdictions import Jurisdiction

_TITLES: Final = ("When", "Case", "No", "What", "From", "Alleged", "Said", "So far", "In months")


def show_concerns(asking: Asking, text: str, then: Then, *, json: bool) -> None:
    """Show every concern about an adult, and from whom how many came.

    Raises:
        NotFound: nobody is registered under that reference, or was by then.
        Refused: this role may not read it.
        Problem: `restricted`.
    """
    with at_desk(asking) as desk:
        person, clocks = reference(text, "person"), desk.clocks(then)
        desk.must("person")
        desk.must("case")
        as_at = desk.office.record.log.tail() if clocks.as_at is None else clocks.as_at
        openable(desk.reader, person, clocks)
        found = gather(desk.reader, person, replace(clocks, as_at=as_at))
        found.viewed(desk.reader, person, clocks.looked_at)
        rests = desk.rests()
        nation = desk.office.jurisdiction
    if json:
        told = {"person": str(person), **clocks.told(), "as_at": as_at, **totals(found)}
        rests.json({**told, "concerns": [row(one) for one in found.concerns]})
        return
    show.table(f"Concerns about {person}", _TITLES, [_line(one, nation) for one in found.concerns])
    lists = nation.lists["referral_source"]
    rows = [(lists.get(who, who), count) for who, count in found.by_teller.most_common()]
    show.table("Received from", ("Who", "Concerns"), rows)
    rests.foot()


def _line(one: Concern, nation: Jurisdiction) -> tuple[show.Cell, ...]:
    fact, told = one.fact, one.told
    mark = " [withdrawn]" if told.withdrawn else " [corrected]" if told.corrected_by else ""
    role = one.told_role and nation.label("referral_source", one.told_role)
    return (
        write_date(told.occurred),
        str(fact.stream),
        fact.version,
        f"{title(fact.header.name, nation)}{mark}",
        ", ".join(str(who) for who in (role, one.told_by) if who) or None,
        ", ".join(nation.label("abuse_type", code) for code in one.types) or None,
        said(one.text) or None,
        one.number,
        None if one.within is None else f"{one.within} in {one.months}",
    )
