"""What whoever is alleged to have caused harm comes to have: a seat beside the adult, documents.

Nothing is refused. It is asked whether how that was arranged is recorded: a part of their own, a
copy that leaves something out, or a decision that names them (R23, R32, R52, R162, R165, R166,
R172).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from domain.copies import (
    MINUTES,
    NO_BASIS,
    PLAN,
    REPORT,
    Receiver,
    Release,
    Sent,
    Whom,
    WrittenUp,
    attended,
    given,
    went_without,
)
from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark, could_precede, found
from domain.words import Code, ConferenceRef, ParticipantRef, PersonRef, PlanRef, ReportRef

_OUTCOME: Final = frozenset({"outcome", "outcome_and_plan"})  # of `feedback_content`
_WITH_ADULT: Final = frozenset({"adult", "representative"})  # of `participant_role`


def alleged(person: PersonRef | None, at: Mark, known: Known) -> bool:
    """Whether somebody else than the adult was identified as alleged by then, or may have been."""
    since = None if person is None or person == known.adult else known.pach_identified.get(person)
    return since is not None and could_precede(since.when, at.when)


def at_meetings(known: Known) -> Iterator[Finding]:
    """Ask of each meeting whether they are kept apart from the adult in it (R32, R52)."""
    for ref in known.conferences:
        if not _arranged(ref, known):
            yield from _asked(ref, known)
            yield from _beside(ref, known)


def _arranged(ref: ConferenceRef, known: Known) -> bool:
    """Whether another arrangement than parts is recorded of a meeting (R35)."""
    layout = known.layouts.get(ref)
    return layout is not None and layout.alternative


def _asked(ref: ConferenceRef, known: Known) -> Iterator[Finding]:
    """Ask whether they were invited to parts that are named, or are kept out of some."""
    met: list[tuple[str, Any]] = [*known.met(ref)]
    settled = {
        event.participant
        for name, event in met
        if name in {"participant-uninvited", "participant-excluded"}
    }
    settled |= _weighed(met)
    parts = {event.participant: event.parts for name, event in met if name == "participant-invited"}
    roster = known.rosters.get(ref)
    for who, one in ({} if roster is None else roster.invited).items():
        whole = who not in settled and not parts.get(who)
        if whole and alleged(one.person, one.at, known) and not _chosen(one.person, met):
            words = "Somebody alleged to have caused harm was invited to all of the meeting; how "
            words += "they are kept apart from the adult is not recorded."
            code = "pach_invited_to_all"
            yield found(code, "R32 R52", "high", words, at=one.at, subject=ref, which=who)


def _beside(ref: ConferenceRef, known: Known) -> Iterator[Finding]:
    """Ask of each part whether they were in it with the adult, or whoever came for them."""
    sitting = known.sittings.get(ref)
    if sitting is None:
        return
    there = [(number, line) for number, line in sitting.attendances if line.present]
    beside = {number for number, line in there if line.role in _WITH_ADULT}
    met: list[tuple[str, Any]] = [*known.met(ref)]
    numbers = dict[int, None]()
    for number, line in there:
        person = _person(ref, line.participant, known)
        settled = _chosen(person, met) or line.participant in _weighed(met)
        if alleged(person, sitting.held, known) and not settled:
            numbers[number] = None
    for number in sorted(beside & {*numbers}):
        words = "Somebody alleged to have caused harm is recorded in a part of the meeting with "
        words += "the adult or their representative, and no arrangement for that."
        at, code = sitting.held, "pach_with_adult"
        yield found(code, "R32 R52", "high", words, at=at, subject=ref, which=number)


def _weighed(met: list[tuple[str, Any]]) -> set[object]:
    """Of whom it was decided, with the reason, whether they come as the adult's relative (R59)."""
    return {
        event.participant
        for name, event in met
        if name == "family-attendance-decided" and event.rationale is not None
    }


def _chosen(person: PersonRef | None, met: list[tuple[str, Any]]) -> bool:
    """Whether the adult named them to come on their behalf, and it is said why they may (R52)."""
    return any(
        event.person == person and event.override_reason is not None
        for name, event in met
        if name == "adult-representative-nominated" and person is not None
    )


def _person(ref: ConferenceRef | None, who: object, known: Known) -> PersonRef | None:
    """Who somebody invited to a meeting is, where that is a person we know."""
    roster = None if ref is None else known.rosters.get(ref)
    invited: Any = None if roster is None else roster.invited.get(who)  # type: ignore[call-overload]  # None is no key
    return None if invited is None else invited.person


# --------------------------------------------------------------------------------- documents


