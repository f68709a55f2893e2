"""Published figures of which no suppressed one can be worked out, by whoever knows what adds up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.jurisdictions.england import ENGLAND
from projections.returns import BESIDE, LAWS, tables
from projections.returns.england import words as said
from projections.returns.england.adding import BETWEEN, CROSSED
from projections.returns.facts import Concern, Enquiry, Facts, Review, financial_year
from projections.returns.guarding import Law, Protected, protect
from projections.returns.longform import Exact, ExactFigure, Place
from tests.controls import ref

# Not shrunk: a smaller authority is another one, and no simpler.
quick = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DAY = financial_year(2025).first


def an_authority(seed: int, size: int) -> Facts:
    """Give the facts of a year in which some types, places and answers are far more common."""
    chance = Random(seed)  # noqa: S311 — no secret

    def one_of(codes: Iterable[str]) -> str:
        known = sorted(codes)
        return known[min(int(chance.expovariate(0.6)), len(known) - 1)]

    def enquiry(number: int) -> Enquiry:
        sources = chance.sample(sorted(said.SOURCES), chance.choice((1, 1, 1, 2)))
        lists = ENGLAND.lists
        return Enquiry(
            case=ref(number + 1),
            enquiry=ref(100_000 + number),
            adult=ref(200_000 + number * 4 // 5),
            kind=said.SECTION_42 if chance.random() < 0.9 else said.OTHER,
            opened_on=DAY,
            concluded_on=DAY,
            capacity=one_of(lists["concluded_capacity"]),
            opened_at=number + 1,
            concluded_at=300_000 + number,
            triples=[
                (one_of(said.TYPES), source, one_of(said.LOCATIONS))
                for source in chance.choice((sources, sources, [*sources, *sources]))
            ],
            outcomes=one_of(lists["concluded_outcomes"]),
            support_reason=one_of(lists["primary_support_reason"]),
            conditions=[one_of(lists["health_condition"])],
            risks_found=[
                (one, one_of(lists["risk_identified"]), one_of(lists["risk_outcome"]))
                for one in sources[:1]
            ],
            risks_not_found=[(one, one_of(lists["risk_not_identified"])) for one in sources[1:]],
        )

    begun = [enquiry(number) for number in range(size)]
    people = [ref(200_000 + number) for number in range(size)]
    return Facts(
        period=financial_year(2025),
        concerns=[
            Concern(
                case=ref(number + 1),
                adult=ref(200_000 + number * 4 // 5),
                first_day=DAY,
                last_day=DAY,
                position=400_000 + number,
                support_reason=one_of(ENGLAND.lists["primary_support_reason"]),
                conditions=(),
            )
            for number in range(size + size // 3)
        ],
        doubtful=(),
        begun=begun,
        concluded=begun,
        sealed={},
        died={},
        reviews=[
            Review(
                case=ref(number + 1),
                review=ref(500_000 + number),
                concluded_on=DAY,
                position=600_000 + number,
                individuals=[(None, one_of((said.DIED, said.SURVIVED)))],
            )
            for number in range(size // 9)
        ],
        ages={one: (chance.choice((30, 70, 80, 80, 90)),) for one in people},
        genders={one: one_of(said.GENDERS) for one in people},
        ethnicities={one: one_of(said.ETHNICITIES) for one in people},
    )


def counted(facts: Facts) -> Exact:
    """Give every figure of an authority, with the table beside the return."""
    nation = ENGLAND.code
    figures = tuple(
        ExactFigure(
            place=Place(one.table, one.enquiry_type, one.category, one.subcategory), value=one.value
        )
        for table in (*tables(nation, 2025), *BESIDE[nation])
        for one in table.fill(facts).cells
    )
    return Exact(period="2025-26", council="", simulated=False, figures=figures)


def guarded(whole: Exact, nation: str = ENGLAND.code) -> Protected:
    """Give them as they are published."""
    values = {one.place: one.value for one in whole.figures if one.value is not None}
    return protect(whole, LAWS[nation](values), first=frozenset({CROSSED}))  # type: ignore[index]


# ---------------------------------------------------------------------------- who subtracts


def read(written: str) -> tuple[int, int]:
    """Give what a reader knows of a figure alone, and would if each `[c]` were under 5."""
    if written == "[c]":
        return 0, 4
    return (5, 7) if written == "5" else (int(written) - 2, int(written) + 2)


def subtracted(
    shown: Mapping[Place, str], sums: Sequence[tuple[tuple[Any, ...], tuple[Any, ...]]]
) -> dict[Any, tuple[float, float]]:
    """Take sides of sums from one another until nothing more follows: no code of ours is used."""
    known: dict[Any, tuple[float, float]] = {}
    for sides in sums:
        for term in (*sides[0], *sides[1]):
            known[term] = read(shown[term]) if isinstance(term, Place) else (0, math.inf)
    moved = True
    while moved:
        moved = False
        for one, other in (pair for sides in sums for pair in (sides, sides[::-1])):
            lows, highs = ([known[each][end] for each in one] for end in (0, 1))
            least, most = (sum(known[each][end] for each in other) for end in (0, 1))
            for number, term in enumerate(one):
                low = least - sum(highs[:number] + highs[number + 1 :])
                high = most - sum(lows) + lows[number]
                new = max(known[term][0], low), min(known[term][1], high)
                if new != known[term]:
                    known[term], moved = new, True
    return known


def published(parts: Sequence[int]) -> list[str]:
    """Publish parts and, last, their total; give how they are written."""
    values = (*parts, sum(parts))
    places = [Place("T", "", str(number), "") for number in range(len(values))]
    figures = tuple(map(of_place, places, values))
    whole = Exact(period="", council="", simulated=False, figures=figures)
    law = Law(left=tuple(places[:-1]), right=(places[-1],))
    return [one.written for one in protect(whole, [law]).figures]


def of_place(place: Place, value: int | None) -> ExactFigure:
    """Give a figure."""
    return ExactFigure(place=place, value=value)


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((12, 12, 4), ["[c]", "10", "[c]", "30"]),  # 10, 10, [c], 30 could only be 4
        ((8, 8, 0), ["[c]", "10", "[c]", "15"]),  # 10, 10, [c], 15 is never more than 1
        ((10, 3, 2), ["10", "[c]", "[c]", "15"]),  # nothing more is told
        ((4, 3), ["[c]", "[c]", "[c]"]),  # 5 as their total would make each at least 1
        ((0, 0), ["[c]", "[c]", "[c]"]),
    ],
)
def test_what_subtraction_would_tell_is_withheld(
    parts: tuple[int, ...], written: list[str]
) -> None:
    """A part that total and other parts would tell takes one of them with it, no more (R145)."""
    assert published(parts) == written


@quick
@for_all(st.integers(0, 10_000), st.sampled_from((5, 20, 45, 90, 200)))
def test_no_suppressed_figure_can_be_worked_out(seed: int, size: int) -> None:
    """Whoever subtracts totals and crossings from one another learns of none but 0 to 4 (R145).

    What adds up is written down here anew: adults, answers, risks, and the three tables of two of
    type, place and source beside the one of all three.
    """
    whole = counted(an_authority(seed, size))
    exactly = {one.place: one.value or 0 for one in whole.figures}
    shown = {one.place: one.written for one in guarded(whole).figures}
    assert all(text == "[c]" for place, text in shown.items() if exactly[place] < 5)
    withheld = {place for place, text in shown.items() if text == "[c]" and exactly[place] >= 5}
    sums = [
        tuple(
            tuple(("withheld", one) if one in withheld else one for one in side) for side in sides
        )
        for sides in known_sums(list(shown), exactly)
    ]
    known = subtracted(shown, sums)  # type: ignore[arg-type]
    told = {
        one: (low, high)
        for one, (low, high) in known.items()
        if isinstance(one, Place) and shown[one] == "[c]" and (low > 0 or high < 4)
    }
    assert told == {}
    for block in said.CONCLUDED_AS.values():
        lacked, supported = (
            exactly[Place("SG3a", block, one, "")]
            for one in (said.CAPACITY["lacked"], said.SUPPORTED)
        )
        low, high = known[f"unsupported {block}"]
        assert lacked - supported > 4 or (low <= 0 and high >= 4), block


def known_sums(
    places: Sequence[Place], exactly: Mapping[Place, int]
) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Give what a reader knows to add up, by the rules of the collection alone."""

    def of(table: str, block: str, *categories: str) -> tuple[Place, ...]:
        return tuple(
            one
            for one in places
            if (one.table, one.enquiry_type) == (table, block)
            and (not categories or one.category in categories)
        )

    sums: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
    every = tuple(of("SG1f", block) for block in (said.CONCERNS, *said.BEGUN_AS.values()))
    sums.append(((*every[1], *every[2], "concerns not enquired into"), every[0]))
    for block in (said.CONCERNS, *said.BEGUN_AS.values()):
        sums += [(of(code, block), (f"adults {block}",)) for code in ("SG1a", "SG1b", "SG1c")]
        sums.append(((f"adults {block}", f"again {block}"), of("SG1f", block)))
        sums.append((of("SG1d", block), of("SG1f", block)))
        sums += conditions(of("SG1e", block), of("SG1f", block), block)
    for block in said.CONCLUDED_AS.values():
        total, yes = f"concluded {block}", said.CAPACITY["lacked"]
        sums.append((of("SG3a", block, *said.CAPACITY.values()), (total,)))
        supported = of("SG3a", block, said.SUPPORTED)
        sums.append(((*supported, f"unsupported {block}"), of("SG3a", block, yes)))
        sums.append((of("SG4a", block, *said.ASKED.values()), (total,)))
        asked = of("SG4a", block, said.ASKED["asked_expressed"])
        sums.append((of("SG4a", block, *said.ACHIEVED.values()), asked))
        for source in said.SOURCES.values():
            found = [
                one for one in of("SG2c", block, *said.RISK_FOUND.values()) if one[3] == source
            ]
            outcomes = [one for one in of("SG2e", block) if one[3] == source]
            sums.append((tuple(found), tuple(outcomes)))
        sums += of_each(of, block)
        if not of(CROSSED, block):
            sums += crossed_nowhere(of, block)
    for one in of(CROSSED, said.CONCLUDED):
        kind, at = one.category.split(BETWEEN)
        block = said.CONCLUDED
        for pair in (("SG2a", kind, one[3]), ("SG2a_b1", kind, at), ("SG2b", at, one[3])):
            whole = Place(pair[0], block, *pair[1:])
            sums.append(((one, f"{whole} without {one}"), (whole,)))
    for whole in (*of("SG2a", said.CONCLUDED), *of("SG2a_b1", said.CONCLUDED)):
        line = tuple(
            one
            for one in of(CROSSED, said.CONCLUDED)
            if one.category.split(BETWEEN)[0] == whole.category
            and whole.subcategory in {one.subcategory, one.category.split(BETWEEN)[1]}
        )
        sums.append(((whole, f"twice {whole}"), line))
    for whole in of("SG2b", said.CONCLUDED):
        line = tuple(
            one
            for one in of(CROSSED, said.CONCLUDED)
            if (one.category.split(BETWEEN)[1], one[3]) == (whole.category, whole.subcategory)
        )
        sums.append(((whole, f"twice {whole}"), line))
    given = {one.enquiry_type for one in places if one.table == "SG4a" and exactly[one]}
    return [
        (left, right)
        for left, right in sums
        if left and right and all(one[1] in given for one in (*left, *right) if one[0] == "SG4a")
    ]


