"""Figures for dashboards: views of counts, the only ones a tool of analysts may read.

Each is one statement over the views of the present. `install` makes it `views.figure_<name>`, for
whoever may put on `holdfast_reader`, judged by today; a door asks the same statement as at a
position and by a day. A figure holds no reference of a case, a person or a worker, no day of any
of them and no text: codes, names of teams and agencies, bands, and how many. Small counts stand as
they are: these figures are for the authority itself, and whoever publishes one suppresses first. A
mean is given of so many cases alone that it is of no one of them, and rounded, so that two of them
tell none by subtraction.

A row opens to the cases it counts by the same statement: `each` has a line for each thing counted,
with what the row is called by (`keys`) and its case, and a figure counts its lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from domain.grid import PRESENT
from projections.returns.longform import SIMULATED
from projections.table import valid_at

PREFIX: Final = "figure_"
_TODAY: Final = sql.SQL("(now() AT TIME ZONE 'Europe/London')::date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One view of counts: what it says, of which views it is made, what it counts, and how."""

    name: str
    says: str
    keys: tuple[str, ...]
    counts: Mapping[str, str]  # column → what it counts of the lines of a row
    of: tuple[str, ...]
    each: str

    @property
    def columns(self) -> tuple[str, ...]:
        """What a row has: what it is called by, then what is counted."""
        return (*self.keys, *self.counts)

    def query(self, *, on: sql.Composable, valid: sql.Composable) -> sql.Composed:
        """The statement, by a day and for the versions of a position."""
        keys = sql.SQL(", ").join(map(sql.Identifier, self.keys))
        counts = sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(_ours(how), sql.Identifier(name))
            for name, how in self.counts.items()
        )
        order = sql.SQL(", ").join(
            sql.SQL("{} NULLS FIRST").format(sql.Identifier(one)) for one in self.keys
        )
        return sql.SQL(
            "SELECT {keys}, {counts} FROM ({each}) AS each GROUP BY {keys} ORDER BY {order}"
        ).format(keys=keys, counts=counts, each=self.lines(on=on, valid=valid), order=order)

    def lines(self, *, on: sql.Composable, valid: sql.Composable) -> sql.Composed:
        """The statement of what it counts, a line each."""
        parts = {name: _ours(text).format(on=on, valid=valid) for name, text in _PARTS.items()}
        return _ours(self.each).format(on=on, valid=valid, **parts)


def _ours(text: Any) -> sql.SQL:  # noqa: ANN401 — psycopg wants a literal; ours, never input
    return sql.SQL(text)


def _bands(days: str, edges: Sequence[int]) -> str:
    """Bands of days, each called by its first and last; `edges` are the last of each but the last.

    The first letter puts them in order.
    """
    low, cases = 0, []
    for letter, edge in zip("abcdefgh", edges, strict=False):
        cases.append(f"WHEN {days} <= {edge} THEN '{letter} {low} to {edge} days'")
        low = edge + 1
    letter = "abcdefgh"[len(edges)]
    return f"CASE {' '.join(cases)} ELSE '{letter} {low} days and more' END"


_A_MEAN: Final = 5  # of fewer cases no mean is given
_LATE: Final = (
    '(SELECT "case", {on} - begun AS days, due_on < {on} AS past, reviews = 0 AND brought_from IS'
    " NULL AS never FROM views.reviews, LATERAL (SELECT CASE WHEN due_on < {on} THEN due_on WHEN"
    " undated_since IS NOT NULL THEN greatest(undated_since, reviewed_on) END AS begun) AS late"
    " WHERE {valid} AND open AND led_by IS NULL AND begun < {on}) AS overdue"
)
# What several statements, or the days of a band, are made of.
_PARTS: Final[Mapping[str, str]] = {
    "late": _LATE,
    "there": ", ".join(f"'{one}'" for one in sorted(PRESENT)),
    "age": _bands("({on} - coalesce(received_on, opened_on))", (28, 91, 182, 365)),
    "overdue": _bands("days", (7, 28, 91)),
    "until_held": _bands("(held - received_on)", (14, 28, 56, 91)),
}
_TAKEN: Final = """
 SELECT agency, "case", bool_or(what = 'invited') AS invited, bool_or(what = 'there') AS there,
   bool_or(what = 'apology') AS sorry, bool_or(what = 'report') AS report
  FROM (SELECT * FROM views.participation WHERE {valid}
    AND held_on > ({on} - interval '1 year')::date AND held_on <= {on}) AS held,
   LATERAL (
    SELECT value AS agency, 'invited' AS what FROM jsonb_each_text(invited)
    UNION ALL SELECT invited ->> one, 'apology' FROM jsonb_array_elements_text(apologies) AS one
     WHERE jsonb_exists(invited, one)
    UNION ALL SELECT value ->> 'agency',
     CASE WHEN value ->> 'attendance' IN ({there}) THEN 'there' ELSE value ->> 'attendance' END
     FROM jsonb_each(lines)
    UNION ALL SELECT one, 'report' FROM jsonb_array_elements_text(reports) AS one) AS said
  GROUP BY conference, "case", agency
"""
_OPEN: Final = ' "case" FROM views.caseload WHERE {valid} AND open'
_CASES: Final = {"cases": "count(*)"}

