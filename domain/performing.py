"""Who did a thing, and who else an entry names: workers the record knows, or a slip.

Any event may name somebody else as who did it, and many name who chairs, decides, approves or is to
act. That they are registered workers is looked up as it is recorded and kept in its header, so that
a case needs nothing but itself; it is no refusal, since the integrity rules ask that an actor is
there (I2) and not that the record has met them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, cast, get_args, get_type_hints

from domain.finding import Finding
from domain.stage import Mark, found, mark
from domain.words import Fact, WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Somebody this record did not know: who did a thing, or is named in it by a reference."""

    at: Mark
    worker: WorkerRef | None = None  # None of who did it
    named_as: str = ""  # the field that names them, in words


def workers(value: object, field: str = "") -> Iterator[tuple[WorkerRef, str]]:
    """Every worker that a command or an event names, at any depth, with the field that does."""
    if isinstance(value, tuple):
        for member in value:
            yield from workers(member, field)
    elif is_dataclass(value) and not isinstance(value, type):
        for name, names_one in _fields(cast("Hashable", type(value))).items():
            content = getattr(value, name)
            if not names_one:
                yield from workers(content, name)
            elif content is not None:
                refs = content if isinstance(content, tuple) else (content,)
                yield from ((WorkerRef(one), name) for one in refs)


@cache
def _fields(cls: Any) -> Mapping[str, bool]:  # noqa: ANN401 — a class; mypy knows none as hashable
    """The fields of a class, and whether each is a reference to a worker."""
    return {
        name: WorkerRef in {hint, *get_args(hint)} for name, hint in get_type_hints(cls).items()
    }


def by_strangers(fact: Fact[Any]) -> tuple[Stranger, ...]:
    """Whoever did it, and is named in it, and was not registered as it was recorded."""
    header, at = fact.header, mark(fact)
    did = (Stranger(at=at),) if header.performer_unknown else ()
    if not header.unknown_workers:
        return did
    unknown, named = set(header.unknown_workers), dict[WorkerRef, str]()
    for worker, field in workers(fact.event):
        if worker in unknown:
            named.setdefault(worker, field.replace("_", " "))
    return (
        *did,
        *(Stranger(at=at, worker=worker, named_as=field) for worker, field in named.items()),
    )


def unrecognised(strangers: Iterable[Stranger]) -> Iterator[Finding]:
    """Ask who a thing was done by, or names, where this record did not know them (R150)."""
    for one in strangers:
        if one.worker is None:
            words = "This is recorded as done by a worker whom this record did not know."
            yield found("performer_not_registered", "R150", "medium", words, at=one.at)
        else:
            words = f"This names a worker whom this record did not know ({one.named_as})."
            code = "named_worker_not_registered"
            yield found(code, "R150", "low", words, at=one.at, subject=one.worker)
