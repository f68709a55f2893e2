"""Where a passage stands in a payload, what a field may hold, and what a header leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given

from domain.record.encoding import canonical, dump, dump_header, dump_instant, load, placed
from domain.refusal import Corrupt
from domain.when import read
from domain.words import (
    Code,
    Digest,
    Header,
    KnownTo,
    Passage,
    Personal,
    Slug,
    WorkerRef,
)
from tests.record.test_encoding import Asked, Everything, Unasked, everything, opened, shut

ABOUT = UUID(int=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Passages in a list, and in the lines of one."""

    texts: tuple[Passage, ...] = ()
    lines: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """One field of each plain kind, any of which may be left out."""

    flag: bool | None = None
    number: int | None = None
    case: UUID | None = None
    kind: Code | None = None
    team: Slug | None = None
    digest: Digest | None = None
    day: date | None = None
    moment: datetime | None = None


@given(everything)
def test_a_passage_stands_at_the_path_it_was_sealed_for(event: Everything) -> None:
    """Walking a payload names each passage by the place below which the walk began."""
    found = list(placed(dump(event, shut), "stream/1"))
    assert [place for _, place in found] == [f"stream/1{one['at']}" for one, _ in found]


def test_passages_of_a_list_are_told_apart_by_number() -> None:
    """A passage in a list has its number in its place, and a line of a list has its own."""
    said = tuple(Personal(ABOUT, text) for text in "ab")
    event = Lines(texts=said, lines=tuple(Asked(of=Slug("x"), note=one) for one in said))
    data = orjson.loads(canonical(dump(event, shut)))
    assert [(one["sealed"], place) for one, place in placed(data, "here")] == [
        ("a", "here/lines/0/note"),
        ("b", "here/lines/1/note"),
        ("a", "here/texts/0"),
        ("b", "here/texts/1"),
    ]
    assert load(Lines, data, opened) == event


def test_what_is_not_there_is_not_written() -> None:
    """No answer and an empty list are left out of the bytes; no, and nought, are not."""
    assert dump(Plain(), shut) == {}
    assert dump(Lines(), shut) == {}
    assert dump(Plain(flag=False, number=0), shut) == {"flag": False, "number": 0}
    assert load(Plain, {}, opened) == Plain()
    assert load(Lines, {}, opened) == Lines()


def test_a_union_is_told_by_its_tag() -> None:
    """Each member of a union is written with its name, and read as what it names."""
    told: Any = orjson.loads(canonical({"is": "asked", "of": "x"}))
    base = {
        "case": str(ABOUT),
        "kind": "k",
        "team": "t",
        "digest": "0" * 64,
        "number": 1,
        "flag": True,
        "day": "2026-11-02",
        "moment": "2026-11-02T10:00:00Z",
        "occurred": {"edtf": "unknown"},
        "text": {**shut(Personal(ABOUT, "a"), "/text")},
    }
    assert load(Everything, {**base, "answer": told}, opened).answer == Asked(of=Slug("x"))
    assert load(Everything, {**base, "answer": {"is": "unasked"}}, opened).answer == Unasked()
    for wrong in ({"is": "neither"}, {"of": "x"}, {"is": "asked"}):
        with pytest.raises(Corrupt):
            load(Everything, {**base, "answer": wrong}, opened)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *[("flag", wrong) for wrong in (1, 0, "true", None)],
        *[("number", wrong) for wrong in (True, 1.0, "1", None)],
        *[("case", wrong) for wrong in ("x", 1)],
        ("digest", "0"),
        ("day", "2026-02-30"),
        ("moment", "yesterday"),
    ],
)
def test_a_value_of_another_kind_is_corrupt(name: str, wrong: object) -> None:
    """What is stored in a field and is not of its kind is never read as if it were."""
    with pytest.raises(Corrupt) as refused:
        load(Plain, {name: wrong}, opened)
    assert "Plain" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *[("flag", 1), ("number", True), ("case", str(ABOUT)), ("team", Code("x"))],
        *[("kind", Slug("x")), ("day", datetime(2026, 11, 2, tzinfo=UTC))],
    ],
)
def test_a_value_of_another_kind_is_not_written(name: str, wrong: object) -> None:
    """What is not of the very kind of its field is refused, and the place of it is named."""
    with pytest.raises(TypeError, match=f"^/{name} holds a {type(wrong).__name__} where"):
        dump(Plain(**{name: wrong}), shut)  # type: ignore[arg-type]


def test_the_moment_is_written_without_what_it_does_not_need() -> None:
    """A moment is in UTC and ends with Z, microseconds only where there are any."""
    summer = timezone(timedelta(hours=1))
    assert dump_instant(datetime(2026, 6, 1, 11, tzinfo=summer)) == "2026-06-01T10:00:00Z"
    assert dump_instant(datetime(2026, 6, 1, 10, 0, 0, 5, UTC)) == "2026-06-01T10:00:00.000005Z"


def a_header(**more: Any) -> Header:  # noqa: ANN401 — any field of a header
    """Give a header with nothing that may be left out, but what is named."""
    return Header(
        name="note-taken",
        version=1,
        occurred=read("2026-11-02"),
        recorded_by=WorkerRef(uuid4()),
        performed_by=WorkerRef(uuid4()),
        role=Code("practitioner"),
        organisation=Slug("council"),
        purpose=Code("safeguarding"),
        correlation=uuid4(),
        command=uuid4(),
        **more,
    )


def test_a_header_is_written_by_its_published_names() -> None:
    """Each field of a header has its name in the bytes, and one without a value has none."""
    always = {
        *("salt", "name", "v", "occurred", "recorded_by", "performed_by", "role"),
        *("organisation", "purpose", "correlation", "command"),
    }
    bare = a_header()
    data = orjson.loads(dump_header(bare, salt="5a", command=None))
    assert data.keys() == always
    assert (data["salt"], data["name"], data["v"]) == ("5a", "note-taken", 1)
    assert data["command"] == {"id": str(bare.command)}
    assert data["occurred"] == {
        "edtf": "2026-11-02",
        "from": "2026-11-02T00:00:00Z",
        "to": data["occurred"]["to"],
    }
    full = a_header(
        causation=3,
        known_to=(KnownTo(agency=Slug("police"), since=read("unknown")),),
        source=Slug("old"),
        source_recorded=read("2026-11-01"),
        performer_unknown=True,
        unknown_workers=(WorkerRef(ABOUT),),
    )
    data = orjson.loads(dump_header(full, salt="5a", command={"digest": "0d", "events": 2}))
    assert data.keys() - always == {
        *("causation", "known_to", "source", "source_recorded"),
        *("performer_unknown", "unknown_workers"),
    }
    assert data["command"] == {"id": str(full.command), "digest": "0d", "events": 2}
    assert data["known_to"] == [{"agency": "police", "since": {"edtf": "unknown"}}]
    assert (data["causation"], data["source"], data["performer_unknown"]) == (3, "old", True)
    assert data["source_recorded"]["edtf"] == "2026-11-01"
    assert data["unknown_workers"] == [str(ABOUT)]
