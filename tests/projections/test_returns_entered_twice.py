"""One concern entered in two cases that were merged: what of them counts, in either nation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.conclusion import EnquiryConcluded
from domain.enquiry import EnquiryOpened
from projections.joined import Reading
from projections.projection import Seen, shape_now
from projections.rebuild import verify
from projections.returns.facts import FACTS
from projections.returns.reading import INQUIRIES
from projections.returns.twice import entered_twice
from tests.controls import CASE, OTHER_CASE, a_referral, ref
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.joins import merge
from tests.projections.scottish import SECOND, a_power, an_inquiry, total
from tests.projections.scottish import ended as inquired
from tests.projections.scottish import facts as scottish
from tests.projections.test_returns import an_enquiry, concluded, filled
from tests.projections.test_returns_counted_once import linked
from tests.projections.test_returns_laws import quick

THIRD: Final = UUID(int=ref(90).int)
NOW: Final = "2026-11-02"
LATE: Final = date(2027, 7, 1)
OPEN: Final = an_enquiry(1, day="2025-05-03")
ENDED: Final = concluded(number=1, day="2025-10-01")


def a(*events: object, stream: UUID = CASE) -> list[Told]:
    """Give what is told in a case."""
    return [told(NOW, one, stream=stream) for one in events]


def b(*events: object) -> list[Told]:
    """Give what is told in the case that was merged."""
    return a(*events, stream=OTHER_CASE)


def then(*, day: str, number: int = 0) -> tuple[EnquiryOpened, EnquiryConcluded]:
    """Give an enquiry of another year, concluded."""
    return an_enquiry(number, day=day), concluded(number=number, day=day)


# What the two cases tell; of the year 2025 the concerns, enquiries and conclusions that count, and
# by the words of SG1f and SG3a how many of each are named.
BOTH: dict[str, tuple[list[Told], tuple[int, int, int], tuple[int, int]]] = {
    "the case has an enquiry of years before": (
        [
            *a(a_referral("2023-05-01"), *then(day="2023-05-12"), linked("2025-05-02")),
            *b(a_referral("2025-05-02"), OPEN, ENDED),
        ],
        (1, 1, 1),
        (1, 0),
    ),
    "the merged case has a concern of its own, later": (
        [
            *a(a_referral("2025-05-01"), *then(day="2025-05-12")),
            *b(a_referral("2025-05-01"), linked("2025-08-01")),
            *b(*then(day="2025-08-03", number=1)),
        ],
        (2, 2, 2),
        (1, 0),
    ),
    "both have an enquiry about it": (
        [
            *a(a_referral("2025-05-01"), *then(day="2025-05-12")),
            *b(a_referral("2025-05-02"), OPEN, ENDED),
        ],
        (1, 1, 1),
        (2, 1),
    ),
    "of two the one concluded": (
        [
            *a(a_referral("2025-05-01"), an_enquiry()),
            *b(a_referral("2025-05-02"), OPEN, ENDED),
        ],
        (1, 1, 1),
        (2, 0),
    ),
    "of another kind": (
        [
            *a(a_referral("2025-05-01"), an_enquiry(kind="other_enquiry")),
            *b(a_referral("2025-05-02"), OPEN, ENDED),
        ],
        (1, 1, 1),
        (1, 0),
    ),
    "received again, or news": (
        [
            *a(a_referral("2025-05-01")),
            *b(a_referral("2025-05-02"), linked("2025-05-03", "duplicate"), OPEN, ENDED),
        ],
        (1, 1, 1),
        (2, 0),
    ),
}


def counted(views: Views) -> tuple[int, int, int]:
    """Give the concerns, the Section 42 enquiries and those concluded that count in 2025."""
    activity = filled(views, "SG1f").cells
    ended = sum(one.value or 0 for one in filled(views, "SG3a").cells if one.table == "SG3a")
    return activity[0].value or 0, activity[1].value or 0, ended


def named(views: Views) -> tuple[int, int]:
    """Give how many things SG1f and SG3a leave out and name."""
    one, other = (
        sum(len(left.counted) for left in filled(views, code).left_out) for code in ("SG1f", "SG3a")
    )
    return one, other


@pytest.mark.parametrize("which", BOTH)
def test_only_what_was_entered_twice_counts_once(views: Views, which: str) -> None:
    """The merged case's first concern, and one of two enquiries about it, counts not; it is named.

    Whatever the case it was merged into is merged into itself then, nothing of it moves (law 5).
    """
    entries, figures, left = BOTH[which]
    views.tell(*a(a_referral("2023-01-01"), *then(day="2023-02-01", number=5), stream=THIRD))
    views.tell(*entries)
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE, "same_concern"))
    assert (counted(views), named(views)) == (figures, left)
    views.tell(*merge("2026-11-06", CASE, THIRD, "registered_twice"))
    assert (counted(views), named(views)) == (figures, left)
    assert verify(FACTS, views.connect).equal


def test_what_is_said_later_of_an_enquiry_entered_twice_is_named(views: Views) -> None:
    """Concluded after the merge it counts as little, also once anything else is corrected."""
    views.tell(*a(a_referral("2025-05-01"), an_enquiry()), *b(a_referral("2025-05-02"), OPEN))
    views.tell(*merge("2026-11-05", OTHER_CASE, CASE, "same_concern"))
    views.tell(told("2026-11-06", ENDED))
    assert (counted(views), named(views)) == ((1, 1, 0), (2, 1))
    views.tell(told("2026-11-07", linked("2025-05-02")))
    views.tell(told("2026-11-07", corrected(5, withdrawn=True)))
    assert (counted(views), named(views)) == ((1, 1, 0), (3, 1))
    assert verify(FACTS, views.connect).equal


INQUIRED: dict[str, tuple[list[Told], tuple[int, int, int]]] = {
    "about a later concern, with a power": (
        [
            *a(a_referral("2027-04-10"), an_inquiry("2027-04-11"), inquired("2027-04-20")),
            *b(a_referral("2027-04-10"), linked("2027-06-01"), an_inquiry("2027-06-02", SECOND)),
            *b(a_power(SECOND)),
        ],
        (2, 1, 1),
    ),
    "of two the one with a power": (
        [
            *a(a_referral("2027-04-10"), an_inquiry("2027-04-11"), inquired("2027-04-20")),
            *b(a_referral("2027-04-10"), an_inquiry("2027-04-12", SECOND), a_power(SECOND)),
        ],
        (1, 0, 1),
    ),
    "of two the one concluded": (
        [
            *a(a_referral("2027-04-10"), an_inquiry("2027-04-11")),
            *b(a_referral("2027-04-10"), an_inquiry("2027-04-12", SECOND)),
            *b(inquired("2027-04-20", SECOND)),
        ],
        (1, 1, 0),
    ),
}


@pytest.mark.parametrize("which", INQUIRED)
def test_scotland_counts_what_was_entered_once(views: Views, which: str) -> None:
    """Indicators 1, 2 and 3 lose what was entered twice, and no inquiry or power of another."""
    entries, figures = INQUIRED[which]
    views.tell(*(replace(one, day=LATE) for one in entries))
    views.tell(*merge("2027-07-05", OTHER_CASE, CASE, "same_concern"))
    found = scottish(views)
    assert tuple(total(found, code) for code in ("1", "2", "3")) == figures
    assert verify(INQUIRIES, views.connect).equal


# ---------------------------------------------------------------------------- law 5, of any chain

CASES: Final = [str(ref(1 + number)) for number in range(5)]


def seen(position: int, stream: str, name: str, **data: Any) -> Seen:  # noqa: ANN401 — any field
    """Give an event of a case."""
    payload = orjson.dumps({"data": data})
    stored = f"{name}.v{shape_now(name)}"
    return Seen((position, stream, position, 2_000_000_000_000_000, stored, {}, payload))


@st.composite
def histories(draw: Any) -> tuple[list[Seen], list[Seen]]:  # noqa: ANN401 — as Hypothesis draws
    """Give what cases tell, with merges of one concern; and the same with further merges between.

    Each case is merged once at most, into one before it.
    """
    told_, number = list[Seen](), 1
    for case in CASES:
        for _ in range(draw(st.integers(1, 3))):
            day = f"2025-0{draw(st.integers(1, 9))}-01"
            when = {"edtf": day}
            first = not any(one.stream == case for one in told_)
            more = {"adult": "one"} if first else {"reason": "repeat"}
            name = "referral-received" if first else "referral-linked"
            told_.append(seen(number, case, name, received=when, **more))
            if draw(st.booleans()):
                enquiry = {"enquiry": f"of {number}", "opened_on": day, "kind": "section_42"}
                told_.append(seen(number + 1, case, "enquiry-opened", **enquiry))
            number += 2
    same, further = list[Seen](), list[Seen]()
    for at in draw(st.permutations(range(1, len(CASES)))):
        number += 1
        reason, into = (
            draw(st.sampled_from(["same_concern", "one_adult"])),
            draw(st.integers(0, at - 1)),
        )
        fields = {"other": CASES[into], "place": "merged", "reason": reason}
        one = seen(number, CASES[at], "case-merged", **fields)
        further.append(one)
        if reason == "same_concern":
            same.append(one)
    return [*told_, *same], [*told_, *further]


@quick
@for_all(histories())
def test_law_5_records_of_one_person_read_as_one_move_no_concern_or_enquiry(
    drawn: tuple[list[Seen], list[Seen]],
) -> None:
    """Whatever is merged besides, before or after, the same things were entered twice."""
    alone, with_others = (entered_twice(Reading(one)) for one in drawn)
    assert alone == with_others


@quick
@for_all(histories())
def test_a_concern_entered_twice_still_counts_once(drawn: tuple[list[Seen], list[Seen]]) -> None:
    """Each merge of one concern takes one concern away, and never the last of any."""
    for each in drawn:
        gone = entered_twice(Reading(each))
        concerns = [one for one in each if one.name.startswith("referral-")]
        same = [one for one in each if one.data.get("reason") == "same_concern"]
        assert sum(one.position in gone for one in concerns) == len(same)
