"""Which figures of Scotland's dataset add up: what a reader of the published ones knows as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from projections.returns.guarding import Hidden, Law
from projections.returns.longform import Place

# A figure that is one of a table's, and the tables whose figures are its parts: of some of them
# with a rest that is named nowhere in the report.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "1": ("Source",),
    "2": ("10", "15a", "Age", "Gender"),
    "3": ("11", "15b", "Age", "Gender"),
}
_COVERING: Final[Mapping[str, str]] = {"2": "17a", "3": "17b"}  # several answers to one inquiry


def laws(values: Mapping[Place, int]) -> list[Law]:
    """What of a quarter's figures adds up."""
    return [
        law
        for total in values
        for law in (*_parts(values, total), *_in_each(values, total))
        if total.table in _PARTS
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
    """No group has more inquiries than there are."""
    code = _COVERING.get(total.table)
    for one in values:
        if one.table == code:
            between = Hidden(name=f"not {one}", value=values[total] - values[one], told=False)
            yield Law(left=(one, between), right=(total,))
