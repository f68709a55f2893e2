from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Event, Thread

import psycopg
import pytest

from domain.refusal import Refused
from domain.words import CaseRef
from projections.batch import Poison
from projections.caseload import CASELOAD, CaseRow, caseload
from projections.health import health, wait_for
from projections.projection import Changes, Current, Projection, Seen
from projections.rebuild import prepare, rebuild, verify
from projections.runner import serve
from tests.controls import CASE, a_conference, a_referral, an_enquiry, ref
from tests.projections.conftest import Views, told
from tests.record.serving import until

OTHER = replace(CASELOAD, name="other")


def poisoned(projection: Projection, position: int, error: BaseException) -> Projection:
    """Give the projection with a fold that fails at a position."""
    fold = projection.fold

    def failing(seen: Seen, current: Current) -> Changes:
        if seen.position == position:
            raise error
        return fold(seen, current)

    return replace(projection, fold=failing)


def rows(views: Views, name: str = "caseload") -> list[tuple[object, ...]]:
    """List every version of a view, in order."""
    with views.connect() as conn:
        return conn.execute(f'SELECT * FROM views.{name} ORDER BY "case", valid').fetchall()


def three_cases(views: Views) -> int:
    """Record three cases, each with an enquiry; the last position."""
    position = 0
    for number in range(3):
        stream = CaseRef(ref(100 + number))
        position = views.tell(
            told("2026-11-02", a_referral(), stream=stream),
            told("2026-11-02", an_enquiry(), stream=stream),
        )
    return position


def test_a_poison_event_stops_its_projection_alone(views: Views) -> None:
    """An event that cannot be folded stops that projection alone, after every row before it."""
    prepare(views.connect, (CASELOAD, OTHER))
    three_cases(views)
    bad = poisoned(CASELOAD, 4, ValueError("about Ada Example"))

    stop, failing = Event(), views.follower(bad)

    def watch() -> None:
        wait(views, OTHER, 6)
        until(lambda: failing.poison is not None)
        stop.set()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    stopped = serve([failing, views.follower(OTHER)], stop)
    watcher.join()

    assert stopped == [Poison(4, "enquiry-opened.v1", "ValueError")]
    well = {one.projection: one for one in views.ask(health, ["caseload", "other"])}
    assert (well["caseload"].position, well["caseload"].stopped_at) == (3, 4)
    assert (well["caseload"].lag, well["caseload"].error) == (3, "ValueError")
    assert not well["caseload"].well
    assert (well["other"].position, well["other"].stopped_at) == (6, None)
    assert len(rows(views)) == 3  # one case complete, the second before its enquiry


def wait(views: Views, projection: Projection, position: int) -> bool:
    """Wait for a view as a door does."""
    shown: bool = views.ask(wait_for, [projection.name], position, timeout_s=30)
    return shown


def test_the_next_start_tries_again(views: Views) -> None:
    """Once its code can fold the event, a stopped projection goes on, and its stop is cleared."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    with views.follower(poisoned(CASELOAD, 4, ValueError())) as follower:
        assert follower.catch_up(batch=2) == 3
        assert follower.catch_up() == 0
    with views.follower(CASELOAD) as follower:
        assert follower.catch_up() == 3

        (well,) = views.ask(health, ["caseload"])
        assert well.well
        assert well.lag == 0


def test_what_the_database_refuses_is_poison_too(views: Views) -> None:
    """A row that the database does not accept stops the projection at the event that made it."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    fold = CASELOAD.fold

    def wrong(seen: Seen, current: Current) -> Changes:
        return [
            (key, row if row is None or seen.position != 4 else CaseRow(*row)._replace(team="\x00"))
            for key, row in fold(seen, current)
        ]

    with views.follower(replace(CASELOAD, fold=wrong)) as follower:
        follower.catch_up()
        assert follower.poison is not None
        assert (follower.poison.position, follower.poison.event) == (4, "enquiry-opened.v1")
    assert views.ask(health, ["caseload"])[0].position == 3
    assert len(rows(views)) == 3


class Crash(BaseException):
    """The process dies here."""


def test_a_crash_within_a_batch_leaves_nothing_of_it(views: Views) -> None:
    """A process that dies in a batch has written none of it; the next one writes it once."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    with pytest.raises(Crash), views.follower(poisoned(CASELOAD, 4, Crash())) as follower:
        follower.catch_up()
    assert rows(views) == []

    views.follow(CASELOAD)
    assert views.ask(verify_now, views).equal


def verify_now(_conn: object, views: Views) -> object:
    """Compare the caseload with a rebuild of it."""
    return verify(CASELOAD, views.connect)


def test_a_lost_connection_is_taken_up_again(views: Views) -> None:
    """A follower whose server drops it comes back, takes its lock again and misses nothing."""
    prepare(views.connect, (CASELOAD,))
    stop = Event()
    thread = Thread(target=views.follower(CASELOAD).run, args=(stop,), daemon=True)
    thread.start()
    three_cases(views)
    assert wait(views, CASELOAD, 6)
    with psycopg.connect(views.database.conninfo(), autocommit=True) as owner:
        owner.execute(
            # Of this database alone: the server's others are those of tests that run beside it.
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND a.datname = current_database()"
            " AND l.pid <> pg_backend_pid()"
        )
    position = views.tell(a_referral())
    assert wait(views, CASELOAD, position)
    stop.set()
    thread.join()
    assert verify(CASELOAD, views.connect).equal


def test_one_process_follows_at_a_time(views: Views) -> None:
    """While one process follows another is refused, and takes over when it ends."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    first, second = views.follower(CASELOAD), views.follower(CASELOAD)
    first.catch_up()
    with pytest.raises(Refused, match="another process follows"):
        second.catch_up()
    assert views.ask(health, ["caseload"])[0].followed

    first.close()
    assert not views.ask(health, ["caseload"])[0].followed
    assert second.catch_up() == 0
    second.close()


