"""What each nation's pages offer to be recorded: what its record takes, and nothing else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.forms.labels import title
from api.forms.stages import WITHOUT_FORM
from api.routes.commands import BEGINNING
from domain.authority import ROLES, may
from domain.catalogue import AUTHORITY, CASE, COMMANDS
from domain.jurisdictions import jurisdictions
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors
from tests.doors.filling import Form
from tests.doors.scripted import an_office
from tests.doors.test_forms_walk import asks_alike, body_of, takes_all

RECEIVED = "2026-11-02"


@pytest.fixture(params=list(jurisdictions()))
def held(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Doors, str, str]]:
    """Give the doors of an office of a nation, a case and its adult."""
    nation = request.param
    with an_office(database, tmp_path, nation, RECEIVED) as office, opened_doors(office) as doors:
        adult = doors.person(name="Ann Example")
        yield doors, doors.case(adult), adult


def places(case: str, adult: str) -> dict[str, str]:
    """Give the address of every form there is, in a nation or in another."""
    return {
        name: "/record/" + name
        if name in BEGINNING
        else f"/cases/{case}/record/{name}"
        if kind.stream == CASE
        else f"/persons/{adult}/record/{name}"
        for name, kind in COMMANDS.items()
        if kind.stream != AUTHORITY and name not in WITHOUT_FORM
    }


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.long)])
def test_a_form_is_listed_where_its_nation_has_it_and_opens(
    held: tuple[Doors, str, str], every: int
) -> None:
    """For every role: what is listed is all it may record here, and each of them is a form."""
    doors, case, adult = held
    nation, forms = doors.office.jurisdiction, places(case, adult)
    opened: set[str] = set()
    for role in ROLES:
        listed: set[str] = set()
        for page in ("/record", f"/cases/{case}/record", f"/persons/{adult}/record"):
            answer = doors.get(page, Holdfast_Role=role)
            if answer.status_code == 200:
                listed |= set(re.findall(rf'href="({page}/[a-z0-9-]+)"', answer.text))
        mine = {at for name, at in forms.items() if nation.has(name) and may(role, name)}
        assert listed <= mine, role
        if doors.get(f"/cases/{case}/record", Holdfast_Role=role).status_code == 200:
            assert {at for at in mine if "/cases/" in at} <= listed, role
        for at in sorted(listed - opened)[::every]:
            assert Form.of(doors.client.get(at, headers={"Holdfast-Role": role})).controls
        opened |= listed
    assert opened == {at for name, at in forms.items() if nation.has(name)}


def test_a_form_of_the_other_nation_leads_to_what_is_recorded_here(
    held: tuple[Doors, str, str],
) -> None:
    """Opened by its address it says whose law it is of, and what to record in its place."""
    doors, case, adult = held
    nation, forms = doors.office.jurisdiction, places(case, adult)
    other = next(one for one in jurisdictions().values() if one.code != nation.code)
    assert nation.instead
    for name, instead in nation.instead.items():
        answer = doors.get(f"{forms[name]}?purpose=legal_claim", Holdfast_Role="manager")
        assert answer.status_code == 404, name
        page = html.unescape(answer.text)
        assert f"“{title(name, other)}” is a step of {other.name}'s procedure ({other.law})" in page
        for one in instead:
            link = f'<a href="{forms[one]}?purpose=legal_claim">{title(one, nation)}</a>'
            assert link in page, (name, one)


def test_what_is_not_listed_is_refused_to_systems_as_before(held: tuple[Doors, str, str]) -> None:
    """Asked by JSON, a command of the other nation meets the rule that refuses it."""
    doors, case, _adult = held
    nation = doors.office.jurisdiction
    other = next(one for one in jurisdictions().values() if one.code != nation.code)
    for name in nation.instead:
        answer = doors.post(
            f"/v1/cases/{case}/{name}",
            {"command": body_of(name, other)["command"], "occurred": RECEIVED},
            version=1,
            Holdfast_Role="manager",
        )
        assert answer.status_code in {404, 422}, (name, answer.text)
        assert answer.json()["type"] in {"/problems/refused", "/problems/not-found"}, answer.text


def test_a_form_that_one_nation_alone_has_asks_as_by_json(
    held: tuple[Doors, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one nation alone has is a whole form there, and asks what the same request asks."""
    doors, case, adult = held
    nation, nations = doors.office.jurisdiction, jurisdictions().values()
    alone = [name for one in nations for name in one.instead if nation.has(name)]
    assert alone
    takes_all(doors, (case, adult), alone)
    asks_alike(doors, (case, adult), monkeypatch, alone)
