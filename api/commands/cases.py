"""`holdfast case` and `holdfast timeline`: one case, as it stands or as it was known."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.chronologies.dates import write_date, write_time
from api.chronologies.writing import noted_by, said, to_csv, to_lines
from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.options import Asking, Then
from api.commands.reckoning import apart, gaps, in_words, last_seen
from api.commands.wording import agency_of, what_happened
from api.forms import labels
from api.names import Names
from api.pages.words import cited, moment
from api.readings import About, Reading, about_person, last_reading, readings_of
from api.register import references_in
from api.routes import shown
from api.routes.cases import conference_at_latest
from api.routes.choosing import ALL, PRESSING, chosen
from api.routes.people import entries_read, findings_about, withheld
from api.routes.readings import shown as reading_shown
from api.routes.timeline import Told
from api.standing import stands
from domain.case import Case
from domain.cleared import Cleared
from domain.finding import Finding, gravity
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound, Refused
from domain.words import Fact

_PAGE: Final = 1000
_CRITICISED: Final = (
    "Severity",
    "Rules",
    "Since",
    "Position",
    "Answer",
    "What the sources would criticise",
)


def show_case(asking: Asking, text: str, then: Then, *, every: bool, json: bool) -> None:
    """Show where a case stands, and what the sources would criticise in it.

    That is what is high and unanswered, or with `every` all of it, and what cleared; JSON has all.
    """
    with at_desk(asking) as desk:
        case, clocks = reference(text, "case"), desk.clocks(then)
        desk.must("summary", case)
        found = stands(desk.office, case, clocks)
        desk.opened(found.now, case)
        desk.viewed("case", case=case, among=found.among, as_at=clocks.looked_at)
        findings: list[Finding] | None = None  # not shown to this role, which is not: none
        past: Sequence[Cleared] | None = None  # nor reckoned by --as-of and --known-to
        if desk.may("findings"):
            desk.viewed("findings", case=case, among=found.among, as_at=clocks.looked_at)
            findings = sorted(
                found.findings(desk.office),
                key=lambda one: (gravity(one.severity), one.position or 0),
            )
            past = found.cleared(desk.office) if every or json else None
        of_adult = findings_about(desk.reader, found.case, clocks)
        if about_adult := of_adult.found:
            of_adult.looked(desk.reader)
        summary = {
            "case": str(case),
            **clocks.told(),
            "as_at": found.position,
            **_summary(found.case, desk, clocks.as_at),
            "reads": sorted(found.brought),
        }
        external = list(references_in(found.facts))
        rests = desk.rests()
    if json:
        said_findings = None if findings is None else [shown.finding(one) for one in findings]
        left_out = [shown.left_out(one) for one in found.left_out]
        known_as = [shown.external(one) for one in external]
        told_of_adult = [shown.finding(one) for one in about_adult]
        cleared = None if past is None else [shown.cleared(one) for one in past]
        told = {"findings": said_findings, "cleared": cleared, "left_out": left_out}
        rests.json({**summary, **told, "external": known_as, "about_adult": told_of_adult})
        return
    nation = desk.office.jurisdiction
    summary |= {"stage": labels.code("stage", str(summary["stage"]), nation)}
    if (whose := summary["counted_by"]) is not None:
        summary |= {"counted_by": labels.code("counts", str(whose), nation)}
    show.lines([(labels.code("summary", name, nation), _cell(v)) for name, v in summary.items()])
    for one in external:
        which = "" if one.version is None else f" (entry {one.version})"
        known_by = f"{said(one.reference.id)} in {one.reference.system}"
        show.say(f"{labels.code('external', one.what, nation)}{which} is {known_by}")
    _criticised(findings, found.left_out, nation, every=every)
    if every and findings is not None:
        _gone(past, nation)
    if about_adult:
        rows = [_finding(one, nation) for one in about_adult]
        show.table("Findings in the adult's own record", _CRITICISED, rows)
    rests.foot()


def _criticised(
    findings: Sequence[Finding] | None,
    left_out: Sequence[Fact[Any]],
    nation: Jurisdiction,
    *,
    every: bool,
) -> None:
    shown_here = chosen(findings or (), ALL if every else PRESSING)
    rows = [_finding(one, nation) for one in shown_here]
    empty = "not shown to this role" if findings is None else "none"
    if more := len(findings or ()) - len(rows):
        show.say(f"{more} more findings are not high, or are answered: --all shows them.")
    show.table("Findings", _CRITICISED, rows, empty=empty)
    if left_out:
        show.table(
            "Left out, not certain by then",
            ("Position", "Entry", "When"),
            [
                (one.position, labels.title(one.header.name, nation), write_date(one.occurred))
                for one in left_out
            ],
        )


def _gone(past: Sequence[Cleared] | None, nation: Jurisdiction) -> None:
    """What stood and cleared, each with when and by which entry."""
    empty = "not reckoned by --as-of or --known-to" if past is None else "none"
    rows = [
        (one.on, *_by(one, nation), cited(one.finding), one.finding.words) for one in past or ()
    ]
    titles = ("Cleared", "How", "Position", "Entry", "Rules", "What stood")
    show.table("Cleared", titles, rows, empty=empty)


def _by(one: Cleared, nation: Jurisdiction) -> tuple[show.Cell, ...]:
    if one.by is None:
        return (one.how, None, None)
    return (one.how, one.by.position, labels.title(one.by.header.name, nation))


def _finding(one: Finding, nation: Jurisdiction) -> tuple[show.Cell, ...]:
    since = None if one.since is None else one.since.text
    answer = None if one.answer is None else nation.label("finding_answer", one.answer.result)
    return (one.severity, cited(one), since, one.position, answer, one.words)


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


def _summary(state: Case, desk: Desk, as_at: int | None) -> Mapping[str, Any]:
    """References, days and stages; no text but the adult's name then, where the role may read it.

    Not where another case that names the adult is restricted.
    """
    name = None
    closed = state.adult is not None and withheld(desk.reader, state.adult)
    if state.adult is not None and desk.may("details") and not closed:
        try:
            details = desk.office.handler.person(state.adult, as_at=as_at).details
        except NotFound:  # a referral may name somebody nobody registered yet
            details = {}
        name = said(details.get("name")) or None
    return {
        "adult": state.adult,
        "merged_into": state.merged_into,
        "led_by": state.led_by,
        "counted_by": state.counted_by,
        "name": name,
        "name_restricted": closed,
        "version": state.version,
        "stage": state.stage,
        "received_on": state.received_on,
        "team": state.allocation.team,
        "worker": state.worker,
        "duty_met": state.duty_met,
        "conference_due": state.conference_due,
        "at_latest": conference_at_latest(state),
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

    json: bool = False
    csv: bool = False
    gaps: int | None = None
    between: tuple[int, int] | None = None


def show_timeline(asking: Asking, text: str, then: Then, asked: Asked) -> None:
    """Show everything recorded of a case, in the order in which it happened."""
    if asked.json and asked.csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    with at_desk(asking) as desk:
        case, clocks = reference(text, "case"), desk.clocks(then)
        desk.must("case", case)
        found = stands(desk.office, case, clocks)
        desk.opened(found.now, case)
        what = "export" if asked.csv else "chronology"
        desk.viewed(what, case=case, among=found.among, as_at=clocks.looked_at)
        entries = found.entries()
        if asked.csv:
            every = noted_by(found.streams.values(), clocks)
            sys.stdout.write(to_csv(to_lines(entries, every, desk.office.jurisdiction)))
            desk.rests().beside()
        elif asked.json:
            told = {**clocks.told(), "as_at": found.position}
            shown_ones = entries_read(desk.reader, entries, found.place, found.clocks.as_at)
            more = _json(case, entries, asked)
            desk.rests().json({"case": str(case), **told, "entries": shown_ones, **more})
        else:
            _table(case, entries, desk)
            _below(case, [one for one in entries if not one.withdrawn], asked)
            desk.rests().foot()


def show_readings(
    asking: Asking, text: str | None, person: str | None, then: Then, *, json: bool
) -> None:
    """Show who looked at a case, or at a person and every case that names them, when and why.

    With `then.as_at`, those by that day or position of the record of cases.

    Raises:
        Refused: both or neither is named.
    """
    if (text is None) == (person is None):
        raise Refused("option", "usage", "Give either a CASE or --person REFERENCE.")
    with at_desk(asking) as desk:
        desk.must("access_log")
        about = _about(desk, text, person)
        upto = min(last_reading(desk.office, desk.clocks(then)), desk.basis.of_readings())
        found = list[Reading]()
        while page := readings_of(
            desk.office, about, after=found[-1].position if found else 0, upto=upto, limit=_PAGE
        ):
            found += page
        if about.person is None:
            (case,) = about.cases
            desk.viewed("access_log", case=case)
            asked: dict[str, Any] = {"case": str(case)}
        else:
            desk.viewed("access_log", person=about.person, among=about.cases)
            cases = [str(one) for one in sorted(about.cases)]
            asked = {"person": str(about.person), "cases": cases}
        names, lists = Names(desk.office, desk.basis.size), desk.office.jurisdiction.lists
        told = [reading_shown(one, names) for one in found]
        rests = desk.rests()
    if json:
        rests.json({**asked, "readings": told})
        return
    rows = [
        (
            moment(one["at"]),
            one["name"],
            one["role"],
            lists["view_subject"].get(one["what"], one["what"]),
            "the person" if one["person"] else ", ".join(map(str, one["cases"])),
            one["door"],
            lists["purpose"].get(one["purpose"], one["purpose"]),
            one["as_at"],
            one["among"],
            ", ".join(map(str, one["exceptions"])) or None,
        )
        for one in told
    ]
    titles = (
        "When",
        "Who",
        "Role",
        "What",
        "Of",
        "Door",
        "Why",
        "As at",
        "Cases shown",
        "Exception",
    )
    show.table(f"Readings of {text or person}", titles, rows)
    rests.foot()


def _about(desk: Desk, text: str | None, person: str | None) -> About:
    """The case asked about, or the person with every case that names them. Raises NotFound."""
    if text is not None:
        case = reference(text, "case")
        desk.office.handler.case(case)
        return About(cases=frozenset({case}))
    who = reference(person or "", "person")
    desk.office.handler.told_of(who)
    return about_person(desk.office, who, desk.basis.size)


def _number(case: UUID, fact: Fact[Any]) -> show.Cell:
    """An entry's version, with the case it was recorded in where that is another."""
    return fact.version if fact.stream == case else f"{str(fact.stream)[:8]}: {fact.version}"


