"""Events to bytes and back, and what may not be stored at all."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clock import entropy
from domain import when
from domain.record.encoding import (
    canonical,
    dump,
    dump_header,
    dump_instant,
    kebab,
    load,
    load_header,
    load_instant,
    passages,
)
from domain.record.envelope import envelope, leaf_of
from domain.record.log import Append, Prepared, StreamAppend
from domain.record.merkle import leaf_hash
from domain.refusal import Corrupt
from domain.when import When
from domain.words import (
    CaseRef,
    Code,
    Digest,
    Due,
    ExternalReference,
    Forgotten,
    Header,
    KnownTo,
    Passage,
    Personal,
    Slug,
    WorkerRef,
)
from tests.conftest import AUTHORITY
from tests.record.conftest import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One member of a union."""

    of: Slug
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """The other member."""

    why: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """A field of every kind that may be stored."""

    case: CaseRef
    kind: Code
    team: Slug
    digest: Digest
    number: int
    flag: bool
    day: date
    moment: datetime
    occurred: When
    text: Passage
    answer: Asked | Unasked
    due: Due | None = None
    other: Passage | None = None
    codes: tuple[Code, ...] = ()
    references: tuple[ExternalReference, ...] = ()
    answers: tuple[Asked | Unasked, ...] = ()


codes = st.from_regex(r"[a-z0-9][a-z0-9_]{0,20}", fullmatch=True).map(Code)
slugs = st.from_regex(r"[a-z0-9][a-z0-9./_-]{0,20}", fullmatch=True).map(Slug)
digests = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex()))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
moments = st.datetimes(timezones=st.just(UTC))
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
known = st.dates(date(1900, 1, 1), date(2100, 1, 1))
whens = st.one_of(
    st.just(when.unknown()),
    known.map(when.on_day),
    st.sampled_from(["2011-07~", "2011-07", "201X", "2011/2012", "/2011-07"]).map(when.read),
)
passages_of = st.builds(Personal, st.uuids(), texts) | st.builds(Forgotten, st.uuids())
asked = st.builds(Asked, of=slugs, note=st.none() | passages_of)
unasked = st.builds(Unasked, why=st.lists(codes, max_size=3).map(tuple))
dues = st.builds(
    Due,
    on=known,
    rule=codes,
    start=known,
    calendar=slugs,
    skipped=st.lists(known, max_size=2).map(tuple),
)
everything = st.builds(
    Everything,
    case=st.uuids().map(CaseRef),
    kind=codes,
    team=slugs,
    digest=digests,
    number=st.integers(-(2**63), 2**63 - 1),
    flag=st.booleans(),
    day=st.dates(),
    moment=moments,
    occurred=whens,
    text=passages_of,
    answer=asked | unasked,
    due=st.none() | dues,
    other=st.none() | passages_of,
    codes=st.lists(codes, max_size=3).map(tuple),
    references=st.lists(st.builds(ExternalReference, system=slugs, id=passages_of), max_size=2).map(
        tuple
    ),
    answers=st.lists(asked | unasked, max_size=3).map(tuple),
)
header_fields: dict[str, st.SearchStrategy[Any]] = {
    "name": st.just("note-taken"),
    "version": st.integers(1, 9),
    "occurred": whens,
    "recorded_by": st.uuids().map(WorkerRef),
    "performed_by": st.uuids().map(WorkerRef),
    "role": codes,
    "organisation": slugs,
    "purpose": codes,
    "correlation": st.uuids(),
    "command": st.uuids(),
    "causation": st.none() | st.integers(1, 2**40),
    "known_to": st.lists(st.builds(KnownTo, agency=slugs, since=whens), max_size=2).map(tuple),
    "source": st.none() | slugs,
    "source_recorded": st.none() | whens,
    "performer_unknown": st.booleans(),
    "unknown_workers": st.lists(st.uuids().map(WorkerRef), max_size=2).map(tuple),
}
headers = st.builds(Header, **header_fields)


def shut(passage: Passage, path: str) -> dict[str, Any]:
    """A stand-in for sealing that can be undone without keys."""
    if isinstance(passage, Forgotten):
        return {"sealed": None, "about": str(passage.about), "at": path}
    return {"sealed": passage.text, "about": str(passage.about), "at": path}


def opened(sealed: Mapping[str, Any], path: str) -> Passage:
    """The inverse of `shut`."""
    assert sealed["at"] == path
    about = UUID(sealed["about"])
    return Forgotten(about) if sealed["sealed"] is None else Personal(about, sealed["sealed"])


@given(everything)
def test_an_event_comes_back_as_it_was(event: Everything) -> None:
    """Encoding, canonical bytes and decoding give the same event, each passage at its own path."""
    data = orjson.loads(canonical(dump(event, shut)))
    assert load(Everything, data, opened) == event


