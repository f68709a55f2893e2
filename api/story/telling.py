"""The sentences of minutes and who got them, and of what people were told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MINUTES: Final[Mapping[str, str]] = {
    "raw-notes-kept": "The notes taken at {conference} were kept ({form}), by {kept_by}.",
    "minute-passage-written": (
        "Passage {number} of the minutes of {conference} was written by {written_by}"
        "[ of {organisation}] ({section}{origin=not_recorded:|*:; {origin}}[, with {tool}]"
        "[; part {part}][; after {amendment}]): {text}."
    ),
    "minute-passage-attested": (
        "{attested_by} stood by passage {numbers} of the minutes of {conference}.{-versions}"
    ),
    "minutes-drafted": (
        "The minutes of {conference} were drafted{form=not_recorded:|*: ({form})}.{-decisions}"
    ),
    "minutes-approved": "{approved_by} approved the minutes of {conference}.",
    "redacted-copy-produced": (
        "A copy of the minutes of {conference} was made that leaves something out.{#redactions}"
    ),
    "minutes-share-risk-assessed": (
        "Whether it is safe to give the minutes of {conference} to"
        " {role=other:{role_other}|*:the {role}} was assessed by {assessed_by}: {result}."
        "[ The reasons: {rationale}.]"
    ),
    "minutes-circulated": (
        "The minutes of {conference} were sent out{outside=yes: outside this system}"
        "[; they were due by {due}].{#recipients}"
    ),
    "minutes-withheld": (
        "The minutes of {conference} were not given to"
        " {participant=*:{participant}|:{role=other:{role_other}|*:{role}}[ of {organisation}]}"
        "{reason=not_recorded:|other:: {reason_other}|*: ({reason})}."
        "[ The reasons: {rationale}.]{-role}{-organisation}"
    ),
    "decisions-circulated": (
        "What {conference} decided was sent out[; it was due by {due}].{#recipients}{-decisions}"
    ),
    "minute-amendment-requested": (
        "{participant=*:{participant}|:{role=other:{role_other}|*:{role}}[ of {organisation}]}"
        " asked for the minutes of {conference} to be amended[ (passage {passage})]."
        "[ What is wanted: {wanted}.][ The reason: {reason}.][ An answer is due by {due}.]"
        "{-amendment}{-role}{-organisation}"
    ),
    "minute-amendment-accepted": (
        "{decided_by} accepted {amendment}, of the minutes of {conference}.[ The reason: {reason}.]"
    ),
    "minute-amendment-refused": (
        "{decided_by} refused {amendment}, of the minutes of {conference}.[ The reason: {reason}.]"
    ),
    "release-permitted": (
        "It was permitted to give {what} to {role=other:{role_other}|*:the {role}}"
        "[ of {organisation}][, {person}]{basis=none:|*: – {basis}}.[ About the"
        " person alleged to have caused harm: {pach_information}.][ The reasons: {rationale}.]"
    ),
}

TOLD: Final[Mapping[str, str]] = {
    "feedback-responsibility-assigned": (
        "{assignee=*:{assignee}|:Somebody} was to tell {audience} what came of"
        " {conference}[, by {due}]."
    ),
    "challenge-contact-named": (
        "Whom the adult can turn to if they do not agree was named[: {contact}]."
        "{told_adult=yes: The adult was told.|no: The adult was not told.|not_known: Whether the"
        " adult was told is not known.}{-conference}"
    ),
    "pach-feedback-decided": (
        "What {audience} is to be told was decided: {content}[, to be told by {assignee}]"
        "[ ({organisation})][, by {due}].[ It is about {pach}.]"
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "feedback-given": (
        "{audience} was told{method=not_recorded:|*: ({method})}: {content}[, after {conference}]."
        "[ {detail}.][ Supported by {supported_by}.][ The referral: {referral}.]"
    ),
    "feedback-not-given": (
        "{audience} was not told"
        "{reason=not_recorded:|other:: {reason_other}|*: ({reason})}.[ The reasons: {rationale}.]"
        "{-conference}"
    ),
    "adult-raised-issue": (
        "{raised_by=not_recorded:An issue was raised (by whom is not recorded)|"
        "*:{Raised_by} raised an issue}"
        "{about=not_recorded:|other: – {about_other}|*: – {about}}[: {words}]."
        "{-issue}{-conference}{-plan}"
    ),
    "issue-responded": (
        "{issue} was answered[ by {answered_by}]"
        "{outcome=not_recorded:; what came of it is not recorded|other:: {outcome_other}|"
        "*:: {outcome}}.[ {response}.]"
    ),
}

SENTENCES: Final[Mapping[str, str]] = {**MINUTES, **TOLD}
