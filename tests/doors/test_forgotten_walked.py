"""What was forgotten is in no answer, on no page, in no file: the whole of a case, at every door.

A whole English case is told with one made-up word in every passage about its adult and whom it
names; then its retention is reviewed, two people act, and every way out there is is asked again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from api.clock import FixedClock, SystemClock
from api.forms import place as places
from api.forms.place import Opened, Place
from api.pages import recording
from api.routes.door import Reader
from domain.record import record as records
from domain.record.binaries import clients
from domain.record.sealing import seal
from domain.record.server import EmbeddedServer
from domain.words import Personal
from tests.conftest import OWNER
from tests.doors.conftest import Doors
from tests.doors.filling import get_form, send
from tests.doors.retold import telling
from tests.doors.scripted import Script
from tests.doors.scripts.asked import ask
from tests.doors.scripts.england_case import TALE
from tests.doors.scripts.reading import shown
from tests.doors.test_erasure import asked
from tests.doors.test_receipts import made
from tests.doors.walking import (
    COMMAND_LINE,
    NAMED,
    NOT_ASKED,
    NOT_WALKED,
    READ_BY_POST,
    YEAR,
    addresses,
    commands,
    questions,
    recorded_at,
    squeezed,
    text_of,
    words_in,
)

CANARY = "Zyxwvforgettable"
SAID = f"What she said of it: {CANARY}."
MEETINGS = ("initial", "review")


@dataclass(slots=True)
class Walk:
    """A told case, what an address may name of it, and what is recorded of it by now."""

    case: Script
    values: dict[str, list[str]]
    documents: list[str] = field(default_factory=list)
    turned_away: set[str] = field(default_factory=set)  # addresses that answered otherwise than 200

    @property
    def doors(self) -> Doors:
        """The doors."""
        return self.case.doors

    def found(self, as_at: int | None, *, forms: bool = True) -> set[str]:
        """The addresses whose answer has the word, asked as at a position."""
        paths = addresses(self.doors)
        if not forms:
            paths = {one for one in paths if "{command}" not in one}
        with looked_at_once():
            return self._found(as_at, paths)

    def _found(self, as_at: int | None, paths: set[str]) -> set[str]:
        found = set()
        for path, full, query in questions(self.values, paths):
            if "{command}" in path and as_at is not None:
                continue  # a form is of now
            at = "" if as_at is None or "as_at" in query else f"as_at={as_at}"
            whole = "&".join(filter(None, (query, at))).replace("tail", str(self.tail))
            answer = self.doors.client.get(f"{full}?{whole}", headers={"Holdfast-Role": "manager"})
            assert answer.status_code < 500, (path, answer.text[:300])
            if answer.status_code != 200:
                self.turned_away.add(path)
            if CANARY.casefold() in text_of(answer):
                found.add(path)
        return found

    @property
    def tail(self) -> int:
        """The last position."""
        return self.doors.office.record.log.tail()

    def given_out(self) -> list[str]:
        """Have a timeline given out in every kind and naming; the words of each, and of its key."""
        told = []
        for kind in ("csv", "xlsx", "docx", "json"):
            for naming in ("recorded", "named", "pseudonyms"):
                body = {"cases": [self.case.case], "format": kind, "naming": naming}
                headers = {"Holdfast-Purpose": "review", "Idempotency-Key": str(uuid4())}
                answer = self.doors.client.post("/v1/timelines", json=body, headers=headers)
                if answer.json().get("code") == "erased":  # nothing is given out of it any more
                    told.append(squeezed(answer.text))
                    continue
                assert answer.status_code == 201, answer.text
                for link in answer.json()["given_out"][0]["links"].values():
                    self.documents.append(str(link).rpartition("/")[2])
                    told.append(text_of(self.doors.client.get(link)))
        return told

    def searched(self) -> list[str]:
        """Search by the word, by name and by what another system calls the case."""
        answers = [
            self.doors.client.post("/v1/search/persons", json={"name": CANARY}),
            self.doors.client.post(
                "/v1/search/references", json={"system": "police", "id": f"URN {CANARY}"}
            ),
        ]
        assert all(one.status_code == 200 for one in answers), [one.text for one in answers]
        return [one.text for one in answers]


@contextmanager
def looked_at_once() -> Iterator[None]:
    """Read once what every form of a place is shown over: it does not hang on which form it is.

    A case has two hundred forms, each of which would read and judge the whole of it again.
    """
    seen = dict[Place, Opened]()

    def look(reader: Reader, place: Place) -> Opened:
        if place not in seen:
            seen[place] = places.look(reader, place)
        return seen[place]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recording, "look", look)
        yield


def tale(doors: Doors) -> Script:
    """Tell it whole, every passage of it with the word; with a document and a police number."""
    workers = set(TALE.workers.values())

    def with_the_word(passage: Personal, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — as `seal`
        if " " in passage.text and passage.text not in workers:
            passage = replace(passage, text=f"{passage.text} {CANARY}")
        return seal(passage, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(records, "seal", with_the_word)
        case = ask(doors, TALE)
    kept = case.refs["document"] = str(uuid4())
    path = f"/v1/cases/{case.case}/documents/{kept}"
    put = doors.client.put(path, content=SAID.encode(), headers={"Content-Type": "text/plain"})
    assert put.status_code == 201, put.text
    named = {"document": kept, "digest": put.json()["digest"]}
    case.ask("keep-raw-notes", by="minute_taker", conference=case.refs["conference"], **named)
    number = {"system": "police", "id": f"URN {CANARY}"}
    case.ask("add-case-reference", by="manager", reference=number)
    large = case.refs["large_scale"] = str(uuid4())
    case.ask("link-large-scale-enquiry", by="manager", large_scale=large, provider="a-home")
    return case


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Iterator[Walk]:
    """Give the whole case at its end, with a draft on it, on a database of this test's own."""
    with telling(request, TALE.nation, TALE.first) as tell:
        case = tell(tale)
        doors = case.doors
        form = get_form(doors, f"/cases/{case.case}/record/annotate-entry")
        saved = send(doors, form, "save", form.pairs(command__target="1", command__text=SAID))
        assert saved.status_code == 303
        doors.catch_up()
        filed = doors.post(f"/v1/returns/{YEAR}/filings", {}, Holdfast_Role="manager")
        assert filed.status_code == 201, filed.text
        doors.catch_up()
        made(doors.office)  # a head, without which nothing is proved
        (last,) = doors.office.record.open(
            doors.office.record.log.at([doors.office.record.log.tail()])
        )
        yield Walk(
            case=case,
            documents=[case.refs["document"]],
            values={
                "case": [case.case],
                "person": [case.refs[name] for name in TALE.people],
                "conference": [case.refs["conference"]],
                "document": [case.refs["document"]],
                "draft": [form.hidden("key")],
                "year": [YEAR],
                "table": ["SG1f"],
                "number": ["1"],
                "cell": ["1"],
                "which": ["1"],
                "name": ["open_cases_by_team", "participation_by_agency"],
                "large_scale": [case.refs["large_scale"]],
                "log": ["cases"],
                "position": ["2"],
                "correlation": [str(last.header.correlation)],
            },
        )


