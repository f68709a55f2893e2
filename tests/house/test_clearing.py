"""Every finding ends with what answers it, or it is written why it does not."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clearing import REASONS, rows
from tests.raised import findings

ROOT = Path(__file__).parents[2]


def test_every_finding_ends_or_stands_for_a_written_reason() -> None:
    """Each code has its row: the entries it ends with and the test that shows it, or a reason."""
    assert rows().keys() == {one.code for one in findings()}
    for code, row in rows().items():
        assert bool(row.proof) == bool(row.by), code
        assert bool(row.proof) != bool(row.stands), code
        assert not row.stands or row.stands in REASONS, code


def test_what_shows_it_is_a_test_of_the_rulebook() -> None:
    """Each test that a row names is there to be run."""
    for code, row in rows().items():
        if row.proof:
            path, _, name = row.proof.partition("::")
            assert f"def {name.partition('[')[0]}(" in (ROOT / path).read_text("utf-8"), code


@pytest.mark.long
def test_each_ending_is_shown_by_its_test(tmp_path: Path) -> None:
    """Run again, the tests that the table names show each ending that it says."""
    proofs = sorted({row.proof for row in rows().values() if row.proof})
    shown = tmp_path / "clearing.csv"
    asked = [sys.executable, "-m", "tests.clearing", "--to", str(shown), *proofs]
    told = subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout[-2000:]
    with shown.open(encoding="utf-8", newline="") as file:
        proved = {row["code"] for row in csv.DictReader(file) if row["proof"]}
    assert {code for code, row in rows().items() if row.proof} <= proved
