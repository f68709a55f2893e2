"""Drafts: in no log, sealed for one person, and forgotten with whoever they are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from api.clock import FixedClock, entropy
from domain.record.drafts import KEPT, Drafts
from domain.record.keyring import Keyring, forget
from domain.record.wrapping import drafts_secret
from domain.refusal import NotFound, Refused
from tests.record.conftest import House, note

TEXT = b"She said that it was Tuesday."
NAME = "annotate-entry"
CLOCK = FixedClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


def drafts(house: House, clock: FixedClock = CLOCK) -> Drafts:
    """Open the drafts, as another process would."""
    house.record()
    return Drafts(house.pool, Keyring(house.pool, house.wrapping(), entropy), clock, entropy)


def saved(
    house: House,
    owner: UUID,
    *about: UUID,
    number: UUID | None = None,
    text: bytes = TEXT,
    stream: UUID | None = None,
    after: str = "",
) -> UUID:
    """Save a draft of somebody; give its number."""
    number = number or uuid4()
    store = drafts(house)
    store.save(number, text, owner=owner, command=NAME, stream=stream, about=about, after=after)
    return number


def forgotten(
    house: House, *, subjects: tuple[UUID, ...] = (), passages: tuple[UUID, ...] = ()
) -> None:
    """Forget, as an erasure does."""
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, subjects=subjects, passages=passages)


def test_a_draft_is_read_as_it_was_last_saved(house: House) -> None:
    """Saved again it is in place of what it was; another process opens it; what it is stands by."""
    owner, stream = uuid4(), uuid4()
    number = saved(house, owner, stream, stream=stream)
    there = drafts(house).open(number, owner)[0].edition
    saved(house, owner, stream, number=number, text=TEXT * 2, stream=stream, after=there)
    draft, content = drafts(house).open(number, owner)
    assert content == TEXT * 2
    assert (draft.id, draft.command, draft.stream) == (number, NAME, stream)
    assert [one.id for one in drafts(house).of(owner)] == [number]


def test_a_draft_is_saved_over_no_other_words_than_were_read(house: House) -> None:
    """What was saved meanwhile stays and is not discarded by an older edition; the same are one."""
    owner, number = uuid4(), uuid4()
    store = drafts(house)

    def save(text: bytes, after: str) -> str | None:
        return store.save(
            number, text, owner=owner, command=NAME, stream=None, about=(), after=after
        )

    first = save(TEXT, "")
    assert first is not None
    assert save(TEXT, "") == first
    second = save(TEXT * 2, first)
    assert second not in {None, first}
    assert save(TEXT * 3, first) is None
    assert save(TEXT * 3, "") is None
    assert not store.discard(number, owner, first)
    assert store.open(number, owner)[1] == TEXT * 2
    assert store.discard(number, owner, second)


def test_a_draft_is_its_owners_alone(house: House) -> None:
    """Nobody else opens, lists, overwrites or deletes it."""
    owner, other = uuid4(), uuid4()
    number = saved(house, owner)
    store = drafts(house)
    with pytest.raises(NotFound):
        store.open(number, other)
    with pytest.raises(NotFound):
        saved(house, other, number=number, text=b"Mine.")
    store.discard(number, other)
    assert store.of(other) == []
    assert store.open(number, owner)[1] == TEXT
    store.discard(number, owner)
    assert store.of(owner) == []


def test_a_draft_moved_to_another_place_does_not_open(house: House) -> None:
    """What was sealed for one command of one stream by one person is nothing anywhere else."""
    owner, other = uuid4(), uuid4()
    for change in ("command = 'close-case'", f"stream = '{uuid4()}'", f"owner = '{other}'"):
        number = saved(house, owner, other)
        with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
            conn.execute(f"UPDATE desk.draft SET {change} WHERE id = %s", (number,))
        for one in (owner, other):
            with pytest.raises(NotFound):
                drafts(house).open(number, one)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_forgetting_anybody_in_it_forgets_the_draft(house: House, which: int) -> None:
    """Whoever wrote it, the stream, or a person named: with any of them it is gone, and swept."""
    subjects = owner, stream, _person = uuid4(), uuid4(), uuid4()
    number = saved(house, *subjects, stream=stream)
    beside = saved(house, uuid4())
    forgotten(house, subjects=(subjects[which],))
    store = drafts(house)
    assert store.of(owner) == []
    with pytest.raises(NotFound):
        store.open(number, owner)
    number = uuid4()
    with pytest.raises(Refused):
        store.save(number, TEXT, owner=owner, command=NAME, stream=stream, about=subjects)
    store.sweep()
    with house.connect() as conn:
        left = conn.execute("SELECT id FROM desk.draft").fetchall()
    assert left == [(beside,)]


def test_forgetting_a_passage_forgets_drafts_about_the_same(house: House) -> None:
    """A draft may say what a passage said: it goes with the first forgotten of its subject."""
    about, owner = uuid4(), uuid4()
    record = house.record()
    note(record, about, stream=about)
    number = saved(house, owner, about, stream=about)
    with house.connect() as conn:
        passage = conn.execute(
            "SELECT id FROM keyring.data_key WHERE subject = %s AND id <> %s",
            (about, drafts_secret(about)),
        ).fetchone()
    assert passage is not None
    forgotten(house, passages=(passage[0],))
    with pytest.raises(NotFound):
        drafts(house).open(number, owner)
    # A draft begun since is sealed with another secret, and the first stays shut.
    saved(house, owner, about, stream=about)
    assert len(drafts(house).of(owner)) == 1


def test_what_is_left_alone_too_long_is_swept(house: House) -> None:
    """A draft not saved for thirty days goes; one saved since stays."""
    owner, clock = uuid4(), FixedClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
    store = drafts(house, clock)
    first, second = uuid4(), uuid4()
    for number in (first, second):
        store.save(number, TEXT, owner=owner, command=NAME, stream=None, about=())
        clock.forward(timedelta(days=1))
    clock.forward(KEPT - timedelta(days=1, hours=1))
    assert store.sweep() == 1
    assert [one.id for one in store.of(owner)] == [second]


@pytest.mark.parametrize("role", ["holdfast_projector", "holdfast_keeper", "holdfast_reader"])
def test_only_whoever_appends_touches_drafts(house: House, role: str) -> None:
    """The views, the dashboards and whoever forgets keys see none of them."""
    saved(house, uuid4())
    with house.connect(role) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM desk.draft")


@pytest.mark.parametrize("change", ["owner = gen_random_uuid()", "command = 'close-case'"])
def test_a_draft_changes_neither_its_owner_nor_what_it_is(house: House, change: str) -> None:
    """The writer may put new words in a draft, and nobody else's name on it."""
    saved(house, uuid4())
    with house.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"UPDATE desk.draft SET {change}")
