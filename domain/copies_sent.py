"""Whether copies of minutes went in time, to whom they may go, and leave out what they say.

The minutes are owed to each who was there or asked, and as they were approved: one copy in time
answers for nobody else, and a draft for nobody (R156, R157).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias

from domain.copies import (
    ADULT,
    BY_DUTY,
    MINUTES,
    NO_BASIS,
    LeftOut,
    Named,
    Release,
    Sent,
    WrittenUp,
    attended,
    by_permission,
    given,
)
from domain.facets import Roster
from domain.finding import Finding, gravity
from domain.known import Known, Sat, not_to_come
from domain.stage import Looking, Mark, due_by, found
from domain.when import in_words
from domain.words import Code, ConferenceRef, Due, ParticipantRef, PersonRef, Slug

HAVE_THEM: Final = frozenset({ADULT, "chair", "minute_taker"})  # asked apart, or made the minutes
_NOT_THERE: Final = "part_not_attended"  # of `redaction_ground`
# What opens to somebody no more than the adult may have, who is in no part for professionals only.
_THE_ADULTS: Final = frozenset({"adults_permission", "best_interests", NO_BASIS})
_ASKED: Final = "participant-invited"
_WRITTEN: Final = "minute-passage-written"
# What names an agency at a meeting and lets it have nothing of it; the plan's are told apart.
_LETS_NONE: Final = frozenset(
    {"minutes-withheld", "information-sharing-decided", "plan-sharing-agreed"}
)
# Who leads a meeting, and the enquiry that it is about, is of this authority where none is named.
_LEAD: Final = frozenset({*HAVE_THEM, "investigating_officer", "managing_officer"})
_SELF: Final = "A redacted copy is the approved minutes themselves, and leaves nothing out."
_BARE: Final = "A redacted copy is recorded, and not what it leaves out."

Who: TypeAlias = tuple[object, ...]

# ------------------------------------------------------------------------- to whom they are owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Who ought to have the minutes: by their invitation, by role and agency, and the adult."""

    named: frozenset[ParticipantRef]
    others: frozenset[tuple[Code, Slug | None]]
    adult: bool

    def has(self, one: Sent) -> bool:
        """Whether a copy went to one of them."""
        if one.participant is not None:
            return one.participant in self.named
        if one.role == ADULT:
            return self.adult
        return any(
            role == one.role and one.organisation in {None, agency} for role, agency in self.others
        )


def owed(ref: ConferenceRef, sitting: Sat, known: Known) -> Owed:
    """Say to whom the minutes of a meeting are owed: all who were there or asked (R157).

    Whoever came without an invitation is told by role and agency; the chair, who approves them, and
    whoever takes them have them already.
    """
    roster, involved = known.rosters.get(ref), known.involvements.get(ref)
    invited = {} if roster is None else roster.invited
    named = {who for who, one in invited.items() if not not_to_come(known, ref, who, one)}
    there = [line for _, line in sitting.attendances if line.present]
    named |= {line.participant for line in there if line.participant is not None}
    others = {(line.role, line.organisation) for line in there if line.participant is None}
    return Owed(
        named=frozenset(named),
        others=frozenset(one for one in others if one[0] not in HAVE_THEM),
        adult=sitting.adult_attended or (involved is not None and involved.invited is not None),
    )


def as_asked(ref: ConferenceRef, one: Any, known: Known) -> Any:  # noqa: ANN401 — a Sent
    """A copy with the invitation of the person it names, where it names no invitation itself."""
    asked = _persons(ref, known)
    return replace(one, participant=asked[one.person]) if _by_person(one, asked) else one


def only_permitted(ref: ConferenceRef, one: Sent, known: Known) -> bool:
    """Whether a copy goes to family, or whoever is like them, by whatever it calls them (I8)."""
    sitting, asked = known.sittings.get(ref), as_asked(ref, one, known)
    return by_permission(one, sitting) and by_permission(asked, sitting)


def by_invitation(ref: ConferenceRef, kept: WrittenUp, known: Known) -> WrittenUp:
    """The same minutes with the invitation of each who was sent them by name as a person (R157).

    Who was asked as that person has theirs, however the copy says to whom it went.
    """
    asked = _persons(ref, known)
    copies: Any = kept.sent  # these are values of the stage, which is not known here
    sent = tuple(
        (at, replace(one, participant=asked[one.person]) if _by_person(one, asked) else one)
        for at, one in copies
    )
    minutes: Any = kept
    changed: WrittenUp = minutes if sent == kept.sent else replace(minutes, sent=sent)
    return changed


