"""Documents are held to the log, whatever is done to what is stored of them.

Each attack is done as a superuser with every guard disarmed, some with the keys too. `holdfast
verify` names the entry it is found by, and no door gives the document out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.clock import entropy
from api.office import Office
from domain.access import DocumentKept
from domain.record.documents import DOCUMENT, _combined, _digest
from domain.record.keyring import forget
from domain.record.migration import migrate
from domain.words import Code
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.test_documents import NOTES, a_place, named, put
from tests.doors.test_erasure import erase
from tests.doors.test_tampering import Conn, behind

GONE = "was kept, and is not there any more"
OTHER = "what is stored is not what was kept"
MOVED = "names another entry of the log"
FOREIGN = "no entry of the log says that it was kept"


@dataclass(frozen=True)
class Filed:
    """Two documents of one case, in the order in which they were kept."""

    doors: Doors
    case: str
    paths: tuple[str, str]
    numbers: tuple[UUID, UUID]
    positions: tuple[int, int]


def entries(office: Office) -> dict[UUID, int]:
    """Where the log of readings says that each document was kept."""
    facts = office.readings.open(office.readings.log.read(0))
    return {one.event.document: one.position for one in facts if type(one.event) is DocumentKept}


@pytest.fixture
def filed(doors: Doors) -> Filed:
    """Keep two documents of a case, and name one."""
    case, path, conference = a_place(doors)
    kept = put(doors, path).json()
    named(doors, case, conference, kept)
    elsewhere = f"/v1/cases/{case}/documents/{uuid4()}"
    assert put(doors, elsewhere, b"Another file.").status_code == 201
    numbers = UUID(kept["document"]), UUID(elsewhere.rpartition("/")[2])
    found = entries(doors.office)
    assert set(found) == set(numbers)
    return Filed(doors, case, (path, elsewhere), numbers, (found[numbers[0]], found[numbers[1]]))


def resealed(filed: Filed, conn: Conn) -> None:
    """Put another file there, sealed with the document's own keys, and a digest that fits."""
    office, number = filed.doors.office, filed.numbers[0]
    row = office.documents.stored(number)
    assert row is not None
    assert row.case is not None
    key = _combined(office.keyring.find(row.keys))
    nonce, forged = entropy(12), b"%PDF-1.7 What she never said."
    bound = DOCUMENT + number.bytes + row.case.bytes + row.media.encode()
    conn.execute(
        "UPDATE record.document SET nonce = %s, sealed = %s, digest = %s WHERE id = %s",
        (nonce, AESGCM(key).encrypt(nonce, forged, bound), _digest(key, forged), number),
    )


def all_deleted(filed: Filed, conn: Conn) -> None:
    """Take every document away."""
    assert filed.numbers
    conn.execute("DELETE FROM record.document")


def one_deleted(filed: Filed, conn: Conn) -> None:
    """Take the second away."""
    conn.execute("DELETE FROM record.document WHERE id = %s", (filed.numbers[1],))


def swapped(filed: Filed, conn: Conn) -> None:
    """Let both change their numbers."""
    first, second, aside = *filed.numbers, uuid4()
    for old, new in ((first, aside), (second, first), (aside, second)):
        conn.execute("UPDATE record.document SET id = %s WHERE id = %s", (new, old))


def swapped_with_entries(filed: Filed, conn: Conn) -> None:
    """Let both change their numbers, and what says where they were entered."""
    swapped(filed, conn)
    first, second = filed.positions
    conn.execute(
        "UPDATE record.document SET kept_at = CASE kept_at WHEN %s THEN %s ELSE %s END",
        (first, second, first),
    )


def another_kind(filed: Filed, conn: Conn) -> None:
    """Say that the second is a picture."""
    conn.execute(
        "UPDATE record.document SET media = 'image/png' WHERE id = %s", (filed.numbers[1],)
    )


def a_key_fewer(filed: Filed, conn: Conn) -> None:
    """Say that the second needs a key that is nobody's: it looks forgotten."""
    conn.execute(
        "UPDATE record.document SET keys = ARRAY[gen_random_uuid()] WHERE id = %s",
        (filed.numbers[1],),
    )


ENTERED = "ALTER TABLE record.document ADD CONSTRAINT entered CHECK (kept_at IS NOT NULL) NOT VALID"


def forged(filed: Filed, conn: Conn) -> None:
    """Put one there that nobody kept, as if it were from before."""
    conn.execute("ALTER TABLE record.document DROP CONSTRAINT entered")
    conn.execute(
        'INSERT INTO record.document (id, "case", digest, keys, media, recorded_us, nonce, sealed)'
        ' SELECT gen_random_uuid(), "case", sha256(digest), keys, media, 0, nonce, sealed'
        " FROM record.document WHERE id = %s",
        (filed.numbers[0],),
    )
    conn.execute(ENTERED)


