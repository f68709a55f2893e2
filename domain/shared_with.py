"""Whom something may be shared with: each word on it, and which of them counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.stage import Mark, could_precede
from domain.words import Code, Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWith:
    """One word on whether an agency, or somebody in a part (`participant_role`), is to have it."""

    organisation: Slug | None
    role: Code | None
    agreed: bool
    at: Mark


def allowed(at: Mark, said: Iterable[SharedWith]) -> bool:
    """Say whether what was shared there may rest on one of these, all about it (R77, R82).

    The last word before the sharing counts: a consent that can have come before, and that nothing
    recorded between them took back, nor anything entered later that surely came before.
    """
    before = [one for one in said if could_precede(one.at.when, at.when)]
    taken_back = [one.at.position for one in before if not one.agreed and _stood(one.at, at)]
    last = max(taken_back, default=0)
    return any(one.agreed and one.at.position > last for one in before)


def _stood(refused: Mark, at: Mark) -> bool:
    """Whether a refusal stood when something was shared."""
    return refused.position < at.position or not could_precede(at.when, refused.when)
