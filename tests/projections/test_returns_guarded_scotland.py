"""Scotland's published figures of a quarter: of none that is suppressed more is known than that.

Whoever knows which figures add up, and which are no more than others, learns of each only that it
is anything from 0 to 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from api.office import Office
from api.returns.publishing import check_published
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.refusal import NotFound
from projections.returns import tables_of
from projections.returns.longform import Exact, ExactFigure, Place, place_of
from projections.returns.periods import Span
from projections.returns.table import published
from tests.projections import scottish
from tests.projections.test_returns_guarded import guarded, of_place, quick, read, subtracted

USING, WITHOUT = "Inquiries using investigatory powers", "Inquiries without investigatory powers"
KINDS = {
    USING: Place("3", USING, "Count of inquiries using investigatory powers", ""),
    WITHOUT: Place(
        "2", WITHOUT, "Count of inquiries concluded without use of investigatory powers", ""
    ),
}
NO_KIND = ("Not recorded", "Not of the quarter", "Not concluded")
OF_PLANS = tuple(
    Place("ASPP", "Protection Plans", one, "")
    for one in ("Begun", "Ended", "In place on the last day")
)


def test_in_scotland_the_parts_of_a_count_do_not_tell_one_another() -> None:
    """Sources of referrals: one that the number of referrals would tell takes another with it."""
    figures = [("1", "ASP referrals", 28)]
    figures += [("Source", "Police", 12), ("Source", "Health", 12), ("Source", "Fire service", 4)]
    whole = Exact(
        period="2025-Q3",
        council="",
        simulated=False,
        figures=tuple(
            ExactFigure(place=Place(table, "ASP Referrals", category, ""), value=value)
            for table, category, value in figures
        ),
    )
    shown = {one.place.category: one.written for one in guarded(whole, SCOTLAND.code).figures}
    assert shown["Fire service"] == "[c]"
    assert {shown["Police"], shown["Health"]} == {"[c]", "10"}
    assert shown["ASP referrals"] == "30"


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND])
def test_no_year_is_published_beside_its_quarters(nation: Jurisdiction) -> None:
    """Quarters of 5, 5, 5 and 0 beside their year would tell that the last is 2 at most.

    So of a nation the year is published or its quarters are, and never both.
    """
    quarters = [published(one) for one in (5, 5, 5, 0)]
    least = sum(read(one)[0] for one in quarters)
    assert (quarters, published(15), read(published(15))[1] - least) == (
        ["5", "5", "5", "[c]"], "15", 2,
    )  # fmt: skip
    office, year = cast("Office", SimpleNamespace(jurisdiction=nation)), Span(year=2026)

    def given_out(of: Span) -> bool:
        with suppress(NotFound):
            check_published(office, of)
            return bool(tables_of(nation.code, of))
        return False

    assert [one for one in (year, *year.quarters) if given_out(one)] in [[year], [*year.quarters]]


def a_quarter(values: Mapping[Place, int]) -> Exact:
    """Give the figures of a quarter in Scotland of which all others are 0."""
    empty = scottish.an_empty()
    found = [place_of(cell) for one in scottish.TABLES.values() for cell in one.fill(empty).cells]
    assert values.keys() <= set(found)
    figures = [of_place(one, values.get(one, 0)) for one in found if one.table != "Unknown"]
    return Exact(period="2027-28 Q1", council="", simulated=False, figures=tuple(figures))


def shown(values: Mapping[Place, int]) -> dict[Place, str]:
    """Give how figures of a quarter are published."""
    return {one.place: one.written for one in guarded(a_quarter(values), SCOTLAND.code).figures}


@pytest.mark.parametrize(
    ("plans", "written"),
    [
        ((8, 4, 4), ("[c]", "[c]", "[c]")),  # 10, [c], [c] could only be 8, 4 and 4
        ((13, 10, 3), ("15", "[c]", "[c]")),  # 15, 10, [c] leave at least 1 in place
        ((1, 0, 5), ("[c]", "[c]", "[c]")),  # at most 4 of 5 in place began: some were before
        ((16, 9, 41), ("15", "10", "40")),
    ],
)
def test_plans_begun_and_ended_do_not_tell_those_in_place(
    plans: tuple[int, ...], written: tuple[str, ...]
) -> None:
    """What began and did not end is in place: no figure of the three tells that another is few."""
    found = shown(dict(zip(OF_PLANS, plans, strict=True)))
    assert tuple(found[one] for one in OF_PLANS) == written


def test_each_suppressed_figure_of_plans_can_be_anything_from_0_to_4() -> None:
    """Of all small numbers, by brute force; so can be how many were in place the quarter before."""
    small = set(range(5))
    for begun, ended, there in product(range(11), repeat=3):
        exactly = (begun, ended, there)
        if begun > ended + there:
            continue
        values = dict(zip(OF_PLANS, exactly, strict=True))
        figures = tuple(of_place(*one) for one in values.items())
        whole = Exact(period="", council="", simulated=False, figures=figures)
        written = [one.written for one in guarded(whole, SCOTLAND.code).figures]
        ranges = [
            range(30) if text == "[c]" and each > 4 else range(read(text)[0], read(text)[1] + 1)
            for text, each in zip(written, exactly, strict=True)
        ]
        possible = [one for one in product(*ranges) if one[0] <= one[1] + one[2]]
        for number, each in enumerate(exactly):
            assert each > 4 or {one[number] for one in possible} == small, (exactly, written)
        before = {one[1] + one[2] - one[0] for one in possible}
        assert ended + there - begun > 4 or before >= small, (exactly, written)


def moved_(before: str, now: str) -> Place:
    """Give where stands what was one and is another."""
    return Place("Restated", "Inquiries", before, now)


def test_what_moved_into_a_kind_leaves_each_suppressed_figure_anything_from_0_to_4() -> None:
    """No more moved into a kind than there are of it, by brute force over small numbers.

    15 of which 10 and 10 moved would leave 1 at most that was not concluded. How many stayed, and
    how many there were when the quarter ended, are counts too.
    """
    into, total = [moved_(one, USING) for one in NO_KIND], KINDS[USING]
    for one, two, three, stayed in product((0, 1, 3, 5, 8), (0, 5, 8, 12), (0, 1, 4), (0, 1, 6)):
        exactly = (one, two, three, one + two + three + stayed)
        values = dict(zip((*into, total), exactly, strict=True))
        out = {moved_(USING, "Not concluded"): 5, moved_(WITHOUT, USING): 0}
        figures = tuple(of_place(*each) for each in {**values, **out}.items())
        whole = Exact(period="", council="", simulated=False, figures=figures)
        found = {each.place: each.written for each in guarded(whole, SCOTLAND.code).figures}
        known = {
            each: (0, 99) if text == "[c]" and {**values, **out}[each] > 4 else read(text)
            for each, text in found.items()
        }
        moved = [known[each] for each in (*into, moved_(WITHOUT, USING))]
        least, most = (sum(each[end] for each in moved) for end in (0, 1))
        low, high = known[total]
        for each, exact in values.items():
            if exact <= 4 and each != total:
                assert high - (least - known[each][0]) >= 4, (exactly, found)
        assert exactly[-1] > 4 or least == 0, (exactly, found)
        assert stayed > 4 or (low <= most and high - least >= 4), (exactly, found)


@quick
@example(13, 6)  # nearly all have no group: those that have one could be 2 at most
@for_all(st.integers(0, 10_000), st.sampled_from((1, 4, 9, 17, 40)))
def test_no_suppressed_figure_of_inquiries_can_be_worked_out(seed: int, size: int) -> None:
    """Whoever knows all that holds of a quarter's inquiries learns of none but 0 to 4.

    The laws are written down here anew: each inquiry has one action, age and gender, at most one
    harm, and one group at least, or alone that there is none or that it is not recorded; what it is
    now it was before, or moved into.
    """
    exactly, sums = inquiries_of(Random(seed), size)  # noqa: S311 — no secret
    found = shown({one: value for one, value in exactly.items() if isinstance(one, Place)})
    withheld = {one for one, text in found.items() if text == "[c]" and exactly.get(one, 0) > 4}
    hide = [
        tuple(tuple(("withheld", one) if one in withheld else one for one in side) for side in each)
        for each in sums
    ]
    known = subtracted(found, hide)  # type: ignore[arg-type]
    told_ = {
        one: (low, high)
        for one, (low, high) in known.items()
        if exactly.get(one, 9) <= 4 and (low > 0 or high < 4)
    }
    assert told_ == {}
    assert all(text == "[c]" for one, text in found.items() if exactly.get(one, 0) <= 4)


def inquiries_of(
    chance: Random, size: int
) -> tuple[dict[Any, int], list[tuple[tuple[Any, ...], tuple[Any, ...]]]]:
    """Give the figures of some inquiries, and what a reader knows to add up of them."""
    cells = [one.place for one in a_quarter({}).figures]
    exactly: Counter[Any] = Counter()
    sums: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
    for kind, total in KINDS.items():
        codes = ("10", "15a", "17a") if kind == WITHOUT else ("11", "15b", "17b")
        of = {code: [one for one in cells if one[:2] == (code, kind)] for code in codes}
        of |= {
            code: [one for one in cells if one[:2] == (code, kind)] for code in ("Age", "Gender")
        }
        action, harm, group = codes
        other = next(one for one in KINDS if one != kind)
        moved_in = [moved_(one, kind) for one in (*NO_KIND, other)]
        moved_out = [moved_(kind, one) for one in (other, "Not concluded", "Not of the quarter")]
        alone = [one for one in of[group] if one.category in {"None", "Not recorded"}]
        of[group] = [one for one in of[group] if one not in alone]
        lone = chance.choice((0, 0.5, 0.9, 1))
        stays, then, share = f"stays {kind}", f"then {kind}", chance.choice((0.5, 0.9, 1))
        for _ in range(size):
            exactly[total] += 1
            for code in (action, "Age", "Gender"):
                exactly[_common(chance, of[code])] += 1
            if chance.random() < 0.9:
                exactly[_common(chance, of[harm])] += 1
            else:
                exactly[f"no harm {kind}"] += 1
            groups = {_common(chance, of[group]) for _ in range(chance.choice((1, 1, 2)))}
            exactly.update({chance.choice(alone)} if chance.random() < lone else groups - {*alone})
            exactly[_common(chance, moved_in) if chance.random() < share else stays] += 1
        for one in moved_out[1:]:
            exactly[one] = chance.choice((0, 1, 5, 12))
        sums += [(tuple(of[code]), (total,)) for code in (action, "Age", "Gender")]
        nothing = (f"no harm {kind}",) if exactly[f"no harm {kind}"] else ()
        sums.append(((*of[harm], *nothing), (total,)))
        sums += [((one, f"not {one}"), (f"of a group {kind}",)) for one in of[group]]
        sums.append(((*alone, f"of a group {kind}"), (total,)))
        sums.append(((f"of a group {kind}", f"again {kind}"), tuple(of[group])))
        sums += [((*moved_in, stays), (total,)), ((*moved_out, stays), (then,))]
    for kind in KINDS:
        other = next(one for one in KINDS if one != kind)
        places = [moved_(kind, one) for one in (other, "Not concluded", "Not of the quarter")]
        exactly[f"then {kind}"] = exactly[f"stays {kind}"] + sum(exactly[one] for one in places)
    return exactly, sums


def _common(chance: Random, among: Sequence[Place]) -> Place:
    return among[min(int(chance.expovariate(0.8)), len(among) - 1)]
