"""The README's tour is true: every command in it runs, in order, on a demonstration."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.cli import run
from api.commands.running import program
from api.demonstration.load import load
from api.settings import read_settings
from domain.record.server import EmbeddedServer, ServerSettings
from tests.conftest import a_folder

ROOT = Path(__file__).parents[2]
MAIN = "from api.cli import main; main()"


def tour() -> list[list[str]]:
    """Give the commands of the block that the README marks as its tour."""
    block = re.search(
        r"<!-- tour -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert block, "the README has no tour"
    lines = [shlex.split(line, comments=True) for line in block[1].splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def demonstration() -> Iterator[Path]:
    """Give the data folder of a small demonstration, in an embedded database of its own."""
    with a_folder() as folder:
        load(read_settings({"HOLDFAST_DATA": str(folder)}), nation="english", cases=8)
        # Its server runs, as it does while `make demo` serves and the tour is typed elsewhere.
        with EmbeddedServer(ServerSettings(root=folder / "postgresql")):
            yield folder


def test_every_command_of_the_tour_answers(
    demonstration: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each command of the tour ends well and shows something."""
    monkeypatch.setenv("HOLDFAST_DATA", str(demonstration))
    commands = tour()
    assert len(commands) >= 5
    for command, *rest in commands:
        assert command == ".venv/bin/holdfast"  # which is on nobody's path
        code = run(rest)
        said = capfd.readouterr()
        assert code == 0, f"holdfast {' '.join(rest)}\n{said.err}"
        assert said.out.strip(), f"holdfast {' '.join(rest)} shows nothing"


@pytest.mark.long  # Python starts anew for each, which is most of what it takes
def test_every_command_of_the_tour_answers_as_a_program(demonstration: Path) -> None:
    """Each command of the tour does so when it is typed."""
    commands = tour()
    assert len(commands) >= 5
    for command, *rest in commands:
        assert command == ".venv/bin/holdfast"  # which is on nobody's path
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *rest],
            cwd=ROOT,
            env={**os.environ, "HOLDFAST_DATA": str(demonstration)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"holdfast {' '.join(rest)}\n{done.stderr}"
        assert done.stdout.strip(), f"holdfast {' '.join(rest)} shows nothing"


def test_the_tour_names_no_day_that_passes() -> None:
    """The demonstration ends on the day of its loading: the tour counts its days from today."""
    for command in tour():
        assert not re.search(r"\d{4}", " ".join(command)), command


def test_every_address_of_the_readme_is_one_that_answers() -> None:
    """What the README opens in a browser is a page or a path of this application."""
    paths = re.findall(r"http://127\.0\.0\.1:8000(/[\w./-]*)", (ROOT / "README.md").read_text())
    assert "/v1/openapi.json" in paths
    with TestClient(make_app()) as client:
        # Without an office a page cannot answer; but what is not there is a 404 even so.
        assert client.get("/docs").status_code == 404
        for path in paths:
            assert client.get(path.rstrip(".,") or "/").status_code != 404, path


@pytest.mark.parametrize(
    ("called", "told"),
    [
        (".venv/bin/holdfast", ".venv/bin/holdfast"),
        ("/opt/my place/holdfast", "'/opt/my place/holdfast'"),
        ("-c", ".venv/bin/holdfast"),
    ],
)
def test_what_demo_proposes_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, called: str, told: str
) -> None:
    """The commands that `make demo` prints name the program as it was called."""
    monkeypatch.setattr(sys, "argv", [called, "demo"])
    assert program() == told
