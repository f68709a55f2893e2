"""What is said of a log that was restored: since when, from where on, and what that left behind.

The verifier of one file says it of the same folder in the same words (`standalone/verify.py`). And
what a folder knows of restorings that a backup, being older, does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import Final

from domain.record.envelope import to_us
from domain.record.proof.lives import Incarnation, beginning, moment
from domain.record.proof.note import Verifier, open_note
from domain.record.proof.place import Place
from domain.record.proof.strict import Wrong, unb64

_BEGINNING: Final = re.compile(
    rb"(\S+)\n(\d+)\n(\S+)\ngoes on as (\S+) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n\n.*",
    re.DOTALL,
)


def lives_there(
    place: Place, log: str, lives: Sequence[Incarnation], ours: Collection[bytes]
) -> list[Incarnation]:
    """The lives behind these that a folder shows: each by the note it began with.

    Signed by one of `ours`, public keys, or by the key of the life before: no other is believed.
    """
    found = list(lives)
    while found:
        note = place.get(f"continued/{len(found) + 1}")
        one = None if note is None else _begun_by(note, log, found[-1], ours)
        if one is None:
            break
        found.append(one)
    return found[len(lives) :]


def _begun_by(
    note: bytes, log: str, before: Incarnation, ours: Collection[bytes]
) -> Incarnation | None:
    said = _BEGINNING.fullmatch(note)
    if said is None or said[1].decode() != before.origin:
        return None
    origin, at = said[4].decode(), before.number + 1
    if not origin.endswith(f"/{log}/{at}"):
        return None
    for public in (*ours, Verifier.from_vkey(before.vkey).public):
        with suppress(Wrong, ValueError):
            verifier = Verifier(origin, public)
            continued = (before.origin, int(said[2]), unb64(said[3].decode(), "a root"))
            began_us = to_us(datetime.fromisoformat(said[5].decode()))
            if open_note(note, [verifier]).text == beginning(origin, continued, began_us):
                return Incarnation(
                    number=at,
                    origin=origin,
                    vkey=verifier.vkey,
                    began_us=began_us,
                    continued=continued,
                    begun=note,
                )
    return None


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
