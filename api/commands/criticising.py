"""`holdfast findings`: what the sources would criticise, over the open cases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.views import team_of
from api.pages.words import cited
from api.routes.choosing import ALL, PRESSING
from api.routes.findings import A_RULE, Listed, Wanted, listed, told
from domain.finding import SEVERITIES, Finding
from domain.refusal import Refused
from projections.caseload import CASELOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which findings are asked for, as typed."""

    team: str | None
    rule: str | None
    severity: str | None
    every: bool
    start: int
    json: bool


def show_findings(asking: Asking, then: Then, asked: Asked) -> None:
    """Show the findings over open cases: those unanswered first, then the gravest.

    Raises:
        Refused: this role may not read them, or an option is not understood.
    """
    wanted = _wanted(asked)
    with at_desk(asking) as desk:
        desk.must("caseload")
        desk.must("findings")
        clocks = desk.clocks(then)
        up_to_date(desk.office, (CASELOAD,))
        found = listed(desk.reader, clocks, wanted)
        answer = told(desk.reader, clocks, found, found.rows)
        rests = desk.rests()
    if asked.json:
        rests.json(answer)
        return
    show.table(
        f"Findings, judged by {clocks.on.isoformat()} and {answer['policy']}",
        ("Case", "Severity", "Rules", "Since", "Position", "Answer", "What is criticised"),
        [_row(*one) for one in found.rows],
    )
    show.say(_read(found))
    rests.foot()


def _wanted(asked: Asked) -> Wanted:
    if asked.rule is not None and not re.fullmatch(A_RULE, asked.rule, re.ASCII):
        raise Refused("option", "usage", "--rule is a rule, such as R53.")
    if asked.severity not in {None, *SEVERITIES}:
        raise Refused("option", "usage", f"--severity is one of {', '.join(SEVERITIES)}.")
    show_ = ALL if asked.every else PRESSING
    team = team_of(asked.team)
    return Wanted(
        team=team, rule=asked.rule, severity=asked.severity, show=show_, start=asked.start
    )


def _row(case: UUID, one: Finding) -> tuple[show.Cell, ...]:
    since = None if one.since is None else one.since.text
    answer = None if one.answer is None else one.answer.result
    return (str(case), one.severity, cited(one), since, one.position, answer, one.words)


def _read(found: Listed) -> str:
    """Of how many cases this is, and of how many not."""
    said = f"{len(found.rows)} findings in {len(found.held)} open cases"
    if found.not_read:
        said += f"; {found.not_read} more were not judged: ask by --team"
    if found.go_on is not None:
        said += f", or for those behind them by --from {found.go_on} --as-at {found.as_at}"
    if found.restricted:
        said += f"; {found.restricted} are restricted"
    return f"{said}."
