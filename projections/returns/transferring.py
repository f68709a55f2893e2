"""What of a case that was transferred goes along, and which authority counts it then.

A transfer takes along what had come by its day. What came after it is this authority's own, unless
a later transfer takes it along too: a further concern that reaches us, or an enquiry begun here.
The days decide; where they leave it open, as of the same day, the order in which it was recorded
does. The concern with which a case began goes with every transfer. No source seen says this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from projections.projection import Json, Seen, days_by
from projections.returns.rows import CONCERN, COUNTS, RECEIVING, FactRow, counting

UNDECIDED: Final = "undecided"  # nothing says which of the two counts it
ORDER: Final = "order"  # it may have come before the transfer, and was recorded after it
ALONE: Final = "alone"  # an enquiry begun after the transfer, with no concern since
_OF_REFERRAL: Final = 8  # what a row says of one besides


class Transfer(NamedTuple):
    """A transfer that was not refused: when it was (first None: open), and who counts the case.

    Days are texts or dates, of one kind; `by` is None where it does not say.
    """

    position: int
    first: Any
    last: Any
    by: str | None


class Came(NamedTuple):
    """A concern or an enquiry: when it came, and whether its case began with it."""

    position: int
    first: Any
    last: Any
    began: bool = False


class Went(NamedTuple):
    """By which transfer another authority counts something, and what is doubtful in that.

    `unsettled` has the reason and the transfer; None where nothing is.
    """

    elsewhere: int | None
    unsettled: tuple[str, int] | None = None


def transfer_of(seen: Seen) -> Transfer | None:
    """A transfer as a row keeps it; None of one that was refused, which moves nothing."""
    if seen.data["accepted"] == "no":
        return None
    return Transfer(seen.position, *days_by(seen.occurred, seen.recorded_on), counting(seen))


def goes_along(one: Came, transfer: Transfer) -> bool:
    """Whether something had come by a transfer of its case."""
    if one.began:
        return True
    if one.first is not None and one.first > transfer.last:
        return False
    if transfer.first is not None and one.last < transfer.first:
        return True
    return one.position < transfer.position


def went(one: Came, transfers: Sequence[Transfer]) -> Went:
    """Where something counts, by the transfers of its case in order."""
    along = [each for each in transfers if goes_along(one, each)]
    decided = [each for each in along if each.by is not None]
    if decided and decided[-1].by == RECEIVING:
        return Went(decided[-1].position)
    if along and not decided:
        return Went(None, (UNDECIDED, along[-1].position))
    for each in _left_behind(one, transfers):
        if one.first is None or one.first <= each.last:
            return Went(None, (ORDER, each.position))
    return Went(None)


def _left_behind(one: Came, transfers: Sequence[Transfer]) -> Iterator[Transfer]:
    """The transfers to who counts the case that something came after, and none decided since."""
    for number, each in enumerate(transfers):
        since = (later for later in transfers[number:] if later.by is not None)
        if each.by == RECEIVING and not any(goes_along(one, later) for later in since):
            yield each


def settled(row: FactRow, concerns: FactRow | None = None) -> FactRow:
    """A row with where it counts by its transfers; of an enquiry, `concerns` are of its case."""
    if not row.transfers:
        return row
    transfers = [Transfer(*one) for one in row.transfers]
    if row.what == CONCERN:
        return row._replace(referrals=[_referral(one, transfers) for one in row.referrals])
    mine = Came(row.begun_at, row.begun_on, row.last_on)
    elsewhere, unsettled = went(mine, transfers)
    if elsewhere is None and unsettled is None and concerns is not None:
        unsettled = _alone(mine, transfers, concerns)
    return row._replace(elsewhere=elsewhere, unsettled=list(unsettled or ()))


def _referral(one: Sequence[Json], transfers: Sequence[Transfer]) -> list[Json]:
    """A referral as a row has it: lists alone, as they come back from where they are kept."""
    elsewhere, unsettled = went(_came(one), transfers)
    return [*one[:_OF_REFERRAL], elsewhere, None if unsettled is None else list(unsettled)]


def _came(referral: Sequence[Json]) -> Came:
    position, first, last, reason, *_ = referral
    return Came(position, first, last, began=reason is None)


def _alone(
    enquiry: Came, transfers: Sequence[Transfer], concerns: FactRow
) -> tuple[str, int] | None:
    """That an enquiry was begun after a transfer took along every concern there had been."""
    own = [_came(one) for one in concerns.referrals if one[3] in COUNTS]
    had = [one for one in own if one.position < enquiry.position]
    for each in _left_behind(enquiry, transfers):
        if all(goes_along(one, each) for one in had):
            return ALONE, each.position
    return None
