"""The steps of one case in Scotland, as the adult support and protection process has them."""

from __future__ import annotations

from tests.doors.conftest import Doors
from tests.doors.scripted import Json, Script, attendance, register

FIRST, SECOND = "2026-06-08", "2026-09-14"  # two referrals that came to nothing
RECEIVED = "2026-11-02"  # a Monday; St Andrew's Day is a holiday on the 30th
HELD = "2026-11-25"
CORE_GROUPS = ("2026-12-23", "2027-01-20", "2027-02-17")
REVIEWED = "2027-02-24"
CLOSED = "2027-03-03"
GUESTS = {
    "officer": ("investigating_officer", "council"),
    "police": ("police", "police"),
    "nurse": ("other_health", "health-board"),
}
CRITERIA = ("unable_to_safeguard", "at_risk_of_harm", "more_vulnerable")
HARM: Json = {"type": "financial", "source": "known_not_related", "location": "own_home"}
ADVOCATE: Json = {"role": "advocate", "basis": "attended"}  # comes with him, by no invitation


def began(doors: Doors) -> Script:
    """Tell the case up to the report of the inquiry: the third referral in six months."""
    adult = register(doors, name="Hamish Example", date_of_birth="1950-03-02", gender="male")
    for day in (FIRST, SECOND):
        _came_to_nothing(doors, adult, day)
    case = Script(doors, adult=adult, guests=GUESTS, chair_role="fieldwork_manager")
    case.on(RECEIVED)
    _receive(case, RECEIVED)
    _inquire(case)
    return case


def met(doors: Doors) -> Script:
    """Tell the case up to the minutes of its initial conference."""
    case = began(doors)
    _prepare(case)
    _confer(case)
    _plan(case)
    return case


def closed(doors: Doors) -> Script:
    """Tell the whole case, with its core groups and its review, up to its closing."""
    case = met(doors)
    for day in CORE_GROUPS:
        _core_group(case, day)
    _review(case)
    _end(case)
    return case


def _came_to_nothing(doors: Doors, adult: str, day: str) -> None:
    """Tell an earlier case in which the criteria were not met."""
    case = Script(doors, adult=adult)
    case.on(day)
    _receive(case, day)
    answers = ("yes", "no", "yes")
    case.ask(
        "decide-duty",
        by="manager",
        criteria=[
            {"criterion": one, "answer": answer}
            for one, answer in zip(CRITERIA, answers, strict=True)
        ],
        result="criteria_not_met",
        disposal="advice",
        decided_on=day,
        rationale="He is managing, and knows whom to ring.",
    )
    why: Json = {"reason": "criteria_not_met", "rationale": "Advice was given.", "views": "agrees"}
    case.ask("close-case", by="manager", review_considered="yes", **why)
    _keep(case, "contact_only", "2028-01-31")


def _keep(case: Script, kind: str, review_on: str) -> None:
    """Say how long it is kept; no schedule of this nation was seen, so a day is chosen."""
    kept: Json = {"retention_class": kind, "trigger": "case_closed", "review_on": review_on}
    case.ask("set-retention-class", by="manager", rationale="As the schedule has it.", **kept)


def _receive(case: Script, day: str) -> None:
    """Receive a referral from the police."""
    case.begin(
        received=day,
        channel="police_report",
        referrer_role="police",
        referrer_organisation="police",
        adult_told="yes",
        account="A man he met in the spring comes on pension day.",
        allegations=[HARM],
    )


def _inquire(case: Script) -> None:
    """Determine the criteria, inquire with powers, and hand in the report."""
    worker = case.worker("practitioner")
    case.on("2026-11-03")
    case.ask(
        "decide-duty",
        by="manager",
        criteria=[{"criterion": one, "answer": "yes"} for one in CRITERIA],
        result="inquiry",
        decided_on="2026-11-03",
        rationale="He cannot keep the man away, and is ill.",
    )
    made = case.ask("open-enquiry", kind="inquiry", opened_on=RECEIVED)
    case.refs["inquiry"] = made["enquiry"]
    held: Json = {"worker": worker, "team": "west-team", "reason": "first_allocation"}
    case.ask("allocate-case", by="manager", **held)
    officer: Json = {"officer": worker, "organisation": "council", "authorised": "yes"}
    case.ask("appoint-officer", by="manager", **officer)
    _see(case)
    case.on("2026-11-10")
    again = "He rang the police himself."
    police: Json = {"referrer_role": "police", "referrer_organisation": "police"}
    case.ask("link-referral", received="2026-11-10", **police, account=again)
    for agency in ("police", "health-board"):
        case.ask("receive-agency-report", agency=agency, summary="What is known here.")
    case.on("2026-11-12")
    case.ask(
        "submit-investigation-report",
        author=worker,
        organisation="council",
        states_wishes="yes",
        proposes_outcomes="yes",
    )


