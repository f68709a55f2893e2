"""What an action agreed apart from the terms of a plan is: for whom, of what kind, and whose."""

from __future__ import annotations

from dataclasses import dataclass

from domain.stage import Mark
from domain.words import Code, OutcomeRef, PlanRef, Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One such action; `plan` is the one it was added to, None where it belongs to none."""

    plan: PlanRef | None
    target: Code
    kind: Code
    owner: Slug | None
    outcome: OutcomeRef | None
    at: Mark
