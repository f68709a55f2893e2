"""`holdfast case` and `holdfast timeline`: one case, as it stands or as it was known."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.chronologies.dates import write_date, write_time
from api.chronologies.writing import said, to_csv, to_lines
from api.commands import show
from api.commands.desk import Desk, at_desk, day, reference
from api.commands.options import Asking, Then
from api.commands.wording import agency_of, what_happened
from api.routes import shown
from api.timeline import Which, as_understood, gaps, in_order, last_seen
from domain.case import Case
from domain.finding import Finding
from domain.handle import local_day
from domain.refusal import NotFound, Refused
from domain.when import Apart, days_apart, months_apart, years_apart
from domain.words import Fact, Slug

_SEVERITIES: Final = {"high": 0, "medium": 1, "low": 2}


def show_case(asking: Asking, text: str, then: Then, *, json: bool) -> None:
    """Show where a case stands, and what the sources would criticise in it."""
    with at_desk(asking) as desk:
        desk.must("summary")
        case = reference(text, "case")
        standing = desk.standing(then.as_at, then.on)
        state, facts = desk.office.handler.case(case, as_at=standing.as_at)
        desk.opened(desk.office.handler.case(case)[0])
        desk.viewed("case", case=case, as_at=standing.as_at)
        findings: list[Finding] = []
        if desk.may("findings"):
            desk.viewed("findings", case=case, as_at=standing.as_at)
            findings = list(desk.office.handler.findings(state, standing.on))
        findings.sort(key=lambda one: (_SEVERITIES.get(one.severity, 3), one.position or 0))
        summary = {
            "case": str(case),
            "as_at": facts[-1].position,
            "on": standing.on.isoformat(),
            **_summary(state, desk),
        }
    if json:
        show.as_json({**summary, "findings": [shown.finding(one) for one in findings]})
        return
    show.lines([(name.replace("_", " ").capitalize(), _cell(v)) for name, v in summary.items()])
    rows = [
        (one.severity, " ".join(one.rules), one.since, one.position, one.words) for one in findings
    ]
    titles = ("Severity", "Rules", "Since", "Position", "What the sources would criticise")
    show.table("Findings", titles, rows)


def _cell(value: object) -> show.Cell:
    match value:
        case None | False | [] | ():
            return None
        case True:
            return "yes"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _summary(state: Case, desk: Desk) -> Mapping[str, Any]:
    """References, days and stages; no text but the adult's name, where the role may read it."""
    name = None
    if state.adult is not None and desk.may("person"):
        try:
            details = desk.office.handler.person(state.adult).details
        except NotFound:  # a referral may name somebody nobody registered yet
            details = {}
        name = said(details.get("name")) or None
    return {
        "adult": state.adult,
        "name": name,
        "version": state.version,
        "stage": state.stage,
        "received_on": state.received_on,
        "team": state.allocation.team,
        "worker": state.worker,
        "duty_met": state.duty_met,
        "conference_due": state.conference_due,
        "open_enquiries": list(state.open_enquiries),
        "conferences": list(state.conferences),
        "plans": list(state.plans),
        "plan_active": state.plan_active,
        "closed_on": state.closed_on,
        "restricted": state.restricted,
        "legal_hold": state.held,
        "erased": state.erased,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which entries of a timeline are asked for, and how, as typed."""

    as_of: str | None = None
    known_to: str | None = None
    json: bool = False
    csv: bool = False
    gaps: int | None = None
    between: tuple[int, int] | None = None


def show_timeline(asking: Asking, text: str, then: Then, asked: Asked) -> None:
    """Show everything recorded of a case, in the order in which it happened."""
    if asked.json and asked.csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    with at_desk(asking) as desk:
        desk.must("case")
        case = reference(text, "case")
        standing = desk.standing(then.as_at, then.on)
        which = Which(
            on=standing.on,
            as_of=None if asked.as_of is None else day(asked.as_of, "--as-of"),
            known_to=_agency(asked.known_to),
        )
        now, _ = desk.office.handler.case(case)
        _state, every = desk.office.handler.case(case, as_at=standing.as_at)
        desk.opened(now)
        desk.viewed("export" if asked.csv else "chronology", case=case, as_at=standing.as_at)
        told = Told.of(every, which)
        if asked.csv:
            sys.stdout.write(to_csv(to_lines(told.standing, every, desk.office.jurisdiction)))
        elif asked.json:
            show.as_json({"case": str(case), "as_at": every[-1].position, **_json(told, asked)})
        else:
            _table(str(case), told, desk)
            _below(told, asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A timeline ready to be shown: facts in order, and what corrections made of them."""

    facts: Sequence[Fact[Any]]
    withdrawn: frozenset[int]
    corrections: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, every: Sequence[Fact[Any]], which: Which) -> Told:
        """The facts that are asked for."""
        understood, withdrawn = as_understood(every)
        return cls(
            facts=[fact for fact in in_order(understood) if which.holds(fact)],
            withdrawn=withdrawn,
            corrections=shown.corrections_of(every),
        )

    @property
    def standing(self) -> list[Fact[Any]]:
        """The facts that were not withdrawn."""
        return [fact for fact in self.facts if fact.version not in self.withdrawn]

    def at(self, version: int) -> Fact[Any]:
        """The fact of a number. Raises NotFound."""
        for fact in self.facts:
            if fact.version == version:
                return fact
        raise NotFound("The timeline shown has no entry of that number.")


