"""Which conferences may rest on what was assessed apart from any: of risk, and of need."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from domain.episode import same
from domain.known import Known, Sat
from domain.stage import Mark, could_precede
from domain.when import When
from domain.words import ConferenceRef


def at_it(sitting: Sat, when: When) -> bool:
    """Whether what names a meeting may have been done there: by then, or as it was written up.

    What is told without a time happens as it is recorded, and a meeting is written up after it: by
    the day its minutes are due. What is of a later day was not done there (R1, R11, R66).
    """
    due, first = sitting.minutes_due, when.first_day
    written = due is not None and first is not None and first <= due.on
    return written or could_precede(when, sitting.held.when)


def explained_at(ref: ConferenceRef, held: Mark, known: Known) -> bool:
    """Whether the risks were explained to the adult there, or apart from any in that episode."""
    return any(
        one == ref or (one is None and same(at, held, known)) for one, at in known.risk_explained
    )


def weighed(known: Known, general: Collection[When]) -> Iterator[tuple[ConferenceRef, Sat, bool]]:
    """Give each conference held, in order, and whether one of `general` may be what it weighed.

    That was before it, and not before the last conference: what came before that was weighed there
    (R11, R66, R178). A core group is none: it looks at a plan.
    """
    before: When | None = None
    days = ((it.held.when.first_day or date.max, ref) for ref, it in known.sittings.items())
    for _, ref in sorted(days):
        sitting, convened = known.sittings[ref], known.conferences.get(ref)
        if convened is not None and convened.kind == "core_group":
            continue
        held, since = sitting.held.when, before
        before = held
        yield (
            ref,
            sitting,
            any(
                could_precede(when, held) and (since is None or could_precede(since, when))
                for when in general
            ),
        )
