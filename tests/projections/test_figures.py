"""Figures for dashboards: each is what the doors list, and a dashboard reads nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from domain.invitation import ApologiesReceived
from domain.record.server import EmbeddedServer
from domain.when import LONDON
from domain.words import ConferenceRef
from projections import ALL
from projections.caseload import caseload
from projections.figures import FIGURES, PREFIX, cases_of, install, rows_of
from projections.participation import participation
from projections.rebuild import rebuild
from projections.reviews import overdue
from projections.table import Table
from tests.conftest import a_database
from tests.controls import (
    CASE,
    CONFERENCE,
    OTHER_CASE,
    PARTICIPANT,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.projections.conftest import Views, opened
from tests.projections.conftest import told as at
from tests.projections.test_caseload import allocated
from tests.projections.test_participation import BANK, HOSPITAL, OTHERS, asked
from tests.projections.test_returns import an_enquiry, concluded
from tests.projections.test_returns_corrected import told_again
from tests.projections.test_reviews import a_plan, due

ON = date(2026, 12, 31)
# A code or an identifier; or a band of days: its letter, then its first and last or "and more".
SAYS_NOBODY = re.compile(r"[a-z][a-z_-]*(_42)?|[a-z] \d+ (to \d+ days|days and more)|z not known")


def some_cases(views: Views) -> Views:
    """Tell of some cases: held and not, late, met about, referred again, concluded."""
    views.tell(
        at("2026-11-02", a_referral("2026-11-02")),
        at("2026-11-03", a_referral("2026-11-02"), stream=OTHER_CASE),
        at("2026-11-03", told_again("2026-11-03"), stream=OTHER_CASE),
        at("2026-11-05", allocated()),
        at("2026-11-10", a_conference()),
        at("2026-11-11", asked(HOSPITAL)),
        at("2026-11-11", asked(BANK, OTHERS)),
        at("2026-11-12", ApologiesReceived(conference=CONFERENCE, participant=PARTICIPANT)),
        at("2026-11-23", a_held_conference()),
        at("2026-11-24", a_plan(due("2026-12-01", "2026-11-24"))),
        at("2026-11-24", an_enquiry()),
        at("2026-12-20", concluded("neglect provider_private own_home")),
    )
    views.follow(*ALL)
    return views


@pytest.fixture(scope="module")
def told(
    server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Views]:
    """Give a record of those cases that the tests of this file only read: told once."""
    with (
        a_database(server, template_database) as database,
        opened(database, tmp_path_factory.mktemp("keys")) as views,
    ):
        yield some_cases(views)


def figure(views: Views, name: str, on: date = ON, as_at: int | None = None) -> list[Any]:
    """Give the rows of a figure."""
    return list(views.ask(rows_of, FIGURES[name], on=on, as_at=as_at))


def test_open_cases_are_those_of_the_caseload(told: Views) -> None:
    """By stage, by team, by worker and by age, every figure adds up to the cases listed."""
    for as_at in (None, 3):
        rows = told.ask(caseload, on=ON, as_at=as_at).rows
        by_stage = Counter(one.stage for one in rows)
        assert dict(figure(told, "open_cases_by_stage", as_at=as_at)) == by_stage
        teams = Counter(one.team for one in rows)
        assert {team: n for team, n, _ in figure(told, "open_cases_by_team", as_at=as_at)} == teams
        nobody = sum(n for *_, n in figure(told, "open_cases_by_team", as_at=as_at))
        assert nobody == sum(one.worker is None for one in rows)
        held = Counter(one.worker for one in rows if one.worker is not None)
        by_worker = dict(figure(told, "open_cases_by_worker", as_at=as_at))
        assert by_worker == Counter(held.values())
        ages = figure(told, "open_cases_by_age", as_at=as_at)
        assert sum(n for _, n in ages) == len(rows)


def test_what_is_overdue_is_what_is_listed(told: Views) -> None:
    """The cases past their day, by why and for how long, are those of the list."""
    on = date(2040, 1, 1)
    rows = told.ask(overdue, on=on)
    assert rows
    found = figure(told, "overdue_by_band", on)
    assert sum(n for *_, n in found) == len(rows)
    assert Counter({w: sum(n for a, _, n in found if a == w) for w, *_ in found}) == Counter(
        one.why for one in rows
    )


def test_participation_is_that_of_the_year_before(told: Views) -> None:
    """Of each agency the same numbers as are listed for the same days."""
    taken = told.ask(participation, first=date(2026, 1, 1), last=ON)
    assert taken
    assert figure(told, "participation_by_agency") == [
        (
            one.agency,
            len(one.conferences),
            *(one.invited, one.there, one.apologies, one.absent, one.reports),
        )
        for one in taken
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        # Case one was received on 2 November and met about on the 23rd; the other was not yet.
        ("referral_to_conference", [(2026, "b 15 to 28 days", 1, None)]),
        # One adult of two cases: referred in each, and once more in the second.
        ("repeat_referrals", [(3, 1)]),
        # Concluded on 1 September 2025; what was wished for was not recorded.
        ("outcomes", [(2025, "section_42", "not_recorded", 1)]),
        ("overdue_by_band", [("past_due", "c 29 to 91 days", 1)]),
        ("open_cases_by_age", [("b 29 to 91 days", 2)]),
        ("open_cases_by_team", [(None, 1, 1), ("north-team", 1, 0)]),
        ("open_cases_by_worker", [(1, 1)]),
        ("open_cases_by_stage", [("concern", 1), ("plan", 1)]),
    ],
)
def test_figures_counted_by_hand(told: Views, name: str, rows: list[Any]) -> None:
    """Each figure of two cases is what a person counts who reads them."""
    assert figure(told, name) == rows


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("referral_to_conference", [[CASE]]),
        ("repeat_referrals", [[CASE, OTHER_CASE]]),
        ("outcomes", [[CASE]]),
        ("overdue_by_band", [[CASE]]),
        ("open_cases_by_age", [[CASE, OTHER_CASE]]),
        ("open_cases_by_team", [[OTHER_CASE], [CASE]]),
        ("open_cases_by_worker", [[CASE]]),
        ("open_cases_by_stage", [[OTHER_CASE], [CASE]]),
        ("participation_by_agency", None),
    ],
)
def test_each_row_opens_to_the_cases_it_counts(
    told: Views, name: str, cases: list[list[UUID]] | None
) -> None:
    """Row by row, as known at a position too, and to no other case."""
    one, at_last = FIGURES[name], told.record.log.tail()
    for as_at in (None, at_last):
        rows = [
            dict(zip(one.keys, (None if each is None else str(each) for each in row), strict=False))
            for row in figure(told, name, as_at=as_at)
        ]
        found = [list(told.ask(cases_of, one, row, on=ON, as_at=as_at)) for row in rows]
        assert found == ([[CASE]] * len(rows) if cases is None else [sorted(a) for a in cases])


def test_a_mean_is_of_no_one_case(views: Views) -> None:
    """Of fewer than five cases none is given; of five, in whole days."""
    for number in range(1, 6):
        case, meeting = UUID(int=number), ConferenceRef(UUID(int=100 + number))
        views.tell(
            at("2026-11-02", a_referral("2026-11-02"), stream=case),
            at("2026-11-10", a_conference(conference=meeting), stream=case),
            at("2026-11-23", a_held_conference(meeting), stream=case),
        )
        views.follow(*ALL)
        ((_, _, many, mean),) = figure(views, "referral_to_conference")
        assert (many, mean) == (number, 21 if number == 5 else None)


def test_a_dashboard_reads_what_a_door_is_told(told: Views) -> None:
    """Each view has the documented columns and, by today, the rows that a door gives."""
    today = datetime.now(LONDON).date()
    with told.connect("holdfast_reader") as conn:
        for one in FIGURES.values():
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier("views", PREFIX + one.name))
            cursor = conn.execute(query)
            columns = tuple(column.name for column in cursor.description or ())
            assert columns == (*one.columns, "stamp")
            rows = [(*row, None) for row in figure(told, one.name, today)]
            assert cursor.fetchall() == rows, one.name


def test_a_dashboard_reads_figures_and_nothing_else(told: Views) -> None:
    """Beside the figures the role reads how far the views are, and no row about anybody."""
    with told.connect("holdfast_reader") as conn:
        readable = conn.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT LIKE 'pg\\_%'"
            " AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'USAGE')"
            " AND has_table_privilege(c.oid, 'SELECT')"
        ).fetchall()
        beside = {f"views.{one}" for one in ("tracking", "tracking_unlogged", "generation")}
        beside.add("views.health")
        assert {one for (one,) in readable} == {
            *(f"views.{PREFIX}{name}" for name in FIGURES),
            *beside,
        }
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT * FROM views.caseload")


def test_no_figure_has_a_reference_or_a_day(told: Views) -> None:
    """No column is of a kind that could point to a case, a person, a worker or a day of theirs."""
    with told.connect("holdfast_reader") as conn:
        kinds = conn.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns"
            " WHERE table_schema = 'views' AND starts_with(table_name, %s)",
            (PREFIX,),
        ).fetchall()
    assert {one for (one,) in kinds} <= {"text", "bigint", "integer"}


def test_no_figure_says_what_points_to_anybody(told: Views) -> None:
    """Nothing a dashboard can read holds a reference, a day, or a text somebody wrote.

    What is text is a code, a band, or what a team or an agency is called.
    """
    with told.connect("holdfast_reader") as conn:
        for name in FIGURES:
            view = sql.Identifier("views", PREFIX + name)
            rows = conn.execute(sql.SQL("SELECT * FROM {}").format(view)).fetchall()
            texts = {one for row in rows for one in row if isinstance(one, str)}
            assert {one for one in texts if not SAYS_NOBODY.fullmatch(one)} == set(), name


def test_what_an_earlier_release_let_a_dashboard_read_is_taken_back(views: Views) -> None:
    """A right to a view with references, given before, is gone once the views are prepared."""
    told = some_cases(views)
    with told.connect() as conn:
        conn.execute("GRANT SELECT ON views.caseload TO holdfast_reader")
        with conn.transaction():
            install(conn)
    with told.connect("holdfast_reader") as conn, pytest.raises(psycopg.Error):
        conn.execute("SELECT * FROM views.caseload")


def test_a_view_made_otherwise_takes_its_figures_along(views: Views) -> None:
    """A rebuild leaves the figures as they are; of another shape they are made again with it."""
    told = some_cases(views)
    before = figure(told, "open_cases_by_stage")
    (view,) = (one for one in ALL if one.name == "caseload")
    with told.connect() as conn:
        conn.execute("UPDATE views.generation SET version = 0 WHERE projection = 'caseload'")
    rebuild(view, told.connect)
    shown = [(*row, None) for row in before]  # a record that is real has no stamp
    with told.connect("holdfast_reader") as conn:
        again = conn.execute("SELECT * FROM views.figure_open_cases_by_stage").fetchall()
    assert again == shown
    with told.connect() as conn, conn.transaction():
        Table(view, 2).show(conn, replace=False)
        assert conn.execute("SELECT to_regclass('views.figure_outcomes')").fetchone() != (None,)
        assert conn.execute("SELECT to_regclass('views.figure_open_cases_by_age')").fetchone() == (
            None,
        )
        install(conn)
    with told.connect("holdfast_reader") as conn:
        assert conn.execute("SELECT * FROM views.figure_open_cases_by_stage").fetchall() == shown
