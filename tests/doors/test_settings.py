from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import read_settings
from domain.refusal import Refused

PRIVATE = "Quillfeather"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", f"banana:{PRIVATE}"),
        ("DATABASE_URL", f"postgresql://app:{PRIVATE}@[::1/holdfast"),
        ("DATABASE_URL", f"host=here pass={PRIVATE}"),
        ("HOLDFAST_OWNER_URL", f"banana:{PRIVATE}"),
        ("HOLDFAST_PORT", "²"),
        ("HOLDFAST_PORT", "٣٣٣٣"),
        ("HOLDFAST_PORT", "0"),
        ("HOLDFAST_PORT", "65536"),
        ("HOLDFAST_PORT", "9" * 5000),
        ("HOLDFAST_PORT", "-1"),
        ("HOLDFAST_NATION", "wales"),
        ("HOLDFAST_DEMO", "welsh"),
        ("HOLDFAST_CLOSED_DAYS", "24 December"),
        ("HOLDFAST_COUNCIL", "211 or so"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(variable: str, value: str) -> None:
    """Whoever starts Holdfast is told which setting is wrong; a password in it is not repeated."""
    with pytest.raises(Refused) as refused:
        read_settings({variable: value})
    assert (refused.value.code, refused.value.rule) == ("setting", "start-up")
    assert variable in str(refused.value)
    assert PRIVATE not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_the_data_folder_is_no_file(tmp_path: Path) -> None:
    """A file where the data folder or one above it should be is said before anything starts."""
    file = tmp_path / "notes.txt"
    file.write_text("")
    for wrong in (file, file / "data"):
        with pytest.raises(Refused, match="HOLDFAST_DATA"):
            read_settings({"HOLDFAST_DATA": str(wrong)})
    assert read_settings({"HOLDFAST_DATA": str(tmp_path / "a" / "b")}).data.name == "b"


@pytest.mark.parametrize(
    "address",
    ["postgresql://app@db.example:5433/holdfast", "postgres:///x", "host=/tmp dbname=x user=app"],
)
def test_an_address_of_either_form_is_taken_as_it_is(address: str) -> None:
    """Both forms that PostgreSQL's own programs take name a database."""
    assert read_settings({"DATABASE_URL": address}).database_url == address
