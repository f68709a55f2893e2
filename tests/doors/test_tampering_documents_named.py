"""A document is held to what the events of cases say of it, whatever the log of readings says.

As in `test_tampering_documents`, with an attacker who makes the log of readings fit what they did.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from uuid import uuid4

import pytest

from domain.access_request import SubjectAccessRequestAnswered
from domain.manifest import Given
from domain.minutes import RedactedCopyProduced
from domain.record.encoding import canonical
from domain.record.envelope import Row
from domain.record.lawful import Forgettings
from domain.record.log import Log
from domain.record.migration import migrate
from domain.record.papers import verify_documents
from domain.record.record import Part
from domain.refusal import Corrupt
from domain.stored import digests_of, naming_documents
from domain.when import unknown
from domain.words import Code, ConferenceRef, Digest, DocumentRef, Particulars, RequestRef
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.doors.conftest import Cli
from tests.doors.test_documents import NOTES, a_place, named, put
from tests.doors.test_tampering import Conn, behind
from tests.doors.test_tampering_documents import (
    ENTERED,
    MOVED,
    OTHER,
    Filed,
    earlier,
    filed,
    resealed,
)

__all__ = ["filed"]


def position_of(filed: Filed) -> int:
    """Where the record of cases names the first document."""
    rows = filed.doors.office.record.log.read(0, names=["raw-notes-kept.v1"])
    assert len(rows) == 1
    return rows[0].position


def made_to_fit(filed: Filed, conn: Conn) -> None:
    """Rewrite the first document's entry, and with it its leaf, so that it says what lies there."""
    office, number = filed.doors.office, filed.numbers[0]
    row = office.documents.stored(number)
    assert row is not None
    found = conn.execute(
        'SELECT payload FROM record.readings WHERE "position" = %s', (filed.positions[0],)
    ).fetchone()
    assert found is not None
    payload = json.loads(found[0])
    payload["data"] |= {"digest": row.digest.hex(), "row": str(row.commitment())}
    conn.execute(
        'UPDATE record.readings SET payload = %s WHERE "position" = %s',
        (canonical(payload), filed.positions[0]),
    )
    conn.execute("DELETE FROM record.signed_head")
    conn.execute("DELETE FROM record.head")


