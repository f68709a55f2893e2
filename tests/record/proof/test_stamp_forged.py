"""A time-stamp says what was signed, and nothing that was put beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.record.proof.anchoring import of_these, when_stamped
from domain.record.proof.strict import Unproved
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import ask
from tests.record.proof.standalone_folder import side, write
from tests.record.proof.time_stamps import FALSE, Authority, worded


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
