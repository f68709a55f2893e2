"""The steps of one case in England, as the regional procedure for case conferences has them."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.scripted import Json, Script, attendance, digest, register

RECEIVED = "2026-11-02"  # a Monday
HELD = "2026-11-30"
REVIEWED = "2027-01-11"
CLOSED = "2027-01-18"
REDACTED = digest("a copy without its first part")
GUESTS = {
    "officer": ("investigating_officer", "council"),
    "police": ("police", "police"),
    "nurse": ("other_health", "health-trust"),
    "provider": ("provider", "care-provider"),
}
TRIPLES: list[Json] = [
    {"type": "neglect", "source": "provider_private", "location": "own_home"},
    {"type": "financial", "source": "known_relative", "location": "own_home"},
]


def began(doors: Doors) -> Script:
    """Tell the case up to the officer's report."""
    adult = register(doors, name="Ivy Example", date_of_birth="1941-05-04", gender="female")
    case = Script(doors, adult=adult, guests=GUESTS)
    _refer(case)
    _enquire(case)
    return case


def met(doors: Doors) -> Script:
    """Tell the case up to the minutes of its conference, and the actions of its plan."""
    case = began(doors)
    _prepare(case)
    _confer(case)
    _find(case)
    _plan(case)
    _tell(case)
    return case


def closed(doors: Doors) -> Script:
    """Tell the whole case up to its closing."""
    case = met(doors)
    _review(case)
    _conclude(case)
    return case


def _refer(case: Script) -> None:
    """Receive the referral with two allegations, and decide the duty by the end of the next day."""
    made = case.begin(
        received=RECEIVED,
        channel="telephone",
        referrer_role="home_care",
        adult_told="yes",
        account="Two visits were missed, and money has gone from the house.",
        allegations=TRIPLES,
        external=[{"system": "police", "id": "FB/10023"}],
    )
    case.refs["neglect"] = made["allegations/0/ref"]
    case.refs["financial"] = made["allegations/1/ref"]
    case.ask("record-immediate-safety-action", action="support_increased")
    case.ask("record-communication-needs", needs=["hearing_loop"])
    case.on("2026-11-03")
    case.ask("count-concern", counted=True, rule="framework_2020")
    criteria = ("needs_care_and_support", "abuse_or_neglect", "unable_to_protect")
    case.ask(
        "decide-duty",
        by="manager",
        criteria=[{"criterion": one, "answer": "yes"} for one in criteria],
        result="section_42",
        decided_on="2026-11-03",
        rationale="She depends on the visits and cannot get to the bank herself.",
    )


def _enquire(case: Script) -> None:
    """Open the enquiry, give it to somebody, see the adult, and hand in the report."""
    worker = case.worker("practitioner")
    made = case.ask("open-enquiry", kind="section_42", opened_on="2026-11-03")
    case.refs["enquiry"] = made["enquiry"]
    held: Json = {"worker": worker, "team": "north-team", "reason": "first_allocation"}
    case.ask("allocate-case", by="manager", **held)
    officer: Json = {"officer": worker, "organisation": "council", "authorised": "yes"}
    case.ask("appoint-officer", by="manager", **officer)
    nephew = register(case.doors, name="Leo Example")
    case.ask("identify-pach", person=nephew, allegations=[case.refs["financial"]])
    case.on("2026-11-05")
    wish = "I want the carers to come when they say they will."
    asked: Json = {"asked": "expressed", "expressed_by": "adult"}
    made = case.ask("record-desired-outcome", words=wish, **asked)
    case.refs["wish"] = made["outcome"]
    case.ask(
        "record-capacity-decision",
        decision="own_safety",
        answer="has_capacity",
        assessed_by=worker,
        assessor_role="social_worker",
        evidence="Said back what the choices are and weighed them.",
    )
    case.ask("consider-advocacy", decision="offered_declined", substantial_difficulty="no")
    case.ask("record-adult-seen", alone="yes", place="own_home")
    for agency in ("police", "health-trust", "care-provider"):
        case.ask("request-agency-report", agency=agency, due_on="2026-11-17")
    because = "Visits are still missed."
    case.ask("assess-risk", level="high", recurrence="likely", rationale=because)
    case.on("2026-11-17")
    case.ask("receive-agency-report", agency="police", summary="No complaint was made before.")
    case.ask("receive-agency-report", agency="care-provider", summary="The rota, as it was kept.")
    busy: Json = {"agency": "health-trust", "reason": "not_held"}
    case.ask("record-information-not-provided", **busy)
    case.on("2026-11-18")
    case.ask(
        "submit-investigation-report",
        author=worker,
        organisation="council",
        covers=[case.refs["neglect"], case.refs["financial"]],
        states_wishes="yes",
        proposes_outcomes="yes",
        summary="The rota shows the gaps; the bank statements show who drew the money.",
        known_to=("police",),
    )


