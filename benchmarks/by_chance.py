"""mutmut, asking its mutants by chance, so that a run cut short by time leaves out none on purpose.

By itself it asks the quickest first, those that no test reaches before all others, so that a part
of a run says nothing about the whole. `python -m benchmarks.by_chance` takes what `mutmut` takes.
"""

from __future__ import annotations

from hashlib import sha256

from mutmut import __main__ as mutmut


def _by_chance(name: str) -> float:
    """A number of a mutant's name alone: the same in every run, and of nothing else."""
    return float(int.from_bytes(sha256(name.encode()).digest()[:4], "big"))


if __name__ == "__main__":
    mutmut.estimated_worst_case_time = _by_chance
    mutmut.cli()
