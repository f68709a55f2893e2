"""Every view of an office: those anybody can make, and the name search, made with its key."""

from __future__ import annotations

from typing import Final

from api.office import Office
from projections import ALL
from projections.people import NAME, people
from projections.projection import Projection

NAMES: Final = (*(one.name for one in ALL), NAME)


def every(office: Office) -> tuple[Projection, ...]:
    """Every projection that follows an office's record."""
    return (*ALL, people(office.wrapping.search_key()))
