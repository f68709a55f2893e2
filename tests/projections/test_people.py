from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from api.clock import entropy
from domain.correction import PersonalDataErased
from domain.erasure import Erasure
from domain.person import Details, PersonDetailsRecorded, PersonRecordCorrected, PersonRegistered
from domain.words import Code, PersonRef
from projections.batch import advance
from projections.people import people, search, tokens, words
from projections.rebuild import build, generation, prepare, rebuild, verify
from projections.table import Table
from tests.controls import ADULT, SISTER
from tests.controls import words as passage
from tests.projections.conftest import Told, Views, told

KEY = bytes(range(32))
PEOPLE = people(KEY)


def registered(name: str, person: UUID = ADULT, known_as: str | None = None) -> Told:
    """Give a person registered under a name."""
    details = Details(
        name=passage(name, person),
        known_as=None if known_as is None else passage(known_as, person),
    )
    return told("2026-11-02", PersonRegistered(details=details), stream=person)


def renamed(name: str, person: UUID = ADULT) -> Told:
    """Give a new name for a person."""
    event = PersonDetailsRecorded(details=Details(name=passage(name, person)))
    return told("2026-11-03", event, stream=person)


def taken_back(target: int, *, supersedes: int | None = None, withdrawn: bool = True) -> Told:
    """Give a correction of what was told of the adult."""
    event = PersonRecordCorrected(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        withdrawn=withdrawn,
    )
    return told("2026-11-04", event, stream=ADULT)


def erased(person: UUID, scope: str = "person", target: int | None = None) -> Told:
    """Give the erasure of a person's data."""
    return told(
        "2026-11-09",
        PersonalDataErased(
            scope=Code(scope),
            retention_class=Code("case_record"),
            authority=Code("retention_ended"),
            person=PersonRef(person),
            target=target,
            approvals=(1,),
        ),
    )


def found(views: Views, text: str) -> list[UUID]:
    """Search for a person."""
    views.follow(PEOPLE)
    people: list[UUID] = views.ask(search, KEY, text)
    return people


def test_a_person_is_found_by_the_words_of_their_names(views: Views) -> None:
    """A person is found by words of any of their names, in any order, case or accent."""
    views.tell(
        registered("Zoë Example-O'Neil", known_as="Zee"), registered("Zoe Other", person=SISTER)
    )
    for text in ("zoe example", "O\u2019NEIL Zoë", "oneil", "zee example", "zee"):
        assert found(views, text) == [ADULT], text
    assert found(views, "zoe") == [ADULT, SISTER]
    for text in ("zo", "zoe nobody", "", " - "):
        assert found(views, text) == [], text


def test_only_the_present_name_finds(views: Views) -> None:
    """A name that was replaced finds nobody, and leaves no row behind."""
    views.tell(registered("Ada Former", known_as="Addie"))
    assert found(views, "former") == [ADULT]
    views.tell(renamed("Ada Present"))
    assert found(views, "former") == []
    assert found(views, "ada present addie") == [ADULT]
    with views.connect() as conn:
        assert conn.execute("SELECT count(*) FROM views.people_tokens").fetchone() == (2,)
    assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal


def test_a_name_taken_back_finds_nobody(views: Views) -> None:
    """A name a correction withdrew finds nobody, the one before it does, live and rebuilt."""
    views.tell(registered("Ada Former", known_as="Addie"), renamed("May Wrong"))
    assert found(views, "may") == [ADULT]
    views.tell(taken_back(2))
    assert (found(views, "may"), found(views, "ada former addie")) == ([], [ADULT])
    assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal

    views.tell(taken_back(2, supersedes=3, withdrawn=False))
    assert (found(views, "may wrong addie"), found(views, "ada")) == ([ADULT], [])
    views.tell(taken_back(1))
    assert (found(views, "may wrong"), found(views, "addie")) == ([ADULT], [])
    assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal


def test_who_was_erased_is_not_found_by_a_correction(views: Views) -> None:
    """A correction folded after its person was erased brings no token back."""
    views.tell(registered("Ada Example"), renamed("May Wrong"), taken_back(2))
    assert found(views, "ada") == [ADULT]
    views.forget(ADULT)
    views.tell(erased(ADULT))
    rebuild(PEOPLE, views.connect, unseal=views.record.unseal)
    assert found(views, "ada") == []
    with views.connect() as conn:
        assert conn.execute("SELECT count(*) FROM views.people_tokens").fetchone() == (0,)


