"""A log is held to every head that lies published, whatever the database and the checkpoint say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from domain.record.proof.checking import Publication
from domain.record.proof.exporting import export
from domain.record.proof.headed import hold
from domain.record.proof.integrating import newest
from domain.record.proof.publishing import CHECKPOINT, Folder, Publisher
from domain.record.proof.signing import head_signers
from domain.record.proof.tree import TILE, Tree
from domain.record.verification import Report, verify
from domain.refusal import Corrupt
from tests.conftest import AUTHORITY
from tests.record.conftest import House
from tests.record.proof.conftest import ORIGIN, SEED, fill
from tests.record.proof.stub_witness import StubWitness
from tests.record.proof.test_heads_bundled import SECOND, begun_again, cut_to
from tests.record.proof.test_heads_bundled import verified as alone
from tests.record.proof.test_publishing import grown, publish


def verified(house: House, folder: Path, *kept: Publication) -> Report:
    """What verify says of the log beside its published folder."""
    with house.connect() as conn:
        own = Publication("the published folder", Folder(folder), kept=False)
        return verify(conn, "cases", published=[own, *kept])


def held(house: House, folder: Path) -> None:
    """Hold the log as whoever begins to lead does."""
    with house.connect("holdfast_integrator") as conn:
        hold(conn, "cases", Folder(folder))


def cut(house: House) -> None:
    """Cut the end off, and what was signed of it."""
    cut_to(house, 5)


def exchanged(house: House) -> None:
    """Cut the end off, and put as much of another in its place."""
    cut_to(house, 5)
    fill(house, 1 + TILE)


def exported(house: House, published: Path) -> Path:
    """Hand the proof over, from a database that does not know all that was published."""
    folder = published / "out"
    with house.connect("holdfast_integrator") as conn:
        head = newest(conn, "cases")
        assert head is not None
        heads = {"cases": head}
        export(
            conn,
            folder,
            heads,
            authority=AUTHORITY,
            release="0",
            contents=False,
            published=published,
        )
    return folder


def set_back(folder: Path, before: bytes) -> None:
    """Put an older checkpoint back, with nothing else but the heads and keys."""
    (folder / CHECKPOINT).write_bytes(before)


@pytest.mark.parametrize(
    ("harm", "first", "says"),
    [
        (cut, (6, 6), f"position 6: there was a tree of {6 + TILE} entries"),
        (exchanged, (6, 6), "the tree of 6 entries had another root in a head that lies published"),
    ],
)
def test_every_head_that_lies_published_is_held_to(
    house: House,
    tmp_path: Path,
    harm: Callable[[House], None],
    first: tuple[int, int],
    says: str,
) -> None:
    """With its heads deleted and an older checkpoint put back, a cut is named and not signed on."""
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    before = (folder / CHECKPOINT).read_bytes()
    grown(house, folder, [1, TILE])
    held(house, folder)
    assert verified(house, folder).ok
    harm(house)
    set_back(folder, before)
    report = verified(house, folder)
    assert (report.first, report.wrong.get("published", 0) > 0) == (first, True), report.problems
    assert any(says in one for one in report.problems), report.problems
    with pytest.raises(Corrupt, match=f"a head of {6 + TILE} entries of cases lies published"):
        held(house, folder)


def test_what_a_restore_left_behind_is_told_and_is_no_fault(house: House, tmp_path: Path) -> None:
    """Heads that lie there behind what the next incarnation went on from are named, by both."""
    folder = tmp_path / "cases"
    grown(house, folder, [5, 4])
    cut_to(house, 5)
    begun_again(house)
    fill(house, 1)
    publish(house, Folder(folder))
    held(house, folder)
    report = verified(house, folder)
    assert report.ok
    (told,) = report.behind
    assert told == (
        "rolled back: incarnation 1 had published 9 entries, and incarnation 2 goes on from 5:"
        " those at positions 6 to 9 may be gone or others. What to do: README.txt, 3"
    )
    assert any(one.endswith("but for those that a restoring left behind") for one in report.proved)
    (since,) = (one for one in report.not_proved if "incarnation 2 goes on since" in one)
    for outside in (alone(tmp_path), alone(exported(house, tmp_path))):
        assert (outside["exit"], outside["amiss"]) == (7, [f"cases: {told}"])
        assert f"cases: {since}" in outside["not_proved"]


def test_a_witness_is_told_from_where_an_incarnation_goes_on(house: House, tmp_path: Path) -> None:
    """Before the first head is signed, so that one that cosigned more of the last can refuse."""
    folder, first, second = tmp_path / "cases", ORIGIN, SECOND
    grown(house, folder, [5, 4])
    with StubWitness("witness.example", bytes(32)) as witness:
        witness.published = folder
        for origin in (first, second):
            witness.keys[origin] = head_signers(SEED)(origin).signer.verifier
        cosigned = (folder / CHECKPOINT).read_bytes()
        assert witness.asked(b"old 0\n\n" + cosigned)[0] == 200
        cut_to(house, 5)
        begun_again(house)
        with house.connect("holdfast_integrator") as conn:
            Publisher(conn, "cases", Folder(folder)).tell()
            assert (folder / CHECKPOINT).read_bytes() == cosigned
            forked = head_signers(SEED)(second).head(5, Tree(conn, "cases").root(5))
        assert witness.asked(b"old 0\n\n" + forked)[0] == 422
        witness.known[first] = 5, witness.known[first][1]
        assert witness.asked(b"old 0\n\n" + forked)[0] == 422
        witness.known[first] = 4, witness.known[first][1]
        assert witness.asked(b"old 0\n\n" + forked)[0] == 200


def test_a_restore_is_called_one_against_what_was_kept(house: House, tmp_path: Path) -> None:
    """An export from before is told of once, where the record went back, as `verify.py` does."""
    folder, kept = tmp_path / "cases", tmp_path / "kept"
    grown(house, folder, [5, 4])
    copytree(folder, kept)
    cut_to(house, 5)
    begun_again(house)
    fill(house, 6)
    publish(house, Folder(folder))
    report = verified(house, folder, Publication("the kept", Folder(kept), kept=True))
    (told,) = report.problems
    assert told.startswith(
        "position 6: rolled back: an incarnation had published more than the next went on from:"
        " 9 entries (the kept), not 5"
    )
    assert report.first == (6, 6)


def test_what_is_no_head_of_the_log_is_named_and_holds_nobody_up(
    house: House, tmp_path: Path
) -> None:
    """Whoever has the folder alone can have verify fail, and not keep the log from being signed."""
    folder = tmp_path / "cases"
    grown(house, folder, [5])
    (folder / "heads/1/001").write_bytes(b"\x00\x00\x00\x04oops")
    held(house, folder)
    report = verified(house, folder)
    assert [one for one in report.problems if "heads/1/001" in one], report.problems
