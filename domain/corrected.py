"""What a correction is, in a case's stream or a person's: its form, what refuses it, what stands.

Nothing recorded is ever changed. A correction is an event that points at an earlier one of its own
stream and says what is now understood; both stay readable (procedure A.3 I12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from domain.finding import Finding
from domain.refusal import Refused
from domain.stage import A_MOMENT, Mark, found, mark
from domain.when import When
from domain.words import Code, Fact, Passage, derived, listed, numbering

# What of an event's header a correction may be about, besides the event's own fields.
HEADER_FIELDS: Final = frozenset(
    {"occurred", "performed_by", "role", "organisation", "purpose", "known_to", "source"}
)
# By stored name, the field that tells the same time as the header's `occurred`: a referral has
# happened once it is received, a death when the person died.
TIME_TOLD_IN: Final[Mapping[str, str]] = {
    "referral-received": "received",
    "referral-linked": "received",
    "person-died": "died",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An event of this stream is now understood otherwise (I12, L5).

    `target` is the version, in the stream, of the event corrected. `supersedes` is the version of
    the correction of the same target that this one replaces; None for the first. `fields` names
    what is corrected; `occurred` is when it is now understood to have happened. `withdrawn` says
    that it is now understood not to have happened, or not to belong here.
    """

    target: int = numbering()
    supersedes: int | None = numbering()
    reason: Code = listed("correction_reason")
    reason_other: Passage | None = None
    asked_by: Code = listed("correction_asked_by")
    fields: tuple[Code, ...] = derived(
        "fields of the event corrected, or of its header", default=()
    )
    understood: Passage | None = None
    occurred: When | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """Correct an event; where it was corrected before, name the correction this one supersedes."""

    target: int
    supersedes: int | None = None
    reason: Code = listed("correction_reason")
    reason_other: Passage | None = None
    asked_by: Code = listed("correction_asked_by", default=Code("worker"))
    fields: tuple[Code, ...] = derived(
        "fields of the event corrected, or of its header", default=()
    )
    understood: Passage | None = None
    occurred: When | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Those of one stream: the last of each target, and those that say nothing of it."""

    last: Mapping[int, int] = field(default_factory=dict)  # target → its last correction
    withdrawn: frozenset[int] = frozenset()  # targets now understood not to have happened
    unexplained: tuple[Mark, ...] = ()

    def after(self, event: Correction, fact: Fact[object]) -> Corrections:
        """Remember one more, which stands as this fact."""
        bare = event.understood is None and event.occurred is None and not event.withdrawn
        target = frozenset({event.target})
        return Corrections(
            last={**self.last, event.target: fact.version},
            withdrawn=self.withdrawn | target if event.withdrawn else self.withdrawn - target,
            unexplained=(*self.unexplained, mark(fact)) if bare else self.unexplained,
        )

    def check(self, asked: Correcting, *, there: bool, fields: Collection[str]) -> None:
        """Hold a correction to an event that exists, aware of every correction it had (I12).

        `there` says whether the stream has an event of that version that is no correction,
        `fields` which fields it has.

        Raises:
            Refused: it corrects nothing, or a correction, passes over an earlier one, or names a
                field that the event does not have.
        """
        if not there:
            raise Refused(
                "nothing_to_correct",
                "I12",
                "A correction names an event of this case or person; a correction is itself "
                "replaced by another of the same event.",
                field="target",
            )
        if self.last.get(asked.target) != asked.supersedes:
            raise Refused(
                "corrected_before",
                "I12",
                "Name the last correction of this event, if it has one: it is superseded, not "
                "passed over.",
                field="supersedes",
            )
        if not set(asked.fields) <= {*fields, *HEADER_FIELDS}:
            raise Refused(
                "not_a_field",
                "I12",
                "Name only fields that this event has; what is now understood of them belongs in "
                "`understood`.",
                field="fields",
            )

    def findings(self) -> Iterator[Finding]:
        """Criticise corrections that do not say what is now understood (R154)."""
        for at in self.unexplained:
            words = "A correction was recorded and what is now understood is not."
            yield found("correction_unexplained", "R154", "medium", words, at=at)


def recorded_anew() -> Refused:
    """Say that an entry cannot stand again, since another has taken its place meanwhile (I1)."""
    words = (
        "This was withdrawn and has been recorded anew since: withdraw what took its place first, "
        "or leave both as they are."
    )
    return Refused("recorded_anew", "I1", words, field="withdrawn")


def standing(facts: Iterable[Fact[Any]]) -> tuple[Fact[Any], ...]:
    """Give the facts of one stream as now understood, the last correction of each deciding.

    Those withdrawn are left out, and those now understood to have happened at another time stand
    at that time; everything else, and every correction, stays. So it is for views, for findings
    and for what is decided.
    """
    recorded_facts = tuple(facts)
    last = _last(recorded_facts)
    return tuple(
        _as_understood(fact, last.get(fact.version))
        for fact in recorded_facts
        if fact.version not in last or not last[fact.version].withdrawn
    )


def withdrawn(facts: Iterable[Fact[Any]]) -> frozenset[int]:
    """The versions of one stream's facts that are now understood not to have happened."""
    return frozenset(target for target, one in _last(facts).items() if one.withdrawn)


def _last(facts: Iterable[Fact[Any]]) -> dict[int, Correction]:
    """The last correction of each event corrected."""
    return {fact.event.target: fact.event for fact in facts if isinstance(fact.event, Correction)}


def _as_understood(fact: Fact[Any], correction: Correction | None) -> Fact[Any]:
    if correction is None or correction.occurred is None:
        return fact
    event, name = fact.event, TIME_TOLD_IN.get(fact.header.name)
    if name and same_time(fact.occurred, getattr(event, name), fact.recorded_at):
        event = replace(event, **{name: correction.occurred})
    return replace(fact, event=event, header=replace(fact.header, occurred=correction.occurred))


def same_time(occurred: When, told: When, recorded_at: datetime) -> bool:
    """Whether an event's `occurred` says no other time than the field of `TIME_TOLD_IN`.

    Then the field follows a corrected `occurred`. They say the same where they are stated alike or
    are one certain day; and where nobody stated when it occurred, so that the door set the moment
    of recording, the field alone was meant.
    """
    if occurred.text == told.text:
        return True
    if not occurred.uncertain and not told.uncertain and occurred.day == told.day:
        return True
    at = occurred.earliest
    return at is not None and at == occurred.latest and abs(recorded_at - at) <= A_MOMENT