@given(everything)
def test_the_bytes_are_canonical(event: Everything) -> None:
    """Reading the bytes and writing them again gives the same bytes."""
    written = canonical(dump(event, shut))
    assert canonical(orjson.loads(written)) == written


@given(headers, st.binary(min_size=16, max_size=16))
def test_a_header_comes_back_as_it_was(header: Header, salt: bytes) -> None:
    """Encoding and decoding a header gives the same header, whatever field of it is filled."""
    assert header_fields.keys() == {field.name for field in fields(Header)}
    written = dump_header(header, salt=salt.hex(), command={"digest": "", "events": 1})
    assert load_header(orjson.loads(written)) == header
    assert canonical(orjson.loads(written)) == written


@given(everything)
def test_every_passage_is_found(event: Everything) -> None:
    """Walking a payload yields each sealed passage once."""
    sealed: list[str] = []

    def count(passage: Passage, path: str) -> dict[str, Any]:
        sealed.append(path)
        return shut(passage, path)

    data = dump(event, count)
    assert sorted(one["at"] for one in passages(data)) == sorted(sealed)
    assert len(set(sealed)) == len(sealed)


@given(everything, st.data())
def test_damaged_data_is_corrupt(event: Everything, data: st.DataObject) -> None:
    """Whatever stands in a field's place, it is read or it is Corrupt: nothing else is raised."""
    stored = dump(event, shut)
    name = data.draw(st.sampled_from(sorted(stored)))
    scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    wrong = data.draw(
        scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(max_size=3), scalars)
    )
    stored[name] = wrong

    def careful(sealed: Mapping[str, Any], _path: str) -> Passage:
        return Personal(UUID(sealed["about"]), str(sealed["sealed"]))

    with contextlib.suppress(Corrupt):
        load(Everything, stored, careful)


@given(st.datetimes(timezones=zones))
def test_a_moment_comes_back_as_the_same_instant(moment: datetime) -> None:
    """Whatever its time zone, a moment is stored in UTC to the microsecond."""
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        return  # before the year 1 or after 9999 once in UTC
    text = dump_instant(moment)
    assert load_instant(text) == utc
    assert text.endswith("Z")


def test_a_moment_without_a_zone_is_refused() -> None:
    """A moment that could be any of several instants is not stored."""
    with pytest.raises(ValueError, match="time zone"):
        dump_instant(datetime(2026, 1, 1))  # noqa: DTZ001 — what is refused


@pytest.mark.parametrize("hint", [str, "str | None", "tuple[str, ...]", float, bytes, dict, object])
def test_a_field_of_free_text_is_refused(hint: object) -> None:
    """A class with a field that could hold anybody's words in clear can never be stored."""
    cls: Any = dataclass(frozen=True)(type("Loose", (), {"__annotations__": {"text": hint}}))
    with pytest.raises(TypeError, match="may not be stored"):
        dump(cls("Mrs Example lives here"), shut)


def test_text_where_a_code_belongs_is_refused() -> None:
    """A bare string in the place of a code is not written, and the error does not repeat it."""
    event = Asked(of="Mrs Example", note=None)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(TypeError, match="Slug belongs") as refused:
        dump(event, shut)
    assert "Example" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("ConferenceConvened", "conference-convened"),
        ("Section42DutyDecided", "section-42-duty-decided"),
        ("ASPReferralMade", "asp-referral-made"),
    ],
)
def test_stored_names_are_kebab_case(name: str, stored: str) -> None:
    """A class is stored under its name in lower case with hyphens."""
    assert kebab(name) == stored


@pytest.mark.parametrize("log", ["cases", "readings"])
def test_python_and_the_database_hash_the_same_bytes(house: House, log: str) -> None:
    """For rows of all sizes Python's envelope and leaf are the database's, byte for byte."""
    opened_log = house.log(log)
    for size in (0, 1, 55, 56, 64, 1000, 70_000):
        events = tuple(Prepared("x.v1", entropy(size), entropy(size)) for _ in range(2))
        opened_log.append(Append(uuid4(), b"d" * 32, (StreamAppend(uuid4(), 0, events),)))
    with psycopg.connect(house.database.conninfo()) as conn:
        made = conn.execute(
            'SELECT record.envelope(%s::smallint, authority, "position", stream, version,'
            f" recorded_us, header, payload) FROM record.{log} ORDER BY 1",
            (opened_log.number,),
        ).fetchall()
    rows = opened_log.read(0)
    assert len(rows) == len(made) == 14
    for row, (bytes_,) in zip(rows, made, strict=True):
        assert envelope(opened_log.number, AUTHORITY, row) == bytes_
        assert leaf_of(opened_log.number, AUTHORITY, row) == row.leaf == leaf_hash(bytes_)
