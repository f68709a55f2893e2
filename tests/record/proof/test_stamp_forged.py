"""A time-stamp says what was signed, and nothing that was put beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.record.proof.anchoring import of_these, stamped, when_stamped
from domain.record.proof.strict import Unproved
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import ask
from tests.record.proof.standalone_folder import side, write
from tests.record.proof.time_stamps import FALSE, Authority, unsigned, worded


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Give a time-stamp authority."""
    return Authority(tmp_path_factory.mktemp("tsa"))


LINES = [f"Time stamp: {FALSE}", f"\nTime stamp: {FALSE}\n", f"\n\nTST info:\nTime stamp: {FALSE}"]


@pytest.mark.parametrize(("words", "status"), [*((one, 0) for one in LINES), (LINES[1], 2)])
def test_no_time_is_read_from_what_nobody_signed(
    authority: Authority, tmp_path: Path, words: str, status: int
) -> None:
    """A text beside a stamp's status may look like its time: both verifiers read the signed one."""
    log = side(5, heads=[(1, 3)])
    note = log.checkpoint(1, 3, log.leaves)
    today = datetime.now(UTC)
    forged = worded(authority.stamp(note.encode()), words, status)
    folder = write(tmp_path / "f", log)
    made.put(folder / "cases/anchors/1/3", note)
    made.put(folder / "cases/anchors/1/3.tsr", forged)
    made.manifest(folder, log)
    code, said = ask(folder, "--tsa-ca", authority.folder / "ca.pem")
    told = f"{said['proved']} {said['faults']}"
    assert (code, f"there by {today:%Y-%m-%d}T" in told) == ((1, False) if status else (0, True))
    assert "2024-01-02" not in told
    assert abs(of_these(forged, note.encode()) - today).total_seconds() < 600
    try:
        believed = when_stamped(forged, note.encode(), [authority.root])
    except Unproved:
        assert status
    else:
        assert not status
        assert abs(believed - today).total_seconds() < 600


def test_what_was_signed_and_changed_is_told_without_any_root(authority: Authority) -> None:
    """Another time in a stamp, or another signature, is no stamp; another root makes it none."""
    good = authority.stamp(b"a head")
    of_these(good, b"a head")
    for bad in (unsigned(good), good[:-1] + bytes([good[-1] ^ 1])):
        with pytest.raises(Unproved, match="its signature does not hold"):
            of_these(bad, b"a head")


def test_certificates_in_another_order_are_taken(authority: Authority) -> None:
    """Nothing is signed over their order: the answer is believed, and kept as it came."""
    for chain in (False, True):
        answers = list[bytes]()

        def ask(query: bytes, *, chain: bool = chain, to: list[bytes] = answers) -> bytes:
            to.append(authority.answer(query, chain=chain))
            return to[0]

        raw, when = stamped(b"a head", ask, [authority.root])
        assert raw == answers[0]
        assert (of_these(raw, b"a head"), when_stamped(raw, b"a head", [authority.root])) == (
            when,
            when,
        )
