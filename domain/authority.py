"""Who may ask what: one table, role by command, and nothing else.

Reading is not here (the access rules of a case are `access`'s). An analyst and an auditor may ask
for nothing to be recorded of a case; what they look at is itself recorded. A manager may ask
whatever a practitioner or a chair may, and what needs a manager's name.

A correction asks twice: may they correct, and may they record what they correct? Else whoever takes
the minutes could end a legal hold, or void a manager's decision, by withdrawing its entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

ROLES: Final[Mapping[str, str]] = {
    "practitioner": "Practitioner",
    "chair": "Chair",
    "minute_taker": "Minute taker",
    "manager": "Manager",
    "analyst": "Analyst",
    "auditor": "Auditor",
    "integrator": "Connected system",
    "administrator": "Administrator",
}

# Columns of the table below, in its order: practitioner, chair, minute taker, manager,
# integrator, administrator. An analyst and an auditor have no column, since they have no mark.
_COLUMNS: Final = (
    "practitioner",
    "chair",
    "minute_taker",
    "manager",
    "integrator",
    "administrator",
)

#                                          P C M G I A
_TABLE: Final[Mapping[str, str]] = {
    # the concern and the duty
    "receive-referral": "                  x . . x x x",
    "link-referral": "                     x . . x x x",
    "bring-case-forward": "                . . . x . .",
    "add-allegation": "                    x x . x . .",
    "record-immediate-safety-action": "    x x . x . .",
    "record-communication-needs": "        x x . x . x",
    "count-concern": "                     x . . x . .",
    "decide-duty": "                       . . . x . .",
    # who holds the case
    "allocate-case": "                     . . . x . .",
    "unallocate-case": "                   . . . x . .",
    "appoint-officer": "                   . . . x . .",
    # the enquiry and its assessments
    "open-enquiry": "                      x . . x . .",
    "use-investigatory-power": "           x . . x . .",
    "identify-pach": "                     x x . x . .",
    "submit-investigation-report": "       x . . x . .",
    "record-capacity-decision": "          x x . x . .",
    "record-desired-outcome": "            x x . x . .",
    "evaluate-desired-outcome": "          x x . x . .",
    "consider-advocacy": "                 x x . x . .",
    "give-advocacy-information": "         x x . x . .",
    "consider-support-services": "         x x . x . .",
    "assess-risk": "                       x x . x . .",
    "cease-enquiry-at-adults-request": "   x . . x . .",
    "conclude-enquiry": "                  . . . x . .",
    "reopen-enquiry": "                    . . . x . .",
    # the conference prepared
    "convene-conference": "                x x . x . .",
    "decide-conference-not-required": "    . x . x . .",
    "reschedule-conference": "             x x . x . x",
    "cancel-conference": "                 . x . x . .",
    "record-delay-reason": "               x x . x . .",
    "appoint-chair": "                     . . . x . .",
    "appoint-minute-taker": "              . x . x . x",
    "invite-participant": "                x x x x . x",
    "receive-apologies": "                 x x x x . x",
    "receive-written-contribution": "      x x x x . x",
    "decide-family-attendance": "          x x . x . .",
    "invite-adult": "                      x x . x . x",
    "decide-not-to-invite-adult": "        x x . x . .",
    "inform-adult-of-conference": "        x x . x . .",
    "arrange-adult-support": "             x x . x . x",
    "record-adult-attendance-view": "      x x . x . .",
    "nominate-adult-representative": "     x x . x . .",
    "record-adult-declined-attendance": "  x x . x . .",
    "record-adult-views": "                x x . x . .",
    "withdraw-nomination": "               x x . x . .",
    "make-access-arrangements": "          x x . x . x",
    "assess-adult-attendance-safety": "    x x . x . .",
    "request-adult-supporter": "           x x . x . .",
    "plan-conference-part": "              x x . x . .",
    "agree-alternative-arrangement": "     . x . x . .",
    "uninvite-participant": "              x x . x . x",
    "exclude-participant": "               . x . x . .",
    "table-report": "                      x x x x . x",
    "table-chronology": "                  x x x x . x",
    "set-report-confidentiality": "        . x . x . .",
    "permit-report-share": "               . x . x . .",
    "share-report": "                      x x x x . x",
    # the conference held
    "hold-conference-part": "              . x x x . .",
    "record-attendance": "                 x x x x . .",
    "hold-conference": "                   . x x x . .",
    "hold-core-group": "                   x x x x . .",
    "record-adult-non-attendance": "       x x x x . .",
    "present-adult-views": "               x x x x . .",
    "consider-report": "                   . x x x . .",
    "record-agency-position": "            . x x x . .",
    "record-agency-agreement": "           . x x x . .",
    "consider-agenda-item": "              . x x x . .",
    "decide-further-conference": "         . x x x . .",
    "find-on-allegation": "                . x . x . .",
    "determine-adult-at-risk-status": "    . x . x . .",
    "consider-protection-order": "         . x . x . .",
    "record-dissent": "                    . x x x . .",
    "decide-residual-concern-action": "    . x . x . .",
    "record-adult-outcome": "              x x . x . .",
    "record-pach-outcome": "               x x . x . .",
    "record-adult-satisfaction": "         x x x x . .",
    # the plan
    "agree-plan": "                        . x . x . .",
    "revise-plan": "                       x x . x . .",
    "decide-plan-not-required": "          . x . x . .",
    "review-plan": "                       x x . x . .",
    "set-review-date": "                   x x . x . .",
    "end-plan": "                          . x . x . .",
    "complete-action": "                   x x . x . .",
    "explain-overdue-action": "            x x . x . .",
    "decide-pach-action": "                . x . x . .",
    # what was agreed and weighed one thing at a time, and orders
    "record-plan-not-agreed": "            . x x x . .",
    "review-pach-actions": "               . x x x . .",
    "designate-plan-coordinator": "        . x . x . .",
    "assign-monitoring-responsibility": "  . x . x . .",
    "agree-contingency": "                 . x . x . .",
    "agree-plan-sharing": "                . x . x . .",
    "record-adult-plan-involvement": "     x x x x . .",
    "seek-adult-plan-views": "             x x . x . .",
    "delegate-review-to-care-management": " . x . x . .",
    "agree-action": "                      x x . x . .",
    "request-information": "               x x x x . .",
    "consider-no-further-action": "        . x x x . .",
    "agree-support-service": "             x x . x . .",
    "offer-carer-assessment": "            x x . x . .",
    "consider-legal-advice": "             . x x x . .",
    "obtain-legal-advice": "               . x . x . .",
    "consider-regulatory-action": "        . x x x . .",
    "decide-regulatory-referral": "        . x . x . .",
    "make-regulatory-referral": "          x x . x . .",
    "consider-proceedings": "              . x x x . .",
    "record-proceedings-outcome": "        x x . x . .",
    "decide-information-sharing": "        . x . x . .",
    "share-information": "                 x x x x . .",
    "monitor-plan": "                      x x x x . .",
    "change-plan-urgently": "              . . . x . .",
    "ratify-plan-change": "                . x . x . .",
    "apply-for-protection-order": "        x . . x . .",
    "record-protection-order-granted": "   x x . x . .",
    "record-protection-order-refused": "   x x . x . .",
    "record-protection-order-executed": "  x x . x . .",
    "record-protection-order-varied": "    x x . x . .",
    "record-protection-order-recalled": "  x x . x . .",
    "record-protection-order-appealed": "  x x . x . .",
    "record-protection-order-expired": "   x x . x . .",
    # minutes and feedback
    "draft-minutes": "                     . x x x . .",
    "approve-minutes": "                   . x . x . .",
    "produce-redacted-copy": "             . x x x . .",
    "circulate-minutes": "                 . x x x . x",
    "withhold-minutes": "                  . x . x . .",
    "assign-feedback": "                   . x x x . .",
    "name-challenge-contact": "            . x x x . .",
    "decide-pach-feedback": "              . x . x . .",
    "give-feedback": "                     x x . x . .",
    "decide-against-feedback": "           x x . x . .",
    "send-plan-to-adult": "                x x . x . x",
    "withhold-plan-from-adult": "          x x . x . .",
    "permit-release": "                    . x . x . .",
    "send-plan-to-nominee": "              x x . x . x",
    # the end
    "propose-closure": "                   x x . x . .",
    "close-case": "                        . . . x . .",
    "reopen-case": "                       . . . x . .",
    # the record itself
    "correct-record": "                    x x x x . .",
    "annotate-entry": "                    x x x x . .",
    "record-chronology-entry": "           x . . x x x",
    "place-legal-hold": "                  . . . x . x",
    "lift-legal-hold": "                   . . . x . .",
    "restrict-processing": "               . . . x . .",
    "unrestrict-processing": "             . . . x . .",
    "approve-erasure": "                   . . . x . .",
    "erase-personal-data": "               . . . x . .",
    # what other systems call it
    "add-case-reference": "                x . . x x x",
    # intake, threshold and enquiry
    "acknowledge-referral": "              x . . x x x",
    "contact-emergency-services": "        x x . x . .",
    "report-crime": "                      x x . x . .",
    "record-consent-to-share": "           x x . x . .",
    "override-consent-to-share": "         x x . x . .",
    "start-duty-to-inquire": "             x . . x . .",
    "redirect-concern": "                  . . . x . .",
    "transfer-case": "                     . . . x . .",
    "cause-enquiry": "                     x . . x . .",
    "receive-caused-enquiry": "            x . . x . .",
    "challenge-caused-enquiry": "          x x . x . .",
    "open-large-scale-enquiry": "          . . . x . .",
    "close-large-scale-enquiry": "         . . . x . .",
    "open-parallel-process": "             x x . x . .",
    "conclude-investigation": "            x . . x . .",
    "hold-inter-agency-referral-discussion": " x x . x . .",
    "hold-planning-meeting": "             x x . x . .",
    "appoint-second-person": "             x . . x . .",
    "agree-interim-plan": "                x x . x . .",
    "record-adult-seen": "                 x x . x . .",
    "assess-need": "                       x x x x . .",
    "explain-risk-to-adult": "             x x x x . .",
    "request-agency-report": "             x x x x . x",
    "receive-agency-report": "             x x x x . x",
    "record-information-not-provided": "   x x x x . x",
    "assess-substantial-difficulty": "     x x . x . .",
    "appoint-advocate": "                  x x . x . .",
    "refer-for-advocacy": "                x x . x . .",
    "record-advocacy-accepted": "          x x . x . .",
    "record-advocacy-declined": "          x x . x . .",
    "record-advocate-contribution": "      x x x x . .",
    "record-advocate-challenge": "         x x x x . .",
    "identify-key-decision-maker": "       x x . x . .",
    "record-best-interests-decision": "    x x . x . .",
    # what follows from the outcomes
    "identify-dbs-referral-duty": "        x x . x . .",
    "record-dbs-referral": "               x x . x . .",
    "start-serious-incident-process": "    . x . x . .",
    "recommend-organisational-change": "   x x . x . .",
    "report-organisational-change": "      x x . x . .",
    "notify-regulator": "                  x x . x . .",
    "share-concerns-with-authority": "     . x . x . .",
    "raise-issue": "                       x x x x . .",
    "respond-to-issue": "                  x x . x . .",
    "decide-carer-disclosure": "           . . . x . .",
    "record-risk-outcome": "               x x . x . .",
    # minutes made, questioned and released
    "keep-raw-notes": "                    . x x x . x",
    "write-minute-passage": "              x x x x . .",
    "attest-minute-passage": "             x x x x . .",
    "request-minute-amendment": "          x x x x . x",
    "accept-minute-amendment": "           . x . x . .",
    "refuse-minute-amendment": "           . x . x . .",
    "consider-previous-minutes": "         . x x x . .",
    "circulate-decisions": "               . x x x . x",
    "assess-minutes-share-risk": "         x x . x . .",
    # closing, reviewing and governing
    "record-adult-views-on-closure": "      x x . x . .",
    "complete-closure-checklist": "         x x . x . .",
    "consider-review-referral": "           x x . x . .",
    "refer-for-review": "                   x x . x . .",
    "decide-review-referral": "             . . . x . .",
    "set-review-scope": "                   . . . x . .",
    "produce-chronology": "                 . . . x . x",
    "conclude-safeguarding-review": "       . . . x . .",
    "challenge-factual-accuracy": "         x x x x . x",
    "resolve-factual-accuracy": "           . . . x . .",
    "audit-case": "                         . . . x . .",
    "complete-audit-remedy": "              x x . x . .",
    "request-rectification": "              x x x x . x",
    "decide-rectification": "               . . . x . .",
    "tell-recipient": "                     x x x x . x",
    "receive-subject-access-request": "     x . . x . x",
    "stop-subject-access-clock": "          . . . x . x",
    "restart-subject-access-clock": "       . . . x . x",
    "extend-subject-access": "              . . . x . .",
    "answer-subject-access-request": "      . . . x . .",
    "make-disclosure": "                    . . . x . .",
    "set-retention-class": "                . . . x . x",
    "review-retention": "                   . . . x . .",
    "grant-access-exception": "             . . . x . .",
    "review-access-exception": "            . . . x . .",
    # Not whoever the finding may be about: who answers for the practice of others.
    "answer-finding": "                     . x . x . .",
    "merge-case": "                         . . . x . .",
    "unmerge-case": "                       . . . x . .",
    "split-case": "                         . . . x . .",
    "end-split": "                          . . . x . .",
    "link-large-scale-enquiry": "           . . . x . .",
    "unlink-large-scale-enquiry": "         . . . x . .",
    # people
    "register-person": "                   x x . x x x",
    "record-person-details": "             x . . x x x",
    "record-death": "                      x . . x x x",
    "add-external-reference": "            x . . x x x",
    "correct-person-record": "             x x x x . .",
    "approve-person-erasure": "            . . . x . .",
    "erase-person": "                      . . . x . .",
    # the authority itself
    "adopt-policy": "                      . . . x . .",
    "file-return": "                       . . . x . .",
    "approve-filing-erasure": "            . . . x . .",
    "erase-filing": "                      . . . x . .",
}


def may(role: str, command_name: str) -> bool:
    """Whether a role may ask for a command, by its kebab name; False for what is in no table."""
    return role in _MAY.get(command_name, frozenset())


def who_may(command_name: str, *, correcting: Collection[str] | None = None) -> tuple[str, ...]:
    """Every role that may ask for a command, in the order of `ROLES`.

    Of a correction, `correcting` names the commands that record what it corrects: to withdraw,
    re-date or otherwise correct an event, or to replace its last correction, a role may ask for one
    of them too. What no command records, nobody corrects.
    """
    roles = _MAY.get(command_name, frozenset())
    if correcting is not None:
        roles &= frozenset().union(*(_MAY.get(one, frozenset()) for one in correcting))
    return tuple(role for role in ROLES if role in roles)


def denied(roles: Collection[str]) -> str:
    """Say to somebody whose role may not, whose may: `roles` as `who_may` gives them."""
    others = ", ".join(ROLES[role] for role in roles) or "nobody"
    return f"Your role may not record this. Who may: {others}."


def commands_of(role: str) -> tuple[str, ...]:
    """Every command a role may ask for, in the table's order."""
    return tuple(name for name, roles in _MAY.items() if role in roles)


def _roles(marks: str) -> frozenset[str]:
    """Read one row of the table."""
    return frozenset(
        role for role, mark in zip(_COLUMNS, marks.split(), strict=True) if mark == "x"
    )


_MAY: Final[Mapping[str, frozenset[str]]] = {name: _roles(marks) for name, marks in _TABLE.items()}