def forgotten(walk: Walk) -> None:
    """Review, approve and erase: each person whom the case names, and then the case (L14, L15)."""
    doors, case = walk.doors, walk.case.case
    version = int(doors.get(f"/v1/cases/{case}").json()["version"])
    why = {"command": {"decision": "destroy", "rationale": "Its time is over."}}
    answer = doors.post(f"/v1/cases/{case}/review-retention", why, version=version)
    assert answer.status_code == 201, answer.text
    version += 1
    for person in walk.values["person"]:
        done = asked(doors, case, "person", version, person=person)
        if done.status_code == 404:
            continue  # nobody the case names
        assert done.status_code == 201, done.text
        version += 2
    done = asked(doors, case, "case", version)
    assert done.status_code == 201, done.text
    doors.catch_up()


def test_every_address_is_walked_or_says_why_not(doors: Doors) -> None:
    """A new address that is read has a value for all it names; a new one to send to is a command.

    What a command answers are references, positions and links: `test_commands.py` holds its form.
    """
    values = {"case", "person", "conference", "document", "draft", "year", "table", "number"}
    values |= {"cell", "which", "name", "large_scale", "log", "position", "correlation", "command"}
    paths = addresses(doors)
    unknown = {path for path in paths - NOT_WALKED.keys() if not set(NAMED.findall(path)) <= values}
    assert unknown == set(), "give what they name a value in the walk, or a reason in NOT_WALKED"
    described = doors.client.get("/v1/openapi.json").json()["paths"]
    assert {path for path, verbs in described.items() if "get" in verbs} <= paths
    assert NOT_WALKED.keys() <= paths
    sent = recorded_at(doors)
    assert sent >= READ_BY_POST
    others = {
        one
        for one in sent - READ_BY_POST
        if not one.startswith(("/v1/cases", "/v1/persons", "/v1/policy/"))
        and "record/{command}" not in one
    }
    filed = "/v1/returns/{year}/filings"  # what it answers is read there, too
    said = "/v1/returns/{year}/report"  # walked as it is read, and has what was sent beside that
    known = {"/drafts/{draft}/discard", filed, said}
    assert others == known, "walk what it answers, or say here why not"


