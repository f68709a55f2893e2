"""How answers look: tables for people, JSON for programs, notices where neither is disturbed.

Answers go to standard output and everything else to standard error, so that an answer can be piped.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, Literal

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from api.clock import SystemClock
from api.harmless import TURNING

_QUARTERS: Final = 4
_EACH_S: Final = 10.0  # between two lines that say how far something is
_PIPED: Final = 200  # columns, where nobody's window says how many there are
# What a terminal would obey instead of showing: a passage is somebody else's text.
_CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{TURNING}]")
_REFERENCE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Cell = str | int | date | None
Tell = Callable[[int, int], None]


def screen() -> Console:
    """Where answers go."""
    return Console(width=None if sys.stdout.isatty() else _PIPED, highlight=False)


def notices() -> Console:
    """Where everything else goes."""
    return Console(stderr=True, highlight=False)


def safe(cell: Cell) -> Text:
    """A value as text that is shown and never obeyed."""
    return Text("" if cell is None else _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(cell)))


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    empty: str = "none",
    stamp: str = "",
) -> None:
    """Print a table; numbers stand to the right. Nothing to show is said in words.

    `stamp` stands before the title and at the end of each row.
    """
    console = screen()
    if stamp:
        title, columns = f"{stamp}. {title}", (*columns, stamp)
        rows = [(*row, stamp) for row in rows]
    if not rows:
        console.print(safe(f"{title}: {empty}"))
        return
    shown = Table(title=safe(title), title_justify="left", header_style="bold", show_edge=False)
    for at, name in enumerate(columns):
        number = all(_is_number(row[at]) for row in rows)
        whole = all(_REFERENCE.fullmatch(str(row[at])) for row in rows)  # to be copied as it is
        justify: Literal["left", "right"] = "right" if number else "left"
        shown.add_column(name, justify=justify, overflow="fold", no_wrap=whole)
    for row in rows:
        shown.add_row(*map(safe, row))
    console.print(shown)


def lines(pairs: Sequence[tuple[str, Cell]]) -> None:
    """Print names with their values, one to a line; what has no value is left out."""
    width = max(len(name) for name, _ in pairs)
    console = screen()
    for name, value in pairs:
        if value is not None:
            console.print(Text(f"{name:<{width}}  ", style="bold"), safe(value), sep="")


def say(text: str) -> None:
    """Print one line of an answer."""
    screen().print(safe(text), soft_wrap=True)


def tell(text: str) -> None:
    """Print a line that is no part of an answer."""
    notices().print(safe(text), soft_wrap=True)


def as_json(value: Any) -> None:  # noqa: ANN401 — any JSON
    """Print an answer as JSON."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")


@contextmanager
def progress(what: str, *, aloud: bool = False) -> Iterator[Tell]:
    """Show how far something is: a bar on a terminal; elsewhere a line every ten seconds.

    There `aloud` says each quarter of the way too, so also what is soon done.
    """
    if not sys.stderr.isatty():
        yield _spoken(what, SystemClock().monotonic, quarters=aloud)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=notices(),
        transient=not aloud,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def far(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield far


def _spoken(what: str, seconds: Callable[[], float], *, quarters: bool) -> Tell:
    """Say how far it is every so many seconds; and each quarter of the way, once."""
    told, last = -1, seconds()

    def far(done: int, total: int) -> None:
        nonlocal told, last
        quarter = _QUARTERS if total == 0 else done * _QUARTERS // total
        if (quarters and quarter > told) or seconds() - last >= _EACH_S:
            told, last = quarter, seconds()
            tell(f"{what}: {done} of {total}")

    return far


def _is_number(cell: Cell) -> bool:
    """Whether a cell stands to the right: a number, one that is so at least (`5+`), or nothing."""
    return cell is None or isinstance(cell, int) or str(cell).removesuffix("+").isdigit()
