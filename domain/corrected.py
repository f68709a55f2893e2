"""What a correction is, in a case's stream or a person's: its form, what refuses it, what stands.

Nothing recorded is ever changed. A correction is an event that points at an earlier one of its own
stream and says what is now understood; both stay readable (procedure A.3 I12). An entry is
understood by all its corrections, one after another (`Understood`): what a later one does not speak
of stays as an earlier one has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final, Generic, TypeAlias, TypeVar

from domain.finding import Finding
from domain.refusal import Refused, no_entry_words
from domain.stage import A_MOMENT, Mark, found, mark
from domain.when import When, on_day
from domain.words import Code, Due, Fact, Passage, derived, listed, numbering

_WRONG_PERSON: Final = "wrong_person"  # of `correction_reason`
# What of an event's header a correction may be about, besides the event's own fields.
HEADER_FIELDS: Final = frozenset(
    {"occurred", "performed_by", "role", "organisation", "purpose", "known_to", "source"}
)
# By stored name, the field that tells the same time as the header's `occurred`: a referral has
# happened once it is received, a death when the person died.
TIME_TOLD_IN: Final[Mapping[str, str]] = {
    "referral-received": "received",
    "referral-linked": "received",
    "person-died": "died",
}
# Likewise the day that tells the same: it follows where what is understood now is one certain day.
DAY_TOLD_IN_OF: Final[Mapping[str, str]] = {
    "section42-duty-decided": "decided_on",
    "three-point-criteria-determined": "decided_on",
    "enquiry-opened": "opened_on",
    "inquiry-opened": "opened_on",
    "enquiry-concluded": "concluded_on",
    "safeguarding-review-concluded": "concluded_on",
    "proceedings-outcome-recorded": "decided_on",
}
# What is wrong no more where a correction tells the time.
_OF_THE_TIME: Final = frozenset({"occurred", *TIME_TOLD_IN.values(), *DAY_TOLD_IN_OF.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAnew:
    """What is due by a correction, in the place of a due date that was counted from another time.

    `of` is the version of the event that has it, the corrected one or another that was counted from
    it, and `field` says which of its dates. Of an event of a case that this one is read in, `of` is
    the negative of its position. Without `due` nothing is due: what it was counted from was
    withdrawn, or, in an earlier release, it was not known from when it would be counted.
    """

    of: int = numbering()
    field: Code = derived("a due date of that event")
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Due):
    """A due date as now understood: counted from a corrected time, it takes another's place.

    Read, and never stored: in the record stand the one superseded, in its event, and this one, in
    the correction at that position.
    """

    supersedes: Due | None = None  # None where nobody knew from when it would be counted
    corrected_by: int = 0


W = TypeVar("W")  # a time, as a reader of the record has it
C = TypeVar("C")  # what a reader knows a correction by


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood(Generic[W, C]):
    """What is understood of an entry by its corrections so far, each taken in after those before.

    `when` is the time that was told last, by `told_by`; None while none was, and it stands at the
    time recorded. `withdrawn_by` is the correction that withdrew it, None while it stands: the time
    is kept meanwhile, for when it stands again. `wrong` are the fields that were recorded wrongly.
    """

    last: C | None = None
    when: W | None = None
    told_by: C | None = None
    withdrawn_by: C | None = None
    wrong: frozenset[str] = frozenset()

    def after(
        self, correction: C, *, withdrawn: bool, occurred: W | None, fields: Collection[str]
    ) -> Understood[W, C]:
        """Take in one more; `fields` are those it names.

        One that withdraws says nothing of the time. One that tells a time says that it was so. One
        that names fields alone puts these right, besides those named before, and leaves the time as
        it was understood, and withdrawn what was withdrawn. One that says none of this lets stand
        what was withdrawn; of what stands, it takes back that any field was wrong.
        """
        wrong = self.wrong.union(map(str, fields))
        if withdrawn:
            return replace(self, last=correction, withdrawn_by=correction)
        if occurred is not None:
            wrong -= _OF_THE_TIME
            return Understood(last=correction, when=occurred, told_by=correction, wrong=wrong)
        if fields:
            return replace(self, last=correction, wrong=wrong)
        if self.withdrawn:
            return replace(self, last=correction, withdrawn_by=None)
        return replace(self, last=correction, wrong=frozenset())

    @property
    def withdrawn(self) -> bool:
        """Whether it is now understood not to have happened, or not to belong here."""
        return self.withdrawn_by is not None

    @property
    def dues_by(self) -> C | None:
        """The correction whose due dates hold: what withdrew it, else what told its time."""
        return self.told_by if self.withdrawn_by is None else self.withdrawn_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An event of this stream is now understood otherwise (I12, L5).

    `target` is the version, in the stream, of the event corrected. `supersedes` is the version of
    the last correction of the same target before this one; None for the first. `fields` names what
    is corrected; `occurred` is when it is now understood to have happened. `withdrawn` says that it
    is now understood not to have happened, or not to belong here. What a correction does not speak
    of stays as it was understood (`Understood`): one that names fields alone moves no time, and
    lets nothing stand again that was withdrawn. One that names none, of an entry that stands, says
    that those named before were right as recorded.
    """

    target: int = numbering()
    supersedes: int | None = numbering()
    reason: Code = listed("correction_reason")
    reason_other: Passage | None = None
    asked_by: Code = listed("correction_asked_by")
    fields: tuple[Code, ...] = derived(
        "fields of the event corrected, or of its header", default=()
    )
    understood: Passage | None = None
    occurred: When | None = None
    withdrawn: bool = False

    @property
    def bare(self) -> bool:
        """Whether it says neither what is now understood, nor when it was, nor that it was not."""
        return self.understood is None and self.occurred is None and not self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """Correct an event; where it was corrected before, name the correction this one supersedes.

    That is the last one it had. What this one does not speak of stays as it was understood: with
    `fields` alone, its time stays, and it stays withdrawn if it was. With a time in `occurred` it
    stands, at that time. With none of `fields`, `occurred` and `withdrawn`, what was withdrawn
    stands again; of an entry that stands, the fields named before were right as recorded.
    """

    target: int
    supersedes: int | None = None
    reason: Code = listed("correction_reason")
    reason_other: Passage | None = None
    asked_by: Code = listed("correction_asked_by", default=Code("worker"))
    fields: tuple[Code, ...] = derived(
        "fields of the event corrected, or of its header", default=()
    )
    understood: Passage | None = None
    occurred: When | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Those of one stream: what is understood by them of each target, and those that say nothing.

    In `entries`, a correction is known by its version.
    """

    entries: Mapping[int, Understood[When, int]] = field(default_factory=dict)
    withdrawn: frozenset[int] = frozenset()  # targets now understood not to have happened
    # Of each target, every time that a correction of it told, in order.
    moved: Mapping[int, tuple[When, ...]] = field(default_factory=dict)
    unexplained: tuple[Mark, ...] = ()
    # Withdrawn as another person's, or another case's, and by which correction.
    of_another: Mapping[int, Mark] = field(default_factory=dict)

    @property
    def times(self) -> Mapping[int, When]:
        """When each that stands is now understood to have happened, where a correction told."""
        return {
            target: one.when
            for target, one in self.entries.items()
            if one.when is not None and not one.withdrawn
        }

    def after(self, event: Correction, fact: Fact[object]) -> Corrections:
        """Remember one more, which stands as this fact."""
        target, now = frozenset({event.target}), self._after(event, fact.version)
        wrong = event.reason == _WRONG_PERSON or event.target in self.of_another
        others = {key: at for key, at in self.of_another.items() if key != event.target}
        if now.withdrawn and wrong:
            others[event.target] = self.of_another.get(event.target, mark(fact))
        return Corrections(
            entries={**self.entries, event.target: now},
            withdrawn=self.withdrawn | target if now.withdrawn else self.withdrawn - target,
            moved=self._moved(event),
            unexplained=(*self.unexplained, mark(fact)) if event.bare else self.unexplained,
            of_another=others,
        )

    def _after(self, said: Correction | Correcting, version: int) -> Understood[When, int]:
        return _after(self.entries.get(said.target), said, version)

    def _moved(self, event: Correction) -> Mapping[int, tuple[When, ...]]:
        if event.occurred is None:
            return self.moved
        told = (*self.moved.get(event.target, ()), event.occurred)
        return {**self.moved, event.target: told}

    def withdraws(self, asked: Correcting) -> bool:
        """Whether an event is withdrawn with this correction: by it, or still."""
        return self._after(asked, 0).withdrawn

    def restores(self, asked: Correcting) -> bool:
        """Whether a correction lets an event stand again that was withdrawn."""
        return asked.target in self.withdrawn and not self.withdraws(asked)

    def check(
        self, asked: Correcting, *, there: bool | None, fields: Collection[str], of: str = "case"
    ) -> None:
        """Hold a correction to an event that exists, aware of every correction it had (I12).

        `there` says whether the event of that version is none but a correction, None where the
        stream has none; `fields` says which fields it has, `of` what the stream is of.

        Raises:
            Refused: it corrects nothing, or a correction, passes over an earlier one, or names a
                field that the event does not have.
        """
        if not there:
            words = (
                "That entry is itself a correction: name the entry that it corrected, and the "
                "correction as the one that this replaces."
            )
            if there is None:
                words = no_entry_words(of)
            raise Refused("nothing_to_correct", "I12", words, field="target")
        before = self.entries.get(asked.target)
        last = None if before is None else before.last
        if last != asked.supersedes:
            words = "This entry was never corrected: no earlier correction is replaced."
            if last is not None:
                words = (
                    f"This entry was corrected before, last by entry {last}: name that correction "
                    "as the one this replaces, which passes over none."
                )
            raise Refused("corrected_before", "I12", words, field="supersedes")
        if not set(asked.fields) <= {*fields, *HEADER_FIELDS}:
            raise Refused(
                "not_a_field",
                "I12",
                "Name only fields that this event has; what is now understood of them belongs in "
                "`understood`.",
                field="fields",
            )

    def findings(self) -> Iterator[Finding]:
        """Criticise corrections that do not say what is now understood (R154)."""
        for at in self.unexplained:
            words = "A correction was recorded and what is now understood is not."
            yield found("correction_unexplained", "R154", "medium", words, at=at)


def recorded_anew() -> Refused:
    """Say that an entry cannot stand again, since another has taken its place meanwhile (I1)."""
    words = (
        "This was withdrawn and has been recorded anew since: withdraw what took its place first, "
        "or leave both as they are."
    )
    return Refused("recorded_anew", "I1", words, field="withdrawn")


def standing(
    facts: Iterable[Fact[Any]], elsewhere: DuesAnew | None = None
) -> tuple[Fact[Any], ...]:
    """Give the facts of one stream as now understood, by all corrections of each (`Understood`).

    Those withdrawn are left out, and those now understood to have happened at another time stand
    at that time, with what is due by it (`redated`); everything else, and every correction, stays.
    So it is for views, for findings and for what is decided. `elsewhere` is what corrections in
    joined cases say is due (`dues_elsewhere`).
    """
    recorded_facts = tuple(facts)
    told = understood(recorded_facts)
    if not told and not elsewhere:
        return recorded_facts
    dues = dues_by_all(recorded_facts, told.values(), elsewhere)
    return tuple(
        _as_understood(fact, None if one is None else one.when, dues)
        for fact in recorded_facts
        if (one := told.get(fact.version)) is None or not one.withdrawn
    )


def withdrawn(facts: Iterable[Fact[Any]]) -> frozenset[int]:
    """The versions of one stream's facts that are now understood not to have happened."""
    return frozenset(target for target, one in understood(facts).items() if one.withdrawn)


