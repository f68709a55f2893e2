"""Asking the stand-alone verifier, in this process, and demanding what it says."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from typing import Any

from domain.record.proof.standalone import verify

HEADS = [(1, 100), (1, 256), (1, 300), (1, 520)]
Said = dict[str, Any]


def ask(*words: object) -> tuple[int, Said]:
    """Run the verifier, and give its exit code and what it said."""
    told = io.StringIO()
    with redirect_stdout(told):
        code = verify.main([*map(str, words), "--json"])
    said: Said = json.loads(told.getvalue())
    assert said["exit"] == code
    assert "verifier failed" not in told.getvalue()
    return code, said


def holds(*words: object) -> list[str]:
    """Demand that all holds, and give what was proved."""
    code, said = ask(*words)
    assert (code, said["faults"]) == (0, [])
    proved: list[str] = said["proved"]
    return proved


def found(words: list[object], kind: str, position: int | None, *says: str) -> None:
    """Demand that a fault of that kind is found, first at that position, and told in words."""
    code, said = ask(*words)
    assert code == 1
    faults = [one for one in said["faults"] if one["kind"] == kind]
    assert faults, said["faults"]
    first = min((one["position"] or 0) for one in faults)
    assert (first or None) == position, said["faults"]
    for text in says:
        assert any(text in one["says"] for one in faults), faults