_Sums = list[tuple[tuple[Any, ...], tuple[Any, ...]]]


def conditions(told: Sequence[Place], cases: tuple[Place, ...], block: str) -> _Sums:
    """Give that a case of no known condition has none, and each other has one or more."""
    unknown, none = (
        next(one for one in told if one.category == words)
        for words in (said.NOT_KNOWN, said.CONDITIONS["none"])
    )
    known, ill = f"known {block}", f"ill {block}"
    each = tuple(one for one in told if one not in {unknown, none})
    return [
        ((unknown, known), cases),
        ((none, ill), (known,)),
        ((ill, f"ill twice {block}"), each),
        *(((one, f"ill without {one}"), (ill,)) for one in each),
    ]


def of_each(of: Callable[..., tuple[Place, ...]], block: str) -> _Sums:
    """Give that what is of one type, place or source is no more in one table than in another."""
    axes = (
        (said.SOURCES, (("SG2a", 3), ("SG2b", 3), ("SG2c", 3))),
        (said.TYPES, (("SG2a", 2), ("SG2a_b1", 2))),
        (said.LOCATIONS, (("SG2a_b1", 3), ("SG2b", 2))),
    )
    found: _Sums = []
    for words, tables_ in axes:
        for one in words.values():
            here = [tuple(c for c in of(code, block) if c[end] == one) for code, end in tables_]
            within = f"enquiries {block} {one}"
            found.append(((within, f"without {within}"), (f"concluded {block}",)))
            for line in here:
                found.append(((within, f"again {line}"), line))
                found += [((cell, f"not {cell} of {within}"), (within,)) for cell in line]
    return found


