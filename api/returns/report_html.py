"""The public report as one page of HTML that needs nothing beside it: its styles are in it."""

from __future__ import annotations

from typing import Final

from api.minutes.page import LANGUAGE
from api.pages.page import drawn
from api.returns.report import PLACE, Report

MEDIA: Final = "text/html; charset=utf-8"


def html(whole: Report) -> bytes:
    """Write the report; the same bytes for the same report."""
    return drawn("report_file.html", report=whole, place=PLACE, language=LANGUAGE).encode()
