"""The words every room shares: references, codes, personal passages, headers and facts.

Imports nothing of ours but `when`. A stored text is one of three things and nothing else:
a `Code` (an enumerated value of the jurisdiction), a `Slug` (an organisation's identifier), or
`Personal` (sealed, about somebody). The house test on stored fields rests on these types.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, NewType, Protocol, Self, TypeAlias, TypeVar, cast
from uuid import UUID

from domain.when import When

# Random references. Who somebody is lives only in that person's own stream.
CaseRef = NewType("CaseRef", UUID)
PersonRef = NewType("PersonRef", UUID)
WorkerRef = NewType("WorkerRef", UUID)
AllegationRef = NewType("AllegationRef", UUID)
EnquiryRef = NewType("EnquiryRef", UUID)
ConferenceRef = NewType("ConferenceRef", UUID)
PlanRef = NewType("PlanRef", UUID)
ActionRef = NewType("ActionRef", UUID)
ReportRef = NewType("ReportRef", UUID)
OutcomeRef = NewType("OutcomeRef", UUID)
DocumentRef = NewType("DocumentRef", UUID)
OrderRef = NewType("OrderRef", UUID)
ProceedingsRef = NewType("ProceedingsRef", UUID)
AmendmentRef = NewType("AmendmentRef", UUID)
RegulatoryReferralRef = NewType("RegulatoryReferralRef", UUID)
BarringDutyRef = NewType("BarringDutyRef", UUID)
ReviewRef = NewType("ReviewRef", UUID)  # a Safeguarding Adults Review or Learning Review asked for
ChangeRef = NewType("ChangeRef", UUID)
IssueRef = NewType("IssueRef", UUID)
RequestRef = NewType("RequestRef", UUID)  # somebody's request about their data
LargeScaleRef = NewType("LargeScaleRef", UUID)  # one enquiry into a service, of many cases
ParticipantRef = NewType("ParticipantRef", UUID)  # somebody at one conference, whoever that is

_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9./_-]{0,79}")
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_MOST_DIGITS = 4  # more could be somebody's number
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Code(str):
    """An enumerated value (`neglect`, `not_recorded`); its label belongs to the jurisdiction."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Hold the text to its form. Raises ValueError."""
        if not _CODE.fullmatch(value):
            raise ValueError("a code is lower-case letters, digits and underscores, at most 64")
        return super().__new__(cls, value)


class Slug(str):
    """An organisation's or system's identifier (`north-team`, `police`); never a person's name."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Hold the text to its form. Raises ValueError."""
        if not _SLUG.fullmatch(value):
            raise ValueError("an identifier is lower-case letters, digits and . / _ -, at most 80")
        return super().__new__(cls, value)


def named(text: str) -> Slug:
    """An identifier as somebody may give one: too strict a form for words or a person's number.

    What the rules make themselves (the name of a calendar) has only the form of a `Slug`.

    Raises:
        ValueError: the message says what is accepted, and never repeats the text.
    """
    digits = sum(one.isdigit() for one in text)
    if not _NAME.fullmatch(text) or len(text) > _LONGEST_NAME or digits > _MOST_DIGITS:
        raise ValueError(
            "a team, an agency or a system is named by lower-case letters, digits and single "
            "hyphens, at most 40 and at most 4 of them digits, such as north-team or police; "
            "whatever else is to be said belongs in a text field"
        )
    return Slug(text)


SAFEGUARDING = Code("safeguarding")


# Letters and marks that show nothing by themselves, beside what is a space or a control by kind.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def blank(text: str) -> bool:
    """Whether nothing in a text can be seen: it is empty, or spaces and signs of no width alone."""
    return all(
        one in _UNSEEN
        or unicodedata.category(one) in {"Cc", "Cf", "Cn", "Zl", "Zp", "Zs"}
        or "\ufe00" <= one <= "\ufe0f"  # how the letter before it is to look
        for one in text
    )


class Digest(str):
    """The SHA-256 of some bytes, as 64 lower-case hexadecimal digits."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Hold the text to its form. Raises ValueError."""
        if not _DIGEST.fullmatch(value):
            raise ValueError("a digest is 64 lower-case hexadecimal digits")
        return super().__new__(cls, value)


@dataclass(frozen=True, slots=True)
class Personal:
    """Text about a person or a case, in clear only in memory; stored sealed under a key of its own.

    `about` names whose key wraps the passage's key: a PersonRef or a CaseRef. Forgetting that
    subject, or this passage alone, makes it `Forgotten` everywhere and backwards in time.
    """

    about: UUID
    text: str

    def __repr__(self) -> str:  # a passage must never reach a log through repr
        return f"Personal(about={self.about}, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a passage is once its key has been lawfully destroyed. Every view must handle it."""

    about: UUID

    def __str__(self) -> str:
        return "[forgotten]"


Passage: TypeAlias = Personal | Forgotten


def listed(name: str, **options: Any) -> Any:  # noqa: ANN401 — as `dataclasses.field`, whose call it is
    """Declare a dataclass field whose code must be in the jurisdiction's list `name`.

    For a tuple of codes every member is checked. If the value is `other`, the field named
    `<field>_other` must hold text (I11).
    """
    return field(metadata={"list": name}, **options)


def derived(what: str, **options: Any) -> Any:  # noqa: ANN401 — as above
    """Declare a dataclass field whose code nobody chooses freely, and no list has.

    The rules make it themselves, or hold what was asked to a closed set: `what` says which.
    """
    return field(metadata={"derived": what}, **options)