def _prepare(case: Script) -> None:
    """Call the conference; the adult is told of it, declines, and is heard beforehand."""
    case.on("2026-11-19")
    conference = case.meet("initial", reason="outcome_of_enquiry", planned_for=HELD)
    about: Json = {"conference": conference, "method": "in_person"}
    case.ask("invite-adult", **about, parts=[2])
    _arrange(case, conference)
    case.ask("inform-adult-of-conference", **about, purpose_explained=True, attendees_named=True)
    case.ask("record-adult-attendance-view", conference=conference, wishes_to_attend="no")
    why = "I would rather not sit in a room full of people."
    case.ask("record-adult-declined-attendance", **about, reason=why)
    case.ask(
        "nominate-adult-representative",
        conference=conference,
        name="Her neighbour",
        scope="attend_and_speak",
        alleged_to_have_caused_harm="no",
    )
    case.on("2026-11-24")
    views = "I want Leo told, but I do not want him punished."
    case.ask("record-adult-views", **about, views=views, own_words=True)
    case.ask(
        "receive-written-contribution",
        conference=conference,
        participant=case.refs["initial-nurse"],
        organisation="health-trust",
        summary="Weight is steady; the skin has healed.",
        known_to=("health-trust",),
    )


def _arrange(case: Script, conference: str) -> None:
    """Arrange for what she needs to hear and be heard."""
    loop: Json = {"access_needs": ["hearing_loop"], "adjustments": ["communication_aid"]}
    case.ask("make-access-arrangements", conference=conference, **loop)


def _confer(case: Script) -> None:
    """Hold the conference in two parts, and hear the report, the views and each agency."""
    case.on(HELD)
    conference = case.refs["initial"]
    professionals = case.grid("initial", nurse="apology")
    absent: Json = attendance("adult", None, attendance="absent")
    apart: Json = {
        "number": 1,
        "reason": "criminal_investigation",
        "professionals_only": True,
        "attendances": professionals,
    }
    together: Json = {
        "number": 2,
        "reason": "with_adult",
        "attendances": [absent, attendance("representative", None), *professionals],
    }
    parts = [apart, together]
    case.ask("hold-conference", by="minute_taker", conference=conference, parts=parts)
    case.role = "chair"
    case.ask("record-adult-non-attendance", conference=conference, reason="declined")
    told: Json = {"views": "She wants Leo told and not punished.", "own_words": True}
    case.ask("present-adult-views", conference=conference, presenter_role="representative", **told)
    _hear(case, conference)
    risk: Json = {"level": "medium", "before": "high", "recurrence": "possible"}
    case.ask("assess-need", conference=conference, needs=["personal_care", "money"])
    because = "The rota is now checked every day."
    case.ask("assess-risk", conference=conference, rationale=because, **risk)
    for agency in ("council", "police"):
        stood: Json = {"organisation": agency, "position": "agrees"}
        case.ask("record-agency-position", conference=conference, **stood)
    case.ask(
        "record-agency-position",
        conference=conference,
        organisation="care-provider",
        position="disagrees",
        reasons="Two of the visits were made and not written down.",
    )


def _hear(case: Script, conference: str) -> None:
    """Consider the reports."""
    whole: Json = {"stated_wishes": "yes", "proposed_outcomes": "yes"}
    case.ask("consider-report", conference=conference, kind="investigation", **whole)
    for agency in ("police", "care-provider"):
        case.ask("consider-report", conference=conference, kind="agency", organisation=agency)


