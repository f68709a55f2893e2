"""What entries begin under a reference of its own, and what two cases would so have under one.

In one case a second thing under a reference is refused as it is recorded (decision 10). Two cases
know nothing of one another until they are read as one: then it is asked here, of what is read; and
once they are read apart, which entries name what only the other has (`stranded`). A
case may name what stands in another; only where both say that it began, or both have what only one
entry may have of it (`once`: a meeting was held), is it two things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final
from uuid import UUID

from domain import once
from domain.joined import gone, leading, read, stays
from domain.joining import CaseSplit, EndSplit, SplitCase
from domain.stage import mark
from domain.stages import OF_EVENT
from domain.stranded import HERE, THERE, Stranded
from domain.words import CaseRef, Code, Fact

# By stored name: what begins with such an entry, and in which field its reference stands.
MAKES: Final[Mapping[str, tuple[str, str]]] = {
    "referral-received": ("allegation", "allegations.ref"),
    "referral-linked": ("allegation", "allegations.ref"),
    "allegation-added": ("allegation", "allegation.ref"),
    "enquiry-opened": ("enquiry", "enquiry"),
    "inquiry-opened": ("enquiry", "enquiry"),
    "investigation-report-submitted": ("report", "report"),
    "agency-report-received": ("report", "report"),
    "desired-outcome-expressed": ("outcome", "outcome"),
    "conference-convened": ("conference", "conference"),
    "participant-invited": ("participant", "participant"),
    "interim-plan-agreed": ("plan", "plan"),
    "plan-agreed": ("plan", "plan"),
    "action-agreed": ("action", "action"),
    "pach-action-decided": ("action", "action"),
    "case-audited": ("action", "remedies.action"),
    "regulatory-referral-decided": ("referral", "referral"),
    "proceedings-considered": ("proceedings", "proceedings"),
    "protection-order-applied": ("order", "order"),
    "dbs-referral-duty-identified": ("duty", "duty"),
    "organisational-change-recommended": ("change", "change"),
    "adult-raised-issue": ("issue", "issue"),
    "minute-amendment-requested": ("amendment", "amendment"),
    "sar-referred": ("review", "review"),
}
_OF_PLANS: Final = ("action", "terms.actions.action")
_PLANS: Final = frozenset({"plan-agreed", "plan-revised"})
# What a kind of `once` is called to whoever is refused, where its own name would not say it.
_CALLED: Final[Mapping[object, str]] = {"held": "meeting", "version": "plan"}
Streams = Mapping[UUID, list[Fact[Any]]]


def in_both(command: object, case: UUID, own: Streams, other: UUID, others: Streams) -> Code | None:
    """Say what would be two things under one reference, were two cases joined, or parted, so.

    `own` and `others` are the facts of each and of all that are joined to it, as now understood:
    what was withdrawn in one of them is nothing there. None where nothing would be.
    """
    if isinstance(command, EndSplit):
        back = {
            version
            for fact in own[case]
            if isinstance(fact.event, CaseSplit) and fact.event.other == other
            for version in fact.event.entries
        } & gone(own[case])
        moved = [fact for fact in own[case] if fact.version in back]
        there = list(_read(case, own))
    else:
        moved = list(_read(case, own))
        if isinstance(command, SplitCase):
            moved = [fact for fact in own[case] if fact.version in command.entries]
        there = list(_read(other, others))
    known = _made(there)
    for what, where in sorted(_made(moved).items(), key=lambda one: str(one[0][0])):
        if where - known.get(what, where):
            return Code(str(what[0]))
    return None


def stranded(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], parted: frozenset[UUID]
) -> tuple[Stranded, ...]:
    """What is read in one of two cases, and names what only the other has.

    A case that is read in another says nothing by itself. A meeting that was `parted` is asked
    about as one (`parted`), with all that names it.
    """
    joins = [one for one in streams[case] if OF_EVENT[type(one.event)] == "joining"]
    if not joins or leading(case, streams):
        return ()
    here = list(_read(case, streams))
    positions = {fact.position for fact in here}
    found = list[Stranded]()
    for other in sorted(streams.keys() - {case}):
        if leading(other, streams):
            continue
        there = list(_read(other, streams))
        with_it = [one for one in joins if one.event.other in {other, *_led(other, streams)}]
        at = mark((with_it or joins)[-1])
        for where, told, has in ((HERE, here, there), (THERE, there, here)):
            mine, theirs = _begun(told), _begun(has)
            names = tuple(
                fact.header.name
                for fact in told
                if (_named(fact.event) & theirs) - mine - parted
                and getattr(fact.event, "conference", None) not in parted
                and (where == HERE or fact.position not in positions)
            )
            if names:
                one = Stranded(other=CaseRef(other), where=where, at=at, entries=names)
                found.append(one)
    return tuple(found)


def _led(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[UUID]:
    """The cases that are read in one."""
    return [one for one in streams if case in leading(one, streams)]


def _begun(facts: Iterable[Fact[Any]]) -> set[UUID]:
    """The references of all that these entries begin."""
    return {one for fact in facts for _kind, one in _begins(fact)}


def _named(value: object) -> set[UUID]:
    """Every reference in an event, however deep."""
    if isinstance(value, UUID):
        return {value}
    if isinstance(value, tuple):
        return {one for member in value for one in _named(member)}
    if is_dataclass(value) and not isinstance(value, type):
        return {one for field in fields(value) for one in _named(getattr(value, field.name))}
    return set()


def _read(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> Iterator[Fact[Any]]:
    """What is read in a case, of its own and of others'."""
    if not streams.get(case):
        return
    reading = read(case, streams)
    for fact in reading.facts:
        if fact.version not in reading.elsewhere and not stays(type(fact.event)):
            yield fact


def _made(facts: Iterable[Fact[Any]]) -> dict[tuple[object, ...], set[int]]:
    """What each of these entries begins or takes, with the positions of those that do."""
    made: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for fact in facts:
        for begun in _begins(fact):
            made[begun].add(fact.position)
        for what, *which in once.referred([fact]):
            made[_CALLED.get(what, what), *which].add(fact.position)
    return made


def _begins(fact: Fact[Any]) -> Iterator[tuple[str, UUID]]:
    """What an entry begins: of which kind, and under which reference."""
    name = fact.header.name
    for kind, path in (*_one(MAKES.get(name)), *_one(_OF_PLANS if name in _PLANS else None)):
        for reference in _at(fact.event, path.split(".")):
            yield kind, reference


def _one(making: tuple[str, str] | None) -> tuple[tuple[str, str], ...]:
    return () if making is None else (making,)


def _at(value: Any, path: list[str]) -> Iterator[UUID]:  # noqa: ANN401 — what a field holds
    """The references that stand at a path of fields."""
    if isinstance(value, tuple):
        for member in value:
            yield from _at(member, path)
    elif path:
        yield from _at(getattr(value, path[0], None), path[1:])
    elif isinstance(value, UUID):
        yield value
