"""A time limit that no rule reckons would promise a due date that nobody is given."""

from __future__ import annotations

import ast
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
