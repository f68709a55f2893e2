"""Every command there is, by its form: nothing of its schema is missing, and it asks the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid5

import pytest

from api import schema
from api.forms.fields import BESIDE, COMMAND, DATES, Field, as_asked, asked_of
from api.forms.stages import WITHOUT_FORM
from api.routes import commands
from domain.catalogue import AUTHORITY, CASE, COMMANDS
from domain.handle import Ask
from domain.jurisdictions import Jurisdiction
from domain.refusal import Conflict
from tests.doors.conftest import Doors
from tests.doors.filling import Json, fill, get_form, send
from tests.doors.prepared import MADE_HERE

SOMEBODY = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
TIMES = ("2026-11-02", "2026-10", "2025", "2026-09?", "2026-11-02T14:30:00Z", "unknown")


def made(one: Field, nation: Jurisdiction, place: str) -> Any:  # noqa: ANN401 — any JSON
    """Give a value for a field, with all that it may hold."""
    match one.kind:
        case "group":
            return {
                each.name: made(each, nation, f"{place}.{each.name}")
                for each in as_asked(one.members)
            }
        case "list":
            (each,) = one.members
            return [made(each, nation, f"{place}.{row}") for row in range(2)]
        case "codes":
            return list(nation.lists[one.listed or ""])[:3]
        case "code" | "passage" if one.kind == "code" or one.listed is not None:
            return next(iter(nation.lists.get(one.listed or "", ())), "manager")
        case _:
            return single(one, place)


def single(one: Field, place: str) -> Any:  # noqa: ANN401 — any JSON
    """Give a value for a field that no list has."""
    number = sum(place.encode())
    match one.kind:
        case "passage":
            text = f"What {place} says,\nin two lines."
            return {"about": str(uuid5(SOMEBODY, place)), "text": text} if number % 3 else text
        case "flag":
            return number % 2 == 0
        case "number":
            return number % 9 + 1
        case "slug":
            return "north-team"
        case "digest":
            return f"{number:064x}"
        case "day":
            return f"2026-11-{number % 28 + 1:02}"
        case "time":
            return TIMES[number % len(TIMES)]
        case _:
            return str(uuid5(SOMEBODY, place))


def body_of(name: str, nation: Jurisdiction) -> Json:
    """Give a whole request for a command, with everything in it that there can be."""
    command = {one.name: made(one, nation, one.name) for one in asked_of(name)}
    if "fields" in command:  # told in the entry that begins the stream
        command["fields"] = ["received" if COMMANDS[name].stream == CASE else "details"]
    return {COMMAND: command, **{one.name: made(one, nation, one.name) for one in BESIDE}}


@pytest.fixture(scope="module")
def where(shared: Doors) -> tuple[str, str]:
    """Give a case and a person to ask commands of."""
    person = shared.person(name="Ann Example")
    case = shared.case(person)
    # What an action serves is chosen, so there is a wish to choose.
    wish = {"command": {"asked": "expressed", "words": "To stay at home."}}
    assert (
        shared.post(f"/v1/cases/{case}/record-desired-outcome", wish, version=1).status_code == 201
    )
    return case, person


def paths_of(name: str, where: tuple[str, str]) -> tuple[str, str]:
    """Give the addresses of a command's form and of its route."""
    if name in commands.BEGINNING:
        return f"/record/{name}", commands.BEGINNING[name]
    at = f"/cases/{where[0]}" if COMMANDS[name].stream == CASE else f"/persons/{where[1]}"
    return f"{at}/record/{name}", f"/v1{at}/{name}"


# A policy is adopted from a file, by the command line, or by another system.
WITH_A_FORM = [
    name for name, kind in COMMANDS.items() if kind.stream != AUTHORITY and name not in WITHOUT_FORM
]
QUICK = {f"domain.{name}" for name in ("concern", "conference", "correction", "minutes", "plan")}


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(one, marks=() if one in QUICK else pytest.mark.long)
        for one in sorted({COMMANDS[name].cls.__module__ for name in WITH_A_FORM})
    ],
)
def test_every_command_is_asked_by_its_form_as_by_json(
    shared: Doors, where: tuple[str, str], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """A form with everything in it asks what the same request by JSON asks, to its last byte."""
    of_stage = [one for one, kind in COMMANDS.items() if kind.cls.__module__ == stage]
    asks_alike(shared, where, monkeypatch, filter(shared.office.jurisdiction.has, of_stage))


def asks_alike(
    doors: Doors, where: tuple[str, str], monkeypatch: pytest.MonkeyPatch, names: Iterable[str]
) -> None:
    """Send each command by its form and by JSON, and hold what is asked of the record alike."""
    asked: list[Ask] = []

    def heard(_office: object, _register: object, ask: Ask) -> object:
        asked.append(ask)
        raise Conflict(ask.stream, 0, 1)

    monkeypatch.setattr(commands, "record_once", heard)
    nation = doors.office.jurisdiction
    for name in names:
        page, route = paths_of(name, where)
        begins = name in commands.BEGINNING
        body = body_of(name, nation)
        body["command"].pop(MADE_HERE.get(name), None)
        form, pairs = fill(doors, get_form(doors, page), body)
        answer = send(doors, form, "record", pairs)
        assert answer.status_code == (409 if begins else 412), (name, answer.text)
        version = None if begins else int(form.hidden("version"))
        doors.post(route, body, version=version, key=form.hidden("key"))
        by_form, by_json = asked[-2:]
        assert by_form.command == by_json.command, name
        assert by_form == by_json, name


def leaves(node: Json, whole: Json, path: str = "", *, listed: bool = False) -> Iterator[str]:
    """Give the places of everything that a published schema lets somebody say.

    But for a reference that is made here where it is left out, as its description says.
    """
    if re.search("[Mm]ade (here|where left out)", node.get("description", "")):
        return
    listed = listed or "x-list" in node
    while "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    told = [one for one in node.get("anyOf", ()) if one.get("type") != "null"]
    passage = "Personal text" in node.get("description", "") or any(
        "about" in one.get("properties", {}) for one in told
    )
    if passage:
        yield path
        # A sealed code or date is about whom the record is about.
        if not (listed or path.rpartition(".")[2] in DATES):
            yield f"{path}.about"
    elif told:
        for one in told:
            yield from leaves(one, whole, path, listed=listed)
    elif node.get("type") == "object":
        for name, one in node["properties"].items():
            yield from leaves(one, whole, f"{path}.{name}".lstrip("."))
    elif node.get("type") == "array":
        yield from leaves(node["items"], whole, f"{path}.0")
    else:
        yield path


@pytest.mark.long
def test_every_form_has_a_field_for_all_that_its_schema_takes(
    shared: Doors, where: tuple[str, str]
) -> None:
    """Whatever a request may say can be said in the form, but for references that are made here."""
    takes_all(shared, where, filter(shared.office.jurisdiction.has, WITH_A_FORM))


def takes_all(doors: Doors, where: tuple[str, str], names: Iterable[str]) -> None:
    """Hold each form to a field for everything that its schema lets somebody say."""
    for name in names:
        form = get_form(doors, paths_of(name, where)[0])
        model = schema.request_model(name).model_json_schema(by_alias=True)
        for place in leaves(model, model):
            boxes = re.sub(r"\.\d+$", "", place)
            assert {place, f"{place}.day", boxes} & set(form.controls), (name, place)
