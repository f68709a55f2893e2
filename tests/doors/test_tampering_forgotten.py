"""What is made to look forgotten, and what was: an erasure answers for every key that is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.along import along
from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import Cli, Doors
from tests.doors.test_cli import CHRONOLOGIES
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import NAME, approve, erase, told
from tests.doors.test_erasure_joined import ENTRY, erase_by_last, parted
from tests.doors.test_erasure_joined import erased as case_erased
from tests.doors.test_erasure_whole import SAID, split_line
from tests.doors.test_joining import seen

Conn = psycopg.Connection[Any]
ABOUT = (
    "SELECT subject FROM keyring.data_key JOIN record.cases c ON c.stream = subject"
    " ORDER BY position DESC LIMIT 1"
)


@pytest.fixture
def kept(cli: Cli) -> None:
    """Record a case, with nothing of it forgotten."""
    path = str(CHRONOLOGIES / "june.csv")
    assert cli("import", "chronology", path, "--new-case", "--reference", "june").code == 0
    said = cli("verify", "--json")
    assert said.code == 0, said.err
    assert [one["forgotten"] for one in said.json["logs"]] == [0, 0]


@contextmanager
def keyring(database: Database) -> Iterator[Conn]:
    """Connect as a superuser, with the guards of the lists disarmed."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        for table in ("destroyed", "gone"):
            conn.execute(f"ALTER TABLE keyring.{table} DISABLE TRIGGER ALL")
        yield conn
        for table in ("destroyed", "gone"):
            conn.execute(f"ALTER TABLE keyring.{table} ENABLE TRIGGER ALL")
            for trigger in ("append_only", "never_truncated"):
                conn.execute(f"ALTER TABLE keyring.{table} ENABLE ALWAYS TRIGGER {trigger}")


def a_subject(conn: Conn, *, unrecorded: bool = False) -> None:
    """Destroy whatever opens a case, and list it as forgotten."""
    row = conn.execute(ABOUT).fetchone()
    assert row is not None
    conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", row)
    conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", row)
    conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 1, %s)", (*row, unrecorded))


def as_of_a_lost_erasure(conn: Conn) -> None:
    """Say that the erasure was lost as the record was restored; it never was."""
    a_subject(conn, unrecorded=True)


def five_passages(conn: Conn) -> None:
    """Destroy the keys of single passages, and list them."""
    row = conn.execute(ABOUT).fetchone()
    conn.execute(
        "WITH gone AS (DELETE FROM keyring.data_key WHERE id IN (SELECT id FROM keyring.data_key"
        " WHERE subject = %s LIMIT 5) RETURNING id) INSERT INTO keyring.gone SELECT id FROM gone",
        row,
    )


@pytest.mark.parametrize(
    "attack",
    [a_subject, as_of_a_lost_erasure, five_passages],
    ids=lambda attack: attack.__name__,
)
@pytest.mark.usefixtures("kept")
def test_a_forged_forgetting_is_found(
    cli: Cli, database: Database, attack: Callable[[Conn], None]
) -> None:
    """No erasure stands for it: the entry and the passage are named, and nothing is lawful."""
    with keyring(database) as conn:
        attack(conn)
    named_without_an_erasure(cli)


def named_without_an_erasure(cli: Cli) -> None:
    """Hold `verify` to what it has to say of a key that went and no erasure stands for."""
    said = cli("verify", "--json")
    assert said.code == 6
    (log,) = (one for one in said.json["logs"] if one["log"] == "cases")
    assert log["forgotten"] == 0
    assert log["missing"] > 0
    first = log["problems"][0]
    assert re.match(r"position \d+: the passage at [0-9a-f-]{36}/\d+/", first), first
    assert "no erasure" in first
    assert "lawfully" not in cli("verify").out.replace("or was lawfully forgotten", "")


@pytest.mark.usefixtures("kept")
def test_a_keeper_who_forgets_without_an_erasure_is_found(cli: Cli, database: Database) -> None:
    """The application may put the keeper's role on; with every guard armed it is still seen."""
    with psycopg.connect(database.conninfo(LOGIN), autocommit=True) as conn:
        conn.execute("SET ROLE holdfast_writer")
        row = conn.execute(ABOUT).fetchone()
        assert row is not None
        conn.execute("SET ROLE holdfast_keeper")
        conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", row)
        conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", row)
        conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 1)", row)
    named_without_an_erasure(cli)