def _go_through(case: Script, conference: str) -> None:
    """Note what was talked of and left no mark of its own."""
    for item in ("legal_advice", "statutory_or_regulatory_action", "further_sharing"):
        said = "Nothing more is needed now."
        case.ask("consider-agenda-item", conference=conference, item=item, discussion=said)


def _find(case: Script) -> None:
    """Find on each allegation, and say what follows where one was not proved."""
    conference = case.refs["initial"]
    by: Json = {"conference": conference, "decided_by": ["council", "police"]}
    case.ask(
        "find-on-allegation",
        allegation=case.refs["neglect"],
        finding="substantiated",
        rationale="The rota and two accounts agree.",
        dissent="The provider does not accept two of the dates.",
        **by,
    )
    case.ask(
        "find-on-allegation",
        allegation=case.refs["financial"],
        finding="not_substantiated",
        rationale="The withdrawals have another explanation at least as likely.",
        **by,
    )
    case.ask(
        "decide-residual-concern-action",
        conference=conference,
        allegation=case.refs["financial"],
        action="Help with money is offered, and looked at again in six weeks.",
    )
    _advice(case, conference)
    because = "The visits are to be looked at once the plan has run."
    further: Json = {"decision": "needed", "rationale": because}
    case.ask("decide-further-conference", conference=conference, **further)
    _go_through(case, conference)


def _advice(case: Script, conference: str) -> None:
    """Ask whether a lawyer is needed."""
    unneeded: Json = {"decision": "not_needed", "rationale": "Nothing is in dispute."}
    case.ask("consider-legal-advice", conference=conference, **unneeded)


def _plan(case: Script) -> None:
    """Agree the plan with her, and decide about the nephew apart from it."""
    conference = case.refs["initial"]
    log: Json = {"target": "service", "kind": "safety", "owner": "care-provider"}
    log |= {"due": "2026-12-15", "horizon": "immediate", "outcome": case.refs["wish"]}
    log |= {"description": "Every visit is logged, and a missed one rung through."}
    money: Json = {"target": "adult", "kind": "support", "owner": "council", "due": "2026-12-18"}
    made = case.ask(
        "agree-plan",
        conference=conference,
        terms={
            "agreed_with": "adult",
            "aim": "minimise",
            "actions": [log, money],
            "coordinator": case.worker("practitioner"),
            "monitored_by": "council",
            "contingency": "If a visit is missed the coordinator goes the same day.",
            "sharing": [{"organisation": "police", "role": "police", "content": "summary"}],
            "views_sought": "sought_expressed",
            "adults_part": "Changed two points of the draft at home.",
            "review": "dated",
            "review_on": REVIEWED,
        },
    )
    case.refs["plan"] = made["plan"]
    case.refs["log"] = made["terms/actions/0/action"]
    case.refs["money"] = made["terms/actions/1/action"]
    case.ask("decide-pach-action", conference=conference, kind="support", owner="council")
    _assign(case, conference)
    contact: Json = {"contact": "The chair, by telephone or letter.", "told_adult": "yes"}
    case.ask("name-challenge-contact", conference=conference, **contact)


def _assign(case: Script, conference: str) -> None:
    """Decide who tells the adult, and what the nephew is told."""
    worker = case.worker("practitioner")
    case.ask("assign-feedback", conference=conference, audience="adult", assignee=worker)
    because = "As she asked: that it ended, and that help is offered."
    told: Json = {"content": "limited", "rationale": because, "assignee": worker}
    case.ask("decide-pach-feedback", conference=conference, **told)


def _tell(case: Script) -> None:
    """Tell the adult, send the plan, send everybody their copy, and carry the plan out."""
    case.role = "practitioner"
    case.on("2026-12-01")
    content: Json = {"content": "outcome_and_plan", "method": "in_person"}
    case.ask("notify-regulator", body="care_quality_commission", provider="care-provider")
    case.ask("give-feedback", conference=case.refs["initial"], audience="adult", **content)
    case.ask("send-plan-to-adult", plan=case.refs["plan"], method="by_hand")
    case.on("2026-12-03")
    neighbour: Json = {"role": "representative", "parts": [2], "copy": REDACTED}
    neighbour |= {"basis": "adults_permission"}
    neighbour |= {"authority": case.versions["nominate-adult-representative"]}
    case.write_up("initial", neighbour, redacted=REDACTED, away=("nurse",))
    case.on("2026-12-15")
    case.ask("complete-action", action=case.refs["log"], result="done")
    case.on("2026-12-17")
    case.ask("complete-action", action=case.refs["money"], result="done")


