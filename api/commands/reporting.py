"""`holdfast return report`: the public annual report of a year, with commentary."""

from __future__ import annotations

from pathlib import Path

from api.commands import show
from api.commands.desk import at_desk
from api.commands.exporting import write
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.returns import last_ended, span_of
from api.minutes.page import rests_on
from api.returns.chapters import CHAPTERS
from api.returns.commentary import MOST, Commentary, commentary
from api.returns.making import MADE_UP
from api.returns.reporting import MEDIA, file_of, gather
from domain.refusal import Refused
from domain.words import Code
from projections.returns.reading import views

_LAST = "last"


def report(asking: Asking, year: str, then: Then, file: Path | None, comments: Path | None) -> None:
    """Write the report into files that are not there yet.

    Raises:
        Refused: a file of that name is there, an option is not understood, or the commentary is of
            no chapter.
        NotFound: the nation has no return for that year here.
    """
    kinds = [*MEDIA] if file is None else [file.suffix.lower().removeprefix(".")]
    if kinds[0] not in MEDIA:
        raise Refused("option", "usage", f"The file is to end in one of {', '.join(MEDIA)}.")
    if file is not None and not file.parent.is_dir():
        raise Refused("option", "usage", "There is no such folder to write into.")
    typed = None if year == _LAST else span_of(year)
    with at_desk(asking) as desk:
        desk.must("return")
        nation = desk.office.jurisdiction.code
        said = _read(comments, nation)
        of = last_ended(desk.today) if typed is None else typed
        clocks = desk.clocks(then)
        up_to_date(desk.office, views(nation))
        found = gather(desk.office, of, clocks.as_at, clocks.on, desk.basis)
        files = {kind: file or Path(found.name(kind)) for kind in kinds}
        if any(one.exists() for one in files.values()):
            raise Refused("option", "usage", "A file of that name is there already.")
        desk.viewed("return", as_at=found.as_at)
        rests = desk.rests()
        whole = found.report(rests_on(desk.basis.named()), said)
        contents = {kind: file_of(desk.office, kind, whole) for kind in kinds}
    for kind, each in files.items():
        write(each, contents[kind], private=False)
        show.say(f"{MADE_UP + ' ' if found.simulated else ''}{each}: {whole.about.title}.")
    rests.beside()


def _read(comments: Path | None, nation: Code) -> Commentary | None:
    """The commentary of a file. Raises Refused."""
    if comments is None:
        return None
    try:
        with comments.open("rb") as opened:
            content = opened.read(MOST + 1)
    except OSError:
        raise Refused("option", "usage", "--commentary: that file cannot be read.") from None
    try:
        return commentary(content, CHAPTERS[nation])
    except Refused as refused:
        raise Refused("option", "usage", f"--commentary: {refused.detail}") from None
