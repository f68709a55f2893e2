"""Episodes of a case: what is asked of each referral is asked anew of a case taken up again.

An episode ends with a closing, and the next begins where the case is reopened: on new information,
a new referral, whatever it was but a closing in error, after which the same one goes on. What was
done in one says nothing of another: who spoke of advocacy then has not spoken of it now. What came
between a closing and the reopening may be of either, so that whoever acts first and records the
reopening after is not told that nothing was done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from domain.stage import Mark, after, could_precede
from domain.words import Code, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A later one: where the case had been closed and for what, and where it was taken up again."""

    closed: Mark
    closed_for: Code
    reopened: Mark


class OfEpisodes(Protocol):
    """A case, as far as it is asked here."""

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """Every later one, in order of entry."""


def none_stands(dated: Mapping[int, Fact[Any]], withdrawn: Collection[int]) -> bool:
    """Whether the referral that began the case is withdrawn: another stands in its place."""
    began = (one for one in dated.values() if one.header.name == "referral-received")
    own = {one.version for one in began if one.version > 0}
    return bool(own) and own <= frozenset(withdrawn)


def same(done: Mark, at: Mark, known: OfEpisodes) -> bool:
    """Whether something that was done may be of the episode that something else is of."""
    return not any(
        after(one.closed, done) if after(at, one.reopened) else after(done, one.reopened)
        for one in known.episodes
    )


def begun_by(at: Mark, known: OfEpisodes) -> Episode | None:
    """The later episode that a referral is of which came then; None of the first.

    It came after the closing; who knew of it already as the case was closed, on that day, knew of
    something new too.
    """
    came = [one for one in known.episodes if _since(at, one.closed)]
    return max(came, key=lambda one: one.closed.position, default=None)


def begun_or_at(at: Mark, known: OfEpisodes) -> Episode | None:
    """The later episode that something is of; what came while the case was closed is of the next.

    None of the first.
    """
    since = [one for one in known.episodes if after(at, one.closed)]
    return max(since, key=lambda one: one.reopened.position, default=None)


def _since(at: Mark, closed: Mark) -> bool:
    """Whether a referral was linked after a closing, and received after it or on that day."""
    later = not could_precede(at.when, closed.when) or at.first == closed.last
    return later and at.position > closed.position


def of_episode(done: Mark, one: Episode | None, known: OfEpisodes) -> bool:
    """Whether something that was done may be of an episode; None is the first."""
    reached = 0 if one is None else one.reopened.position
    before = one is not None and after(one.closed, done)
    ended = (it for it in known.episodes if it.reopened.position > reached)
    return not before and not any(after(done, it.reopened) for it in ended)


def open_at(at: Mark, closed: Mark | None, known: OfEpisodes) -> bool:
    """Whether the case was open when something was; `closed` is the closing that stands now."""
    if closed is not None and after(at, closed):
        return False
    return not any(after(at, one.closed) and not after(at, one.reopened) for one in known.episodes)


def within(marks: Iterable[Mark], at: Mark, known: OfEpisodes) -> tuple[Mark, ...]:
    """Those of what was done that may be of the episode that something else is of."""
    return tuple(one for one in marks if same(one, at, known))


def each(marks: Iterable[Mark], known: OfEpisodes) -> list[list[Mark]]:
    """What happened in each episode, in turn."""
    found: dict[int, list[Mark]] = {}
    for at in marks:
        number = sum(after(at, one.reopened) for one in known.episodes)
        found.setdefault(number, []).append(at)
    return [found[number] for number in sorted(found)]
