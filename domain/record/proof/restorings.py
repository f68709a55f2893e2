"""What is said of a log that was restored: since when, from where on, and what that left behind.

The verifier of one file says it of the same folder in the same words (`standalone/verify.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from domain.record.proof.lives import Incarnation, moment
from domain.record.proof.note import Verifier


def not_shown(lives: Sequence[Incarnation]) -> Iterator[str]:
    """Of each restoring that nothing tells what it lost."""
    for before, one in pairwise(lives):
        assert one.continued is not None, "the database has it so"  # noqa: S101 — a constraint
        when = moment(one.began_us) if one.begun else "at a time that was not signed"
        keys = [Verifier.from_vkey(each.vkey).public for each in (before, one)]
        yield (
            f"that nothing was lost when the record was restored: incarnation {one.number} goes on"
            f" since {when} from {one.continued[1]} entries"
            + (", under another key than before" if keys[0] != keys[1] else "")
        )


def left_behind(lives: Sequence[Incarnation], behind: Mapping[int, int]) -> Iterator[str]:
    """What was published and is gone: `behind` are the largest heads by number of incarnation."""
    for one in lives[1:]:
        assert one.continued is not None, "the database has it so"  # noqa: S101 — a constraint
        largest, size = behind.get(one.number - 1, 0), one.continued[1]
        if largest > size:
            yield (
                f"rolled back: incarnation {one.number - 1} had published {largest} entries, and"
                f" incarnation {one.number} goes on from {size}: those at positions {size + 1} to"
                f" {largest} may be gone or others. What to do: README.txt, 3"
            )
