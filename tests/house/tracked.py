"""The files of the project, as the house tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ("domain/", "projections/", "api/")


@cache
def tracked() -> tuple[str, ...]:
    """Name every file git keeps or would keep, relative to the root, with `/` between folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # A file deleted but not yet committed is still listed.
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    return tuple(sorted(names))


def python(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Parse each Python file below these folders (all of them when none is named)."""
    for name in tracked():
        if name.endswith(".py") and (not folders or name.startswith(folders)):
            yield name, parsed(name)


@cache
def parsed(name: str) -> ast.Module:
    """Parse one Python file of the project."""
    return ast.parse((ROOT / name).read_text("utf-8"), filename=name)


def texts() -> Iterator[tuple[str, str]]:
    """Read each text file written here: not pictures, not what others wrote (vendored, locks)."""
    for name in tracked():
        if "/vendor/" in name or name.endswith(".lock"):
            continue
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
