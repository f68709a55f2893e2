"""The time that a command or event tells in a field of its own, besides when it occurred.

A referral tells when it was `received`, a death when the person `died`, a decision its day. Whoever
sends only that has said when it happened: a door that puts this moment in its place would make the
record say what nobody said. Where both are stated and cannot both be, both stand, and are
questioned.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, Final, cast, get_args, get_type_hints

from domain.corrected import TIME_TOLD_IN, same_time
from domain.finding import Finding
from domain.stage import Mark, found, mark
from domain.when import When, between, on_day, read
from domain.words import Fact

# Days that a return or a limit counts. They follow a correction of when it happened, where that is
# another certain day (`corrected.DAY_TOLD_IN_OF`): by an uncertain time no day can be told.
DAY_TOLD_IN: Final = frozenset({"decided_on", "opened_on", "concluded_on"})
ENDED: Final = "ended"  # of a chronology's entry: it had happened by then
PARTS: Final = "parts"  # of a meeting: each may tell when it started and ended
PART: Final = "part"  # one of them, recorded by itself
TOLD_IN: Final = frozenset({*TIME_TOLD_IN.values(), *DAY_TOLD_IN, ENDED, PARTS, PART})

# What tells the day of something else: an inquiry's `opened_on` is its trigger, which may lie
# before it was begun (guidance of the Scottish dataset).
_OF_ITS_OWN: Final = frozenset({"inquiry-opened"})
# What tells the day of what it answers, which comes no later: an enquiry that ceases was asked to.
_ASKED_IN: Final = {"enquiry-ceased-at-adults-request": "requested_on"}


def field_told_in(cls: type[Any]) -> str | None:
    """The field in which commands or events of a class tell their time; None where none does.

    By its name and its type: the `parts` of a meeting have times, those of its minutes are numbers.
    """
    return _field_told_in(cast("Hashable", cls))


@cache
def _field_told_in(cls: Any) -> str | None:  # noqa: ANN401 — a class; mypy knows none as hashable
    fields = getattr(cls, "__dataclass_fields__", {})
    hints = get_type_hints(cls) if TOLD_IN & set(fields) else {}
    return next((name for name in fields if name in TOLD_IN and _tells(hints[name])), None)


def _tells(hint: Any) -> bool:  # noqa: ANN401 — an annotation is any object
    """Whether an annotation is of a time, or of parts that have one."""
    members = get_args(hint) or (hint,)
    return any(
        one in {When, date} or "started" in getattr(one, "__dataclass_fields__", {})
        for one in members
        if isinstance(one, type)
    )


def time_told(value: object) -> When | None:
    """When a command or event says in a field of its own that it happened; None: it does not.

    A meeting was held from the first beginning of its parts to their last end, in whole days; an
    entry that only tells its end had happened by then.
    """
    name = field_told_in(type(value))
    told: Any = None if name is None else getattr(value, name)
    if told is None:
        return None
    if name == PARTS:
        return _held(told)
    if name == PART:
        return _held((told,))
    if name == ENDED:
        return _by(told)
    when: When = told if isinstance(told, When) else on_day(told)
    return when


def _held(parts: Iterable[Any]) -> When | None:
    """The days of a meeting, as far as its parts tell them."""
    both = (when for part in parts for when in (part.started, part.ended))
    stated = {when.text: when for when in both if when is not None and not when.unknown}
    times: list[When] = list(stated.values())
    if not times:
        return None
    if len(times) == 1 and (times[0].uncertain or times[0].day is None):
        return times[0]
    first = min((one.first_day for one in times if one.first_day is not None), default=None)
    last = max((one.last_day for one in times if one.last_day is not None), default=None)
    if first is not None and first == last:
        return on_day(first)
    return None if first and last and last < first else between(first, last)


def _by(ended: When) -> When | None:
    """Some time up to an end; None where that is not known, or is a range already."""
    if ended.unknown or "/" in ended.text:
        return None
    return read(f"/{ended.text}")


def told_apart(fact: Fact[Any]) -> tuple[Mark, ...]:
    """The fact, where its `occurred` and the time told in it cannot both be, however they are read.

    Not where nobody stated when it occurred, so that a door set the moment of recording.
    """
    name = fact.header.name
    if name in _ASKED_IN:
        asked = on_day(getattr(fact.event, _ASKED_IN[name]))
        return (mark(fact),) if before(fact.occurred, asked) else ()
    told = None if name in _OF_ITS_OWN else time_told(fact.event)
    if told is None or same_time(fact.occurred, told, fact.recorded_at):
        return ()
    apart = before(fact.occurred, told) or before(told, fact.occurred)
    return (mark(fact),) if apart else ()


def before(one: When, other: When) -> bool:
    """Whether one time had passed for certain when the other can first have been."""
    return one.latest is not None and other.earliest is not None and one.latest < other.earliest


def certainly_before(one: When, other: When) -> bool:
    """Whether one time was before another, neither stated with a doubt its bounds do not have."""
    return before(one, other) and not any(it.text[-1:] in {"?", "~", "%"} for it in (one, other))


def questioned(marks: Iterable[Mark]) -> Iterator[Finding]:
    """Ask which of two times is right, of everything that tells two (R150)."""
    for at in marks:
        words = (
            "When this is said to have happened, and the time told in it, do not agree. If the "
            "time told in it is the wrong one, withdraw the entry and record it anew."
        )
        yield found("times_told_apart", "R150", "medium", words, at=at)