FIGURES: Final[Mapping[str, Figure]] = {
    one.name: one
    for one in (
        Figure(
            name="open_cases_by_stage",
            says="Open cases by the stage they have reached.",
            keys=("stage",),
            counts=_CASES,
            of=("caseload",),
            each="SELECT stage," + _OPEN,
        ),
        Figure(
            name="open_cases_by_age",
            says="Open cases by how long ago the concern was received; where that is not one"
            " certain day, since the case was opened here.",
            keys=("age",),
            counts=_CASES,
            of=("caseload",),
            each="SELECT {age} AS age," + _OPEN,
        ),
        Figure(
            name="open_cases_by_team",
            says="Open cases by team (empty: of none), and how many of them nobody holds.",
            keys=("team",),
            counts={**_CASES, "held_by_nobody": "count(*) FILTER (WHERE worker IS NULL)"},
            of=("caseload",),
            each="SELECT team, worker," + _OPEN,
        ),
        Figure(
            name="open_cases_by_worker",
            says="How many workers hold so many open cases each. No worker is named or numbered.",
            keys=("cases_held",),
            counts={"workers": "count(DISTINCT worker)"},
            of=("caseload",),
            each="SELECT count(*) OVER (PARTITION BY worker) AS cases_held, worker,"
            + _OPEN
            + " AND worker IS NOT NULL",
        ),
        Figure(
            name="overdue_by_band",
            says="Open cases past the day of a review, or with something that has no day for its"
            " review, by for how long; `why` as in the list of what is overdue.",
            keys=("why", "overdue"),
            counts=_CASES,
            of=("reviews",),
            each="SELECT CASE WHEN past THEN 'past_due' WHEN never THEN 'never_reviewed' ELSE"
            " 'no_date' END AS why, {overdue} AS overdue, \"case\" FROM {late}",
        ),
        Figure(
            name="referral_to_conference",
            says="Cases by the time from the concern to the first conference held since, and the"
            " calendar year it was held in. `mean_days` is their mean in whole days, where there"
            f" are {_A_MEAN} of them; else, and where it is not one certain day when the concern"
            " was received, it is empty.",
            keys=("year", "time"),
            counts={
                **_CASES,
                "mean_days": f"CASE WHEN count(*) >= {_A_MEAN} THEN round(avg(days))::int8 END",
            },
            of=("caseload", "participation"),
            each="SELECT extract(year FROM held)::int AS year, CASE WHEN received_on IS NULL"
            " THEN 'z not known' ELSE {until_held} END AS time, held - received_on AS days,"
            ' "case" FROM (SELECT "case",'
            ' received_on, (SELECT min(held_on) FROM views.participation p WHERE p."case" ='
            ' c."case" AND p.kind IS NOT NULL AND p.held_on <= {on} AND (c.received_on IS NULL OR'
            " p.held_on >= c.received_on) AND {valid}) AS held FROM views.caseload c WHERE"
            " {valid}) AS first WHERE held IS NOT NULL",
        ),
        Figure(
            name="repeat_referrals",
            says="Adults by how many concerns about them were received in the year that ends with"
            " the day judged by, in all their cases; of each the latest day it can have been. The"
            " same received again, and news of an open episode, is no concern of its own.",
            keys=("concerns",),
            counts={"adults": "count(DISTINCT whose)"},
            of=("return_facts",),
            each='SELECT "case", coalesce(adult, "case") AS whose, count(*) OVER (PARTITION BY'
            ' coalesce(adult, "case")) AS concerns FROM'
            " views.return_facts, LATERAL jsonb_array_elements(referrals) AS one WHERE {valid} AND"
            " what = 'concern' AND stands AND coalesce(one ->> 3, 'repeat') = 'repeat' AND"
            " coalesce(one ->> 5, 'true') = 'true' AND (one ->> 2)::date <= {on}"
            " AND (one ->> 2)::date > ({on} - interval '1 year')::date",
        ),
        Figure(
            name="outcomes",
            says="Enquiries by the financial year they were concluded in, their kind, and what was"
            " answered of the outcomes the adult wished for; without those that another authority"
            " counts, to which the case was transferred. Of a case that was ever lawfully forgotten"
            " the answer is not known.",
            keys=("year", "kind", "outcome"),
            counts={"enquiries": "count(*)"},
            of=("return_facts",),
            each="SELECT extract(year FROM concluded_on - interval '3 months')::int AS year,"
            ' kind, CASE WHEN EXISTS (SELECT FROM keyring.destroyed WHERE subject = "case") THEN'
            " 'not_known' ELSE outcomes END AS outcome, \"case\" FROM views.return_facts WHERE"
            " {valid} AND what = 'enquiry' AND stands AND elsewhere IS NULL"
            " AND concluded_on <= {on}",
        ),
        Figure(
            name="participation_by_agency",
            says="Of each agency, in the conferences held in the year that ends with the day judged"
            " by: how many it was asked to, came to, was sorry for, was absent from without a"
            " word, and reported to.",
            keys=("agency",),
            counts={
                "conferences": "count(*)",
                "invited": "count(*) FILTER (WHERE invited)",
                "there": "count(*) FILTER (WHERE there)",
                "apologies": "count(*) FILTER (WHERE sorry AND NOT there)",
                "absent": "count(*) FILTER (WHERE invited AND NOT there AND NOT sorry)",
                "reports": "count(*) FILTER (WHERE report)",
            },
            of=("participation",),
            each=_TAKEN,
        ),
    )
}