def numbering(**options: Any) -> Any:  # noqa: ANN401 — as above
    """Declare a dataclass field whose numbers name entries of the same stream, by their version.

    Where the entry that has it is read in another case, they are read under the numbers those
    entries have there (`renumbered`).
    """
    return field(metadata={"entry": True}, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A date by which something is due, with how it was reckoned; stored, never recomputed.

    Where it is counted from a time that is not one certain day, `started` is that time as it was
    stated and `start` the latest day it can have been, so that `on` is the latest day it is due.
    `policy` is the version of the procedure that gave the limit, the nation's and, after a stroke,
    the authority's own (`scotland-2026.2/local-2`); None of a day somebody chose, and of a date
    that was recorded before this was kept.
    """

    on: date
    rule: Code = derived("a limit of the jurisdiction, or `chosen`")
    start: date
    calendar: Slug = derived("the name of a calendar")
    skipped: tuple[date, ...] = ()
    started: When | None = None
    policy: Slug | None = derived("the version of a policy", default=None)

    @property
    def earliest_start(self) -> date | None:
        """The earliest day it can be counted from; None where that is not known."""
        return self.start if self.started is None else self.started.first_day


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTo:
    """An agency that knew of the fact, and since when (procedure C.3)."""

    agency: Slug
    since: When


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReference:
    """The name another system has for the same thing: (system, id), the id sealed."""

    system: Slug
    id: Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, as the door established it: reference, role and organisation (I2)."""

    worker: WorkerRef
    role: Code
    organisation: Slug
    team: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is true of a command besides its content: when it was so, who did it, for what purpose.

    `occurred` is when the thing recorded happened; `performed_by` defaults to the actor.
    `source`/`source_recorded` say where an imported entry stood and when it was written there.
    Looked up, and sent by nobody: `performer_unknown`, that `performed_by` is no registered worker,
    and `unknown_workers`, those the command names who are none.
    """

    occurred: When
    purpose: Code = SAFEGUARDING
    performed_by: WorkerRef | None = None
    performed_role: Code | None = None
    performed_organisation: Slug | None = None
    known_to: tuple[KnownTo, ...] = ()
    source: Slug | None = None
    source_recorded: When | None = None
    correlation: UUID | None = None
    causation: int | None = None
    performer_unknown: bool = False
    unknown_workers: tuple[WorkerRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands beside an event in clear: what kind it is, the two clocks, who and why (I2)."""

    name: str
    version: int
    occurred: When
    recorded_by: WorkerRef
    performed_by: WorkerRef
    role: Code
    organisation: Slug
    purpose: Code
    correlation: UUID
    command: UUID
    causation: int | None = None
    known_to: tuple[KnownTo, ...] = ()
    source: Slug | None = None
    source_recorded: When | None = None
    performer_unknown: bool = False  # `performed_by` was no registered worker as it was recorded
    unknown_workers: tuple[WorkerRef, ...] = ()  # nor were these, whom the event names


E_co = TypeVar("E_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Fact(Generic[E_co]):
    """An event as it stands in the record, with its place and both clocks."""

    event: E_co
    header: Header
    stream: UUID
    version: int
    position: int
    recorded_at: datetime

    @property
    def occurred(self) -> When:
        """When it was so; may be uncertain or unknown."""
        return self.header.occurred


class WorkingDays(Protocol):
    """The authority's calendar; implemented in `domain.calendar`, given to decisions."""

    def due(self, rule: str, start: date) -> Due | None:
        """The due date of the limit `rule` counted from `start`; None where there is none then."""
        ...

    def works(self, day: date) -> bool:
        """Whether the authority's office works on that day."""
        ...


Terms: TypeAlias = Mapping[str, str]


def subjects(value: object, path: str = "") -> Iterator[tuple[UUID, str]]:
    """Whom the passages within a value are about, each with its field, in order."""
    if isinstance(value, Personal | Forgotten):
        yield value.about, path
    elif isinstance(value, tuple):
        for number, member in enumerate(value):
            yield from subjects(member, f"{path}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from subjects(getattr(value, one.name), f"{path}.{one.name}".lstrip("."))


def numbered(value: object, path: str = "") -> Iterator[tuple[str, int]]:
    """The numbers by which a value names entries of its stream, each with its field, in order."""
    if isinstance(value, tuple):
        for place, member in enumerate(value):
            yield from numbered(member, f"{path}[{place}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            content, name = getattr(value, one.name), f"{path}.{one.name}".lstrip(".")
            if "entry" not in one.metadata:
                yield from numbered(content, name)
            elif isinstance(content, tuple):
                yield from ((f"{name}[{place}]", of) for place, of in enumerate(content))
            elif content is not None:
                yield name, content


V = TypeVar("V")


def renumbered(value: V, number: Callable[[int], int]) -> V:
    """The same value with every number that names an entry of its stream given anew."""
    if isinstance(value, tuple):
        return cast("V", tuple(renumbered(member, number) for member in value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = dict[str, Any]()
    for one in fields(value):
        content = getattr(value, one.name)
        if "entry" not in one.metadata:
            anew = renumbered(content, number)
        elif isinstance(content, tuple):
            anew = tuple(map(number, content))
        else:
            anew = None if content is None else number(content)
        if anew != content:
            changed[one.name] = anew
    return cast("V", replace(value, **changed)) if changed else value
