"""The sentences of a case's closing, and of what came after: audits, reviews, requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CLOSING: Final[Mapping[str, str]] = {
    "adult-views-on-closure-recorded": (
        "{views=agrees:The adult agrees to the closing|disagrees:The adult does not agree to the"
        " closing|no_view:The adult was asked about the closing, and gave no view|not_asked:The"
        " adult was not asked about the closing|could_not_be_asked:The adult could not be asked"
        " about the closing|not_recorded:What the adult thinks of the closing is not recorded}"
        "{given_by=not_recorded:|adult:|*:, said by {given_by}}[: {words}]."
        "{explored=yes: It was talked over.|no: It was not talked over.}[ {exploration}.]"
    ),
    "closure-checklist-completed": (
        "Before closing, these were looked at one by one.[ {note}.]{#items}"
    ),
    "closure-proposed": (
        "Closing was proposed ({reason=other:{reason_other}|*:{reason}}).[ The reasons:"
        " {rationale}.]"
    ),
    "case-closed": (
        "The case was closed ({reason=other:{reason_other}|*:{reason}})."
        "{views=not_recorded: What the adult thinks of it is not recorded.|agrees: The adult"
        " agrees.|disagrees: The adult does not agree.|no_view: The adult was asked, and gave no"
        " view.|not_asked: The adult was not asked.|could_not_be_asked: The adult could not be"
        " asked.}"
        "[ {views_words}.]"
        "{review_considered=yes: Whether it goes to a {term.review} was considered.|no:"
        " Whether it goes to a {term.review} was not considered.}"
        "{contact_given=yes: The adult has somebody to turn to.|no: The adult has nobody to turn"
        " to.}[ Also told: {informed}.][ The reasons: {rationale}.]"
    ),
    "case-reopened": (
        "The case was taken up again ({reason=other:{reason_other}|*:{reason}})."
        "[ The reasons: {rationale}.]"
    ),
}

LEARNT: Final[Mapping[str, str]] = {
    "review-referral-considered": (
        "Whether the case goes to a {term.review} was considered: {view}[; met: {criteria}]"
        "{raised_by=not_recorded:|other:; raised by {raised_by_other}|*:; raised by {raised_by}}."
        "[ The reasons: {rationale}.]"
    ),
    "sar-referred": (
        "The case was referred for a {term.review}[ by {referred_by}][; met: {criteria}]"
        "[; a decision is due by {due}].[ The reasons: {rationale}.]{-review}{-conference}"
    ),
    "review-referral-decided": (
        "{review} was decided on: {decision}[ – {kind}][; met: {criteria}][; after {elapsed_days}"
        " days].{ratified=yes: It was ratified.|no: It was not ratified.}{family_told=yes: The"
        " family was told.|no: The family was not told.}[ The reasons: {rationale}.]"
    ),
    "review-scope-set": (
        "The scope of {review} was set: from {period_from}[ to {period_to}][, with {agencies}]"
        "[, beside {parallel}][ ({parallel_other})].[ What it asks: {questions}.]"
    ),
    "chronology-produced": (
        "{produced_by} made a chronology of {entries} entries[ for {review}]"
        "[, from {period_from}][ to {period_to}][, of {agencies}]."
        "[ No contact: {no_contact}.]{-document}{-digest}{-as_at}{-pseudonyms}"
    ),
    "safeguarding-review-concluded": (
        "{review} was concluded[ on {concluded_on}]."
        "{published=yes: Its report is published.|no: Its report is not published.}{#individuals}"
    ),
    "factual-accuracy-challenged": (
        "{asked_by=not_recorded:Somebody|*:{Asked_by}}[ of {organisation}] challenged the accuracy"
        " of {targets=*:{targets}|:what is to be published}[, in {review}].[ {text}.]"
        "[ An answer is due by {due}.]"
    ),
    "factual-accuracy-resolved": (
        "The challenge ({challenge}) was answered: {outcome}.[ What was put right: {corrections}.]"
        "[ The reasons: {rationale}.]"
    ),
    "case-audited": (
        "{auditor} audited the case{tool=not_recorded:|other: ({tool_other})|*: ({tool})}, as it"
        " stood at {as_at=*:{as_at}|:that time}: {overall}.[ {summary}.]{#grades}{#remedies}{-seed}"
    ),
    "audit-remedy-completed": "What the audit asked for was done: {action}.[ {note}.]",
}

ASKED: Final[Mapping[str, str]] = {
    "subject-access-request-received": (
        "Somebody asked for their data: {requester}[, about {about}]."
        "{identity_proved=yes: Who they are was proved.|no: Who they are was not proved.}"
        "[ What they asked for: {scope}.][ An answer is due by {due}.]{-request}"
    ),
    "subject-access-clock-stopped": (
        "The time for answering was stopped ({reason}).[ What was asked: {asked}.]{-request}"
    ),
    "subject-access-clock-restarted": (
        "The time for answering went on[; an answer is due by {due}].{-request}"
    ),
    "subject-access-extended": (
        "The time for answering was extended ({reason})[; an answer is due by {due}]."
        "{told=yes: They were told.|no: They were not told.}[ The reasons: {rationale}.]{-request}"
    ),
    "subject-access-request-answered": (
        "{request} was answered[, about {about}]: {outcome}[ ({method})]."
        "{told_of_complaint=yes: They were told how to complain.|no: They were not told how to"
        " complain.}[ The reasons: {rationale}.]{#manifest}{#withheld}{-digest}{-document}"
    ),
    "rectification-requested": (
        "{asked_by=not_recorded:Somebody[ ({person})]|adult:{Asked_by}|*:{Asked_by}[ ({person})]}"
        " asked for the record to be put right: {targets=*:{targets}|:no entry is named}"
        "{assertion=not_stated:|*: ({assertion})}.[ {text}.][ An answer is due by {due}.]{-request}"
    ),
    "rectification-decided": (
        "{request} was decided by {decided_by}: {decision}.[ How: by {entries}.]"
        "{told_of_complaint=yes: They were told how to complain.|no: They were not told how to"
        " complain.}[ The reasons: {rationale}.]{#recipients}"
    ),
    "recipient-told": (
        "What came of the request was {not_told_because=*:not told|:told} to {recipient}"
        "{method=not_recorded:|*: ({method})}.[ Why not: {not_told_because}.]{-request}"
    ),
    "disclosure-made": (
        "{decided_by} decided to disclose to {to=other:{to_other}|*:{to}}[, {organisation}]"
        "{ground=not_recorded:|*: ({ground})}[, {method}].[ The authority: {authority}.]"
        "[ Why it was needed: {necessity}.]{person_told=yes: The person was told.|no: The person"
        " was not told.}{#manifest}{-digest}{-document}{-privileged}"
    ),
    "retention-class-set": (
        "How long the record is kept was set: {retention_class}, counted from {started}"
        "{trigger=*: ({trigger})}[; it is to be looked at again by {review_due}].[ The reasons:"
        " {rationale}.]"
    ),
    "retention-reviewed": (
        "{decided_by} looked at whether the record is kept: {decision}"
        "[; it is to be looked at again by {review_due}]."
        "{held=yes: A legal hold stands.}[ The reasons: {rationale}.]"
    ),
    "access-granted-exception": (
        "{granted_by} gave {worker} access to this case until {last_day}"
        "{ground=not_recorded:|other:: {ground_other}|*: ({ground})}.[ The reasons: {rationale}.]"
    ),
    "access-exception-reviewed": (
        "{reviewed_by} looked at that access ({exception}): {judged}.[ The reasons: {rationale}.]"
    ),
}

SENTENCES: Final[Mapping[str, str]] = {**CLOSING, **LEARNT, **ASKED}
