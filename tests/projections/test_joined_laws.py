from __future__ import annotations

import json
from collections.abc import Iterable
from types import ModuleType
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from domain import joined
from domain.concern import ReferralLinked, ReferralReceived
from domain.corrected import standing as understood
from domain.filing import ReturnFiled
from domain.holds import can_tell
from domain.joining import LEADING, MERGED, TO, CaseMerged, CaseUnmerged
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.reading import joined_facts
from domain.words import Code, Digest, DocumentRef, Fact
from projections import caseload, reviews
from projections.batch import read
from projections.caseload import CASELOAD, CaseRow
from projections.chronology import CHRONOLOGY, chronology
from projections.corrected import standing
from projections.joined import JOINED, Reading
from projections.participation import PARTICIPATION
from projections.projection import Json, Key, Projection, Row, Seen, stored_names
from projections.returns import tables
from projections.returns.facts import FACTS, Facts, financial_year
from projections.returns.inquiries import INQUIRIES
from projections.returns.reading import VIEWS, read_return
from projections.returns.table import Table
from projections.reviews import REVIEWS
from tests.controls import ref
from tests.projections.conftest import Views
from tests.projections.histories import Joins
from tests.projections.test_laws import LENGTH, Room, follow, quick, room

__all__ = ["room"]

ODD = st.integers(0, 500_000).map(lambda number: 2 * number + 1)
POSITIONS = st.integers(5, LENGTH)
CASES = list(Joins().told)
FIRST = {"referral-received", "case-split"}


def streams_at(views: Views, position: int) -> dict[UUID, list[Fact[Any]]]:
    """Give the facts of each case there is at a position, as they were recorded."""
    found = {case: views.record.facts(case, as_at=position) for case in CASES}
    return {case: facts for case, facts in found.items() if facts}


def after_both(views: Views, position: int) -> int:
    """Give the position, or the next where it is between the two events of one join."""
    (one,) = views.record.open(views.record.log.at([min(position, views.record.log.tail())]))
    return one.position + (getattr(one.event, "place", None) in {LEADING, TO})


def merged(facts: Iterable[Fact[Any]]) -> bool:
    """Whether a case is read in another by its own events."""
    stands = set[int]()
    for fact in facts:
        if isinstance(fact.event, CaseMerged) and fact.event.place == MERGED:
            stands.add(fact.version)
        elif isinstance(fact.event, CaseUnmerged):
            stands.discard(fact.event.merge)
    return bool(stands)


def positions_read(case: UUID, streams: dict[UUID, list[Fact[Any]]]) -> set[int]:
    """Give the positions of what the rules read in a case."""
    reading = joined.read(case, streams)
    gone = {fact.position for fact in streams[case] if fact.version in reading.elsewhere}
    return {fact.position for fact in reading.facts} - gone


@quick
@given(seed=ODD, position=POSITIONS)
def test_a_chronology_has_what_the_rules_read(room: Room, seed: int, position: int) -> None:
    """The entries of every case, at any position, are those that decisions rest on there.

    With what is noted beside them, or corrects them, in the case that they stand in.
    """
    with room(seed) as views:
        follow(views, CHRONOLOGY, 500)
        at = after_both(views, position)
        streams = streams_at(views, at)
        for case in streams:
            entries = views.ask(chronology, case, as_at=at)
            beside = {one.position for one in joined.beside_brought(case, streams)}
            assert {one.position for one in entries} == positions_read(case, streams) | beside
            for one in entries:
                (fact,) = [fact for fact in streams[one.case] if fact.version == one.version]
                assert fact.position == one.position


@quick
@given(seed=ODD, position=POSITIONS)
def test_a_row_is_made_of_what_the_rules_read(room: Room, seed: int, position: int) -> None:
    """A case's row, at any position, is the fold of what the rules read in it, as understood.

    A case that is read in another has none. Whose case it is, other laws tell.
    """
    with room(seed) as views:
        at = after_both(views, position)
        streams = streams_at(views, at)
        kept = {case: list(understood(facts)) for case, facts in streams.items()}
        for projection, module in ((CASELOAD, caseload), (REVIEWS, reviews)):
            follow(views, projection, 7)
            for case, facts in streams.items():
                expected = None
                if not merged(facts):
                    wanted = positions_read(case, kept)
                    expected = folded(views, projection, module, case, read_=(wanted, at))
                assert row(views, projection, case, at) == expected, (projection.name, case)