def minutes_given(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Say where they have minutes of which nothing is left out and no decision says so (R165)."""
    marks = dict[Mark, None]()
    for at, one in kept.sent:
        person = one.person or _person(ref, one.participant, known)
        whole = one.copy == one.source or not kept.redacted.get(one.copy)
        if whole and alleged(person, at, known) and not _own_part(ref, one, known):
            release = Release(what=MINUTES, to=_named(one, person), conference=ref)
            if not _decided(release, at, known, one.authority):
                marks[at] = None
    for at in marks:
        words = "A copy of the minutes that leaves nothing out went to somebody alleged to have "
        words += "caused harm; no decision that names them is recorded."
        yield found("minutes_to_pach", "R165 R166", "high", words, at=at, subject=ref)


def _own_part(ref: ConferenceRef, one: Sent, known: Known) -> bool:
    """Whether a copy is of parts alone that they were in, and the adult's side was not.

    The minutes themselves are of all parts, whatever is said of them.
    """
    sitting = known.sittings.get(ref)
    if sitting is None or not one.parts:
        return False
    parts = sitting.part_numbers if one.copy == one.source else frozenset(one.parts)
    there = [(number, line) for number, line in sitting.attendances if line.present]
    beside = {number for number, line in there if line.role in _WITH_ADULT}
    return beside.isdisjoint(parts) and attended(one, sitting).issuperset(parts)


class Given(Protocol):
    """A report that somebody was given (`tabling.ReportShared`)."""

    @property
    def report(self) -> ReportRef:
        """Which report."""

    @property
    def recipient(self) -> Receiver:
        """Whom it went to."""

    @property
    def permission(self) -> int | None:
        """The case version of what permits it."""


def report_given(ref: ConferenceRef, shared: Given, at: Mark, known: Known) -> Iterator[Finding]:
    """Say where they have a report, and no decision that names them is recorded (R23, R166)."""
    to, report = shared.recipient, shared.report
    person = to.person or _person(ref, to.participant, known)
    release = Release(what=REPORT, to=_named(to, person), conference=ref, report=report)
    if alleged(person, at, known) and not _decided(release, at, known, shared.permission):
        words = "A report went to somebody alleged to have caused harm; no decision that names "
        words += "them is recorded."
        yield found("report_to_pach", "R23 R166", "high", words, at=at, subject=report)


class Heard(Protocol):
    """Somebody to whom the decisions of a meeting went (`releasing.Told`)."""

    @property
    def participant(self) -> ParticipantRef | None:
        """Whom the meeting asked, where it is one of them: nothing else says who it is."""


def decisions_given(
    ref: ConferenceRef, some: Sequence[int], recipients: Iterable[Heard], at: Mark, known: Known
) -> Iterator[Finding]:
    """Say where they have what a meeting decided, and nobody decided that they do (R165, R172).

    The sources ask the meeting what they are told and no more of its decisions; `some` are those
    named one by one. Whoever may have the minutes may have these.
    """
    for one in recipients:
        person = _person(ref, one.participant, known)
        release = Release(what=MINUTES, to=Whom(person=person), conference=ref)
        if not alleged(person, at, known) or _told_by(ref, person, bool(some), known):
            continue
        if not _decided(release, at, known, None):
            words = "The decisions of the meeting went to somebody alleged to have caused harm; "
            words += "that they are told these is not recorded as decided."
            rules, code = "R165 R166 R172", "decisions_to_pach"
            yield found(code, rules, "high", words, at=at, subject=ref, which=one.participant)


def _told_by(ref: ConferenceRef, who: PersonRef | None, some: bool, known: Known) -> bool:  # noqa: FBT001 — a fact like the others
    """Whether the meeting decided that they hear its outcome, or a part where `some` is sent.

    One that names nobody is of the only one known in its episode; when it was written down is no
    matter, as it is the meeting's own (R172).
    """
    sitting = known.sittings.get(ref)
    people = set(known.pach_identified)
    if sitting is not None:
        people = {one for one, _, _ in known.pach_of(sitting.held)}
    alone = len(people) == 1 and (who is None or who in people)
    met: Iterable[tuple[str, Any]] = known.met(ref)
    return any(
        event.audience == "pach"
        and (event.pach == who or (event.pach is None and alone))
        and (event.content in _OUTCOME or (some and event.content == "limited"))
        for name, event in met
        if name == "pach-feedback-decided"
    )


def plan_given(
    plan: PlanRef, to: Receiver, at: Mark, known: Known, named: int | None
) -> Iterator[Finding]:
    """Say where they have the adult's plan, and no decision that names them is recorded (R162)."""
    release = Release(what=PLAN, to=_named(to, to.person))
    if alleged(to.person, at, known) and not _decided(release, at, known, named):
        words = "The plan went to somebody alleged to have caused harm; no decision that names "
        words += "them is recorded."
        yield found("plan_to_pach", "R162 R166", "high", words, at=at, subject=plan)


def _named(one: Receiver, person: PersonRef | None) -> Any:  # noqa: ANN401 — a `Whom`, replaced
    """Whom it went to by reference alone: what is permitted to a role decides nothing of them."""
    return replace(given(one), person=person, role=None)


def _decided(release: Release, at: Mark, known: Known, named: int | None) -> bool:
    """Whether a permission for that was given before: the one named, or one with a basis."""
    if went_without(known.permitted(named, release), at) is None:
        return True
    return bool(known.permitted_on(release, at) - {Code(NO_BASIS)})
