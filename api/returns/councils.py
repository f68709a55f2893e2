"""The councils that submit the return of a year: by the list put here, else by Holdfast's own."""

from __future__ import annotations

from api.office import Office
from api.settings import unusable
from domain.refusal import Refused
from projections.returns import COUNCILS
from projections.returns.england.councils import Listed, UnreadableListError, known, read_list


def listed(office: Office, year: int) -> Listed | None:
    """The councils of a financial year; None: no list of that year is here.

    Raises Refused: the list that was put here cannot be read.
    """
    path = office.settings.councils
    if path is None:
        return known(year)
    try:
        return read_list(path.read_text("utf-8-sig")).get(year)
    except (OSError, UnicodeDecodeError):
        raise unusable("HOLDFAST_COUNCILS", "name a CSV file in UTF-8 that can be read") from None
    except UnreadableListError as why:
        raise unusable("HOLDFAST_COUNCILS", str(why)) from None


def named(office: Office, year: int, council: str) -> str:
    """The name of a council by its code in a year; empty where no list has it.

    What is made up names no council, whatever its code; nor does a list that cannot be read, which
    stops nobody who needs the figures: whoever checks or files is told of it (`listed`).
    """
    if office.simulated or not council or office.jurisdiction.code not in COUNCILS:
        return ""
    try:
        on_list = listed(office, year)
    except Refused:
        return ""
    return "" if on_list is None else on_list.names.get(council, "")
