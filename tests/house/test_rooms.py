"""Who may know whom, and how large a room may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.tracked import ROOT, python

FUNCTION_LINES = 70
MODULE_LINES = 500
# One file by its purpose, since an auditor copies it: read in an hour, not in one sitting.
LONGER = {"domain/record/proof/standalone/verify.py": 900}

# A rule that reads more than the standard library, and why it has to.
BEYOND_THE_STANDARD_LIBRARY = {
    "domain/calendar.py": {"holidays"},  # bank holidays change by proclamation: theirs to follow
    "domain/when.py": {"edtf"},  # dates of uncertain precision: a published grammar, not ours
}


def test_import_contracts_hold() -> None:
    """Every import contract of pyproject.toml is kept."""
    script = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


# What stands above the rules: `handle` reads and appends, `erasure` destroys what it recorded, and
# `authority_stream` opens a record and reads what its authority adopted; `holds`, `along`
# and `rested` read.
ABOVE_THE_RULES = {
    "domain/handle.py",
    "domain/erasure.py",
    "domain/along.py",
    "domain/authority_stream.py",
    "domain/holds.py",
    "domain/rested.py",
    "domain/quorum.py",
}


def imports_of_rules() -> Iterator[tuple[str, str]]:
    """List what the modules of rules import: the file with its line, and the module's full name."""
    for name, tree in python("domain/"):
        if name.startswith("domain/record/") or name in ABOVE_THE_RULES:
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    yield from ((f"{name}:{node.lineno}", alias.name) for alias in names)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    yield from ((f"{name}:{node.lineno}", f"{module}.{a.name}") for a in names)
                case ast.ImportFrom():
                    pytest.fail(f"{name}:{node.lineno} imports relatively; say the module's name")
                case _:
                    pass


def test_rules_use_the_standard_library_only() -> None:
    """A module of rules imports nothing but the standard library and other rules."""
    foreign = []
    for where, what in imports_of_rules():
        known = BEYOND_THE_STANDARD_LIBRARY.get(where.split(":")[0], set())
        root = what.split(".")[0]
        if root != "domain" and root not in sys.stdlib_module_names and root not in known:
            foreign.append(f"{where} {what}")
    assert foreign == []


def test_no_rule_opens_the_record() -> None:
    """A rule is handed what it needs: only what stands above the rules opens it."""
    found = [
        f"{where} {what}"
        for where, what in imports_of_rules()
        if f"{what}.".startswith("domain.record.")
    ]
    assert found == []


def test_a_function_fits_on_a_screen() -> None:
    """No function is longer than seventy lines."""
    long = []
    for name, tree in python():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{name}:{node.lineno} {node.name} has {lines} lines")
    assert long == []


def test_a_module_can_be_read_in_one_sitting() -> None:
    """No module is longer than five hundred lines."""
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name, _ in python()}
    assert {name: n for name, n in lengths.items() if n > LONGER.get(name, MODULE_LINES)} == {}
