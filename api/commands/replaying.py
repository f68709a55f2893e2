"""`holdfast replay`: a case entry by entry, for whoever audits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.padding import Padding
from rich.text import Text

from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking, Then
from api.commands.wording import said_of
from api.forms import labels
from api.replaying import FINDINGS, joined_to, may_replay, replay
from api.routes.timeline import Told
from api.standing import stands
from domain.jurisdictions import Jurisdiction
from domain.record.encoding import Json
from domain.refusal import Refused

_HOW: Final = dict(
    zip(
        FINDINGS,
        ("raised", "cleared", "answered", "arisen since", "lapsed since"),
        strict=True,
    )
)


def show_replay(asking: Asking, text: str, then: Then, *, full: bool, json: bool) -> None:
    """Show a case as it was recorded, entry by entry, with what each changed and what it raised."""
    with at_desk(asking) as desk:
        case, asked = reference(text, "case"), desk.clocks(then)
        desk.must("case", case)
        found = stands(desk.office, case, asked)
        desk.opened(found.now, case)
        if not may_replay(desk.reader, found):
            raise Refused("restricted", "L7", "Reading a case that it was joined to is restricted.")
        desk.viewed("replay", case=case, among=joined_to(found), as_at=asked.asked_at)
        made = replay(desk.reader, found, full=full)
        answer: dict[str, Any] = {
            "case": str(case),
            "as_at": found.position,
            "steps": made.steps,
            "earlier": made.earlier,
            "count": made.count,
        }
        nation, rests = desk.office.jurisdiction, desk.rests()
    if json:
        rests.json(answer)
        return
    show.say(f"Replay of {text}")
    for one in made.earlier:
        title = labels.title(str(one["name"]), nation)
        show.say(f"[{one['position']}] {title}: of case {one['case']}, from before this one began")
    for step, entry in zip(made.steps, made.entries, strict=True):
        _step(step, entry, nation)
    show.say("")
    rests.foot()


def _step(step: Json, told: Told | None, nation: Jurisdiction) -> None:
    entry, receipt = step["entry"], step["receipt"]
    show.say("")
    if told is None:
        heading(f"[{receipt['position']}] {_elsewhere(step['elsewhere'], nation)}")
        says = list[str]()
    else:
        heading(f"[{receipt['position']}] {labels.title(entry['name'], nation)}")
        words = said_of(told.fact.event, entry["name"], nation)
        says = [*_said(entry, nation), *words]
    for text in (*says, *_state(step), *_found(step)):
        line(text)
    line(f"judged on {step['judged_on']} by {step['policy']}")
    line(f"receipt: {receipt['href']}, leaf {receipt['leaf']}")


def _elsewhere(told: Json, nation: Jurisdiction) -> str:
    return f"{labels.title(told['name'], nation)}, as case {told['case']} has it"


def _said(entry: Json, nation: Jurisdiction) -> Iterator[str]:
    """When and by whom, by every clock there is."""
    yield f"occurred {entry['occurred']['edtf']}, recorded at {entry['recorded_at']}"
    by = f"recorded by {entry['recorded_by_name']}"
    if entry["performed_by"] != entry["recorded_by"]:
        by += f", done by {entry['performed_by_name']}"
    role, why = labels.role(entry["role"], nation), nation.label("purpose", entry["purpose"])
    yield f"{by}, {role}, {entry['organisation']}; {why}"
    if entry["source"] is not None:
        when = entry["source_recorded"]
        yield f"from {entry['source']}, recorded there {'' if when is None else when['edtf']}"
    for one in entry["known_to"]:
        yield f"known to {one['agency']} since {one['since']['edtf']}"
    if entry["corrected_by"] is not None:
        mark = "withdrawn" if entry["withdrawn"] else "corrected"
        yield f"{mark} at position {entry['corrected_by']}"


def _state(step: Json) -> Iterator[str]:
    if "changes" not in step:
        for name in ("before", "after"):
            yield f"state {name}: {_short(step[name])}"
    for one in step.get("changes", ()):
        yield f"{one['path']}: {_short(one['before'])} → {_short(one['after'])}"


def _found(step: Json) -> Iterator[str]:
    findings = step["findings"]
    if findings is None:
        yield "findings: not shown to this role"
        return
    for name, how in _HOW.items():
        yield from _criticised(findings[name], how)


def _criticised(findings: Sequence[Json], how: str) -> Iterator[str]:
    for one in findings:
        rules = ", ".join(one["rules"])
        yield f"{how}: {one['severity']}, {one['words']} [{rules}; {one['policy']}]"


def _short(value: Json) -> str:
    """A value in one line: a passage as its words, a time as it was stated."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case {"forgotten": True}:
            return "[forgotten]"
        case {"text": str(text)}:
            return f"“{text}”"
        case {"edtf": str(text)}:
            return text
        case dict():
            return "; ".join(f"{name} {_short(one)}" for name, one in value.items())
        case list():
            return ", ".join(map(_short, value)) or "–"
        case _:
            return str(value)


def heading(text: str) -> None:
    """The first line about an entry."""
    show.screen().print(Text(show.safe(text).plain, style="bold"), soft_wrap=True)


def line(text: str) -> None:
    """Another line about it, folded under itself."""
    show.screen().print(Padding(Text(show.safe(text).plain), (0, 0, 0, 2), expand=False))
