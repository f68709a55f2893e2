"""Every door names what its answer rests on, and by that gives the same again (deliver 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import typer
from fastapi.routing import APIRoute
from typer._click.core import Command  # typer's own click, not the package
from typer.core import TyperGroup

from api.app import make_app
from api.basis import FORGOTTEN, HEADER, decoded
from api.cli import app
from api.routes.door import basis_of
from api.views import every
from domain.words import Code
from projections.rebuild import rebuild
from tests.doors.conftest import Cli, Doors
from tests.doors.test_erasure import erase
from tests.doors.test_policy import adopt, limit
from tests.doors.test_replay import a_case
from tests.doors.test_trace import two_cases

MANAGER = {"Holdfast_Role": "manager"}

# What answers under /v1 and names no basis, each with its reason.
WITHOUT: Final = {
    "receipt": "it is a proof over the log, and names head and origin itself",
    "entry": "the entry itself, the same for ever",
    "checkpoint": "the head itself, which is what a basis would name",
}
# Commands that print something and take no basis, each with its reason.
UNBASED: Final = {
    **dict.fromkeys(("serve", "demo", "project", "migrate", "bench"), "it runs something"),
    **dict.fromkeys(("keys new", "keys backup", "keys restore", "keys rotate"), "it is about keys"),
    **dict.fromkeys(("backup", "restore", "rebuild"), "it keeps or makes the whole, and says so"),
    **dict.fromkeys(("import cases", "import chronology"), "it records, and says at which entries"),
    **dict.fromkeys(
        ("refer", "policy adopt", "return end", "return file"),
        "it records, and says at which entry",
    ),
    **dict.fromkeys(("verify", "receipt", "export-proof"), "it proves, and names heads itself"),
    "timeline names": "it reads two files, and nothing of the record",
    "lag": "how far views are behind is of the moment alone",
}


def paths(case: str, person: str, correlation: str) -> list[str]:
    """Give an address of each kind of answer that came to name its basis last."""
    return [
        f"/v1/cases/{case}/replay",
        f"/v1/cases/{case}/replay?full=true&limit=2",
        "/v1/decisions",
        "/v1/audits/sample?seed=7&size=5&as_at={tail}",
        f"/v1/trace/{correlation}",
        *(f"/v1/{one}/readings" for one in (f"cases/{case}", f"persons/{person}")),
    ]


def answers(routes: Iterable[Any], asks: frozenset[Any] = frozenset()) -> Iterator[Any]:
    """Give every route, with whatever it asks of a request through the routers it stands in."""
    for one in routes:
        inner = getattr(one, "original_router", None)
        if inner is not None:
            more = {asked.dependency for asked in one.include_context.dependencies}
            yield from answers(inner.routes, asks | more)
        elif isinstance(one, APIRoute):
            yield one, asks | {asked.call for asked in one.dependant.dependencies}


def test_every_answer_under_v1_names_its_basis_or_says_why_not() -> None:
    """Whoever adds a route says what its answer rests on."""
    without = {
        route.operation_id
        for route, asks in answers(make_app(at_once=True).routes)
        if "GET" in route.methods and route.path.startswith("/v1") and basis_of not in asks
    }
    assert without == WITHOUT.keys()


def commands(group: Command, before: str = "") -> dict[str, Command]:
    """Give every command by its words."""
    if not isinstance(group, TyperGroup):
        return {before.strip(): group}
    found: dict[str, Command] = {}
    for name, one in group.commands.items():
        found |= commands(one, f"{before} {name}")
    return found


def test_every_command_that_prints_from_the_record_takes_a_basis_or_says_why_not() -> None:
    """And none is excused that takes one."""
    whole = commands(typer.main.get_command(app))
    without = {
        name
        for name, one in whole.items()
        if "--basis" not in {option for asked in one.params for option in asked.opts}
    }
    assert without == set(UNBASED)


def test_auditors_answers_and_readings_are_the_same_by_their_basis(doors: Doors) -> None:
    """Whatever was recorded or looked at since, and whichever view was made anew."""
    correlation, case, _other = two_cases(doors)
    person = doors.get(f"/v1/cases/{case}").json()["adult"]
    tail = doors.office.record.log.tail()
    asked = [one.format(tail=tail) for one in paths(case, person, correlation)]
    first = {one: doors.get(one, **MANAGER) for one in asked}
    assert {one: got.status_code for one, got in first.items()} == dict.fromkeys(asked, 200)
    doors.case(person)
    body = {"command": {"note": "Seen since."}, "correlation": correlation}
    doors.post(f"/v1/cases/{case}/annotate-entry", body, version=1)
    doors.catch_up()
    for view in every(doors.office):
        rebuild(
            view,
            lambda: doors.office.database.connect("holdfast_projector"),
            unseal=doors.office.record.unseal,
        )
    headers = {one: {**MANAGER, HEADER: first[one].headers[HEADER]} for one in asked}
    again = {one: doors.get(one, **headers[one]) for one in asked}
    assert [one for one in asked if again[one].content != first[one].content] == []


ASKED: Final = [
    ["case", "{case}"],
    ["case", "show", "{case}"],
    ["timeline", "{case}"],
    ["readings", "{case}"],
    ["readings", "--person", "{person}"],
    ["concerns", "{person}"],
    ["caseload"],
    ["reviews"],
    ["findings", "--all"],
    ["return", "2026", "SG1f"],
    ["policy", "show"],
    ["replay", "{case}"],
    ["decisions"],
    ["audit", "sample", "--seed", "7", "--as-at", "{tail}", "--size", "5"],
    ["trace", "{correlation}"],
]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_the_command_line_answers_again_by_its_basis(
    cli: Cli, doors: Doors, words: list[str]
) -> None:
    """The same JSON and the same text, whatever was recorded since."""
    correlation, case, _other = two_cases(doors)
    person = doors.get(f"/v1/cases/{case}").json()["adult"]
    tail = str(doors.office.record.log.tail())
    put = {"case": case, "person": person, "correlation": correlation, "tail": tail}
    said = [one.format_map(put) for one in words]
    cli("case", case, "--role", "manager")  # registers who asks, by an entry of its own
    doors.catch_up()
    first = cli(*said, "--role", "manager")
    assert first.code == 0, first.err
    basis = first.out.rstrip().rsplit("--basis ", 1)[1].replace("\n", "").strip()
    told = None if words[:2] == ["case", "show"] else cli(*said, "--role", "manager", "--json")
    doors.case(person)
    doors.renamed(person)
    doors.catch_up()
    again = cli(*said, "--role", "manager", "--basis", basis)
    assert (again.code, again.out) == (0, first.out), again.err
    if told is not None:
        assert {"origin", "size", "root", "release", "policy", "projections"} <= set(
            told.json["basis"]
        )
        basis = typed_again(told.json["basis"])
        assert cli(*said, "--role", "manager", "--json", "--basis", basis).out == told.out


def typed_again(told: Any) -> str:  # noqa: ANN401 — any JSON
    """Give a basis as an answer's JSON has it, as it is typed again."""
    return orjson.dumps(told).decode()


