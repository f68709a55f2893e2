"""What a conference is to consider, item by item: what the record shows of each, and what not.

Most items are answered by the event that records the answer (a finding, a plan, views put); those
count. What was discussed without more, put off, or does not apply, is recorded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from domain.episode import same, within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import Code, ConferenceRef, Fact, Passage, ReportRef, listed

# The nineteen considerations of the procedure's "Conducting the case conference", in its order, and
# the rules they stand in.
RULES: Final[Mapping[str, str]] = {
    "investigation_report": "R64",
    "agency_reports": "R65",
    "current_risk": "R66",
    "whether_abuse_occurred": "R67",
    "recurrence": "R68",
    "further_action_or_information": "R69",
    "views_and_wishes": "R70 R71",
    "legal_advice": "R72",
    "statutory_or_regulatory_action": "R73",
    "plan_reviewed_or_agreed": "R74",
    "monitoring_and_coordination": "R75",
    "contingency": "R76",
    "sharing_of_plan": "R77",
    "actions_about_pach": "R78",
    "residual_concern": "R79",
    "support_and_services": "R80 R81",
    "further_sharing": "R82",
    "review_date": "R83 R84",
    "further_conference": "R85",
}

# By the stored name of an event of that conference, the items it answers whatever it says.
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "abuse-finding": ("whether_abuse_occurred",),
    "action-agreed": ("further_action_or_information",),
    "information-requested": ("further_action_or_information",),
    "no-further-action-considered": ("further_action_or_information",),
    "adult-views-presented": ("views_and_wishes",),
    "legal-advice-considered": ("legal_advice",),
    "legal-advice-obtained": ("legal_advice",),
    "regulatory-action-considered": ("statutory_or_regulatory_action",),
    "regulatory-referral-decided": ("statutory_or_regulatory_action",),
    "protection-order-considered": ("statutory_or_regulatory_action",),
    "plan-reviewed": ("plan_reviewed_or_agreed",),
    "plan-not-agreed": ("plan_reviewed_or_agreed",),
    "monitoring-responsibility-assigned": ("monitoring_and_coordination",),
    "plan-coordinator-designated": ("monitoring_and_coordination",),
    "contingency-agreed": ("contingency",),
    "plan-sharing-agreed": ("sharing_of_plan",),
    "pach-action-decided": ("actions_about_pach",),
    "pach-actions-reviewed": ("actions_about_pach",),
    "residual-concern-action-decided": ("residual_concern",),
    "support-service-agreed": ("support_and_services",),
    "carer-assessment-offered": ("support_and_services",),
    "information-sharing-decided": ("further_sharing",),
    "review-date-set": ("review_date",),
    "review-delegated-to-care-management": ("review_date",),
    # Where no plan is required there is nothing to monitor, to fall back on, to share or to review.
    "plan-not-required": (
        "plan_reviewed_or_agreed",
        "monitoring_and_coordination",
        "contingency",
        "sharing_of_plan",
        "review_date",
    ),
}
CONCLUDING: Final = frozenset({"initial", "outcome"})  # the kinds this agenda is of
REASONED: Final = frozenset({"deferred", "not_applicable"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemConsidered:
    """What became of one consideration at a conference (R8, R64 to R85).

    `discussion` tells what was said, `reason` why it was put off or does not apply; `reports` are
    those it was considered on.
    """

    conference: ConferenceRef
    part: int | None = None
    item: Code = listed("agenda_item")
    outcome: Code = listed("agenda_outcome")
    discussion: Passage | None = None
    reason: Passage | None = None
    reports: tuple[ReportRef, ...] = ()


Event: TypeAlias = AgendaItemConsidered

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The last that is recorded of one item."""

    outcome: Code
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The items recorded for each conference."""

    items: Mapping[ConferenceRef, Mapping[Code, Item]] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event = fact.event
    item = Item(outcome=event.outcome, explained=event.reason is not None, at=mark(fact))
    items = {**state.items.get(event.conference, {}), event.item: item}
    return State(items={**state.items, event.conference: items})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderAgendaItem:
    """Note what became of one consideration."""

    conference: ConferenceRef
    part: int | None = None
    item: Code = listed("agenda_item")
    outcome: Code = listed("agenda_outcome", default=Code("considered"))
    discussion: Passage | None = None
    reason: Passage | None = None
    reports: tuple[ReportRef, ...] = ()


Command: TypeAlias = ConsiderAgendaItem


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer a command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    return (recorded(AgendaItemConsidered, command),)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Name what a conference is to consider and the record does not show."""
    for ref, items in state.items.items():
        for item in items.values():
            if item.outcome in REASONED and not item.explained:
                words = "An item was put off or held not to apply, and the reason is not recorded."
                at = item.at
                yield found("agenda_unexplained", "R8 R154", "low", words, at=at, subject=ref)
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        if conference is None or conference.kind not in CONCLUDING:
            continue
        missing = missing_items(ref, state, known, context)
        if missing:
            labels = "; ".join(context.jurisdiction.label("agenda_item", one) for one in missing)
            rules = " ".join(["R8", *(RULES[one] for one in missing)])
            words = f"The record does not show the conference considering: {labels}."
            at = sitting.held
            code, which = "agenda_incomplete", " ".join(missing)
            yield found(code, rules, "low", words, at=at, subject=ref, which=which)


def missing_items(
    ref: ConferenceRef, state: State, known: Known, context: Looking
) -> tuple[Code, ...]:
    """Give the items of the nation's agenda that the record shows nothing of, in order."""
    answered = {item for name, event in known.met(ref) for item in shown(name, event)}
    answered |= {
        item for item, one in state.items.get(ref, {}).items() if one.outcome != "not_considered"
    }
    answered |= set(_not_asked(ref, known))
    return tuple(one for one in context.jurisdiction.agenda if one not in answered)


def _not_asked(ref: ConferenceRef, known: Known) -> Iterator[str]:
    """List the items that cannot be asked of this meeting, so that nobody need say so.

    Of a later episode, what an earlier one had is none of it.
    """
    held = known.sittings[ref].held
    if not known.pach_of(held):
        yield "actions_about_pach"
    if not within(known.doubtful_findings, held, known):
        yield "residual_concern"
    reports = (one for one in known.reports_submitted if same(one.at, held, known))
    if all(report.kind == "investigation" for report in reports):
        yield "agency_reports"


def shown(name: str, event: Any) -> Iterator[str]:  # noqa: ANN401 — an event of any stage
    """List the items that an event of a conference answers, by its stored name and its fields."""
    yield from ANSWERS.get(name, ())
    match name:
        case "report-considered":
            investigation = event.kind == "investigation"
            yield "investigation_report" if investigation else "agency_reports"
        case "risk-assessed":
            yield "current_risk"
            if event.recurrence != "not_assessed":
                yield "recurrence"
        case "further-conference-decided" if event.decision != "not_decided":
            yield "further_conference"
        case "plan-agreed" | "plan-revised":
            yield "plan_reviewed_or_agreed"
            yield from _of_plan(event.terms)
        case _:
            pass


def _of_plan(terms: Any) -> Iterator[str]:  # noqa: ANN401 — the terms of `plan`
    """List the items that the terms of a plan answer."""
    answers = {
        "further_action_or_information": terms.actions,
        "monitoring_and_coordination": terms.monitored_by or terms.coordinator,
        "contingency": terms.contingency,
        "sharing_of_plan": terms.sharing,
        "support_and_services": [one for one in terms.actions if one.kind == "support"],
        "review_date": terms.review not in {"not_decided", "not_recorded"},
    }
    yield from (item for item, answer in answers.items() if answer)