def crossed_nowhere(of: Callable[..., tuple[Place, ...]], block: str) -> _Sums:
    """Give that each pair is some combination of all three, where no table shows those."""
    found: _Sums = []
    for code, others in (("SG2a", said.LOCATIONS), ("SG2a_b1", said.SOURCES), ("SG2b", said.TYPES)):
        for pair in of(code, block):
            each = [frozenset({pair[2], pair[3], other}) for other in others.values()]
            line = tuple(f"{block} {sorted(one)}" for one in each)
            found.append(((pair, f"again {pair}"), line))
            found += [((one, f"{pair} without {one}"), (pair,)) for one in line]
    return found


def test_that_nothing_is_known_of_any_condition_is_not_told() -> None:
    """Six enquiries begun of which none is concluded: no condition of theirs is told to be rare."""
    facts = an_authority(0, 0)
    begun = [
        replace(one, kind=said.OTHER, concluded_on=None, concluded_at=None, conditions=())
        for one in an_authority(0, 6).begun
    ]
    shown = {
        one.place: one.written for one in guarded(counted(replace(facts, begun=begun))).figures
    }
    total = Place("SG1f", said.OTHER_ENQUIRIES, "Total Number of Other Safeguarding Enquiries", "")
    unknown = Place("SG1e", said.OTHER_ENQUIRIES, said.NOT_KNOWN, "")
    assert "[c]" in {shown[total], shown[unknown]}


