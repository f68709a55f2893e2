"""Laws of the mutation tests' own engine, on a project of three functions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    "pyproject.toml": """
[tool.mutmut]
source_paths = ["thing"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests"]
""",
    "thing/__init__.py": "",
    "thing/sums.py": """
def double(number):
    return number + number


def positive(number):
    return number > 0


def unread(number):
    return number + 1
""",
    "thing/limits.py": """
def limit(number):
    return number + 1


HIGHEST = limit(6)
""",
    "tests/test_limits.py": """
from thing.limits import HIGHEST


def test_highest():
    assert HIGHEST == 7
""",
    "tests/test_sums.py": """
from thing.sums import double, positive


def test_double():
    assert double(3) == 6


def test_positive():
    assert positive(5)
""",
}


def step(folder: Path, *told: str) -> None:
    """Run one step of the engine in the project."""
    again = f"import sys, runpy; sys.path.append({str(ROOT)!r}); sys.argv[0] = 'asking'; "
    run = "runpy.run_module('benchmarks.asking', run_name='__main__')"
    command = (sys.executable, "-c", again + run, *told)
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in {0, 5}, done.stdout + done.stderr


@pytest.mark.long  # with the mutation tests that it is for
def test_a_mutant_is_noticed_survives_or_is_reached_by_no_test(tmp_path: Path) -> None:
    """What becomes of a mutant is what its own tests say of it, and each is asked once."""
    for name, text in SAID.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    step(tmp_path, "make", "1")
    names = [
        name
        for module in ("sums", "limits")
        for name in json.loads((tmp_path / f"mutants/thing/{module}.py.meta").read_text("utf-8"))[
            "exit_code_by_key"
        ]
    ]
    (tmp_path / "names.json").write_text(json.dumps(names), "utf-8")
    step(tmp_path, "ask", "names.json", "answers.jsonl", "2", "60")
    lines = (tmp_path / "answers.jsonl").read_text("utf-8").splitlines()
    answers = dict(json.loads(line) for line in lines)
    assert sorted(answers) == sorted(names)
    assert len(lines) == len(names)
    of = {
        function: {outcome for name, outcome in answers.items() if function in name}
        for function in ("double", "positive", "unread", "limit")
    }
    assert of == {
        "double": {"killed"},
        "positive": {"survived"},
        "unread": {"no test"},
        "limit": {"killed"},  # though it ran before any test did
    }
