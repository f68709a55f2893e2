from __future__ import annotations

from uuid import UUID

import pytest

from domain.correction import PersonalDataErased
from domain.person import Details, PersonDetailsRecorded, PersonRecordCorrected, PersonRegistered
from domain.words import Code, PersonRef
from projections.people import people, search, tokens, words
from projections.rebuild import rebuild, verify
from tests.controls import ADULT, CHAIR, MANAGER, SISTER
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


def erased(person: UUID, scope: str = "person") -> Told:
    """Give the erasure of a person's data."""
    return told(
        "2026-11-09",
        PersonalDataErased(
            scope=Code(scope),
            retention_class=Code("case_record"),
            authority=Code("retention_ended"),
            person=PersonRef(person),
            approved_by=MANAGER,
            also_approved_by=CHAIR,
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


def test_one_forgotten_passage_of_a_case_leaves_the_name(views: Views) -> None:
    """Erasing one passage of a case does not hide the person from a search."""
    views.tell(registered("Ada Example"), erased(ADULT, scope="passage"))
    assert found(views, "ada") == [ADULT]


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
