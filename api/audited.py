"""What auditors are told, in words, by every door: a step of a replay, a decision, an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from api.commands.wording import said_of
from api.forms import labels
from api.replaying import FINDINGS
from api.routes.timeline import Told
from domain.jurisdictions import Jurisdiction
from domain.record.encoding import Json

_HOW: Final = dict(
    zip(
        FINDINGS,
        ("raised", "cleared", "answered", "arisen since", "lapsed since"),
        strict=True,
    )
)


def step_said(step: Json, told: Told | None, nation: Jurisdiction) -> tuple[str, list[str]]:
    """A step of a replay: what it is, and all that is said of it, a line each."""
    entry, receipt = step["entry"], step["receipt"]
    if told is None:
        title, says = _elsewhere(step["elsewhere"], nation), list[str]()
    else:
        before = step["elsewhere"]
        begun = f", in case {before['case']} before this one began" if before else ""
        title = f"{labels.title(entry['name'], nation)}{begun}"
        says = [*_said(entry, nation), *said_of(told.fact.event, entry["name"], nation)]
    says += [*_state(step), *_found(step)]
    says.append(f"judged on {step['judged_on']} by {step['policy']}")
    says.append(f"receipt: {receipt['href']}, leaf {receipt['leaf']}")
    return title, says


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
        mark = "withdrawn; last corrected" if entry["withdrawn"] else "corrected"
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


def decision_said(
    one: Mapping[str, Any], told: Told, nation: Jurisdiction
) -> tuple[str, list[str]]:
    """A decision: what was decided, and by whom, why and on what, a line each."""
    fact = told.fact
    mark = " (withdrawn)" if told.withdrawn else ""
    role = labels.role(fact.header.role, nation)
    who = f"{one['performed_by_name']}, {role}, {fact.header.organisation}"
    return f"{labels.title(fact.header.name, nation)}{mark}", [
        f"by {who}; recorded by {one['recorded_by_name']} at {one['recorded_at']}",
        *said_of(fact.event, fact.header.name, nation),
        f"rests on {decision_rests_on(one['evidence'])}; policy {one['policy']}",
    ]


def decision_rests_on(told: Mapping[str, Any]) -> str:
    """Say what a decision rests on: all of the case so far, or the entries it names."""
    if told["all"]:
        upto = "" if told["upto"] is None else f" to position {told['upto']}"
        several = "the one entry" if told["entries"] == 1 else f"all {told['entries']} entries"
        return f"{several} of the case{upto}"
    return f"what it names, at {', '.join(map(str, told['named']))}"


def traced_said(one: Mapping[str, Any], nation: Jurisdiction) -> str:
    """An entry of a trace in one line: where it stands, and by whom."""
    place = f"{one['log']} {one['position']}"
    if one["restricted"]:
        return f"{place}: of a case that is restricted"
    title = labels.title(one["name"], nation)
    who = f"{one['recorded_by_name']} ({one['role']}, {one['organisation']})"
    return f"{place}: {title}, {one['kind']} {one['stream']}, {one['recorded_at']}, {who}"
