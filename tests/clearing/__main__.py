"""Make the table anew from what the rulebook's tests show: `python -m tests.clearing`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.clearing import SPEC, TABLE, Shown, watching, write
from tests.raised import findings


def main() -> int:
    """Run the rulebook, see what ceases in its histories, and write it; 1 where a test failed."""
    shown = Shown()
    watching[:] = [shown.look]
    to, where = TABLE, sys.argv[1:]
    if where[:1] == ["--to"]:  # with nothing kept of what stands already
        to, where = Path(where[1]), where[2:]
    where = where or [str(SPEC)]
    early = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    failed = pytest.main(["-q", "-m", "not long", "-p", "no:cacheprovider", *early, *where])
    write(shown, {one.code for one in findings()}, to)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
