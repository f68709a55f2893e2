"""What only one entry of a case may have: a reference it begins, or a place that it takes.

A second is refused as it is recorded, of the case as it is now understood: what was withdrawn has
nothing. So an entry that was withdrawn does not stand again beside the one that took its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Final

from domain.words import Fact

Taken = frozenset[tuple[object, ...]]
_HELD: Final = (("held", ("conference",)), ("part", ("conference", "parts.number")))
# By stored name: what it is, and the fields whose values together say which.
ONCE: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "referral-received": (("referral", ()), ("allegation", ("allegations.ref",))),
    "referral-linked": (("allegation", ("allegations.ref",)),),
    "allegation-added": (("allegation", ("allegation.ref",)),),
    "case-brought-forward": (("brought forward", ()),),
    "enquiry-opened": (("enquiry", ("enquiry",)),),
    "inquiry-opened": (("enquiry", ("enquiry",)),),
    "conference-convened": (("conference", ("conference",)),),
    "conference-held": _HELD,
    "core-group-held": _HELD,
    "conference-part-held": (("part", ("conference", "part.number")),),
    "abuse-finding": (("finding", ("allegation", "supersedes")),),
    "plan-agreed": (("plan", ("plan",)), ("version", ("plan", "version"))),
    "plan-revised": (("version", ("plan", "version")),),
    "action-agreed": (("action", ("action",)),),
    "protection-order-applied": (("order", ("order",)),),
    "dbs-referral-duty-identified": (("duty", ("duty",)),),
    "organisational-change-recommended": (("change", ("change",)),),
    "adult-raised-issue": (("issue", ("issue",)),),
    "minute-amendment-requested": (("amendment", ("amendment",)),),
    "sar-referred": (("review", ("review",)),),
    "rectification-requested": (("rectification", ("request",)),),
    "subject-access-request-received": (("request", ("request",)),),
    "subject-access-request-answered": (("answer", ("request",)),),
}


def taken(fact: Fact[Any]) -> Taken:
    """What a fact has that no other of its case may have.

    One of another case that is read here begins no case of ours.
    """
    kinds = ONCE.get(fact.header.name)
    if kinds is None:
        return frozenset()
    return frozenset(
        (kind, *values)
        for kind, paths in kinds
        if paths or fact.version > 0
        for values in product(*(tuple(_at(fact.event, path.split("."))) for path in paths))
    )


def referred(facts: Iterable[Fact[Any]]) -> Taken:
    """What facts have under a reference: of two cases each begins by itself, whatever is joined."""
    return frozenset(one for fact in facts for one in taken(fact) if len(one) > 1)


def _at(value: Any, path: list[str]) -> Iterator[object]:  # noqa: ANN401 — what a field holds
    """What stands at a path of fields."""
    if isinstance(value, tuple):
        for member in value:
            yield from _at(member, path)
    elif path:
        yield from _at(getattr(value, path[0]), path[1:])
    else:
        yield value
