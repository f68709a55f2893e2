"""Who has to have signed before a checkpoint is believed (c2sp.org/tlog-policy, a draft).

A policy names logs, witnesses, groups of witnesses and a quorum. Names are octets and mean nothing
outside the file; bytes beyond ASCII are kept as they are (`surrogateescape`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.record.proof.checkpoint import (
    CosignatureVerifier,
    Head,
    open_checkpoint,
    read_checkpoint,
)
from domain.record.proof.note import Note, Verifier
from domain.record.proof.strict import Malformed, Unproved, number

NONE: Final = "none"
LINES: Final = 1000  # the specification asks for 32 logs, witnesses and groups at least
POLICY_BYTES: Final = 1_000_000
_BLANK: Final = re.compile(r"[ \t]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log that is believed; its key's name is its origin."""

    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness, under the name that this policy gives it."""

    name: str
    verifier: CosignatureVerifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of the members, which are witnesses or groups defined before."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups and the quorum: the name of a witness or group, or None for none.

    Raises Malformed where a name is unknown or used twice, or a key stands there twice.
    """

    logs: tuple[PolicyLog, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str | None = field(kw_only=True)

    def __post_init__(self) -> None:
        _demand_once((log.verifier.public for log in self.logs), "a log's key stands there twice")
        keys = (witness.verifier.public for witness in self.witnesses)
        _demand_once(keys, "a witness's key stands there twice")
        defined: set[str] = set()
        for name in (witness.name for witness in self.witnesses):
            _define(name, defined)
        members: set[str] = set()
        for group in self.groups:
            if not 1 <= group.least <= len(group.members):
                raise Malformed(
                    f"group {_shown(group.name)} asks for more or fewer than it has members"
                )
            for member in group.members:
                _demand_defined(member, defined)
                if member in members:
                    raise Malformed(f"{_shown(member)} is a member twice")
                members.add(member)
            _define(group.name, defined)
        if self.quorum is not None:
            _demand_defined(self.quorum, defined)

    @property
    def verifiers(self) -> tuple[Verifier | CosignatureVerifier, ...]:
        """Every key the policy knows: open a note with these."""
        logs = (log.verifier for log in self.logs)
        return (*logs, *(witness.verifier for witness in self.witnesses))


def read_policy(raw: bytes) -> Policy:
    """Read a policy file; what is wrong is said with its line."""
    if len(raw) > POLICY_BYTES:
        raise Malformed(f"the policy has more than {POLICY_BYTES} bytes")
    text = raw.decode("utf-8", "surrogateescape")
    if _CONTROL.search(text):
        raise Malformed("the policy has a control character")
    if not text.endswith("\n"):
        raise Malformed("the policy does not end in a newline")
    lines = text[:-1].split("\n")
    if len(lines) > LINES:
        raise Malformed(f"the policy has more than {LINES} lines")
    made = _Reading()
    for place, line in enumerate(lines, 1):
        words = _BLANK.split(line.strip(" \t"))
        if words[0].startswith("#") or words == [""]:
            continue
        try:
            made.line(words)
        except Malformed as error:
            raise Malformed(f"line {place} of the policy: {error}") from error
    return made.policy()


@dataclass(slots=True)
class _Reading:
    """What was read so far: each line is judged by those before it."""

    logs: list[PolicyLog] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorums: list[str | None] = field(default_factory=list)

    def line(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(PolicyLog(Verifier.from_vkey(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self.witnesses.append(Witness(name, CosignatureVerifier.from_vkey(vkey), *url))
            case ["group", name, least, *members] if members:
                self.groups.append(Group(name, _least(least, len(members)), tuple(members)))
            case ["quorum", name]:
                if self.quorums:
                    raise Malformed("there is a second quorum")
                self.quorums.append(None if name == NONE else name)
            case ["log" | "witness" | "group" | "quorum", *_]:
                raise Malformed(f"a {words[0]} has another number of words")
            case _:
                raise Malformed("it is neither a log, a witness, a group nor the quorum")
        self._judge()

    def _judge(self) -> None:
        quorum = self.quorums[0] if self.quorums else None
        Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), quorum=quorum)

    def policy(self) -> Policy:
        if not self.quorums:
            raise Malformed("the policy has no quorum")
        made = (tuple(self.logs), tuple(self.witnesses), tuple(self.groups))
        return Policy(*made, quorum=self.quorums[0])


def policy_text(policy: Policy) -> bytes:
    """The file of a policy."""
    lines = [
        *(f"log {log.verifier.vkey}{_after(log.url)}" for log in policy.logs),
        *(f"witness {w.name} {w.verifier.vkey}{_after(w.url)}" for w in policy.witnesses),
        *(f"group {g.name} {_threshold(g)} {' '.join(g.members)}" for g in policy.groups),
        f"quorum {NONE if policy.quorum is None else policy.quorum}",
    ]
    raw = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    if read_policy(raw) != policy:  # a name or an address with a space or a newline in it
        raise Malformed("a name or an address cannot be written in a policy")
    return raw


def unmet(note: Note, policy: Policy, *, logs: Iterable[Verifier] = ()) -> str | None:
    """Why a checkpoint that was opened is not to be believed; None where it is.

    Args:
        note: opened with `policy.verifiers`, and with `logs`.
        policy: whose quorum is asked for.
        logs: keys of logs that are believed besides those of the policy.
    """
    origin = read_checkpoint(note.text).origin
    believed = {*(log.verifier for log in policy.logs), *logs}
    if not any(one in believed and one.name == origin for one in note.by):
        return "it is not signed by a log that is believed under this name"
    cosigned = {one.name for one in policy.witnesses if one.verifier in note.by}
    if policy.quorum is None or _reached(policy.quorum, cosigned, policy):
        return None
    return (
        f"{len(cosigned)} of {len(policy.witnesses)} witnesses cosigned it:"
        f" the quorum of {_shown(policy.quorum)} is not met"
    )


def satisfied(note: Note, policy: Policy, *, logs: Iterable[Verifier] = ()) -> bool:
    """Whether a checkpoint that was opened is to be believed under a policy (`unmet`)."""
    return unmet(note, policy, logs=logs) is None


def demand(raw: bytes, policy: Policy, *, logs: Iterable[Verifier] = ()) -> Head:
    """Open a checkpoint and raise Unproved unless the policy believes it."""
    logs = tuple(logs)
    known = dict.fromkeys((*policy.verifiers, *logs))  # a log may be named in both
    head, note = open_checkpoint(raw, known)
    why = unmet(note, policy, logs=logs)
    if why is not None:
        raise Unproved(f"the checkpoint is not to be believed: {why}")
    return head


def _reached(name: str, cosigned: set[str], policy: Policy) -> bool:
    reached: Mapping[str, bool] = {one.name: one.name in cosigned for one in policy.witnesses}
    for group in policy.groups:  # each after its members
        enough = sum(reached[member] for member in group.members) >= group.least
        reached = {**reached, group.name: enough}
    return reached[name]


def counted(policy: Policy) -> dict[bytes, str]:
    """The witnesses that the quorum rests on, key → vkey; one that is only named counts nothing."""
    names = {policy.quorum}
    for group in reversed(policy.groups):  # each before its members
        if group.name in names:
            names |= {*group.members}
    found = (one.verifier for one in policy.witnesses if one.name in names)
    return {one.public: one.vkey for one in found}


def exchanged(then: Policy, now: Policy) -> tuple[list[str], list[str]]:
    """The witnesses that a policy rested on and does not by now, and the other way round.

    Both empty where all of before are there, and no fewer of them than before have to have
    cosigned: witnesses that are asked for besides take nothing away.
    """
    old, new = counted(then), counted(now)
    if old.keys() <= new.keys() and fewest(now, of=old) >= fewest(then):
        return [], []
    return [old[key] for key in old if key not in new], [new[key] for key in new if key not in old]


def fewest(policy: Policy, *, of: Collection[bytes] | None = None) -> int:
    """How many witnesses have to have cosigned, at the least; `of`: how many of these keys."""
    few = {one.name: int(of is None or one.verifier.public in of) for one in policy.witnesses}
    for group in policy.groups:  # each after its members, none of which is in another one
        few[group.name] = sum(sorted(few[member] for member in group.members)[: group.least])
    return 0 if policy.quorum is None else few[policy.quorum]


def _least(text: str, members: int) -> int:
    match text:
        case "all":
            return members
        case "any":
            return 1
        case _:
            return number(text, "how many of a group are needed")


def _threshold(group: Group) -> str:
    if group.least == len(group.members):
        return "all"
    return "any" if group.least == 1 else str(group.least)


def _after(url: str | None) -> str:
    return "" if url is None else f" {url}"


def _define(name: str, defined: set[str]) -> None:
    if name == NONE or name in defined:
        raise Malformed(f"the name {_shown(name)} is taken")
    defined.add(name)


def _demand_defined(name: str, defined: set[str]) -> None:
    if name not in defined:
        raise Malformed(f"{_shown(name)} is no witness or group defined before")


def _demand_once(keys: Iterable[bytes], words: str) -> None:
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise Malformed(words)


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
