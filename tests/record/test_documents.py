"""Documents: sealed by content, forgotten with whoever stands in them, and never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.clock import entropy
from domain.record.appending import Unavailable
from domain.record.documents import MOST_BYTES, Documents
from domain.record.keyring import forget
from domain.record.migration import check
from domain.refusal import Corrupt, NotFound, Refused
from domain.words import Code
from tests.record.conftest import ACTOR, House, note

TEXT = b"She said that it was Tuesday."
MEDIA = "application/pdf"
CASE = uuid4()


def documents(house: House) -> Documents:
    """Open the documents, as another process would."""
    return house.documents()


KEEPER: dict[str, Any] = {"by": ACTOR, "purpose": Code("safeguarding")}


def forgotten(
    house: House, *, subjects: tuple[UUID, ...] = (), passages: tuple[UUID, ...] = ()
) -> None:
    """Forget, as an erasure does."""
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=subjects, passages=passages)


def test_a_document_is_read_as_it_was_kept(house: House) -> None:
    """What is kept under a number is read under it, by any process, with its digest."""
    number = uuid4()
    digest = documents(house).keep(number, TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    kept = documents(house).read(number, CASE)
    assert (kept.content, kept.digest, kept.media) == (TEXT, digest, MEDIA)
    with pytest.raises(NotFound):
        documents(house).read(uuid4(), CASE)


def test_no_words_can_be_tried_against_a_digest(house: House) -> None:
    """A digest is of the content under its key: no hash of the words, and another each time."""
    store = documents(house)
    first, second = (
        store.keep(uuid4(), TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER) for _ in range(2)
    )
    assert first != second
    assert sha256(TEXT).hexdigest() not in {first, second}
    with house.connect() as conn:
        rows = conn.execute("SELECT sealed, digest FROM record.document").fetchall()
    assert all(TEXT not in sealed and sha256(TEXT).digest() not in sealed for sealed, _ in rows)


def test_a_file_is_held_to_its_document(house: House) -> None:
    """Any file can be held to a document that lives; to a forgotten one none can."""
    store, number, about = documents(house), uuid4(), uuid4()
    store.keep(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
    assert store.is_of(number, CASE, TEXT)
    assert not store.is_of(number, CASE, TEXT + b" ")
    forgotten(house, subjects=(about,))
    assert not documents(house).is_of(number, CASE, TEXT)


def test_a_document_is_opened_in_the_case_it_was_kept_for(house: House) -> None:
    """Another case finds it under no number, keeps nothing there, and cannot be made its own."""
    store, number, other = documents(house), uuid4(), uuid4()
    store.keep(number, TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    with pytest.raises(NotFound):
        store.read(number, other)
    with pytest.raises(NotFound):
        store.is_of(number, other, TEXT)
    with pytest.raises(Refused, match="Another document"):
        store.keep(number, TEXT, MEDIA, case=other, about=[uuid4()], **KEEPER)
    with psycopg.connect(house.database.conninfo(), autocommit=True) as owner:
        owner.execute("ALTER TABLE record.document DISABLE TRIGGER append_only")
        owner.execute('UPDATE record.document SET "case" = %s', (other,))
    with pytest.raises(Corrupt):
        store.read(number, other)


@pytest.mark.parametrize("which", [0, 1])
def test_forgetting_any_subject_forgets_the_document(house: House, which: int) -> None:
    """A document about two is forgotten with either of them; its row and digest stay."""
    about, number = (uuid4(), uuid4()), uuid4()
    digest = documents(house).keep(number, TEXT, MEDIA, case=CASE, about=about, **KEEPER)
    forgotten(house, subjects=(about[which],))
    kept = documents(house).read(number, CASE)
    assert (kept.content, kept.digest) == (None, digest)
    with pytest.raises(Refused, match="erased"):
        documents(house).keep(uuid4(), TEXT, MEDIA, case=CASE, about=about, **KEEPER)


def test_forgetting_a_passage_forgets_the_document_it_stands_in(house: House) -> None:
    """A document made of passages is forgotten with any of them; one without it lives."""
    record, about, stream = house.record(), uuid4(), uuid4()
    note(record, about, "to be forgotten", stream=stream)
    passage = UUID(record.log.stream(stream)[0].payload.split(b'"key":"')[1][:36].decode())
    store, drafted, apart = documents(house), uuid4(), uuid4()
    store.keep(drafted, TEXT, MEDIA, case=CASE, about=[about], passages=[passage], **KEEPER)
    store.keep(apart, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
    forgotten(house, passages=(passage,))
    store = documents(house)
    assert store.read(drafted, CASE).content is None
    assert store.read(apart, CASE).content == TEXT
    with pytest.raises(Refused, match="forgotten"):
        store.keep(uuid4(), TEXT, MEDIA, case=CASE, about=[about], passages=[passage], **KEEPER)


def test_keeping_again_is_answered_as_the_first_time(house: House) -> None:
    """The same content under its number gives the same digest; other content is refused."""
    store, number, about = documents(house), uuid4(), uuid4()
    first = store.keep(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
    assert store.keep(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER) == first
    with pytest.raises(Refused):
        store.keep(number, b"Another.", MEDIA, case=CASE, about=[about], **KEEPER)
    with pytest.raises(Refused, match="at most"):
        store.keep(uuid4(), bytes(MOST_BYTES + 1), MEDIA, case=CASE, about=[about], **KEEPER)


def test_a_document_may_have_the_number_of_what_others_are_about(house: House) -> None:
    """What names a number as whom another document is about says nothing of that number."""
    store, number = documents(house), uuid4()
    store.keep(uuid4(), b"Another.", MEDIA, case=CASE, about=[number], **KEEPER)
    with pytest.raises(NotFound):
        store.read(number, CASE)
    store.keep(number, TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    assert store.read(number, CASE).content == TEXT


def counted(house: House) -> tuple[int, int, int]:
    """Count documents, their entries in the log, and keys."""
    with psycopg.connect(house.database.conninfo(), autocommit=True) as owner:
        row = owner.execute(
            "SELECT (SELECT count(*) FROM record.document), (SELECT count(*) FROM record.readings),"
            " (SELECT count(*) FROM keyring.data_key)"
        ).fetchone()
    assert row is not None
    return row


def test_a_document_its_keys_and_its_entry_are_written_at_once_or_not_at_all(house: House) -> None:
    """What the table refuses leaves no entry that says it was kept, and no key."""
    store = documents(house)
    with pytest.raises(Unavailable, match="nothing was written"):
        store.keep(uuid4(), TEXT, "no type", case=CASE, about=[uuid4()], **KEEPER)
    assert counted(house) == (0, 0, 0)
    store.keep(uuid4(), TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    assert counted(house) == (1, 1, 1)


def test_several_that_keep_the_same_at_once_keep_it_once(house: House) -> None:
    """Whoever was slower is answered as whoever was first; of another number each has its own."""
    about, number = uuid4(), uuid4()
    stores = [documents(house) for _ in range(4)]

    def keep(at: int) -> str:
        stores[at % 4].keep(uuid4(), TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
        return stores[at % 4].keep(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keep, range(8)))) == 1
    assert counted(house) == (9, 9, 9)
    with house.connect() as conn:
        wrong = conn.execute(
            "SELECT count(*) FROM record.document d LEFT JOIN record.readings r"
            ' ON r."position" = d.kept_at AND ARRAY[d.id] && record.named(r.payload)'
            " WHERE r.stream IS NULL"
        ).fetchone()
    assert wrong == (0,)


def test_a_subjects_key_that_was_replaced_meanwhile_is_taken_anew(house: House) -> None:
    """A passage of the subject was forgotten by another process: the keys are made again."""
    record, about, stream = house.record(), uuid4(), uuid4()
    note(record, about, "to be forgotten", stream=stream)
    passage = UUID(record.log.stream(stream)[0].payload.split(b'"key":"')[1][:36].decode())
    store, number = documents(house), uuid4()
    store.keep(uuid4(), TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
    forgotten(house, passages=(passage,))
    store.keep(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
    assert documents(house).read(number, CASE).content == TEXT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record.document SET media = 'text/plain'",
        "DELETE FROM record.document",
        "TRUNCATE record.document",
    ],
)
def test_a_document_is_never_changed(house: House, statement: str) -> None:
    """Nobody changes or takes away what is kept: not the application, not the owner."""
    documents(house).keep(uuid4(), TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    with house.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement)
    with (
        psycopg.connect(house.database.conninfo(), autocommit=True) as owner,
        pytest.raises(psycopg.Error, match="append-only"),
    ):
        owner.execute(statement)


def test_what_was_changed_in_secret_is_found(house: House) -> None:
    """Sealed content put under another number opens for nobody."""
    store, number, other = documents(house), uuid4(), uuid4()
    store.keep(number, TEXT, MEDIA, case=CASE, about=[uuid4()], **KEEPER)
    with psycopg.connect(house.database.conninfo(), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO record.document SELECT %s, sha256(digest), keys, media, recorded_us,"
            ' nonce, sealed, "case", kept_at FROM record.document',
            (other,),
        )
    with pytest.raises(Corrupt):
        store.read(other, CASE)


def test_a_start_refuses_documents_without_their_guard(house: House) -> None:
    """Where the guard of the documents is switched off, a start says so."""
    with psycopg.connect(house.database.conninfo(), autocommit=True) as owner:
        owner.execute("ALTER TABLE record.document DISABLE TRIGGER append_only")
    with house.connect() as conn, pytest.raises(Refused, match=r"append_only of record\.document"):
        check(conn, {})


def test_whoever_keeps_a_document_hears_whether_it_was_kept_before(house: House) -> None:
    """Of several that keep the same at once, one is told that it is new."""
    number, about = uuid4(), uuid4()
    stores = [documents(house) for _ in range(4)]

    def put(store: Documents) -> bool:
        _digest, new = store.put(number, TEXT, MEDIA, case=CASE, about=[about], **KEEPER)
        return new

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(put, stores)) == [False, False, False, True]
    assert not put(stores[0])
