"""A page as PDF/UA-1: tagged, with its language and title, the same bytes for the same page.

Only the fonts the typesetter carries are used and those of a folder of the authority's, so that no
machine's own change the bytes. PDF/UA-1 takes no letter without a glyph: one that no font has is
written as its number, and the page says so. What a page says is handed over as data and never
becomes markup.

A run of letters that is wider than its line is set letter by letter, so that the line breaks in it:
in boxes, which say nothing to whoever copies the text, as an invisible space would.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from api.harmless import harmless
from api.minutes.page import AUTHOR, LANGUAGE, Page, Section, numbered

MEDIA: Final = "application/pdf"
_EXPLAINED: Final = (
    "A letter that no font here has stands as its number, such as [U+1234]; the same minutes as a "
    "Word file have the letter."
)
_ONE_LETTER: Final = """
#set document(title: "A letter")
#sys.inputs.letter
"""
_SOURCE: Final = """
#let page-data = json(bytes(sys.inputs.page))
#set document(title: page-data.title, author: page-data.author,
  description: if page-data.basis == "" { none } else { page-data.basis },
  date: datetime(year: page-data.year, month: page-data.month, day: page-data.day))
#set text(lang: page-data.language, region: page-data.region, size: 11pt)
#set page(paper: "a4", numbering: "1 / 1", margin: 2.2cm, flipped: page-data.wide,
  header: if page-data.stamp == "" { none } else { text(size: 9pt, strong(page-data.stamp)) })
#set par(justify: false)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 3): set text(size: 11pt)
#show table.cell: set text(size: 10pt)
#show table.cell.where(y: 0): strong
#let room = (if page-data.wide { 29.7cm } else { 21cm }) - 2 * 2.2cm
#let fitted(said, width) = {
  let least = calc.max(2, int(width / 14pt))
  let run = regex("[^ \\t\\n\\p{Han}\\p{Hiragana}\\p{Katakana}]{" + str(least) + ",}")
  if said.match(run) == none { said } else { context {
    let at = 0
    for one in said.matches(run) {
      said.slice(at, one.start)
      if measure(one.text).width <= width { one.text }
      else if one.text.match(regex("[\\p{Arabic}\\p{Hebrew}]")) != none {
        one.text.clusters().join(sym.zws)
      } else { one.text.clusters().map(letter => box(letter)).join() }
      at = one.end
    }
    said.slice(at)
  } }
}
#heading(level: 1, page-data.title)
#for line in page-data.lead { par(fitted(line, room)) }
#for section in page-data.sections {
  heading(level: section.level, section.title)
  for (number, line) in section.paragraphs.enumerate() {
    let last = section.table != none and number + 1 == section.paragraphs.len()
    block(sticky: last, if type(line) == array {
      list(..line.map(one => fitted(one, room - 1.5cm)))
    } else { par(fitted(line, room)) })
  }
  if section.table != none {
    table(columns: section.table.shares.map(share => share * 1fr), inset: 5pt,
      table.header(..section.table.heads),
      ..section.table.rows.zip(section.table.kept).map(((row, kept)) =>
        row.zip(section.table.shares).map(((said, share)) =>
          table.cell(breakable: not kept, fitted(said, share * room - 10pt)))).flatten())
  }
}
#if page-data.basis != "" { text(size: 9pt, par(fitted(page-data.basis, room))) }
"""


def pdf(page: Page, fonts: Path | None = None) -> bytes:
    """Typeset a page as PDF/UA-1; `fonts` is a folder of more fonts than the typesetter's own."""
    language, region = LANGUAGE.split("-")
    day = page.dated
    text = {
        "title": page.title,
        "lead": page.lead,
        "sections": [_section(one) for one in page.sections],
        "basis": page.basis,
        "stamp": page.stamp,
    }
    text = _each(text, harmless)
    odd = {letter for part in _texts(text) for letter in part if not _plain(letter)}
    unknown = {ord(one): numbered(one) for one in sorted(odd) if not _has_glyph(one, fonts)}
    if unknown:
        text["lead"] = (*text["lead"], _EXPLAINED)
    data = {
        **_each(text, lambda part: part.translate(unknown)),
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "author": AUTHOR,
        "language": language,
        "region": region,
        "wide": page.wide,
    }
    return _typeset(_SOURCE, {"page": json.dumps(data)}, fonts, int(page.dated.timestamp()))


def _typeset(source: str, inputs: dict[str, str], fonts: Path | None, timestamp: int) -> bytes:
    made = typst.compile(
        source.encode(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        font_paths=typst.Fonts(
            include_system_fonts=False, font_paths=[] if fonts is None else [fonts]
        ),
        timestamp=timestamp,
    )
    assert isinstance(made, bytes), "a PDF is one file"  # noqa: S101 — a programmer's proof
    return made


@lru_cache(maxsize=4)
def _fonts(folder: Path | None) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[] if folder is None else [folder])


@lru_cache(maxsize=4096)
def _has_glyph(letter: str, fonts: Path | None) -> bool:
    """Whether any font has a letter: the typesetter is asked, four milliseconds for each once."""
    try:
        _typeset(_ONE_LETTER, {"letter": letter}, fonts, 0)
    except typst.TypstError:
        return False
    return True


def _plain(letter: str) -> bool:
    """Whether every font has a letter, or it is white space, which has no glyph."""
    return " " <= letter <= "~" or letter.isspace()


def _texts(said: Any) -> Iterator[str]:  # noqa: ANN401 — any JSON
    match said:
        case str():
            yield said
        case Mapping():
            yield from _texts(list(said.values()))
        case list() | tuple():
            for one in said:
                yield from _texts(one)
        case _:
            pass  # a number, or a table that there is not


def _each(said: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 — any JSON
    """The same with every text of it changed."""
    match said:
        case str():
            return change(said)
        case Mapping():
            return {name: _each(one, change) for name, one in said.items()}
        case list() | tuple():
            return [_each(one, change) for one in said]
        case _:
            return said


def _section(section: Section) -> dict[str, Any]:
    data = asdict(section)
    if section.table is not None:
        data["table"]["shares"] = section.table.shares
        data["table"]["kept"] = section.table.kept
    return data
