"""How much a form may hold. Each limit is said on the page before anybody meets it."""

from __future__ import annotations

from typing import Final

from api.values import LONGEST_TEXT
from domain.record.documents import MOST_BYTES

_MEBIBYTE: Final = 1 << 20
MOST_OF_A_FILE: Final = MOST_BYTES
MOST_OF_A_FORM: Final = 8 * _MEBIBYTE  # what is typed, as it is sent
# What is read of whoever is not identified, to be given back once they are: a long text, not more.
MOST_OF_NOBODYS: Final = _MEBIBYTE
MOST_OF_FILES: Final = 2 * MOST_OF_A_FILE  # of one form together
MOST_SENT: Final = 256 * _MEBIBYTE  # with files; of one too large the rest is read and not kept
MOST_MEGABYTES: Final = MOST_OF_A_FILE // _MEBIBYTE
LIMITS: Final = (
    f"A text may have up to {LONGEST_TEXT:,} characters (some 40 pages), and all the texts of a "
    f"form together {MOST_OF_A_FORM // _MEBIBYTE} MB."
)
TOO_LARGE: Final = (
    f"{LIMITS} Nothing was recorded, and what you typed could not be kept here. Your browser "
    "should still have it: go back with its Back button, then shorten the text, or record it in "
    "several parts. A file has to be chosen again."
)
NOT_READ: Final = (
    "You are not signed in any more, and what you typed is too long to be given back here. Nothing "
    "was recorded. Your browser should still have it: go back with its Back button, sign in in "
    "another window, then send it again. A file has to be chosen again."
)
FILE_TOO_LARGE: Final = (
    f"This file is too large. A file may have up to {MOST_MEGABYTES} MB, and those of one form "
    f"together {MOST_OF_FILES // _MEBIBYTE} MB: choose a smaller one, or hand it in in parts."
)
FILE_CLOSED: Final = (
    "Reading this case is restricted, and a file is kept with it only where it is open. Open it "
    "for one of the purposes below and choose the file again, or record the rest without it."
)
FILE_EMPTY: Final = "There is nothing in this file: choose another."
