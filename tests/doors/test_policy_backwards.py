"""By what cases were judged is not changed backwards unseen, wherever a policy is kept.

It is kept in the entry that adopted it (its numbers, days and words), in the due dates of whatever
was recorded by it, in timelines that were given out, and in what was handed over to an auditor. No
view keeps it; what views have reckoned by it is compared as all of them is (`test_tampering`). And
the other policy, whose signatures a checkpoint needs, lies where it is published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.office import Office
from domain.record.encoding import canonical
from domain.record.proof.checking import Publication
from domain.record.proof.publishing import Folder
from tests.conftest import Database
from tests.doors.conftest import WITH_ENTRIES, Cli, opened_doors, settings_for
from tests.doors.given_out import give
from tests.doors.test_policy import adopt, due_of, limit
from tests.doors.test_tampering import Conn, behind, sealed_at, wrongs
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import ask

OWN, OTHER = "scotland-2026.3/local-1", "scotland-2026.3/local-2"


@pytest.fixture
def nation(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the setting of a Scottish office, for the command line too."""
    monkeypatch.setenv("HOLDFAST_NATION", "scotland")
    return {"HOLDFAST_NATION": "scotland"}


@pytest.fixture
def kept(database: Database, tmp_path: Path, nation: dict[str, str], cli: Cli) -> Path:
    """Adopt two policies, judge a case by the first, and hand the proof over, with contents."""
    with (
        Office(settings_for(database, tmp_path, **nation)) as office,
        opened_doors(office) as opened,
    ):
        adopt(opened, "local-1", "2026-11-01", limit("initial_conference", 5), document="Ours")
        case = opened.case(received="2026-11-10")
        assert due_of(opened, case)["policy"] == OWN
        adopt(opened, "local-2", "2027-01-01", limit("initial_conference", 9))
        give(opened, case, format="csv")
    folder = tmp_path / "kept"
    assert cli("export-proof", str(folder), *WITH_ENTRIES).code == 0
    assert cli("verify", "--against", str(folder)).code == 0
    return folder


def entries(conn: Conn, name: str) -> list[tuple[int, Any]]:
    """The entries of a name, with what they say."""
    rows = conn.execute(
        'SELECT "position", payload FROM record.cases WHERE name = %s ORDER BY 1', (name,)
    ).fetchall()
    return [(at, json.loads(raw)) for at, raw in rows]


def rewrite(conn: Conn, at: int, payload: object) -> int:
    """Have an entry say something else; where it stands."""
    query = 'UPDATE record.cases SET payload = %s WHERE "position" = %s'
    conn.execute(query, (canonical(payload), at))
    return at


def an_amount(conn: Conn) -> int:
    """A limit was longer, it says."""
    at, payload = entries(conn, "policy-adopted.v2")[0]
    payload["data"]["limits"][0]["amount"] = 50
    return rewrite(conn, at, payload)


def a_day(conn: Conn) -> int:
    """It held from another day, it says."""
    at, payload = entries(conn, "policy-adopted.v2")[1]
    payload["data"]["effective"] = "2026-11-01"
    return rewrite(conn, at, payload)


def its_words(conn: Conn) -> int:
    """Where a policy says so is told in the words of another."""
    (first, one), (second, other) = entries(conn, "policy-adopted.v2")
    (path, name), (twin, also) = (
        sealed_at(one["data"]["limits"]),
        sealed_at(other["data"]["limits"]),
    )
    path[name], twin[also] = twin[also], path[name]
    rewrite(conn, second, other)
    return rewrite(conn, first, one)


def when_adopted(conn: Conn) -> int:
    """It was adopted earlier, it says."""
    at, _ = entries(conn, "policy-adopted.v2")[1]
    row = conn.execute('SELECT header FROM record.cases WHERE "position" = %s', (at,)).fetchone()
    assert row is not None
    header = json.loads(row[0])
    header["occurred"] = {"edtf": "2026-10-01"}
    query = 'UPDATE record.cases SET header = %s WHERE "position" = %s'
    conn.execute(query, (canonical(header), at))
    return at


def never_adopted(conn: Conn) -> int:
    """It never was, says a record from which it was taken out."""
    at, _ = entries(conn, "policy-adopted.v2")[0]
    conn.execute('DELETE FROM record.cases WHERE "position" = %s', (at,))
    return at