def test_every_command_line_is_walked_or_says_why_not() -> None:
    """A new command stands in the walk, or in the list of what is not asked with its reason."""
    known = {*COMMAND_LINE, *NOT_ASKED}
    assert commands() == known
    assert not COMMAND_LINE.keys() & NOT_ASKED.keys()


def test_no_address_gives_a_word_of_what_was_forgotten(walk: Walk) -> None:
    """Answers, pages, forms, drafts, minutes, documents, searches, timelines, now and before."""
    doors, before = walk.doors, walk.tail
    assert sum(CANARY.casefold() in one for one in walk.given_out()) >= 8  # all but pseudonyms
    walk.values["document"] = sorted(set(walk.documents))
    doors.catch_up()
    seen = walk.found(None, forms=False)
    nothing_there = {  # the table has every case
        "/v1/returns/{year}/{table}/left-out/{number}",
        "/v1/returns/{year}/filings/{number}/left-out/{table}/{which}",
    }
    assert walk.turned_away <= nothing_there, "nothing is walked where nothing is answered"
    # The walk sees it while it is there, at every kind of door.
    assert seen >= {
        *("/v1/cases/{case}/timeline", "/v1/cases/{case}/replay", "/v1/decisions"),
        *("/v1/cases/{case}/conferences/{conference}/minutes", "/v1/persons/{person}"),
        *("/v1/cases/{case}/documents/{document}", "/drafts/{draft}", "/cases/{case}"),
        *("/v1/persons/{person}/timeline", "/cases/{case}/record"),
    }, seen
    assert any(CANARY in one or walk.values["person"][0] in one for one in walk.searched())
    forgotten(walk)
    for as_at in (None, before):
        assert walk.found(as_at) == set(), as_at
    assert not any(CANARY.casefold() in one for one in walk.given_out())
    assert not any(walk.values["person"][0] in one for one in walk.searched())


