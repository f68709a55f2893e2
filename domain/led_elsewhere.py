"""Who leads once a case was transferred: what is to be done in time after that, the other does.

An authority that accepted a case leads it from then, until this one accepted it back or took the
case up again; one that was asked after it and did not accept leads nothing. A transfer is of the
case it was recorded in, or split off to, and not of one in which that is read. What was late before
it stays as it was; a day that passes after it is not one of this record. What this authority has in
hand itself it still owes: that whoever referred to it, or was promised it, is told what became of
it, the minutes and decisions of its meetings, who has copies, what a person asks of their own data,
how long the case is kept, and who looks into it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.episode import Episode
from domain.finding import Finding
from domain.intake import Transfer
from domain.stage import Mark, after
from domain.words import Code, Slug

OURS: Final = Slug("council")  # what every entry calls the authority whose record this is
_OTHER: Final = {Code("receiving"): Code("sending"), Code("sending"): Code("receiving")}
Led = tuple[Mark, Mark | None]  # from when another authority led a case, and until when

# What whoever leads does for the adult, and by a day.
OF_THE_LEAD: Final = frozenset(
    {
        # That the duty is decided, and enquired into.
        *("capacity_late", "case_never_allocated", "caused_enquiry_not_returned"),
        *("caused_enquiry_without_lead", "cover_ended", "duty_decided_late", "duty_not_decided"),
        *("duty_without_enquiry", "enquiry_late", "enquiry_overdue", "information_not_received"),
        *("inquiry_started_late", "nothing_recorded", "report_not_received"),
        # That a conference meets on it, and again.
        *("conference_late", "conference_overdue", "core_group_late", "core_group_overdue"),
        *("investigation_without_conference", "not_held", "part_not_held"),
        *("report_without_conference", "review_late", "review_overdue"),
        # That what was decided is done.
        *("action_late", "action_overdue", "change_not_reported"),
        *("issue_unanswered", "no_review_date", "no_plan_since_brought"),
        *("order_carried_out_late", "order_end_late", "order_end_not_recorded"),
        *("order_not_carried_out", "order_undecided", "plan_review_late", "plan_review_overdue"),
        *("regulatory_referral_late", "regulatory_referral_overdue", "urgent_change_not_ratified"),
    }
)


def of_the_case(
    transfers: Iterable[Transfer], parted_from: Collection[UUID]
) -> tuple[Transfer, ...]:
    """Give the transfers of a case itself: its own, and those that were split off to it."""
    return tuple(one for one in transfers if one.of is None or one.of in parted_from)


def led_elsewhere(transfers: Sequence[Transfer], episodes: Iterable[Episode]) -> tuple[Led, ...]:
    """Give from when another authority led, which accepted that, and until when.

    Until this one accepted it back, or took the case up again.
    """
    ends = _ends(transfers, episodes)
    away = (one for one in transfers if one.accepted and not _comes_back(one, transfers))
    return tuple((one.at, _ended(one, ends)) for one in away)


def given_to(transfers: Sequence[Transfer], episodes: Iterable[Episode]) -> Transfer | None:
    """Give the transfer by which another authority has the lead; None where this one has it.

    The last that was accepted; where none was, the last of which nobody says that it was refused.
    """
    ends = _ends(transfers, episodes)
    given = [
        one
        for one in transfers
        if one.answer != "no" and not _comes_back(one, transfers) and _ended(one, ends) is None
    ]
    accepted = [one for one in given if one.accepted]
    return next(reversed(accepted or given), None)


def _comes_back(one: Transfer, transfers: Iterable[Transfer]) -> bool:
    """Whether it is to the authority that records here, by its own name or that of its workers."""
    return one.authority in {OURS, *(each.by for each in transfers)}


def counted_by(transfers: Iterable[Transfer]) -> Code | None:
    """Say who counts a case: `sending` is this authority, `receiving` another (R146).

    Of a transfer here, as where a case comes or comes back, the sending one is the other. One that
    was refused, or does not say who counts it, leaves what was decided before. None where no
    transfer was taken up.
    """
    told = [one for one in transfers if one.answer != "no"]
    decided = [one for one in told if one.counted_by in _OTHER]
    if not decided:
        return told[-1].counted_by if told else None
    last = decided[-1]
    return _OTHER[last.counted_by] if last.authority in {OURS, last.by} else last.counted_by


def _ends(transfers: Sequence[Transfer], episodes: Iterable[Episode]) -> tuple[Mark, ...]:
    """Where the case came to be led here again."""
    back = (one.at for one in transfers if one.accepted and _comes_back(one, transfers))
    return (*back, *(one.reopened for one in episodes))


def _ended(one: Transfer, ends: Iterable[Mark]) -> Mark | None:
    later = (it for it in ends if after(it, one.at))
    return min(later, key=lambda it: it.position, default=None)


def owed_here(one: Finding, led: Iterable[Led]) -> bool:
    """Whether what a finding asks was to be done by this authority, on the day that it passed."""
    day = one.due or (None if one.since is None else one.since.last_day)
    if one.code not in OF_THE_LEAD or day is None:
        return True
    return not any(led_on(day, since, until) for since, until in led)


def led_on(day: date, since: Mark, until: Mark | None) -> bool:
    """Whether another may have led on a day: the kindest reading counts."""
    begun, ended = since.first or since.last, None if until is None else until.last
    return begun is not None and begun <= day and (ended is None or day < ended)
