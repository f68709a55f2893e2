"""A policy adopted through the doors: what it moves, what it leaves, and what a file gets wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.clock import FixedClock
from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors
from tests.doors.scripted import an_office, morning
from tests.doors.test_cli import plain

NATION = "scotland-2026.3"
FILE = """\
version = "local-1"
document = "Adult protection procedures"
effective = 2026-11-10
worked = [2026-11-30]
chair_roles = ["team_manager", "independent_chair"]
[limits.initial_conference]
amount = 15
unit = "working_days"
cite = "section 4.2"

[repeat_referrals]
count = 4

[closed]
2026-12-29 = "The office is closed"
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give a Scottish office, whose conferences are due from the day of the referral."""
    with an_office(database, tmp_path, "scotland", "2026-11-10") as opened:
        yield opened


def limit(name: str, amount: int, unit: str = "working_days") -> dict[str, Any]:
    """Give a limit as a request says it."""
    return {"name": name, "amount": amount, "unit": unit, "cite": "section 4.2"}


def adopt(doors: Doors, version: str, effective: str, *limits: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401
    """Adopt a policy as a manager, on what is there; give the answer."""
    at = doors.get("/v1/policy").json()["version"]
    command = {"version": version, "effective": effective, "limits": limits, **more}
    answer = doors.post(
        "/v1/policy/adopt-policy", {"command": command}, version=at, Holdfast_Role="manager"
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def due_of(doors: Doors, case: str) -> dict[str, Any]:
    """Give the due date of a case's first conference, as it is stored."""
    (entry,) = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    due: dict[str, Any] = entry["data"]["conference_due"]
    return due


def findings(doors: Doors, case: str, **query: str | int) -> Any:  # noqa: ANN401 — any JSON
    """Give every finding of a case, judged long afterwards."""
    asked = "&".join(f"{name}={value}" for name, value in {"on": "2027-06-01", **query}.items())
    answer = doors.get(f"/v1/cases/{case}/findings?show=all&{asked}")
    assert answer.status_code == 200, answer.text
    return answer.json()


# --------------------------------------------------------------------------------- the laws


def test_adopting_changes_no_date_already_stored(doors: Doors) -> None:
    """What was recorded keeps its date and its findings; what is recorded next goes by it."""
    before = doors.case(received="2026-11-10")
    stored, judged = due_of(doors, before), findings(doors, before)
    assert (stored["on"], stored["policy"]) == ("2026-12-09", NATION)

    adopt(doors, "local-1", "2026-11-01", limit("initial_conference", 5))
    after = doors.case(received="2026-11-10")

    assert due_of(doors, before) == stored
    again = findings(doors, before)
    assert again["findings"] == judged["findings"]
    assert {one["policy"] for one in again["findings"]} == {NATION}
    due = due_of(doors, after)
    assert (due["on"], due["policy"]) == ("2026-11-17", f"{NATION}/local-1")
    overdue = [
        one for one in findings(doors, after)["findings"] if one["code"] == "conference_overdue"
    ]
    assert [one["policy"] for one in overdue] == [f"{NATION}/local-1"]
    page = doors.get(f"/cases/{after}?show=all&on=2027-06-01").text
    assert f", by {NATION}/local-1" in page


def test_an_answer_as_at_is_the_same_after_a_policy(doors: Doors) -> None:
    """As at a position before a policy, every answer is what it was before it was adopted."""
    case = doors.case(received="2026-11-10")
    position = doors.office.record.log.tail()
    judged = findings(doors, case, as_at=position)
    told = doors.get(f"/v1/policy?as_at={position}&on=2027-06-01").json()
    adopt(doors, "local-1", "2026-01-01", limit("initial_conference", 5))

    assert findings(doors, case, as_at=position) == judged
    assert judged["policy"] == NATION
    assert doors.get(f"/v1/policy?as_at={position}&on=2027-06-01").json() == told
    assert findings(doors, case)["policy"] == f"{NATION}/local-1"


def test_a_policy_holds_from_its_day(doors: Doors) -> None:
    """A policy of a day to come is shown as adopted, and nothing goes by it before that day."""
    adopt(doors, "local-1", "2026-11-20", limit("initial_conference", 5))
    shown = doors.get("/v1/policy").json()
    assert (shown["policy"], shown["in_force"]) == (NATION, None)
    assert [one["version"] for one in shown["policies"]] == ["local-1"]
    assert doors.get("/v1/policy?on=2026-11-20").json()["policy"] == f"{NATION}/local-1"

    assert due_of(doors, doors.case(received="2026-11-10"))["policy"] == NATION
    assert isinstance(doors.office.clock, FixedClock)
    doors.office.clock.move_to(morning("2026-11-20"))
    assert due_of(doors, doors.case(received="2026-11-20"))["policy"] == f"{NATION}/local-1"
    assert due_of(doors, doors.case(received="2026-11-19"))["policy"] == NATION


