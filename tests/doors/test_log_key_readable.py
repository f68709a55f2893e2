"""A key that others on the machine can read is not signed with, as ssh does not use one."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from api.proving import signers
from api.settings import Settings, read_settings
from domain.refusal import Refused
from tests.conftest import ROOT_ONLY
from tests.house.tracked import ROOT

root_only = pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)


def settings_in(folder: Path) -> Settings:
    """Give the settings of a record in a folder."""
    return read_settings({"HOLDFAST_DATA": str(folder)})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o601])
def test_a_key_others_can_reach_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    """Group and others have no business with it; afterwards it is used as before."""
    settings = settings_in(tmp_path)
    vkey = signers(settings, begun=False)("council.example/cases/1").vkey
    assert settings.log_key_file.stat().st_mode & 0o777 == 0o600
    settings.log_key_file.chmod(mode)
    with pytest.raises(Refused, match=r"HOLDFAST_LOG_KEY_FILE: .*chmod 600") as refused:
        signers(settings, begun=True)
    assert str(settings.log_key_file) in refused.value.detail
    for allowed in (0o600, 0o400):
        settings.log_key_file.chmod(allowed)
        assert signers(settings, begun=True)("council.example/cases/1").vkey == vkey


@root_only
@pytest.mark.parametrize(("owned", "mode", "used"), [
    (True, 0o600, True),
    (True, 0o640, False),
    (False, 0o640, True),  # by a secret of root's, mounted for a group: not this account's to mend
    (False, 0o600, False),
])  # fmt: skip
def test_an_ordinary_user_is_told_the_same(owned: bool, mode: int, used: bool) -> None:  # noqa: FBT001 — parameters
    """Its own key it can mend; one that is given to it by root it is not asked to."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        key = folder / "log.key"
        key.write_bytes(bytes(32))
        key.chmod(mode)
        os.chown(key, nobody.pw_uid if owned else 0, nobody.pw_gid)
        code = (
            "import os, sys\n"
            "from api.proving import signers\n"
            "from api.settings import read_settings\n"
            "from domain.refusal import Refused\n"
            "os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[3]))\n"
            "try:\n"
            "    signers(read_settings({'HOLDFAST_LOG_KEY_FILE': sys.argv[1]}), begun=True)\n"
            "except Refused as refused:\n"
            "    print(refused.detail)\n"
            "else:\n"
            "    print('used')\n"
        )
        words = [sys.executable, "-c", code, str(key), str(nobody.pw_gid), str(nobody.pw_uid)]
        said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if used:
        assert said.strip() == "used"
    elif owned:
        assert f"chmod 600 {key}" in said
    else:
        assert "cannot be read" in said
