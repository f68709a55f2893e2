"""A page as PDF/UA-1: tagged, with its language and title, the same bytes for the same page.

Only the fonts the typesetter carries are used, so that no machine's own change the bytes. What the
page says is handed over as data and never becomes markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import typst

from api.minutes.page import AUTHOR, LANGUAGE, Page, Section

MEDIA: Final = "application/pdf"
_SOURCE: Final = """
#let page-data = json(bytes(sys.inputs.page))
#set document(title: page-data.title, author: page-data.author,
  date: datetime(year: page-data.year, month: page-data.month, day: page-data.day))
#set text(lang: page-data.language, region: page-data.region, size: 11pt)
#set page(paper: "a4", numbering: "1 / 1", margin: 2.2cm)
#set par(justify: false)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 2): set text(size: 13pt)
#show table.cell: set text(size: 10pt)
#show table.cell.where(y: 0): strong
#heading(level: 1, page-data.title)
#for line in page-data.lead { par(line) }
#for section in page-data.sections {
  heading(level: 2, section.title)
  for line in section.paragraphs {
    if type(line) == array { list(..line) } else { par(line) }
  }
  if section.table != none {
    table(columns: section.table.shares.map(share => share * 1fr), inset: 5pt,
      table.header(..section.table.heads),
      ..section.table.rows.flatten())
  }
}
"""


def pdf(page: Page) -> bytes:
    """Typeset a page as PDF/UA-1."""
    language, region = LANGUAGE.split("-")
    day = page.dated
    data = {
        "title": page.title,
        "lead": page.lead,
        "sections": [_section(one) for one in page.sections],
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "author": AUTHOR,
        "language": language,
        "region": region,
    }
    made = typst.compile(
        _SOURCE.encode(),
        format="pdf",
        sys_inputs={"page": json.dumps(data)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(page.dated.timestamp()),
    )
    assert isinstance(made, bytes), "a PDF is one file"  # noqa: S101 — a programmer's proof
    return made


def _section(section: Section) -> dict[str, Any]:
    data = asdict(section)
    if section.table is not None:
        data["table"]["shares"] = section.table.shares
    return data
