"""An agency of which no more is known than its kind of work is told with its article."""

from __future__ import annotations

import pytest

from api.story import saying


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("The housing sent apologies.", "The housing service sent apologies."),
        ("The housing: attended.", "The housing service: attended."),
        ("To the housing team (police).", "To the housing team (police)."),
        (
            "The contracts or commissioning of the council sent apologies.",
            "The contracts or commissioning service of the council sent apologies.",
        ),
        ("“Ann” was invited as housing.", "“Ann” was invited for housing."),
    ],
)
def test_an_agency_has_its_article(told: str, said: str) -> None:
    """No role that is a kind of work is told as if it were somebody."""
    assert saying._mended(told) == said
