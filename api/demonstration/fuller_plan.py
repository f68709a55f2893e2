"""What a few stories say more of a plan, of what is set going beside it, and of who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from api.demonstration.calibration import COUNCIL
from api.demonstration.fuller import At, More, Value, Where, more, other
from api.demonstration.fuller_coming import document, manager
from domain.action import AgreeAction, AgreeSupportService, ConsiderNoFurtherAction
from domain.advice import (
    ConsiderProceedings,
    ConsiderRegulatoryAction,
    DecideRegulatoryReferral,
    MakeRegulatoryReferral,
    ObtainLegalAdvice,
    RecordProceedingsOutcome,
)
from domain.agreement import (
    AgreePlanSharing,
    DelegateReviewToCareManagement,
    DesignatePlanCoordinator,
)
from domain.answering import DecideCarerDisclosure, RaiseIssue, RespondToIssue
from domain.barring import IdentifyDbsReferralDuty, RecordDbsReferral
from domain.concern import ReceiveReferral
from domain.feedback import DecideAgainstFeedback, GiveFeedback
from domain.learning import RecommendOrganisationalChange, StartSeriousIncidentProcess
from domain.monitoring import DecidePachAction, EndPlan
from domain.order import RecordProtectionOrderAppealed
from domain.oversight import ChangePlanUrgently
from domain.plan import (
    AgreePlan,
    DecidePlanNotRequired,
    RecordPlanNotAgreed,
    RevisePlan,
    Sharing,
)
from domain.plan_copies import SendPlanToNominee, WithholdPlanFromAdult
from domain.risk_aim import RiskAim
from domain.sharing import DecideInformationSharing, ShareInformation
from domain.words import Code, PersonRef, Slug

_NURSERY: Final = "The garden nursery, where the adult works on Tuesdays."


def _terms(**said: Value) -> Value:
    """Say more in the terms of a plan."""

    def terms(at: At) -> Any:  # noqa: ANN401 — of a plan
        given = {name: one(at) if callable(one) else one for name, one in said.items()}
        passages = {name: at.words(one) if type(one) is str else one for name, one in given.items()}
        return replace(at.command.terms, **passages)

    return terms


def _last_action(at: At) -> Value:
    *rest, last = at.command.terms.actions
    text = at.words("Going with the adult to choose a new front door.")
    return (*rest, replace(last, kind=Code("other"), kind_other=text, owner_worker=manager(at)))


def _shared_too(at: At) -> Value:
    also = Sharing(
        organisation=Slug("garden-nursery"),
        role=Code("other"),
        role_other=at.words(_NURSERY),
        content=Code("summary"),
    )
    return (*at.command.terms.sharing, also)


def _another_adult(at: At) -> Value:
    """Name somebody who is known from another case; of that nothing is told in this one."""
    known = (one for one in at.stories if one.goes_on == "enquiry" and one.adult != at.story.adult)
    return tuple(PersonRef(one.adult) for one in known if one.received < at.story.received)[:1]


def _risks(at: At) -> Value:
    return (
        RiskAim(
            risk=at.words("Visits after dark by somebody who is not let in by day."),
            aim=Code("remove"),
            to_others=Code("no"),
        ),
        RiskAim(
            risk=at.words("Money that leaves the account unseen."),
            aim=Code("minimise"),
            to_others=Code("yes"),
        ),
    )


def _dated(at: At) -> bool:
    return bool(at.command.terms.review_on) and "review_never_held" not in at.story.fails


def _both(**said: Value) -> tuple[More, ...]:
    """Give the rows of an agreed and of a revised plan, which have the same terms."""
    return tuple(
        more(one, times=2, where=_dated, terms=_terms(**said)) for one in (AgreePlan, RevisePlan)
    )


_PLAN: Final = (
    *_both(kind=Code("safety"), risk_may_not_fall=True),
    *_both(actions=_last_action, sharing=_shared_too, coordinator_role="Social worker"),
    *_both(others_at_risk=_another_adult, risks=_risks),
    *_both(
        review=Code("delegated"),
        review_on=None,
        delegated_to=COUNCIL,
        delegation_agreed_by=(COUNCIL,),
    ),
    *_both(
        agreed_with=Code("not_agreed"),
        not_agreed_reason="Would have liked fewer visits, and lets them come all the same.",
    ),
    more(AgreePlan, times=2, terms=_terms(enquiry_incomplete=True)),
    more(RevisePlan, times=1, terms=_terms(enquiry_incomplete=True)),
    more(
        AgreePlan,
        times=1,
        where=lambda at: not at.after(RevisePlan),
        origin=Code("imported"),
        version=2,
    ),
    more(RevisePlan, times=1, origin=Code("late_entry")),
    other(DecidePlanNotRequired, "reason", "Moves next week to where others see to it."),
    other(RecordPlanNotAgreed, "disagreed", "A neighbour who was to have done the shopping."),
    more(SendPlanToNominee, times=1, outside=True),
    other(EndPlan, "reason", "What it asked for has become the usual care plan."),
    other(DecidePachAction, "kind", "A letter, in plain words, of what may not happen again."),
    more(
        DesignatePlanCoordinator,
        times=4,
        role="Social worker",
        same_as_managing_officer=Code("no"),
    ),
    other(AgreePlanSharing, "role", _NURSERY),
    other(DelegateReviewToCareManagement, "process", "The yearly review of the direct payment."),
    other(AgreeAction, "kind", "Going with the adult to the bank."),
    more(AgreeAction, times=1, origin=Code("late_entry")),
    more(ConsiderNoFurtherAction, times=3, considered=Code("action")),
    other(AgreeSupportService, "service", "A lunch for two on Sundays, from the parish."),
    more(
        AgreeSupportService,
        times=2,
        where=lambda at: at.command.service_other is None,
        beneficiary=Code("carer"),
        service=Code("carer_support"),
        carer=lambda at: _another_adult(at)[0],
    ),
    other(ChangePlanUrgently, "reason", "The lift of the house stood still for a week."),
    other(
        WithholdPlanFromAdult,
        "reason",
        "In hospital, and asked that it wait at the office.",
        risk_basis="What lies by a bed there is read by everybody.",
    ),
)

# ------------------------------------------------------------------ what is set going beside it

_COUNCIL_OF_NURSES: Final = "The register of massage therapists."


def _decided(field: str) -> Where:
    """Where the meeting decided to share just that, which is on no list."""
    return lambda at: any(
        one.conference == at.command.conference and getattr(one, field) == "other"
        for one in at.before(DecideInformationSharing)
    )


def _owner_worker(at: At) -> Value:
    return manager(at)


_BESIDE: Final = (
    more(ObtainLegalAdvice, times=3, document=document, privileged=Code("not_known")),
    other(ConsiderRegulatoryAction, "body", _COUNCIL_OF_NURSES),
    other(
        DecideRegulatoryReferral,
        "body",
        _COUNCIL_OF_NURSES,
        where=lambda at: any(
            one.conference == at.command.conference and one.body == "other"
            for one in at.before(ConsiderRegulatoryAction)
        ),
    ),
    other(
        MakeRegulatoryReferral,
        "body",
        _COUNCIL_OF_NURSES,
        where=lambda at: any(
            one.referral == at.command.referral and one.body == "other"
            for one in at.before(DecideRegulatoryReferral)
        ),
    ),
    more(DecideRegulatoryReferral, times=3, owner_worker=_owner_worker),
    more(
        DecideRegulatoryReferral,
        times=1,
        where=lambda at: not at.after(MakeRegulatoryReferral),
        decision=Code("not_make"),
    ),
    more(MakeRegulatoryReferral, times=4, reference="NMC/2210"),
    more(
        ConsiderProceedings,
        times=2,
        where=lambda at: bool(at.after(RecordProceedingsOutcome)),
        status=Code("begun"),
    ),
    other(RecordProceedingsOutcome, "outcome", "A written apology, which the adult had asked for."),
    more(
        IdentifyDbsReferralDuty,
        times=2,
        permission_withdrawn=Code("no"),
        would_have_been=Code("yes"),
        leaving_reason=Code("resigned"),
    ),
    more(RecordDbsReferral, times=3, reference="REF-40915"),
    other(StartSeriousIncidentProcess, "grounds", "How the two night rotas met."),
    other(RecommendOrganisationalChange, "areas", "Where the keys of the medicine room hang."),
    more(
        RecommendOrganisationalChange,
        times=2,
        owner_worker=_owner_worker,
        source=Code("complaint"),
        complaint_reference="C-1147",
    ),
    other(
        RecommendOrganisationalChange,
        "source",
        "A letter of the residents' committee.",
        where=lambda at: at.command.complaint_reference is None,
    ),
    other(DecideInformationSharing, "item", "The list of who has a key."),
    other(DecideInformationSharing, "role", _NURSERY),
    other(ShareInformation, "item", "The list of who has a key.", where=_decided("item")),
    other(ShareInformation, "role", _NURSERY, where=_decided("role")),
    more(RecordProtectionOrderAppealed, times=3, note="Heard without the adult having to come."),
)

# ------------------------------------------------------------------------------ who is told

_TOLD: Final = (
    other(RaiseIssue, "about", "The steps up to the room, which nobody had mentioned."),
    other(
        RespondToIssue,
        "outcome",
        "The next meeting is in the library.",
        response="It is on the ground floor there, and the door opens by itself.",
    ),
    other(DecideCarerDisclosure, "decided_role", "The duty manager of that evening."),
    more(GiveFeedback, share=0.05, supported_by="A friend was there, at the adult's wish."),
    more(
        GiveFeedback,
        times=3,
        where=lambda at: at.command.audience == "referrer" and bool(at.before(ReceiveReferral)),
        referral=1,  # a case begins with its referral
    ),
    other(
        DecideAgainstFeedback,
        "reason",
        "The referrer has moved, and left no address.",
        rationale="Was rung twice, and written to at the old one.",
    ),
)

PLAN: Final[tuple[More, ...]] = (*_PLAN, *_BESIDE, *_TOLD)