def cases_of(
    conn: Connection[Any],
    figure: Figure,
    row: Mapping[str, str | None],
    *,
    on: date,
    as_at: int | None = None,
) -> Sequence[UUID]:
    """The cases of what one row of a figure counts, each once; `row` has its keys, as text."""
    each = figure.lines(on=sql.Literal(on), valid=valid_at(as_at))
    meant = sql.SQL(" AND ").join(
        sql.SQL("{}::text IS NOT DISTINCT FROM {}").format(
            sql.Identifier(key), sql.Literal(row.get(key))
        )
        for key in figure.keys
    )
    query = sql.SQL('SELECT DISTINCT "case" FROM ({}) AS each WHERE {} ORDER BY "case"')
    return [one for (one,) in conn.execute(query.format(each, meant)).fetchall()]


def rows_of(
    conn: Connection[Any], figure: Figure, *, on: date, as_at: int | None = None
) -> Sequence[tuple[Any, ...]]:
    """The rows of a figure as known at a position, judged by a day."""
    return conn.execute(figure.query(on=sql.Literal(on), valid=valid_at(as_at))).fetchall()


# A view says of each row whether all is made up, as the log's first entry has it; else nothing.
_STAMPED: Final = sql.SQL(
    "SELECT said.*, (SELECT {stamp} FROM record.cases WHERE position = 1 AND"
    " convert_from(payload, 'UTF8')::jsonb #> '{{data,simulated}}' <> 'null') AS stamp"
    " FROM ({counted}) AS said"
)
_TAKEN_BACK: Final = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'views'::regnamespace"
    " AND c.relkind = 'v' AND NOT starts_with(c.relname, %s)"
    " AND has_table_privilege('holdfast_reader', c.oid, 'SELECT')"
)


def install(conn: Connection[Any]) -> None:
    """Make each figure's view that is not there as it is here; in the caller's transaction.

    Dashboards read nothing else of the views: what an earlier release let them read is taken back.
    One whose views are not there, or are of an older release, waits until they are made. The
    comment of a view says what it is, and of which statement it was made.
    """
    for (other,) in conn.execute(_TAKEN_BACK, (PREFIX,)).fetchall():
        shut = sql.SQL("REVOKE ALL ON {} FROM holdfast_reader")
        conn.execute(shut.format(sql.Identifier("views", other)))
    for figure in FIGURES.values():
        view = sql.Identifier("views", f"{PREFIX}{figure.name}")
        query = _shown(figure)
        said = f"{figure.says} [{sha256(query.as_bytes(conn)).hexdigest()[:16]}]"
        found = conn.execute(
            "SELECT obj_description(to_regclass(%s), 'pg_class')",
            (f"views.{PREFIX}{figure.name}",),
        ).fetchone()
        if found is not None and found[0] == said:
            continue
        conn.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
        try:
            with conn.transaction():
                conn.execute(sql.SQL("CREATE VIEW {} AS {}").format(view, query))
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            continue
        conn.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(view, said))
        readers = sql.SQL("holdfast_writer, holdfast_reader")
        conn.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(view, readers))


def altered(conn: Connection[Any]) -> list[str]:
    """Which figures' views are not defined as `install` defines them, or are not there: by name.

    Each is held to one made beside it and thrown away, as a role that may make views; one whose
    own views are of another release is passed over, as `install` does.
    """
    found = list[str]()
    for figure in FIGURES.values():
        name = f"views.{PREFIX}{figure.name}"
        try:
            made = _defined(conn, _shown(figure).as_bytes(conn))
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            continue
        # Both once more: what a dump brought back was written out and read again since it was made.
        row = conn.execute("SELECT pg_get_viewdef(to_regclass(%s))", (name,)).fetchone()
        now = None if row is None or row[0] is None else row[0].encode()
        if now is None or _defined(conn, now) != _defined(conn, made):
            found.append(name)
    return found


def _defined(conn: Connection[Any], query: bytes) -> bytes:
    """How the server writes out a view of a statement, made beside the others and thrown away."""
    beside = f"views.{PREFIX}as_made"
    with conn.transaction(force_rollback=True):
        conn.execute(f"CREATE VIEW {beside} AS ".encode() + query)
        row = conn.execute("SELECT pg_get_viewdef(to_regclass(%s))", (beside,)).fetchone()
    return b"" if row is None else row[0].encode()


def _shown(figure: Figure) -> sql.Composed:
    """The statement of a figure's view: of the present, judged by today, and stamped."""
    counted = figure.query(on=_TODAY, valid=valid_at(None))
    return _STAMPED.format(counted=counted, stamp=sql.Literal(SIMULATED))
