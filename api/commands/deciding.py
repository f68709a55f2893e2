"""`holdfast decisions`: the register of decisions over all cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.clocks import UnreadableError, read_day
from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.replaying import heading, line
from api.commands.views import team_of
from api.commands.wording import said_of
from api.forms import labels
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
    fact = told.fact
    show.say("")
    title = labels.title(fact.header.name, nation)
    mark = " (withdrawn)" if told.withdrawn else ""
    heading(f"[{fact.position}] {one['decided_on']}: {title}{mark}, case {fact.stream}")
    role = labels.role(fact.header.role, nation)
    who = f"{one['performed_by_name']}, {role}, {fact.header.organisation}"
    line(f"by {who}; recorded by {one['recorded_by_name']} at {one['recorded_at']}")
    for said in said_of(fact.event, fact.header.name, nation):
        line(said)
    line(f"rests on {_evidence(one['evidence'])}; policy {one['policy']}")
    line(f"as known then: {one['links']['page']}")


def _evidence(told: Mapping[str, Any]) -> str:
    if told["all"]:
        upto = "" if told["upto"] is None else f" to position {told['upto']}"
        return f"all {told['entries']} entries of the case{upto}"
    return f"what it names, at {', '.join(map(str, told['named']))}"


def _read(answer: Mapping[str, Any], shown: int) -> str:
    said = f"{shown} of {answer['count']} decisions"
    if answer["next"] is not None:
        said += f"; those behind them by --after {answer['next']} --as-at {answer['as_at']}"
    if answer["restricted"]:
        said += f"; {answer['restricted']} of cases that are restricted"
    return f"{said}."
