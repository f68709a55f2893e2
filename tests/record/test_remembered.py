"""What was opened and is remembered: sealed in memory, and gone with the first forgetting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from api.clock import entropy
from domain.record.keyring import WrappingKeys, forget
from domain.record.record import Record
from domain.record.remembered import Remembered, mark
from domain.record.sealing import b64
from domain.refusal import Corrupt
from domain.words import Forgotten, Personal
from tests.record.conftest import House, note

WORDS = ("Margaret's words", "what Joan said", "of neither")


class Told:
    """A record whose passages are remembered however few they are, with three people in it."""

    def __init__(self, house: House, *, least: int = 1, most: int = 100) -> None:
        self.house = house
        self.record: Record = house.record()
        self.wrapping = house.wrapping()
        self.remembered = Remembered(house.pool, self.wrapping, entropy, least=least, most=most)
        self.record.keyring.remembered = self.remembered
        self.people = [uuid4() for _ in WORDS]
        self.sealed = [self._told(*each) for each in zip(self.people, WORDS, strict=True)]

    def _told(self, about: UUID, text: str) -> Mapping[str, Any]:
        stream = uuid4()
        note(self.record, about, text, stream=stream)
        (row,) = self.record.log.stream(stream)
        sealed: Mapping[str, Any] = orjson.loads(row.payload)["data"]["text"]
        return sealed

    def names(self) -> list[str]:
        """The numbers of the passages' keys, as they are written."""
        return [one["key"] for one in self.sealed]

    def known(self) -> Mapping[str, str]:
        """What is remembered of all of them, in the epoch in force."""
        held = self.remembered.of(self.names(), self.remembered.epoch(self.names()))
        return {name: said[0] for name, said in held.items()}

    def all_said(self) -> Mapping[str, tuple[str, int]]:
        """What all of them say, as it is handed over to be remembered."""
        said = zip(self.sealed, WORDS, strict=True)
        return {one["key"]: (text, mark(one)) for one, text in said}

    def forget(self, *subjects: UUID, wrapping: WrappingKeys | None = None) -> None:
        """Forget some people, as this process or another does."""
        with self.house.connect("holdfast_keeper") as conn:
            forget(conn, wrapping or self.house.wrapping(), entropy, subjects=subjects)

    def say(self) -> list[str | None]:
        """What the passages say; None where one is forgotten."""
        return texts(self.record.unseal_again(self.sealed))


def texts(passages: Sequence[Personal | Forgotten]) -> list[str | None]:
    """What passages say, each about whom it should be."""
    return [one.text if isinstance(one, Personal) else None for one in passages]


