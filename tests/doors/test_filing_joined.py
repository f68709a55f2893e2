"""What moved since a filing where cases were read as one since, or are no more."""

from __future__ import annotations

from typing import Any

from projections.returns.difference import AS_ONE
from tests.doors.conftest import Cli, Doors
from tests.doors.test_filing import AS, MANAGER, a_case, file, told

PEOPLE = ("SG1a", "SG1b", "SG1c")


def ask(doors: Doors, case: str, name: str, **command: str) -> None:
    """Ask something of a case as it stands, as a manager."""
    seen = doors.get(f"/v1/cases/{case}", **MANAGER).headers["etag"].strip('"')
    answer = doors.post(f"/v1/cases/{case}/{name}", {"command": command}, version=seen, **MANAGER)
    assert answer.status_code == 201, answer.text


def moved(doors: Doors, filed: dict[str, Any]) -> list[tuple[str | None, ...]]:
    """Give of each row of people its table, its case, and why it is and was left out."""
    doors.catch_up()
    rows = told(doors, filed["links"]["difference"])["moved"]
    names = ("table", "case", "left_out", "was_left_out")
    return [tuple(one[name] for name in names) for one in rows if one["table"] in PEOPLE]


def test_an_adult_is_told_as_counted_in_the_other_case(doors: Doors, cli: Cli) -> None:
    """Two found to be one are counted by one case, which the other names, unless it is closed."""
    one = a_case(doors, doors.person(name="Ann Example", date_of_birth="1950-01-01"))
    other = a_case(doors, doors.person(name="Anne Example", date_of_birth="1940-01-01"))
    first = file(doors)
    ask(doors, other, "merge-case", other=one, reason="one_adult")
    assert moved(doors, first) == [(each, other, f"{AS_ONE}: {one}", None) for each in PEOPLE]
    second = file(doors)
    ask(doors, other, "unmerge-case", other=one)
    assert moved(doors, second) == [(each, other, None, f"{AS_ONE}: {one}") for each in PEOPLE]
    ask(doors, one, "restrict-processing", ground="accuracy_contested")
    assert moved(doors, second) == [(each, other, None, AS_ONE) for each in PEOPLE]
    for follower in doors.followers:
        follower.close()
    said = cli("return", "diff", "2025-26", *AS).out
    assert (AS_ONE in said, one in said) == (True, False)
