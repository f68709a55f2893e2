"""One case by the clocks of a question: as known, as true, and as it stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from api.clocks import Clocks
from api.office import Office
from api.routes.timeline import Which
from domain.case import Case, replay
from domain.finding import Finding
from domain.words import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """A case by some clocks.

    `case` is what had certainly happened and was known; its version, and whose case it is, are
    those of `facts`: everything recorded by `as_at`. `left_out` may have happened by `as_of`, and
    may not. `restricted` is as of now: a restriction holds over the past too (I16).
    """

    clocks: Clocks
    case: Case
    facts: list[Fact[Any]]
    left_out: tuple[Fact[Any], ...]
    now: Case

    def findings(self, office: Office) -> list[Finding]:
        """What the sources would criticise; nothing where nothing had happened yet."""
        if not self.case.names:
            return []
        return list(office.handler.findings(self.case, self.clocks.on))


def stands(office: Office, reference: UUID, clocks: Clocks) -> Stands:
    """A case by the clocks. Raises NotFound where nothing of it was recorded by `as_at`."""
    now, facts = office.handler.case(reference)
    whole = now
    if clocks.as_at is not None and facts[-1].position > clocks.as_at:
        whole, facts = office.handler.case(reference, as_at=clocks.as_at)
    if not clocks.narrowed:
        return Stands(clocks=clocks, case=whole, facts=facts, left_out=(), now=now)
    certain = Which.by_clocks(clocks).certain(facts)
    case = replay(certain.facts)
    concern = replace(case.concern, adult=whole.adult)
    return Stands(
        clocks=clocks,
        # That it was brought forward holds over the past too: what lay before is not judged.
        case=replace(
            case,
            version=whole.version,
            concern=concern,
            forward=whole.forward,
            told_before=whole.told_before,
        ),
        facts=facts,
        left_out=certain.left_out,
        now=now,
    )
