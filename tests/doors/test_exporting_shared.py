"""An export where somebody else writes: refused with what to do, and nothing is touched."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest

from domain.access import ProofGiven
from domain.authority import ROLES
from domain.record.proof.exporting import export
from domain.record.proof.publishing import Folder
from tests.doors.conftest import WITH_ENTRIES, Cli, Doors


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


def test_what_no_export_wrote_is_not_exported_to(cli: Cli, doors: Doors, tmp_path: Path) -> None:
    """In an earlier export, too, a file that somebody put there is named, and nothing changes."""
    out = tmp_path / "out"
    assert cli("export-proof", str(out)).code == 0
    (out / "cases/tile/0/letter.txt").write_text("strange")
    before, looked = sorted(out.rglob("*")), len(doors.readings())
    said = cli("export-proof", str(out))
    assert said.code != 0
    assert "cases/tile/0/letter.txt" in said.err
    assert (sorted(out.rglob("*")), len(doors.readings())) == (before, looked)


def test_what_the_entries_hold_is_given_to_an_auditor_alone(cli: Cli, tmp_path: Path) -> None:
    """Whatever else a role may read, all of all cases is not taken away by it; an auditor may."""
    for role in sorted(ROLES):
        said = cli("export-proof", str(tmp_path / role), *WITH_ENTRIES[:-1], role)
        assert (said.code == 0) == (role == "auditor"), role
        assert (tmp_path / role).exists() == (role == "auditor"), role
        assert role == "auditor" or "Who may: Auditor" in said.err


def test_a_restricted_case_is_in_no_export_with_entries(
    cli: Cli, doors: Doors, tmp_path: Path
) -> None:
    """It cannot be left out, so that all is refused but for a purpose that reaches through."""
    case = doors.case()
    body = {"command": {"ground": "accuracy_contested"}}
    answer = doors.post(f"/v1/cases/{case}/restrict-processing", body, version=1)
    assert answer.status_code == 201, answer.text
    asked = ["export-proof", str(tmp_path / "out"), *WITH_ENTRIES]
    said = cli(*asked)
    assert (said.code == 0, "Reading is restricted in 1 cases" in said.err) == (False, True)
    asked[asked.index("audit")] = "public_interest"
    assert cli(*asked).code == 0
    (event,) = (one for one in doors.readings() if isinstance(one, ProofGiven))
    assert (event.recipient, event.purpose) == ("audit-office", "public_interest")
    manifest = (tmp_path / "out" / "manifest.json").read_bytes()
    assert event.manifest == sha256(manifest).hexdigest()
    for log, head in (("cases", event.record), ("readings", event.readings)):
        origin, size, root, *_ = (tmp_path / "out" / log / "checkpoint").read_text().split("\n")
        assert origin.endswith(f"/{log}/{head.incarnation}")
        assert (size, b64decode(root).hex()) == (str(head.size), head.root)


@pytest.mark.parametrize("left", ["--recipient", "--purpose"])
def test_to_whom_and_what_for_is_said(cli: Cli, tmp_path: Path, left: str) -> None:
    """What every entry holds is given to nobody who is not named, and for no reason untold."""
    at = WITH_ENTRIES.index(left)
    said = cli("export-proof", str(tmp_path / "out"), *WITH_ENTRIES[:at], *WITH_ENTRIES[at + 2 :])
    assert (said.code, left in said.err) == (2, True)