def test_another_process_goes_by_what_was_adopted(
    doors: Doors, database: Database, tmp_path: Path
) -> None:
    """A policy adopted in one process holds for the next command of another that runs already."""
    with an_office(database, tmp_path, "scotland", "2026-11-10") as other:
        assert other.policies.known() == ()
        adopt(doors, "local-1", "2026-11-01", limit("initial_conference", 5))
        assert [one.version for one in other.policies.known()] == ["local-1"]
        assert other.policies.known(1) == ()


# ------------------------------------------------------------------------------- the interface


def test_what_is_in_force_says_whose_each_limit_is(doors: Doors) -> None:
    """Each limit says how long, whose it is, who says so, and how it differs from the nation's."""
    limits = (limit("initial_conference", 15), limit("core_group", 8, "weeks"))
    closed = [{"day": "2026-12-29", "reason": "The office is closed"}]
    adopt(doors, "local-1", "2026-11-10", *limits, closed=closed, worked=["2026-11-30"])
    answer = doors.get("/v1/policy")
    assert answer.json()["chair_roles"]["whose"] == "nation"
    told = {one["name"]: one for one in answer.json()["limits"]}

    assert answer.headers["etag"] == '"2"'  # the opening, and the policy
    assert told["initial_conference"]["whose"] == "local"
    assert told["initial_conference"]["differs"] == "shorter"
    assert told["initial_conference"]["nation"]["amount"] == 20
    assert told["core_group"]["differs"] == "longer"
    assert (told["enquiry"]["whose"], told["enquiry"]["differs"]) == ("nation", None)
    assert told["removal_order"]["whose"] == "law"
    assert [(one["day"], one["closed"]) for one in answer.json()["days"]] == [
        ("2026-11-30", False),
        ("2026-12-29", True),
    ]


def test_only_a_manager_adopts(doors: Doors) -> None:
    """Another role is turned away; so is a version that was not read, and a limit a law sets."""
    path, command = "/v1/policy/adopt-policy", {"version": "a", "effective": "2026-11-10"}
    for role in ("practitioner", "administrator", "auditor"):
        answer = doors.post(path, {"command": command}, version=1, Holdfast_Role=role)
        assert answer.status_code == 403, role
    for version, status in ((7, 412), (None, 428)):
        answer = doors.post(path, {"command": command}, version=version, Holdfast_Role="manager")
        assert answer.status_code == status
    statutory = {**command, "limits": [limit("removal_order", 10, "calendar_days")]}
    answer = doors.post(path, {"command": statutory}, version=1, Holdfast_Role="manager")
    assert (answer.status_code, answer.json()["rule"]) == (422, "I11")
    assert doors.get("/v1/policy").json()["policies"] == []


def test_a_policy_is_about_nobody(doors: Doors) -> None:
    """What every role reads is about the authority alone: a text about a person is turned away."""
    cite = {"about": doors.person(), "text": "section 4.2"}
    limits = [{**limit("enquiry", 5), "cite": cite}]
    command = {"version": "a", "effective": "2026-11-10", "limits": limits}
    path = "/v1/policy/adopt-policy"
    answer = doors.post(path, {"command": command}, version=1, Holdfast_Role="manager")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_subject")


def test_the_same_request_adopts_once(doors: Doors) -> None:
    """A request sent again under its key is answered from the record, and leads to the policy."""
    sent = {"command": {"version": "a", "effective": "2026-11-10"}}
    path, key = "/v1/policy/adopt-policy", "one-key"
    first = doors.post(path, sent, version=1, key=key, Holdfast_Role="manager")
    again = doors.post(path, sent, version=1, key=key, Holdfast_Role="manager")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["links"]["self"] == "/v1/policy"
    assert len(doors.get("/v1/policy").json()["policies"]) == 1


# ----------------------------------------------------------------------------- the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file with a policy."""
    made = tmp_path / "policy.toml"
    made.write_text(FILE)
    return made


