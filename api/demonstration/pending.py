"""What a plan cannot know beforehand: the number of an entry, and what a case is criticised for.

A story is planned before anything of it is recorded. Where a command has to name an entry by its
version, or a finding by its identity, the step says which is meant, and it is looked up in the case
when the step is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.answered import AnswerFinding
from domain.auditing import AuditCase
from domain.catalogue import event_name
from domain.finding import Finding
from domain.reviewing import ProduceChronology
from domain.words import Code, Fact, Passage

Raised = Callable[[], Sequence[Finding]]
_NOBODY: Final = "the case has nothing that this step of the demonstration names"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A command whose `field` names the latest entry of a kind, by its version in the case.

    `several`: the field takes a tuple of versions.
    """

    command: object
    field: str
    event: str
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """An answer to the gravest finding that stands unanswered in the case."""

    result: Code
    reason: Passage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Producing:
    """A chronology given out, or a file audited, as the record stands: where is looked up."""

    command: ProduceChronology | AuditCase


def settled(command: object, facts: Sequence[Fact[Any]], raised: Raised) -> object:
    """Give the command itself, with what it names looked up.

    Raises:
        ValueError: the case has no such entry, or is not criticised (a programmer's error).
    """
    match command:
        case Naming():
            named = [one.version for one in facts if event_name(one.event) == command.event]
            if not named:
                raise ValueError(f"{_NOBODY}: {command.event}")
            version: object = (named[-1],) if command.several else named[-1]
            return replace(command.command, **{command.field: version})  # type: ignore[type-var]
        case Producing(command=ProduceChronology() as given):
            return replace(given, as_at=facts[-1].position, entries=len(facts))
        case Producing(command=audited):
            return replace(audited, as_at=facts[-1].position)
        case Answering():
            open_ = [one for one in raised() if one.answer is None]
            if not open_:
                raise ValueError(f"{_NOBODY}: a finding")
            first = min(open_, key=lambda one: (_GRAVITY.index(one.severity), one.identity))
            return AnswerFinding(
                finding=first.identity, result=command.result, reason=command.reason
            )
        case _:
            return command


_GRAVITY: Final = ("high", "medium", "low")
