"""The stages of a case, side by side: what each offers, and which of them knows what.

A new stage is one line in each list here; `case` keeps its state and answers what others ask of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias, get_args

import domain.access_request
import domain.action
import domain.advice
import domain.advocacy
import domain.agenda
import domain.agreement
import domain.allocation
import domain.amending
import domain.answered
import domain.answering
import domain.assessment
import domain.auditing
import domain.barring
import domain.best_interests
import domain.causing
import domain.closing
import domain.closure
import domain.concern
import domain.conclusion
import domain.conference
import domain.contact
import domain.correction
import domain.determination
import domain.disclosing
import domain.dividing
import domain.drafting
import domain.duty
import domain.enabling
import domain.enquiry
import domain.excepting
import domain.feedback
import domain.forward
import domain.hearing
import domain.information
import domain.intake
import domain.invitation
import domain.involvement
import domain.joining
import domain.learning
import domain.linking
import domain.minutes
import domain.monitoring
import domain.order
import domain.outcome
import domain.oversight
import domain.plan
import domain.plan_copies
import domain.planning
import domain.provider
import domain.rectifying
import domain.reference
import domain.releasing
import domain.retaining
import domain.reviewing
import domain.sharing
import domain.sitting
import domain.tabling
from domain.finding import Finding
from domain.known import Known
from domain.stage import Context, Looking

Event: TypeAlias = (
    domain.concern.Event
    | domain.duty.Event
    | domain.allocation.Event
    | domain.enquiry.Event
    | domain.assessment.Event
    | domain.conference.Event
    | domain.invitation.Event
    | domain.involvement.Event
    | domain.sitting.Event
    | domain.hearing.Event
    | domain.determination.Event
    | domain.outcome.Event
    | domain.plan.Event
    | domain.monitoring.Event
    | domain.agreement.Event
    | domain.action.Event
    | domain.advice.Event
    | domain.sharing.Event
    | domain.oversight.Event
    | domain.order.Event
    | domain.enabling.Event
    | domain.dividing.Event
    | domain.tabling.Event
    | domain.agenda.Event
    | domain.minutes.Event
    | domain.feedback.Event
    | domain.plan_copies.Event
    | domain.conclusion.Event
    | domain.closure.Event
    | domain.correction.Event
    | domain.reference.Event
    | domain.intake.Event
    | domain.causing.Event
    | domain.planning.Event
    | domain.contact.Event
    | domain.information.Event
    | domain.advocacy.Event
    | domain.best_interests.Event
    | domain.barring.Event
    | domain.learning.Event
    | domain.provider.Event
    | domain.answering.Event
    | domain.drafting.Event
    | domain.amending.Event
    | domain.releasing.Event
    | domain.closing.Event
    | domain.reviewing.Event
    | domain.auditing.Event
    | domain.rectifying.Event
    | domain.access_request.Event
    | domain.disclosing.Event
    | domain.retaining.Event
    | domain.excepting.Event
    | domain.answered.Event
    | domain.joining.Event
    | domain.linking.Event
    | domain.forward.Event
)
Command: TypeAlias = (
    domain.concern.Command
    | domain.duty.Command
    | domain.allocation.Command
    | domain.enquiry.Command
    | domain.assessment.Command
    | domain.conference.Command
    | domain.invitation.Command
    | domain.involvement.Command
    | domain.sitting.Command
    | domain.hearing.Command
    | domain.determination.Command
    | domain.outcome.Command
    | domain.plan.Command
    | domain.monitoring.Command
    | domain.agreement.Command
    | domain.action.Command
    | domain.advice.Command
    | domain.sharing.Command
    | domain.oversight.Command
    | domain.order.Command
    | domain.enabling.Command
    | domain.dividing.Command
    | domain.tabling.Command
    | domain.agenda.Command
    | domain.minutes.Command
    | domain.feedback.Command
    | domain.plan_copies.Command
    | domain.conclusion.Command
    | domain.closure.Command
    | domain.correction.Command
    | domain.reference.Command
    | domain.intake.Command
    | domain.causing.Command
    | domain.planning.Command
    | domain.contact.Command
    | domain.information.Command
    | domain.advocacy.Command
    | domain.best_interests.Command
    | domain.barring.Command
    | domain.learning.Command
    | domain.provider.Command
    | domain.answering.Command
    | domain.drafting.Command
    | domain.amending.Command
    | domain.releasing.Command
    | domain.closing.Command
    | domain.reviewing.Command
    | domain.auditing.Command
    | domain.rectifying.Command
    | domain.access_request.Command
    | domain.disclosing.Command
    | domain.retaining.Command
    | domain.excepting.Command
    | domain.answered.Command
    | domain.joining.Command
    | domain.linking.Command
    | domain.forward.Command
)


class Stage(Protocol):
    """What every stage module offers; which types it takes its own signatures say."""

    Event: Any
    Command: Any

    def evolve(self, state: Any, fact: Any, /) -> Any:  # noqa: ANN401 - each stage has its own types
        """Remember one fact."""

    def decide(self, command: Any, state: Any, known: Known, context: Context, /) -> Any:  # noqa: ANN401 - as above
        """Answer a command with events."""

    def findings(self, state: Any, known: Known, context: Looking, /) -> Iterator[Finding]:  # noqa: ANN401 - as above
        """Say what the sources would criticise."""


STAGES: Final[Mapping[str, Stage]] = {
    "concern": domain.concern,
    "duty": domain.duty,
    "allocation": domain.allocation,
    "enquiry": domain.enquiry,
    "assessment": domain.assessment,
    "conference": domain.conference,
    "invitation": domain.invitation,
    "involvement": domain.involvement,
    "sitting": domain.sitting,
    "hearing": domain.hearing,
    "determination": domain.determination,
    "outcome": domain.outcome,
    "plan": domain.plan,
    "monitoring": domain.monitoring,
    "agreement": domain.agreement,
    "action": domain.action,
    "advice": domain.advice,
    "sharing": domain.sharing,
    "oversight": domain.oversight,
    "order": domain.order,
    "enabling": domain.enabling,
    "dividing": domain.dividing,
    "tabling": domain.tabling,
    "agenda": domain.agenda,
    "minutes": domain.minutes,
    "feedback": domain.feedback,
    "plan_copies": domain.plan_copies,
    "conclusion": domain.conclusion,
    "closure": domain.closure,
    "correction": domain.correction,
    "reference": domain.reference,
    "intake": domain.intake,
    "causing": domain.causing,
    "planning": domain.planning,
    "contact": domain.contact,
    "information": domain.information,
    "advocacy": domain.advocacy,
    "best_interests": domain.best_interests,
    "barring": domain.barring,
    "learning": domain.learning,
    "provider": domain.provider,
    "answering": domain.answering,
    "drafting": domain.drafting,
    "amending": domain.amending,
    "releasing": domain.releasing,
    "closing": domain.closing,
    "reviewing": domain.reviewing,
    "auditing": domain.auditing,
    "rectifying": domain.rectifying,
    "access_request": domain.access_request,
    "disclosing": domain.disclosing,
    "retaining": domain.retaining,
    "excepting": domain.excepting,
    "answered": domain.answered,
    "joining": domain.joining,
    "linking": domain.linking,
    "forward": domain.forward,
}


def members(union: object) -> tuple[type, ...]:
    """The classes of a union, also where it has only one."""
    classes = get_args(union) or (union,)
    return tuple(one for one in classes if isinstance(one, type))


OF_EVENT: Final = {cls: name for name, stage in STAGES.items() for cls in members(stage.Event)}
OF_COMMAND: Final = {cls: name for name, stage in STAGES.items() for cls in members(stage.Command)}
