"""How many witnesses a policy asks for, at the least."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from domain.record.proof.policy import fewest, read_policy
from tests.record.proof.standalone_folder import secret, vkey

NAMES = [f"w{number}.example" for number in range(5)]
WITNESSES = "".join(f"witness {name} {vkey(name, secret(name), 4)}\n" for name in NAMES)
A, B, C, D, E = NAMES


@pytest.mark.parametrize(
    ("lines", "least"),
    [
        ("quorum none\n", 0),
        (f"quorum {C}\n", 1),
        (f"group all all {A} {B} {C}\nquorum all\n", 3),
        (f"group some 2 {A} {B} {C}\nquorum some\n", 2),
        (f"group two all {A} {B}\ngroup one any {C} {D}\ngroup top any two one\nquorum top\n", 1),
        (f"group two all {A} {B}\ngroup top 2 two {C} {D} {E}\nquorum top\n", 2),
        (f"group two all {A} {B}\ngroup top all two {C}\nquorum top\n", 3),
    ],
)
def test_the_smallest_quorum_is_counted(lines: str, least: int) -> None:
    """As whoever tries every set of witnesses finds it."""
    policy = read_policy((WITNESSES + lines).encode())
    assert fewest(policy) == least

    def met(name: str, by: tuple[str, ...]) -> bool:
        group = next((one for one in policy.groups if one.name == name), None)
        if group is None:
            return name in by
        return sum(met(member, by) for member in group.members) >= group.least

    sets = chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1))
    found = [len(by) for by in sets if policy.quorum is None or met(policy.quorum, by)]
    assert min(found) == least
