"""What of a period's cases is recorded and does not go together, though each table has its answer.

Nothing here moves a figure: it counts as it was recorded, and whoever sends the return is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.returns.facts import Concern, Enquiry, Facts
from projections.returns.table import of_begun, of_concern
from projections.returns.transferring import ALONE, ORDER, UNDECIDED
from projections.returns.unready import IMPOSSIBLE, MISSING, Unready

_THEIRS: Final = "where it is the other authority's, record the transfer anew."
# Why it is doubtful where something of a case that was transferred counts: kind, words, remedy.
_TRANSFERRED: Final = {
    UNDECIDED: (
        MISSING,
        "its case was transferred, and it is not said which authority counts it: it counts here",
        "Record the transfer anew, and say which of the two counts the case.",
    ),
    ORDER: (
        IMPOSSIBLE,
        "it may have come before its case was transferred, and was recorded after: it counts here",
        f"Correct the day of the one or the other; {_THEIRS}",
    ),
    ALONE: (
        IMPOSSIBLE,
        "the enquiry was begun here after its case was given away, and no concern came since",
        f"Record the concern it is about; {_THEIRS}",
    ),
}


def at_odds(facts: Facts) -> Iterator[Unready]:
    """Everything that does not go together, in no order."""
    yield from _transferred(facts)


def _transferred(facts: Facts) -> Iterator[Unready]:
    """What counts here, and perhaps at the authority to which its case was transferred."""
    every: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun, *facts.concluded)
    for one in every:
        if not one.unsettled:
            continue
        why, transfer = one.unsettled
        kind, says, remedy = _TRANSFERRED[why]
        subject, position = one.case, transfer
        if why != UNDECIDED:
            counted = of_concern(one) if isinstance(one, Concern) else of_begun(one)
            subject, position = counted.subject, counted.position
        yield Unready(
            kind=kind,
            table="SG1f",
            case=one.case,
            subject=subject,
            position=position,
            says=says,
            remedy=remedy,
        )