def test_what_is_no_basis_is_turned_away_at_the_command_line(cli: Cli, doors: Doors) -> None:
    """It is said of the option, and of another record what differs."""
    case = doors.case()
    said = cli("case", case, "--basis", "nothing")
    assert said.code == 2
    assert "--basis" in said.err
    text = cli("case", case, "--json").json["basis"]
    said = cli("case", case, "--basis", typed_again({**text, "root": "AAAA"}))
    assert said.code == 2
    assert "root" in said.err


def test_a_policy_adopted_since_changes_nothing_by_an_older_basis(doors: Doors) -> None:
    """What was judged by the procedure of before is judged by it again (policy of that basis)."""
    case = a_case(doors)
    asked = [
        f"/v1/cases/{case}/findings?show=all&on=2027-06-01",
        f"/v1/cases/{case}",
        f"/v1/cases/{case}/replay",
        "/v1/findings?show=all",
        "/v1/decisions",
        "/v1/policy",
        "/v1/reviews",
        "/v1/cases",
    ]
    first = {one: doors.get(one, **MANAGER) for one in asked}
    adopt(doors, "local-1", "2026-01-01", limit("initial_conference", 1))
    now = {one: doors.get(one, **MANAGER) for one in asked}
    assert now[asked[0]].content != first[asked[0]].content
    again = {
        one: doors.get(one, **{**MANAGER, HEADER: first[one].headers[HEADER]}) for one in asked
    }
    assert [one for one in asked if again[one].content != first[one].content] == []
    assert all("Holdfast-Basis-Differs" not in one.headers for one in again.values())


