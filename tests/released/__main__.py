"""Keep what a release records: `python -m tests.released 0.1.0`, once, when it is tagged.

A record for each nation in which every command it has was asked, dumped whole by `pg_dump` with its
keyring beside it, what a later release has to find in it, and which stored forms it had. What is
there is never touched. The master key is made of the release's name: nobody's secrets are in there.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson
import psycopg

from api.identity import DEVELOPMENT
from api.keys import KEYRING
from api.office import Office
from domain.jurisdictions import jurisdictions
from domain.record import binaries
from domain.record.migration import LOGS, SCHEMA_VERSION
from domain.record.server import EmbeddedServer, ServerSettings
from domain.record.verification import verify
from domain.words import Actor, Code, Slug
from tests.conftest import OWNER, Database, copy_database, make_template
from tests.doors.conftest import Doors, opened_doors
from tests.doors.listed import BEGUN, DAY, prepared
from tests.doors.prepared import BEFORE
from tests.doors.scripted import an_office
from tests.doors.test_forms_all_recorded import PARTS, listed
from tests.imports.bringing import CLOSED, Bringer
from tests.stored.test_stored import FOLDER as EXAMPLES

FOLDER: Final = Path(__file__).parent
REPEATED: Final = 3  # referrals of one adult, which make up the number of either nation
FORMS: Final = "forms.json"
PG_DUMP: Final = ("--format=custom", "--compress=9")


def key_of(release: str) -> bytes:
    """Give the master key of a release's records, 32 bytes."""
    return hashlib.sha256(f"the records of release {release}".encode()).digest()


def place(release: str, nation: str) -> tuple[Path, Path, Path]:
    """Where a record's dump, its keyring and what has to be found in it stand."""
    folder = FOLDER / release
    return (
        folder / f"{nation}.dump",
        folder / f"{nation}.keyring.json",
        folder / f"{nation}.json",
    )


def program(name: str) -> str:
    """Give the path of one of PostgreSQL's programs."""
    return binaries.find(None).program(name)


def told(doors: Doors) -> None:
    """Ask every command with a form, on several cases; what would end a case on one of its own."""
    for part in range(PARTS):
        on = prepared(doors)
        for name in listed(doors.office.jurisdiction)[part::PARTS]:
            if name in BEFORE:
                prepared(doors, *BEFORE[name]).ask(name, by="another")
            elif name not in BEGUN:
                on.ask(name)
        # What asks nothing of one case, and the trace of whoever looked.
        assert doors.get(f"/v1/cases/{on.case}").status_code == 200
        assert doors.client.post("/v1/search/persons", json={"name": "example"}).is_success
    adult = doors.person(name="Ben Example")
    for _ in range(REPEATED):
        doors.case(adult)
    policy = {"version": "local-1", "effective": "2026-12-01", "limits": []}
    adopted = doors.post(
        "/v1/policy/adopt-policy",
        {"command": policy},
        version=doors.get("/v1/policy").json()["version"],
        Holdfast_Role="manager",
    )
    assert adopted.status_code == 201, adopted.text
    if doors.get("/v1/returns/2026", Holdfast_Role="manager").json()["tables"]:
        filed = doors.post("/v1/returns/2026/filings", {}, Holdfast_Role="manager")
        assert filed.status_code == 201, filed.text


def brought(office: Office, folder: Path) -> None:
    """Bring a case forward from a list of another system, as a manager."""
    name = "Development identity"
    manager = Actor(
        worker=office.worker(DEVELOPMENT, "manager", name, Code("manager")),
        role=Code("manager"),
        organisation=Slug("council"),
    )
    assert Bringer(folder, office.jurisdiction, office, manager).bring(CLOSED).brought == 1


def found_in(office: Office) -> dict[str, Any]:
    """Give what a later release has to find: each log's size and root, and its events by name."""
    logs = {}
    with office.database.connect("holdfast_writer") as conn:
        for log in LOGS:
            report = verify(conn, log)
            report.demand()
            logs[log] = {"size": report.size, "root": report.root.hex()}
    names = Counter(
        f"{fact.header.name}.v{fact.header.version}"
        for part in (office.record, office.readings)
        for fact in part.open(part.log.read(0))
    )
    return {"schema": SCHEMA_VERSION, "logs": logs, "events": dict(sorted(names.items()))}


def keep(release: str, nation: str) -> None:
    """Record, dump and note."""
    dump, keyring, notes = place(release, nation)
    if dump.exists():
        print(f"{dump.name} of {release} is kept already", file=sys.stderr)  # noqa: T201 — a command
        return
    dump.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="holdfast-release-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account root hands PostgreSQL to has to reach it
        data = folder / "keys"
        (data / "keys").mkdir(parents=True)
        (data / "keys" / "master.key").write_bytes(key_of(release))
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            database = Database(server=server, name=f"r_{uuid4().hex}")
            template = make_template(server)
            with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
                copy_database(admin, database.name, template)
            with an_office(database, data, nation, DAY) as office:
                with opened_doors(office) as doors:
                    told(doors)
                brought(office, folder)
                noted = found_in(office)
            subprocess.run(
                [program("pg_dump"), *PG_DUMP, f"--file={dump}", database.conninfo()], check=True
            )
        keyring.write_bytes((data / "keys" / KEYRING).read_bytes())
    notes.write_bytes(orjson.dumps(noted, option=orjson.OPT_INDENT_2) + b"\n")


def examples() -> dict[str, str]:
    """Give the SHA-256 of every example of an event's stored form, by its name and version."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(EXAMPLES.glob("*.json"))
    }


def main() -> None:
    """Keep the records of the release that is named, and which stored forms it has."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tests.released RELEASE")
    forms = FOLDER / sys.argv[1] / FORMS
    if not forms.exists():
        forms.parent.mkdir(exist_ok=True)
        forms.write_bytes(orjson.dumps(examples(), option=orjson.OPT_INDENT_2) + b"\n")
    for nation in jurisdictions():
        keep(sys.argv[1], nation)


if __name__ == "__main__":
    main()
