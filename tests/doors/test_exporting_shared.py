"""An export where somebody else writes: refused with what to do, and nothing is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.record.proof.exporting import export
from domain.record.proof.publishing import Folder
from tests.doors.conftest import Cli


def test_the_folder_of_the_service_is_not_exported_to(cli: Cli, tmp_path: Path) -> None:
    """What the service publishes goes on growing: a manifest beside it would soon be wrong."""
    assert cli("export-proof", str(tmp_path / "elsewhere")).code == 0
    before = sorted((tmp_path / "proof").rglob("*"))
    assert before
    said = cli("export-proof", str(tmp_path / "proof"))
    assert said.code != 0
    assert "name another" in said.err
    assert sorted((tmp_path / "proof").rglob("*")) == before


def test_a_folder_that_another_export_has_is_said(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two exports into one folder take turns; what was broken off is gone on with."""
    out = tmp_path / "out"
    assert export.__kwdefaults__ is not None
    monkeypatch.setitem(export.__kwdefaults__, "patience_s", 0.2)
    with Folder(out).locked():
        (out / "cases").mkdir()
        said = cli("export-proof", str(out))
        assert said.code != 0
        assert "ask again" in said.err
    assert cli("export-proof", str(out)).code == 0
