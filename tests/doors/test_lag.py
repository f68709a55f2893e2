"""No door answers for a position that the views it reads have not reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from api.clock import FixedClock
from api.clocks import Clocks
from api.office import Office
from api.routes.paging import Paging
from api.views import NAMES
from domain.handle import local_day
from projections.caseload import CASELOAD
from projections.health import held_at
from projections.large_scale import LARGE_SCALE
from projections.projection import Changes, Current, Fold, Seen
from projections.returns.facts import FACTS, PEOPLE
from projections.reviews import REVIEWS
from projections.runner import Follower
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.doors.scripted import morning

Json = dict[str, Any]
VIEWS: Mapping[str, tuple[str, ...]] = {
    "/v1/cases": (CASELOAD.name,),
    "/v1/reviews": (REVIEWS.name,),
    "/v1/reviews/overdue": (REVIEWS.name,),
    "/v1/returns/2026/SG1f": (FACTS.name, PEOPLE.name),
    "/v1/returns/2026/checks": (FACTS.name, PEOPLE.name, CASELOAD.name, LARGE_SCALE.name),
}
LONG_PAST = "2027-11-01"  # a day by which an open enquiry of November 2026 is overdue


def enquiry(doors: Doors) -> str:
    """Record a case with an open enquiry: every view has something to show of it."""
    case = doors.case()
    body = {
        "occurred": "2026-11-03",
        "command": {"kind": "section_42", "opened_on": "2026-11-03"},
    }
    assert doors.post(f"/v1/cases/{case}/open-enquiry", body, version=1).status_code == 201
    return case


def asked(doors: Doors, path: str, **query: object) -> Any:  # noqa: ANN401 — a response
    """Ask without bringing any view up to date, judged by a day on which all is overdue."""
    params = {"on": LONG_PAST, **{name: str(value) for name, value in query.items()}}
    return doors.client.get(path, params=params)


def told(doors: Doors, path: str, **query: object) -> Json:
    """Give an answer that there is."""
    answer = asked(doors, path, **query)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def follow(doors: Doors, *but: str) -> None:
    """Bring the views up to date, but for some whose follower is stopped."""
    for follower in doors.followers:
        if follower.projection.name not in but:
            follower.catch_up()


def poisonable(doors: Doors, *names: str) -> Event:
    """Give what, once set, lets some views stop before the next event they read."""
    bad = Event()

    def failing(fold: Fold) -> Fold:
        def folded(seen: Seen, current: Current) -> Changes:
            if bad.is_set():
                raise ValueError("a shape nobody foresaw")
            return fold(seen, current)

        return folded

    for follower in doors.followers:
        if follower.projection.name in names:
            mine = follower.projection
            follower.projection = replace(mine, fold=failing(mine.fold))
    return bad


def behind(answer: Any, views: tuple[str, ...], position: int) -> None:  # noqa: ANN401 — a response
    """Hold an answer to the problem that says which view stands where, and to ask again."""
    assert answer.status_code == 503, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/behind"
    assert problem["view"] in views
    assert problem["position"] == position
    assert f"position {position} " in problem["detail"]
    assert answer.headers["Retry-After"]


def test_a_door_whose_view_is_behind_answers_for_where_it_stands(doors: Doors) -> None:
    """The answer names the view's position and is the same when asked again by it, later too."""
    enquiry(doors)
    doors.catch_up()
    stood = doors.office.record.log.tail()
    enquiry(doors)
    tail = doors.office.record.log.tail()
    lagging = {path: told(doors, path) for path in VIEWS}
    assert {one["as_at"] for one in lagging.values()} == {stood}
    assert lagging == {path: told(doors, path, as_at=stood) for path in VIEWS}
    doors.catch_up()
    for path, before in lagging.items():
        assert before == told(doors, path, as_at=stood)
        now = told(doors, path)
        assert now["as_at"] == tail > stood
        assert now == told(doors, path, as_at=tail) != before


def test_a_door_does_not_answer_beyond_its_view(doors: Doors) -> None:
    """A position, or a day, that the view has not reached is a 503 that says where it stands."""
    enquiry(doors)
    doors.catch_up()
    stood = doors.office.record.log.tail()
    enquiry(doors)
    tail = doors.office.record.log.tail()
    today = local_day(doors.office.clock.now())
    for path, views in VIEWS.items():
        for as_at in (stood + 1, tail, today):
            behind(asked(doors, path, as_at=as_at, wait=0.01), views, stood)
        behind(asked(doors, path, after=tail, wait=0.01), NAMES, stood)
    doors.catch_up()
    for path in VIEWS:
        assert told(doors, path, as_at=tail)["as_at"] == tail
        assert told(doors, path, as_at=today)["as_at"] == tail