def _persons(ref: ConferenceRef, known: Known) -> dict[PersonRef | None, ParticipantRef]:
    """Who was asked to a meeting as a person, each with their invitation."""
    roster = known.rosters.get(ref)
    return {} if roster is None else {it.person: who for who, it in roster.invited.items()}


def _by_person(one: Any, asked: Collection[PersonRef | None]) -> bool:  # noqa: ANN401 — a Sent
    return one.participant is None and one.person is not None and one.person in asked


def without(
    named: Collection[ParticipantRef],
    others: Collection[tuple[Code, Slug | None]],
    met: tuple[Roster | None, Sat],
    roles: Mapping[str, str],
) -> str:
    """Name those who are without their copy: in what part they have it, and for which agency."""
    roster, sitting = met
    lines = {line.participant: line for _, line in sitting.attendances}
    invited = {} if roster is None else roster.invited
    asked: list[Any] = [invited.get(who) or lines[who] for who in named]
    those = Counter([*((one.role, one.organisation) for one in asked), *others])
    told = []
    for (role, agency), count in those.items():
        of = "" if agency is None else f" ({agency})"
        told.append(f"{roles.get(role, role)}{of}{'' if count == 1 else f', {count} of them'}")
    return "; ".join(sorted(told))


def owners(ref: ConferenceRef, known: Known) -> set[Slug | None]:
    """Give the agencies that took on part of the plan at a meeting (R158)."""
    found_so = set[Slug | None]()
    for name, event in _met(ref, known):
        if name in {"plan-agreed", "plan-revised"}:
            found_so |= {one.owner for one in event.terms.actions}
        elif name == "action-agreed":
            found_so.add(event.owner)
    return found_so


# --------------------------------------------------------------------------------------- in time


