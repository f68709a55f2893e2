"""Who has to cosign heads, and since when: said in the log of readings as often as it changes.

A head keeps its signatures, not the policy of its day, and the policy is a file of whoever runs the
record: so whoever signs heads says first by which one. Until anything is said nobody has to.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Final
from uuid import UUID, uuid5

import orjson

from domain.access import QuorumChanged
from domain.record.envelope import Row, from_us
from domain.record.log import Log
from domain.record.proof.policy import Policy, counted, fewest
from domain.record.record import Part, Record
from domain.stored import describe
from domain.when import instant
from domain.words import Actor, Code, Digest, Particulars

_NAME: Final = describe(QuorumChanged)[0]
_NOBODY: Final = QuorumChanged(needed=0)


def tell(readings: Record, policy: Policy | None, by: Actor) -> bool:
    """Say by which policy heads are signed from now on, if by another; whether that was said now.

    Two that sign at once say it once.
    """
    now = _of(policy)
    while True:
        stood = list(_rows(readings.log))
        said = [_said(row) for row in stood if row is not None]
        if now == (said or [_NOBODY])[-1]:
            return False
        command = _command(readings.log, len(stood) + 1)
        done = readings.append(
            [Part(uuid5(command, "stream"), 0, (now,))],
            actor=by,
            particulars=Particulars(
                occurred=instant(readings.now()), purpose=Code("records_management")
            ),
            command=command,
            digest=command.bytes * 2,
        )
        if not done.repeated:
            return True


def in_words(readings: Log) -> list[str]:
    """Each change as this log tells it, for whoever verifies: none where nobody was ever asked."""
    return [
        f"position {row.position}, {from_us(row.recorded_us):%Y-%m-%d %H:%M} UTC: by what this log"
        f" says {_from_here(_said(row))}"
        for row in _rows(readings)
        if row is not None
    ]


def _from_here(said: QuorumChanged) -> str:
    if not said.needed:
        return "no head needed a witness from here on"
    least = f"at least {said.needed} of {len(said.witnesses)} witnesses"
    return f"each head needed the cosignatures of {least} from here on"


def _of(policy: Policy | None) -> QuorumChanged:
    if policy is None:
        return _NOBODY
    if policy.quorum is None:
        return _NOBODY
    return QuorumChanged(
        needed=fewest(policy),
        witnesses=tuple(Digest(sha256(key).hexdigest()) for key in sorted(counted(policy))),
        policy=Digest(sha256(_asked(policy, policy.quorum).encode()).hexdigest()),
    )


def _asked(policy: Policy, quorum: str) -> str:
    """What a quorum asks of which keys: not what the file names them, in which order, or where."""
    asks = {one.name: one.verifier.public.hex() for one in policy.witnesses}
    for group in policy.groups:  # each after its members, none of which is in another one
        members = sorted(asks.pop(member) for member in group.members)
        asks[group.name] = f"({group.least} of {' '.join(members)})"
    return asks[quorum]


def _said(row: Row) -> QuorumChanged:
    data = orjson.loads(row.payload)["data"]
    policy = data.get("policy")
    return QuorumChanged(
        needed=data["needed"],
        witnesses=tuple(Digest(one) for one in data.get("witnesses", ())),
        policy=None if policy is None else Digest(policy),
    )


def _rows(readings: Log) -> Iterator[Row | None]:
    """What stands under each number that was taken: found by its command, without a search.

    None: something else, which whoever may append can have put there.
    """
    for number in count(1):
        stood = readings.command(_command(readings, number))
        if stood is None:
            return
        (row,) = readings.at([stood[0].first])
        yield row if row.name.rpartition(".")[0] == _NAME else None


def _command(readings: Log, number: int) -> UUID:
    return uuid5(readings.authority, f"quorum {number}")
