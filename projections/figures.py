"""Figures for dashboards: views of counts, the only ones a tool of analysts may read.

Each is one statement over the views of the present. `install` makes it `views.figure_<name>`, for
whoever may put on `holdfast_reader`, judged by today; a door asks the same statement as at a
position and by a day. A figure holds no reference of a case, a person or a worker, no day of any
of them and no text: codes, names of teams and agencies, bands, and how many. Small counts stand as
they are: these figures are for the authority itself, and whoever publishes one suppresses first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from domain.grid import PRESENT
from projections.returns.longform import SIMULATED
from projections.table import valid_at

PREFIX: Final = "figure_"
_TODAY: Final = sql.SQL("(now() AT TIME ZONE 'Europe/London')::date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One view of counts: what it says, of which views it is made, and what opens its rows."""

    name: str
    says: str
    columns: tuple[str, ...]
    of: tuple[str, ...]
    opens: str
    statement: str

    def query(self, *, on: sql.Composable, valid: sql.Composable) -> sql.Composed:
        """The statement, by a day and for the versions of a position."""
        parts = {name: _ours(text).format(on=on, valid=valid) for name, text in _PARTS.items()}
        return _ours(self.statement).format(on=on, valid=valid, **parts)


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


_CASES: Final = "/v1/cases"
_LATE: Final = (
    "(SELECT team, {on} - begun AS days, due_on < {on} AS past, reviews = 0 AND brought_from IS"
    " NULL AS never FROM views.reviews, LATERAL (SELECT CASE WHEN due_on < {on} THEN due_on WHEN"
    " undated_since IS NOT NULL THEN greatest(undated_since, reviewed_on) END AS begun) AS late"
    " WHERE {valid} AND open AND begun < {on}) AS overdue"
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
 SELECT agency, count(*) AS conferences, count(*) FILTER (WHERE invited) AS invited,
  count(*) FILTER (WHERE there) AS there,
  count(*) FILTER (WHERE sorry AND NOT there) AS apologies,
  count(*) FILTER (WHERE invited AND NOT there AND NOT sorry) AS absent,
  count(*) FILTER (WHERE report) AS reports
 FROM (SELECT conference, agency, bool_or(what = 'invited') AS invited,
   bool_or(what = 'there') AS there, bool_or(what = 'apology') AS sorry,
   bool_or(what = 'report') AS report
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
  GROUP BY conference, agency) AS each
 GROUP BY agency ORDER BY agency
"""

FIGURES: Final[Mapping[str, Figure]] = {
    one.name: one
    for one in (
        Figure(
            name="open_cases_by_stage",
            says="Open cases by the stage they have reached.",
            columns=("stage", "cases"),
            of=("caseload",),
            opens=_CASES,
            statement="SELECT stage, count(*) AS cases FROM views.caseload"
            " WHERE {valid} AND open GROUP BY stage ORDER BY stage",
        ),
        Figure(
            name="open_cases_by_age",
            says="Open cases by how long ago the concern was received; where that is not one"
            " certain day, since the case was opened here.",
            columns=("age", "cases"),
            of=("caseload",),
            opens=_CASES,
            statement="SELECT {age} AS age, count(*) AS cases"
            " FROM views.caseload WHERE {valid} AND open GROUP BY 1 ORDER BY 1",
        ),
        Figure(
            name="open_cases_by_team",
            says="Open cases by team (empty: of none), and how many of them nobody holds.",
            columns=("team", "cases", "held_by_nobody"),
            of=("caseload",),
            opens=_CASES,
            statement="SELECT team, count(*) AS cases, count(*) FILTER (WHERE worker IS NULL) AS"
            " held_by_nobody FROM views.caseload WHERE {valid} AND open GROUP BY team"
            " ORDER BY team NULLS FIRST",
        ),
        Figure(
            name="open_cases_by_worker",
            says="How many workers hold so many open cases each. No worker is named or numbered.",
            columns=("cases_held", "workers"),
            of=("caseload",),
            opens=_CASES,
            statement="SELECT cases_held, count(*) AS workers FROM (SELECT count(*) AS cases_held"
            " FROM views.caseload WHERE {valid} AND open AND worker IS NOT NULL GROUP BY worker) AS"
            " held GROUP BY cases_held ORDER BY cases_held",
        ),
        Figure(
            name="overdue_by_band",
            says="Open cases past the day of a review, or with something that has no day for its"
            " review, by for how long; `why` as in the list of what is overdue.",
            columns=("why", "overdue", "cases"),
            of=("reviews",),
            opens="/v1/reviews/overdue",
            statement="SELECT CASE WHEN past THEN 'past_due' WHEN never THEN 'never_reviewed' ELSE"
            " 'no_date' END AS why, {overdue} AS overdue, count(*) AS cases"
            " FROM {late} GROUP BY 1, 2 ORDER BY 1, 2",
        ),
        Figure(
            name="referral_to_conference",
            says="Cases by the time from the concern to the first conference held since, and the"
            " calendar year it was held in. `days` are those of all of them, to be divided by"
            " `cases`; empty where it is not one certain day when the concern was received.",
            columns=("year", "time", "cases", "days"),
            of=("caseload", "participation"),
            opens=_CASES,
            statement="SELECT extract(year FROM held)::int AS year, CASE WHEN received_on IS NULL"
            " THEN 'z not known' ELSE {until_held} END AS"
            " time, count(*) AS cases, sum(held - received_on)::int8 AS days FROM (SELECT"
            ' received_on, (SELECT min(held_on) FROM views.participation p WHERE p."case" ='
            ' c."case" AND p.kind IS NOT NULL AND p.held_on <= {on} AND (c.received_on IS NULL OR'
            " p.held_on >= c.received_on) AND {valid}) AS held FROM views.caseload c WHERE"
            " {valid}) AS first WHERE held IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
        ),
        Figure(
            name="repeat_referrals",
            says="Adults by how many concerns about them were received in the year that ends with"
            " the day judged by, in all their cases; of each the latest day it can have been. The"
            " same received again, and news of an open episode, is no concern of its own.",
            columns=("concerns", "adults"),
            of=("return_facts",),
            opens="/v1/persons/{person}/concerns",
            statement="SELECT concerns, count(*) AS adults FROM (SELECT count(*) AS concerns FROM"
            " views.return_facts, LATERAL jsonb_array_elements(referrals) AS one WHERE {valid} AND"
            " what = 'concern' AND stands AND coalesce(one ->> 3, 'repeat') = 'repeat' AND"
            " coalesce(one ->> 5, 'true') = 'true' AND (one ->> 2)::date <= {on}"
            " AND (one ->> 2)::date > ({on} - interval '1 year')::date"
            ' GROUP BY coalesce(adult, "case")) AS adults GROUP BY concerns ORDER BY concerns',
        ),
        Figure(
            name="outcomes",
            says="Enquiries by the financial year they were concluded in, their kind, and what was"
            " answered of the outcomes the adult wished for; without those that another authority"
            " counts, to which the case was transferred.",
            columns=("year", "kind", "outcome", "enquiries"),
            of=("return_facts",),
            opens="/v1/returns/{year}",
            statement="SELECT extract(year FROM concluded_on - interval '3 months')::int AS year,"
            " kind, outcomes AS outcome, count(*) AS enquiries FROM views.return_facts WHERE"
            " {valid} AND what = 'enquiry' AND stands AND elsewhere IS NULL"
            " AND concluded_on <= {on} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 NULLS FIRST",
        ),
        Figure(
            name="participation_by_agency",
            says="Of each agency, in the conferences held in the year that ends with the day judged"
            " by: how many it was asked to, came to, was sorry for, was absent from without a"
            " word, and reported to.",
            columns=(
                *("agency", "conferences", "invited", "there", "apologies"),
                *("absent", "reports"),
            ),
            of=("participation",),
            opens="/v1/participation",
            statement=_TAKEN,
        ),
    )
}


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
        counted = figure.query(on=_TODAY, valid=valid_at(None))
        query = _STAMPED.format(counted=counted, stamp=sql.Literal(SIMULATED))
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
