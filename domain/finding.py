"""How the record says "this was not done well": a finding criticises practice, never stops it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from domain.when import When
from domain.words import Code, Digest, Passage, Slug, WorkerRef

HIGH: Final = "high"
SEVERITIES: Final = (HIGH, "medium", "low")  # the gravest first


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswer:
    """How a finding was answered, by whom and when; `position` is of the entry that says so."""

    result: Code  # of the list `finding_answer`
    reason: Passage | None
    by: WorkerRef
    role: Code
    when: When
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A criticism the source documents would make, in plain words that blame nobody.

    `rules` cites rows of the rules table (R1–R216), and by L and a number the law on records beside
    them (data protection, disclosure, retention); `position` is the event it hangs on (None for
    an absence that hangs on no single event); `since` is from when it stood, exactly as uncertain
    as that was stated, and None where it was stated not to be known. What an entry brought stands
    since the time of that. What days alone bring (an absence, something overdue or late) has in
    `since` the day that passed: the last on which it would have been in time, a due date, a planned
    or a promised day, the end of a limit; it stands from the day after, in every code alike.
    Where such a limit is stored as no due date, and what it is counted from is not one certain
    day, `since` is that time as it was stated.
    `at_latest`: that is a due date, and only the latest day it can have been (`Due.started`).

    `subject`, `which`, `counted` and `due` tell apart what has one code and hangs on one event:
    what it is about, which of several, how many were counted, and which promise was broken. `fact`
    is the name of what several codes say alike; without it the code is that name. `policy` names
    what it was judged by, the nation's version and the authority's own; as its words, it is no part
    of what the finding is. `before` is what it was, of what came late, while that was not done.
    """

    code: Code
    rules: tuple[str, ...]
    severity: Code  # high | medium | low
    words: str
    position: int | None = None
    since: When | None = None
    at_latest: bool = False
    subject: str | None = None  # a reference (allegation, conference, plan) that tells two apart
    which: str | None = None
    counted: int | None = None
    due: date | None = None
    fact: Code | None = None
    policy: Slug | None = None  # the version of the policy it is judged by
    before: tuple[Digest, ...] = ()
    answer: FindingAnswer | None = None  # the latest that stands

    @property
    def identity(self) -> Digest:
        """What tells this fact from every other of its case, the same whenever it is computed.

        The SHA-256 of its code, the event it hangs on, what it is about, and what else tells it
        apart; of one that hangs on no event, also of since when. Its words, rules and severity are
        no part of it, so that saying it better orphans no answer. A fact that has grown
        ("3 agencies", then 4), or is late by another day that was promised, is another, and wants
        an answer of its own.
        """
        since = None if self.since is None or self.position is not None else self.since.text
        due = None if self.due is None else self.due.isoformat()
        told = [self.fact or self.code, self.position, self.subject, since]
        told += [self.which, self.counted, due]
        return Digest(hashlib.sha256(json.dumps(told).encode()).hexdigest())

    def once(self, code: str, *positions: int | None, **but: Any) -> Finding:  # noqa: ANN401
        """The same, of what came late, as what once was overdue, under that code.

        An answer to that answers this (`answer_of`). It hung on another event, what the thing was
        due by, and this hangs on what came late, so that each stands where people look for it.
        `but` is what else told it apart otherwise.
        """
        said = {"counted": None, "which": None, **but}
        was = (replace(self, code=Code(code), position=at, **said) for at in positions)
        return replace(self, before=tuple(one.identity for one in was))

    def answer_of(self, answers: Mapping[Digest, FindingAnswer]) -> FindingAnswer | None:
        """The latest answer it was given, also while what came late since was not done."""
        given = [answers[key] for key in (self.identity, *self.before) if key in answers]
        return max(given, key=lambda one: one.position, default=None)

    @property
    def pressing(self) -> bool:
        """Whether it is shown where nothing else is asked for: high, and not answered.

        What is answered without saying why is as good as not (R154): it stays in sight.
        """
        explained = self.answer is not None and self.answer.reason is not None
        return self.severity == HIGH and not explained


def merged(found: Iterable[Finding]) -> list[Finding]:
    """Findings of the same fact as one, with the rules of all and the gravest severity.

    It keeps the place and the code of the first of them.
    """
    facts: dict[Digest, Finding] = {}
    for one in found:
        before = facts.setdefault(one.identity, one)
        if before is not one:
            facts[one.identity] = replace(
                before,
                rules=tuple(dict.fromkeys((*before.rules, *one.rules))),
                severity=min(before.severity, one.severity, key=gravity),
            )
    return list(facts.values())


def gravity(severity: str) -> int:
    """The place of a severity, the gravest first."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
