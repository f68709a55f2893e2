"""A digest of something kept before is asked for by its own words, not as a file."""

from __future__ import annotations

from api.forms.mistakes import plainly


def test_a_missing_digest_is_not_called_a_file() -> None:
    """What is to be chosen is one of a list, or its digest; only a file is called a file."""
    assert "file" not in plainly("This is required.", "digest")
    assert plainly("This is required.", "file") == "Choose a file."