def test_who_signs_in_or_is_renamed_later_is_not_so_named_by_a_basis_from_before(
    cli: Cli, doors: Doors
) -> None:
    """Every door, and every page, gives the worker's reference and the adult's earlier name."""
    office, issuer = doors.office, "https://issuer.example"
    new = str(office.worker_reference(issuer, "new-colleague"))
    correlation, case, _other = two_cases(doors)
    body = {
        "command": {"worker": new, "team": "north"},
        "performed_by": new,
        "performed_role": "practitioner",
        "performed_organisation": "council",
        "correlation": correlation,
        "occurred": "2026-11-20",
    }
    assert doors.post(f"/v1/cases/{case}/allocate-case", body, version=1).status_code == 201
    cli("case", case, "--role", "manager")  # registers who asks, by an entry of its own
    doors.catch_up()
    pages = [f"/cases/{case}", f"/cases/{case}/replay", "/", "/reviews", "/retention"]
    pages += ["/findings?show=all", "/audit/decisions", "/audit/sample?seed=1&size=9"]
    pages += [f"/audit/trace?correlation={correlation}", f"/cases/{case}?as_of=2026-11-25"]
    adult = doors.get(f"/v1/cases/{case}").json()["adult"]
    pages.append(f"/persons/{adult}")
    asked = [f"/v1/cases/{case}/replay", f"/v1/trace/{correlation}", "/v1/decisions", *pages]
    said = [["replay", case], ["trace", correlation], ["case", "show", case]]
    first = {one: doors.get(one, **MANAGER) for one in asked}
    printed = [cli(*one, "--role", "manager") for one in said]
    assert [one for one, got in first.items() if "Nina New" in got.text] == []
    office.worker(issuer, "new-colleague", "Nina New", Code("practitioner"))
    doors.renamed(adult)
    doors.catch_up()
    again = {
        one: doors.get(one, **{**MANAGER, HEADER: first[one].headers[HEADER]}) for one in asked
    }
    assert [one for one in asked if again[one].content != first[one].content] == []
    assert "Nina New" in doors.get(f"/v1/cases/{case}/replay", **MANAGER).text
    for words, before in zip(said, printed, strict=True):
        basis = before.out.rstrip().rsplit("--basis ", 1)[1].replace("\n", "").strip()
        assert cli(*words, "--role", "manager", "--basis", basis).out == before.out, words


def test_what_was_forgotten_since_a_basis_is_counted(cli: Cli, doors: Doors) -> None:
    """The bytes differ lawfully, and the answer says of how many passages; none where none was."""
    case = a_case(doors)
    other = doors.case()
    before = {one: doors.get(f"/v1/cases/{one}/timeline") for one in (case, other)}
    held = {one: {HEADER: got.headers[HEADER]} for one, got in before.items()}
    assert FORGOTTEN not in doors.get(f"/v1/cases/{case}/timeline", **held[case]).headers
    erase(doors, case, "case", version=4)
    after = {one: doors.get(f"/v1/cases/{one}/timeline", **held[one]) for one in (case, other)}
    assert int(after[case].headers[FORGOTTEN]) > 0
    assert after[case].content != before[case].content
    # Beside the answer, so that one with nothing forgotten in it is the same bytes still.
    assert after[other].content == before[other].content
    said = cli("timeline", case, "--basis", held[case][HEADER], "--role", "manager")
    assert "forgotten since" in said.err


def test_a_search_is_of_now_and_says_so(shared: Doors) -> None:
    """It names what it rests on, and is not asked by what another answer rested on."""
    shared.person(name="Zoe Sought")
    shared.catch_up()
    body = {"name": "Zoe"}
    answer = shared.client.post("/v1/search/persons", json=body)
    assert answer.status_code == 200, answer.text
    held = {HEADER: answer.headers[HEADER]}
    again = shared.client.post("/v1/search/persons", json=body, headers=held)
    assert again.status_code == 422
    assert again.json()["errors"][0]["pointer"] == f"/header/{HEADER}"


def test_the_trace_names_the_position_of_a_basis_that_was_sent(doors: Doors) -> None:
    """What is looked at is as known then; without one it is the present, whatever is named."""
    case = doors.case()
    first = doors.get(f"/v1/cases/{case}")
    assert doors.readings()[-1].as_at is None
    size = doors.office.record.log.tail()
    doors.case()
    doors.get(f"/v1/cases/{case}", **{HEADER: first.headers[HEADER]})
    assert doors.readings()[-1].as_at == size


def test_a_timeline_is_the_same_file_by_its_basis(cli: Cli, doors: Doors, tmp_path: Path) -> None:
    """Given out again at the command line, whatever was recorded since; the file names the root."""
    case = doors.case(doors.person(name="Ann Example"))
    first, again = tmp_path / "first.json", tmp_path / "again.json"
    said = cli("timeline", "export", str(first), "--case", case, "--role", "manager")
    assert said.code == 0, said.err
    basis = said.out.rstrip().rsplit("--basis ", 1)[1].replace("\n", "").strip()
    doors.case()
    said = cli("timeline", "export", str(again), "--case", case, "--basis", basis)
    assert said.code == 0, said.err
    assert again.read_bytes() == first.read_bytes()
    told = orjson.loads(first.read_bytes())["basis"]
    assert (told["root"], told["origin"]) == (decoded(basis)["root"], decoded(basis)["origin"])


def test_a_page_reached_by_a_cursor_names_the_position_it_is_of(doors: Doors) -> None:
    """Also where more was recorded since the first page."""
    for _ in range(3):
        doors.case()
    first = doors.get("/v1/cases?limit=1", **MANAGER)
    size = decoded(first.headers[HEADER])["size"]
    doors.case()
    path = f"/v1/cases?limit=1&cursor={first.json()['next']}"
    second = doors.get(path, **MANAGER)
    assert decoded(second.headers[HEADER])["size"] == size
    doors.case()
    again = doors.get(path, **{**MANAGER, HEADER: second.headers[HEADER]})
    assert again.content == second.content
