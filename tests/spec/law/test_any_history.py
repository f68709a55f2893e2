from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain import person
from domain.catalogue import CASE as CASE_STREAM
from domain.catalogue import COMMANDS, EVENTS, PERSON
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound, Refused
from domain.stages import OF_EVENT
from domain.when import When, instant, read
from domain.words import Code, Digest, Forgotten, Personal, Slug
from tests.controls import CASE, NATIONS, ref
from tests.given import At, Given, given

RULES = ("R150",)

TIMES = tuple(
    read(text)
    for text in (
        "2026-11-02",
        "2026-11-23",
        "2026-11-23T10:00:00Z",
        "2026-11",
        "2026",
        "2026-11-20/2026-12-05",
        "/2026-11-20",
        "2026-12-01/",
        "2026-11-XX",
        "unknown",
    )
)
DAYS = st.dates(min_value=date(2026, 10, 1), max_value=date(2027, 6, 30))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(min_value=0, max_value=9),
    date: DAYS,
    datetime: DAYS.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),
    UUID: st.integers(min_value=1, max_value=3).map(ref),
    Slug: st.sampled_from([Slug("council"), Slug("police"), Slug("health-board")]),
    Digest: st.sampled_from([Digest("a" * 64), Digest("b" * 64)]),
    Code: st.sampled_from([Code("not_recorded"), Code("initial_conference")]),
    When: st.sampled_from(TIMES),
    Personal: st.just(Personal(CASE, "2026-11-02")),
    Forgotten: st.just(Forgotten(CASE)),
    NoneType: st.none(),
}


def anything(
    annotation: Any,  # noqa: ANN401 - a type hint is of any type
    nation: Code,
    codes: st.SearchStrategy[Any] | None,
) -> st.SearchStrategy[Any]:
    """Make values of a field's type; `codes` where the field names a list."""
    if hasattr(annotation, "__supertype__"):
        return anything(annotation.__supertype__, nation, codes)
    if get_origin(annotation) in {Union, UnionType}:
        return st.one_of(*(anything(one, nation, codes) for one in get_args(annotation)))
    if get_origin(annotation) is tuple:
        return st.lists(anything(get_args(annotation)[0], nation, codes), max_size=3).map(tuple)
    if annotation is Code and codes is not None:
        return codes
    if annotation in PLAIN:
        return PLAIN[annotation]
    return whole(annotation, nation)


@cache
def whole(cls: type[Any], nation: Code) -> st.SearchStrategy[Any]:
    """Make values of an event, a command or what is inside one, with the nation's codes."""
    lists = next(one for one in NATIONS if one.code == nation).lists
    parts: dict[str, st.SearchStrategy[Any]] = {}
    hints = get_type_hints(cls)
    for one in dataclasses.fields(cls):
        named = lists.get(one.metadata.get("list", ""))
        codes = st.sampled_from([Code(code) for code in named]) if named else None
        parts[one.name] = anything(hints[one.name], nation, codes)
    return st.builds(cls, **parts)


def of(stream: str, kinds: Any, nation: Jurisdiction) -> st.SearchStrategy[Any]:  # noqa: ANN401 - both halves of the catalogue
    """Make any event or any command of one kind of stream."""
    return st.one_of(
        *(whole(kind.cls, nation.code) for kind in kinds.values() if kind.stream == stream)
    )


@st.composite
def histories(draw: st.DrawFn, stream: str = CASE_STREAM) -> Given:
    """Make any history: any events in any order, at any times, in either nation."""
    nation = draw(st.sampled_from(NATIONS))
    events = draw(st.lists(of(stream, EVENTS, nation), max_size=12))
    days = sorted(draw(DAYS) for _ in events)
    placed = [
        At(day, event, draw(st.sampled_from(TIMES)))
        for day, event in zip(days, events, strict=True)
    ]
    return given(jurisdiction=nation).also(*placed).on(draw(DAYS))


@st.composite
def asked(draw: st.DrawFn) -> tuple[Given, object]:
    """Make any history, and any command on it."""
    history = draw(histories())
    return history, draw(of(CASE_STREAM, COMMANDS, history.jurisdiction))


LIMITED = {
    "barring_referral_awaited",
    "case_never_allocated",
    "caused_enquiry_without_lead",
    "duty_without_enquiry",
    "nothing_recorded",
    "order_undecided",
    "raw_notes_not_kept",
    "referrer_told_late",
    "retention_class_missing",
}


@settings(
    max_examples=150,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@for_all(histories())
def test_any_history_can_be_replayed_and_judged(history: Given) -> None:
    """Whatever was recorded, in whatever order, replays to a case and can be criticised."""
    found = history.findings()

    assert history.case.version == len(history.facts)
    assert all(one.rules and one.words for one in found)
    assert all(one.severity in {"low", "medium", "high"} for one in found)
    assert all(one.position is None or 1 <= one.position <= len(history.facts) for one in found)


def stated(value: object) -> Iterator[str]:
    """List every time and day that an event or its header holds, as it was stated."""
    if isinstance(value, When):
        yield value.text
    elif isinstance(value, date) and not isinstance(value, datetime):
        yield value.isoformat()
    elif isinstance(value, tuple):
        for one in value:
            yield from stated(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from stated(getattr(value, field.name))


@settings(
    max_examples=150,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@for_all(histories())
def test_no_finding_claims_a_time_nobody_stated(history: Given) -> None:
    """Since when a finding stands is a time that some event states, uncertain as it is stated.

    Or the last day of a limit that is stored as no due date, counted from one certain day; or when
    the case was brought from another system, which is when that was recorded.
    """
    told = {text for fact in history.facts for text in stated((fact.event, fact.header))}
    brought = (fact for fact in history.facts if fact.header.name == "case-brought-forward")
    told |= {instant(fact.recorded_at).text for fact in brought}

    for one in history.findings():
        if one.code in LIMITED and one.since is not None and not one.since.uncertain:
            continue  # `test_since_when_findings_stand` has these
        assert one.since is None or (one.since.text in told and not one.since.unknown), one


@settings(
    max_examples=150,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@for_all(asked())
def test_any_command_is_answered_or_refused(asked: tuple[Given, object]) -> None:
    """A command is recorded, refused by a named rule, or about nothing: never anything else."""
    history, command = asked
    outcome = history.when(command, on="2027-07-01")

    assert outcome.error is None or isinstance(outcome.error, Refused | NotFound)
    assert all(type(event) in OF_EVENT for event in outcome.events)
    if outcome.error is None:
        outcome.on("2027-07-01").findings()


@settings(
    max_examples=60,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@for_all(histories(stream=PERSON), st.data())
def test_any_persons_history_can_be_replayed(history: Given, data: st.DataObject) -> None:
    """Whatever was recorded of a person replays, and takes or refuses any command."""
    command = data.draw(of(PERSON, COMMANDS, history.jurisdiction))
    outcome = history.when(command, on="2027-07-01")

    assert isinstance(history.person, person.Person)
    assert outcome.error is None or isinstance(outcome.error, Refused | NotFound)