def timely(
    ref: ConferenceRef, kept: WrittenUp | None, sitting: Sat, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask for minutes by the day they are due, of each to whom they are owed (R16, R156)."""
    due = sitting.minutes_due
    if due is None:
        return
    kept = None if kept is None else by_invitation(ref, kept, known)
    if kept is None or not kept.approved_sendings:
        if due.on < context.on:
            words = f"The minutes were due by {due_by(due)} and {_missing(kept)}."
            at, code = sitting.held, "minutes_overdue"
            yield found(code, "R16 R156", "medium", words, at=at, since=due, subject=ref)
        return
    late = {who: at for who, at in _first(ref, kept, sitting, known, due).items() if at is not None}
    if not late:
        return
    until = max(late.values(), key=lambda at: at.first or date.min)
    first = until.first or date.min
    on = f"{'on' if until.day is not None else 'not before'} {in_words(first)}"
    words = f"The minutes were due by {due_by(due)}; of those sent theirs, {len(late)} had them "
    words += f"later, the last {on}."
    code, at, counted = "minutes_late", min(late.values(), key=_position), len(late)
    one = found(code, "R156 R157", "medium", words, at=at, since=due, subject=ref, counted=counted)
    yield one.once("minutes_overdue", sitting.held.position)


def _missing(kept: WrittenUp | None) -> str:
    """What is wanting of minutes that have not gone round."""
    if kept is None or kept.drafted is None:
        sent = kept is not None and kept.first_sent is not None
        return "an unapproved draft alone was circulated" if sent else "no draft is recorded"
    if kept.first_sent is not None:
        return "an unapproved draft alone was circulated"
    return "have not been circulated"


def _first(
    ref: ConferenceRef, kept: WrittenUp, sitting: Sat, known: Known, due: Due
) -> dict[Who, Mark | None]:
    """Where each to whom they are owed first had the minutes; None where that may be in time.

    Of a sending that names nobody it is not said who had them: one in time may have gone to all.
    Where nothing at all went in time, whoever was sent theirs was sent them late.
    """
    marks = kept.approved_sendings
    named = {at for at, _ in kept.sent}
    bare = [at for at in marks if at not in named]
    if bare and _latest_of(bare, due) is None:
        return {}
    nothing = _latest_of(marks, due) is not None
    those, refused = owed(ref, sitting, known), _refused_first(ref, known)
    gone = dict[Who, list[Mark]]()
    for at, one in kept.sent:
        asked = those.has(one) and not {_who(one), _capacity(one)} & refused
        if not one.unapproved_draft and (asked or nothing):
            gone.setdefault(_who(one), []).append(at)
    if nothing and not gone:
        gone[()] = bare
    return {who: _latest_of(at, due) for who, at in gone.items()}


def _latest_of(marks: Collection[Mark], due: Due) -> Mark | None:
    """The first of these sendings, where each was certainly after that day; else None."""
    days = [(at.first, at.position, at) for at in marks if at.first is not None]
    if len(days) < len(marks) or not days:
        return None  # one may have been in time
    first, _, at = min(days, key=lambda one: one[:2])
    return at if first > due.on else None


def _refused_first(ref: ConferenceRef, known: Known) -> set[Who]:
    """Who was refused the minutes before a copy went to them: theirs was owed by no day."""
    had, refused = set[Who](), set[Who]()
    for name, event in _met(ref, known):
        if name == "minutes-circulated":
            had |= {_who(one) for one in event.recipients}
        elif name == "minutes-withheld" and _who(event) not in had:
            refused.add(_who(event))
    return refused


def _who(one: Sent | Named) -> Who:
    """Tell one of those who are owed the minutes from another."""
    return _capacity(one) if one.participant is None else (one.participant,)


def _capacity(one: Sent | Named) -> Who:
    return (one.role,) if one.role == ADULT else (one.role, one.organisation)


# --------------------------------------------------------------------- beyond what they may have


def beyond(ref: ConferenceRef, kept: WrittenUp, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Say where a copy covers a part that whoever has it was not in (R157, R164, R165; G5).

    Who was asked and did not come, or to a part alone, is owed the minutes, as who takes on part of
    the plan is: but for what was for professionals only and their agency was not in, of which the
    chair decides, as of all else. Graver where that part was.
    """
    adult, absent, part = dict[Mark, str](), dict[Mark, str](), dict[Mark, str]()
    for at, one in kept.sent:
        there = attended(one, sitting)
        if one.role == ADULT:
            theirs = there or _asked_to(ref, one, sitting, known)
            shown, where, grave = _covered(one, kept, sitting) - theirs, adult, "medium"
        elif there:
            theirs = there | _may_have(ref, at, one, sitting, known)
            shown, where, grave = _covered(one, kept, sitting) - theirs, part, "medium"
        else:
            shown = _covered(one, kept, sitting) - _may_have(ref, at, one, sitting, known)
            where, grave = absent, _grave(ref, one, sitting, known)
        if shown:
            grave = grave if shown.isdisjoint(sitting.apart) else "high"
            where[at] = min(where.get(at, "low"), grave, key=gravity)
    for at in sorted(adult, key=_position):
        words = "The adult's copy covers a part the adult did not attend and leaves nothing of it "
        code, rules = "part_not_attended", "R164 R165"
        yield found(code, rules, adult[at], f"{words}out.", at=at, subject=ref)
    for at in sorted({*absent, *part}, key=_position):
        words = "A copy covers a part its recipient did not attend and leaves nothing of it out."
        if at not in part:
            words = "A copy went to somebody who attended no part, and no permission recorded "
            words += "covers what is in it."
        severity = min(absent.get(at, "low"), part.get(at, "low"), key=gravity)
        yield found("copy_beyond_parts", "R157 R165", severity, words, at=at, subject=ref)


def a_stranger(ref: ConferenceRef, one: Sent, known: Known, own: Slug) -> bool:
    """Whether nothing recorded says why somebody has minutes: a word of theirs does not (R157; I8).

    They go to who was there or asked, also as a person, to agencies involved in the enquiry, the
    meeting or the plan, to whom something is to be shared with, by permission, and to this
    authority, `own`; a regulator and a court have theirs by duty. Where nobody is recorded as there
    or asked, nobody is a stranger.
    """
    roster, sitting = known.rosters.get(ref), known.sittings.get(ref)
    invited = {} if roster is None else roster.invited
    lines = () if sitting is None else tuple(line for _, line in sitting.attendances)
    asked = {*invited, *(it.participant for it in lines)} - {None}
    persons = _persons(ref, known)
    by_duty = one.role in {ADULT, "cqc"} or one.basis in BY_DUTY
    named = one.participant in asked or (one.person is not None and one.person in persons)
    if by_duty or named or not (invited or any(it.present for it in lines)):
        return False
    release = Release(what=MINUTES, to=given(one), conference=ref)
    if _for_the_adult(ref, one, known) or known.permitted_on(release):
        return False
    those: list[Any] = [*invited.values(), *lines, *_sharing(known)]
    agencies = _agencies(ref, known) | {it.organisation for it in those}
    if one.organisation is None:
        return one.role not in _LEAD | {it.role for it in those}
    alike = {it.role for it in those if it.organisation is None} - _LEAD
    return one.organisation not in agencies | {own} and one.role not in alike


def _sharing(known: Known) -> list[Any]:
    """Whom the plan, or information, is to be shared with, by agency or part."""
    return [one for one in (*known.plan_sharing, *known.sharing_decided) if one.agreed]


def _agencies(ref: ConferenceRef, known: Known) -> set[Slug | None]:
    """The agencies involved in a meeting or its enquiry, or that take on part of a plan.

    (R157, R158)
    """
    called, roster = known.conferences.get(ref), known.rosters.get(ref)
    agencies = set[Slug | None]() if called is None else {*called.agencies}
    agencies |= set[Slug | None]() if roster is None else {*roster.contributors}
    agencies |= {one.owner for one in known.plan_actions.values()}
    agencies |= {one.owner for one in known.doings}
    agencies |= owners(ref, known) | known.in_enquiry
    for name, event in _met(ref, known):
        if name not in _LETS_NONE:
            agencies.add(getattr(event, "organisation", None))
    return agencies - {None}


def _for_the_adult(ref: ConferenceRef, one: Sent, known: Known) -> bool:
    """Whether it goes to whom the adult named, or to an advocate where one came of it."""
    involved, sitting = known.involvements.get(ref), known.sittings.get(ref)
    if one.role == "representative":
        return involved is not None and involved.represented
    reached = sitting is None or known.advocacy_reached(sitting.held)
    return one.role == "advocate" and reached


def _grave(ref: ConferenceRef, one: Sent, sitting: Sat, known: Known) -> str:
    """How grave it is that somebody has a copy who was in no part, and nobody permitted it.

    Graver of whoever neither was asked, nor comes for an agency that was or was there.
    """
    if _for_the_adult(ref, one, known):
        return "medium"
    called, roster = known.conferences.get(ref), known.rosters.get(ref)
    agencies = set[Slug | None]() if called is None else {*called.agencies}
    agencies |= {line.organisation for _, line in sitting.attendances if line.present}
    if roster is not None:
        agencies |= {*roster.contributors, *(it.organisation for it in roster.invited.values())}
    by_duty = one.role == "regulator" or one.basis in BY_DUTY
    return "medium" if by_duty or one.organisation in agencies - {None} else "high"


def _may_have(
    ref: ConferenceRef, at: Mark, one: Sent, sitting: Sat, known: Known
) -> frozenset[int]:
    """The parts that somebody may have a copy of, beside those that they were in.

    By the chair's permission, or another's who decides, all of it; by the adult's what the adult
    may have. Whoever needs a permission for any copy is asked for it apart (R162, R167). A
    regulator and a court have theirs by duty; where nobody is recorded as there, nobody is absent.
    Who was asked, or takes on part of the plan, is owed what the adult may have (R157, R158).
    """
    somebody = any(line.present for _, line in sitting.attendances)
    if not somebody or one.role in {*HAVE_THEM, "cqc"} or one.basis in BY_DUTY:
        return _all(one, sitting)
    bases = known.permitted_on(Release(what=MINUTES, to=given(one), conference=ref), at)
    if bases - _THE_ADULTS:
        return _all(one, sitting)
    if _has_part_of_plan(ref, one, known):
        return _all(one, sitting) - _closed_to(one, sitting)
    # Whoever came is asked of the rest here: there they needed no permission for what they heard.
    if bases or (by_permission(one, sitting) and not attended(one, sitting)):
        return _all(one, sitting) - sitting.apart
    return _asked_to(ref, one, sitting, known)


def _all(one: Sent, sitting: Sat) -> frozenset[int]:
    return sitting.part_numbers | frozenset(one.parts)


def _closed_to(one: Sent, sitting: Sat) -> frozenset[int]:
    """The parts for professionals only that nobody of their agency was in.

    What a deputy heard, the agency has heard, and whoever sent them is told of it (R157).
    """
    heard = {
        number
        for number, line in sitting.attendances
        if line.present and line.organisation is not None and line.organisation == one.organisation
    }
    return sitting.apart - heard


def _has_part_of_plan(ref: ConferenceRef, one: Sent, known: Known) -> bool:
    """Whether somebody is of an agency that takes on part of the plan (R158)."""
    return one.organisation is not None and one.organisation in owners(ref, known)


def _asked_to(ref: ConferenceRef, one: Sent, sitting: Sat, known: Known) -> frozenset[int]:
    """The parts that somebody was asked to and still is, but for those closed to their agency.

    By their invitation, else by role and agency; the adult by theirs.
    """
    roster = known.rosters.get(ref)
    invited = {} if roster is None else roster.invited
    asked = {who: it for who, it in invited.items() if not not_to_come(known, ref, who, it)}
    parts = frozenset[int]()
    for name, event in _met(ref, known):
        if name == _ASKED and event.participant in asked:
            named = one.participant == event.participant
            alike = (event.role, event.organisation) == (one.role, one.organisation)
            theirs = alike if one.participant is None else named
        else:
            theirs = name == "adult-invited" and one.role == ADULT
        if theirs:
            parts |= frozenset(event.parts) or _all(one, sitting)
    return parts - (sitting.apart if one.role == ADULT else _closed_to(one, sitting))


def _covered(one: Sent, kept: WrittenUp, sitting: Sat) -> frozenset[int]:
    """The parts of a meeting that a copy covers and leaves nothing out of.

    What is left out because the recipient was not there, without a part, may be of any. A copy that
    is the minutes themselves leaves out nothing, whatever is said of it, and of no part of it.
    """
    if one.copy == one.source:
        return _all(one, sitting)
    cuts = kept.redacted.get(one.copy, ())
    if any(cut.part is None and cut.ground == _NOT_THERE for cut in cuts):
        return frozenset()
    covered = frozenset(one.parts) or sitting.part_numbers
    return covered - {cut.part for cut in cuts}


# --------------------------------------------------------------------------- what they leave out


def left_out(ref: ConferenceRef, kept: WrittenUp, known: Known) -> Iterator[Finding]:
    """Ask that a redacted copy leaves something out, of a part there was, by a decision (R165)."""
    sitting = known.sittings.get(ref)
    parts = frozenset[int]() if sitting is None else sitting.part_numbers
    beside = {at: None for at, one in kept.sent if parts and not parts.issuperset(one.parts)}
    for at in beside:
        words = "A copy is said to cover a part that the meeting did not have."
        yield found("copy_of_no_part", "R157", "medium", words, at=at, subject=ref)
    for at, made in kept.produced:
        cuts: tuple[LeftOut, ...] = made.redactions
        if not cuts or made.copy == made.source:
            words = _SELF if made.copy == made.source else _BARE
            yield found("redacted_copy_whole", "R165", "medium", words, at=at, subject=ref)
        if parts and any(cut.part is not None and cut.part not in parts for cut in cuts):
            words = "A copy is said to leave out a part that the meeting did not have."
            yield found("redaction_of_no_part", "R165", "medium", words, at=at, subject=ref)
        numbers = {event.number for name, event in _met(ref, known) if name == _WRITTEN}
        if numbers and any(not numbers.issuperset(cut.passages) for cut in cuts):
            words = "A copy is said to leave out a passage that the minutes do not have."
            yield found("redaction_of_no_passage", "R165", "medium", words, at=at, subject=ref)
        if any(cut.decided_by is None for cut in cuts):
            words = "What a copy leaves out is recorded, and not who decided it."
            yield found("redaction_undecided", "R165", "low", words, at=at, subject=ref)


def _met(ref: ConferenceRef, known: Known) -> Iterator[tuple[str, Any]]:
    """Every event of a meeting, with its stored name, which says what fields it has."""
    yield from known.met(ref)


def _position(at: Mark) -> int:
    return at.position