def forged_beside(filed: Filed, conn: Conn) -> None:
    """Put one there that nobody kept, and say that another's entry is its own."""
    conn.execute(
        "INSERT INTO record.document SELECT gen_random_uuid(), sha256(digest), keys, media,"
        ' recorded_us, nonce, sealed, "case", kept_at FROM record.document WHERE id = %s',
        (filed.numbers[0],),
    )


@pytest.mark.parametrize(
    "attacked",
    [
        (all_deleted, 0, GONE),
        (resealed, 0, OTHER),
        (one_deleted, 1, GONE),
        (swapped, 0, MOVED),
        (swapped_with_entries, 0, OTHER),
        (another_kind, 1, OTHER),
        (a_key_fewer, 1, OTHER),
        (forged, None, FOREIGN),
        (forged_beside, 0, FOREIGN),
    ],
    ids=lambda one: one[0].__name__,
)
def test_what_is_done_to_documents_is_found_by_the_log(
    cli: Cli,
    filed: Filed,
    database: Database,
    attacked: tuple[Callable[[Filed, Conn], None], int | None, str],
) -> None:
    """The first entry whose document is not as it was kept is named, with the document's number."""
    attack, which, words = attacked
    assert cli("verify").code == 0
    with behind(database) as conn:
        attack(filed, conn)
    said = cli("verify", "--json")
    assert said.code == 6
    papers = said.json["documents"]
    first = None if which is None else filed.positions[which]
    assert papers["first"] == first
    assert any(words in one for one in papers["problems"]), papers
    if which is not None and words is not FOREIGN:
        place = f"position {first}: document {filed.numbers[which]}: "
        assert papers["problems"][0].startswith(place)
    assert papers["proved"] == []
    # Opening the office again takes nothing into the log that was not kept.
    assert cli("verify", "--json").json["documents"]["problems"] == papers["problems"]
    assert set(entries(filed.doors.office)) == set(filed.numbers)


@pytest.mark.parametrize("attack", [resealed, all_deleted, swapped, swapped_with_entries])
def test_no_door_gives_out_what_was_not_kept(
    filed: Filed, database: Database, attack: Callable[[Filed, Conn], None]
) -> None:
    """What is stored is held to its entry first: a forgery is served to nobody."""
    assert filed.doors.client.get(filed.paths[0]).content == NOTES
    with behind(database) as conn:
        attack(filed, conn)
    answer = filed.doors.client.get(filed.paths[0])
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/corrupt")


def test_keys_that_go_without_an_erasure_are_named(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """A document whose keys were deleted, or listed as forgotten, is not called forgotten."""
    office, number = filed.doors.office, filed.numbers[1]
    row = office.documents.stored(number)
    assert row is not None
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (row.keys,))
    papers = cli("verify", "--json").json["documents"]
    place = f"position {filed.positions[1]}: document {number}: its key {row.keys[0]} is missing"
    assert papers["problems"] == [f"{place}, and nobody forgot it"]
    assert (papers["first"], papers["forgotten"]) == (filed.positions[1], 0)
    with office.database.connect("holdfast_keeper") as conn:
        forget(conn, office.wrapping, entropy, passages=row.keys)
    papers = cli("verify", "--json").json["documents"]
    assert papers["problems"] == [f"{place}, and no erasure in the log that was lawful names it"]


def test_a_document_that_was_erased_is_no_fault(cli: Cli, filed: Filed) -> None:
    """Documents forgotten with their case are counted, and named by nobody."""
    erase(filed.doors, filed.case, "case", 3)
    said = cli("verify", "--json")
    papers = said.json["documents"]
    assert (said.code, papers["forgotten"], papers["problems"]) == (0, 2, [])
    assert (papers["lost"], papers["unknown"], papers["first"]) == (0, 0, None)
    assert "Documents: 2, 2 forgotten; each is what was kept." in cli("verify").out


def test_an_earlier_erasure_stands_for_no_later_document(
    cli: Cli, filed: Filed, database: Database
) -> None:
    """Kept after its case was erased and taken up again, it is missed where its key is gone."""
    erase(filed.doors, filed.case, "case", 3)
    body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    again = filed.doors.post(f"/v1/cases/{filed.case}/reopen-case", body, version=5)
    assert again.status_code == 201, again.text
    path = f"/v1/cases/{filed.case}/documents/{uuid4()}"
    assert put(filed.doors, path).status_code == 201
    assert cli("verify", "--json").json["documents"]["problems"] == []
    number = UUID(path.rpartition("/")[2])
    row = filed.doors.office.documents.stored(number)
    assert row is not None
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (row.keys,))
    papers = cli("verify", "--json").json["documents"]
    place = f"position {row.kept_at}: document {number}: its key {row.keys[0]} is missing"
    assert papers["problems"] == [f"{place}, and no erasure in the log that was lawful names it"]
    assert papers["forgotten"] == 2


