"""A time limit that no rule reckons would promise a due date that nobody is given."""

from __future__ import annotations

import ast
import hashlib
from functools import cache

import pytest

from domain.jurisdictions import jurisdictions
from tests.house.tracked import python

# By the class a record is kept under, which is chosen as it is recorded (`domain.retaining`).
CHOSEN = "retention_"
URGENT = "_urgent"  # the shorter one of an order, named by the longer (`domain.order`)
LIMITS = sorted({name for nation in jurisdictions().values() for name in nation.limits})


@cache
def said_by_rules() -> set[str]:
    """Give every text that stands in a module of rules, beside the nations themselves."""
    return {
        node.value
        for path, tree in python("domain/")
        if not path.startswith("domain/jurisdictions/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("name", [one for one in LIMITS if not one.startswith(CHOSEN)])
def test_every_limit_is_reckoned_by_a_rule(name: str) -> None:
    """Each limit of a nation is named where its due date is reckoned."""
    assert name.removesuffix(URGENT) in said_by_rules()


# The limits of each version of a nation's procedure: 16 digits of SHA-256 over "name amount unit".
OF_VERSION = {"england-2026.3": "01eb2517f61b0f45", "scotland-2026.3": "e89ed8f9d8fde9ae"}


@pytest.mark.parametrize("nation", sorted(jurisdictions()))
def test_other_limits_are_another_version_of_the_procedure(nation: str) -> None:
    """A finding and a due date name the version that they go by: it stands for the same limits."""
    one = jurisdictions()[nation]
    text = "".join(f"{name} {it.amount} {it.unit}\n" for name, it in sorted(one.limits.items()))
    said = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert OF_VERSION.get(one.policy) == said, "give the nation's `policy` its next number"