ByFact: TypeAlias = Understood[When, Fact[Correction]]


def understood(facts: Iterable[Fact[Any]]) -> dict[int, ByFact]:
    """What is understood of each event of one stream that was corrected, by its version."""
    found: dict[int, ByFact] = {}
    for fact in facts:
        if isinstance(fact.event, Correction):
            found[fact.event.target] = _after(found.get(fact.event.target), fact.event, fact)
    return found


def _after(
    before: Understood[When, C] | None, said: Correction | Correcting, correction: C
) -> Understood[When, C]:
    return (before or Understood()).after(
        correction,
        withdrawn=said.withdrawn,
        occurred=said.occurred,
        fields=said.fields,
    )


# By version and field, what is due now, and at which position a correction says so.
DuesAnew: TypeAlias = Mapping[int, Mapping[str, tuple[Due | None, int]]]
# Whether a correction says what is due by an entry of another case, at a position.
Holds: TypeAlias = Callable[[Fact[Correction], int], bool]


def dues_anew(told: Iterable[ByFact]) -> DuesAnew:
    """The due dates that were reckoned anew with what is understood of each event corrected."""
    found: dict[int, dict[str, tuple[Due | None, int]]] = {}
    by = [one.dues_by for one in told if one.dues_by is not None]
    for fact in sorted(by, key=lambda one: one.position):
        for one in getattr(fact.event, "dues", ()):
            found.setdefault(one.of, {})[one.field] = (one.due, fact.position)
    return found


