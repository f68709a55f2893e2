"""What somebody typed into a form, as it was sent: names with their texts, and rows of a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from api.problems import Problem

MOST_PAIRS: Final = 20_000
ROWS: Final = "rows"  # beside a list's name: how many rows of it are shown
ROW: Final = re.compile(r"(0|[1-9]\d{0,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """The pairs of a form, in order. Nothing of it may reach an address, a log line or an error."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_body(cls, body: bytes) -> Self:
        """What a browser sent. Raises Problem `invalid` for what no form of ours sends."""
        try:
            text = body.decode("ascii")
            pairs = parse_qsl(
                text, keep_blank_values=True, max_num_fields=MOST_PAIRS, errors="strict"
            )
        except ValueError:
            raise Problem("invalid", "This is not what a form sends.") from None
        return cls(tuple((name, value.replace("\r\n", "\n")) for name, value in pairs))

    @classmethod
    def of_draft(cls, content: bytes) -> Self:
        """What was kept of a form."""
        return cls(tuple((name, value) for name, value in json.loads(content)))

    def draft(self) -> bytes:
        """What is to be kept of it."""
        return json.dumps(self.pairs).encode()

    def __repr__(self) -> str:  # what was typed must never reach a log through repr
        return f"Typed({len(self.pairs)} pairs)"

    def one(self, name: str) -> str:
        """The text under a name; empty where there is none."""
        return next((value for one, value in self.pairs if one == name), "")

    def all(self, name: str) -> list[str]:
        """Every text under a name that says anything."""
        return [value for one, value in self.pairs if one == name and value.strip()]

    def anything(self, *places: str) -> bool:
        """Whether anything was typed or chosen at these places or within them."""
        return any(
            value.strip()
            for name, value in self.pairs
            for place in places
            if (name == place or name.startswith(f"{place}.")) and not name.endswith(f".{ROWS}")
        )

    def rows(self, place: str) -> int:
        """How many rows of a list there are: those shown, and any that came besides."""
        shown = self.one(f"{place}.{ROWS}")
        count = int(shown) if ROW.fullmatch(shown) else 0
        return max([count, *(number + 1 for number in self._numbers(place))])

    def with_row(self, place: str) -> Typed:
        """The same with one more row of a list."""
        return _showing(self.pairs, place, self.rows(place) + 1)

    def without_row(self, place: str, gone: int) -> Typed:
        """The same without one row of a list, those after it moved up."""
        moved = tuple(_moved(place, gone, self.pairs))
        return _showing(moved, place, max(0, self.rows(place) - 1))

    def without(self, names: Iterable[str]) -> Typed:
        """The same without what stands under some names."""
        left_out = set(names)
        return Typed(tuple(one for one in self.pairs if one[0] not in left_out))

    def _numbers(self, place: str) -> Iterator[int]:
        for name, _value in self.pairs:
            number = _number_in(place, name)
            if number is not None:
                yield number


def _showing(pairs: tuple[tuple[str, str], ...], place: str, count: int) -> Typed:
    """Pairs with so many rows of a list shown."""
    name = f"{place}.{ROWS}"
    return Typed((*(one for one in pairs if one[0] != name), (name, str(count))))


def _number_in(place: str, name: str) -> int | None:
    """The row of a list that a name stands in."""
    if not name.startswith(f"{place}."):
        return None
    number = name[len(place) + 1 :].partition(".")[0]
    return int(number) if ROW.fullmatch(number) else None


def _moved(place: str, gone: int, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        number = _number_in(place, name)
        if number is None or number < gone:
            yield name, value
        elif number > gone:
            before = f"{place}.{number}"
            yield f"{place}.{number - 1}{name[len(before) :]}", value


def json_bytes(body: Any) -> bytes:  # noqa: ANN401 — any JSON
    """A request's body as bytes, the same for the same body."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
