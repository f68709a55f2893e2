"""`holdfast decisions`: the register of decisions over all cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.audited import decision_said
from api.clocks import UnreadableError, read_day
from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.replaying import heading, line
from api.commands.views import team_of
from api.routes.decisions import A_ROLE, KINDS, a_kind, asked
from api.routes.timeline import Told
from domain.jurisdictions import Jurisdiction
from domain.refusal import Refused
from projections.caseload import CASELOAD
from projections.decisions import DECISIONS, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which decisions are asked for, as typed."""

    first: str | None
    last: str | None
    team: str | None
    kind: str | None
    by: str | None
    start: int
    limit: int
    json: bool


def show_decisions(asking: Asking, then: Then, typed: Asked) -> None:
    """Show the decisions asked for, in the order in which they were taken.

    Raises:
        Refused: this role may not read them, or an option is not understood.
    """
    wanted = _wanted(typed)
    with at_desk(asking) as desk:
        desk.must("caseload")
        desk.must("case")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (CASELOAD, DECISIONS))
        as_at, page, count = asked(
            desk.reader, wanted, clocks.as_at, skip=typed.start, limit=typed.limit
        )
        rests = desk.rests()
        nation = desk.office.jurisdiction
    after = typed.start + typed.limit
    answer = {
        "as_at": as_at,
        "decisions": page.rows,
        "count": count,
        "restricted": page.restricted,
        "next": after if after < count else None,
    }
    if typed.json:
        rests.json(answer)
        return
    show.say("Decisions")
    for one, told in zip(page.rows, page.entries, strict=True):
        _decision(one, told, nation)
    show.say("")
    show.say(_read(answer, len(page.rows)))
    rests.foot()


def _wanted(typed: Asked) -> Wanted:
    first, last = _day("--from", typed.first), _day("--to", typed.last)
    if first is not None and last is not None and first > last:
        raise Refused("option", "usage", "--to comes before --from: exchange them.")
    if not a_kind(typed.kind):
        raise Refused("option", "usage", f"--kind is {KINDS}.")
    if typed.by is not None and not re.fullmatch(A_ROLE, typed.by, re.ASCII):
        raise Refused("option", "usage", "--by is a role, such as manager.")
    team = team_of(typed.team)
    return Wanted(first=first, last=last, kind=typed.kind, role=typed.by, team=team)


def _day(option: str, text: str | None) -> date | None:
    try:
        return None if text is None else read_day(option, text)
    except UnreadableError as wrong:
        raise Refused("option", "usage", f"{option}: {wrong.words}") from None


def _decision(one: Mapping[str, Any], told: Told, nation: Jurisdiction) -> None:
    """One decision in words: a heading, what it says, and what it rests on."""
    show.say("")
    title, lines = decision_said(one, told, nation)
    heading(f"[{told.fact.position}] {one['decided_on']}: {title}, case {told.fact.stream}")
    for text in lines:
        line(text)
    line(f"as known then: {one['links']['page']}")


def _read(answer: Mapping[str, Any], shown: int) -> str:
    said = f"{shown} of {answer['count']} decisions"
    if answer["next"] is not None:
        said += f"; those behind them by --after {answer['next']} --as-at {answer['as_at']}"
    if answer["restricted"]:
        said += f"; {answer['restricted']} of cases that are restricted"
    return f"{said}."
