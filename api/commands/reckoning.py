"""What is reckoned from a timeline: silences, how long between, when the adult was last seen."""

from __future__ import annotations

from collections.abc import Sequence

from api.routes.timeline import Told
from domain.when import Apart, days_apart, months_apart, years_apart


def gaps(entries: Sequence[Told], days: int) -> list[tuple[Told, Told, int]]:
    """Silences: two entries next to each other with at least so many days surely between them.

    `entries` are in order. What is at an unknown time breaks no silence.
    """
    found = []
    last: Told | None = None
    for entry in entries:
        until = entry.occurred.latest
        if until is None:
            continue
        if last is not None:
            apart = days_apart(last.occurred, entry.occurred)[0]
            if apart is not None and apart >= days:
                found.append((last, entry, apart))
        if last is None or last.occurred.latest is None or until >= last.occurred.latest:
            last = entry
    return found


def last_seen(entries: Sequence[Told]) -> Told | None:
    """The last entry, of entries in order, that says the adult was seen or heard."""
    seen = [one for one in entries if getattr(one.fact.event, "seen", None) is not None]
    return seen[-1] if seen else None


def apart(first: Told, last: Told) -> dict[str, Apart]:
    """How long it was from one entry to another, the least and the most, by unit."""
    return {
        "days": days_apart(first.occurred, last.occurred),
        "calendar months": months_apart(first.occurred, last.occurred),
        "completed years": years_apart(first.occurred, last.occurred),
    }


def in_words(apart: Apart) -> str:
    """What is certain, and no more."""
    least, most = apart
    if least == most:
        return "an unknown number of" if least is None else str(least)
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"
