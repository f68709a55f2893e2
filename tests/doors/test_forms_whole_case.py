"""Whole cases told by forms alone: each command is the one that the same request by JSON is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from tests.conftest import Database
from tests.doors import case_in_england, case_in_scotland
from tests.doors.conftest import Doors, opened_doors
from tests.doors.filling import fill, get_form, send
from tests.doors.scripted import Script, an_office


@dataclass(slots=True)
class ByForms(Doors):
    """Somebody at the door who only fills in forms."""

    def post(
        self,
        path: str,
        body: Any,  # noqa: ANN401 — any JSON
        *,
        version: int | str | None = None,
        key: str | None = None,
        **headers: str,
    ) -> Response:
        """Fill in the form of a command and record it; then ask what it came to by JSON.

        The same request under the form's id is answered again only where it is the same to its
        last byte: what the form recorded is what the request would have.
        """
        assert key is None
        told = {name: value for name, value in body.items() if value != []}
        form = get_form(self, form_of(path), **headers)
        form, pairs = fill(self, form, told, **headers)
        done = send(self, form, "record", pairs, **headers)
        assert done.status_code == 303, (path, done.text)
        sent = form.hidden("key")
        again = Doors.post(self, path, told, version=version, key=sent, **headers)
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true"), path
        again.status_code = 201
        return again


def form_of(path: str) -> str:
    """Give the address of the form of a route."""
    begins = {"/v1/cases": "/record/receive-referral", "/v1/persons": "/record/register-person"}
    if path in begins:
        return begins[path]
    stream, _, name = path.removeprefix("/v1").rpartition("/")
    return f"{stream}/record/{name}"


@pytest.fixture
def by_forms(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[ByForms]:
    """Give the doors of an office of a nation to somebody who only fills in forms."""
    nation, received = request.param
    with an_office(database, tmp_path, nation, received) as office, opened_doors(office) as doors:
        yield ByForms(doors.office, doors.client, doors.followers)


ENGLAND = ("england", case_in_england.RECEIVED)
SCOTLAND = ("scotland", case_in_scotland.FIRST)


@pytest.mark.parametrize("by_forms", [ENGLAND], indirect=True)
def test_a_case_is_told_by_forms_up_to_its_conference(by_forms: ByForms) -> None:
    """Person, referral, duty, enquiry, assessments and the report, form by form."""
    case = case_in_england.began(by_forms)
    _nothing_is_left_over(by_forms, case)
    assert "investigation-report-submitted" in case.names()


@pytest.mark.long
@pytest.mark.parametrize("by_forms", [ENGLAND, SCOTLAND], indirect=True)
def test_a_whole_case_is_told_by_forms(by_forms: ByForms) -> None:
    """From the referral to the closing, in both nations, with nobody sending any JSON."""
    nation = by_forms.office.jurisdiction.code
    told = case_in_england.closed if nation == "england" else case_in_scotland.closed
    case = told(by_forms)
    _nothing_is_left_over(by_forms, case)
    assert case.names()[-1:] or case.summary()


def _nothing_is_left_over(doors: ByForms, case: Script) -> None:
    """Every draft that pressing for rows made went as its form was recorded."""
    assert case.names()
    for role in ("practitioner", "chair", "minute_taker", "manager"):
        page = doors.client.get("/drafts", headers={"Holdfast-Role": role}).text
        assert "There are none." in page, role
