from __future__ import annotations

from uuid import UUID

import pytest
from psycopg import sql

from domain.correction import EntryAnnotated
from domain.enquiry import PachIdentified
from domain.person import PersonDied
from domain.when import on_day
from domain.words import Code, Personal
from projections.naming import NAMING, after, cases_naming
from projections.rebuild import verify
from tests.controls import ADULT, ALLEGATION, CASE, DAY, OTHER_CASE, PACH, SISTER, a_referral
from tests.projections.conftest import NAMES, Views, corrected, told
from tests.projections.histories import Joins, history, pool

HARMED_BY = PachIdentified(
    person=PACH, allegations=(ALLEGATION,), adult_at_risk=Code("not_recorded")
)
CASES = list(Joins().told)  # of any history
ANYBODY = (ADULT, *pool("PersonRef"))  # in a passage or a field of any history


def spoken(about: UUID) -> EntryAnnotated:
    """Give a note about somebody."""
    return EntryAnnotated(target=1, kind=Code("clarification"), text=Personal(about, "She rang."))


def naming(views: Views, person: UUID, as_at: int | None = None) -> list[str]:
    """Ask which cases name somebody; the cases as the controls call them."""
    return sorted(NAMES[str(one)] for one in views.ask(cases_naming, person, as_at=as_at))


def test_a_case_names_whoever_stands_in_a_field_or_is_spoken_of(views: Views) -> None:
    """Each from the first event that does; a passage about the case itself is about nobody."""
    first = views.tell(told("2026-11-02", a_referral()))
    views.tell(
        told("2026-11-03", a_referral(), stream=OTHER_CASE),
        HARMED_BY,
        spoken(SISTER),
        told("2026-11-04", spoken(SISTER), stream=OTHER_CASE),
        spoken(SISTER),
        spoken(CASE),
        told("2026-11-05", PersonDied(died=on_day(DAY), cause_known=Code("no")), stream=SISTER),
    )
    views.follow(NAMING)

    assert naming(views, ADULT, first) == ["case"]
    assert naming(views, ADULT) == ["case", "other-case"]
    assert naming(views, PACH, first + 1) == []
    assert naming(views, PACH) == ["case"]
    assert naming(views, SISTER, first + 2) == []
    assert naming(views, SISTER, first + 3) == ["case"]
    assert naming(views, SISTER) == ["case", "other-case"]
    assert naming(views, CASE) == []


def test_being_named_is_not_undone(views: Views) -> None:
    """A referral that was withdrawn still names its adult: what it said stands in the record."""
    views.tell(told("2026-11-02", a_referral()), corrected(1, withdrawn=True))
    views.follow(NAMING)
    assert naming(views, ADULT) == ["case"]
    assert verify(NAMING, views.connect).equal


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(one, marks=pytest.mark.long) for one in (1, 2))]
)
def test_the_view_and_the_log_beyond_it_miss_nobody(views: Views, seed: int) -> None:
    """At any position the view says what the payloads up to it say, and `after` says the rest."""
    tail = views.tell(*history(seed, 60))
    views.follow(NAMING)
    scan = sql.SQL(
        'SELECT DISTINCT stream FROM record.cases WHERE "position" <= %s'
        " AND stream = ANY(%s) AND position(%s::bytea in payload) > 0"
    )
    for person in ANYBODY:
        everywhere = views.ask(cases_naming, person)
        for position in range(tail + 1):
            then = views.ask(cases_naming, person, as_at=position)
            with views.connect() as conn:
                values = (position, CASES, f'"{person}"'.encode())
                assert then == {stream for (stream,) in conn.execute(scan, values).fetchall()}
                assert then | after(conn, person, position) == everywhere
    assert views.ask(cases_naming, ADULT) >= {CASE, OTHER_CASE}