def dues_elsewhere(streams: Iterable[Iterable[Fact[Any]]], holds: Holds) -> DuesAnew:
    """What corrections in any of these cases say is due in another: by the negative position.

    Each by what was understood as the last that `holds` for it was recorded.
    """
    found: dict[int, Mapping[str, tuple[Due | None, int]]] = {}
    every = [[one for one in facts if isinstance(one.event, Correction)] for facts in streams]
    dues = (due for told in every for one in told for due in getattr(one.event, "dues", ()))
    for of in dict.fromkeys(one.of for one in dues if one.of < 0):
        held = ([one for one in told if holds(one, -of)] for told in every)
        told = [now for kept in held for now in understood(kept).values()]
        found[of] = dues_anew(told).get(of, {})
    return found


def dues_by_all(
    facts: Iterable[Fact[Any]], told: Iterable[ByFact], elsewhere: DuesAnew | None
) -> DuesAnew:
    """The due dates of one stream reckoned anew, by its corrections and by those of joined cases.

    What a later correction says of one takes the place of what an earlier one did.
    """
    found = dict(dues_anew(told))
    if not elsewhere:
        return found
    for fact in facts:
        own, theirs = found.get(fact.version, {}), elsewhere.get(-fact.position, {})
        if theirs:
            both = sorted([*own.items(), *theirs.items()], key=lambda one: one[1][1])
            found[fact.version] = dict(both)
    return found


