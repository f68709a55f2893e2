"""Which figures of Scotland's dataset add up: what a reader of the published ones knows as well.

What is no more than something else adds up to it with what lies between, which is shown nowhere.
Looked at, and no law: that no more orders are granted than were applied for (it may have been in a
quarter before), that an inquiry had a referral, or a plan a conference, in the same quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from projections.returns.guarding import Hidden, Law
from projections.returns.longform import Place
from projections.returns.scotland.restating import BEFORE, NOW
from projections.returns.scotland.words import GROUPS, IN_PLANS, PLANS

# A figure that is one of a table's, and the tables whose figures are its parts: of some of them
# with a rest that is named nowhere in the report.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "1": ("Source",),
    "2": ("10", "15a", "Age", "Gender"),
    "3": ("11", "15b", "Age", "Gender"),
}
_COVERING: Final[Mapping[str, str]] = {"2": "17a", "3": "17b"}  # several answers to one inquiry
_ALONE: Final = frozenset({GROUPS["none"], GROUPS["not_recorded"]})
_RESTATED: Final = "Restated"


def laws(values: Mapping[Place, int]) -> list[Law]:
    """What of a quarter's figures adds up."""
    return [
        *(
            law
            for total in values
            for law in (*_parts(values, total), *_in_each(values, total), *_moved(values, total))
            if total.table in _PARTS
        ),
        *_plans(values),
    ]


def _parts(values: Mapping[Place, int], total: Place) -> Iterator[Law]:
    for code in _PARTS.get(total.table, ()):
        parts = tuple(one for one in values if (one.table, one[1]) == (code, total[1]))
        rest = values[total] - sum(values[one] for one in parts)
        if not parts or rest < 0:
            continue
        # Where all are placed a reader may know that; else what is left over is a count too.
        left = Hidden(name=f"left over {code} {total[1]}", value=rest, told=True)
        yield Law(left=(*parts, left) if rest else parts, right=(total,))


def _in_each(values: Mapping[Place, int], total: Place) -> Iterator[Law]:
    """No group has more inquiries than there are; where all have one, all groups no fewer.

    What is said alone, that there is no group or that it is not recorded, leaves the others fewer;
    of a quarter in which it is said beside a group that is no law.
    """
    code = _COVERING.get(total.table)
    groups = tuple(one for one in values if one.table == code)
    lone = tuple(one for one in groups if one.category in _ALONE)
    others = tuple(one for one in groups if one not in lone)
    amount = values[total] - sum(values[one] for one in lone)
    rest = Hidden(name=f"of a group {code}", value=amount, told=True)
    yield Law(left=(*lone, rest), right=(total,))
    for whole, of in ((total, groups), (rest, others)):
        most = rest.value if whole is rest else values[total]
        for one in of:
            between = Hidden(name=f"{whole} not {one}", value=most - values[one])
            yield Law(left=(one, between), right=(whole,))
        again = Hidden(name=f"again {whole}", value=sum(values[one] for one in of) - most)
        yield Law(left=(whole, again), right=of)


def _moved(values: Mapping[Place, int], total: Place) -> Iterator[Law]:
    """Of each kind there are those that moved into it and those that stayed as they were.

    These and the ones that moved out of it are how many there were when the quarter ended, which an
    earlier report may have suppressed: that is a count too.
    """
    into = tuple(
        one
        for before in BEFORE.values()
        if (one := Place(_RESTATED, "Inquiries", before, total[1])) in values
    )
    out = tuple(
        one
        for now in NOW.values()
        if (one := Place(_RESTATED, "Inquiries", total[1], now)) in values
    )
    same = values[total] - sum(values[one] for one in into)
    stayed = Hidden(name=f"stayed {total[1]}", value=same, told=True)
    there = same + sum(values[one] for one in out)
    yield Law(left=(*into, stayed), right=(total,))
    yield Law(left=(*out, stayed), right=(Hidden(name=f"then {total[1]}", value=there, told=True),))


def _plans(values: Mapping[Place, int]) -> Iterator[Law]:
    """A plan that began is in place or ended, as is each that was in place the quarter before."""
    begun, ended, there = (Place("ASPP", PLANS, one, "") for one in IN_PLANS)
    if {begun, ended, there} <= values.keys():
        amount = values[ended] + values[there] - values[begun]
        before = Hidden(name="in place before", value=amount, told=True)
        yield Law(left=(begun, before), right=(ended, there))
