"""When a meeting and its parts are said to have been, where two times cannot both be right.

Judged only where the times are certain, by what is now understood; a correction of either ends it.
That a part ended before it began stands with the meeting (`sitting`); that all of a meeting's parts
lie on another day than it does, with what tells its time twice (`told`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from domain.facets import Sat
from domain.finding import Finding
from domain.grid import Part, backwards
from domain.known import Known
from domain.stage import Mark, found
from domain.told import certainly_before
from domain.when import When
from domain.words import ConferenceRef

_RULES: Final = "R29 R150"


def doubtful_times(
    ref: ConferenceRef,
    sitting: Sat,
    parts: Sequence[Part],
    told: Mapping[int, Mark],
    known: Known,
) -> Iterator[Finding]:
    """Ask which time is right, of a meeting and what comes before it, and of its parts.

    `told` has where each part is recorded as held.
    """
    at = sitting.held
    yield from _too_early(ref, at, known)
    if at.stated:
        yield from _on_another_day(ref, at, parts, told)
    for one, other in combinations(parts, 2):  # in the order of their numbers
        both = f"{one.number} {other.number}"
        if _after(one, other):
            words = "A later part of the conference is recorded as beginning before an earlier one."
            yield found("parts_out_of_order", _RULES, "low", words, at=at, subject=ref, which=both)
        if _overlap(one, other):
            words = "Two parts of the conference are recorded as going on at the same time."
            yield found("parts_overlap", _RULES, "low", words, at=at, subject=ref, which=both)


def _too_early(ref: ConferenceRef, at: Mark, known: Known) -> Iterator[Finding]:
    """A meeting is called before it is held, and about a concern that was received (R14, R150)."""
    called = known.conferences.get(ref)
    if (
        called is not None
        and called.convened.stated
        and certainly_before(at.when, called.convened.when)
    ):
        words = "The conference is recorded as held before it was convened."
        yield found("held_before_convened", "R14 R150", "low", words, at=at, subject=ref)
    referrals = [one.when for one in known.referrals]
    if referrals and all(certainly_before(at.when, one) for one in referrals):
        words = "The conference is recorded as held before the referral was received."
        yield found("held_before_referral", "R1 R150", "low", words, at=at, subject=ref)


def _on_another_day(
    ref: ConferenceRef, at: Mark, parts: Sequence[Part], told: Mapping[int, Mark]
) -> Iterator[Finding]:
    """Say which of the parts lie on another day than the meeting, where not all of them do.

    That all parts told in the meeting's own entry do is one finding, of that entry (`told`).
    """
    own = {number: one for number, one in told.items() if one.position != at.position}
    when = {part.number: part_times(part, own.get(part.number)) for part in parts}
    timed = [part for part in parts if when[part.number]]
    apart = [part for part in timed if all(_apart(at.when, it) for it in when[part.number])]
    if len(apart) == len(timed) and own.keys().isdisjoint(part.number for part in apart):
        return
    for part in apart:
        words = "A part is recorded on another day than the conference it belongs to."
        code, which = "part_on_another_day", part.number
        yield found(code, _RULES, "low", words, at=at, subject=ref, which=which)


def part_times(part: Part, told: Mark | None) -> list[When]:
    """When a part is said to have begun and ended; else when the entry that tells it was so.

    `told` is where the part is recorded as held, by an entry of its own.
    """
    stated = None if told is None or not told.stated else told.when
    both = [one for one in (part.started, part.ended) if one is not None and not one.unknown]
    return both or [one for one in (stated,) if one is not None and not one.unknown]


def _apart(held: When, told: When) -> bool:
    """Whether a part's time and the meeting's lie on different days for certain."""
    if not _certain(held, told):
        return False
    first, last = held.first_day, held.last_day
    early = told.last_day is not None and first is not None and told.last_day < first
    return early or (told.first_day is not None and last is not None and last < told.first_day)


def _after(one: Part, other: Part) -> bool:
    """Whether a part began for certain only after one of a higher number had begun."""
    first, second = one.started, other.started
    return first is not None and second is not None and certainly_before(second, first)


def _overlap(one: Part, other: Part) -> bool:
    """Whether each of two parts began for certain before the other ended."""
    if backwards(one) or backwards(other):
        return False
    return _begun_within(one, other) and _begun_within(other, one)


def _begun_within(one: Part, other: Part) -> bool:
    """Whether a part began for certain before another ended."""
    began, ended = one.started, other.ended
    return began is not None and ended is not None and certainly_before(began, ended)


def _certain(*times: When) -> bool:
    """Whether none of these times is stated with a doubt that its bounds do not have."""
    return not any(one.text[-1:] in {"?", "~", "%"} for one in times)