def test_what_is_remembered_is_what_was_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened again, passages are the same, about the same, and their keys are not looked for."""
    told = Told(house)
    first = told.record.unseal_again(told.sealed)
    assert first == told.record.unseal(told.sealed)
    monkeypatch.setattr(told.record.keyring, "find", lambda _ids: {})
    assert told.record.unseal_again(told.sealed) == first
    assert texts(first) == list(WORDS)


def test_what_is_not_remembered_yet_is_opened_beside_what_is(house: House) -> None:
    """Of passages asked together those are opened that nobody asked before, in their places."""
    told = Told(house)
    told.record.unseal_again(told.sealed[1:2])
    assert set(told.known().values()) == {WORDS[1]}
    assert told.say() == list(WORDS)
    assert set(told.known().values()) == set(WORDS)


@pytest.mark.parametrize("which", [0, None], ids=["one of them", "somebody else"])
def test_after_a_forgetting_nothing_is_remembered(house: House, which: int | None) -> None:
    """Another process forgets anybody at all: whoever it was is Forgotten, and nothing is held."""
    told = Told(house)
    assert told.say() == list(WORDS)
    told.forget(uuid4() if which is None else told.people[which])
    assert told.known() == {}
    assert told.say() == [None if number == which else text for number, text in enumerate(WORDS)]


def test_a_passage_forgotten_alone_is_not_remembered(house: House) -> None:
    """A single passage whose key is destroyed is Forgotten, though it was remembered."""
    told = Told(house)
    told.say()
    with house.connect("holdfast_keeper") as conn:
        forget(conn, house.wrapping(), entropy, passages=[UUID(told.sealed[2]["key"])])
    assert told.say() == [*WORDS[:2], None]


def test_what_is_held_opens_with_no_key_that_is_left(house: House) -> None:
    """What this process holds is sealed, and what a forgetting leaves of the keys opens none."""
    told = Told(house)
    told.say()
    held = told.remembered._held
    assert held is not None
    assert not any(text.encode() in held.sealed for text in WORDS)
    told.forget(told.people[0], wrapping=told.wrapping)
    assert told.remembered._opened(held) == {}


def test_a_forgetting_that_has_committed_is_heeded_before_its_key_is_destroyed(
    house: House,
) -> None:
    """Between the commit and the end of the old wrapping key nothing is remembered either."""
    told = Told(house)
    told.say()
    before = house.wrapping()
    keep_only = before.keep_only
    seen: list[list[str | None]] = []

    def first_looked(epoch: int) -> None:
        seen.append(told.say())
        keep_only(epoch)

    before.keep_only = first_looked  # type: ignore[method-assign]
    told.forget(told.people[1], wrapping=before)
    assert seen == [[WORDS[0], None, WORDS[2]]]


def test_what_was_opened_before_a_forgetting_is_not_kept_after_it(house: House) -> None:
    """Opened in one epoch and handed over in the next, it is not remembered."""
    told = Told(house)
    epoch = told.remembered.epoch(told.names())
    told.forget(told.people[0], wrapping=told.wrapping)
    told.remembered.keep(told.all_said(), epoch)
    assert told.known() == {}
    assert told.remembered._held is None


def test_no_more_is_held_than_is_meant(house: House) -> None:
    """Where both would be too much the newest is remembered, and what is too much alone is not."""
    told = Told(house, most=2)
    told.record.unseal_again(told.sealed[:2])
    told.record.unseal_again(told.sealed[2:])
    assert set(told.known().values()) == {WORDS[2]}
    told.remembered.keep(told.all_said(), 1)
    assert set(told.known().values()) == {WORDS[2]}


def test_a_few_are_not_remembered(house: House) -> None:
    """Of fewer than it pays for, nothing is held."""
    told = Told(house, least=len(WORDS) + 1)
    assert told.say() == list(WORDS)
    told.remembered.keep(told.all_said(), told.remembered.epoch(told.names()))
    assert told.remembered._held is None


def test_a_passage_that_names_no_key_is_refused(house: House) -> None:
    """A row that names no key, or nobody, is damaged, also where its text is remembered."""
    told = Told(house)
    told.say()
    for damaged in ({"key": None}, {"about": "nobody"}):
        with pytest.raises(Corrupt):
            told.record.unseal_again([{**told.sealed[0], **damaged}])


@pytest.mark.parametrize("part", ["at", "nonce", "sealed", "binds"])
def test_a_passage_altered_since_is_found_out(house: House, part: str) -> None:
    """It is remembered by what it was: as it lies there now it is opened anew, and opens not."""
    told = Told(house)
    told.say()
    altered = {**told.sealed[0], part: b64(b"x" * 28) if part != "at" else "elsewhere"}
    with pytest.raises(Corrupt):
        told.record.unseal_again([altered, *told.sealed[1:]])
    assert told.say() == list(WORDS)


def test_without_its_file_nothing_is_remembered_and_all_is_opened(house: House) -> None:
    """A damaged file of wrapping keys stops no more than it would if nothing were remembered."""
    told = Told(house)
    told.say()
    (house.keys / "keyring.json").write_text("damaged")
    house.damaged = True
    assert told.say() == texts(told.record.unseal(told.sealed)) == list(WORDS)