def test_a_return_stands_where_the_last_of_its_views_stands(doors: Doors) -> None:
    """It reads two views: its position is the lesser of theirs, and both are read at that one."""
    enquiry(doors)
    doors.catch_up()
    stood = doors.office.record.log.tail()
    before = told(doors, "/v1/returns/2026/SG1f")
    enquiry(doors)
    for one in VIEWS["/v1/returns/2026/SG1f"]:
        follow(doors, one)
        lagging = told(doors, "/v1/returns/2026/SG1f")
        assert lagging == before
        assert lagging["as_at"] == stood
        beyond = asked(doors, "/v1/returns/2026/SG1f", as_at=stood + 1, wait=0.01)
        behind(beyond, (one,), stood)
        doors.catch_up()
        assert told(doors, "/v1/returns/2026/SG1f", as_at=stood) == before
        before, stood = told(doors, "/v1/returns/2026/SG1f"), doors.office.record.log.tail()
        enquiry(doors)


def test_a_door_whose_view_has_stopped_says_so(doors: Doors) -> None:
    """Beyond the event it cannot fold nothing is answered, and at once; up to there all is."""
    bad = poisonable(doors, CASELOAD.name, REVIEWS.name, FACTS.name)
    enquiry(doors)
    doors.catch_up()
    stood, before = doors.office.record.log.tail(), {path: told(doors, path) for path in VIEWS}
    enquiry(doors)
    bad.set()
    doors.catch_up()
    assert sum(one.poison is not None for one in doors.followers) == 3
    tail = doors.office.record.log.tail()
    stopped = {CASELOAD.name, REVIEWS.name, FACTS.name}
    for path, views in VIEWS.items():
        at = told(doors, path)["as_at"]
        assert stood <= at < tail
        assert told(doors, path, as_at=stood) == before[path]
        with patch("projections.health.Event.wait", side_effect=AssertionError("it waited")):
            answer = asked(doors, path, as_at=tail)
        behind(answer, tuple(stopped & {*views}), at)
        assert "holdfast lag" in answer.json()["detail"]


@pytest.mark.parametrize(("page", "view"), [("/", "caseload"), ("/reviews", "reviews")])
def test_the_page_says_that_its_list_is_behind(doors: Doors, page: str, view: str) -> None:
    """Without as_at it says where the list stands; beyond that it says so in words, and no list."""
    first = enquiry(doors)
    doors.catch_up()
    stood = doors.office.record.log.tail()
    second = enquiry(doors)
    with patch("api.pages.lists.BRIEFLY_S", 0.01):
        now = doors.client.get(page)
    assert now.status_code == 200
    assert f"as known now (position {stood})" in now.text
    assert "not in this list yet" in now.text
    assert (first in now.text, second in now.text) == (True, False)
    for as_at in (stood + 1, local_day(doors.office.clock.now())):
        beyond = doors.client.get(f"{page}?as_at={as_at}")
        assert beyond.status_code == 503
        assert beyond.headers["Retry-After"]
        assert f"The view {view} stands at position {stood} " in beyond.text
        assert "Ask again in a moment." in beyond.text
        assert first not in beyond.text
    doors.catch_up()
    today = doors.client.get(f"{page}?as_at={local_day(doors.office.clock.now())}").text
    assert f"so far (position {doors.office.record.log.tail()})" in today
    assert second in today


def test_what_is_reckoned_from_the_record_itself_waits_for_no_view(doors: Doors) -> None:
    """Under as_of and known_to reviews are of the log's last position, whatever the view lacks."""
    doors.catch_up()
    case = enquiry(doors)
    for query in ({"as_of": "2027-11-01"}, {"known_to": "council"}):
        found = told(doors, "/v1/reviews", **query)
        assert found["as_at"] == doors.office.record.log.tail()
        assert [one["case"] for one in found["reviews"]] == [case]


