"""The made-up authority's last return, filed as one is: by a manager, as known when it was due.

Where the nation's return is by quarters, the four of that year are filed, one after another. It is
the last thing a load records before the visitor comes: the figures follow from views, which are
made here for it, and whoever serves the record goes on with them.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from api.basis import basis_for
from api.clocks import Typed, read_clocks
from api.demonstration.people import Worker
from api.filing import Run, file_return
from api.office import Office
from api.routes.door import Reader
from domain.handle import local_day
from domain.words import Code
from projections.rebuild import prepare, rebuild
from projections.returns import QUARTERLY, tables_of
from projections.returns.periods import Span
from projections.returns.reading import views

_DOOR: Final = Code("cli")
_DUE: Final = (7, 1)  # month and day after which nothing of the year before is taken
_NOTE: Final = "Signed off and sent when it was due; entered here afterwards."


def last_whole(day: date) -> Span:
    """Give the last financial year that had ended before a day."""
    year = Span(year=day.year - 1)
    return year if year.period.last < day else Span(year=year.year - 1)


def file_last_year(office: Office, manager: Worker, until: datetime, command: UUID) -> bool:
    """File the return of the last whole year, or its quarters, once; whether there is one here."""
    nation, day = office.jurisdiction.code, local_day(until)
    of = last_whole(day)
    if not tables_of(nation, of):
        return False
    connect = partial(office.database.connect, "holdfast_projector")
    prepare(connect, ())
    for one in views(nation):
        rebuild(one, connect, unseal=office.record.unseal)
    due = date(of.year + 1, *_DUE)
    clocks = read_clocks(office, Typed(as_at=due.isoformat() if due < day else None))
    reader = Reader(office=office, actor=manager.actor, purpose=Code("statistics"), door=_DOOR)
    for part in of.quarters if nation in QUARTERLY else (of,):
        asked = command if part.quarter is None else uuid5(command, part.text)
        # The same in every load of these stories: nobody is to be kept from guessing what it is of.
        run = Run(id=asked, digest=sha256(asked.bytes).digest(), note=_NOTE)
        file_return(reader, part, clocks, basis_for(office, None, None, {}, place=""), run)
    return True
