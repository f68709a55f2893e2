"""Whatever a witness answers, a head stays pending or is published; nothing waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from socket import create_server, socket
from threading import Event, Thread

import pytest

from api import witnessing
from api.office import Office
from api.proving import INTEGRATOR, Prover, origin_of, signers
from api.witnessing import NotWitnessed
from domain.record.proof.note import Verifier
from domain.record.proof.tree import Tree
from domain.refusal import Refused
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.record.proof.stub_witness import StubWitness


class Bent(StubWitness):
    """A witness that answers otherwise, for a while."""

    answer: tuple[int, bytes] | None = None
    lost = False

    def asked(self, raw: bytes) -> tuple[int, bytes]:
        """Answer as told, or cosign and lose the answer."""
        if self.answer is not None:
            return self.answer
        found = super().asked(raw)
        return (500, b"") if self.lost else found


@pytest.fixture
def bent() -> Iterator[Bent]:
    """One witness, who is needed."""
    with Bent("council.example/w1", bytes([1]) * 32) as one:
        yield one


@pytest.fixture
def watched(database: Database, tmp_path: Path, bent: Bent) -> Iterator[Doors]:
    """Give the doors of an office whose heads that witness has to cosign."""
    policy = tmp_path / "policy"
    policy.write_text(f"{bent.line}quorum {bent.signer.name}\n")
    settings = settings_for(database, tmp_path, HOLDFAST_POLICY_FILE=str(policy))
    with Office(settings) as office, opened_doors(office) as opened:
        vkey = signers(settings, begun=False)(origin_of(office, "cases")).vkey
        bent.keys[origin_of(office, "cases")] = Verifier.from_vkey(vkey)
        opened.person()
        yield opened


def prove(doors: Doors) -> bytes:
    """Do what a new leader does; give the checkpoint that is published then."""
    with doors.office.database.connect(INTEGRATOR) as conn:
        prover = Prover(doors.office, "cases", conn)
        while not prover.lead():
            pass
        prover.step(head=True)
        assert Tree(conn, "cases").size()
    return (doors.office.settings.proof / "cases" / "checkpoint").read_bytes()


@pytest.mark.parametrize(
    "answer",
    [
        *((status, b"") for status in (400, 403, 404, 500)),
        (409, b"many\n"),
        (409, b"0\n"),
        (200, b""),
        (200, b"\xff\xfe"),
        (200, "— council.example/w1 AAAA\n".encode()),
        (200, b"x" * 200_000),
    ],
    ids=lambda one: f"{one[0]}-{one[1][:6]!r}",
)
def test_a_head_stays_pending_whatever_is_answered(
    watched: Doors, bent: Bent, answer: tuple[int, bytes]
) -> None:
    """Without the cosignature nothing is published; the next leader publishes the same head."""
    bent.answer = answer
    with pytest.raises(NotWitnessed):
        prove(watched)
    bent.answer = None
    size = int(prove(watched).splitlines()[1])
    assert bent.known[origin_of(watched.office, "cases")][0] == size


def test_an_answer_that_was_lost_is_asked_for_again(watched: Doors, bent: Bent) -> None:
    """The witness kept a head and its answer was lost: asked again it knows that very size."""
    bent.lost = True
    with pytest.raises(NotWitnessed):
        prove(watched)
    bent.lost = False
    assert prove(watched) == prove(watched)


@pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b""])
def test_what_is_no_http_or_never_ends_is_no_answer(
    watched: Doors, bent: Bent, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """What does not answer in form, or goes on answering for ever, is given up in time."""
    monkeypatch.setattr(witnessing, "ANSWER_S", 1.0)
    over = Event()

    def drip(server: socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(said)
            while said.startswith(b"HTTP") and not over.wait(0.3):
                connection.sendall(b"x")

    policy = watched.office.settings.policy_file
    assert policy is not None
    with create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        there = f"http://127.0.0.1:{server.getsockname()[1]}/witness"
        policy.write_text(policy.read_text().replace(bent.url, there))
        with pytest.raises(NotWitnessed):
            prove(watched)
        over.set()
        thread.join()


def test_another_name_is_refused_once_heads_are_signed(watched: Doors) -> None:
    """HOLDFAST_ORIGIN changed afterwards is neither ignored nor signed under."""
    prove(watched)
    object.__setattr__(watched.office.settings, "origin", "another.example/record")
    with pytest.raises(Refused, match="put back the name"):
        prove(watched)