def reopened(doors: Doors) -> tuple[str, int]:
    """Give a case that was erased, taken up again and spoken of since; and where that stands."""
    case = doors.case(doors.person(name=NAME))
    erase(doors, case, "case", 1)
    body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    assert doors.post(f"/v1/cases/{case}/reopen-case", body, version=3).status_code == 201
    return case, doors.office.record.log.tail()


def test_a_second_forgetting_of_what_was_erased_once_is_found(
    doors: Doors, cli: Cli, database: Database
) -> None:
    """An erasure takes what was recorded before its case was taken up again, and nothing since."""
    case, position = reopened(doors)
    assert cli("verify").code == 0
    with keyring(database) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", (case,))
        conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", (case,))
        conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 2)", (case,))
    said = cli("verify", "--json")
    assert said.code == 6
    (log,) = (one for one in said.json["logs"] if one["log"] == "cases")
    assert log["missing"] == 1
    assert log["problems"][0].startswith(f"position {position}: the passage at {case}/4/rationale")
    assert "no erasure" in log["problems"][0]


def test_a_second_erasure_takes_what_was_recorded_since(doors: Doors, cli: Cli) -> None:
    """Erased, taken up again and erased again: all of it is lawfully forgotten."""
    case, _position = reopened(doors)
    erase(doors, case, "case", 4)
    said = cli("verify", "--json")
    assert (said.code, said.json["logs"][0]["missing"]) == (0, 0)


def test_a_second_forgetting_of_who_was_erased_by_their_own_record_is_found(
    doors: Doors, cli: Cli, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their case was taken up again since: what is told of them from there on was not taken."""
    monkeypatch.setattr("domain.erasure._AT_ONE_MOMENT", 0)
    adult = str(doors.person(name=NAME))
    case = doors.case(adult)
    assert erased(doors, adult) == (201, "")
    body = {"command": {"reason": "new_information", "rationale": "It happened again."}}
    assert doors.post(f"/v1/cases/{case}/reopen-case", body, version=1).status_code == 201
    later = {"about": adult, "text": "They came by."}
    note = {"command": {"kind": "supplementary", "target": 1, "text": later}}
    assert doors.post(f"/v1/cases/{case}/annotate-entry", note, version=2).status_code == 201
    position = doors.office.record.log.tail()
    assert cli("verify").code == 0
    with keyring(database) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE subject = %s", (adult,))
        conn.execute("DELETE FROM keyring.subject_key WHERE subject = %s", (adult,))
        conn.execute("INSERT INTO keyring.destroyed VALUES (%s, 2)", (adult,))
    said = cli("verify", "--json")
    assert said.code == 6
    (problem,) = said.json["logs"][0]["problems"]
    assert problem.startswith(f"position {position}: the passage at {case}/3/text")
    assert "no erasure" in problem


@pytest.mark.parametrize("split", [parted, split_line], ids=["about the case", "about a person"])
@pytest.mark.parametrize("listed", [False, True], ids=["gone", "gone and listed"])
def test_what_an_erasure_left_to_another_case_is_not_lawfully_gone_by_it(
    doors: Doors,
    cli: Cli,
    database: Database,
    split: Callable[[Doors], tuple[str, ...]],
    *,
    listed: bool,
) -> None:
    """An entry that is read elsewhere stays as its case is erased: its key went by no erasure.

    Until one takes it, of the entry itself.
    """
    case, *_adult, other = split(doors)
    case_erased(doors, case)
    assert any(one in told(doors, other) for one in (ENTRY, SAID))
    assert cli("verify").code == 0
    keys = list(along(doors.office.record.log, UUID(case)).left)
    with keyring(database) as conn:
        conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (keys,))
        if listed:
            conn.execute("INSERT INTO keyring.gone SELECT unnest(%s::uuid[])", (keys,))
    said = cli("verify", "--json")
    assert said.code == 6
    (log,) = (one for one in said.json["logs"] if one["log"] == "cases")
    assert log["missing"] == len(keys)
    assert f"the passage at {case}/2/" in log["problems"][0]
    assert "no erasure" in log["problems"][0]
    assert approve(doors, case, "passage", seen(doors, case), target=2).status_code == 201
    assert erase_by_last(doors, case, "passage", target=2).status_code == 201
    assert cli("verify").code == 0
