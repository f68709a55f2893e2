"""What was given out, entry by entry, and who holds something of a case: shapes, and what checks.

A disclosure and an answer to a request for access say the same of each entry: which it is, in which
form it was given, on what ground something was left out, and the digest of what was given. Whoever
holds a copy has to be told when an entry is put right (L6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.finding import Finding
from domain.refusal import Refused, no_entry
from domain.stage import Mark, found
from domain.words import (
    Code,
    Digest,
    DocumentRef,
    ParticipantRef,
    Passage,
    PersonRef,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

PRIVILEGED = "legal-advice-obtained"  # the stored name of what is never given out unasked (R72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One entry as it was given: its case version, the form, and the digest of those bytes.

    `ground` says why it is not as recorded, or why something is left out of it.
    """

    entry: int = numbering()
    form: Code = listed("disclosed_form")
    ground: Code | None = listed("redaction_ground", default=None)
    ground_other: Passage | None = None
    document: DocumentRef | None = None
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Entries kept back, or something in them: the ground, who decided, and when to look again."""

    entries: tuple[int, ...] = numbering()
    ground: Code = listed("withholding_ground")
    rationale: Passage | None = None
    decided_by: WorkerRef | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who holds something of the case, by the position of the event that says so.

    `number` tells them apart within a decision, from 1; `what` is what they hold.
    """

    number: int
    sent_at: int
    what: Code = listed("holding")
    organisation: Slug | None = None
    role: Code | None = listed("participant_role", default=None)
    role_other: Passage | None = None
    participant: ParticipantRef | None = None
    person: PersonRef | None = None
    copy: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds something of the case, as it was recorded that they were given it.

    `entries` are those they were given, where a manifest says so; `source` is what a copy of
    minutes was made from, or, where it is a `draft`, said to be.
    """

    at: Mark
    what: Code
    organisation: Slug | None = None
    role: Code | None = None
    role_other: Passage | None = None
    participant: ParticipantRef | None = None
    person: PersonRef | None = None
    copy: Digest | None = None
    entries: tuple[int, ...] | None = None
    source: Digest | None = None
    draft: bool = False


def check_entries(entries: Iterable[Given], names: dict[int, str | None]) -> None:
    """Hold a manifest to entries that exist, each named once; `names` are their events'.

    Raises:
        NotFound: an entry is not of this case.
        Refused: an entry stands in it twice.
    """
    seen = set[int]()
    for number, one in enumerate(entries):
        if names.get(one.entry) is None:
            raise no_entry(f"manifest[{number}].entry")
        if one.entry in seen:
            words = "An entry stands in a manifest once, in the form it was given in."
            raise Refused("entry_twice", "L22", words, field=f"manifest[{number}].entry")
        seen.add(one.entry)


def criticised(
    manifest: Collection[Given],
    *,
    secret: bool,
    at: Mark,
    subject: object = None,
    kept_back: Collection[int] = (),
) -> Iterator[Finding]:
    """Criticise what was given out, by whatever door; `secret` is whether legal advice was in it.

    `kept_back` are the entries of which the same answer says that they, or a part, were withheld.
    That each entry has a digest of its own is asked of a disclosure alone.
    """
    if secret:
        words = "Legal advice was among what was disclosed."
        yield found("privileged_disclosed", "R72 L22", "high", words, at=at, subject=subject)
    if not manifest:
        words = "Something of the case was disclosed; which entries is not recorded."
        code = "disclosure_without_manifest"
        yield found(code, "L22", "medium", words, at=at, subject=subject)
    if any(one.form == "redacted" and not one.ground for one in manifest):
        words = "An entry was disclosed with something left out; the ground is not recorded."
        yield found("redacted_without_ground", "R165 L22", "medium", words, at=at, subject=subject)
    whole = [one for one in manifest if one.form == "as_recorded"]
    if any(one.ground or one.entry in kept_back for one in whole):
        words = "An entry was given as it was recorded, and is also said to be kept back or to "
        words += "have something left out."
        yield found("given_and_kept_back", "R165 L22", "medium", words, at=at, subject=subject)


def recipients(holders: Iterable[Holder], since: int) -> tuple[Recipient, ...]:
    """Whom to tell of an entry put right: whoever was given something after its position.

    Somebody who holds several copies is named for each, so that each can be asked for.
    """
    after = [one for one in holders if one.at.position > since]
    return tuple(
        Recipient(
            number=number,
            sent_at=one.at.position,
            what=one.what,
            organisation=one.organisation,
            role=one.role,
            role_other=one.role_other,
            participant=one.participant,
            person=one.person,
            copy=one.copy,
        )
        for number, one in enumerate(after, start=1)
    )
