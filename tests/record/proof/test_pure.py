"""The formats are bytes in, bytes out: nothing in them touches a disk, a clock or a database."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import domain.record.proof as room

FORMATS = ("strict", "note", "checkpoint", "tiles", "policy", "receipt")
PURE = {
    "__future__",
    "base64",
    "collections",
    "dataclasses",
    "hashlib",
    "itertools",
    "re",
    "typing",
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_needs_no_machine(name: str) -> None:
    """A format imports reckoning, the cryptography it checks with, the tree and other formats."""
    path = Path(room.__path__[0]) / f"{name}.py"
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for module in modules:
            first = module.split(".")[0]
            if first in sys.stdlib_module_names:
                assert first in PURE, module
            else:
                assert module.startswith(
                    ("cryptography.", "domain.record.merkle", "domain.record.proof.")
                ), module
