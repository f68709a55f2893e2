"""A law asked of hundreds of names, in a few tests instead of hundreds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

Law = Callable[..., None]
PARTS = 4


def each(*of: Iterable[Any]) -> Callable[[Law], Any]:
    """Ask a law of every name (or of every name with every other thing) in a few tests.

    To collect and report a test costs as much as hundreds of the laws of the house do: a tenth of
    a run went into that. Whatever breaks the law is named, all of it.
    """
    every: list[tuple[Any, ...]] = [()]
    for values in of:
        kept = list(values)
        every = [(*before, one) for before in every for one in kept]

    def told(law: Law) -> Any:  # noqa: ANN401 — what pytest makes of a marked test
        def asked(part: int) -> None:
            broken = []
            for given in every[part::PARTS]:
                try:
                    law(*given)
                except Exception as error:  # noqa: BLE001 — each is told, with whose it is
                    broken.append(f"{', '.join(map(str, given))}: {error!r}")
            assert not broken, "\n".join(broken)

        asked.__name__, asked.__doc__, asked.__module__ = law.__name__, law.__doc__, law.__module__
        return pytest.mark.parametrize("part", range(PARTS))(asked)

    return told