def test_a_document_is_held_to_the_digest_that_an_event_of_a_case_holds(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """A row and its entry that were rewritten together are found by the event, and not served."""
    assert cli("verify").code == 0
    assert filed.doors.client.get(filed.paths[0]).content == NOTES
    with behind(database) as conn:
        resealed(filed, conn)
        made_to_fit(filed, conn)
    answer = filed.doors.client.get(filed.paths[0])
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/corrupt")
    said = cli("verify", "--json")
    papers = said.json["documents"]
    place = f"position {filed.positions[0]}: document {filed.numbers[0]}: "
    words = f"position {position_of(filed)} of the record of cases holds another digest of it"
    assert (said.code, papers["problems"]) == (6, [place + words])
    assert (papers["first"], papers["elsewhere"]) == (filed.positions[0], 0)


def test_what_was_exchanged_before_it_was_taken_in_is_found_by_its_event(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """In a record of an earlier release no log says what was kept; an event of a case does."""
    with behind(database) as conn:
        resealed(filed, conn)
    earlier(database)
    assert migrate(database.conninfo(OWNER), authority=AUTHORITY, login=LOGIN).before == 9
    said = cli("verify", "--json")
    papers = said.json["documents"]
    words = f"position {position_of(filed)} of the record of cases holds another digest of it"
    assert (said.code, papers["taken_in"]) == (6, 2)
    (problem,) = papers["problems"]
    assert problem.endswith(f"document {filed.numbers[0]}: {words}")
    answer = filed.doors.client.get(filed.paths[0])
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/corrupt")


def test_what_a_copy_was_made_of_is_no_digest_of_the_copy() -> None:
    """A copy holds the digest of its master, and a manifest those of what was given, each apart."""
    copy, given, other = DocumentRef(uuid4()), DocumentRef(uuid4()), Digest("b" * 64)
    master, digest = Digest("a" * 64), Digest("c" * 64)
    told = RedactedCopyProduced(
        conference=ConferenceRef(uuid4()), source=master, copy=digest, document=copy, redactions=()
    )
    assert digests_of(copy, told) == (digest,)
    assert digests_of(given, told) == ()
    answered = SubjectAccessRequestAnswered(
        request=RequestRef(uuid4()),
        outcome=Code("given"),
        method=Code("not_recorded"),
        told_of_complaint=Code("yes"),
        document=copy,
        digest=digest,
        manifest=(Given(entry=1, form=Code("verbatim"), document=given, digest=other),),
    )
    assert (digests_of(copy, answered), digests_of(given, answered)) == ((digest,), (other,))
    assert naming_documents()["redacted-copy-produced.v1"] == ("copy",)


def entered_again(filed: Filed, conn: Conn) -> None:
    """Append a second entry of the second document that says what lies there, and point to it."""
    office, number = filed.doors.office, filed.numbers[1]
    conn.execute("UPDATE record.document SET media = 'text/csv' WHERE id = %s", (number,))
    row = office.documents.stored(number)
    assert row is not None
    office.readings.append(
        [Part(uuid4(), 0, (row.entry({}, 0),))],
        actor=office.system_actor,
        particulars=Particulars(occurred=unknown(), purpose=Code("safeguarding")),
        command=uuid4(),
        digest=bytes(32),
    )
    conn.execute(
        'UPDATE record.document SET kept_at = (SELECT max("position") FROM record.readings)'
        " WHERE id = %s",
        (number,),
    )


def test_only_the_first_entry_of_a_document_counts(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """A later one that says what was put there is named, and what it says is not given out."""
    documents, number = filed.doors.office.documents, filed.numbers[1]
    with behind(database) as conn:
        entered_again(filed, conn)
    row = documents.stored(number)
    assert row is not None
    assert row.kept_at != filed.positions[1]
    with pytest.raises(Corrupt, match=f"position {filed.positions[1]}: document {number}"):
        documents.check(row)
    papers = cli("verify", "--json").json["documents"]
    assert (papers["first"], len(papers["problems"])) == (filed.positions[1], 2)
    assert MOVED in papers["problems"][0]
    assert papers["problems"][1] == (
        f"position {row.kept_at}: document {number}: an earlier entry says that it was kept"
    )


def test_when_a_document_was_kept_is_held_to_its_entry(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """Row and entry are of one transaction, and of one moment: any other is found."""
    documents, number = filed.doors.office.documents, filed.numbers[1]
    row = documents.stored(number)
    assert row is not None
    documents.check(row)
    with behind(database) as conn:
        conn.execute("UPDATE record.document SET recorded_us = recorded_us - 86400000000")
    row = documents.stored(number)
    assert row is not None
    with pytest.raises(Corrupt, match=OTHER):
        documents.check(row)
    papers = cli("verify", "--json").json["documents"]
    assert (papers["first"], len(papers["problems"])) == (filed.positions[0], 2)
    assert all(OTHER in one for one in papers["problems"])


def test_a_document_was_kept_before_it_was_taken_in(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """One of an earlier release is older than its entry; one that is newer is found."""
    earlier(database)
    assert migrate(database.conninfo(OWNER), authority=AUTHORITY, login=LOGIN).before == 9
    assert cli("verify").code == 0
    with behind(database) as conn:
        conn.execute("ALTER TABLE record.document DROP CONSTRAINT entered")
        conn.execute(
            "UPDATE record.document SET recorded_us = recorded_us + 86400000000 WHERE id = %s",
            (filed.numbers[1],),
        )
        conn.execute(ENTERED)
    (problem,) = cli("verify", "--json").json["documents"]["problems"]
    assert f"document {filed.numbers[1]}: {OTHER}" in problem


class Busy:
    """A log in which something is recorded when it is about to be read, a few times."""

    def __init__(self, log: Log, recording: Callable[[], None]) -> None:
        """`recording` is done before each reading."""
        self.log = log
        self.recording = recording
        self.left = 2

    def read(self, *told: Any, **more: Any) -> list[Row]:  # noqa: ANN401 — whatever a log is asked
        """Read the log, once something was recorded."""
        if self.left:
            self.left -= 1
            self.recording()
        return self.log.read(*told, **more)


def test_what_is_kept_while_documents_are_verified_is_left_to_the_next_time(filed: Filed) -> None:
    """Documents and both logs are looked at as of one moment, whatever is recorded meanwhile."""
    doors, office = filed.doors, filed.doors.office

    def recording() -> None:
        case, path, conference = a_place(doors)
        named(doors, case, conference, put(doors, path).json())

    lives = partial(Forgettings, office.keyring, None, False, None)  # noqa: FBT003 — not restored
    papers = verify_documents(
        office.documents,
        office.pool,
        cast("Log", Busy(office.readings.log, recording)),
        lives,
        cases=cast("Log", Busy(office.record.log, recording)),
        naming=naming_documents(),
    )
    assert (papers.count, papers.entered, papers.elsewhere) == (2, 2, 0)
    assert papers.problems == []