def test_documents_that_are_not_kept_here_are_said_to_be_elsewhere(cli: Cli, filed: Filed) -> None:
    """An entry may name a file that another system has: a sentence says how many do."""
    assert cli("verify", "--json").json["documents"]["elsewhere"] == 0
    case, _path, conference = a_place(filed.doors)
    named(filed.doors, case, conference, {"document": str(uuid4()), "digest": "0" * 64})
    said = cli("verify", "--json")
    assert (said.code, said.json["documents"]["elsewhere"]) == (0, 1)
    assert any("1 entries of cases name" in one for one in said.json["documents"]["not_proved"])


def earlier(database: Database) -> None:
    """Make the record one of schema 9: rows alone, of which the log says nothing."""
    with behind(database) as conn:
        conn.execute("DELETE FROM record.readings WHERE name = 'document-kept.v1'")
        conn.execute("ALTER TABLE record.document DROP COLUMN kept_at")
        conn.execute("UPDATE record.authority SET schema_version = 9")


def test_what_an_earlier_release_kept_is_taken_into_the_log_once(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """The first start enters what is there, marked so; from then on it is held to that."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        case, path, conference = a_place(doors)
        number, gone, about = UUID(path.rpartition("/")[2]), uuid4(), uuid4()
        told: dict[str, Any] = {"by": office.system_actor, "purpose": Code("safeguarding")}
        keep = office.documents.keep
        digest = keep(number, NOTES, "application/pdf", case=UUID(case), about=[about], **told)
        keep(gone, NOTES, "application/pdf", case=UUID(case), about=[uuid4()], **told)
        row = office.documents.stored(gone)
        assert row is not None
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (row.keys,))
    earlier(database)
    done = migrate(database.conninfo(OWNER), authority=AUTHORITY, login=LOGIN)
    assert done.before == 9
    said: list[str] = []
    with Office(settings, say=said.append) as office, opened_doors(office) as doors:
        assert said == ["2 documents kept by an earlier release were taken into the log"]
        events = [one.event for one in office.readings.open(office.readings.log.read(0))]
        kept = {UUID(str(one.document)): one for one in events if isinstance(one, DocumentKept)}
        assert set(kept) == {number, gone}
        assert kept[number].digest == digest
        assert all(one.taken_in for one in kept.values())
        assert [one.about for one in kept[number].shares] == [about]
        assert [one.about for one in kept[gone].shares] == [None]
        named(doors, case, conference, {"document": str(number), "digest": digest})
        assert doors.client.get(path).content == NOTES
        # And what is kept from now on is entered as it is kept.
        assert put(doors, f"/v1/cases/{case}/documents/{uuid4()}").status_code == 201
    said.clear()
    with Office(settings, say=said.append) as office:
        assert (said, len(entries(office))) == ([], 3)
    answer = cli("verify", "--json")
    papers = answer.json["documents"]
    assert (answer.code, papers["taken_in"], papers["unknown"]) == (0, 2, 1)
    assert any("2 documents kept before" in one for one in papers["not_proved"])
    with behind(database) as conn:
        conn.execute("ALTER TABLE record.document DROP CONSTRAINT entered")
        conn.execute("UPDATE record.document SET media = 'text/csv' WHERE id = %s", (number,))
        conn.execute(ENTERED)
    assert cli("verify", "--json").json["documents"]["first"] is not None


def test_an_erasure_of_before_stands_for_no_document_taken_in_since(
    database: Database, tmp_path: Path, cli: Cli
) -> None:
    """Its key was there as it was taken in: that its case was erased before took it not."""
    settings = settings_for(database, tmp_path)
    with Office(settings) as office, opened_doors(office) as doors:
        case = doors.case(doors.person())
        erase(doors, case, "case", 1)
        body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
        again = doors.post(f"/v1/cases/{case}/reopen-case", body, version=3)
        assert again.status_code == 201, again.text
        path = f"/v1/cases/{case}/documents/{uuid4()}"
        assert put(doors, path).status_code == 201
        row = office.documents.stored(UUID(path.rpartition("/")[2]))
        assert row is not None
    earlier(database)
    migrate(database.conninfo(OWNER), authority=AUTHORITY, login=LOGIN)
    with Office(settings):
        pass
    assert cli("verify", "--json").json["documents"]["problems"] == []
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (row.keys,))
    papers = cli("verify", "--json").json["documents"]
    assert [one.split(": ")[1] for one in papers["problems"]] == [f"document {row.number}"]
