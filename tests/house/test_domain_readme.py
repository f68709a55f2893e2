"""The language on one page: what the domain's README must not leave out."""

from __future__ import annotations

from pathlib import Path

from domain.catalogue import EVENTS

README = Path(__file__).parents[2] / "domain" / "README.md"


def test_every_event_stands_in_the_table_of_its_module() -> None:
    """Each event of the catalogue is listed in domain/README.md beside the module that holds it."""
    lines = README.read_text().splitlines()
    missing = []
    for kind in EVENTS.values():
        module = f"| `{kind.cls.__module__.rpartition('.')[2]}.py` |"
        rows = [line for line in lines if line.startswith(module)]
        if not any(kind.cls.__name__ in row for row in rows):
            missing.append(kind.cls.__name__)
    assert not missing
