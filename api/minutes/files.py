"""The kinds of file that minutes come as."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.minutes import pdf, word
from api.minutes.page import Page

MEDIA: Final = {"docx": word.MEDIA, "pdf": pdf.MEDIA}


def file_of(page: Page, kind: str, fonts: Path | None) -> bytes:
    """Write a page as a file of a kind, one of MEDIA; the fonts are those of the settings."""
    return word.word(page) if kind == "docx" else pdf.pdf(page, fonts)
