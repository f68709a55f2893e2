"""Who leads once a case was transferred: what is to be done in time after that, the other does.

An authority that accepted a case leads it from then. What was late before that stays as it was; a
day that passes after it is not one of this record, unless the case was taken up again here. What
this authority has in hand itself it still owes: that whoever referred to it, or was promised it, is
told what became of it, the minutes and decisions of its meetings, who has copies, what a person
asks of their own data, how long the case is kept, and who looks into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from domain.episode import Episode
from domain.finding import Finding
from domain.intake import Transfer
from domain.stage import Mark, after

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


def led_elsewhere(transfers: Iterable[Transfer], episodes: Iterable[Episode]) -> tuple[Led, ...]:
    """Give from when another authority led, which accepted that, and until when.

    Until another transfer is recorded, or the case is taken up again here.
    """
    every, again = tuple(transfers), tuple(one.reopened for one in episodes)
    found = []
    for number, one in enumerate(every):
        if one.accepted:
            later = (*(it.at for it in every[number + 1 :]), *(it for it in again))
            ends = [it for it in later if after(it, one.at)]
            found.append((one.at, min(ends, key=lambda it: it.position, default=None)))
    return tuple(found)


def owed_here(one: Finding, led: Iterable[Led]) -> bool:
    """Whether what a finding asks was to be done by this authority, on the day that it passed."""
    day = one.due or (None if one.since is None else one.since.last_day)
    if one.code not in OF_THE_LEAD or day is None:
        return True
    return not any(_led_on(day, since, until) for since, until in led)


def _led_on(day: date, since: Mark, until: Mark | None) -> bool:
    """Whether another may have led on a day: the kindest reading counts."""
    begun, ended = since.first or since.last, None if until is None else until.last
    return begun is not None and begun <= day and (ended is None or day < ended)
