"""A data key that was put in the place of another is located, and the rest is read all the same."""

from __future__ import annotations

from uuid import uuid4

import psycopg

from tests.record.conftest import House, note


def test_each_passage_whose_key_was_replaced_is_named(house: House) -> None:
    """By position, place and key; a key replaced does not hide another that is missing."""
    record = house.record()
    for number in range(6):
        note(record, uuid4(), f"passage {number}")
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        rows = conn.execute(
            "SELECT convert_from(payload, 'UTF8')::jsonb -> 'data' -> 'text' ->> 'key',"
            " convert_from(payload, 'UTF8')::jsonb -> 'data' -> 'text' ->> 'at'"
            ' FROM record.cases ORDER BY "position"'
        ).fetchall()
        for number in (1, 4):  # the second and the fifth get the first one's
            conn.execute(
                "UPDATE keyring.data_key d SET wrapped = o.wrapped FROM keyring.data_key o"
                " WHERE d.id = %s AND o.id = %s",
                (rows[number][0], rows[0][0]),
            )
        conn.execute("DELETE FROM keyring.data_key WHERE id = %s", (rows[5][0],))
    report = house.verify()
    assert report.problem_count == 3
    for said, number in zip(report.problems, (1, 4, 5), strict=True):
        key, place = rows[number]
        assert said.startswith(f"position {number + 1}: the passage at {place}")
        assert key in said
    assert (report.passages, report.missing) == (6, 1)
