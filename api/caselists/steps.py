"""What a row makes of a case: the event that brings it forward, and the entries that follow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from api.caselists.rows import Listed, kind_of
from domain.allocation import AllocateCase, AppointOfficer
from domain.closure import CloseCase
from domain.concern import Allegation, ReceiveReferral
from domain.conclusion import ConcludeEnquiry
from domain.conference import ConveneConference
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry
from domain.forward import BringCaseForward, Matter
from domain.jurisdictions import Jurisdiction
from domain.monitoring import SetReviewDate
from domain.plan import AgreePlan, Terms
from domain.sitting import HoldConference, HoldCoreGroup
from domain.told import certainly_before
from domain.when import When, between, on_day, unknown
from domain.words import (
    AllegationRef,
    CaseRef,
    Code,
    ConferenceRef,
    EnquiryRef,
    ExternalReference,
    Passage,
    Personal,
    PersonRef,
    PlanRef,
    Slug,
    WorkerRef,
)

Workers = Callable[[str], WorkerRef]
COUNCIL: Final = Slug("council")
NOT_STATED: Final = Slug("not-stated")
NOT_RECORDED: Final = Code("not_recorded")
OF_COUNCIL: Final = "council-officer-appointed"  # the law has only the council's own be one
UNSAID: Final = "The list it was brought forward from does not say why."
T = TypeVar("T", bound=UUID)

# Which columns each matter is told in: it was asked for where the list has any of them.
COLUMNS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "referral": ("received",),
    "allegations": ("allegations",),
    "duty": ("duty_decided", "duty_result"),
    "allocation": ("worker_id", "worker", "allocated"),
    "officer": ("officer_id", "officer", "appointed"),
    "enquiry": ("enquiry_opened", "enquiry_kind"),
    "conclusion": ("enquiry_concluded",),
    "conference": ("conference",),
    "core_group": ("core_group",),
    "plan": ("plan",),
    "review": ("review",),
    "closing": ("closed", "closed_because"),
}

# The column whose text stands beside a matter.
WORDS_OF: Final = {"allocation": "worker", "officer": "officer", "duty": "duty_result"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry to record: its name among those of its row, what is asked, and when it was so.

    `told_in` maps fields of the command to the columns that tell them, `dated` is the column that
    tells its time, where one does.
    """

    name: str
    command: Any
    occurred: When
    told_in: Mapping[str, str] = field(default_factory=dict)
    dated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row as commands: the one that brings the case forward, and those that follow it, in order.

    `notes` say of columns what no entry can hold and so only stands as stated.
    """

    forward: Step
    steps: tuple[Step, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What holds for every row: the nation, the day, and the reference of a worker by their ID."""

    nation: Jurisdiction
    today: date
    workers: Workers


def made_of(row: Listed, case: CaseRef, adult: PersonRef, by: Import) -> Case:
    """Make the commands of a row; references in them are the same whenever it is read."""
    making = _Making(row, case, adult, by)
    steps = tuple(making.steps())
    return Case(forward=making.forward(steps), steps=steps, notes=tuple(making.notes))


def reference_of(case: UUID, name: str) -> UUID:
    """The reference of something of a case, reckoned so that asking twice asks the same."""
    digest = hashlib.sha256(case.bytes + b"\x1f" + name.encode()).digest()
    return UUID(bytes=digest[:16], version=5)


