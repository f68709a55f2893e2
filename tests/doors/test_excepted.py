"""An exception of access opens its case to one worker until its last day, and is named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.clock import FixedClock
from api.commands.desk import ISSUER, account
from api.identity import DEVELOPMENT
from domain.words import Code
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors
from tests.doors.scripted import an_office
from tests.doors.test_joining import asked, seen, version

COVER = {"Holdfast_Role": "practitioner", "Holdfast_Worker": "cover"}
ANALYST = {"Holdfast_Role": "analyst", "Holdfast_Worker": "cover"}


@pytest.fixture
def dated(database: Database, tmp_path: Path) -> Iterator[Doors]:
    """Give doors whose clock stands on 2 November 2026."""
    with (
        an_office(database, tmp_path, "england", "2026-11-02") as office,
        opened_doors(office) as opened,
    ):
        yield opened


def worker(doors: Doors, headers: dict[str, str]) -> str:
    """Give the reference of whoever sends these headers."""
    role = headers["Holdfast_Role"]
    subject, called = f"{role}/cover", "Development identity cover"
    return str(doors.office.worker(DEVELOPMENT, subject, called, Code(role)))


def let_in(doors: Doors, case: str, headers: dict[str, str] = COVER) -> int:
    """Let somebody into a case until 4 November; give the position of the exception."""
    grant = {"ground": "covering", "rationale": "The holder is away.", "last_day": "2026-11-04"}
    found = asked(
        doors,
        case,
        "grant-access-exception",
        version(doors, case),
        worker=worker(doors, headers),
        **grant,
    )
    return int(found["positions"][0])


def restrict(doors: Doors, case: str) -> None:
    """Restrict a case."""
    ground = {"ground": "accuracy_contested"}
    asked(doors, case, "restrict-processing", seen(doors, case), **ground)


def test_what_can_be_recorded_is_listed_under_a_restriction_and_tells_nothing(dated: Doors) -> None:
    """A restriction limits what is read and not what is recorded (I16): the list of forms opens.

    It was closed while the forms were. It is the list of any case, names nobody, and is no look.
    """
    person = dated.person(name="Ann Example")
    case, other = dated.case(person), dated.case()
    restrict(dated, case)
    before = len(dated.readings())
    closed = dated.get(f"/cases/{case}/record", **COVER)
    assert closed.status_code == 200
    assert len(dated.readings()) == before
    assert "Ann Example" not in closed.text
    assert person not in closed.text
    forms = [
        re.findall(r"/record/([a-z-]+)", page.text)
        for page in (closed, dated.get(f"/cases/{other}/record", **COVER))
    ]
    assert forms[0] == forms[1]


def test_an_exception_opens_a_restricted_case_to_one_worker_until_its_day(dated: Doors) -> None:
    """Each look names the exception; nobody else is let in, nor anybody after its day (L7, L13)."""
    person = dated.person(name="Ann Example")
    case = dated.case(person)
    restrict(dated, case)
    paths = [f"/v1/cases/{case}{one}" for one in ("", "/timeline", "/findings", "/circulation")]
    paths += [f"/cases/{case}", f"/v1/persons/{person}"]
    assert {dated.get(path, **COVER).status_code for path in paths} == {403}
    position = let_in(dated, case)
    for path in paths:
        assert dated.get(path, **COVER).status_code == 200, path
        assert position in dated.readings()[-1].exceptions, path
    other = {"Holdfast_Role": "practitioner", "Holdfast_Worker": "another"}
    assert {dated.get(path, **other).status_code for path in paths} == {403}
    assert dated.get(f"/v1/cases/{case}", Holdfast_Purpose="legal_claim").status_code == 200
    assert dated.readings()[-1].exceptions == ()
    looks = dated.get(f"/v1/cases/{case}/readings").json()["readings"]
    assert [position] in [one["exceptions"] for one in looks]

    clock = dated.office.clock
    assert isinstance(clock, FixedClock)
    clock.forward(timedelta(days=2, hours=14))  # 23:00 of its last day
    assert dated.get(paths[0], **COVER).status_code == 200
    clock.forward(timedelta(hours=2))
    assert {dated.get(path, **COVER).status_code for path in paths} == {403}


def test_an_exception_opens_a_case_to_a_role_that_reads_none(dated: Doors) -> None:
    """An analyst reads no case; one let into a case reads that one, and no other (L13)."""
    case, other = dated.case(), dated.case()
    assert dated.get(f"/v1/cases/{case}/timeline", **ANALYST).status_code == 403
    position = let_in(dated, case, ANALYST)
    assert dated.get(f"/v1/cases/{case}/timeline", **ANALYST).status_code == 200
    assert dated.readings()[-1].exceptions == (position,)
    assert dated.get(f"/v1/cases/{other}/timeline", **ANALYST).status_code == 403
    assert dated.get(f"/v1/cases/{'0' * 8}-{case[9:]}/timeline", **ANALYST).status_code == 403


def test_an_exception_that_was_not_justified_or_withdrawn_opens_nothing(dated: Doors) -> None:
    """Judged not justified, or corrected as never given, it has ended (L13)."""
    case, other = dated.case(), dated.case()
    for one, command, more in (
        (case, "review-access-exception", {"exception": 3, "judged": "not_justified"}),
        (other, "correct-record", {"target": 3, "reason": "entered_wrongly", "withdrawn": True}),
    ):
        restrict(dated, one)
        let_in(dated, one)
        assert dated.get(f"/v1/cases/{one}", **COVER).status_code == 200
        asked(dated, one, command, version(dated, one), **more)
        assert dated.get(f"/v1/cases/{one}", **COVER).status_code == 403


def test_a_case_read_with_a_restricted_one_needs_the_exception_of_that_one(dated: Doors) -> None:
    """Each restriction that stands over a case is passed by an exception of its own case (L7)."""
    person = dated.person(name="Ann Example")
    one, leading = dated.case(person), dated.case(person)
    reason = {"other": leading, "reason": "one_adult"}
    asked(dated, one, "merge-case", seen(dated, one), **reason)
    restrict(dated, one)
    asked(
        dated,
        leading,
        "grant-access-exception",
        seen(dated, leading),
        worker=worker(dated, COVER),
        last_day="2026-11-04",
    )
    assert dated.get(f"/v1/cases/{leading}", **COVER).status_code == 403
    position = let_in(dated, one)
    for case in (one, leading):
        assert dated.get(f"/v1/cases/{case}", **COVER).status_code == 200
        assert dated.readings()[-1].exceptions == (position,)
    assert dated.get(f"/v1/persons/{person}", **COVER).status_code == 200


def test_a_list_has_the_findings_of_a_case_that_somebody_was_let_into(dated: Doors) -> None:
    """Findings over cases leave a restricted one out, but for whoever was let in (L7, L13)."""
    case = dated.case()
    restrict(dated, case)
    manager = {"Holdfast_Role": "manager", "Holdfast_Worker": "cover"}
    assert dated.get("/v1/findings?show=all", **manager).json()["restricted"] == 1
    position = let_in(dated, case, manager)
    found = dated.get("/v1/findings?show=all", **manager).json()
    assert found["restricted"] == 0
    assert position in dated.readings()[-1].exceptions


def test_the_command_line_lets_in_by_the_same_exception(
    dated: Doors, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`holdfast case` of a restricted case opens to whoever was let in, and names it (L13)."""
    case = dated.case()
    asked(dated, case, "restrict-processing", 1, ground="accuracy_contested")
    monkeypatch.setattr("api.office.SystemClock", lambda: dated.office.clock)
    words = ("--role", "manager")
    refused = cli("timeline", case, *words)
    assert refused.code == 2
    assert "restricted" in refused.err
    name, role = account(), Code("manager")
    me = dated.office.worker(ISSUER, f"{os.getuid()}/{name}", name, role)
    grant = {"ground": "covering", "rationale": "The holder is away.", "last_day": "2026-11-04"}
    answer = asked(
        dated,
        case,
        "grant-access-exception",
        2,
        worker=str(me),
        **grant,
    )
    told = cli("timeline", case, *words)
    assert told.code == 0, told.err
    assert dated.readings()[-1].exceptions == (answer["positions"][0],)
    listed = cli("readings", case, *words)
    assert str(answer["positions"][0]) in listed.out
