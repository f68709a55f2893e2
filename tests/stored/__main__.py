"""Write the examples that are missing: `python -m tests.stored`. An existing one is never touched.

An example that no longer fits its class means the shape changed: that is a new version of the
event, with an upcaster and a second file. `tests/released` holds those of a release to their digest;
one that no release has yet is deleted and made anew, with the reason in the commit.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson

from domain.catalogue import EVENTS
from domain.jurisdictions import jurisdictions
from domain.when import When, on_day
from domain.words import Code, Digest, Forgotten, Personal, Slug
from tests.stored.test_stored import FOLDER, dumped, path_of

NATIONS = tuple(jurisdictions().values())


def example(cls: type, numbers: count[int]) -> Any:
    """An instance with every field filled, the same each time."""
    hints = typing.get_type_hints(cls)
    values = {}
    for field in dataclasses.fields(cls):
        name = field.metadata.get("list")
        codes = [code for nation in NATIONS for code in nation.lists.get(str(name), ())]
        values[field.name] = value(hints[field.name], codes[0] if codes else "plain_code", numbers)
    return cls(**values)


def value(hint: Any, code: str, numbers: count[int]) -> Any:
    """A value of an annotation."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        members = [one for one in typing.get_args(hint) if one not in (type(None), Forgotten)]
        return value(members[0], code, numbers)
    if origin is tuple:
        return (value(typing.get_args(hint)[0], code, numbers),)
    if dataclasses.is_dataclass(hint) and hint is not Personal and hint is not When:
        return example(typing.cast("type", hint), numbers)
    number = next(numbers)
    plain: dict[Any, Any] = {
        bool: True,
        int: number,
        UUID: UUID(int=number),
        Code: Code(code),
        Slug: Slug(f"place-{number}"),
        Digest: Digest(f"{number:064x}"),
        date: date(2026, 11, 2),
        datetime: datetime(2026, 11, 2, 10, tzinfo=UTC),
        Personal: Personal(UUID(int=number), f"passage {number}"),
    }
    return plain[hint] if hint in plain else on_day(date(2026, 11, 2))


def main() -> None:
    """Write what is missing."""
    for name, kind in EVENTS.items():
        path = path_of(name, kind.current_version)
        if not path.exists():
            data = dumped(example(kind.cls, count(1)))
            path.write_bytes(
                orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
            )
            print(path.relative_to(FOLDER))  # noqa: T201 — it is a command


if __name__ == "__main__":
    main()
