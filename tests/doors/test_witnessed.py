"""With witnesses a head is published once enough cosigned it, and a fork is refused by them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from api.office import Office
from api.proving import INTEGRATOR, Prover, origin_of, receipt, signers
from api.witnessing import NotWitnessed, policy_of
from domain.record.proof.note import Verifier
from domain.record.proof.policy import demand, read_policy
from domain.record.proof.receipt import read_receipt, verify_receipt
from domain.record.proof.strict import Unproved
from domain.record.proof.witness import Elsewhere
from domain.refusal import Refused
from tests.conftest import OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.record.proof.stub_witness import StubWitness


@pytest.fixture
def witnesses() -> Iterator[list[StubWitness]]:
    """Three witnesses, of which two are enough."""
    with (
        StubWitness("council.example/w1", bytes([1]) * 32) as first,
        StubWitness("regulator.example/w2", bytes([2]) * 32) as second,
        StubWitness("partner.example/w3", bytes([3]) * 32) as third,
    ):
        yield [first, second, third]


@pytest.fixture
def watched(database: Database, tmp_path: Path, witnesses: list[StubWitness]) -> Iterator[Doors]:
    """Give the doors of an office whose heads two of three witnesses have to cosign."""
    policy = tmp_path / "policy"
    names = " ".join(one.signer.name for one in witnesses)
    lines = "".join(one.line for one in witnesses)
    policy.write_text(f"{lines}group some 2 {names}\nquorum some\n")
    settings = settings_for(database, tmp_path, HOLDFAST_POLICY_FILE=str(policy))
    with Office(settings) as office, opened_doors(office) as opened:
        vkey = signers(settings, begun=False)(origin_of(office, "cases")).vkey
        for one in witnesses:
            one.keys[origin_of(office, "cases")] = Verifier.from_vkey(vkey)
        yield opened


def prove(doors: Doors) -> None:
    """Make, have cosigned and publish a head, as the second process does."""
    with doors.office.database.connect(INTEGRATOR) as conn:
        prover = Prover(doors.office, "cases", conn)
        while not prover.lead():
            pass
        prover.step(head=True)


def published(doors: Doors) -> bytes:
    """The checkpoint that lies in the folder."""
    return (doors.office.settings.proof / "cases" / "checkpoint").read_bytes()


def test_a_head_is_published_once_enough_witnesses_cosigned_it(
    watched: Doors, witnesses: list[StubWitness]
) -> None:
    """Two of three are enough; what is published and every receipt hold by the published policy."""
    witnesses[2].away = True
    watched.person()
    prove(watched)
    policy = read_policy((watched.office.settings.proof / "cases" / "policy").read_bytes())
    assert len(policy.witnesses) == 3
    head = demand(published(watched), policy)
    found = receipt(watched.office, "cases", head.size)
    assert found is not None
    assert verify_receipt(read_receipt(found[0]), found[1], policy) == head
    with pytest.raises(Unproved, match="witnesses cosigned it"):
        demand(published(watched), replace(policy, quorum=policy.witnesses[2].name))


def test_too_few_witnesses_hold_a_head_back(watched: Doors, witnesses: list[StubWitness]) -> None:
    """Without a quorum nothing new is published and recording goes on; later the same head is."""
    watched.person()
    prove(watched)
    before = published(watched)
    witnesses[0].away = witnesses[1].away = True
    watched.person()
    with pytest.raises(NotWitnessed, match="1 of 3"):
        prove(watched)
    assert published(watched) == before
    watched.person()
    witnesses[0].away = False
    prove(watched)
    assert published(watched) != before


def test_a_fork_signed_with_the_real_key_is_refused(
    watched: Doors, witnesses: list[StubWitness], database: Database
) -> None:
    """Whoever rewrites the log, its tree and its heads, and has its key, gets no quorum for it."""
    assert len(witnesses) == 3
    for _ in range(3):
        watched.person()
    prove(watched)
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
        conn.execute("UPDATE record.cases SET payload = '{}' WHERE \"position\" = 2")
    (watched.office.settings.proof / "cases" / "checkpoint").unlink()
    shutil.rmtree(watched.office.settings.proof / "cases" / "heads")  # they would be held to
    with pytest.raises(Elsewhere, match="rewritten or forked"):
        prove(watched)


def test_a_shorter_log_is_refused(
    watched: Doors, witnesses: list[StubWitness], database: Database
) -> None:
    """A log whose end was cut off is smaller than what its witnesses know."""
    for _ in range(3):
        watched.person()
    prove(watched)
    assert witnesses[0].known
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in ("cases", "head", "signed_head"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
        conn.execute(
            'DELETE FROM record.cases WHERE "position" = (SELECT max("position") FROM record.cases)'
        )
    (watched.office.settings.proof / "cases" / "checkpoint").unlink()
    shutil.rmtree(watched.office.settings.proof / "cases" / "heads")  # they would be held to
    with pytest.raises(Elsewhere, match="cut off, or an older state"):
        prove(watched)


@pytest.mark.parametrize(
    "text",
    [
        "quorum nobody\n",
        "witness w council.example/w1+00000000+AAAA https://w.example\nquorum w\n",
        "no policy",
    ],
)
def test_a_policy_that_is_none_is_refused_with_its_line(
    database: Database, tmp_path: Path, text: str
) -> None:
    """What cannot be asked or understood is said when the proof begins, not later."""
    file = tmp_path / "policy"
    file.write_text(text)
    settings = settings_for(database, tmp_path, HOLDFAST_POLICY_FILE=str(file))
    with pytest.raises(Refused, match="HOLDFAST_POLICY_FILE: this is no policy"):
        policy_of(settings)
