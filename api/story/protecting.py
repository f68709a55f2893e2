"""The sentences of a plan and its actions, of orders, and of what is done about who caused harm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PLAN: Final[Mapping[str, str]] = {
    "plan-agreed": (
        "A {term.plan} was agreed{origin=composed:|*: ({origin})}[, at {conference}]."
        "[ It is due for review by {review_due}.]{#terms}{-plan}{-version}"
    ),
    "plan-revised": (
        "The {term.plan} was revised (version {version}){origin=composed:|*: ({origin})}"
        "[, at {conference}].[ The reason: {reason}.][ It is due for review by {review_due}.]"
        "{#terms}{-plan}"
    ),
    "plan-not-required": (
        "It was decided that no {reason=existing_plan:other |*:}{term.plan} is needed"
        "{reason=not_recorded:|other:: {reason_other}|*: ({reason})}[, at {conference}]."
        "[ The reasons: {rationale}.]"
    ),
    "plan-not-agreed": (
        "No {term.plan} was agreed{disagreed=not_recorded:|other:: {disagreed_other}|*:"
        " ({disagreed})}[: {organisation}].[ The reason: {reason}.][ What comes next: {next_step}.]"
        "{-conference}"
    ),
    "plan-coordinator-designated": (
        "{coordinator} was to coordinate the {term.plan}[ ({role})][, from {starts}]."
        "{same_as_managing_officer=yes: They are the {term.managing_officer} too.|not_known:"
        " Whether they are the {term.managing_officer} too is not known.}"
        "{-plan}{-conference}"
    ),
    "monitoring-responsibility-assigned": (
        "Who watches over the {term.plan} was said[: {organisation}][, {worker}]."
        "{-plan}{-conference}"
    ),
    "contingency-agreed": (
        "What is done if things go wrong was agreed[: {measure}][, if {trigger}][, by {owner}]."
        "{-plan}{-conference}"
    ),
    "plan-sharing-agreed": (
        "It was agreed to give the {term.plan} to {role=other:{role_other}|*:{role}}"
        "[ of {organisation}]: {content}{basis=not_recorded:|*: – {basis}}.{-plan}{-conference}"
    ),
    "adult-plan-involvement-recorded": (
        "The adult's part in the {term.plan} – {involvement}.[ {contributions}.]"
        "{-plan}{-conference}"
    ),
    "adult-plan-views-sought": (
        "The adult's views on the {term.plan} were asked for[ ({steps})]: {result}.[ {views}.]"
        "{-plan}{-conference}"
    ),
    "action-agreed": (
        "An action was agreed[, at {conference}] – {target}:"
        " {kind=other:{kind_other}|*:{kind}}"
        "{owner=*:, by {owner}[ ({owner_worker})]|:[, by {owner_worker}]}[, by {due}]"
        "{horizon=not_recorded:|*: ({horizon})}{origin=composed:|*: ({origin})}.[ {description}.]"
        "[ It is for {outcome}.][ The reasons: {rationale}.]{-action}{-plan}"
    ),
    "support-service-agreed": (
        "A service was agreed – {beneficiary}: {service=other:{service_other}|*:{service}}"
        "[, given by {provider}][, from {planned_start}][, for {carer}].[ {note}.]{-conference}"
    ),
    "carer-assessment-offered": (
        "A carer[, {carer},] was offered an assessment: {answer}.[ {note}.]{-conference}"
    ),
    "action-completed": "{action}: {result}.[ {note}.]",
    "action-overdue-explained": (
        "Why {action} is late was recorded: {reason=other:{reason_other}|*:{reason}}"
        "[; it is expected by {expected}].[ {note}.]"
    ),
    "plan-monitored": (
        "How the {term.plan} works was looked at[, at {conference}]: {effect}.[ {note}.]"
        "{#actions}{-plan}"
    ),
    "plan-changed-urgently": (
        "The {term.plan} was changed at once by {manager}"
        "{reason=not_recorded: (why is not recorded)|other:: {reason_other}|*: ({reason})}."
        "[ {change}.]{-plan}{-version}"
    ),
    "plan-change-ratified": (
        "The urgent change of the {term.plan} was put to the meeting: {decision}."
        "[ The reasons: {rationale}.]{-plan}{-change}{-conference}"
    ),
    "plan-sent-to-adult": "The {term.plan} was given to the adult ({method}).{-plan}{-version}",
    "plan-withheld-from-adult": (
        "The {term.plan} was kept from the adult: {reason=other:{reason_other}|*:{reason}}."
        "[ What the risk is: {risk_basis}.]{-plan}"
    ),
    "plan-sent-to-nominee": (
        "The {term.plan} was sent to {participant=*:{participant}|:"
        "{role=other:{role_other}|*:the {role}}[ of {organisation}]}[, {person}][: {name}]"
        "{basis=none:|*: – {basis}}{outside=yes:, outside this system}"
        "[ (by {authority})].{-plan}{-version}{-role}{-organisation}"
    ),
    "plan-ended": (
        "The {term.plan} ended ({reason=other:{reason_other}|*:{reason}})."
        "[ The reasons: {rationale}.]{-plan}"
    ),
}

REVIEWS: Final[Mapping[str, str]] = {
    "plan-reviewed": (
        "The {term.plan} was reviewed[, at {conference}]: {result}.[ What changes: {changes}.]"
        "{-plan}"
    ),
    "review-date-set": (
        "The next review was set for {due}{reason=not_recorded:|*: ({reason})}.{-plan}"
    ),
    "review-delegated-to-care-management": (
        "Reviewing the {term.plan} was left to {process=other:{process_other}|*:{process}}"
        "[, by {delegated_to}][, agreed by {agreed_by}].[ It is due by {next_review}.]"
        "[ The reasons: {rationale}.]{-plan}{-conference}"
    ),
}

HARM: Final[Mapping[str, str]] = {
    "pach-action-decided": (
        "About {pach=*:{pach}|:the person alleged to have caused harm}:"
        " {kind=other:{kind_other}|none:nothing is to be done|*:{kind}}"
        "[, by {owner}][, by {due}].[ {description}.]{-action}{-conference}"
    ),
    "pach-actions-reviewed": (
        "The actions about {pach=*:{pach}|:the person alleged to have caused harm} were looked at:"
        " {result}.{adult_at_risk=yes: They may be an adult at risk themself.|not_known:"
        " Whether they are one at risk themself is not known.}[ {summary}.]"
        "{-conference}"
    ),
    "regulatory-referral-made": (
        "A referral was made to {body=other:{body_other}|*:{body}}[, by {made_by}]."
        "[ Their reference: {reference}.]{-referral}"
    ),
    "proceedings-outcome-recorded": (
        "{proceedings} ended: {outcome=other:{outcome_other}|*:{outcome}}[, on {decided_on}]."
        "[ {note}.]"
    ),
    "dbs-referral-made": (
        "{person=*:{person} was|:Somebody was} referred for barring[ by {made_by}], for"
        " {provider}.{confirmed=yes: It was confirmed.|no: It was not confirmed.}"
        "[ Their reference: {reference}.]{-duty}"
    ),
    "organisational-change-implemented": "{change} was carried out: {result}.[ {account}.]",
}

# Said once: who consents does not refuse, and who refuses does not consent.
_CONSENT: Final = (
    "{adult_consents=yes: The adult consents."
    "{undue_pressure=not_recorded:|not_in_question:|*: {Undue_pressure}.}"
    "|no:{undue_pressure=not_recorded: The adult does not consent. Whether there is undue pressure"
    " is not recorded.|not_in_question: The adult does"
    " not consent, and is not recorded as refusing.|lacks_capacity: The adult does not consent."
    " {Undue_pressure}.|*: {Undue_pressure}.}"
    "|not_known: Whether the adult consents is not known.{undue_pressure=not_recorded: Nor is it"
    " recorded whether there is undue pressure.|*: {Undue_pressure}.}"
    "|*:{undue_pressure=not_recorded: Whether there is undue pressure is not recorded.|"
    "*: {Undue_pressure}.}}"
)

ORDERS: Final[Mapping[str, str]] = {
    "protection-order-applied": (
        "A {kind} was applied for{applicant=not_recorded:, by whom is not recorded|"
        "*: by {applicant}}[, about {subject}]."
        f"{_CONSENT}"
        "[ What shows it: {pressure_evidence}.][ The grounds: {grounds}.]"
        "[ The hearing was planned for {planned_hearing}.]{-order}{-conference}"
    ),
    "protection-order-granted": (
        "{order} was granted by a {granted_by}[, {sheriff}][, at {court}]."
        f"{_CONSENT}"
        "{power_of_arrest=yes: It has a power of arrest.|no: It has no power of arrest.}"
        "[ Its conditions: {conditions}.][ It takes effect on {effective_from}.]"
        "[ It is to be carried out by {carry_out_by}.][ It ends by {expires}.]"
        "[ It can last at most until {longest}.]"
    ),
    "protection-order-refused": "{order} was refused.[ The reason: {reason}.]",
    "protection-order-executed": (
        "{order} was carried out.{served_on_subject=yes: It was served on whom it is about.|no: It"
        " was not served on whom it is about.}{property_protected=yes: Property was"
        " looked after.|no: Property was not looked after.}[ {note}.]"
        "[ It ends by {expires}.][ It can last at most until {longest}.]"
    ),
    "protection-order-varied": "{order} was changed.[ {change}.][ It ends by {expires}.]",
    "protection-order-recalled": "{order} was recalled.[ The reason: {reason}.]",
    "protection-order-appealed": (
        "There was an appeal against {order}{appellant=not_recorded:, by whom is not"
        " recorded|*: by {appellant}}:"
        " {status}.[ {note}.]"
    ),
    "protection-order-expired": "{order} came to its end.[ What followed: {afterwards}.]",
}

SENTENCES: Final[Mapping[str, str]] = {**PLAN, **REVIEWS, **HARM, **ORDERS}
