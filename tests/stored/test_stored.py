"""Every version of every event that was ever stored can still be read, and reads the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.catalogue import EVENTS
from domain.record.encoding import dump, load
from domain.stored import resolve, upcast
from domain.words import Passage, Personal

FOLDER = Path(__file__).parent


def path_of(name: str, version: int) -> Path:
    """Where the example of a version stands."""
    return FOLDER / f"{name}.v{version}.json"


def dumped(event: object) -> dict[str, Any]:
    """An event as its payload, each passage as its subject and text."""

    def plain(passage: Passage, _path: str) -> dict[str, Any]:
        assert isinstance(passage, Personal)
        return {"about": str(passage.about), "sealed": passage.text}

    return dump(event, plain)


def loaded(name: str, version: int, data: dict[str, Any]) -> object:
    """The event of an example, brought up to date."""

    def opened(sealed: Mapping[str, Any], _path: str) -> Passage:
        return Personal(UUID(sealed["about"]), sealed["sealed"])

    return load(resolve(name), upcast(name, version, data), opened)


@pytest.mark.parametrize("name", EVENTS)
def test_every_version_has_an_example(name: str) -> None:
    """Each event in the catalogue has one frozen example for each of its versions."""
    missing = [
        version
        for version in range(1, EVENTS[name].current_version + 1)
        if not path_of(name, version).exists()
    ]
    assert not missing, "run `python -m tests.stored`"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_an_example_reads_and_writes_the_same(path: Path) -> None:
    """A stored payload is read by today's class; the current version writes back the same."""
    name, _, version = path.stem.rpartition(".v")
    data = orjson.loads(path.read_bytes())
    event = loaded(name, int(version), data)
    if int(version) == EVENTS[name].current_version:
        assert dumped(event) == data
