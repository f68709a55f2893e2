"""Finding a person by name, without a name in clear: words of names as keyed tokens.

A token is HMAC-SHA-256 of a normalised word under the search key: without the key the table tells
only which people share a word of a name. It is UNLOGGED: it never reaches the write-ahead log nor
a copy of the database's files; a crash empties it together with its tracking, and its follower
begins again. It shows the present alone: a name that changed, was taken back by a correction or was
forgotten leaves no row, and after an erasure no byte of one: whoever holds the key could else try
names against what the database's files still have of the dead.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.words import Passage, Personal
from projections.corrected import PERSON_CORRECTED, concerns, standing
from projections.projection import Changes, Current, Json, Key, Projection, Seen, target_of

NAME: Final = "people_tokens"
_NAMES: Final = ("name", "known_as")
_DETAILS: Final = frozenset({"person-registered", "person-details-recorded"})
_WITHIN: Final = "'\u2019"  # apostrophes, straight and curled
_OWN: Final = "person-erased"  # in the person's own stream
ERASED: Final = frozenset({"personal-data-erased", _OWN})


class TokensRow(NamedTuple):
    """The tokens of one name of a person."""

    tokens: Sequence[str]


def people(key: bytes) -> Projection:
    """The projection of name tokens under a search key; its follower is given `unseal`.

    A key is a person and which of their names it is. A passage that is forgotten has no tokens.
    """

    def fold(seen: Seen, current: Current) -> Changes:
        del current
        if seen.name in ERASED:
            return [(one, None) for one in _forgotten(seen)]
        told = dict(zip(_told(seen), seen.opened, strict=True))
        return [(one, _row(key, told[one[1]]) if one[1] in told else None) for one in touches(seen)]

    return Projection(
        name=NAME,
        version=5,
        events=_DETAILS | ERASED | {PERSON_CORRECTED},
        recalls=ERASED | {PERSON_CORRECTED},
        names=_named,
        forgets=ERASED,
        key={"person": "uuid", "name": "text"},
        columns={"tokens": "jsonb"},
        row=TokensRow,
        indexes=("USING gin (tokens)",),
        touches=touches,
        fold=fold,
        opens=opens,
        history=False,
    )


def touches(seen: Seen) -> Iterable[Key]:
    """The names an event gives; every name of whoever was erased, in part too, or corrected."""
    if seen.name in ERASED:
        person = None if seen.data["scope"] == "case" else _whose(seen)
        return () if person is None else tuple((person, name) for name in _NAMES)
    if seen.name == PERSON_CORRECTED:
        return tuple((seen.stream, name) for name in _NAMES) if concerns(seen) else ()
    return tuple((seen.stream, name) for name in _told(seen))


def _named(seen: Seen) -> tuple[str, int] | None:
    """The event that a correction is of, or the one whose passages were erased."""
    if seen.name not in ERASED:
        return target_of(seen)
    person, target = _whose(seen), seen.data.get("target")
    if seen.data["scope"] != "passage" or person is None or target is None:
        return None
    return person, target


def _whose(seen: Seen) -> str | None:
    """Whose data an erasure took: in a person's own stream, theirs."""
    return seen.stream if seen.name == _OWN else seen.data.get("person")


def _forgotten(seen: Seen) -> Iterable[Key]:
    """The names an erasure takes: all of a person's, or those that one event was the last to give.

    An earlier name does not find again where a later one is forgotten: it was replaced. What is
    forgotten is told from the event, not from the key, which may be destroyed a moment later.
    """
    place = _named(seen)
    if seen.data["scope"] == "passage" and place is None:
        return ()
    if place is None:
        return touches(seen)
    last = {
        name: one.version
        for one in standing(seen.earlier)
        if one.name in _DETAILS
        for name in _names(one)
    }
    return [(place[0], name) for name, version in last.items() if version == place[1]]


def opens(seen: Seen) -> Sequence[Json]:
    """The sealed names of an event, as `_told` has them."""
    return () if seen.name in ERASED else tuple(_told(seen).values())


def _told(seen: Seen) -> Mapping[str, Json]:
    """The sealed names an event gives; after a correction, the last of those that still stand."""
    told = [seen]
    if seen.name == PERSON_CORRECTED:
        told = [one for one in standing([*seen.earlier, seen]) if one.name in _DETAILS]
    return {name: said for one in told for name, said in _names(one).items()}


def _names(seen: Seen) -> Mapping[str, Json]:
    details = seen.data["details"]
    return {name: details[name] for name in _NAMES if name in details}


def tokens(key: bytes, text: str) -> list[str]:
    """The tokens of the words of a name, each once, in an order that tells nothing."""
    return sorted(
        {
            hmac.new(key, b"name\x1f" + word.encode(), hashlib.sha256).hexdigest()[:32]
            for word in words(text)
        }
    )


def words(text: str) -> list[str]:
    """The words of a name as they are compared: no case, no accents, no punctuation.

    An apostrophe is dropped within a word (`O'Neil` is `oneil`), a hyphen parts two.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(map(_compared, plain)).split()


def _compared(letter: str) -> str:
    if letter in _WITHIN or unicodedata.combining(letter):
        return ""
    return letter if letter.isalnum() else " "


def search(conn: Connection[Any], key: bytes, text: str, *, limit: int = 50) -> list[UUID]:
    """The people whose names together have every word of a text; none for a text without words."""
    wanted = tokens(key, text)
    if not wanted:
        return []
    rows = conn.execute(
        "SELECT person FROM views.people_tokens p, jsonb_array_elements_text(tokens) AS token"
        " WHERE person IN (SELECT person FROM views.people_tokens WHERE tokens ? %s)"
        " AND token = ANY(%s) GROUP BY person HAVING count(DISTINCT token) = %s"
        " ORDER BY person LIMIT %s",
        (wanted[0], wanted, len(wanted), limit),
    ).fetchall()
    return [row[0] for row in rows]


def _row(key: bytes, passage: Passage) -> TokensRow | None:
    return TokensRow(tokens(key, passage.text)) if isinstance(passage, Personal) else None
