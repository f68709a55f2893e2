"""What is left out of a good case, and recorded last of all, is not missing any more."""

from __future__ import annotations

import pytest

from domain.jurisdictions import Jurisdiction
from tests.clearing import rows
from tests.controls import NATIONS
from tests.given import At, Given, given
from tests.spec.law.test_what_tells_findings_apart import good_events

# What comes after the minutes were drafted is not in them, but in a draft made anew.
IN_THE_DRAFT = {"decision_not_in_minutes"}
EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


def without(nation: Jurisdiction, number: int) -> tuple[Given, At]:
    """Give a good case with one of its entries left out, and that entry on its last day."""
    events = good_events(nation.code)
    left = events[number]
    rest = given(jurisdiction=nation).also(*events[:number], *events[number + 1 :])
    return rest, At(events[-1].day, left.event, left.occurred, left.by, left.source)


@EACH_NATION
def test_what_is_recorded_last_is_not_missing(nation: Jurisdiction) -> None:
    """What an entry left out leaves to criticise it ends when it comes, or that has its reason."""
    stands = {code for code, row in rows().items() if row.stands}
    left = dict[str, str]()
    for number in range(1, len(good_events(nation.code))):
        rest, late = without(nation, number)
        missing = {one.code for one in rest.findings()}
        after = {one.code for one in rest.also(late).findings()}
        for code in (missing & after) - stands:
            left[code] = type(late.event).__name__
    assert left.keys() <= IN_THE_DRAFT