def _review(case: Script) -> None:
    """Hold the review on its day; the adult comes, and the plan can end."""
    case.on("2027-01-04")
    conference = case.meet("review", reason="review", planned_for=REVIEWED)
    case.ask("invite-adult", conference=conference, method="in_person")
    _arrange(case, conference)
    told: Json = {"purpose_explained": True, "attendees_named": True}
    case.ask("inform-adult-of-conference", conference=conference, **told)
    case.ask("record-adult-attendance-view", conference=conference, wishes_to_attend="yes")
    case.on(REVIEWED)
    everybody = [attendance("adult", None), *case.grid("review")]
    part: Json = {"number": 1, "reason": "whole", "attendances": everybody}
    case.ask("hold-conference", by="minute_taker", conference=conference, parts=[part])
    case.role = "chair"
    case.ask("explain-risk-to-adult", conference=conference, sensitive="yes")
    said: Json = {"views": "It works now.", "own_words": True}
    case.ask("present-adult-views", conference=conference, presenter_role="adult", **said)
    _hear(case, conference)
    for _role, agency in GUESTS.values():
        stood: Json = {"organisation": agency, "position": "agrees"}
        case.ask("record-agency-position", conference=conference, **stood)
    because = "No visit has been missed since the plan began."
    risk: Json = {"level": "low", "before": "medium", "recurrence": "unlikely"}
    case.ask("assess-risk", conference=conference, rationale=because, **risk)
    case.ask("review-plan", plan=case.refs["plan"], conference=conference, result="ended")
    over: Json = {"reason": "no_risk", "rationale": because}
    case.ask("decide-plan-not-required", conference=conference, **over)
    case.ask("end-plan", plan=case.refs["plan"], reason="risk_removed", rationale=because)
    _advice(case, conference)
    case.ask("consider-no-further-action", conference=conference, rationale=because)
    case.ask("decide-pach-action", conference=conference, kind="none")
    further: Json = {"decision": "not_needed", "rationale": because}
    case.ask("decide-further-conference", conference=conference, **further)
    _assign(case, conference)
    case.role = "practitioner"
    case.on("2027-01-12")
    case.ask("give-feedback", conference=conference, audience="adult", content="outcome")
    case.write_up("review", {"role": "adult", "person": case.adult, "basis": "attended"})


def _conclude(case: Script) -> None:
    """Judge by what she wanted, end the enquiry with every answer, tell the referrer, and close."""
    case.on("2027-01-14")
    status: Json = {"status": "fully_achieved", "evaluated_by": "adult"}
    case.ask("evaluate-desired-outcome", outcome=case.refs["wish"], **status)
    case.ask("record-adult-satisfaction", satisfied="yes", in_own_words="They come now.")
    case.ask("record-adult-outcome", outcomes=["care_package_change"])
    case.ask("record-pach-outcome", outcomes=["assessment_or_services_offered"])
    removed: Json = {"source": "service_provider", "action": "action_taken", "outcome": "removed"}
    case.ask(
        "conclude-enquiry",
        by="manager",
        enquiry=case.refs["enquiry"],
        concluded_on="2027-01-14",
        triples=TRIPLES,
        risks_found=[removed],
        risks_not_found=[{"source": "known", "assessment": "none_action_taken"}],
        capacity="did_not_lack",
        outcomes="expressed_fully_achieved",
        primary_support_reason="physical",
        health_conditions=["physical_other"],
        rationale="The visits are made, and the risk has gone.",
    )
    case.on(CLOSED)
    case.ask("give-feedback", audience="referrer", content="limited", method="telephone")
    why: Json = {"reason": "risk_removed", "rationale": "The visits are made and logged."}
    case.ask("propose-closure", **why)
    asked: Json = {"views": "agrees", "review_considered": "yes", "contact_given": "yes"}
    case.ask("close-case", by="manager", informed=["police", "care-provider"], **why, **asked)
    kept: Json = {"retention_class": "case_record", "trigger": "case_closed"}
    case.ask("set-retention-class", by="manager", rationale="As the schedule has it.", **kept)
