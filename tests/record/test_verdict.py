"""What a verification says first: where the record stops being as it was, and what still holds."""

from __future__ import annotations

import psycopg

from domain.record.verification import Report
from tests.record.conftest import House
from tests.record.test_verification import behind, filled


def swapped_keys(house: House) -> None:
    """Put the key of the third passage in the place of the fifth's."""
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        conn.execute(
            "UPDATE keyring.data_key d SET wrapped = o.wrapped FROM keyring.data_key o, ("
            "  SELECT array_agg((convert_from(payload, 'UTF8')::jsonb -> 'data' -> 'text'"
            "   ->> 'key')::uuid ORDER BY \"position\") AS keys FROM record.cases) k"
            " WHERE d.id = k.keys[5] AND o.id = k.keys[3]"
        )


def test_a_replaced_key_has_its_first_position(house: House) -> None:
    """And moves only the sentence about opening to what is not shown."""
    filled(house)
    swapped_keys(house)
    report = house.verify()
    assert (report.ok, report.first) == (False, (5, 5))
    assert len(report.proved) == 5
    assert any("the tree is made of these leaves" in one for one in report.proved)
    assert not any("opens" in one for one in report.proved)
    assert any("opens" in one for one in report.not_proved)
    assert any("rewritten together with its leaf" in one for one in report.not_proved)


def test_what_was_not_found_false_is_found_all_the_same(house: House) -> None:
    """A salt that is wrong says nothing against positions, versions, commands or the tree."""
    filled(house)
    before = house.verify()
    with behind(house) as conn:
        conn.execute('UPDATE record.cases SET recorded_us = 0 WHERE "position" = 3')
    report = house.verify(heads={6: before.root})
    assert report.first == (3, 3), "the head says 1 to 6; the entry itself is more exact"
    assert not any("positions run" in one for one in report.proved)
    assert any("no command was recorded twice" in one for one in report.proved)
    assert not any("kept elsewhere nothing" in one for one in report.proved)


def test_a_kept_head_names_between_which_positions(house: House) -> None:
    """Without the tiles of then nobody knows more exactly: that it is the first is not said."""
    filled(house)
    before = house.verify()
    with behind(house) as conn:
        conn.execute(
            'UPDATE record.cases SET header = (SELECT header FROM record.cases c WHERE c."position"'
            ' = 4), payload = (SELECT payload FROM record.cases c WHERE c."position" = 4)'
            ' WHERE "position" = 6'
        )
    house.opaque = True
    report = house.verify(heads={6: before.root})
    assert report.first == (1, 6)


def test_the_first_is_the_earliest_and_the_most_exact() -> None:
    """Of two of which one lies within the other the more exact counts, else the earlier."""
    report = Report("cases")
    report.blame("keys", "of nothing in particular")
    assert report.first is None
    for at, until, first in (
        (40, 60, (40, 60)),
        (50, 0, (50, 50)),
        (1, 300, (50, 50)),
        (70, 0, (50, 50)),
        (9, 0, (9, 9)),
    ):
        report.blame("leaf", "a problem", at, until)
        assert report.first == first
