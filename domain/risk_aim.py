"""What a plan aims at with one of the risks it is for, to the adult or to others (R89)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.words import Code, Passage, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAim:
    """One risk: to remove it, else to minimise it; `to_others` where others are at risk by it."""

    risk: Passage
    aim: Code = listed("plan_aim", default=Code("not_recorded"))
    to_others: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
