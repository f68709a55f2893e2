"""Which findings are shown: high and not answered with a reason, unless others are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from fastapi import Query

from domain.finding import Finding

PRESSING: Final = "pressing"
ALL: Final = "all"
CLEARED: Final = "cleared"
Which = Literal["pressing", "all"]
Show = Annotated[
    Which, Query(description="`pressing`: high and unanswered; `all`: the others besides.")
]
ShowOfCase = Annotated[
    Literal["pressing", "all", "cleared"],
    Query(
        description="`pressing`: high and unanswered; `all`: the others besides, and those that "
        "stood and do no longer; `cleared`: these alone."
    ),
]


def chosen(found: Iterable[Finding], which: str) -> list[Finding]:
    """Those that are shown, in their order."""
    return [one for one in found if which == ALL or one.pressing]
