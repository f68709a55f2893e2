"""Witnesses that are asked for later cosign later heads: the one before is not short of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path

import pytest

from api.office import Office
from api.proving import INTEGRATOR, origin_of, signers
from api.witnessing import policy_of
from domain.access import QuorumChanged
from domain.quorum import tell
from domain.record.proof.checkpoint import open_checkpoint
from domain.record.proof.exporting import export
from domain.record.proof.integrating import newest
from domain.record.proof.note import Verifier
from domain.record.proof.policy import read_policy
from domain.record.proof.standalone import verify
from domain.words import Digest
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.test_witnessed import prove, published
from tests.record.proof.stub_witness import StubWitness

MORE = "HOLDFAST_POLICY_FILE"


@pytest.fixture
def witness() -> Iterator[StubWitness]:
    """Give a witness."""
    with StubWitness("council.example/w1", bytes([1]) * 32) as one:
        yield one


@pytest.fixture
def watched(database: Database, tmp_path: Path, witness: StubWitness) -> Iterator[Doors]:
    """Give the doors of an office that has a head and, since its last start, asks for a witness."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        doors.person()
        prove(doors)
    file = tmp_path / "policy"
    file.write_text(f"{witness.line}quorum {witness.signer.name}\n")
    settings = settings_for(database, tmp_path, **{MORE: str(file)})
    with Office(settings) as office, opened_doors(office) as doors:
        origin = origin_of(office, "cases")
        witness.keys[origin] = Verifier.from_vkey(signers(settings, begun=True)(origin).vkey)
        yield doors


def test_who_has_to_cosign_is_recorded_as_often_as_it_changes(
    watched: Doors, witness: StubWitness, database: Database, tmp_path: Path, cli: Cli
) -> None:
    """Once before the first head under each policy, so that one that was lowered can be seen."""
    watched.person()
    prove(watched)
    prove(watched)
    key = Digest(sha256(witness.signer.verifier.public).hexdigest())
    (first,) = quorums(watched)
    assert (first.needed, first.witnesses) == (1, (key,))
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        prove(doors)
        prove(doors)
        assert quorums(doors) == [first, QuorumChanged(needed=0)]
    said = cli("verify", "--json").json["logs"][1]["proved"]
    told = [one for one in said if "by what this log says" in one]
    assert ["at least 1 of 1" in one for one in told] == [True, False]
    assert "no head needed a witness" in told[1]


def test_a_policy_that_asks_the_same_of_the_same_keys_changes_nothing(
    doors: Doors, witness: StubWitness
) -> None:
    """Not what a file calls a witness, nor where or in which order it names them; how many, yes."""
    readings = doors.office.readings

    def said(text: str) -> bool:
        return tell(readings, read_policy(text.encode()), doors.office.system_actor)

    with StubWitness("council.example/w2", bytes([2]) * 32) as other:
        one, two = witness.signer.vkey, other.signer.vkey
        assert not said("quorum none\n")
        assert not said(f"witness a {one}\nquorum none\n")
        assert said(f"witness a {one}\nwitness b {two}\ngroup g all a b\nquorum g\n")
        assert not said(
            f"witness y {two} http://localhost/w\nwitness x {one}\ngroup z 2 y x\nquorum z\n"
        )
        assert said(f"witness a {one}\nwitness b {two}\ngroup g any a b\nquorum g\n")
        assert said(f"witness a {one}\nquorum a\n")
        assert said("quorum none\n")
    assert [one.needed for one in quorums(doors)] == [2, 1, 1, 0]


def quorums(doors: Doors) -> list[QuorumChanged]:
    """What the log of readings says of who has to cosign."""
    return [one for one in doors.readings() if isinstance(one, QuorumChanged)]


def faults(folder: Path) -> list[str]:
    """What the verifier of one file says is wrong with a folder."""
    out = io.StringIO()
    with redirect_stdout(out):
        verify.main([str(folder), "--json"])
    return [str(one["says"]) for one in json.loads(out.getvalue())["faults"]]


def test_a_head_from_before_is_published_by_the_policy_of_before(
    watched: Doors, witness: StubWitness
) -> None:
    """Nobody is told that a quorum has to stand under a head that was signed without it."""
    folder = watched.office.settings.proof
    before = published(watched)
    prove(watched)
    assert published(watched) == before
    assert faults(folder) == []
    assert read_policy((folder / "cases/policy").read_bytes()).quorum is None
    watched.person()
    prove(watched)
    policy = read_policy((folder / "cases/policy").read_bytes())
    assert policy.quorum == witness.signer.name
    assert open_checkpoint(published(watched), policy.verifiers)[1].by
    assert faults(folder) == []


def test_a_policy_is_published_as_long_as_heads_meet_it(
    watched: Doors, witness: StubWitness, database: Database, tmp_path: Path
) -> None:
    """Asked for another witness, the office goes on showing the one its head has."""
    folder = watched.office.settings.proof
    watched.person()
    prove(watched)
    with StubWitness("regulator.example/w2", bytes([2]) * 32) as other:
        (tmp_path / "policy").write_text(f"{other.line}quorum {other.signer.name}\n")
        settings = settings_for(database, tmp_path, **{MORE: str(tmp_path / "policy")})
        with Office(settings) as office, opened_doors(office) as doors:
            prove(doors)
    policy = read_policy((folder / "cases/policy").read_bytes())
    assert policy.quorum == witness.signer.name
    assert faults(folder) == []


def test_what_is_handed_over_names_the_witnesses(
    watched: Doors, witness: StubWitness, tmp_path: Path
) -> None:
    """An export shows who cosigned, as the published folder does."""
    watched.person()
    prove(watched)
    office, folder = watched.office, tmp_path / "handed"
    with office.database.connect(INTEGRATOR) as conn:
        head = newest(conn, "cases")
        assert head is not None
        export(
            conn,
            folder,
            {"cases": head},
            authority=office.authority,
            release="0",
            contents=False,
            policy=policy_of(office.settings),
        )
    policy = read_policy((folder / "cases/policy").read_bytes())
    assert [one.name for one in policy.witnesses] == [witness.signer.name]
    assert faults(folder) == []
