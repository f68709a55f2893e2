"""A Scottish case given out for a learning review: its own terms, times and words (C.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.jurisdictions.scotland import SCOTLAND
from tests.doors.case_in_scotland import CLOSED, FIRST, HELD, RECEIVED, closed
from tests.doors.given_out import KINDS, Json, file_of, give, lines_in, words_of
from tests.doors.retold import Tell, telling
from tests.imports.test_timelines_again import taken_in

AFTER = datetime(2028, 1, 1, tzinfo=UTC)
ENGLISH = (
    "section 42",
    "Section 42",
    "Care Act",
    "Safeguarding Adults Review",
    "safeguarding plan",
)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells a Scottish case up to the end of a part, on a database of this test's own."""
    with telling(request, "scotland", FIRST) as tell:
        yield tell


def texts(lines: list[Json]) -> str:
    """Give everything that the lines say happened."""
    return "\n".join(one["text"] for one in lines)


def test_a_whole_scottish_case_is_given_out_in_its_own_terms(tell: Tell) -> None:
    """Inquiry, council officer, core groups and protection plan; no word of England's law."""
    case = tell(closed)
    answer = give(case.doors, case.case)
    lines = lines_in(case.doors, answer)
    said = texts(lines)
    assert answer["basis"]["policy"].startswith("scotland-")
    for words in ("Inquiry", "Council officer", "Core group", "three-point"):
        assert words.casefold() in said.casefold(), words
    assert [one for one in ENGLISH if one in said] == []
    days = [one["start"] for one in lines if one["entry"]]
    assert days == sorted(days)
    assert {RECEIVED, HELD, CLOSED} <= set(days)
    assert all(one["source"] for one in lines)


def test_a_person_brings_every_referral_with_pseudonyms_in_scotland(tell: Tell) -> None:
    """The two that came to nothing stand before the third, and nobody is named."""
    case = tell(closed)
    answer = give(case.doors, persons=[case.adult], naming="pseudonyms", gaps=30)
    lines = lines_in(case.doors, answer)
    referred = [
        one["start"]
        for one in lines
        if one["entry"] and one["entry"]["name"] == "referral-received"
    ]
    assert referred[0] == FIRST
    assert RECEIVED in referred
    assert "Hamish" not in json.dumps(lines)
    assert any(one["days"] >= 30 for one in answer["report"]["silences"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_a_scottish_case_and_is_taken_in_again(
    tell: Tell, kind: str
) -> None:
    """Each holds its lines; what an import reads of it is as many entries, and nothing wrong."""
    case = tell(closed)
    answer = give(case.doors, case.case, format=kind)
    content = file_of(case.doors, answer)
    assert "inquiry" in words_of(content, kind).casefold()
    if kind in {"csv", "xlsx"}:
        assert len(taken_in(content, kind, SCOTLAND, AFTER)) == answer["report"]["lines"]