def _see(case: Script) -> None:
    """See him: what he wants, what he can decide, who can help, and how great the risk is."""
    case.on("2026-11-05")
    case.ask("use-investigatory-power", enquiry=case.refs["inquiry"], power="interview")
    asked: Json = {"asked": "expressed", "expressed_by": "adult"}
    made = case.ask("record-desired-outcome", words="I want my door to stay shut.", **asked)
    case.refs["wish"] = made["outcome"]
    case.ask(
        "record-capacity-decision",
        decision="own_safety",
        answer="has_capacity",
        assessor_role="social_worker",
        evidence="Knows what is happening and what could be done.",
    )
    case.ask("consider-advocacy", decision="advocate_appointed", substantial_difficulty="yes")
    case.ask("give-advocacy-information", access_explained="yes")
    case.ask("consider-support-services", services=["advocacy", "money_management"])
    case.ask("record-adult-seen", alone="yes", place="own_home")
    for agency in ("police", "health-board"):
        case.ask("request-agency-report", agency=agency, due_on="2026-11-11")
    because = "He opens the door because he is afraid."
    case.ask("assess-risk", level="high", recurrence="very_likely", rationale=because)


def _involve(case: Script, conference: str) -> None:
    """Invite him and tell him of the meeting; he wishes to come."""
    case.ask("invite-adult", conference=conference, method="through_advocate")
    told: Json = {"purpose_explained": True, "attendees_named": True}
    case.ask("inform-adult-of-conference", conference=conference, **told)
    case.ask("record-adult-attendance-view", conference=conference, wishes_to_attend="yes")


def _whole(case: Script, kind: str) -> list[Json]:
    """Give the one part of an undivided meeting, with him, his advocate and everybody there."""
    everybody = [attendance("adult", None), attendance("advocate", None), *case.grid(kind)]
    return [{"number": 1, "reason": "whole", "attendances": everybody}]


def _prepare(case: Script) -> None:
    """Call the conference because of the repeat referrals, and arrange what he needs."""
    case.on("2026-11-13")
    why = "Three referrals in six months, and a fourth."
    conference = case.meet("initial", reason="repeat_referrals", planned_for=HELD, rationale=why)
    _involve(case, conference)
    needs = ["advocate", "breaks"]
    case.ask("arrange-adult-support", conference=conference, needs=needs, arranged=needs)
    case.ask("table-chronology", conference=conference, multi_agency="yes")


def _hear(case: Script, conference: str) -> None:
    """Hear him, the report and each agency."""
    said: Json = {"views": "I want my door to stay shut.", "own_words": True}
    case.ask("present-adult-views", conference=conference, presenter_role="adult", **said)
    whole: Json = {"stated_wishes": "yes", "proposed_outcomes": "yes"}
    case.ask("consider-report", conference=conference, kind="investigation", **whole)
    case.ask("explain-risk-to-adult", conference=conference, sensitive="yes")
    for agency in ("police", "health-board"):
        case.ask("consider-report", conference=conference, kind="agency", organisation=agency)
    for _role, agency in GUESTS.values():
        stood: Json = {"organisation": agency, "position": "agrees"}
        case.ask("record-agency-position", conference=conference, **stood)


def _confer(case: Script) -> None:
    """Hold the conference, determine that he is at risk, and consider protection orders."""
    case.on(HELD)
    conference = case.refs["initial"]
    parts = _whole(case, "initial")
    case.ask("hold-conference", by="minute_taker", conference=conference, parts=parts)
    case.role = "chair"
    _hear(case, conference)
    case.ask("assess-need", conference=conference, needs=["money", "company"])
    risk: Json = {"level": "high", "recurrence": "likely", "rationale": "He still comes."}
    case.ask("assess-risk", conference=conference, **risk)
    because = "All three points are met today."
    status: Json = {"status": "at_risk", "criteria_met": list(CRITERIA), "rationale": because}
    case.ask("determine-adult-at-risk-status", conference=conference, **status)
    order: Json = {"order": "banning", "decision": "keep_under_review", "adult_consents": "no"}
    kept = "He does not want it now; there is no sign of pressure on him."
    case.ask("consider-protection-order", conference=conference, rationale=kept, **order)
    _advice(case, conference)
    further: Json = {"decision": "needed", "rationale": "Whether he keeps away is to be seen."}
    case.ask("decide-further-conference", conference=conference, **further)


def _advice(case: Script, conference: str) -> None:
    """Ask whether a lawyer is needed."""
    unneeded: Json = {"decision": "not_needed", "rationale": "Nothing is in dispute."}
    case.ask("consider-legal-advice", conference=conference, **unneeded)


