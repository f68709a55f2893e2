"""The laws of the one view that keeps only the present, over histories with erasures.

Erasures are carried out, or not yet, when the follower meets them; whatever was followed when, the
view is what a rebuild makes, and the search finds whom the record still names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.clock import entropy, seeded
from domain.correction import PersonalDataErased
from domain.erasure import Erasure
from domain.person import (
    Details,
    PersonDetailsRecorded,
    PersonErased,
    PersonRecordCorrected,
    PersonRegistered,
)
from domain.words import Code, Personal, PersonRef
from projections.people import people, search
from projections.rebuild import prepare, rebuild, verify
from tests.controls import ADULT, CASE, DAY, SISTER
from tests.projections.conftest import Told, Views
from tests.projections.test_laws import BATCHES, Crash, Room, dying, quick, room

__all__ = ["room"]
KEY = bytes(range(32))
PEOPLE = people(KEY)
LENGTH = 30
SEEDS = st.integers(0, 1_000_000)
NAMES = ("Ada", "Bea", "Cara", "Dora")


@dataclass(slots=True)
class Living:
    """What is told of one person so far: the kinds of the events, and which corrected which."""

    kinds: list[str] = field(default_factory=list)
    corrected: dict[int, int] = field(default_factory=dict)

    def told(self, kind: str) -> int:
        """Count one more event; give its version."""
        self.kinds.append(kind)
        return len(self.kinds)


class Teller:
    """Tells a history of two persons' names: given, corrected, forgotten in part or whole."""

    def __init__(self, views: Views, seed: int) -> None:
        self._views = views
        self._random = seeded(seed)
        self._people = {ADULT: Living(), SISTER: Living()}
        self._erasure = Erasure(
            views.record,
            lambda: views.connect("holdfast_keeper"),
            views.wrapping,
            entropy,
        )

    def tell(self, batch: int) -> None:
        """Tell it; its follower comes by now and then, also before an erasure is carried out."""
        for person in self._people:
            self._one(person, PersonRegistered(details=self._details(person)), "details")
        for _ in range(LENGTH):
            person = self._random.choice((ADULT, SISTER))
            match self._random.choice(("name", "name", "correct", "erase", "erase", "follow")):
                case "name":
                    event = PersonDetailsRecorded(details=self._details(person))
                    self._one(person, event, "details")
                case "correct":
                    self._correct(person)
                case "erase":
                    self._erase(person, batch)
                case _:
                    follow(self._views, batch)

    def _one(self, person: PersonRef, event: object, kind: str) -> None:
        self._people[person].told(kind)
        self._views.tell(Told(day=DAY, event=event, stream=person))

    def _details(self, person: PersonRef) -> Details:
        given = {
            name: Personal(person, self._random.choice(NAMES))
            for name in ("name", "known_as", "gp")
            if self._random.random() < 0.6
        }
        return Details(**given)

    def _correct(self, person: PersonRef) -> None:
        living = self._people[person]
        targets = [n for n, kind in enumerate(living.kinds, start=1) if kind == "details"]
        target = self._random.choice(targets)
        event = PersonRecordCorrected(
            target=target,
            supersedes=living.corrected.get(target),
            reason=Code("entered_wrongly"),
            asked_by=Code("worker"),
            withdrawn=self._random.random() < 0.6,
        )
        living.corrected[target] = len(living.kinds) + 1
        self._one(person, event, "correction")

    def _erase(self, person: PersonRef, batch: int) -> None:
        scope = self._random.choice(("passage", "passage", "passage", "person", "case"))
        target = self._random.randint(1, len(self._people[person].kinds) + 1)
        named = scope == "person" or self._random.random() < 0.8
        said: dict[str, Any] = {
            "scope": Code(scope),
            "retention_class": Code("case_record"),
            "authority": Code("retention_ended"),
            "target": target if scope == "passage" else None,
            "approvals": (1,),
        }
        if scope != "case" and self._random.random() < 0.4:  # in the person's own stream
            self._one(person, PersonErased(**said), "erasure")
        else:
            about = PersonRef(person) if named else None
            self._views.tell(PersonalDataErased(**said, person=about))
        if self._random.random() < 0.5:
            follow(self._views, batch)
        self._erasure.carry_out()
        for subject in (CASE, person):
            if self._views.record.keyring.destroyed(subject):
                self._views.record.keyring.reopen(subject)


def follow(views: Views, batch: int) -> int:
    """Follow to the end in batches of a size."""
    with views.follower(PEOPLE, unseal=views.record.unseal) as follower:
        count = follower.catch_up(batch)
        assert follower.poison is None, follower.poison
    return count


@contextmanager
def history(room: Room, seed: int, batch: int) -> Iterator[Views]:
    """Tell a history in a record of its own."""
    with room(1, length=0) as views:
        prepare(views.connect, (PEOPLE,))
        Teller(views, seed).tell(batch)
        yield views


@quick
@given(seed=SEEDS, batch=BATCHES)
def test_a_rebuild_equals_the_live_view(room: Room, seed: int, batch: int) -> None:
    """Whatever was told, corrected and erased, and followed when, a rebuild gives the same rows."""
    with history(room, seed, batch) as views:
        follow(views, batch)
        assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal


@quick
@given(seed=SEEDS, batch=BATCHES)
def test_replaying_changes_nothing(room: Room, seed: int, batch: int) -> None:
    """Following again, and after a rebuild, folds nothing again and changes no row."""
    with history(room, seed, batch) as views:
        follow(views, batch)
        names = rows(views)
        assert follow(views, batch) == 0
        rebuild(PEOPLE, views.connect, unseal=views.record.unseal)
        assert follow(views, batch) == 0
        assert rows(views) == names


@quick
@given(seed=SEEDS, position=st.integers(1, LENGTH), batch=BATCHES)
def test_resuming_after_a_crash_equals_no_crash(
    room: Room, seed: int, position: int, batch: int
) -> None:
    """A process that dies at any event leaves what the next one finishes, as if it had not died."""
    with history(room, seed, 500) as views:
        with views.connect() as conn:
            conn.execute("TRUNCATE views.people_tokens_g1, views.tracking_unlogged")
        dead = views.follower(dying(PEOPLE, position), unseal=views.record.unseal)
        with suppress(Crash), dead:
            dead.catch_up(batch)
        follow(views, batch)
        assert verify(PEOPLE, views.connect, unseal=views.record.unseal).equal


@quick
@given(seed=SEEDS, batch=BATCHES)
def test_nobody_is_found_by_a_name_that_is_forgotten(room: Room, seed: int, batch: int) -> None:
    """A search finds only people of whom the record still opens such a name."""
    with history(room, seed, batch) as views:
        follow(views, batch)
        for name in NAMES:
            known = {
                fact.stream
                for person in (ADULT, SISTER)
                for fact in views.record.facts(person)
                if isinstance(fact.event, PersonRegistered | PersonDetailsRecorded)
                for said in (fact.event.details.name, fact.event.details.known_as)
                if isinstance(said, Personal) and said.text == name
            }
            assert set(views.ask(search, KEY, name)) <= known


def rows(views: Views) -> list[Any]:
    """List the rows, as text, in order; since which position is no part of what they say."""
    with views.connect() as conn:
        query = "SELECT person, name, tokens::text FROM views.people_tokens ORDER BY 1, 2"
        return conn.execute(query).fetchall()
