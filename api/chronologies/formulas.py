"""Which cells of a sheet are formulas that no spreadsheet program has reckoned yet.

A program that writes workbooks without reckoning (most that are no spreadsheet) leaves a formula
without its value. Read as a value that is an empty cell, so it has to be looked for in the XML.
"""

from __future__ import annotations

from typing import IO, Any, Final

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def unreckoned(part: IO[bytes]) -> frozenset[tuple[int, int]]:
    """The row and column, from 1, of each formula without a value in the XML of a sheet.

    A text of no letters that was reckoned is a value (ECMA-376 Part 1, 18.3.1.4: of type `str`).
    """
    from openpyxl.utils.cell import coordinate_to_tuple  # noqa: PLC0415 — as in `workbook`
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415 — as in `workbook`

    found = set[tuple[int, int]]()
    row = 0
    for _event, element in iterparse(part):
        if element.tag != f"{_MAIN}row":
            continue
        row, column = int(float(element.get("r") or row + 1)), 0
        for cell in element.iterfind(f"{_MAIN}c"):
            stated = cell.get("r")
            row, column = coordinate_to_tuple(stated) if stated else (row, column + 1)
            if _waits(cell):
                found.add((row, column))
        element.clear()
    return frozenset(found)


def _waits(cell: Any) -> bool:  # noqa: ANN401 — an element of whichever parser
    if cell.find(f"{_MAIN}f") is None:
        return False
    value = cell.find(f"{_MAIN}v")
    return value is None or (not value.text and cell.get("t") != "str")