def adopted(cli: Cli) -> list[str]:
    """Give the versions adopted."""
    return [one["version"] for one in cli("policy", "show", "--json").json["policies"]]


def test_a_file_is_adopted_once(cli: Cli, file: Path) -> None:
    """A dry run says what would change; then it is adopted; again, it was adopted before."""
    as_manager = ("policy", "adopt", str(file), "--role", "manager")
    dry = cli(*as_manager, "--dry-run")
    assert dry.code == 0, dry.err
    assert "nothing was recorded" in plain(dry.out)
    assert adopted(cli) == []
    assert cli(*as_manager, "--from", "2026-12-01", "--dry-run", "--json").json["effective"] == (
        "2026-12-01"
    )

    done = cli(*as_manager, "--json")
    assert done.code == 0, done.err
    assert (done.json["recorded"], done.json["repeated"]) == (True, False)
    assert adopted(cli) == ["local-1"]
    again = cli(*as_manager, "--json").json
    assert (again["recorded"], again["position"]) == (False, done.json["position"])
    assert adopted(cli) == ["local-1"]
    shown = plain(cli("policy", "show", "--on", "2026-12-01").out)
    for part in (
        "/local-1",
        "15 working days",
        "section 4.2",
        "The office is closed",
        "Team manager",
    ):
        assert part in shown

    posts = '"other"]\nchair_roles_other = "Head of care"'
    file.write_text(FILE.replace('"independent_chair"]', posts).replace("local-1", "local-2"))
    assert cli(*as_manager).code == 0
    assert "head of care" in plain(cli("policy", "show", "--on", "2026-12-01").out)


@pytest.mark.parametrize(
    ("before", "instead", "told"),
    [
        ("amount = 15", "amount = fifteen", "policy.toml:7: This is no TOML"),
        ("amount = 15", 'amount = "15"', "policy.toml:7: This is a whole number"),
        ("amount = 15", "amount = 0", "policy.toml:6: A limit is one or more"),
        ("amount = 15\n", "", "policy.toml:6: This limit has no amount"),
        ("amount = 15", "amuont = 15", "policy.toml:7: This is not known here"),
        ('"working_days"', '"moons"', "policy.toml:8: This is not one of"),
        ('"section 4.2"', '""', "policy.toml:9: "),
        ("initial_conference", "removal_order", "policy.toml:6: This is not one of"),
        ('"local-1"', '"The 2026 policy"', "policy.toml:1: "),
        ('version = "local-1"\n', "", "policy.toml: It has no version"),
        ("effective = 2026-11-10\n", "", "policy.toml: It has no day it holds from"),
        ("2026-11-10", '"2026-11-10"', "policy.toml:3: This is a day of the calendar"),
        ("[2026-11-30]", "[1]", "policy.toml:4: This is a day of the calendar"),
        ('"team_manager"', "7", "policy.toml:5: This is a list of posts"),
        ('"team_manager"', '"mayor"', "policy.toml:5: This is not one of"),
        ('"team_manager"', '"other"', "Choosing other needs a few words saying what it is."),
        ("[2026-11-30]", "[2026-12-29]", "policy.toml:14: A day is said to be closed"),
        ("count = 4", "count = 0", "policy.toml:12: This has to be one or more"),
        ("2026-12-29 =", "Christmas =", "policy.toml:15: This is a day of the calendar"),
    ],
)
def test_a_wrong_file_is_told_by_its_line(
    cli: Cli, file: Path, *, before: str, instead: str, told: str
) -> None:
    """What is wrong is told with its line and not repeated; nothing is recorded."""
    assert before in FILE
    file.write_text(FILE.replace(before, instead, 1))
    said = cli("policy", "adopt", str(file), "--role", "manager")
    assert said.code == 2, said.out
    assert told in plain(said.err)
    assert "Nothing was recorded." in said.err
    assert "fifteen" not in said.err
    assert adopted(cli) == []


def test_who_may_not_and_what_is_not_there(cli: Cli, file: Path) -> None:
    """Another role, a missing file and a day that is none are refused in one line."""
    for arguments, told in (
        (("adopt", str(file)), "Who may: Manager"),
        (("adopt", f"{file}.old", "--role", "manager"), "cannot be read"),
        (("adopt", str(file), "--from", "soon"), "--from: This is a day"),
        (("show", "--on", "soon"), "--on: This is a day"),
    ):
        said = cli("policy", *arguments)
        assert (said.code, told in said.err) == (2, True), said.err
    assert adopted(cli) == []