@pytest.mark.long
def test_no_command_prints_a_word_of_what_was_forgotten(
    walk: Walk,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Nor does it write one: minutes, timelines, the proof with its entries, backup and keys."""
    for follower in walk.doors.followers:
        follower.close()  # the command line follows for itself
    show = shown(walk.case, monkeypatch, capfd)

    def found(before: int, commands: Collection[str]) -> set[str]:
        folder = tmp_path_factory.mktemp("written")
        (folder / "apart").mkdir()
        given = {
            **{name: of[0] for name, of in walk.values.items()},
            "tail": str(walk.tail),
            "before": str(before),
            "folder": str(folder),
        }
        told: dict[str, str] = {}
        for command in commands:
            for way in COMMAND_LINE[command]:
                # Some of what the command line gives is for another role alone, and says which.
                said = command in _WITHOUT_ROLE or "--role" in way
                role = () if said else ("--role", "manager")
                line = (*command.split(), *way.format(**given).split(), *role)
                done = show(*line)
                # A check that finds something says so by its end, as this year's does (V14).
                fine = {0, 1} if command == "return check" else {0}
                assert done.code in fine or "were erased" in done.err, (line, done.err)
                told[" ".join(line)] = squeezed(done.out + done.err)
        told |= words_in(folder)
        if "backup" in commands:
            told["the backup"] = in_plain(folder / "backup" / "database.dump")
        return {line for line, text in told.items() if CANARY.casefold() in text}

    tail = walk.tail
    there = found(tail, _SHOWING)  # the walk sees it while it is there
    for one in ("case show", "timeline ", "replay ", "minutes.pdf", "m.docx", "named.xlsx"):
        assert any(one in line for line in there), (one, there)
    forgotten_without_views(walk)
    assert found(tail, COMMAND_LINE) == set()


_SHOWING = ("case", "timeline", "replay", "minutes", "timeline export")
_WITHOUT_ROLE = {"backup", "keys backup", "lag", "migrate", "receipt"}


def in_plain(dump: Path) -> str:
    """Give all that a backup of the database says, its bytes as hexadecimal and as they are."""
    args = [str(clients(None) / "pg_restore"), "--file=-", str(dump)]
    plain = subprocess.run(args, check=True, capture_output=True).stdout.decode("utf-8", "replace")
    return squeezed(plain) + squeezed(plain.replace(CANARY.encode().hex(), CANARY))


def forgotten_without_views(walk: Walk) -> None:
    """The same, while the command line follows; it records by the clock of this machine."""
    walk.doors.followers.clear()
    clock = walk.doors.office.clock
    assert isinstance(clock, FixedClock)
    clock.move_to(SystemClock().now())
    forgotten(walk)


def test_nothing_of_it_lies_in_clear_in_the_database_or_its_files(
    walk: Walk, server: EmbeddedServer
) -> None:
    """Not before it was forgotten either: rows of every table, and the server's files and log.

    Of the files this sees what is not compressed: PostgreSQL may pack a long value, and a page in
    its write-ahead log. No value with a word in clear ever reaches it, so there is nothing to pack.
    """
    for _ in range(2):
        walk.doors.catch_up()
        with psycopg.connect(walk.doors.office.database.login(), user=OWNER) as conn:
            tables = conn.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname IN ('record', 'keyring', 'desk', 'views')"
            ).fetchall()
            for schema, table in tables:
                query = f'SELECT count(*) FROM {schema}."{table}" t WHERE t::text ILIKE ANY(%s)'
                like = [f"%{CANARY}%", f"%{CANARY.encode().hex()}%"]
                assert conn.execute(query.encode(), (like,)).fetchone() == (0,), (schema, table)
            conn.execute("CHECKPOINT")
        searched = subprocess.run(
            ["grep", "-rlaFi", CANARY, str(walk.doors.office.settings.data), str(server.home)],
            check=False,  # it found nothing: that is what is asked
            capture_output=True,
            text=True,
        )
        assert searched.stdout == ""
        forgotten_once(walk)


def forgotten_once(walk: Walk) -> None:
    """Forget it, unless it was."""
    if not walk.doors.get(f"/v1/cases/{walk.case.case}").json()["erased"]:
        forgotten(walk)
