"""Every form a nation lists can be recorded: filled in on its page, it stands in the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from api.forms.fields import COMMAND, FILE, Field, fields_of
from api.forms.stages import groups
from domain.authority import ROLES, who_may
from domain.catalogue import AUTHORITY, CASE, COMMANDS, PERSON
from domain.jurisdictions import Jurisdiction, jurisdictions
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors
from tests.doors.filling import Form, Json, Pairs, fill, problems, send, send_files
from tests.doors.listed import BEGUN, DAY, FILED, File, Prepared, leaves, prepared
from tests.doors.prepared import BEFORE, EXEMPT, KEPT_OTHERWISE, MADE_HERE, QUERY, TYPED
from tests.doors.scripted import an_office
from tests.stored.test_stored import dumped

PARTS = 4


@pytest.fixture(params=list(jurisdictions()))
def doors(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Doors]:
    """Give the doors of an office of a nation."""
    nation = request.param
    with an_office(database, tmp_path, nation, DAY) as office, opened_doors(office) as opened:
        yield opened


def listed(nation: Jurisdiction) -> list[str]:
    """Give every command that a page of a nation leads to a form of, in the catalogue's order."""
    found = {
        one.at.rpartition("/")[2]
        for role in ROLES
        for kind in (None, CASE, PERSON)
        for group in groups(role, kind, nation, here="", query="")
        for one in group.commands
    }
    return [name for name in COMMANDS if name in found]


@pytest.mark.parametrize(
    ("first", "every"),
    [(7, 29), *(pytest.param(part, PARTS, marks=pytest.mark.long) for part in range(PARTS))],
)
def test_what_is_typed_into_a_form_stands_in_the_record(
    doors: Doors, first: int, every: int
) -> None:
    """Each form is filled in from end to end and sent; whatever was typed is in what it recorded.

    The same request by JSON, under the form's id, is answered as what was recorded already: it is
    the same to its last byte.
    """
    on = prepared(doors)
    names = listed(doors.office.jurisdiction)
    found = {name: wrong for name in names[first::every] if (wrong := recorded(on, name))}
    assert found == {}


@pytest.mark.parametrize("nation", jurisdictions().values(), ids=list(jurisdictions()))
def test_what_has_no_form_is_named_with_its_reason(nation: Jurisdiction) -> None:
    """Each command of a nation is listed as a form, or says why it is none; never both."""
    asked = {name for name, one in COMMANDS.items() if one.stream != AUTHORITY and nation.has(name)}
    assert asked - set(listed(nation)) == set(EXEMPT)
    assert all(EXEMPT.values())


def test_what_has_no_form_opens_none(doors: Doors) -> None:
    """The address of a form that there is not says so, to whoever may record it otherwise."""
    on = prepared(doors, "add-allegation")
    for name in EXEMPT:
        page = doors.get(on.form(name), Holdfast_Role=who_may(name)[0])
        assert page.status_code == 404, name


def recorded(on: Prepared, name: str) -> str:
    """Record a form; what went wrong, where anything did."""
    if name in BEFORE:  # on a case of its own, whose end it may be
        on = prepared(on.doors, *BEFORE[name])
    on.read(on.stream(name))
    files: dict[str, File] = {}
    body, role = on.body(name, files), "manager" if "manager" in who_may(name) else who_may(name)[0]
    body[COMMAND].pop(MADE_HERE.get(name), None)
    query = QUERY[name].format(adult=on.adult) if name in QUERY else ""
    opened = on.doors.get(f"{on.form(name)}{query}", Holdfast_Role=role)
    if opened.status_code != 200:
        return f"opens with {opened.status_code}"
    try:
        form, pairs = fill(on.doors, Form.of(opened), body, Holdfast_Role=role)
    except (AssertionError, KeyError) as error:
        return f"cannot be filled in: {error}"[:300]
    if places := by_hand(form, pairs, name) ^ TYPED.get(name, frozenset()):
        return f"not chosen, or chosen though it is said not to be: {places}"
    if files:
        done = send_files(on.doors, form, "record", pairs, files, Holdfast_Role=role)
    else:
        done = send(on.doors, form, "record", pairs, Holdfast_Role=role)
    # Where there is something to say of what was recorded, a page says it before it leads there.
    said = done.status_code == 200 and " is recorded.</p>" in done.text
    if done.status_code != 303 and not said:
        return f"answered {done.status_code}: {problems(done)}"
    return lost(on, name, body, list(files), done) or asked_otherwise(on, name, body, form, role)


def lost(on: Prepared, name: str, body: Json, files: list[str], done: Response) -> str:
    """Say what was typed and is in no entry; files are named in the body as they were kept."""
    stream = on.stream(name)
    if name in BEGUN:
        stream = done.headers["location"].partition("?")[0].rpartition("/")[2]
    entries = [dumped(fact.event) for fact in on.read(stream)]
    if not entries:
        return "nothing was recorded"
    for file in files:
        kept = name_file(body, entries[0], file)
        given = on.doors.get(f"/v1/cases/{on.case}/documents/{kept}", Holdfast_Role="manager")
        if given.content != FILED[1]:
            return f"{file} is not the file that was sent"
    otherwise = KEPT_OTHERWISE.get(name, frozenset())
    typed = {field: value for field, value in body[COMMAND].items() if field not in otherwise}
    missing = set(leaves(typed)) - set(leaves(entries))
    return f"typed, and in no entry: {missing}" if missing else ""


def name_file(body: Json, entry: Any, place: str) -> str:  # noqa: ANN401 — any JSON
    """Name a file in a body as the entry does; give the document it was kept as."""
    at = body[COMMAND]
    for one in place.split(".")[1:-1]:
        step: Any = int(one) if one.isdigit() else one
        at, entry = at[step], entry[step]
    at |= {one: entry[one] for one in ("document", "digest", "content", "copy") if one in entry}
    return str(entry["document"])


def asked_otherwise(on: Prepared, name: str, body: Json, form: Form, role: str) -> str:
    """Say what the same request comes to, where it is not what the form recorded."""
    version = None if name in BEGUN else form.hidden("version")
    key = form.hidden("key")
    again = on.doors.post(on.path(name), body, version=version, key=key, Holdfast_Role=role)
    replayed = again.headers.get("Idempotency-Replayed") == "true"
    return "" if replayed else f"by JSON {again.status_code}: {again.text}"


def by_hand(form: Form, pairs: Pairs, name: str) -> set[str]:
    """Give the references that nothing on the page offers: a person would have to type them."""
    typed = {plain(place) for place, value in pairs if value and not offered(form, place, value)}
    return typed & set(references(fields_of(name), ""))


def offered(form: Form, place: str, value: str) -> bool:
    """Whether what stands at a place is among what the page offers there, or stood there."""
    one = form.controls[place]
    return value in one.answers or value == one.value


def plain(place: str) -> str:
    """Give a place in a command without the numbers of rows, and a typed one as the chosen one."""
    steps = [one for one in place.split(".")[1:] if not one.isdigit()]
    return ".".join(steps[:-1] if steps[-1:] == ["other"] and len(steps) > 1 else steps)


def references(members: tuple[Field, ...], place: str) -> Iterator[str]:
    """Give the place of every reference and digest, but for those that name a file kept before."""
    for one in members:
        row = one.members[0] if one.kind == "list" else one
        within = f"{place}.{one.name}".lstrip(".")
        if row.kind in {"reference", "digest"}:
            yield within
        if row.kind != FILE:
            yield from references(row.members, within)