def _table(case: UUID, entries: Sequence[Told], desk: Desk) -> None:
    def what(told: Told) -> str:
        text = what_happened(told.fact, desk.office.jurisdiction)
        if told.corrected_by is None:
            return text
        stated = "" if told.stated is None else f", first dated {write_date(told.stated)}"
        mark = "withdrawn" if told.withdrawn else "corrected"
        return f"{text} [{mark} at position {told.withdrawn_by or told.corrected_by}{stated}]"

    rows = [
        (
            _number(case, told.fact),
            write_date(told.occurred),
            write_time(told.occurred),
            agency_of(told.fact),
            what(told),
            local_day(told.fact.recorded_at),
        )
        for told in entries
    ]
    titles = ("No", "When", "Time", "Agency", "What", "Recorded")
    show.table(f"Timeline of {case}", titles, rows)


def _below(case: UUID, entries: Sequence[Told], asked: Asked) -> None:
    """What is reckoned from the timeline, each with the numbers of its entries."""
    seen = last_seen(entries)
    if seen is not None:
        show.say(f"Last seen: {write_date(seen.occurred)} (entry {seen.fact.version})")
    if asked.gaps is not None:
        rows = [
            (
                one.fact.version,
                write_date(one.occurred),
                other.fact.version,
                write_date(other.occurred),
                days,
            )
            for one, other, days in gaps(entries, asked.gaps)
        ]
        titles = ("From", "When", "To", "When", "Days at least")
        show.table(f"Nothing for {asked.gaps} days or more", titles, rows)
    if asked.between is not None:
        first, last = (_numbered(case, entries, number) for number in asked.between)
        for unit, much in apart(first, last).items():
            words = f"{in_words(much)} {unit}"
            show.say(f"From entry {first.fact.version} to entry {last.fact.version}: {words}")


def _numbered(case: UUID, entries: Sequence[Told], number: int) -> Told:
    """The entry of a number that was recorded in a case. Raises NotFound."""
    for told in entries:
        if told.fact.stream == case and told.fact.version == number:
            return told
    raise NotFound("The timeline shown has no entry of that number.")


def _json(case: UUID, entries: Sequence[Told], asked: Asked) -> dict[str, Any]:
    standing = [one for one in entries if not one.withdrawn]
    seen = last_seen(standing)
    answer: dict[str, Any] = {
        "last_seen": None if seen is None else seen.fact.version,
    }
    if asked.gaps is not None:
        answer["gaps"] = [
            {"from": one.fact.version, "to": other.fact.version, "days": days}
            for one, other, days in gaps(standing, asked.gaps)
        ]
    if asked.between is not None:
        first, last = (_numbered(case, standing, number) for number in asked.between)
        answer["between"] = {
            unit.replace(" ", "_"): {"least": least, "most": most}
            for unit, (least, most) in apart(first, last).items()
        }
    return answer