def test_the_table_holds_no_name(views: Views) -> None:
    """The table holds tokens that another key does not make, and no letter of a name."""
    views.tell(registered("Ada Example"))
    views.follow(PEOPLE)
    with views.connect() as conn:
        row = conn.execute("SELECT string_agg(p::text, '') FROM views.people_tokens p").fetchone()
    assert row is not None
    assert "ada" not in row[0].lower()
    assert tokens(KEY, "Ada")[0] in row[0]
    assert tokens(bytes(32), "Ada")[0] not in row[0]
    assert views.ask(search, bytes(32), "Ada") == []


@pytest.mark.parametrize("destroyed_first", [True, False])
def test_who_was_erased_is_not_found(views: Views, *, destroyed_first: bool) -> None:
    """An erased person's tokens are gone, whether the erasure was seen before or after."""
    views.tell(registered("Ada Example"), registered("Bea Example", person=SISTER))
    if not destroyed_first:
        assert found(views, "ada") == [ADULT]
    views.forget(ADULT)
    views.tell(erased(ADULT))
    assert found(views, "example") == [SISTER]
    rebuild(PEOPLE, views.connect, unseal=views.record.unseal)
    assert found(views, "example") == [SISTER]


def in_a_case(scope: str) -> Told:
    """Give an erasure in a case that names no person."""
    return told(
        "2026-11-09",
        PersonalDataErased(
            scope=Code(scope),
            retention_class=Code("case_record"),
            authority=Code("retention_ended"),
            target=1 if scope == "passage" else None,
            approvals=(1,),
        ),
    )


def test_what_is_forgotten_of_a_case_leaves_the_name(views: Views) -> None:
    """Erasing a case, or one passage of it, does not hide the person from a search."""
    views.tell(registered("Ada Example"), in_a_case("passage"), in_a_case("case"))
    assert found(views, "ada") == [ADULT]


def test_a_name_forgotten_as_one_passage_finds_nobody(views: Views) -> None:
    """The name one event gave finds nobody once that event's passages are erased, nor an older."""
    views.tell(registered("Ada Former", known_as="Addie"), renamed("Ada Present"))
    assert found(views, "addie present") == [ADULT]
    views.tell(erased(ADULT, scope="passage", target=2))
    # The key is destroyed a moment after the event: the follower may be there first.
    assert (found(views, "ada"), found(views, "former")) == ([], [])
    assert found(views, "addie") == [ADULT]
    views.tell(erased(ADULT, scope="passage", target=1))
    assert found(views, "addie") == []


def test_a_passage_that_gave_no_name_leaves_it(views: Views) -> None:
    """A name that stands is found when another event's passages are erased, or none is named."""
    views.tell(registered("Ada Former"), renamed("Ada Present"))
    views.tell(erased(ADULT, scope="passage", target=1), erased(ADULT, scope="passage"))
    assert found(views, "ada present") == [ADULT]


def test_a_name_told_twice_and_forgotten_once_is_what_a_rebuild_makes(views: Views) -> None:
    """The same name told again outlives the forgetting of the first, live and rebuilt alike."""
    views.tell(registered("Ada Example"))
    views.follow(PEOPLE)
    views.tell(renamed("Ada Example"), erased(ADULT, scope="passage", target=1))
    carried_out(views)
    assert found(views, "ada") == [ADULT]
    assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal


def carried_out(views: Views) -> None:
    """Carry out the erasures recorded so far."""
    Erasure(
        views.record, lambda: views.connect("holdfast_keeper"), views.wrapping, entropy
    ).carry_out()


