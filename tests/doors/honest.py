"""Honest histories of a record, drawn from a seed: whatever offices do, and nothing that is wrong.

Each is lived through the real record: commands, imports, forgettings, other master keys, adopted
policies, documents, witnesses and time-stamps, restarts, and backups restored as another
incarnation. What outsiders would keep of it is kept: exports, tree heads, receipts.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final, Self
from uuid import uuid4

import pytest

from api import rotating
from api.cli import run
from api.clock import seeded
from api.office import Office
from api.proving import newest_head, origin_of, signers
from api.settings import Settings
from domain.record.migration import LOGS
from domain.record.proof.lives import incarnations
from domain.record.proof.note import Verifier
from domain.record.proof.standalone import verify
from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import WITH_ENTRIES, Doors, opened_doors, referral, settings_for
from tests.doors.copied import both, empty_place, newest, restored
from tests.doors.given_out import KINDS, give
from tests.doors.test_erasure import erase
from tests.doors.test_policy import adopt, limit
from tests.doors.test_receipts import made
from tests.record.proof.stub_witness import StubWitness

HEADS: Final = (
    "Seq,Start date,End date,Start time,End time,Agency,Source of information,Person(s),Event,"
    "Adult seen and heard,Response / outcome,Decision and rationale,Recorded at,Agency comment,"
    "Significance,Known to,Assertion"
)
ASKED: Final = ("--system", "case-system", "--role", "manager")


@dataclass(frozen=True, slots=True)
class Outside:
    """Who stands outside: witnesses, and a time-stamp authority with its address and root."""

    witnesses: list[StubWitness]
    time: tuple[str, Path]


@dataclass(slots=True)
class Kept:
    """What others keep of a record."""

    exports: list[Path] = field(default_factory=list)
    heads: list[Path] = field(default_factory=list)  # signed checkpoints
    roots: set[str] = field(default_factory=set)  # `log:size:root`
    receipts: list[tuple[Path, Path]] = field(default_factory=list)  # and the entry of each
    vkeys: set[str] = field(default_factory=set)


class Life:
    """One record, through whatever its seed has happen to it. Use as a context manager."""

    def __init__(
        self, seed: int, database: Database, folder: Path, outside: Outside, env: pytest.MonkeyPatch
    ) -> None:
        self.random: Random = seeded(seed)
        self.kept, self.told = Kept(), list[str]()
        self.folder, self._database, self._env = folder, database, env
        self._outside, self._stack, self._places = outside, ExitStack(), ExitStack()
        self._cases: list[str] = []
        self._people: list[str] = []
        self._open_cases: set[str] = set()  # nothing of them was forgotten, and none is held
        self._files = self._restores = 0
        self._witnessed = self.random.random() < 0.4
        self._timed = self.random.random() < 0.25
        self._more = {"HOLDFAST_ORIGIN": f"history-{seed}.example/{uuid4().hex[:6]}"}
        if self._timed:
            url, root = outside.time
            self._more |= {
                "HOLDFAST_TSA_URL": url,
                "HOLDFAST_TSA_CA_FILE": str(root / "root.pem"),
            }
        if self._witnessed and self.random.random() < 0.5:
            self.quorum()
        self.settings = settings_for(database, folder / "first", **self._more)

    def __enter__(self) -> Self:
        self.open()
        self.person()
        self.case()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stack.close()
        self._places.close()

    # ------------------------------------------------------------------------ opened and closed

    def open(self) -> None:
        """Open the office, as its settings are by now, for the command line too."""
        settings = self.settings
        for name, value in {
            "DATABASE_URL": self._database.conninfo(LOGIN),
            "HOLDFAST_OWNER_URL": self._database.conninfo(OWNER),
            "HOLDFAST_DATA": str(settings.data),
            "HOLDFAST_MASTER_KEY_FILE": str(settings.master_key_file),
            **self._more,
        }.items():
            self._env.setenv(name, value)
        office = self._stack.enter_context(Office(settings))
        opened = self._stack.enter_context(opened_doors(office))
        # Whoever follows for a view is alone with it: here it is the command line, where it has to.
        self.doors: Doors = replace(opened, followers=[])
        self.known()

    def close(self) -> None:
        """Close the office."""
        self._stack.close()

    def known(self) -> None:
        """Tell the witnesses by which key the newest incarnation of each log signs."""
        office = self.doors.office
        for log in LOGS:
            with office.pool.connection() as conn:
                lives = incarnations(conn, log)
            origin = lives[-1].origin if lives else origin_of(office, log)
            vkey = lives[-1].vkey if lives else signers(office.settings, begun=False)(origin).vkey
            for one in self._outside.witnesses:
                one.keys[origin] = Verifier.from_vkey(vkey)

    def restart(self) -> None:
        """Stop, and start again; by then the office may have witnesses."""
        if self._witnessed and "HOLDFAST_POLICY_FILE" not in self._more:
            self.quorum()
        self._again(self.settings)

    def quorum(self) -> None:
        """From the next start on, two of three witnesses have to cosign."""
        names = " ".join(one.signer.name for one in self._outside.witnesses)
        lines = "".join(one.line for one in self._outside.witnesses)
        file = self.folder / "policy"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{lines}group some 2 {names}\nquorum some\n")
        self._more["HOLDFAST_POLICY_FILE"] = str(file)

    def _again(self, settings: Settings) -> None:
        self._stack.close()
        changed = settings_for(self._database, settings.data, **self._more)
        self.settings = replace(changed, master_key_file=settings.master_key_file)
        self.open()

    # --------------------------------------------------------------------------- what is recorded

    def person(self) -> None:
        """Somebody is registered."""
        self._people.append(self.doors.person(name=f"Person {len(self._people)}"))

    def case(self) -> None:
        """A concern is received."""
        found = self.doors.case(self.random.choice(self._people))
        self._cases.append(found)
        self._open_cases.add(found)

    def note(self) -> None:
        """Something is added to an entry; asked twice with one key, it is recorded once."""
        if not self._cases:
            return
        case, key = self.random.choice(self._cases), str(uuid4())
        body = {"command": {"target": 1, "kind": "supplementary", "text": "It rang again."}}
        version = self._version(case)
        for _ in range(self.random.choice((1, 1, 2))):
            path = f"/v1/cases/{case}/annotate-entry"
            assert self.doors.post(path, body, version=version, key=key).status_code in {201, 200}

    def refused(self) -> None:
        """Something is asked that is refused, or comes late: it leaves nothing."""
        if not self._cases:
            return
        case = self.random.choice(self._cases)
        path, body = f"/v1/cases/{case}/lift-legal-hold", {"command": {"hold": 1}}
        assert self.doors.post(path, body, version=0).status_code >= 400
        assert self.doors.post(path, body, version=self._version(case)).status_code >= 400

    def at_once(self) -> None:
        """Several record at the same moment."""
        adults = [self.random.choice(self._people) for _ in range(6)]

        def ask(adult: str) -> str:
            answer = self.doors.post("/v1/cases", {"command": referral(adult)})
            assert answer.status_code == 201, answer.text
            return str(answer.json()["stream"])

        with ThreadPoolExecutor(3) as some:
            found = list(some.map(ask, adults))
        self._cases += found
        self._open_cases |= set(found)

    def hold(self) -> None:
        """A legal hold is placed."""
        if not self._open_cases:
            return
        case = self.random.choice(sorted(self._open_cases))
        self._open_cases.discard(case)
        body = {"command": {"reason": "court"}}
        path = f"/v1/cases/{case}/place-legal-hold"
        assert self.doors.post(path, body, version=self._version(case)).status_code == 201

    def forget(self) -> None:
        """A passage or all of a case is forgotten, by two people."""
        if not self._open_cases:
            return
        case = self.random.choice(sorted(self._open_cases))
        self._open_cases.discard(case)
        scope = self.random.choice(("case", "passage"))
        more = {"target": 1} if scope == "passage" else {}
        erase(self.doors, case, scope, self._version(case), **more)
        if scope == "case":
            self._cases.remove(case)

    def adopted(self) -> None:
        """The authority adopts limits of its own."""
        name, days = f"local-{self._number()}", self.random.randint(3, 20)
        adopt(self.doors, name, "2026-11-01", limit("initial_conference", days))

    def imported(self) -> None:
        """A chronology is taken in, from a file."""
        file, out = self._file("chronology.csv"), io.StringIO()
        rows = csv.writer(out)
        out.write(f"{HEADS}\n")
        for number in range(1, self.random.randint(2, 9)):
            day = f"2024-0{self.random.randint(1, 9)}-1{number}"
            rows.writerow(
                [number, day, "", "", "", "GP", "Letter", "N", f"Visit {number}.", "Seen"]
            )
        file.write_text(out.getvalue())
        told = self.ask("import", "chronology", str(file), "--new-case", "--reference", file.name)
        self._cases.append(str(told["case"]))

    def brought(self) -> None:
        """A list of cases is brought forward."""
        file, number = self._file("cases.csv"), self._number()
        file.write_text(
            "Case reference,Person reference,Stage,Received,Closed,Closed because\n"
            f"S-{number},P-{number},Closed,2024,?2025-02-03,Looked at by another\n"
        )
        self.ask("import", "cases", str(file), *ASKED)

    def given(self) -> None:
        """A timeline is given out, and kept as a document."""
        if not self._cases:
            return
        case, kind = self.random.choice(self._cases), self.random.choice(KINDS)
        give(self.doors, case, format=kind)

    def looked(self) -> None:
        """Somebody reads, which leaves a trace."""
        for case in self.random.sample(self._cases, min(3, len(self._cases))):
            assert self.doors.get(f"/v1/cases/{case}").status_code == 200

    # ---------------------------------------------------------------------------- what is proved

    def proved(self) -> None:
        """Heads are made and published; somebody keeps one."""
        if self._witnessed:
            for one in self._outside.witnesses:
                one.away = False
            self.random.choice(self._outside.witnesses).away = True
        made(self.doors.office)
        for log in LOGS:
            head = newest_head(self.doors.office, log)
            assert head is not None
            if self.random.random() < 0.5:
                file = self._file(f"{log}.checkpoint")
                file.write_bytes(head.note)
                self.kept.heads.append(file)
                self.kept.roots.add(f"{log}:{head.size}:{head.root.hex()}")

    def receipt(self) -> None:
        """Somebody keeps a receipt."""
        log = self.random.choice(sorted(LOGS))
        tail = newest_head(self.doors.office, log)
        if tail is None or not tail.size:
            return
        at = self.random.randint(1, tail.size)
        folder = self._file("receipt")
        assert run(["receipt", str(at), "--log", log, "--out", str(folder)]) == 0
        name = folder / f"{log}-{at}"
        self.kept.receipts.append(
            (name.with_name(f"{name.name}.tlog-proof"), name.with_name(f"{name.name}.entry"))
        )

    def exported(self) -> None:
        """The proof is handed over: anew, or into the folder of an earlier time."""
        again = self.kept.exports and self.random.random() < 0.5
        folder = self.random.choice(self.kept.exports) if again else self._file("export")
        whole = [*WITH_ENTRIES] if self.random.random() < 0.5 else []
        self.ask("export-proof", str(folder), *whole)
        self.told.append(f"({folder.name}{' '.join(['', *whole])})")
        if folder not in self.kept.exports:
            self.kept.exports.append(folder)

    # --------------------------------------------------------------- keys changed, backups restored

    def rotated(self) -> None:
        """Another master key."""
        self._stack.close()
        file = self.folder / f"master-{self._number()}.key"
        assert rotating.rotate(self.settings, file)
        self._again(replace(self.settings, master_key_file=file))

    def restore(self) -> None:
        """A backup and the newest keyring are restored in another place, which goes on.

        What was recorded since is lost, but nothing of which anybody was told: a head that was
        signed since would rightly be missed. The folder that is published, and the key that signs,
        may come along or not.
        """
        if self._restores == 2:
            return
        self._restores += 1
        doors, here = self.doors, self._file("copies")
        here.mkdir()
        backup, keys = both(doors, here)
        if self.random.random() < 0.5:
            self._lost()
            newest(doors, keys)
        master, old = self.settings.master_key_file.read_bytes(), self.settings
        self._stack.close()
        place = self._places.enter_context(
            empty_place(self._database, self.folder / f"place-{self._restores}", master)
        )
        if self.random.random() < 0.7 and old.log_key_file.exists():
            shutil.copy(old.log_key_file, place.settings.log_key_file)
            self.told.append("(with the key)")
        if self.random.random() < 0.5 and old.proof.exists():
            shutil.copytree(old.proof, place.settings.proof)
            self.told.append("(with the folder)")
        origin = replace(place.settings, origin=old.origin)
        restored(replace(place, settings=origin), backup, keys)
        self._database = place.database
        self._again(place.settings)

    def _lost(self) -> None:
        """What is recorded after a backup, and lost with it."""
        cases, people = [*self._cases], [*self._people]
        self.note()
        self.forget()
        self.person()
        destroyed = {*cases} - {*self._cases}  # in the restored record, too
        self._cases, self._people = [one for one in cases if one not in destroyed], people

    # ------------------------------------------------------------------------------------ and all

    def happen(self) -> None:
        """Let something happen."""
        what = self.random.choices(
            [one for one, _ in STEPS], weights=[weight for _, weight in STEPS]
        )[0]
        self.told.append(what.__name__)
        what(self)

    def ask(self, *words: str) -> Mapping[str, Any]:
        """Ask the command line for something that it does; its answer as JSON."""
        code, told = self.said(*words)
        assert code == 0, (words, told)
        return told

    def said(self, *words: str) -> tuple[int, Mapping[str, Any]]:
        """Ask the command line; how it ended, and its answer as JSON."""
        out, wrong = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(wrong):
            code = run([*words, "--json"])
        return code, json.loads(out.getvalue() or "{}") or {"said": wrong.getvalue()}

    def _version(self, case: str) -> int:
        with self.doors.office.pool.connection() as conn:
            row = conn.execute(
                "SELECT max(version) FROM record.cases WHERE stream = %s", (case,)
            ).fetchone()
        assert row is not None
        return int(row[0])

    def _file(self, name: str) -> Path:
        return self.folder / f"{self._number()}-{name}"

    def _number(self) -> int:
        self._files += 1
        return self._files


STEPS: Final[list[tuple[Callable[[Life], None], int]]] = [
    (Life.person, 2),
    (Life.case, 4),
    (Life.note, 4),
    (Life.refused, 1),
    (Life.at_once, 2),
    (Life.hold, 1),
    (Life.forget, 3),
    (Life.adopted, 1),
    (Life.imported, 2),
    (Life.brought, 1),
    (Life.given, 2),
    (Life.looked, 2),
    (Life.proved, 5),
    (Life.receipt, 2),
    (Life.exported, 3),
    (Life.rotated, 1),
    (Life.restore, 2),
    (Life.restart, 1),
]


def alarms(life: Life) -> list[str]:
    """Verify a record in every way there is; what is said to be wrong."""
    life.proved()
    life.exported()
    office, kept = life.doors.office, life.kept
    for log in LOGS:
        with office.pool.connection() as conn:
            kept.vkeys |= {one.vkey for one in incarnations(conn, log)}
    words = [word for one in sorted(kept.vkeys) for word in ("--vkey", one)]
    words += [word for one in kept.heads for word in ("--head", str(one))]
    words += ["--tsa-ca", str(life._outside.time[1] / "root.pem")]
    found = list[str]()
    for folder in (office.settings.proof, *_up_to_date(life)):
        found += alone(folder, *words)
        for receipt, entry in life.random.sample(kept.receipts, min(2, len(kept.receipts))):
            found += alone(folder, *words, "--receipt", str(receipt), "--entry", str(entry))
    for folder in kept.exports:  # and each by itself, as it was handed over
        found += alone(folder)
    return [*found, *_by_itself(life)]


def _by_itself(life: Life) -> list[str]:
    """What `holdfast verify` says is wrong, with all that was kept; the views too, now and then."""
    against = [word for one in life.kept.exports for word in ("--against", str(one))]
    heads = [word for one in sorted(life.kept.roots) for word in ("--head", one)]
    views = ["--views"] if life.random.random() < 0.2 else []
    code, told = life.said("verify", *against, *heads, *views)
    if "logs" not in told:
        return [f"verify ends with {code}: {told}"]
    found = [f"verify: {one}" for log in told["logs"] for one in log["problems"]]
    found += [f"document: {one}" for one in told["documents"]["problems"]]
    found += [f"view: {name}" for name, one in told["views"].items() if not one["equal"]]
    return found if bool(code) == bool(found) else [*found, f"verify ends with {code}"]


def _up_to_date(life: Life) -> list[Path]:
    """The exports that go as far as the newest head: an older one lacks what was kept since."""
    heads = [(log, newest_head(life.doors.office, log)) for log in LOGS]
    return [
        one
        for one in life.kept.exports
        if all(head and (one / log / "checkpoint").read_bytes() == head.note for log, head in heads)
    ]


def alone(folder: Path, *words: str) -> list[str]:
    """What the stand-alone verifier says is wrong with a folder."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = verify.main([str(folder), *words, "--json"])
    told = json.loads(out.getvalue())
    faults = [f"verify.py {folder.name}: {one['says']}" for one in told["faults"]]
    return faults if code == bool(faults) else [*faults, f"exit {code}: {told['verdict']}"]
