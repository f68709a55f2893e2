"""What differs between nations: law, terms, lists and time limits, as one frozen value each.

No rule asks which nation it is in; it reads the value it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.words import Code

# The limits that are counted back, from a day that is planned.
COUNTED_BACK: Final = frozenset({"report_before_conference"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time limit: how long, in what unit, counted from what, and who says so."""

    amount: int
    unit: Code  # working_days | calendar_days | weeks | months | hours
    counted_from: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """One nation's law and procedure as data.

    `lists` maps a list's name to its codes and labels, in order; `terms` maps a neutral term to
    the nation's word for it; `criteria` are the codes of the duty test, all of which must hold.
    `duty_event`, `enquiry_event` and `officer_event` name the events that record those steps.
    """

    code: Code
    name: str
    law: str
    policy: str  # the version of this value; stored with every due date it sets
    adult_age: int
    subdivision: str  # of the `holidays` calendar; always given
    terms: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]
    criteria: tuple[Code, ...]
    duty_event: str
    enquiry_event: str
    officer_event: str
    duty_enquiries: tuple[Code, ...]  # of `enquiry_kind`: what is opened where there is a duty
    limits: Mapping[str, Limit]
    chair_roles: tuple[Code, ...]  # with `other`: those of `chair_posts` as well
    chair_agencies: tuple[Code, ...]  # of `chair_agency` (R194); none where no source names one
    capacity_law: str
    considers_protection_orders: bool
    considers_advocacy_first: bool  # R186: advocacy before the initial conference
    core_groups: bool
    expects_chronology: bool  # before an initial conference
    agenda: tuple[Code, ...]  # what a conference is to consider (R64 to R85), in order
    decides_abuse: bool  # whether a conference finds on each allegation
    repeat_referrals: int | None  # how many, first included (G16), within `repeat_window_months`
    repeat_window_months: int | None
    repeats_ask_for_conference: bool  # R200; where not, that something looks at them together
    enquiry_from_referral: bool  # whether its limit counts from the referral, or from its opening
    returns: tuple[str, ...]
    no_duty_results: tuple[Code, ...] = field(default=())
    # Posts on no list in which somebody may chair, in lower case; None where that was forgotten.
    chair_posts: frozenset[str] | None = frozenset()
    erasure_approvals: int = 1  # by others than who erases (L14: two people's word)
    care_regulators: tuple[Code, ...] = field(default=())  # of `regulatory_body` (R143)
    # List → its code → the broader code a return counts it under.
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # A command that this nation's law has no step for → the commands that stand in its place here.
    # Whoever asks one is refused all the same: what it needs is in a list that is empty here, or of
    # something that another of these begins.
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What the sentences of the rules call things → what this nation calls them, in this order.
    wording: tuple[tuple[str, str], ...] = ()

    def has(self, command: str) -> bool:
        """Whether this nation's procedure has the step that a command records, by its name."""
        return command not in self.instead

    def worded(self, text: str) -> str:
        """A sentence of the rules in the nation's own words."""
        for said, own in self.wording:
            text = text.replace(said, own)
        return text

    def label(self, list_name: str, code: str) -> str:
        """The words a person reads for a code; a code no list holds is shown as it stands."""
        return self.lists.get(list_name, {}).get(code, code)


def jurisdictions() -> Mapping[str, Jurisdiction]:
    """Every nation Holdfast serves, by code."""
    from domain.jurisdictions.england import ENGLAND  # noqa: PLC0415 — the values import this class
    from domain.jurisdictions.scotland import SCOTLAND  # noqa: PLC0415

    return {ENGLAND.code: ENGLAND, SCOTLAND.code: SCOTLAND}