def files_with(views: Views, *texts: str) -> dict[str, set[str]]:
    """Which files of the database have the bytes of each text, in blocks or in the log of them."""
    with psycopg.connect(views.database.conninfo(), autocommit=True) as conn:
        # A checkpoint of its own leaves unlogged blocks in memory; one before such a copy does not.
        copy = f"{views.database.name}_c"
        conn.execute(f"CREATE DATABASE {copy} TEMPLATE template0 STRATEGY file_copy".encode())
        conn.execute(f"DROP DATABASE {copy}".encode())
        row = conn.execute(
            "SELECT current_setting('data_directory'), oid::text FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    root, found = Path(row[0]), {text: set[str]() for text in texts}
    for folder in (root / "base" / row[1], root / "global", root / "pg_wal"):
        for path in (one for one in folder.iterdir() if one.is_file()):
            content = path.read_bytes()
            for text in texts:
                if text.encode() in content:
                    found[text].add(f"{folder.name}/{path.name}")
    return found


def test_after_an_erasure_no_file_has_the_bytes_of_a_name(views: Views) -> None:
    """A token of the forgotten is in no file of the database; that of the living still finds."""
    former, gone, left = (tokens(KEY, one)[0] for one in ("Oldwick", "Umbleby", "Vortigern"))
    views.tell(registered("Oldwick"), registered("Vortigern", person=SISTER))
    views.follow(PEOPLE)
    views.tell(renamed("Umbleby"))
    views.follow(PEOPLE)
    # What a rebuild learns of its table's values must not outlive them either.
    rebuild(PEOPLE, views.connect, unseal=views.record.unseal)
    before = files_with(views, former, gone, left)
    assert before[gone], "else this test looks in the wrong place"
    assert not any("pg_wal" in file for files in before.values() for file in files)

    views.tell(erased(ADULT))
    views.follow(PEOPLE)

    after = files_with(views, former, gone, left)
    assert (after[former], after[gone]) == (set(), set())
    assert after[left]
    assert (found(views, "umbleby"), found(views, "vortigern")) == ([], [SISTER])


def test_a_rebuild_that_meets_an_erasure_leaves_no_bytes(views: Views) -> None:
    """An erasure recorded while a rebuild runs leaves nothing in the table that it makes."""
    gone = tokens(KEY, "Quillfeather")[0]
    views.tell(registered("Quillfeather"))
    views.follow(PEOPLE)
    views.tell(erased(ADULT))
    table = Table(PEOPLE, 7)
    with views.connect() as conn, views.connect() as reader:
        build(table, conn, reader, log="cases", upto=1, unseal=views.record.unseal)
        with conn.transaction():
            advance(conn, table, "cases", 1, limit=10, unseal=views.record.unseal)
    views.follow(PEOPLE)
    assert files_with(views, gone)[gone] == set()


def test_a_crash_before_the_bytes_are_gone_leaves_the_erasure_to_be_done(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure counts as followed only together with the new files, whatever dies between."""
    views.tell(registered("Ada Example"), erased(ADULT))
    with views.follower(PEOPLE, unseal=views.record.unseal) as follower:

        def dies(_table: Table, _conn: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Table, "write_anew", dies)
            prepare(views.connect, (PEOPLE,))
            with pytest.raises(KeyboardInterrupt):
                follower.catch_up()
    with views.connect() as conn:
        assert generation(conn, PEOPLE.name) == (1, PEOPLE.version, 0)
    assert found(views, "ada") == []
    with views.connect() as conn:
        assert generation(conn, PEOPLE.name) == (1, PEOPLE.version, 2)


def test_after_a_crash_of_the_server_it_begins_again(views: Views) -> None:
    """When recovery has emptied the unlogged tables, the follower fills them again."""
    views.tell(registered("Ada Example"))
    assert found(views, "ada") == [ADULT]
    with views.connect() as conn:
        kinds = conn.execute(
            "SELECT DISTINCT relpersistence::text FROM pg_class"
            " WHERE relname IN ('people_tokens_g1', 'tracking_unlogged')"
        ).fetchall()
        assert kinds == [("u",)]
        conn.execute("TRUNCATE views.people_tokens_g1, views.tracking_unlogged")

    assert found(views, "ada") == [ADULT]


def test_words_of_names() -> None:
    """Names are compared without case, accents and punctuation; a hyphen parts words."""
    assert words("Mary-Ann  D\u2019Été, STRASSE") == ["mary", "ann", "dete", "strasse"]
    assert words("straße") == ["strasse"]
    assert words("...") == []