def _agency(text: str | None) -> Slug | None:
    try:
        return None if text is None else Slug(text)
    except ValueError:
        raise Refused("option", "usage", "--known-to is an agency, such as police.") from None


def _table(case: str, told: Told, desk: Desk) -> None:
    def what(fact: Fact[Any]) -> str:
        text = what_happened(fact, desk.office.jurisdiction)
        by = ", ".join(map(str, told.corrections.get(fact.version, ())))
        mark = "withdrawn" if fact.version in told.withdrawn else "corrected"
        return f"{text} [{mark} by {by}]" if by else text

    rows = [
        (
            fact.version,
            write_date(fact.occurred),
            write_time(fact.occurred),
            agency_of(fact),
            what(fact),
            local_day(fact.recorded_at),
        )
        for fact in told.facts
    ]
    titles = ("No", "When", "Time", "Agency", "What", "Recorded")
    show.table(f"Timeline of {case}", titles, rows)


def _below(told: Told, asked: Asked) -> None:
    """What is reckoned from the timeline, each with the numbers of its entries."""
    seen = last_seen(told.standing)
    if seen is not None:
        show.say(f"Last seen: {write_date(seen.occurred)} (entry {seen.version})")
    if asked.gaps is not None:
        rows = [
            (one.version, write_date(one.occurred), other.version, write_date(other.occurred), days)
            for one, other, days in gaps(told.standing, asked.gaps)
        ]
        titles = ("From", "When", "To", "When", "Days at least")
        show.table(f"Nothing for {asked.gaps} days or more", titles, rows)
    if asked.between is not None:
        first, last = (told.at(version) for version in asked.between)
        for unit, apart in _apart(first, last).items():
            show.say(f"From entry {first.version} to entry {last.version}: {_range(apart)} {unit}")


def _apart(first: Fact[Any], last: Fact[Any]) -> dict[str, Apart]:
    return {
        "days": days_apart(first.occurred, last.occurred),
        "calendar months": months_apart(first.occurred, last.occurred),
        "completed years": years_apart(first.occurred, last.occurred),
    }


def _range(apart: Apart) -> str:
    """What is certain, and no more."""
    least, most = apart
    if least == most:
        return "an unknown number of" if least is None else str(least)
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"


def _json(told: Told, asked: Asked) -> dict[str, Any]:
    seen = last_seen(told.standing)
    answer: dict[str, Any] = {
        "entries": [
            {
                **shown.entry(fact, {v: list(by) for v, by in told.corrections.items()}),
                "withdrawn": fact.version in told.withdrawn,
            }
            for fact in told.facts
        ],
        "last_seen": None if seen is None else seen.version,
    }
    if asked.gaps is not None:
        answer["gaps"] = [
            {"from": one.version, "to": other.version, "days": days}
            for one, other, days in gaps(told.standing, asked.gaps)
        ]
    if asked.between is not None:
        first, last = (told.at(version) for version in asked.between)
        answer["between"] = {
            unit.replace(" ", "_"): {"least": apart[0], "most": apart[1]}
            for unit, apart in _apart(first, last).items()
        }
    return answer
