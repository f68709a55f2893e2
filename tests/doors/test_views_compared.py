"""What people read in a view is held to the record, not only the table it was made of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, LiteralString

import psycopg
import pytest

from api.views import every
from projections.rebuild import otherwise, rebuild
from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli, Doors
from tests.doors.test_cli import CHRONOLOGIES


@pytest.fixture
def june(cli: Cli) -> str:
    """Give the reference of a case made of June's chronology, compared and found equal."""
    path = str(CHRONOLOGIES / "june.csv")
    said = cli("import", "chronology", path, "--new-case", "--reference", path, "--json")
    assert cli("verify", "--views").code == 0
    return str(said.json["case"])


def changed(database: Database, statement: LiteralString) -> list[tuple[Any, ...]]:
    """Do something to the views, as a superuser; give what it returns."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        done = conn.execute(statement)
        return done.fetchall() if done.description else []


def shown_table(database: Database) -> LiteralString:
    """Give the table which the view of chronologies shows."""
    ((number,),) = changed(
        database, "SELECT number FROM views.generation WHERE projection = 'chronology'"
    )
    return "views.chronology_g1" if number == 1 else "views.chronology_g2"


@pytest.mark.parametrize("where", ["WHERE false", "WHERE current_user = 'holdfast_projector'"])
def test_a_view_that_hides_rows_is_found(
    cli: Cli, june: str, database: Database, where: LiteralString
) -> None:
    """A view's definition is held to the one it is made with, whoever it hides rows from."""
    table = shown_table(database)
    changed(database, f"CREATE OR REPLACE VIEW views.chronology AS SELECT * FROM {table} {where}")
    said = cli("verify", "--views")
    assert said.code == 6
    assert "The view chronology differs from the record" in said.out
    assert "it is not defined as it was made" in said.out
    assert (f"the first is that of {june}/1, of position " in said.out) == (where == "WHERE false")
    assert cli("rebuild", "chronology").code == 0
    assert cli("verify", "--views").code == 0, "rebuilding makes it anew"


def test_a_figure_that_counts_otherwise_is_found(cli: Cli, june: str, database: Database) -> None:
    """Each dashboard's view is held to the statement it is made of, by every verification."""
    assert june
    name = "views.figure_open_cases_by_team"
    ((columns,),) = changed(
        database,
        "SELECT string_agg(CASE WHEN data_type = 'bigint' THEN format('%1$I * 2 AS %1$I',"
        " column_name) ELSE quote_ident(column_name) END, ', ' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_name = 'figure_open_cases_by_team'",
    )
    ((before,),) = changed(database, f"SELECT pg_get_viewdef('{name}')")
    twice = f"SELECT {columns} FROM ({before.rstrip(';')}) AS said"
    changed(database, f"CREATE OR REPLACE VIEW {name} AS {twice}")
    for options in ((), ("--views",)):
        said = cli("verify", *options)
        assert (said.code, f"wrong: {name} is not defined as it was made" in said.out) == (6, True)
    changed(database, f"DROP VIEW {name}")
    assert cli("rebuild", "chronology").code == 0
    # As a whole dump brings it back: the server writes it out otherwise than what it was made of.
    ((written,),) = changed(database, f"SELECT pg_get_viewdef('{name}')")
    changed(database, f"CREATE OR REPLACE VIEW {name} AS {written}")
    assert changed(database, f"SELECT pg_get_viewdef('{name}')") != [(written,)]
    assert cli("verify", "--views").code == 0


def test_a_view_that_is_ahead_of_the_log_is_found(cli: Cli, june: str, database: Database) -> None:
    """A view that says it came further than there is would leave out what is recorded next."""
    assert june
    changed(
        database,
        'UPDATE views.tracking SET "position" = "position" + 100 WHERE application = \'caseload\'',
    )
    said = cli("verify")
    assert (said.code, "the view caseload says that it came to position" in said.out) == (6, True)
    assert cli("rebuild", "caseload").code == 0
    assert cli("verify").code == 0


def test_nothing_is_blamed_while_it_is_made_anew_or_recorded(doors: Doors) -> None:
    """A view that is exchanged beside, or goes on with the log, is looked at as one of the two."""
    views = every(doors.office)
    doors.case()
    doors.catch_up()

    def beside() -> None:
        for view in views * 2:
            doors.person()
            rebuild(view, connect, unseal=doors.office.record.unseal)

    def connect() -> psycopg.Connection[Any]:
        return doors.office.database.connect("holdfast_projector")

    with ThreadPoolExecutor(1) as pool, connect() as conn:
        work, looked = pool.submit(beside), 0
        while not work.done() or not looked:
            assert otherwise(conn, views) == []
            looked += 1
        work.result()


