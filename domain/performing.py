"""Who did a thing, and who else an entry names: workers the record knows, or a slip.

Any event may name somebody else as who did it, and many name who chairs, decides, approves or is to
act. That they are registered workers is looked up as it is recorded and kept in its header, so that
a case needs nothing but itself; it is no refusal, since the integrity rules ask that an actor is
there (I2) and not that the record has met them.

Colleagues are often named before they first sign in. A case has met a worker once an entry of it
was recorded or done by them, or names them while they were registered: from there on nothing is
asked of what named them before. Who signs in and never comes up in the case again stays a low
question of it, since a case is judged by its own entries alone; it can be answered.
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
    worker: WorkerRef
    named_as: str = ""  # the field that names them, in words; nothing of who did it


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


def still_unmet(strangers: tuple[Stranger, ...], fact: Fact[Any]) -> tuple[Stranger, ...]:
    """Whom a case has still not met with one more fact of it, and whom that brought.

    One worker is asked about once of what names them, however often they are named.
    """
    known = _recognised(fact) if strangers else frozenset()
    left = [one for one in strangers if one.worker not in known]
    asked = {one.worker for one in left if one.named_as}
    new = (one for one in by_strangers(fact) if not (one.named_as and one.worker in asked))
    return (*left, *new)


def _recognised(fact: Fact[Any]) -> frozenset[WorkerRef]:
    """The workers who were registered as this was recorded: who did it, and is named in it."""
    header, unknown = fact.header, set(fact.header.unknown_workers)
    if header.performer_unknown:
        unknown.add(header.performed_by)
    if not getattr(fact.event, "registered", True):  # an allocation says it of its own worker
        unknown.update(one for one, _ in workers(fact.event))
    named = (one for one, _ in workers(fact.event))
    return frozenset((header.recorded_by, header.performed_by, *named)) - unknown


def by_strangers(fact: Fact[Any]) -> tuple[Stranger, ...]:
    """Whoever did it, and is named in it, and was not registered as it was recorded."""
    header, at = fact.header, mark(fact)
    did = (Stranger(at=at, worker=header.performed_by),) if header.performer_unknown else ()
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
    """Ask who a thing was done by, or names, whom the case has not met since (R150)."""
    for one in strangers:
        if not one.named_as:
            words = "This is recorded as done by a worker whom this record did not know."
            yield found("performer_not_registered", "R150", "medium", words, at=one.at)
        else:
            words = f"This names a worker whom this record did not know ({one.named_as})."
            code = "named_worker_not_registered"
            yield found(code, "R150", "low", words, at=one.at, subject=one.worker)
