"""A case gone on with from where it was: always the same case as one replayed from its start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all

import domain.case
from domain.joining import CaseMerged, CaseSplit, CaseUnmerged
from domain.reading import as_understood
from domain.resuming import Resuming
from domain.words import CaseRef, Code, Fact, Forgotten
from tests.controls import CASE, OTHER_CASE, a_referral, a_risk, an_allegation, an_enquiry
from tests.given import Given, given
from tests.spec.law.test_any_history import histories


class Kept:
    """A record that keeps what was read."""

    def __init__(self) -> None:
        self.streams: dict[UUID, list[Fact[Any]]] = {CASE: []}

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """A stream, the same facts each time."""
        assert as_at is None
        return self.streams.setdefault(stream, [])

    def record(self, stream: CaseRef, *events: object) -> None:
        """Record events in a case, after everything recorded so far."""
        last = sum(map(len, self.streams.values()))
        own = self.facts(stream)
        for number, fact in enumerate(given(*events).facts, start=1):
            own.append(replace(fact, stream=stream, position=last + number, version=len(own) + 1))


def is_the_same(resuming: Resuming, kept: Kept) -> bool:
    """Whether going on gives what a replay gives."""
    facts = kept.facts(CASE)
    return resuming(kept, CASE, facts) == as_understood(kept, CASE, facts)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)
@for_all(histories())
def test_any_history_gone_on_with_is_the_case(history: Given) -> None:
    """After each entry of any history, going on and replaying are one (I12)."""
    kept, resuming = Kept(), Resuming()
    for fact in history.facts:
        kept.streams[CASE].append(replace(fact, stream=CASE))
        assert is_the_same(resuming, kept)


def merged(case: CaseRef, place: str) -> CaseMerged:
    """Give what one of two cases records that are read as one."""
    return CaseMerged(other=case, place=Code(place), reason=Code("same_concern"))


def test_a_case_joined_to_another_is_gone_on_with_as_it_is_read() -> None:
    """A merge, its end, a split, and what either case records meanwhile, all count (R150)."""
    kept, resuming = Kept(), Resuming()
    steps: list[tuple[CaseRef, object]] = [
        (CASE, a_risk()),
        (OTHER_CASE, a_referral("2026-11-02", an_allegation(1))),
        (OTHER_CASE, merged(CASE, "merged")),
        (CASE, merged(OTHER_CASE, "leading")),
        (CASE, a_risk()),
        (CASE, a_referral()),
        (OTHER_CASE, an_enquiry()),
        (CASE, an_enquiry()),
        (OTHER_CASE, CaseUnmerged(other=CASE, merge=2, place=Code("merged"))),
        (CASE, CaseUnmerged(other=OTHER_CASE, merge=2, place=Code("leading"))),
        (CASE, a_risk()),
        (
            CASE,
            CaseSplit(
                other=OTHER_CASE, place=Code("from"), reason=Code("wrong_case"), entries=(1, 3)
            ),
        ),
        (CASE, a_risk()),
    ]
    for stream, event in steps:
        kept.record(stream, event)
        assert is_the_same(resuming, kept), event


def test_each_entry_is_remembered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hundredth command of a case costs what the tenth does."""
    evolve, remembered = domain.case.evolve, list[Any]()

    def counted(*given_: Any, **more: Any) -> Any:  # noqa: ANN401 — those of evolve
        remembered.append(given_)
        return evolve(*given_, **more)

    monkeypatch.setattr(domain.case, "evolve", counted)
    kept, resuming = Kept(), Resuming()
    for _ in range(100):
        kept.record(CASE, a_risk())
        resuming(kept, CASE, kept.facts(CASE))
    assert len(remembered) == 100


def test_what_was_forgotten_is_not_gone_on_with() -> None:
    """Facts read anew are replayed anew: a passage kept from before is in nothing that follows."""
    kept, resuming = Kept(), Resuming()
    kept.record(CASE, a_referral(), a_risk())
    resuming(kept, CASE, kept.facts(CASE))
    kept.streams[CASE] = [replace(fact, event=forgotten(fact.event)) for fact in kept.streams[CASE]]
    assert is_the_same(resuming, kept)
    assert "Personal(" not in repr(resuming._came)
    resuming.drop()
    assert resuming._came is None


def forgotten(value: Any) -> Any:  # noqa: ANN401 — an event, or what is in one
    """The same with every passage forgotten."""
    if type(value).__name__ == "Personal":
        return Forgotten(value.about)
    if isinstance(value, tuple):
        return tuple(map(forgotten, value))
    if hasattr(value, "__dataclass_fields__"):
        names = value.__dataclass_fields__
        return replace(value, **{name: forgotten(getattr(value, name)) for name in names})
    return value