def test_a_cursor_is_held_to_what_the_view_has_reached(doors: Doors) -> None:
    """A cursor of a record put back reaches no position that nothing stands at, and none ahead."""
    doors.case()
    doors.catch_up()
    stood = doors.office.record.log.tail()
    doors.case()
    page = Paging(
        clocks=Clocks(as_at=None, on=date(2026, 11, 2)),
        skip=0,
        limit=1,
        question=json.dumps(["/v1/cases", [["on", LONG_PAST]]]).encode(),
        key=doors.office.wrapping.search_key(),
    )
    for at, status in ((99999999999999, 422), (stood + 999, 422), (stood + 1, 503), (stood, 200)):
        answer = asked(doors, "/v1/cases", cursor=page.cursor(at, 0), wait=0.01)
        assert answer.status_code == status, answer.text
        assert status != 422 or answer.json()["errors"][0]["pointer"] == "/query/cursor"


def test_a_day_that_has_not_come_is_refused(database: Database, tmp_path: Path) -> None:
    """Today is known so far; tomorrow is not known yet, by the record's clock in London."""
    settings = settings_for(database, tmp_path)
    clock = FixedClock(datetime(2027, 6, 30, 22, 30, tzinfo=UTC))  # 23:30 in London
    with Office(settings, clock=clock) as office, opened_doors(office) as doors:
        case = doors.case()
        doors.catch_up()
        for path in (*VIEWS, f"/v1/cases/{case}", "/"):
            assert asked(doors, path, as_at="2027-06-30").status_code == 200, path
            for day in ("2027-07-01", "2030-01-01"):
                answer = asked(doors, path, as_at=day)
                assert answer.status_code == 422, path
                assert "that day has not come yet" in answer.text
        clock.forward(timedelta(hours=1))  # past midnight there, though not yet in UTC
        assert told(doors, "/v1/cases", as_at="2027-07-01")["on"] == LONG_PAST


def test_the_day_of_the_last_entry_has_come(database: Database, tmp_path: Path) -> None:
    """Where this clock is behind the record, what was recorded already can be asked for."""
    settings = settings_for(database, tmp_path)
    at, behind_it = FixedClock(morning("2026-11-02")), FixedClock(morning("2026-10-30"))
    with Office(settings, clock=at) as office, opened_doors(office) as doors:
        doors.case()
        doors.catch_up()
    with Office(settings, clock=behind_it) as office, opened_doors(office) as doors:
        assert told(doors, "/v1/cases", as_at="2026-11-02")["count"] == 1
        assert asked(doors, "/v1/cases", as_at="2026-11-03").status_code == 422


def test_position_and_rows_are_of_one_moment(doors: Doors) -> None:
    """A follower that writes between the position and the rows changes nothing of the answer."""
    doors.case()
    doors.catch_up()
    stood = doors.office.record.log.tail()
    doors.case()
    with doors.office.pool.connection() as conn:
        with held_at(conn, [CASELOAD.name]) as at:
            doors.catch_up()
            rows = conn.execute('SELECT "case" FROM views.caseload').fetchall()
        assert (at, len(rows)) == (stood, 1)
        with held_at(conn, [CASELOAD.name]) as at:
            assert at == doors.office.record.log.tail()


def test_no_rebuild_is_shown_between_position_and_rows(doors: Doors) -> None:
    """A rebuild waits with its new table until what is being read of the old one was read."""
    doors.case()
    doors.catch_up()
    for one in doors.followers:
        one.close()  # so that somebody else may
    theirs = Follower(CASELOAD, lambda: doors.office.database.connect("holdfast_projector"))
    with theirs, doors.office.pool.connection() as conn, ThreadPoolExecutor(1) as other:
        with held_at(conn, [CASELOAD.name]) as at:
            doors.case()
            rebuilt = other.submit(theirs.rebuild)
            with pytest.raises(TimeoutError):
                rebuilt.result(timeout=1.0)
            rows = conn.execute('SELECT "case" FROM views.caseload').fetchall()
        assert len(rows) == 1
        assert rebuilt.result(timeout=30).position == doors.office.record.log.tail() > at


def test_a_view_that_was_never_made_is_behind(doors: Doors, database: Database) -> None:
    """Where no follower ever ran the answer is the same problem, and nothing went wrong here."""
    doors.case()
    with psycopg.connect(database.conninfo()) as conn:
        conn.execute("DROP VIEW views.caseload CASCADE")
    behind(asked(doors, "/v1/cases"), (CASELOAD.name,), 0)