def _as_understood(fact: Fact[Any], when: When | None, dues: DuesAnew) -> Fact[Any]:
    event = fact.event
    changed: dict[str, object] = {
        name: follow(getattr(event, name), due, position)
        for name, (due, position) in dues.get(fact.version, {}).items()
        if isinstance(getattr(event, name, ...), Due | None)  # a correction may say anything
    }
    if when is not None:
        changed |= _told_at(fact, when)
    if changed:
        event = replace(event, **changed)
    elif when is None:
        return fact
    occurred = fact.occurred if when is None else when
    return replace(fact, event=event, header=replace(fact.header, occurred=occurred))


def follow(was: Due | None, due: Due | None, position: int) -> Followed | None:
    """What is due by the correction at a position, and what that supersedes."""
    if due is None:
        return None
    told = {one.name: getattr(due, one.name) for one in fields(Due)}
    return Followed(**told, supersedes=was, corrected_by=position)


def _told_at(fact: Fact[Any], when: When) -> dict[str, object]:
    """The field that tells the same time as `occurred`, where an event has one, at another time."""
    name = TIME_TOLD_IN.get(fact.header.name)
    if name and same_time(fact.occurred, getattr(fact.event, name), fact.recorded_at):
        return {name: when}
    name, day = DAY_TOLD_IN_OF.get(fact.header.name), when.day
    told = None if name is None else getattr(fact.event, name)
    if name is None or told is None or day is None or when.uncertain:
        return {}
    return {name: day} if same_time(fact.occurred, on_day(told), fact.recorded_at) else {}


def same_time(occurred: When, told: When, recorded_at: datetime) -> bool:
    """Whether an event's `occurred` says no other time than the field of `TIME_TOLD_IN`.

    Then the field follows a corrected `occurred`. They say the same where they are stated alike or
    are one certain day; and where nobody stated when it occurred, so that the door set the moment
    of recording, the field alone was meant.
    """
    if occurred.text == told.text:
        return True
    if not occurred.uncertain and not told.uncertain and occurred.day == told.day:
        return True
    at = occurred.earliest
    return at is not None and at == occurred.latest and abs(recorded_at - at) <= A_MOMENT