def test_a_rebuild_swaps_under_a_live_follower(views: Views) -> None:
    """A follower that wakes after a rebuild goes on in the new table, and writes nothing twice."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    with views.follower(CASELOAD) as follower:
        follower.catch_up()
        before = rows(views)
        built = rebuild(CASELOAD, views.connect)
        assert (built.number, built.position, built.events) == (2, 6, 6)
        assert rows(views) == before

        views.tell(told("2026-11-10", a_conference(), stream=ref(100)))
        assert follower.catch_up() == 1
    assert verify(CASELOAD, views.connect).equal
    with views.connect() as conn:
        tables = conn.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'views' AND tablename ~ '_g'"
        ).fetchall()
    assert tables == [("caseload_g2",)]


def test_a_rebuild_that_meets_poison_leaves_the_view(views: Views) -> None:
    """A rebuild that cannot fold an event says which, and the view in use stays."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    views.follow(CASELOAD)
    before = rows(views)

    built = rebuild(poisoned(CASELOAD, 4, KeyError("team")), views.connect)

    assert built.poison == Poison(4, "enquiry-opened.v1", "KeyError")
    assert rows(views) == before


def test_other_code_rebuilds_its_view_when_it_follows(views: Views) -> None:
    """A follower never writes into a table other code made; it makes the view anew first."""
    prepare(views.connect, (CASELOAD,))
    three_cases(views)
    views.follow(CASELOAD)
    newer = replace(CASELOAD, version=CASELOAD.version + 1)
    with views.follower(newer) as follower, pytest.raises(Refused, match="rebuild it"):
        follower.catch_up()

    stop = Event()
    thread = Thread(target=views.follower(newer).run, args=(stop,), daemon=True)
    thread.start()
    position = views.tell(a_referral())
    assert wait(views, newer, position)
    stop.set()
    thread.join()
    assert verify(newer, views.connect).equal


def test_verify_finds_a_row_that_was_tampered_with(views: Views) -> None:
    """A verification counts the rows that only the view has, and those only the record gives."""
    three_cases(views)
    views.follow(CASELOAD)
    assert verify(CASELOAD, views.connect).equal

    with views.connect() as conn:
        conn.execute("UPDATE views.caseload SET team = 'x' WHERE \"case\" = %s", (ref(100),))
    found = verify(CASELOAD, views.connect)
    assert (found.rows, found.only_live, found.only_rebuilt) == (6, 2, 2)


def test_people_see_what_they_just_did(views: Views) -> None:
    """Whoever waits for a position reads a view that shows it; waiting for more ends in time."""
    prepare(views.connect, (CASELOAD,))
    stop = Event()
    thread = Thread(target=views.follower(CASELOAD).run, args=(stop,), daemon=True)
    thread.start()
    position = views.tell(a_referral())

    assert wait(views, CASELOAD, position)
    assert [one.case for one in views.ask(caseload, on=date(2026, 11, 2)).rows] == [CASE]
    assert not views.ask(wait_for, ["caseload"], position + 1, timeout_s=0.05)
    stop.set()
    thread.join()


def test_health_before_there_is_any_view(views: Views) -> None:
    """Health answers on a database that no projection has ever followed."""
    views.tell(a_referral())
    (well,) = views.ask(health, ["caseload"])
    assert (well.position, well.tail, well.followed) == (0, 1, False)
    assert well.behind_since is not None


def test_readers_cannot_write_a_view(views: Views) -> None:
    """The application reads a view and cannot change it."""
    three_cases(views)
    views.follow(CASELOAD)
    with views.connect("holdfast_writer") as conn:
        assert conn.execute("SELECT count(*) FROM views.caseload").fetchone() == (6,)
        for attempt in ("DELETE FROM views.caseload", "DELETE FROM views.caseload_g1"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(attempt)


def test_the_position_a_batch_reached_is_that_of_its_rows(views: Views) -> None:
    """However small its batches, a follower writes the same rows."""
    prepare(views.connect, (CASELOAD, OTHER))
    three_cases(views)
    for projection, batch in ((CASELOAD, 1), (OTHER, 4)):
        with views.follower(projection) as follower:
            follower.catch_up(batch=batch)
    assert rows(views) == rows(views, "other")