def test_a_count_left_over_is_guarded_as_the_others_are() -> None:
    """That nobody lacked support who lacked capacity is not told by two figures that are alike."""
    whole = counted(an_authority(3, 40))
    places = {
        category: Place("SG3a", said.CONCLUDED, category, "")
        for category in (said.CAPACITY["lacked"], said.SUPPORTED)
    }
    changed = Exact(
        period=whole.period,
        council="",
        simulated=False,
        figures=tuple(
            ExactFigure(place=one.place, value=6 if one.place in places.values() else one.value)
            for one in whole.figures
        ),
    )
    shown = {one.place: one.written for one in guarded(changed).figures}
    assert sorted(shown[one] for one in places.values()) != ["5", "5"]


@pytest.mark.parametrize(
    ("reviews", "people", "written"),
    [(1, 5, ("[c]", "[c]")), (5, 8, ("5", "10")), (2, 3, ("[c]", "[c]"))],
)
def test_that_somebody_died_is_not_told_by_how_many_did(
    reviews: int, people: int, written: tuple[str, str]
) -> None:
    """Of SG5 a number that died would tell that a suppressed number of reviews is not 0 (V10)."""
    died = (
        Place("SG5a", said.REVIEWS, said.REVIEW_FATES[said.DIED], ""),
        Place("SG5b", said.REVIEWED, said.INDIVIDUAL_FATES[said.DIED], ""),
    )
    whole = counted(an_authority(3, 0))
    values = dict(zip(died, (reviews, people), strict=True))
    figures = tuple(of_place(one.place, values.get(one.place, one.value)) for one in whole.figures)
    shown = {one.place: one.written for one in guarded(replace(whole, figures=figures)).figures}
    assert tuple(shown[one] for one in died) == written


def test_a_block_without_an_answer_is_written_as_any_other() -> None:
    """That a voluntary block was not given would tell that there was no enquiry of its kind."""
    shown = {one.place: one.written for one in guarded(counted(an_authority(1, 0))).figures}
    assert set(shown.values()) == {"[c]"}


def test_an_enquiry_is_crossed_once_for_each_combination() -> None:
    """Two entries of one combination are one, two of different places are two."""
    facts = an_authority(5, 30)
    (crossed,) = (table.fill(facts) for table in BESIDE[ENGLAND.code])
    groups = ENGLAND.groups["source_of_risk"]
    expected = sum(
        len({(kind, groups.get(source, source), at) for kind, source, at in one.triples})
        for one in facts.concluded
        if one.kind == said.SECTION_42
    )
    assert sum(one.value or 0 for one in crossed.cells) == expected
    assert len(crossed.cells) == 11 * 9 * 3
