"""What every criticism and every refusal of the rules looks like: two tables beside the rulebook.

A test says that something is criticised or refused; its code alone. By which rules, how gravely,
since when, of which entry, and what tells it from another of its code stands in `findings.csv`, by
which rule and of which field something is refused in `refusals.csv`. Whatever the rulebook's
histories (`tests.given`) raise is held to them, wherever a test meets it. What is drawn at random
is not: it meets at one time what it does not at another, and would fail for want of a row.

    python -m tests.raised        both tables anew, from what the rulebook's tests raise: read the
                                  difference, a row of it is a change in what the record says
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import currently_in_test_context

from domain.finding import Finding
from domain.refusal import Refused

SPEC: Final = Path(__file__).parents[1] / "spec"
FINDINGS: Final = SPEC / "findings.csv"
REFUSALS: Final = SPEC / "refusals.csv"
# Of the codes, times and names that any command has; which field is in `check_codes`' own tests.
ANY_FIELD: Final = frozenset({"not_in_list", "not_a_name", "other_needs_text", "not_yet_happened"})
# Its rules are those of whatever was not considered; the first is that of the agenda.
BY_ITEM: Final = frozenset({"agenda_incomplete"})
ANY: Final = "any"
MANY: Final = 25  # kinds of entry: what hangs on more of them hangs on any
_HOW: Final = "run `python -m tests.raised` if it should be so, and read the difference"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Raised:
    """How a finding of a code is raised: a row of `findings.csv`, without the entries it hangs on.

    `since` is `due` past a due date, `latest` past one that is only the latest it can be, `time`
    since another time, and empty where none is known. `apart` names what tells it from others of
    its code and entry, and `fact` what several codes say alike.
    """

    code: str
    rules: str
    severity: str
    since: str
    apart: str
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Turned:
    """How something is refused: a row of `refusals.csv`; `field` is empty where none is named."""

    code: str
    rule: str
    field: str


@dataclass(slots=True)
class Seen:
    """What was raised and refused while the tables are made anew."""

    findings: dict[Raised, set[str]] = field(default_factory=dict)
    refusals: set[Turned] = field(default_factory=set)


_seen: list[Seen] = []  # one while the tables are made anew, and else none


def hold_finding(one: Finding, entry: str | None) -> None:
    """Hold a finding to its rows; `entry` is the stored name of the event it hangs on.

    Raises:
        AssertionError: no row of the table is of a finding like this.
    """
    if currently_in_test_context():
        return
    raised, hangs = raised_as(one), entry or ""
    if _seen:
        _seen[0].findings.setdefault(raised, set()).add(hangs)
        return
    assert raised in findings(), f"no row of {FINDINGS.name} is {raised}: {_HOW}"
    assert findings()[raised] & {hangs, ANY}, f"{one.code} hangs on {hangs or 'nothing'}: {_HOW}"


def hold_refusal(error: Refused) -> None:
    """Hold a refusal to its rows.

    Raises:
        AssertionError: no row of the table is of a refusal like this.
    """
    if currently_in_test_context():
        return
    assert error.detail, f"{error.code} says nothing to whoever asked"
    turned = turned_away(error)
    if _seen:
        _seen[0].refusals.add(turned)
        return
    assert turned in refusals(), f"no row of {REFUSALS.name} is {turned}: {_HOW}"


def raised_as(one: Finding) -> Raised:
    """How a finding is raised."""
    since = "" if one.since is None else "time"
    if one.due is not None:
        since = "latest" if one.at_latest else "due"
    told = {"subject": one.subject, "which": one.which, "counted": one.counted}
    return Raised(
        code=one.code,
        rules=f"{one.rules[0]} ..." if one.code in BY_ITEM else " ".join(one.rules),
        severity=one.severity,
        since=since,
        apart=" ".join(name for name, value in told.items() if value is not None),
        fact=one.fact or "",
    )


def turned_away(error: Refused) -> Turned:
    """How something is refused; of a field of several, and of several days, not which."""
    where = ANY if error.code in ANY_FIELD and error.field else error.field or ""
    where = re.sub(r"\[\d+\]", "[]", re.sub(r"\d{4}-\d\d-\d\d", "day", where))
    return Turned(code=error.code, rule=error.rule, field=where)


@cache
def findings() -> Mapping[Raised, frozenset[str]]:
    """The rows of `findings.csv`: how findings are raised, and on which entries they hang."""
    rows: dict[Raised, frozenset[str]] = {}
    for row in _read(FINDINGS):
        entries = row.pop("entries")
        rows[Raised(**row)] = frozenset("" if one == "-" else one for one in entries.split())
    return rows


@cache
def refusals() -> frozenset[Turned]:
    """The rows of `refusals.csv`."""
    return frozenset(Turned(**row) for row in _read(REFUSALS))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keep() -> Seen:
    """From now on keep what is raised instead of holding it to the tables."""
    _seen[:] = [Seen()]
    return _seen[0]


def write(seen: Seen) -> None:
    """Write both tables anew.

    What a row that is still raised has hung on stays in it: searches come by different entries
    each time. To begin a row afresh, take it out first.
    """
    before = findings()
    raised = (
        [
            *(one.code, one.rules, one.severity, one.since, one.apart, one.fact),
            _entries(hangs | before.get(one, frozenset())),
        ]
        for one, hangs in sorted(seen.findings.items())
    )
    names = ("code", "rules", "severity", "since", "apart", "fact", "entries")
    _write(FINDINGS, names, raised)
    turned = ([one.code, one.rule, one.field] for one in sorted(seen.refusals))
    _write(REFUSALS, ("code", "rule", "field"), turned)


def _entries(hangs: Iterable[str]) -> str:
    kinds = sorted(hangs)
    return ANY if len(kinds) > MANY or ANY in kinds else " ".join(one or "-" for one in kinds)


def _write(path: Path, names: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