@quick
@given(seed=ODD, position=POSITIONS)
def test_nothing_counts_in_a_case_that_is_read_elsewhere(
    room: Room, seed: int, position: int
) -> None:
    """No concern, enquiry or conference is one of a merged case; each is of the case it is read in.

    What counts, or is named as left out, is every referral that stands: none is lost by a join.
    """
    with room(seed) as views:
        at = after_both(views, position)
        streams = streams_at(views, at)
        elsewhere = {case for case, facts in streams.items() if merged(facts)}
        for projection in (PARTICIPATION, FACTS, INQUIRIES):
            follow(views, projection, 7)
            query = sql.SQL('SELECT "case" FROM {} WHERE valid @> %s::int8').format(
                sql.Identifier("views", projection.name)
            )
            with views.connect() as conn:
                assert not elsewhere & {one for (one,) in conn.execute(query, (at,))}
        with views.connect() as conn:
            told = conn.execute(
                "SELECT referrals, withdrawn FROM views.return_facts WHERE valid @> %s::int8",
                (at,),
            ).fetchall()
        found = [one[0] for referrals, _ in told for one in referrals]
        found += [one[2] for _, left in told for one in left if one[0] == "concern"]
        every = [fact.position for facts in streams.values() for fact in facts if referral(fact)]
        assert sorted(found) == sorted(every)
        with views.connect() as conn:
            steps = conn.execute(
                "SELECT position FROM views.return_inquiries WHERE valid @> %s::int8"
                " AND name IN ('referral-received', 'referral-linked')",
                (at,),
            ).fetchall()
        assert sorted(one for (one,) in steps) == sorted(every)


@quick
@given(seed=ODD, position=POSITIONS, year=st.sampled_from((2025, 2026, 2027)))
def test_a_filing_can_tell_of_every_case_it_names(
    room: Room, seed: int, position: int, year: int
) -> None:
    """Whatever case a return counts or leaves out, a hold on it, or on one joined to it, counts."""
    with room(seed) as views:
        at = after_both(views, position)
        for projection in VIEWS:
            follow(views, projection, 7)
        for nation in (ENGLAND, SCOTLAND):
            period = financial_year(year)
            found = views.ask(read_return, nation.code, period, as_at=at)
            filed = ReturnFiled(
                annual_return=Code(next(iter(nation.lists["annual_return"]))),
                year=year,
                first=period.first,
                last=period.last,
                as_at=at,
                document=DocumentRef(ref(1)),
                digest=Digest("0" * 64),
                sha256=Digest("0" * 64),
                broken=(),
            )
            for case in _named(tables(nation.code, year), found):
                facts = views.record.facts(case, as_at=at)
                streams = joined_facts(views.record, case, facts, as_at=at)
                assert any(can_tell(each, filed) for each in streams.values()), case


def _named(every: Iterable[Table], found: Facts) -> set[UUID]:
    filled = [one.fill(found) for one in every]
    cells = [group.counted for one in filled for group in one.cells]
    left = [group.counted for one in filled for group in one.left_out]
    return {one.case for counted in (*cells, *left) for one in counted}


def referral(fact: Fact[Any]) -> bool:
    """Whether an event is a concern that reached the council."""
    return isinstance(fact.event, ReferralReceived | ReferralLinked)


def folded(
    views: Views,
    projection: Projection,
    module: ModuleType,
    case: UUID,
    *,
    read_: tuple[set[int], int],
) -> list[Json] | None:
    """Fold events of any cases as if all had been recorded in one; its own beginning first.

    A closed one is open again from where an open one is read in it.
    """
    (wanted, at), names = read_, stored_names(projection.events)
    with views.connect() as conn:
        every = [Seen(one) for one in read(conn, "cases", 0, at, names)]
    whole = Reading(standing(every))
    brought = [merge for into, merge in whole.brought_open if into == str(case)]
    kept = [one for one in standing(every) if one.position in wanted]
    ended = {one.data["split"] for one in kept if one.name == "case-split-ended"}
    begun = [
        one
        for one in kept
        if one.name == "case-split" and one.data["place"] == TO and one.version not in ended
    ]
    told = [one for one in kept if one.name not in JOINED or one in begun]
    told.sort(key=lambda one: not (one.stream == str(case) and one.name in FIRST))
    rows: dict[Key, Row | None] = {}
    key = (str(case),)
    for one in [*told, None]:
        while brought and (one is None or brought[0].position < one.position):
            merge, before = brought.pop(0), rows.get(key)
            if before is not None:
                rows[key] = module.opened_by_merge(before, merge)
        if one is not None:
            rows.update(module.fold_one(one.read_in(str(case), {}), rows.get))
    made = rows.get(key)
    if isinstance(made, CaseRow):
        made = made._replace(reads=whole.merged_in(str(case)))
    return None if made is None else json.loads(json.dumps(made[1:]))


def row(views: Views, projection: Projection, case: UUID, position: int) -> list[Json] | None:
    """Give the row of a case that was shown at a position, but for whose it is."""
    query = sql.SQL(
        'SELECT jsonb_build_array({}) FROM {} WHERE "case" = %s AND valid @> %s::int8'
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, list(projection.columns)[1:])),
        sql.Identifier("views", projection.name),
    )
    with views.connect() as conn:
        found = conn.execute(query, (case, position)).fetchone()
    return None if found is None else list(found[0])
