"""What a copy of the minutes says of why something is left out, and what only the record says."""

from __future__ import annotations

import pytest

from api.minutes.left_out import LeftOut
from domain.jurisdictions import Jurisdiction
from domain.minutes import Redaction
from domain.words import Code
from tests.controls import ACTOR, NATIONS, words

KEPT = "Withheld. Decided by Femi Adair; the ground is kept in the record."


@pytest.mark.parametrize(
    ("ground", "told"),
    [
        ("third_party", "Withheld: about a third party. Decided by Femi Adair."),
        ("not_relevant", "Withheld: not needed by the recipient. Decided by Femi Adair."),
        ("criminal_investigation", KEPT),
        ("serious_harm", KEPT),
        ("referrer", KEPT),
        ("other", KEPT),
    ],
)
@pytest.mark.parametrize("nation", NATIONS, ids=lambda one: one.code)
def test_a_ground_that_gives_away_what_is_withheld_is_told_in_no_copy(
    nation: Jurisdiction, ground: str, told: str
) -> None:
    """Whoever reads it would learn of the investigation, of the fear, or of who referred (R165)."""
    other = words("The police are to search the flat.") if ground == "other" else None
    cut = Redaction(
        ground=Code(ground),
        ground_other=other,
        sections=(Code("findings"),),
        decided_by=ACTOR.worker,
    )
    copy = LeftOut(
        parts=(),
        chosen=frozenset(),
        redactions=(cut,),
        nation=nation,
        worker=lambda _: "Femi Adair",
    )
    assert copy.section("findings") == told
    assert (copy.ground(cut) in copy.cut(cut)) is (told != KEPT)
    master = LeftOut(
        parts=(), chosen=frozenset(), redactions=(), nation=nation, worker=lambda _: "Femi Adair"
    )
    assert master.cut(cut) == f"{master.ground(cut)}, decided by Femi Adair"
