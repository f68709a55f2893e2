"""The councils that submit the return of a year, where somebody put a list of them."""

from __future__ import annotations

from collections.abc import Mapping

from api.office import Office
from api.settings import unusable
from projections.returns.england.councils import UnreadableListError, read_list


def listed(office: Office, year: int) -> Mapping[str, str] | None:
    """Code and name of each council of a financial year; None: no list of that year was put here.

    Raises Refused: the list cannot be read.
    """
    path = office.settings.councils
    if path is None:
        return None
    try:
        return read_list(path.read_text("utf-8-sig")).get(year)
    except (OSError, UnicodeDecodeError):
        raise unusable("HOLDFAST_COUNCILS", "name a CSV file in UTF-8 that can be read") from None
    except UnreadableListError as why:
        raise unusable("HOLDFAST_COUNCILS", str(why)) from None