class _Making:
    """The steps of one row, as they are made."""

    def __init__(self, row: Listed, case: CaseRef, adult: PersonRef, by: Import) -> None:
        self.row, self.case, self.adult = row, case, adult
        self._nation, self._workers = by.nation, by.workers
        self._by_now = between(None, by.today)
        self._enquiry = EnquiryRef(reference_of(case, "enquiry"))
        self._plan = PlanRef(reference_of(case, "plan"))
        self.notes: list[tuple[str, str]] = []

    def steps(self) -> Iterator[Step]:
        """Every entry the row makes, in the order in which things happen."""
        yield self._referral()
        yield from self._duty()
        yield from self._held_by()
        yield from self._of_enquiry()
        yield from self._met("conference", self.row.codes.get("conference_kind"))
        yield from self._met("core_group", Code("core_group"))
        yield from self._of_plan()
        yield from self._closing()

    def forward(self, steps: tuple[Step, ...]) -> Step:
        """What brings the case forward: what was asked for, what stands there, what follows."""
        row, entered = self.row, {one.name for one in steps}
        stage = Code("not_recorded" if "stage" in row.asked else "not_asked")
        command = BringCaseForward(
            adult=self.adult,
            reference=ExternalReference(system=row.system, id=Personal(self.case, row.reference)),
            stage=row.codes.get("stage", stage),
            team=row.team,
            matters=tuple(self._matter(what, entered=what in entered) for what in COLUMNS_OF),
            author=self._said("author"),
            notes=self._said("notes"),
        )
        told_in = {"stage": "stage", "team": "team", "author": "author", "notes": "notes"}
        return Step(name="forward", command=command, occurred=self._by_now, told_in=told_in)

    def _matter(self, what: str, *, entered: bool) -> Matter:
        row, columns = self.row, COLUMNS_OF[what]
        present = [one for one in columns if one in row.cells]
        dated = "appointed" if what == "officer" else columns[0]
        when = row.review if what == "review" else row.times.get(dated)
        answer = "recorded"
        if not present:
            asked = any(one in row.asked for one in columns)
            answer = "not_recorded" if asked else "not_asked"
            if not row.not_known.isdisjoint(columns):
                answer = "not_known"
        elif when is not None and when.unknown and len(present) == 1:
            answer = "not_known"
        words = WORDS_OF.get(what)
        return Matter(
            what=Code(what),
            answer=Code(answer),
            entered=entered,
            stated=None if entered else when,
            words=None if words is None else self._said(words),
        )

    def _said(self, column: str) -> Passage | None:
        text = self.row.cells.get(column)
        return None if text is None else Personal(self.adult, text)

    def _only_stated(self, column: str) -> None:
        why = "this is not one certain day: it stands as stated, and no return counts it"
        self.notes.append((column, why))

    def _referral(self) -> Step:
        row = self.row
        received = row.times.get("received", unknown())
        if received.unknown:
            self.notes.append(("received", "not known: the concern is counted in no return"))
        made = tuple(
            Allegation(
                ref=AllegationRef(reference_of(self.case, f"allegation {number}")),
                type=kind,
                source=source,
                location=location,
            )
            for number, (kind, source, location) in enumerate(row.alleged)
        )
        return Step(
            name="referral",
            command=ReceiveReferral(adult=self.adult, received=received, allegations=made),
            occurred=received,
            told_in={"received": "received", "allegations": "allegations", "adult": "person"},
        )

    def _duty(self) -> Iterator[Step]:
        result, day = self.row.codes.get("duty_result"), self.row.day("duty_decided")
        received = self.row.times.get("received")
        if result is not None and day is not None:
            if received is not None and certainly_before(on_day(day), received):
                why = "this lies before Received: both are recorded, see which of them is right"
                self.notes.append(("duty_decided", why))
            yield Step(
                name="duty",
                command=DecideDuty(criteria=(), result=result, decided_on=day),
                occurred=on_day(day),
                told_in={"result": "duty_result", "decided_on": "duty_decided"},
            )
        elif result is not None:
            self._only_stated("duty_decided")
        elif "duty_decided" in self.row.cells:
            self.notes.append(("duty_result", "what was decided is not said: nothing is counted"))

    def _held_by(self) -> Iterator[Step]:
        row = self.row
        if (held := row.cells.get("worker_id")) is not None and row.team is not None:
            yield Step(
                name="allocation",
                command=AllocateCase(worker=self._workers(held), team=row.team),
                occurred=row.times.get("allocated", self._by_now),
                told_in={"worker": "worker_id", "team": "team"},
                dated="allocated" if "allocated" in row.times else None,
            )
        elif held is not None:
            why = "not known: nobody holds the case here until it is allocated"
            self.notes.append(("team", why))
        elif "worker" in row.cells or row.team is not None:
            why = "without a Worker ID nobody holds the case here until it is allocated"
            self.notes.append(("worker_id", why))
        if (leads := row.cells.get("officer_id")) is not None:
            by_law = self._nation.officer_event == OF_COUNCIL
            whose = COUNCIL if by_law else NOT_STATED  # no column tells it
            yield Step(
                name="officer",
                command=AppointOfficer(officer=self._workers(leads), organisation=whose),
                occurred=row.times.get("appointed", self._by_now),
                told_in={"officer": "officer_id"},
                dated="appointed" if "appointed" in row.times else None,
            )
        elif "officer" in row.cells or "appointed" in row.cells:
            why = "without an Officer ID nobody leads the case here until an officer is appointed"
            self.notes.append(("officer_id", why))

    def _of_enquiry(self) -> Iterator[Step]:
        row, kind = self.row, kind_of(self.row.codes, self._nation)
        opened, concluded = row.day("enquiry_opened"), row.day("enquiry_concluded")
        if "enquiry_opened" not in row.times or kind is None:
            return
        if opened is None:
            self._only_stated("enquiry_opened")
            return
        yield Step(
            name="enquiry",
            command=OpenEnquiry(enquiry=self._enquiry, kind=kind, opened_on=opened),
            occurred=on_day(opened),
            told_in={"opened_on": "enquiry_opened", "kind": "enquiry_kind"},
        )
        if concluded is not None:
            yield Step(
                name="conclusion",
                command=ConcludeEnquiry(enquiry=self._enquiry, concluded_on=concluded),
                occurred=on_day(concluded),
                told_in={"concluded_on": "enquiry_concluded"},
            )
        elif "enquiry_concluded" in row.times:
            self._only_stated("enquiry_concluded")

    def _met(self, column: str, kind: Code | None) -> Iterator[Step]:
        """A meeting called, at a time no column tells but not after it, and held."""
        held = self.row.times.get(column)
        if held is None or kind is None:
            return
        ref = ConferenceRef(reference_of(self.case, column))
        yield Step(
            name=column,
            command=ConveneConference(conference=ref, kind=kind, planned_for=unknown()),
            occurred=self._by_now if held.last_day is None else between(None, held.last_day),
            told_in={"kind": "conference_kind"} if column == "conference" else {},
        )
        group = HoldCoreGroup(conference=ref, parts=())
        whole = HoldConference(conference=ref, parts=())
        yield Step(
            name=f"{column}_held",
            command=group if column == "core_group" else whole,
            occurred=held,
            dated=column,
        )

    def _of_plan(self) -> Iterator[Step]:
        agreed, review = self.row.times.get("plan"), self.row.review
        if agreed is None:
            return
        kind = self.row.codes.get("plan_kind", NOT_RECORDED)
        terms = Terms(kind=kind, review=NOT_RECORDED)
        yield Step(
            name="plan",
            command=AgreePlan(plan=self._plan, origin=Code("imported"), terms=terms),
            occurred=agreed,
            told_in={"terms": "plan_kind"},
            dated="plan",
        )
        if review is None:
            return
        if review.day is None or review.uncertain:
            why = "this is not one certain day: it stands as stated, and no review is due by it"
            self.notes.append(("review", why))
            return
        command = SetReviewDate(plan=self._plan, reason=NOT_RECORDED, on=review.day)
        yield Step(name="review", command=command, occurred=self._by_now, told_in={"on": "review"})

    def _closing(self) -> Iterator[Step]:
        row = self.row
        if "closed" not in row.times and row.codes.get("stage") != "closed":
            return
        reason, why = self._reason()
        yield Step(
            name="closing",
            command=CloseCase(reason=reason, reason_other=why),
            occurred=row.times.get("closed", unknown()),
            told_in={"reason": "closed_because", "reason_other": "closed_because"},
            dated="closed",
        )

    def _reason(self) -> tuple[Code, Passage | None]:
        """Why it was closed: a reason of the list, or its own words beside `other`."""
        text = self.row.cells.get("closed_because")
        for code, label in self._nation.lists["closure_reason"].items():
            if text is not None and code != "other" and text.lower() in {code, label.lower()}:
                return Code(code), None
        return Code("other"), Personal(self.adult, UNSAID if text is None else text)
