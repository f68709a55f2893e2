"""One wrong witness of three stops nothing, and is named; too few right ones stop it as before."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import psycopg
import pytest

from api import witnessing
from api.office import Office
from api.proving import INTEGRATOR, Prover, Proving, origin_of, signers
from api.witnessing import NotWitnessed
from domain.record.proof.note import Verifier
from domain.record.proof.policy import demand, read_policy
from domain.record.proof.witness import Elsewhere
from tests.conftest import OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.record.proof.stub_witness import StubWitness

WRONG = "partner.example/w3"


class Wrong(StubWitness):
    """A witness that answers otherwise, or not until it is let go."""

    answer: tuple[int, bytes] | None = None

    def __init__(self, name: str, seed: bytes) -> None:
        super().__init__(name, seed)
        self.hangs = False
        self.let_go = Event()
        self.times = 0

    def asked(self, raw: bytes) -> tuple[int, bytes]:
        """Answer as told."""
        self.times += 1
        if self.hangs:
            self.let_go.wait(30)
        return self.answer or super().asked(raw)


Three = tuple[StubWitness, StubWitness, Wrong]


@pytest.fixture
def three() -> Iterator[Three]:
    """Two that are right, and one that may be wrong."""
    with (
        StubWitness("council.example/w1", bytes([1]) * 32) as first,
        StubWitness("regulator.example/w2", bytes([2]) * 32) as second,
        Wrong(WRONG, bytes([3]) * 32) as third,
    ):
        yield first, second, third
        third.let_go.set()


@pytest.fixture
def watched(database: Database, tmp_path: Path, three: Three) -> Iterator[Doors]:
    """Give the doors of an office whose heads two of three have to cosign; the wrong one first."""
    policy = tmp_path / "policy"
    lines = "".join(one.line for one in reversed(three))
    names = " ".join(one.signer.name for one in three)
    policy.write_text(f"{lines}group some 2 {names}\nquorum some\n")
    settings = settings_for(database, tmp_path, HOLDFAST_POLICY_FILE=str(policy))
    with Office(settings) as office, opened_doors(office) as opened:
        for log in ("cases", "readings"):
            vkey = signers(settings, begun=False)(origin_of(office, log)).vkey
            for one in three:
                one.keys[origin_of(office, log)] = Verifier.from_vkey(vkey)
        opened.person()
        yield opened


def prove(doors: Doors, times: int = 1) -> dict[str, str]:
    """Do what a leader does, so many times; the witnesses that failed."""
    with doors.office.database.connect(INTEGRATOR) as conn:
        prover = Prover(doors.office, "cases", conn)
        while not prover.lead():
            pass
        for _ in range(times):
            doors.person()
            prover.step(head=True)
        return dict(prover.failing)


def published(doors: Doors) -> int:
    """The size of what is published, which its policy believes."""
    folder = doors.office.settings.proof / "cases"
    policy = read_policy((folder / "policy").read_bytes())
    return demand((folder / "checkpoint").read_bytes(), policy).size


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((409, b"1000000\n"), "differs"),
        ((422, b""), "differs"),
        ((409, b"nonsense"), "refused"),
        ((404, b""), "refused"),
        ((200, b"nonsense"), "refused"),
        ((200, b"x" * 200_000), "no-answer"),
    ],
    ids=lambda one: str(one[0]) if isinstance(one, tuple) else one,
)
def test_a_wrong_witness_stops_nothing_and_is_named(
    watched: Doors,
    three: Three,
    answer: tuple[int, bytes],
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever one answers, the head is published with the two; said once, loudly of a fork."""
    prove(watched)
    three[2].answer = answer
    caplog.clear()
    assert prove(watched, times=2) == {WRONG: kind}
    assert published(watched) == watched.office.record.log.tail()
    (said,) = [one for one in caplog.records if WRONG in one.getMessage()]
    assert said.levelno == (logging.ERROR if kind == "differs" else logging.WARNING)
    three[2].answer = None
    assert prove(watched) == {}
    assert published(watched) == watched.office.record.log.tail()


def test_a_witness_that_hangs_is_not_waited_for(watched: Doors, three: Three) -> None:
    """The two are asked beside it; it is not asked again before it answered."""
    three[2].hangs = True
    began = time.monotonic()
    assert prove(watched, times=3) == {WRONG: "no-answer"}
    assert time.monotonic() - began < witnessing.ANSWER_S / 2
    assert three[2].times == 1
    assert published(watched) == watched.office.record.log.tail()


def test_too_few_right_ones_and_a_fork_stand_still(
    watched: Doors, three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a quorum a fork is what is told, before one who is only away."""
    monkeypatch.setattr(witnessing, "ANSWER_S", 1.0)
    three[2].answer = (422, b"")
    three[1].away = True
    with pytest.raises(Elsewhere, match=WRONG):
        prove(watched)
    three[2].answer = (500, b"")
    with pytest.raises(NotWitnessed):
        prove(watched)


def test_health_says_which_witness_fails(watched: Doors, three: Three) -> None:
    """While it lasts, with the kind; also that too few are left, and that it is over."""

    def until(trouble: str | None, witnesses: dict[str, str]) -> None:
        found = None
        for _ in range(300):
            watched.person()
            found = watched.client.get("/health").json()["proof"]["cases"]
            if (found["trouble"], found["witnesses"]) == (trouble, witnesses):
                return
            Event().wait(0.1)
        pytest.fail(json.dumps(found))

    three[2].answer = (409, b"1000000\n")
    with Proving(watched.office):
        until(None, {WRONG: "differs"})
        three[2].answer = (500, b"")
        until(None, {WRONG: "refused"})
        three[1].away = True
        until("witnesses", {WRONG: "refused", "regulator.example/w2": "refused"})
        three[1].away, three[2].answer = False, None
        until(None, {})


def test_a_fork_of_the_log_is_refused_by_all(
    watched: Doors, three: Three, database: Database
) -> None:
    """Whoever rewrites the log gets no quorum, and it is told as what it is."""
    assert three
    prove(watched)
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
        conn.execute("UPDATE record.cases SET payload = '{}' WHERE \"position\" = 1")
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER dense")
    (watched.office.settings.proof / "cases" / "checkpoint").unlink()
    shutil.rmtree(watched.office.settings.proof / "cases" / "heads")  # they would be held to
    with pytest.raises(Elsewhere, match="rewritten or forked"):
        prove(watched)
