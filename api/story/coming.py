"""The sentences of how a case came in, and what was decided about it first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What a first referral and a further one say alike: of confidence, the adult and consent.
_TOLD: Final = (
    "{referrer_confidential=yes: Who referred is kept confidential.|not_known: Whether who"
    " referred is to be kept confidential is not known, so it is kept so.}"
    "{adult_told=yes: The adult was told of it.|no: The adult was not told of it.|not_known:"
    " Whether the adult was told of it is not known.}"
    "[ The reason: {adult_not_told_reason}.]"
    "{consent=not_recorded:|given: Consent to share information was given.|given_in_part:"
    " Consent to share information was given within limits.|refused: Consent to share"
    " information was refused.|no_answer: Consent to share information was asked for, and no"
    " answer was given.|not_asked: Consent to share information was not asked for.|"
    "could_not_be_asked: Consent to share information could not be asked for.}"
    "[ What was said: {account}.]"
)

SENTENCES: Final[Mapping[str, str]] = {
    "case-brought-forward": (
        "The case was brought forward from another system, where it had come to: {stage}."
        "[ It was called {reference} there.][ The team: {team}.]{#matters}"
        "[ Written down there by {author}.][ Notes: {notes}.]"
    ),
    "referral-received": (
        "A {term.concern} was received{channel=not_recorded:|other:, {channel_other}|*: by"
        " {channel}}{-received}{stage=threshold_met:, already decided to meet the threshold}."
        "[ Who referred: {referrer_role=other:{referrer_role_other}|*:{referrer_role}}"
        "[, of {referrer_organisation}].]"
        + _TOLD
        + "[ Named as referring: {referrer}{referrer_confidential=not_recorded: (whether in"
        " confidence is not recorded)|*:}.]"
        "[ It came from another authority, {other_authority}.]"
        "[ A decision is due by {decision_due}.][ The first conference is due by {conference_due}.]"
        "[ If it goes on, capacity is to be recorded by {capacity_due}.]"
        "[ Other systems call it {external}.]{#allegations}{-earlier_referrals}"
    ),
    "referral-linked": (
        "A further {term.concern} was joined to this case ({reason})"
        "{channel=not_recorded:|other:, {channel_other}|*:, received by {channel}}"
        "{-received}."
        "[ Who referred: {referrer_role=other:{referrer_role_other}|*:{referrer_role}}"
        "[, of {referrer_organisation}].]"
        + _TOLD
        + "[ Named as referring: {referrer}{referrer_confidential=not_recorded: (whether in"
        " confidence is not recorded)|*:}.]"
        "[ It came from another authority, {other_authority}.]"
        "[ A decision is due by {decision_due}.]"
        "[ Other systems call it {external}.]{#allegations}"
    ),
    "allegation-added": "A further allegation was added: {allegation}.",
    "repeat-referral-threshold-reached": (
        "With this, {count} referrals had come in between {window_from} and {window_to};"
        " {needed} are the number at which they are to be looked at together.{-referrals}"
    ),
    "immediate-safety-action-taken": (
        "At once: {action=other:{action_other}|*:{action}}[, by {by}].[ {description}.]"
        "{conference_needed=yes: A conference was thought to be needed.}"
    ),
    "communication-needs-recorded": (
        "What the adult needs to communicate was recorded[: {needs}][ ({needs_other})]."
        "[ Language: {language}.]"
    ),
    "concern-counted": (
        "It was {counted=yes:counted|no:not counted} as a {term.concern}, by this rule: {rule}"
        "[, edition {edition}]."
        "[ The reason: {reason}.]"
    ),
    "section42-duty-decided": (
        "The section 42 decision[ of {decided_on}]: {result}. The duty to enquire was"
        " {met=yes:found to apply|no:not found to apply}.[ What happens with the concern:"
        " {disposal}.][ The reasons: {rationale}.][ What it rests on: {evidence}.]"
        "[ What else was considered: {options}.]{#criteria}"
    ),
    "three-point-criteria-determined": (
        "The three-point determination[ of {decided_on}]: {result}. The criteria were"
        " {met=yes:all found to be met|no:not all found to be met}.[ What happens with the"
        " referral: {disposal}.][ The reasons: {rationale}.][ What it rests on: {evidence}.]"
        "[ What else was considered: {options}.]{#criteria}"
    ),
    "case-allocated": (
        "The case was given to {worker} of {team}{reason=not_recorded:|other:, {reason_other}|*:"
        " ({reason})}.[ Before, it was with {previous}.][ Cover lasts until {cover_until}.]"
        "{registered=no: Nobody is registered under that reference.}"
    ),
    "case-unallocated": (
        "The case was taken from[ {previous}][ of {team}], and nobody held it"
        "{reason=not_recorded:|other:: {reason_other}|*: ({reason})}."
    ),
    "referral-acknowledged": (
        "Whoever referred was told that it had come in ({method}).[ {note}.]"
    ),
    "emergency-services-contacted": (
        "Emergency services were called[: {services}][ ({services_other})][, by {by}]."
        "[ The reason: {reason}.][ Their reference: {external}.]"
    ),
    "crime-reported": (
        "It was reported as a crime to {to}[, by {by}][, about {allegations}]."
        "{adult_agreed=yes: The adult agreed.|no: The adult did not agree.|not_known: Whether the"
        " adult agreed is not known.}"
        "[ {note}.][ Their reference: {external}.]"
    ),
    "consent-to-share-recorded": (
        "{answer=given:Consent to share information was given|given_in_part:Consent to share"
        " information was given within limits|refused:Consent to share information was refused|"
        "no_answer:Consent to share information was asked for, and no answer was given|"
        "not_asked:Consent to share information was not asked for|could_not_be_asked:Consent to"
        " share information could not be asked for|*:Consent to share information: {answer}}"
        "{given_by=not_recorded:|*:, said by {given_by}}"
        "[, for {recipients}].[ Its limits: {limits}.]"
    ),
    "consent-to-share-overridden-with-reason": (
        "Information was to be shared without consent ({ground=other:{ground_other}|*:{ground}})"
        "[, with {recipients}]."
        "{adult_told=yes: The adult was told.|no: The adult was not told.|not_known: Whether the"
        " adult was told is not known.}[ The reason: {reason}.]"
    ),
    "duty-to-inquire-started": (
        "The duty to inquire began"
        "{urgency=not_recorded: (how urgent is not recorded)|*: ({urgency})}."
        "[ The grounds: {grounds}.][ It is due by {due}.]"
    ),
    "concern-redirected": (
        "The {term.concern} was passed on: {to}[, to {organisation}]."
        "{adult_told=yes: The adult was told.|no: The adult was not told.|not_known: Whether the"
        " adult was told is not known.}"
        "{referrer_told=yes: Whoever referred was told.|no: Whoever referred was not told.|"
        "not_known: Whether whoever referred was told is not known.}"
        "[ The reasons: {rationale}.]"
    ),
    "case-transferred": (
        "The case was transferred to another authority, {authority}"
        "{reason=not_recorded:|other: ({reason_other})|*: ({reason})}."
        "{accepted=yes: They accepted it.|no: They did not accept it.|not_known: Whether they"
        " accepted it is not known.}"
        "{counted_by=not_decided: Which of the two counts it was not decided.|*: Who counts it:"
        " {counted_by}.}[ What goes on here: {continuing}.][ The reasons: {rationale}.]"
    ),
    "case-reference-added": (
        "What another system calls {target=*:{target}|:this case} was added: {reference}."
        "{-elsewhere}"
    ),
}
