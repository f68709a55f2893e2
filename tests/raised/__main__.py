"""Make both tables anew from what the rulebook's tests raise: `python -m tests.raised`."""

from __future__ import annotations

import sys

import pytest

from tests.raised import SPEC, keep, write


def main() -> int:
    """Run the rulebook, keep what is raised, and write it; 1 where a test failed."""
    seen = keep()
    # Hypothesis is imported by now, too early for pytest to rewrite its assertions.
    early = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    failed = pytest.main(["-q", "-m", "not long", "-p", "no:cacheprovider", *early, str(SPEC)])
    write(seen)  # also then: a test that failed shows in the difference, by the rows it lacks
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
