"""What characters a file is in is known, or it is refused: no word is read as another."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.chronologies.sheet import read_sheet
from domain.refusal import Refused

HEADINGS = "Start date,Agency,Source,Event\n"
UMLAUT = "2006-07-06,Police,Log,Asked for by Zoë in the café.\n"
SMART = "2006-07-06,Police,Log,“It\N{RIGHT SINGLE QUOTATION MARK}s £5 – no more”\n"


def written(path: Path, content: bytes) -> Path:
    """Write a file."""
    path.write_bytes(content)
    return path


def test_one_wrong_byte_does_not_change_every_other_letter(tmp_path: Path) -> None:
    """A file of UTF-8 with one byte of another encoding is refused, and told where it is."""
    content = (HEADINGS + UMLAUT * 2).encode() + UMLAUT.encode("cp1252") + UMLAUT.encode()
    with pytest.raises(Refused) as refused:
        read_sheet(written(tmp_path / "c.csv", content))
    assert "a character in line 4 is not" in refused.value.detail
    assert "save it as CSV UTF-8" in refused.value.detail
    assert "Zo" not in refused.value.detail


def test_a_mark_of_utf_8_is_believed(tmp_path: Path) -> None:
    """With a byte order mark in front, letters of another encoding are not guessed at."""
    content = b"\xef\xbb\xbf" + (HEADINGS + UMLAUT).encode("cp1252")
    with pytest.raises(Refused, match="in line 2 is not"):
        read_sheet(written(tmp_path / "c.csv", content))


def test_no_more_than_five_lines_are_named(tmp_path: Path) -> None:
    """Each once, and whether there are others."""
    content = (HEADINGS + UMLAUT).encode() + UMLAUT.encode("cp1252") * 9
    with pytest.raises(Refused, match="in lines 3, 4, 5, 6, 7 and others is not"):
        read_sheet(written(tmp_path / "c.csv", content))


@pytest.mark.parametrize("byte", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_a_byte_that_is_no_character_is_refused(tmp_path: Path, byte: bytes) -> None:
    """Windows-1252 has no character for five bytes: none is put in their place."""
    content = (HEADINGS + UMLAUT).encode("cp1252").replace(b"Zo", byte)
    with pytest.raises(Refused, match=r"a character in line 2 is neither.*CSV UTF-8"):
        read_sheet(written(tmp_path / "c.csv", content))


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp1252", "Windows-1252"),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
    ],
)
@pytest.mark.parametrize("line", [UMLAUT, SMART])
def test_a_file_in_one_encoding_is_read_and_told(
    tmp_path: Path, encoding: str, said: str, line: str
) -> None:
    """What Excel saves, whichever way, is read as it was written; the report says as what."""
    sheet = read_sheet(written(tmp_path / "c.csv", (HEADINGS + line).encode(encoding)))
    assert sheet.encoding == said
    assert [row["text"] for _number, row in sheet.rows] == [line.rstrip().split(",")[3]]
