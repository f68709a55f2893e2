"""What is to be looked at before a return is sent, told alike at every door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.returns.making import MADE_UP, Made
from api.routes.door import Reader
from api.routes.people import open_among
from projections.returns import CHECKED
from projections.returns.longform import Place, stamp
from projections.returns.unready import Unready
from projections.returns.validation import FAILED, Checked, Outcome, Sent, refused, validate
from projections.returns.variance import Change, changes

NO_RULES: Final = (
    "No rule is known here by which this nation's return is checked before it is sent."
)
# How a rule came out, as people read it.
OUTCOMES: Final[Mapping[Outcome, str]] = {
    "passed": "passed",
    "failed": "failed",
    "not_checked": "not checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The rules, what is to be put right, and what differs from the year before."""

    sent: Sent
    rules: tuple[Checked, ...]
    unready: tuple[Unready, ...]  # all of it; what is shown of it goes by whose cases they are
    variance: tuple[Change, ...]

    @property
    def refused(self) -> bool:
        """Whether a hard rule does not hold, so that the return would be refused."""
        return refused(self.rules)

    @property
    def clean(self) -> bool:
        """Whether no rule failed and nothing is to be put right."""
        return not self.unready and all(one.outcome != FAILED for one in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be put right that may be told, and how much more there is.

    Of cases that are restricted, and of a person's own details where these may not be read.
    """

    exceptions: Sequence[Unready]
    restricted: int


def shown_to(reader: Reader, part: Iterable[Unready]) -> Shown:
    """What of some of it may be told to whoever asks: their cases, and a person's own details."""
    every = list(part)
    details = reader.reads("details")
    opened = open_among(reader, (one for one in every if details or not one.personal))
    return Shown(exceptions=opened, restricted=len(every) - len(opened))


def check(made: Made, sent: Sent) -> Checks:
    """Test the nation's rules, find what is to be put right, and compare with the year before."""
    last = () if sent.last is None else sent.last
    return Checks(
        sent=sent,
        rules=validate(sent, CHECKED.get(made.nation, ())),
        unready=made.exceptions(),
        variance=changes(sent.cells, last, percent=sent.percent, smallest=sent.smallest),
    )


def told(made: Made, checks: Checks, shown: Shown) -> dict[str, Any]:
    """The checks as JSON."""
    made_up = stamp(simulated=made.simulated)
    return {
        **heading(made),
        "refused": checks.refused,
        "clean": checks.clean,
        "rules": [{**_rule(one), **made_up} for one in checks.rules],
        "exceptions": [{**_exception(one), **made_up} for one in shown.exceptions],
        "restricted": shown.restricted,
        "count": len(checks.unready),
        "variance": {
            "percent": checks.sent.percent,
            "smallest": checks.sent.smallest,
            "compared": made.compared,
            "changes": [
                {
                    **place_told(one.place),
                    "last": one.last,
                    "now": one.now,
                    "percent": one.percent,
                    **made_up,
                }
                for one in checks.variance
            ],
        },
    }


def heading(made: Made) -> dict[str, Any]:
    """What every answer about a whole return begins with; a made-up one says so."""
    said: dict[str, Any] = {"simulated": made.simulated, **stamp(simulated=made.simulated)}
    if made.simulated:
        said["note"] = MADE_UP
    return {
        "year": made.of.year,
        "period": made.label,
        "first": made.period.first,
        "last": made.period.last,
        **said,
        "as_at": made.as_at,
    }


def place_told(place: Place) -> dict[str, str]:
    """Where a figure stands, as JSON."""
    return place._asdict()


def _rule(one: Checked) -> dict[str, Any]:
    return {
        "rule": one.rule.number,
        "hard": one.rule.hard,
        "basis": one.rule.basis,
        "holds": one.rule.holds,
        "outcome": one.outcome,
        "faults": [
            {"says": fault.says, "cells": [place_told(each) for each in fault.cells]}
            for fault in one.faults
        ],
        "missing": one.missing,
        "remedy": one.rule.remedy if one.outcome == FAILED else None,
    }


def _exception(one: Unready) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "table": one.table,
        "case": one.case,
        "subject": one.subject,
        "position": one.position,
        "says": one.says,
        "remedy": one.remedy,
        "links": {"case": f"/v1/cases/{one.case}"},
    }


def by_kind(exceptions: Sequence[Unready]) -> Mapping[str, int]:
    """How many of what is to be put right say the same."""
    found: dict[str, int] = {}
    for one in exceptions:
        found[one.says] = found.get(one.says, 0) + 1
    return found
