"""What the catalogue promises: nothing stored is plain text, nothing asked is without its rule."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, cast

import pytest

from domain.authority import ROLES, may
from domain.catalogue import COMMANDS, EVENTS
from domain.record.encoding import _codec


@pytest.mark.parametrize("name", EVENTS)
def test_no_stored_field_is_plain_text(name: str) -> None:
    """Every stored text is Personal, a reference or an enumeration: the codec knows no other."""
    _codec(cast("Any", EVENTS[name].cls))


@pytest.mark.parametrize("name", COMMANDS)
def test_somebody_may_ask_every_command(name: str) -> None:
    """Each command stands in the table of authority, with at least one role that may ask it."""
    assert any(may(role, name) for role in ROLES)


@pytest.mark.parametrize("name", [*EVENTS, *COMMANDS])
def test_stored_names_are_kebab_case(name: str) -> None:
    """A stored name is lower-case words joined by hyphens."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)


@pytest.mark.parametrize("name", EVENTS)
def test_events_are_frozen_values(name: str) -> None:
    """An event is a frozen dataclass whose fields are given by name."""
    cls = EVENTS[name].cls
    assert cls.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(cls))
