"""The sentences of what was done to the record itself, and of the streams beside a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ERASED: Final = "{retention_class} ({authority})"
_CORRECTED: Final = (
    "{target} was {withdrawn=yes:withdrawn|no:corrected}"
    " ({reason=other:{reason_other}|*:{reason}}"
    "{asked_by=not_recorded:; who asked for it is not recorded|*:; asked for by: {asked_by}})."
    "{withdrawn=no:{understood=:{occurred=:{supersedes=: What is now understood is not"
    " recorded.}}}}"
    "[ It is now understood: {understood}.][ When it was is now understood to be {occurred}.]"
    "[ It takes the place of {supersedes}.][ What it puts right: {fields}.]"
)

CASE: Final[Mapping[str, str]] = {
    "record-corrected": _CORRECTED
    + "{elsewhere=*: Other cases were looked at for the same.}{#dues}",
    "entry-annotated": (
        "A note was put beside {target}, which stays as it is ({kind})[, by {whose}]: {text}."
    ),
    "legal-hold-placed": (
        "Destroying this record was forbidden ({reason=other:{reason_other}|*:{reason}})."
        "[ The authority: {authority}.]"
    ),
    "legal-hold-lifted": "The hold of {hold} was lifted.[ The reasons: {rationale}.]",
    "processing-restricted": ("Reading this record was restricted ({ground}).[ {detail}.]"),
    "processing-unrestricted": (
        "The restriction of reading was lifted.[ The reasons: {rationale}.]"
    ),
    "erasure-approved": (
        f"The erasure of {{scope}} was approved, as {_ERASED}"
        "[, of {target}][, about {person}], to be used by {use_by}."
    ),
    "personal-data-erased": (
        f"Details were erased – {{scope}}, as {_ERASED}[, of {{target}}][, about {{person}}]"
        "[, on the approval of {approvals}]. What was erased is shown as forgotten."
    ),
    "finding-answered": (
        "What the record would be criticised for was answered: {result}[, on {position}]."
        "[ {reason}.]{-finding}{-code}"
    ),
    "case-merged": (
        "{place=merged:This case is read in {other}|leading:{Other} is read in this one}, and"
        " the two as one ({reason}).[ The reasons: {rationale}.]{-adult}"
    ),
    "case-unmerged": (
        "{place=merged:This case is no longer read in {other}|leading:{Other} is no longer read in"
        " this one}: each is read by itself again.[ The reasons: {rationale}.]{-merge}"
    ),
    "case-split": (
        "{place=from:Entries of this case are read in {other}|to:Entries of {other} are read in"
        " this case} ({reason})[: {entries}].[ The reasons: {rationale}.]{-adult}"
    ),
    "case-split-ended": (
        "{place=from:Entries that were read in {other} are read in this case again|to:Entries of"
        " {other} are no longer read in this case}.[ The reasons: {rationale}.]{-split}"
    ),
}

# Streams beside a case: told where a case's own story is not, and so that no event is unsaid.
BESIDE: Final[Mapping[str, str]] = {
    "person-registered": "A person was made known.{-details}{-external}",
    "person-details-recorded": "More was recorded of a person[, told by {told_by}].{-details}",
    "person-died": ("A person died[ on {died}].[ What they died of: {cause_known}.][ {note}.]"),
    "external-reference-added": "What another system calls a person was added: {reference}.",
    "person-record-corrected": _CORRECTED,
    "person-erasure-approved": (
        f"The erasure of {{scope}} was approved, as {_ERASED}[, of {{target}}], to be used by"
        " {use_by}."
    ),
    "person-erased": (
        f"Details of a person were erased – {{scope}}, as {_ERASED}[, of {{target}}]"
        "[, on the approval of {approvals}]. What was erased is shown as forgotten."
    ),
    "record-opened": "This record was opened.{-nation}{-simulated}",
    "policy-adopted": (
        "A policy of the authority's own was adopted, to hold from {effective} on: {version}"
        "[, {document}].{#limits}{#closed}[ Worked, though a holiday: {worked}.]"
        "[ Repeat referrals that are to be looked at together: {repeat_referrals}.]"
        "[ Months they are counted over: {repeat_window_months}.]"
        "[ Who may chair a conference: {chair_roles}[ ({chair_roles_other})].]"
    ),
    "return-filed": (
        "The return {annual_return} of the days from {first} to {last} was filed, as it was known"
        " at position {as_at}[: {note}].[ Hard rules that its figures broke: {broken}.]"
        "{-year}{-document}{-digest}{-sha256}"
    ),
    "filing-erasure-approved": (
        f"It was approved that what was filed is erased, as {_ERASED}: entry {{target}} of the"
        " authority's own, to be used by {use_by}."
    ),
    "filing-erased": (
        f"What was filed was erased, as {_ERASED}: entry {{target}} of the authority's own"
        "[, on the approval of {approvals}]. That it was filed stays."
    ),
    "worker-registered": "Somebody who records was made known[: {name}].{-issuer}{-subject}",
    "record-viewed": (
        "{what} was read{door=*: ({door})}, for {purpose}.{-case}{-person}{-cases}{-as_at}"
        "{-exceptions}"
    ),
    "search-made": "A search was made{door=*: ({door})}, for {purpose}: {hits} found.",
    "document-kept": (
        "A document was kept{taken_in=yes:, by an earlier release, and taken into the log|no:}."
        "{-document}{-digest}{-row}{-shares}{-as_at}"
    ),
    "forgettings-lost": (
        "The record was restored without the erasures by which something was forgotten."
        "{-incarnation}{-subjects}{-keys}"
    ),
    "proof-given": (
        "All that was recorded was handed over with its proof, to {recipient}, for {purpose}."
        "{-manifest}{-record}{-readings}"
    ),
    "quorum-changed": (
        "From here on at least {needed} witnesses had to cosign each head.{-witnesses}{-policy}"
    ),
}

# What was told of the adult in their own stream, where it is told in the story of a case.
OF_ADULT: Final[Mapping[str, str]] = {
    "person-died": "The adult died.[ What they died of: {cause_known}.][ {note}.]{-died}",
}

SENTENCES: Final[Mapping[str, str]] = {**CASE, **BESIDE}
