"""Decisions whose reasons are not recorded, where no stage asks for them itself (R154; C.7).

Reviews criticise a decision stated without its reasons, and ask for those of what was not done as
well. Each kind of decision has a row here: the event that records it, and the field that says why;
one that needs a basis as well has another for that. A later decision about the same takes the place
of the one before, for its reasons too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.copies import NO_BASIS
from domain.finding import Finding
from domain.stage import Mark, found, mark
from domain.words import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of decision, and where its reasons stand.

    `event` is its stored name and `reason` the field that says why; `of` are the fields that tell
    what it decides upon, the first of them the subject of the finding: without any, each is a
    decision of its own. `plain` are the codes, by field, that say why by themselves; `unsaid` those
    of `reason` that say nothing, where that is a code.
    """

    event: str
    rules: str
    severity: str
    words: str
    reason: str = "rationale"
    of: tuple[str, ...] = ()
    plain: Mapping[str, Collection[str]] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()

    def bare(self, event: object) -> bool:
        """Whether an event of this kind leaves its reasons out."""
        said = getattr(event, self.reason)
        if said is not None and said not in self.unsaid:
            return False
        return not any(getattr(event, name) in codes for name, codes in self.plain.items())


_BASIS: Final = ("adult_wish", "best_interests", "lpa", "deputy")  # of `family_basis`
_ANSWERS: Final = ("advocate_appointed", "referred", "offered_accepted", "offered_declined")
_FACTS: Final = ("died", "moved", "replaced")  # of `plan_end_reason`: nobody decided these
_OTHERS: Final = ("pending", "begun", "not_known")  # of `proceedings_status`: as others have it

ASKED: Final = {
    "status_unexplained": Asked(
        event="adult-at-risk-status-determined",
        rules="R184 R154",
        severity="medium",
        words="Whether the adult is at risk of harm was determined; the reasons are not recorded.",
        of=("conference",),
    ),
    "orders_unexplained": Asked(
        event="protection-order-considered",
        rules="R204 R154",
        severity="medium",
        words="Whether to apply for a protection order was decided; the reasons are not recorded.",
        of=("conference", "order"),
    ),
    "conclusion_unexplained": Asked(
        event="enquiry-concluded",
        rules="R154",
        severity="medium",
        words="The enquiry was concluded; the reasons are not recorded.",
        of=("enquiry",),
    ),
    "enquiry_reopened_unexplained": Asked(
        event="enquiry-reopened",
        rules="R154",
        severity="low",
        words="The enquiry was reopened; the reasons are not recorded.",
        reason="reason",
    ),
    "plan_end_unexplained": Asked(
        event="plan-ended",
        rules="R184 R154",
        severity="medium",
        words="The plan was ended; the reasons are not recorded.",
        of=("plan",),
        plain={"reason": _FACTS},
    ),
    "ratification_unexplained": Asked(
        event="plan-change-ratified",
        rules="R90 R154",
        severity="low",
        words="An urgent change of the plan was ratified or not; the reasons are not recorded.",
        of=("plan", "change"),
    ),
    "pach_feedback_unexplained": Asked(
        event="pach-feedback-decided",
        rules="R172 R154",
        severity="medium",
        words="What the person alleged to have caused harm, or their employer, is told was "
        "decided; the reasons are not recorded.",
        of=("conference", "audience", "organisation"),
    ),
    "further_meeting_unexplained": Asked(
        event="further-conference-decided",
        rules="R85 R154",
        severity="low",
        words="Whether a further conference is needed was decided; the reasons are not recorded.",
        of=("conference",),
    ),
    "carer_disclosure_unexplained": Asked(
        event="carer-disclosure-decided",
        rules="R167 R154",
        severity="low",
        words="What a carer may be told was decided; the reasons are not recorded.",
        of=("carer", "conference"),
    ),
    "carer_disclosure_without_basis": Asked(
        event="carer-disclosure-decided",
        rules="R167 R166",
        severity="medium",
        words="What a carer may be told was decided; on what basis they may have it is not "
        "recorded.",
        reason="basis",
        of=("carer", "conference"),
        unsaid=(NO_BASIS,),
    ),
    "family_decision_unexplained": Asked(
        event="family-attendance-decided",
        rules="R59 R154",
        severity="low",
        words="Whether a relative may come was decided; neither a basis nor the reasons are "
        "recorded.",
        of=("conference", "participant"),
        plain={"basis": _BASIS},
    ),
    "proceedings_unexplained": Asked(
        event="proceedings-considered",
        rules="R86 R154",
        severity="low",
        words="Proceedings are not to be brought; the reasons are not recorded.",
        of=("proceedings",),
        plain={"status": _OTHERS},
    ),
    "advocacy_unexplained": Asked(
        event="advocacy-considered",
        rules="R186 R154",
        severity="low",
        words="Advocacy was considered and not offered; the reasons are not recorded.",
        plain={"decision": _ANSWERS},
    ),
    "reopening_unexplained": Asked(
        event="case-reopened",
        rules="R154",
        severity="low",
        words="The case was reopened; the reasons are not recorded.",
    ),
    "hold_lifted_unexplained": Asked(
        event="legal-hold-lifted",
        rules="L17 R154",
        severity="low",
        words="A legal hold was lifted; the reasons are not recorded.",
    ),
}
_CORRECTED: Final = "record-corrected"
_HOLD: Final = "legal-hold-placed"
_OF_EVENT: Final = {
    asked.event: tuple(code for code, one in ASKED.items() if one.event == asked.event)
    for asked in ASKED.values()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreasoned:
    """A decision that stands without its reasons; `about` is what it decides upon."""

    code: str
    about: tuple[object, ...]
    at: Mark
    words: str = ""  # where it was taken back by a correction, of the entry `withdrew`
    withdrew: int | None = None


def still_unreasoned(
    bare: tuple[Unreasoned, ...], fact: Fact[Any], names: Sequence[str]
) -> tuple[Unreasoned, ...]:
    """Which decisions stand without their reasons with one more fact; `names` are those before it.

    A legal hold that a correction withdraws protects no more than one that is lifted.
    """
    if fact.header.name == _CORRECTED and 1 <= fact.event.target <= len(names):
        event = fact.event
        bare = tuple(one for one in bare if one.withdrew != event.target)
        if names[event.target - 1] == _HOLD and event.withdrawn and event.understood is None:
            taken_back = Unreasoned(
                code="hold_lifted_unexplained",
                about=(),
                at=mark(fact),
                words="A legal hold was withdrawn by a correction; why is not told.",
                withdrew=event.target,
            )
            bare = (*bare, taken_back)
    for code in _OF_EVENT.get(fact.header.name, ()):
        asked = ASKED[code]
        about = tuple(getattr(fact.event, name) for name in asked.of)
        if about:
            bare = tuple(one for one in bare if (one.code, one.about) != (code, about))
        if asked.bare(fact.event):
            bare = (*bare, Unreasoned(code=code, about=about, at=mark(fact)))
    return bare


def unexplained(bare: tuple[Unreasoned, ...]) -> Iterator[Finding]:
    """Ask for the reasons of each decision that states none."""
    for code, asked in ASKED.items():
        for one in bare:
            if one.code == code:
                subject = one.about[0] if one.about else None
                words = one.words or asked.words
                yield found(code, asked.rules, asked.severity, words, at=one.at, subject=subject)