def _plan(case: Script) -> None:
    """Agree the plan, tell him, and send everybody the minutes."""
    conference = case.refs["initial"]
    worker = case.worker("practitioner")
    door: Json = {"target": "environment", "kind": "safety", "owner": "council"}
    door |= {
        "due": "2026-12-04",
        "outcome": case.refs["wish"],
        "description": "A door chain and a bell.",
    }
    made = case.ask(
        "agree-plan",
        conference=conference,
        terms={
            "agreed_with": "adult",
            "aim": "minimise",
            "actions": [door],
            "coordinator": worker,
            "monitored_by": "council",
            "contingency": "If the man gets in, the police come at once.",
            "views_sought": "sought_expressed",
            "adults_part": "Chose the bell, and the words of the plan.",
            "review": "dated",
            "review_on": REVIEWED,
        },
    )
    case.refs["plan"], case.refs["door"] = made["plan"], made["terms/actions/0/action"]
    case.ask("assign-feedback", conference=conference, audience="adult", assignee=worker)
    case.role = "practitioner"
    case.on("2026-11-27")
    content: Json = {"content": "outcome_and_plan", "method": "in_person"}
    case.ask("give-feedback", conference=conference, audience="adult", **content)
    case.ask("send-plan-to-adult", plan=case.refs["plan"], method="by_hand")
    case.on("2026-12-02")
    case.write_up("initial", {"role": "adult", "person": case.adult, "basis": "attended"}, ADVOCATE)
    case.on("2026-12-04")
    case.ask("complete-action", action=case.refs["door"], result="done")


def _core_group(case: Script, day: str) -> None:
    """Hold a core group on its day, with him, and send its minutes."""
    conference = case.meet("core_group", reason="progress_check", planned_for=day)
    _involve(case, conference)
    case.on(day)
    parts = _whole(case, "core_group")
    held: Json = {"parts": parts, "effect": "partly_effective"}
    case.ask("hold-core-group", conference=conference, **held)
    case.write_up(
        "core_group", {"role": "adult", "person": case.adult, "basis": "attended"}, ADVOCATE
    )


def _review(case: Script) -> None:
    """Hold the review within three months: he is no longer at risk, and the plan can end."""
    conference = case.meet("review", reason="review", planned_for=REVIEWED)
    _involve(case, conference)
    case.on(REVIEWED)
    parts = _whole(case, "review")
    case.ask("hold-conference", by="minute_taker", conference=conference, parts=parts)
    case.role = "chair"
    _hear(case, conference)
    because = "The man has moved away and the door has stayed shut."
    risk: Json = {"level": "low", "before": "high", "recurrence": "unlikely"}
    case.ask("assess-risk", conference=conference, rationale=because, **risk)
    case.ask("review-plan", plan=case.refs["plan"], conference=conference, result="ended")
    status: Json = {"status": "not_at_risk", "rationale": because}
    case.ask("determine-adult-at-risk-status", conference=conference, **status)
    over: Json = {"reason": "no_risk", "rationale": because}
    case.ask("decide-plan-not-required", conference=conference, **over)
    _advice(case, conference)
    case.ask("consider-no-further-action", conference=conference, rationale=because)
    case.ask("end-plan", plan=case.refs["plan"], reason="not_at_risk", rationale=because)
    further: Json = {"decision": "not_needed", "rationale": because}
    case.ask("decide-further-conference", conference=conference, **further)
    worker = case.worker("practitioner")
    case.ask("assign-feedback", conference=conference, audience="adult", assignee=worker)
    case.role = "practitioner"
    case.on("2027-02-25")
    case.ask("give-feedback", conference=conference, audience="adult", content="outcome")
    case.write_up("review", {"role": "adult", "person": case.adult, "basis": "attended"}, ADVOCATE)


def _end(case: Script) -> None:
    """Conclude the inquiry, tell the referrer, and close."""
    case.on(CLOSED)
    status: Json = {"status": "fully_achieved", "evaluated_by": "adult"}
    case.ask("evaluate-desired-outcome", outcome=case.refs["wish"], **status)
    case.ask("record-adult-satisfaction", satisfied="yes")
    removed: Json = {"source": "known", "action": "action_taken", "outcome": "removed"}
    case.ask(
        "conclude-enquiry",
        by="manager",
        enquiry=case.refs["inquiry"],
        concluded_on=CLOSED,
        triples=[HARM],
        risks_found=[removed],
        capacity="did_not_lack",
        outcomes="expressed_fully_achieved",
        health_conditions=["infirmity_age"],
        action="not_met_no_action",
        rationale="Nobody troubles her any more.",
    )
    case.ask("give-feedback", audience="referrer", content="limited")
    why: Json = {"reason": "no_longer_at_risk", "rationale": "The risk has gone."}
    asked: Json = {"views": "agrees", "review_considered": "yes", "contact_given": "yes"}
    case.ask("close-case", by="manager", **why, **asked)
    _keep(case, "case_record", "2032-02-25")
