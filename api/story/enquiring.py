"""The sentences of an enquiry: opened, planned, carried on with the adult, reported, concluded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_OPENED: Final = (
    "{kind} was opened[ on {opened_on}]{large_scale=yes:, as part of a large-scale one}"
    "[, to be made by {caused_to}].[ Its scope: {scope}.][ It is due by {due}.]{-enquiry}"
)
_OFFICER: Final = (
    "{officer}{organisation=not-stated:|*: of {organisation}} was appointed {term.officer}."
    "{authorised=yes: They are authorised.|no: They are not recorded as authorised.}"
)
_CHAIRED: Final = "{chair=*:, chaired by {chair}}"

SENTENCES: Final[Mapping[str, str]] = {
    "investigating-officer-appointed": _OFFICER,
    "council-officer-appointed": _OFFICER,
    "enquiry-opened": f"A {_OPENED}",
    "inquiry-opened": f"An {_OPENED}",
    "enquiry-caused": (
        "{to} was asked to make {enquiry} for the council"
        "{body=other: ({body_other})|*: ({body})}.[ Its scope: {scope}.][ It is due back by {due}.]"
        "[ It came back {returned}.][ It was challenged: {challenged}.]"
    ),
    "caused-enquiry-returned": (
        "{to} returned {enquiry}.{sufficient=yes: It was found sufficient.|no: It was not found"
        " sufficient.}[ {summary}.]"
    ),
    "caused-enquiry-challenged": (
        "What {to} returned of {enquiry} was challenged.[ The reason: {reason}.]"
        "[ Asked for: {asked}.][ It is due by {due}.]"
    ),
    "large-scale-enquiry-opened": (
        "A large-scale {term.enquiry} was opened ({reason=other:{reason_other}|*:{reason}})"
        "[, into {provider}][, about {adults} adults][, led by {lead}][ of {lead_organisation}]."
        "[ The reasons: {rationale}.]{-enquiry}"
    ),
    "large-scale-enquiry-closed": (
        "The large-scale {term.enquiry}[ into {provider}] was closed.[ What came of it: {outcome}.]"
        "[ The reasons: {rationale}.]"
    ),
    "large-scale-enquiry-linked": (
        "This case was linked to a large-scale {term.enquiry}[ into {provider}].{-large_scale}"
        "{adult_told=yes: The adult was told.|no: The adult was not told.}[ The reasons:"
        " {rationale}.]"
    ),
    "large-scale-enquiry-unlinked": (
        "This case was no longer linked to a large-scale {term.enquiry}.{-large_scale}"
        "[ The reasons: {rationale}.]"
    ),
    "parallel-process-opened": (
        "Another process ran beside it: {kind=other:{kind_other}|*:{kind}}[, by {organisation}]."
        "{effect=not_decided:|*: {Effect}.}[ The reasons: {rationale}.]"
        "[ Their reference: {external}.]"
    ),
    "investigation-concluded": (
        "The investigation was concluded[, with {report}].[ {summary}.]"
        "[ A conference is due by {conference_due}.]{-enquiry}"
    ),
    "inter-agency-referral-discussion-held": (
        "The agencies discussed the referral{method=not_recorded:|*: ({method})}[: {agencies}]."
        " What was decided: {decision}.[ {discussed}.][ The reasons: {rationale}.]"
    ),
    "planning-meeting-held": (
        "The {term.enquiry} was planned{method=not_recorded:|*: ({method})}[ with {agencies}]"
        f"{_CHAIRED}. What was decided: {{decision}}."
        "[ The tasks: {tasks}.][ The reasons: {rationale}.]"
    ),
    "second-person-appointed": (
        "{person=*:{person}|:Somebody} was to go along as second person"
        "{role=not_recorded: (in which role is not recorded)|other: ({role_other})|*: ({role})}"
        "[, for {organisation}].{-enquiry}"
    ),
    "interim-plan-agreed": (
        "An interim plan was agreed{agreed_with=not_recorded:|not_agreed:, without agreement|*:"
        " with {agreed_with}}[: {measures}][ ({measures_other})].[ {description}.]"
        "[ Why it was not agreed with the adult: {not_agreed_reason}.]"
        "[ It is to be looked at again by {review}.]{-plan}"
    ),
    "investigatory-power-used": (
        "An investigatory power was used: {power}[, by {officer}]."
        "{told_may_refuse=yes: The adult was told that they may refuse.|no: The adult was not told"
        " that they may refuse.}[ {note}.]{-enquiry}"
    ),
    "pach-identified": (
        "Who is alleged to have caused the harm[, in {allegations},] was identified: {person}"
        "[, employed by {employer}]."
        "{adult_at_risk=yes: They may be an adult at risk themself.|no: They are not thought an"
        " adult at risk themself.|not_known: Whether they are an adult at risk themself is not"
        " known.}{lacks_capacity=yes: They lack capacity.|no: They do not lack capacity.|not_known:"
        " Whether they have capacity is not known.}"
    ),
    "adult-seen": (
        "The adult was seen{alone=yes: alone|no: with somebody else there|not_known:, whether alone"
        " is not known}"
        "{place=not_recorded:|other: – {place_other}|*: – {place}}"
        "[, by {by}][ of {organisation}]."
        "[ Why not alone: {not_alone_reason}.][ What they said: {account}.]"
    ),
    "need-assessed": (
        "What the adult needs was assessed[: {needs}][ ({needs_other})][, for {conference}]."
        "[ {summary}.]"
    ),
    "risk-explained-to-adult": (
        "The risks were explained to the adult{method=*: ({method})}[, by {by}]"
        "[, for {conference}].{sensitive=yes: Also those that are hard to speak of.|no: Not those"
        " that are hard to speak of.}[ {risks}.]"
    ),
    "capacity-decision-recorded": (
        "Capacity was considered – {decision=other:{decision_other}|*:{decision}}: {answer}"
        "[, as assessed by {assessed_by}]"
        "{assessor_role=not_recorded:|other: ({assessor_role_other})|*: ({assessor_role})}."
        "[ The evidence: {evidence}.][ What was done to help: {support}.]"
    ),
    "desired-outcome-expressed": (
        "{asked=expressed:The adult was asked what they want, and a wish was recorded|"
        "none_expressed:The adult was asked what they want, and expressed no wish|"
        "not_asked:The adult was not asked what they want|"
        "not_known:Whether the adult was asked what they want is not known}"
        "{expressed_by=adult:, as the adult said it|not_recorded:|*:, said by {expressed_by}}"
        "[: {words}].{-outcome}"
    ),
    "desired-outcome-evaluated": (
        "Looking back at {outcome}: {status}{evaluated_by=not_recorded:|*:, said {evaluated_by}}."
        "[ {words}.]"
    ),
    "advocacy-considered": (
        "Advocacy was considered: {decision}"
        "{decision=referred:[, to {organisation}]|*:[, by {organisation}]}."
        "{substantial_difficulty=yes: The adult has substantial difficulty in taking part.|no:"
        " The adult has no substantial difficulty in taking part.}[ The reasons: {rationale}.]"
    ),
    "advocacy-information-given": (
        "The adult was told about advocacy{method=not_recorded:|*: ({method})}"
        "{access_explained=yes:, and how to reach it|no:, and not how to reach it}.[ {note}.]"
    ),
    "substantial-difficulty-assessed": (
        "Whether the adult has substantial difficulty in taking part was assessed: {result}"
        "[ ({areas})].{appropriate_person=yes: There is an appropriate person to support them"
        "[, {person}].|no: There is no appropriate person to support them.|not_known: Whether there"
        " is an appropriate person to support them is not known.}"
        "[ The evidence: {evidence}.]"
    ),
    "advocate-appointed": (
        "An {term.advocate} was appointed{advocate=*:, {advocate}}[, of {organisation}]"
        "{basis=not_recorded:|*: ({basis})}."
    ),
    "advocacy-referral-made": "The adult was referred for advocacy[, to {organisation}].[ {note}.]",
    "advocacy-accepted": "The adult accepted advocacy[, from {organisation}].[ {note}.]",
    "advocacy-declined": "The adult declined advocacy.[ What they said: {reason}.]",
    "key-decision-maker-identified": (
        "Who decides was identified – {decision=other:{decision_other}|*:{decision}}:"
        " {authority}[, {person}][, {worker}]."
        "{verified=yes: Their authority was checked.|no: Their authority was not checked.}"
    ),
    "best-interests-decision-recorded": (
        "A decision was made for the adult ({term.best_interests}) –"
        " {decision=other:{decision_other}|*:{decision}}[: {decided}].{authority=not_recorded:|*:"
        " By: {authority}[, {maker}][, {worker}].}[ Consulted: {consulted}][ ({consulted_other})]"
        "{consulted=*:.}{imca=yes: An independent mental capacity advocate was consulted.|no: No"
        " independent mental capacity advocate was consulted.}[ The reasons: {rationale}.]"
        "{-recipient}"
    ),
    "support-services-considered": (
        "Support services were considered[: {services}][ ({services_other})].[ The reasons:"
        " {rationale}.]"
    ),
    "risk-assessed": (
        "The risk was assessed[ at {conference}]: {level}[, before that {before}]"
        "{recurrence=not_assessed:; how likely it is to return was not assessed|*:; that it returns"
        " is thought {recurrence}}[; assessed by {assessed_by}]"
        "{method=not_recorded:|other: ({method_other})|*: ({method})}."
        "[ What bears on it: {factors}.][ The reasons: {rationale}.]"
    ),
    "agency-report-requested": (
        "{agency} was asked for a report[, for {conference}].[ About: {subject}.]"
        "[ It is due by {due}.]"
    ),
    "agency-report-received": ("{agency} gave a report[, for {conference}].[ {summary}.]{-report}"),
    "information-not-provided": (
        "{agency} did not give information: {reason=other:{reason_other}|*:{reason}}."
        "[ {explanation}.]"
    ),
    "investigation-report-submitted": (
        "The {kind=investigation:{term.report}|*:{kind}} was handed in"
        "{author=*: by {author}|:{author_role=not_recorded:|not_known:; who wrote it is not known|"
        "other:; written by {author_role_other}|*:; written by: {author_role}}}"
        "[ of {organisation}][, version {version}][, covering {covers}]."
        "{states_wishes=yes: It says what the adult wishes.|no: It does not say what the adult"
        " wishes.}{proposes_outcomes=yes: It proposes outcomes.|no: It proposes no outcomes.}"
        "[ {summary}.][ A conference is due by {conference_due}.]{-report}"
    ),
    "enquiry-ceased-at-adults-request": (
        "The {term.enquiry} was ended because the adult asked[, on {requested_on}]."
        "[ Whether they have capacity for that: {capacity_decision}.]"
        "{coercion_considered=yes: Whether the adult was under pressure was considered.|no: Whether"
        " the adult was under pressure was not considered.}"
        "{others_at_risk_considered=yes: Whether others are at risk was considered.|no: Whether"
        " others are at risk was not considered.}[ The reasons: {rationale}.]{-enquiry}"
    ),
    "enquiry-concluded": (
        "{enquiry} was concluded[ on {concluded_on}].{capacity=*: Capacity: {capacity}.}"
        "{outcomes=expressed_fully_achieved: What the adult wanted was fully achieved.|"
        "expressed_partly_achieved: What the adult wanted was partly achieved.|"
        "expressed_not_achieved: What the adult wanted was not achieved.|asked_none_expressed: The"
        " adult was asked what they want, and expressed no wish.|not_asked: The adult was not asked"
        " what they want.|not_known: Whether the adult was asked what they want is not known.|"
        "*: Whether the adult was asked what they want is not recorded.}"
        "{primary_support_reason=not_known:|*: Primary support reason: {primary_support_reason}.}"
        "[ Health conditions: {health_conditions}[ ({health_conditions_other})].]"
        "[ What follows: {action}.][ The reasons: {rationale}.]"
        "{#triples}{#risks_found}{#risks_not_found}"
    ),
    "enquiry-reopened": "{enquiry} was opened again.[ The reason: {reason}.]",
    "risk-outcome-recorded": (
        "What became of the risk in {allegation}: {action}; {outcome}.[ The reasons: {rationale}.]"
    ),
    "adult-outcome-recorded": (
        "What came of it for the adult: {outcomes}[ ({outcomes_other})][, in {allegation}]."
    ),
    "pach-outcome-recorded": (
        "What came of it for the {term.person_causing_harm} ({subject}): {outcomes}"
        "[ ({outcomes_other})][, in {allegation}]."
    ),
    "adult-satisfaction-recorded": (
        "Whether the adult is satisfied: {satisfied}[, said by {by_whom}]."
        "[ In their own words: {in_own_words}.][ Why they were not asked: {reason_not_asked}.]"
    ),
    "chronology-entry-recorded": (
        "{agency=not-stated:Somebody|*:{agency}} wrote{assertion=not_stated:|*: ({assertion}[, of"
        " {whose}])}: {text}.[ Until {ended}.][ Seen: {seen}.][ What was done: {response}.]"
        "[ Decided: {decision}.][ A note with it: {comment}.][ Who is named: {people}.]"
        "[ Source: {source}.][ From {start_time}][ to {end_time}]"
        "[ The agency as it is written there: {agency_written}.]"
        "[ Who knew, as it is written there: {known_to_written}.]{-number}{-persons}"
    ),
}
