"""The characters of a file: UTF-8, what Excel saves on Windows, or UTF-16 with its mark; no guess.

A file that is partly one and partly another would be read as other words than were written, and
nobody would see it before the words stood in the record. So it is refused.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from itertools import islice
from typing import Final

from domain.refusal import Refused

UTF_8: Final = "UTF-8"
UTF_16: Final = "UTF-16"
WINDOWS: Final = "Windows-1252"
_NAMED: Final = 5  # lines that a refusal names
# The Unicode Standard, table 3-7: well-formed UTF-8 of more than one byte; any other byte that is
# not ASCII is none.
_UTF_8: Final = re.compile(
    rb"[\xC2-\xDF][\x80-\xBF]"
    rb"|\xE0[\xA0-\xBF][\x80-\xBF]|\xED[\x80-\x9F][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    rb"|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)
_UTF_8_OR_NOT: Final = re.compile(_UTF_8.pattern + rb"|(?P<no>[\x80-\xFF])")
_NOT_WINDOWS: Final = re.compile(rb"[\x81\x8D\x8F\x90\x9D]")
_SAVE: Final = (
    "Open the file in the program it comes from, see that these lines are right, and save it as "
    "CSV UTF-8."
)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding it was read in.

    Raises:
        Refused: it is in two encodings at once, or in none of those that are read here; named are
            the first lines concerned, as an editor counts them, and nothing that stands in them.
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # Excel's "Unicode text"
        try:
            return content.decode("utf-16"), UTF_16
        except UnicodeDecodeError:
            raise Refused(
                "unreadable", "C.4", "This text is in a damaged UTF-16: save it as CSV UTF-8."
            ) from None
    try:
        return content.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        pass
    if _UTF_8.search(content):
        others = (found.start("no") for found in _UTF_8_OR_NOT.finditer(content) if found["no"])
        where = _lines(content, others)
        raise Refused(
            "unreadable",
            "C.4",
            f"This file is in UTF-8, and a character in {where} is not. {_SAVE}",
        )
    if _NOT_WINDOWS.search(content):
        where = _lines(content, (found.start() for found in _NOT_WINDOWS.finditer(content)))
        raise Refused(
            "unreadable",
            "C.4",
            f"This file is neither UTF-8 nor {WINDOWS}: a character in {where} is neither. {_SAVE}",
        )
    return content.decode("cp1252"), WINDOWS  # what Excel saves on Windows


def _lines(content: bytes, places: Iterable[int]) -> str:
    """The first lines, from 1, in which these places are; whether there are more."""
    end = b"\n" if b"\n" in content else b"\r"
    found, line, before = list[int](), 1, 0
    for place in places:
        line, before = line + content.count(end, before, place), place
        if line not in found[-1:]:
            found.append(line)
        if len(found) > _NAMED:
            break
    named = ", ".join(f"{one:,}" for one in islice(found, _NAMED))
    words = f"line {named}" if len(found) == 1 else f"lines {named}"
    return f"{words} and others" if len(found) > _NAMED else words