PUT_ON: dict[str, tuple[LiteralString, str]] = {
    "row security": (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "row security is enabled on its table",
    ),
    "forced, for everybody": (
        "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        "row security is forced on its table",
    ),
    "a policy, not yet enabled": (
        "CREATE POLICY few ON {table} USING (version < 0)",
        "its table has the policy few",
    ),
    "asked as its reader": (
        "ALTER VIEW views.chronology SET (security_invoker = true)",
        "the view has the option security_invoker=true",
    ),
    "a barrier": (
        "ALTER VIEW views.chronology SET (security_barrier = true)",
        "the view has the option security_barrier=true",
    ),
    "an option gone": (
        "ALTER TABLE {table} RESET (parallel_workers)",
        "its table has no longer the option parallel_workers=0",
    ),
    "a rule on the table": (
        "CREATE RULE none_more AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "its table has the rule none_more",
    ),
    "a rule on the view": (
        "CREATE RULE none_more AS ON INSERT TO views.chronology DO INSTEAD NOTHING",
        "the view has the rule none_more",
    ),
    "a trigger": (
        "CREATE TRIGGER quiet AFTER TRUNCATE ON {table} EXECUTE FUNCTION tsvector_update_trigger()",
        "its table has the trigger quiet",
    ),
}


def test_what_hides_rows_from_some_is_found(cli: Cli, june: str, database: Database) -> None:
    """Whoever compares owns the table, and sees what others do not: each is named with its view."""
    assert june
    table = shown_table(database)
    undone: list[LiteralString] = [
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS few ON {table}",
        "ALTER VIEW views.chronology RESET (security_invoker, security_barrier)",
        "ALTER TABLE {table} SET (parallel_workers = 0)",
        "DROP RULE IF EXISTS none_more ON {table}",
        "DROP RULE IF EXISTS none_more ON views.chronology",
        "DROP TRIGGER IF EXISTS quiet ON {table}",
    ]
    for name, (statement, words) in PUT_ON.items():
        changed(database, statement.replace("{table}", table))
        said = cli("verify", "--views", "--json")
        views = said.json["views"]
        assert (said.code, views["chronology"]["beside"]) == (6, [words]), name
        assert [view for view, one in views.items() if not one["equal"]] == ["chronology"], name
        for each in undone:
            changed(database, each.replace("{table}", table))
    assert cli("verify", "--views").code == 0
    changed(database, PUT_ON["row security"][0].replace("{table}", table))
    said = cli("verify")
    assert (said.code, f"row security enabled on {table}, and was" in said.out) == (6, True)
    said = cli("verify", "--views")
    assert "The view chronology differs from the record: rebuild it" in said.out
    assert "  wrong: row security is enabled on its table, and was not made so" in said.out
    assert cli("rebuild", "chronology").code == 0
    assert cli("verify", "--views").code == 0, "rebuilding makes it anew"


def test_a_view_that_is_gone_is_found(cli: Cli, june: str, database: Database) -> None:
    """Where there is no view, its table does not stand for it."""
    assert june
    changed(database, "DROP VIEW views.chronology")
    said = cli("verify", "--views", "--json")
    assert said.code == 6
    named = [name for name, one in said.json["views"].items() if not one["equal"]]
    assert named == ["chronology"]


def test_the_first_row_that_differs_is_named(cli: Cli, june: str, database: Database) -> None:
    """By its key, and by the position from which on it is so."""
    table = shown_table(database)
    ((at,),) = changed(database, f"SELECT min(lower(valid)) FROM {table}")
    changed(database, f"DELETE FROM {table}")
    said = cli("verify", "--views", "--json")
    one = said.json["views"]["chronology"]
    assert (said.code, one["first_key"], one["first_position"]) == (6, [june, "1"], at)
    assert one["as_made"]
    assert f"the first is that of {june}/1, of position {at}" in cli("verify", "--views").out


def test_without_views_it_says_that_they_were_not_compared(cli: Cli, june: str) -> None:
    """Nothing is left to be taken for shown."""
    assert june
    assert "  not shown: that what people read in the views" in cli("verify").out
    assert "not shown: that what people read" not in cli("verify", "--views").out
    assert len(cli("verify", "--json").json["not_shown"]) == 1
    assert cli("verify", "--json", "--views").json["not_shown"] == []