def a_due_date(conn: Conn) -> int:
    """What was recorded was due later, it says."""
    at, payload = entries(conn, "referral-received.v2")[0]
    payload["data"]["conference_due"]["on"] = "2027-06-01"
    return rewrite(conn, at, payload)


def by_which(conn: Conn) -> int:
    """It was due by another policy, it says."""
    at, payload = entries(conn, "referral-received.v2")[0]
    payload["data"]["conference_due"]["policy"] = OTHER
    return rewrite(conn, at, payload)


def the_nation(conn: Conn) -> int:
    """All of it is judged by another nation's procedure, it says."""
    ((at, payload),) = entries(conn, "record-opened.v1")
    payload["data"]["nation"] = "england"
    return rewrite(conn, at, payload)


ATTACKS = [
    an_amount,
    a_day,
    its_words,
    when_adopted,
    never_adopted,
    a_due_date,
    by_which,
    the_nation,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_policy_in_the_record_is_not_changed_backwards(
    cli: Cli, kept: Path, database: Database, attack: Callable[[Conn], int]
) -> None:
    """Rewritten with its leaf and every head of it: what was handed over names the first entry."""
    with behind(database) as conn:
        at = attack(conn)
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    said = wrongs(cli, "--against", str(kept))
    assert any(one.startswith(f"position {at}: another entry") for one in said) or any(
        one.startswith(f"position {at + 1} follows {at - 1}") for one in said
    ), said


def changed_contents(kept: Path, old: bytes, new: bytes) -> None:
    """Change what was handed over, and its manifest with it."""
    file = kept / "cases/contents/000"
    raw = file.read_bytes()
    assert raw.count(old) >= 1
    assert len(old) == len(new)
    file.write_bytes(raw.replace(old, new, 1))
    (kept / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"amount":5,', b'"amount":9,'),
        (b'"effective":"2027-01-01"', b'"effective":"2026-01-01"'),
        (OWN.encode(), OTHER.encode()),
        (b'"nation":"scotland"', b'"nation":"scotLand"'),
    ],
)
def test_a_policy_that_was_handed_over_is_not_changed(kept: Path, old: bytes, new: bytes) -> None:
    """An auditor's copy says what was recorded: the entry commits to it."""
    changed_contents(kept, old, new)
    _, said = ask(kept)
    (fault,) = said["faults"]
    assert "not the one that was recorded" in fault["says"]


@pytest.fixture
def published(tmp_path: Path) -> tuple[Publication, Path]:
    """Give a folder in which a log is published."""
    log = made.side(5, policy=f"log {made.side(5).vkey}\nquorum none\n")
    made.write(tmp_path, log)
    return Publication("a folder", Folder(tmp_path / "cases"), kept=False), tmp_path / "cases"


def test_a_timeline_that_names_its_policy_is_not_changed(
    cli: Cli, kept: Path, database: Database
) -> None:
    """What was given out was made by a policy: its bytes are kept, and are those of its digest."""
    assert kept.is_dir()
    with behind(database) as conn:
        changed = "set_byte(sealed, 40, 7 # get_byte(sealed, 40))"
        conn.execute(f"UPDATE record.document SET sealed = {changed}".encode())
    assert any(": document " in one or one.startswith("document ") for one in wrongs(cli))


FORGED = made.vkey("history.example/cases/1", made.secret("forger"))
NOBODY = f"witness w {made.vkey('w.example', made.secret('w'), 4)}\nquorum w\n"


def another_key(text: str) -> str:
    """Put another key in the place of the log's."""
    return re.sub(r"\S+/cases/1\+\S+", lambda _: FORGED, text)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("vkeys", another_key, "are not its keys"),
        ("vkeys", lambda _text: "", "are not its keys"),
        ("policy", another_key, "another log's key"),
        ("policy", lambda text: text.replace("quorum none\n", NOBODY), "0 of 1 witnesses"),
        ("policy", lambda _text: "quorum nobody\n", "does not hold"),
    ],
)
def test_who_has_to_have_signed_is_not_changed_where_it_is_published(
    published: tuple[Publication, Path], name: str, change: Callable[[str], str], says: str
) -> None:
    """The keys that are published are the record's, and its checkpoint meets the policy there."""
    one, folder = published
    vkeys = (folder / "vkeys").read_text().splitlines()
    keys, said = {one.partition("+")[0]: one for one in vkeys}, list[str]()
    assert one.read(said.append, keys)
    assert said == []
    (folder / name).write_text(change((folder / name).read_text()))
    one.read(said.append, keys)
    assert any(says in problem for problem in said), said
