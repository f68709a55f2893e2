"""What an erasure is, in a case's stream or a person's: its form, who approves it, what refuses it.

An erasure is the one thing that no later event can put right. So it names what is to go, two people
have acted before anything does, and no hold stands over it (procedure E L9, L14, L17). The first of
the two approves: an event of its own in the same stream, which names the same. The other erases,
and names the approval.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.finding import Finding
from domain.refusal import Refused
from domain.stage import Context, Mark, found, mark
from domain.when import in_words
from domain.words import Code, Due, Fact, WorkerRef, listed, numbering

ENDED: Final = Code("retention_ended")  # the ground that no case has while it is open
LIMIT: Final = "erasure_approval"  # of the nation: how long an approval may be used


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """One person approved that these data be made unreadable for good (L14).

    Says what kind of data and by what authority, and holds none of it. `target` is the version of
    the event whose passages alone are to go. After `use_by`, counted from the day it was recorded,
    nothing is erased by it.
    """

    retention_class: Code = listed("retention_class")
    authority: Code = listed("erasure_authority")
    target: int | None = numbering(default=None)
    use_by: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Personal data were made unreadable for good, on two people's word (L9, L10, L14).

    Says what kind of data and by what authority, and holds none of it. `target` is the version of
    the event whose passages alone went, where it was not everything. `approvals` are the versions,
    in this stream, of the approvals it rests on: who gave them, and when, those events say.
    """

    retention_class: Code = listed("retention_class")
    authority: Code = listed("erasure_authority")
    target: int | None = numbering(default=None)
    approvals: tuple[int, ...] = numbering()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approving:
    """Approve an erasure that somebody else will carry out."""

    retention_class: Code = listed("retention_class")
    authority: Code = listed("erasure_authority")
    target: int | None = None

    def check(self, scope: Code) -> None:
        """Hold it to a passage that is named (L9).

        Raises:
            Refused: none is.
        """
        if scope == "passage" and self.target is None:
            raise no_target("Name the event whose passages are to go.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing(Approving):
    """Record the erasure that is carried out with this event, by the approvals it names."""

    approvals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval: who recorded it, of what, and until when it may be used."""

    by: WorkerRef
    of: tuple[object, ...]
    use_by: date
    at: Mark

    @property
    def authority(self) -> object:
        """On what ground."""
        return self.of[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An approval by which somebody else may still erase: what, on what ground, until when."""

    version: int
    scope: str
    authority: str
    by: WorkerRef
    use_by: date
    target: object = None  # the version of the one entry it is of, where it is not all


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Those of one stream, by version, and the erasures that rest on them."""

    given: Mapping[int, Approval] = field(default_factory=dict)
    used: Mapping[int, Mark] = field(default_factory=dict)  # approval → the erasure by it

    def approved(self, event: Approved, fact: Fact[object]) -> Approvals:
        """Remember one more, of whoever recorded it: a name that somebody else gives acts not."""
        one = Approval(
            by=fact.header.recorded_by, of=_sought(event), use_by=event.use_by.on, at=mark(fact)
        )
        return Approvals(given={**self.given, fact.version: one}, used=self.used)

    def erased(self, event: Erased, fact: Fact[object]) -> Approvals:
        """Remember which were used."""
        at = mark(fact)
        return Approvals(given=self.given, used={**self.used, **dict.fromkeys(event.approvals, at)})

    def check(
        self,
        asked: object,
        named: tuple[int, ...],
        withdrawn: Collection[int],
        context: Context,
        *,
        latest: int,
    ) -> None:
        """Hold an erasure that is asked to what `carry` asks of its approvals (L14). Raises."""
        self.carry(
            asked,
            named,
            withdrawn,
            people={context.actor.worker, context.performed_by},
            today=context.today,
            needed=context.jurisdiction.erasure_approvals,
            latest=latest,
        )

    def carry(
        self,
        asked: object,
        named: tuple[int, ...],
        withdrawn: Collection[int],
        *,
        people: Collection[WorkerRef],
        today: date,
        needed: int,
        latest: int,
    ) -> None:
        """Hold an erasure to approvals that stand, of the same, by others than who erases (L14).

        `withdrawn` are the versions that a correction has withdrawn. Those who erase are `people`:
        whoever records it, and whoever is said to have done it: else one person could be both.
        Whoever approves that all of it goes has seen what there was: where more than approvals was
        recorded since, up to the version `latest` of the stream, nobody has approved that this goes
        too.

        Raises:
            Refused: too few are named; one is not there, was withdrawn, used, overtaken or is too
                old, is of something else, or is by whoever erases or approved already.
        """
        people = set(people)
        for number, version in enumerate(named):
            place = f"approvals[{number}]"
            one = self.given.get(version)
            if one is None or version in withdrawn:
                raise _no("no_such_approval", "No approval of an erasure stands there.", place)
            if version in self.used:
                raise _no("approval_used", "An erasure was carried out by this approval.", place)
            if one.of != _sought(asked):
                words = "This approval is of another erasure: all it says is the same in both."
                raise _no("approval_of_other", words, place)
            if today > one.use_by:
                words = f"This approval could be used until {in_words(one.use_by)}: ask anew."
                raise _no("approval_expired", words, place)
            if getattr(asked, "target", None) is None and not self._last(version, latest):
                words = "More was recorded since this approval: ask for one of all there is now."
                raise _no("approval_overtaken", words, place)
            if one.by in people:
                words = "Each approval is by somebody else than who erases, and than the others."
                raise _no("same_approver", words, place)
            people.add(one.by)
        if len(named) < needed:
            words = (
                "An erasure rests on what somebody else has approved: they record it first, and "
                "its version is named here."
            )
            raise _no("not_approved", words, "approvals")

    def waiting(self, withdrawn: Collection[int], on: date, *, latest: int) -> Iterator[Waiting]:
        """Those by which an erasure would be taken on a day, as `check` holds it to them."""
        for version, one in self.given.items():
            scope, _person, target, _kind, ground = one.of
            if version in withdrawn or version in self.used or on > one.use_by:
                continue
            if target is None and not self._last(version, latest):
                continue
            yield Waiting(
                version=version,
                scope=str(scope),
                authority=str(ground),
                by=one.by,
                use_by=one.use_by,
                target=target,
            )

    def _last(self, version: int, latest: int) -> bool:
        """Whether nothing but approvals was recorded after one."""
        return all(one in self.given for one in range(version + 1, latest + 1))

    def ended(self) -> Iterator[Mark]:
        """Where it was approved that something goes since its time of keeping had ended."""
        return (one.at for one in self.given.values() if one.authority == ENDED)

    def ended_of(self, kind: Code | None) -> Iterator[Mark]:
        """Where that was approved of what is kept by a class."""
        every = (one for one in self.given.values() if one.authority == ENDED)
        return (one.at for one in every if kind is not None and one.of[-2] == kind)

    def findings(self, withdrawn: Collection[int]) -> Iterator[Finding]:
        """Criticise that an approval was withdrawn when the erasure by it had been carried out."""
        for version, at in self.used.items():
            if version in withdrawn:
                words = "An approval was withdrawn that this erasure had rested on."
                yield found("erasure_approval_withdrawn", "R150", "high", words, at=at)


def _sought(of: object) -> tuple[object, ...]:
    """What is to go, and on what ground; `person` only where a case says so."""
    names = ("scope", "person", "target", "retention_class", "authority")
    return tuple(getattr(of, name, None) for name in names)


def use_by(context: Context) -> Due:
    """Until when an approval recorded today may be used."""
    due = context.calendar.due(LIMIT, context.today)
    if due is None:
        raise KeyError(LIMIT)  # every nation has it: a programmer's error
    return due


def own_name(context: Context) -> None:
    """Hold an approval to being the act of whoever records it (L14).

    Raises:
        Refused: it is said to have been given by somebody else.
    """
    if context.performed_by != context.actor.worker:
        words = "Whoever approves an erasure records that: leave `performed_by` out."
        raise _no("approved_by_other", words, "performed_by")


def refuse_undoing(*, withdrawn: bool) -> None:
    """Refuse to withdraw an erasure; when and why it was can be corrected (L9).

    Its keys are gone: a record that showed it as never having been would say what is not so, and
    no later event could make it true.

    Raises:
        Refused: it is to be withdrawn.
    """
    if withdrawn:
        raise Refused(
            "erased_for_good",
            "L9",
            "An erasure cannot be undone, so its entry is not withdrawn: say in `understood` what "
            "is now known of it, or in `occurred` when it was.",
            field="withdrawn",
        )


def _no(code: str, words: str, where: str) -> Refused:
    return Refused(code, "L14", words, field=where)


def no_target(words: str) -> Refused:
    """Say that the event whose passages are to go is not named, or not there."""
    return Refused("no_target", "L9", words, field="target")


def held(words: str) -> Refused:
    """Say that a legal hold stands over it."""
    return Refused("legal_hold", "L17", words)
