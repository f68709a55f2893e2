"""What stands where in the minutes: which entries of a meeting each section is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.action import ActionAgreed
from domain.plan import Action, Terms
from domain.tabling import ReportTabled
from domain.when import When
from domain.words import Fact

# By section, the events that stand in it; what is in none of these is not of the minutes.
SECTIONS: Final[Mapping[str, str]] = {
    "adults_words": "adult-attendance-view-recorded adult-declined-attendance adult-views-obtained"
    " adult-non-attendance-recorded adult-views-presented advocate-contributed"
    " advocate-challenge-recorded",
    "involving": "adult-invited adult-not-invited adult-informed-of-conference"
    " adult-attendance-safety-assessed access-arrangements-made adult-support-arranged"
    " adult-supporter-requested adult-representative-nominated nomination-withdrawn"
    " risk-explained-to-adult",
    "meeting": "conference-convened conference-rescheduled delay-reason-recorded chair-appointed"
    " conference-part-planned alternative-arrangement-agreed",
    "attendance": "family-attendance-decided apologies-received participant-uninvited"
    " participant-excluded",
    "previous_minutes": "previous-minutes-considered",
    "reports": "report-tabled chronology-tabled report-confidentiality-set report-share-permitted"
    " report-shared report-considered written-contribution-received",
    "considerations": "risk-assessed need-assessed legal-advice-considered legal-advice-obtained"
    " regulatory-action-considered proceedings-considered no-further-action-considered"
    " information-shared",
    "discussion": "",
    "findings": "abuse-finding adult-at-risk-status-determined residual-concern-action-decided"
    " agency-position-recorded agency-agreement-recorded dissent-recorded",
    "decisions": "protection-order-considered regulatory-referral-decided protection-order-applied"
    " regulator-notified"
    " information-sharing-decided concerns-shared-with-authority information-requested"
    " organisational-change-recommended serious-incident-process-started sar-referred"
    " further-conference-decided",
    "plan": "core-group-held plan-reviewed plan-monitored plan-change-ratified plan-agreed"
    " plan-revised"
    " plan-not-required plan-not-agreed plan-coordinator-designated"
    " monitoring-responsibility-assigned contingency-agreed plan-sharing-agreed"
    " adult-plan-involvement-recorded adult-plan-views-sought"
    " review-delegated-to-care-management action-agreed support-service-agreed"
    " carer-assessment-offered",
    "pach": "pach-action-decided pach-actions-reviewed dbs-referral-duty-identified",
    "feedback": "feedback-responsibility-assigned challenge-contact-named pach-feedback-decided"
    " carer-disclosure-decided",
    # Of the minutes themselves, put together: `amended`, `circulated`.
    "amendments": "",
    "circulation": "",
}
# What is on the person alleged to have caused harm, and closed with the section of that name.
CLOSED: Final = "pach"
ABOUT_HARM: Final = frozenset(
    {
        *SECTIONS[CLOSED].split(),
        *("proceedings-considered", "pach-feedback-decided", "carer-disclosure-decided"),
    }
)
# Of a body that registers or bars people, what is decided is of whoever is alleged (R73, R78).
_OF_REGULATION: Final = frozenset({"regulatory-action-considered", "regulatory-referral-decided"})
_OF_PEOPLE: Final = frozenset(  # of `regulatory_body`
    {
        *("barring", "general_medical", "health_and_care_professions", "nursing_and_midwifery"),
        *("social_services_council", "social_work_england"),
    }
)
# What is said beforehand of a part, and did not fall in it.
ABOUT_PART: Final = frozenset({"conference-part-planned", "adult-attendance-safety-assessed"})
WHO_HARMED: Final = "pach-identified"
ITEM_ABOUT_HARM: Final = "actions_about_pach"
# What belongs to a meeting and does not name it, by the day it was recorded to have been.
SAID_THAT_DAY: Final[Mapping[str, str]] = {
    "desired-outcome-evaluated": "adults_words",
    "adult-satisfaction-recorded": "adults_words",
    "adult-outcome-recorded": "decisions",
    "review-referral-considered": "decisions",
    "pach-outcome-recorded": CLOSED,
    "review-date-set": "plan",
    "plan-ended": "plan",
}
WISHES: Final = "desired-outcome-expressed"  # what the adult wanted by then, in the adult's words
# What a meeting goes by, said by then and since the meeting before.
BY_THEN: Final[Mapping[str, str]] = {
    "communication-needs-recorded": "involving",
    "capacity-decision-recorded": "involving",
    "key-decision-maker-identified": "involving",
    "best-interests-decision-recorded": "involving",
    "substantial-difficulty-assessed": "involving",
    "advocacy-considered": "involving",
    "advocacy-information-given": "involving",
    "advocate-appointed": "involving",
}
# What is done upon a decision: of the minutes where it was done by the end of the meeting's day.
DONE_UPON_IT: Final = frozenset(
    {"protection-order-applied", "regulator-notified", "concerns-shared-with-authority"}
)
# What is found, decided and agreed at a meeting: of its day, whatever other day it is dated.
AT_IT: Final = (
    frozenset(" ".join(SECTIONS[one] for one in ("findings", "decisions", "plan", CLOSED)).split())
    - DONE_UPON_IT
    - {"plan-monitored"}
)
HELD: Final = frozenset({"conference-held", "core-group-held", "conference-part-held"})


def beside(
    stood: Iterable[Fact[Any]], held: date | None, position: int, before: date | None
) -> Iterator[Fact[Any]]:
    """What belongs to a meeting and does not name it.

    The wishes by then, what it goes by since the meeting `before`, what was said on its day.
    """
    for one in stood:
        name, on = one.header.name, one.occurred.last_day
        if held is None or on is None or on > held:
            continue
        since = before is None or on > before
        that_day = on == held and one.position > position
        wanted = (name == WISHES, name in BY_THEN and since, name in SAID_THAT_DAY and that_day)
        if any(wanted):
            yield one


def done_since(fact: Fact[Any], held: When) -> bool:
    """Whether an entry is of something done upon a decision, certainly after that day."""
    on, by = fact.occurred.first_day, held.last_day
    since = on is not None and by is not None and on > by
    return since and fact.header.name in DONE_UPON_IT


def where_tabled(met: Iterable[Fact[Any]]) -> tuple[Fact[Any], ...]:
    """The entries of a meeting, what names a report with the one part that report lay before.

    Where a report was tabled in several parts, or in none that is named, an entry stands as it is.
    """
    told = tuple(met)
    tabled: dict[UUID, set[int | None]] = {}
    for one in told:
        if isinstance(one.event, ReportTabled):
            tabled.setdefault(one.event.report, set()).add(one.event.part)
    return tuple(_in_part(one, tabled) for one in told)


def _in_part(one: Fact[Any], tabled: Mapping[UUID, set[int | None]]) -> Fact[Any]:
    of_report = tabled.get(getattr(one.event, "report", None) or UUID(int=0), set())
    if len(of_report) != 1 or getattr(one.event, "part", 0) is not None:
        return one
    return replace(one, event=replace(one.event, part=min(of_report, key=str)))


def about_harm(fact: Fact[Any]) -> bool:
    """Whether all an entry says is about the person alleged to have caused harm (R78, R100)."""
    name, event = fact.header.name, fact.event
    if name in _OF_REGULATION:
        return event.body in _OF_PEOPLE
    return name in ABOUT_HARM or (isinstance(event, ActionAgreed) and at_harm(event))


def at_harm(action: Action | ActionAgreed) -> bool:
    """Whether an action, of a plan or agreed alone, is against or about that person."""
    return action.target == "pach" or action.kind == "against"


def apart(event: Any) -> Any:  # noqa: ANN401 — any event
    """The event without such actions among those of its plan."""
    terms = getattr(event, "terms", None)
    if not isinstance(terms, Terms):
        return event
    left = tuple(one for one in terms.actions if not at_harm(one))
    return replace(event, terms=replace(terms, actions=left))


def section_of(fact: Fact[Any]) -> str | None:
    """The section in which an entry that names the meeting stands; none where it stands in none.

    An action about the person alleged is agreed apart from the plan, and stands apart from it.
    """
    if isinstance(fact.event, ActionAgreed) and at_harm(fact.event):
        return CLOSED
    name = fact.header.name
    return next((code for code, names in SECTIONS.items() if name in names.split()), None)


def belongs(fact: Fact[Any]) -> str:
    """The section of such an entry."""
    name = fact.header.name
    return "adults_words" if name == WISHES else BY_THEN.get(name) or SAID_THAT_DAY[name]
