"""`verify` says what is wrong where it is: with the record, or with what it was held to."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from api.settings import read_settings
from domain.record.proof.exporting import amiss_in
from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli, Said
from tests.doors.test_tampering import Conn, a_payload, behind, kept
from tests.record.proof import standalone_folder as made

__all__ = ["kept"]
VERDICT = "The record of cases"


def verdict(said: Said) -> str:
    """Give the first line of what is said of the cases."""
    return next(one for one in said.out.splitlines() if one.startswith(VERDICT))


def problems(said: Said) -> list[str]:
    """Give every problem that JSON names."""
    return [one for log in said.json["logs"] for one in log["problems"]]


def amiss(said: Said) -> list[str]:
    """Give everything that is amiss, and not with the record."""
    return [one for log in said.json["logs"] for one in log["amiss"]]


def test_the_verdict_names_the_first_position(cli: Cli, kept: Path, database: Database) -> None:
    """Of a replaced key, and of an entry that is another one than was handed over."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(
            "UPDATE keyring.data_key d SET wrapped = o.wrapped FROM keyring.data_key o"
            " WHERE d.id = (SELECT min(id::text)::uuid FROM keyring.data_key)"
            " AND o.id = (SELECT max(id::text)::uuid FROM keyring.data_key)"
        )
    said = cli("verify", "--json")
    at, until = said.json["logs"][0]["first"]
    assert at == until
    assert said.json["logs"][0]["problems"][0].startswith(f"position {at}: the passage")
    assert f"problem(s), the first at position {at}:" in verdict(cli("verify"))
    with behind(database) as conn:
        at = min(at, a_payload(conn))
    assert f"the first at position {at}:" in verdict(cli("verify", "--against", str(kept)))


def test_what_is_published_here_was_not_kept_elsewhere(cli: Cli, kept: Path) -> None:
    """Whoever rewrites the record publishes it anew there: nothing is shown by that folder."""
    own = read_settings().proof
    assert cli("verify").code == 0
    assert (own / "cases/checkpoint").is_file()
    linked = kept.parent / "linked"
    linked.symlink_to(own)
    for one in (own, linked, own / "cases" / ".."):
        said = cli("verify", "--against", str(one))
        assert said.code == 2
        assert "the folder in which this record publishes" in said.err


def test_a_folder_that_was_half_copied_is_told_as_that(cli: Cli, kept: Path) -> None:
    """Its checkpoint tells all the same that nothing was changed; the record is not at fault."""
    shutil.rmtree(kept / "cases/tile/0")
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 7
    assert said.json["ok"]
    assert problems(said) == []
    assert len(amiss(said)) == 2
    assert all("tile/0/" in words and "is missing" in words for words in amiss(said))
    told = cli("verify", "--against", str(kept))
    assert "is consistent, and still contains the tree of" in verdict(told)
    assert "  amiss, not with the record: " in told.out


@pytest.mark.parametrize("raw", [b"", b"half of a check"])
def test_a_checkpoint_that_was_half_copied_shows_nothing(cli: Cli, kept: Path, raw: bytes) -> None:
    """Nothing is said to be contained then."""
    (kept / "cases/checkpoint").write_bytes(raw)
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, problems(said)) == (7, [])
    assert any("does not hold" in one for one in amiss(said))
    assert any("cases/checkpoint is not the one that" in one for one in amiss(said))
    assert "is consistent in itself" in verdict(cli("verify", "--against", str(kept)))


def test_a_log_that_was_not_copied_is_missing(cli: Cli, kept: Path) -> None:
    """Where the manifest names it; a folder of one log alone is none of which half is missing."""
    shutil.rmtree(kept / "readings")
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, problems(said)) == (7, [])
    (words,) = amiss(said)
    assert "is not whole: readings/checkpoint is missing (and " in words
    (kept / "manifest.json").unlink()
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, problems(said)) == (7, [])
    assert [one.partition(": ")[2] for one in amiss(said)] == ["manifest.json is missing"]
    for name in ("verify.py", "README.txt"):
        (kept / name).unlink()
    assert cli("verify", "--against", str(kept)).code == 0, "as it is published: no export"


def test_a_published_folder_that_is_gone_is_told(cli: Cli, kept: Path, database: Database) -> None:
    """Of the log whose checkpoint is gone; also where the heads that were signed are, too."""
    own = read_settings().proof
    assert cli("verify", "--against", str(kept)).code == 0
    (own / "readings/checkpoint").unlink()
    said = cli("verify", "--json")
    assert (said.code, problems(said)) == (7, [])
    (words,) = said.json["logs"][1]["amiss"]
    assert "the published folder has no checkpoint of readings" in words
    assert said.json["logs"][0]["amiss"] == []
    shutil.rmtree(own)
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, problems(said)) == (7, [])
    assert [one.partition(", ")[0] for one in amiss(said)] == [
        f"the published folder has no checkpoint of {log}" for log in ("cases", "readings")
    ]
    assert "  amiss, not with the record: the published folder has no" in cli("verify").out
    with behind(database) as conn:
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    said = cli("verify", "--json")
    assert (said.code, len(amiss(said))) == (7, 2)


def test_a_record_that_never_published_misses_nothing(cli: Cli) -> None:
    """Nothing was signed of it yet: there is no folder that could be gone."""
    said = cli("verify", "--json")
    assert (said.code, amiss(said)) == (0, [])
    assert not read_settings().proof.exists()


@pytest.mark.parametrize("harm", ["removed", "flipped"])
def test_every_file_of_a_kept_export_is_missed(cli: Cli, kept: Path, harm: str) -> None:
    """One after the other: what was kept is told to be no longer whole, by its file."""
    named = json.loads((kept / "manifest.json").read_bytes())["files"]
    assert {"cases/checkpoint", "cases/policy", "cases/vkeys", "verify.py"} <= named.keys()
    asked = {"cases/checkpoint", "readings/policy", "manifest.json"}
    for path in sorted({*named, "manifest.json"}):
        file = kept / path
        raw = file.read_bytes()
        if harm == "removed":
            file.unlink()
        else:
            within = path == "manifest.json"
            at = raw.index(b'README.txt": "') + 16 if within else len(raw) // 2
            file.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        found = amiss_in(kept)
        assert any(path in " ".join(one) for one in found), path
        if path in asked:
            said = cli("verify", "--json", "--against", str(kept))
            assert (said.code, problems(said)) == (7, []), path
            assert any(path in one for one in amiss(said)), path
        file.write_bytes(raw)
    assert amiss_in(kept) == []
    assert cli("verify", "--against", str(kept)).code == 0


def test_half_a_folder_still_finds_what_was_changed(
    cli: Cli, kept: Path, database: Database
) -> None:
    """By the checkpoint, between which positions; the folder's own fault hides nothing."""
    shutil.rmtree(kept / "cases/tile/0")
    with behind(database) as conn:
        a_payload(conn)
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 6
    assert any("had another root in" in one for one in problems(said))
    assert said.json["logs"][0]["first"] == [5, 5], "the folder that is published has it, too"
    assert amiss(said)


def without_incarnations(conn: Conn) -> None:
    """Take away the rows by which the record knows under which keys it signed."""
    conn.execute("ALTER TABLE record.incarnation DISABLE TRIGGER ALL")
    conn.execute("DELETE FROM record.incarnation")
    conn.execute("ALTER TABLE record.incarnation ENABLE TRIGGER ALL")
    for trigger in ("append_only", "never_truncated"):
        conn.execute(f"ALTER TABLE record.incarnation ENABLE ALWAYS TRIGGER {trigger}".encode())


def test_incarnations_that_were_removed_are_named(cli: Cli, kept: Path, database: Database) -> None:
    """It is this record's folder still, and names the first entry that was changed."""
    with behind(database) as conn:
        conn.execute("DELETE FROM record.signed_head; DELETE FROM record.head")
        conn.execute("DELETE FROM record.subtree")
        without_incarnations(conn)
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 6
    told = [one for one in problems(said) if str(kept) in one]
    assert told
    assert all("no longer has the incarnation" in one for one in told), told
    assert not any("another log's" in one for one in problems(said))
    with behind(database) as conn:
        at = a_payload(conn)
    said = cli("verify", "--json", "--against", str(kept))
    assert any(one.startswith(f"position {at}: another entry") for one in problems(said))


def test_another_records_folder_is_another_logs(cli: Cli, kept: Path, tmp_path: Path) -> None:
    """And not one whose incarnation was removed."""
    assert kept.is_dir()
    other = made.write(tmp_path / "other", made.side(5))
    said = cli("verify", "--json", "--against", str(other))
    assert said.code == 6
    assert any("another log's" in one for one in problems(said))


def test_an_incarnation_removed_alone_stops_no_verification(
    cli: Cli, kept: Path, database: Database
) -> None:
    """Its heads are still there, and are named."""
    assert kept.is_dir()
    with behind(database) as conn:
        without_incarnations(conn)
    said = cli("verify", "--json", "--against", str(kept))
    assert said.code == 6
    assert any("of an incarnation that was removed" in one for one in problems(said))


def witnessed(folder: Path, *names: str) -> None:
    """Have witnesses cosign a checkpoint, and its policy ask for all of them."""
    checkpoint, policy = folder / "cases/checkpoint", folder / "cases/policy"
    text = checkpoint.read_text("utf-8").partition("\n\n")[0] + "\n"
    lines = ""
    for name in names:
        key = made.secret(name)
        with checkpoint.open("a", encoding="utf-8") as file:
            file.write(made.cosignature(name, key, text))
        lines += f"witness {name} {made.vkey(name, key, 4)}\n"
    lines += f"group every all {' '.join(names)}\nquorum every\n"
    policy.write_text(policy.read_text("utf-8").replace("quorum none\n", lines), "utf-8")
    if (folder / "manifest.json").is_file():
        manifest = json.loads((folder / "manifest.json").read_bytes())
        for one in (checkpoint, policy):
            named = one.relative_to(folder).as_posix()
            manifest["files"][named] = sha256(one.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_a_policy_that_asks_for_fewer_witnesses_than_before_is_named(cli: Cli, kept: Path) -> None:
    """Whoever reads what is published now is told less than was promised then; not the record."""
    own = read_settings().proof
    assert cli("verify", "--against", str(kept)).code == 0
    witnessed(kept, "w.example", "v.example")
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, said.json["ok"], problems(said)) == (7, True, [])
    (words,) = amiss(said)
    assert "asks for 0 witnesses" in words
    assert "asked for 2" in words
    assert words.endswith("the newest head that meets that one is of 0 entries")
    assert cli("verify", str(own), "--against", str(kept)).code == 7, "by the outsiders' verifier"
    witnessed(own, "w.example", "v.example")
    assert cli("verify", "--against", str(kept)).code == 0, "as many as then"
    (own / "cases/policy").unlink()
    assert cli("verify", "--against", str(kept)).code == 7


def test_a_key_that_was_exchanged_is_told(cli: Cli, kept: Path) -> None:
    """An origin that was kept under another key: all holds, and is not vouched for as it was."""
    checkpoint, vkeys, policy = (kept / "cases" / one for one in ("checkpoint", "vkeys", "policy"))
    text, now = checkpoint.read_text("utf-8").partition("\n\n")[0] + "\n", vkeys.read_text("utf-8")
    origin, then = text.partition("\n")[0], made.secret("then")
    checkpoint.write_text(text + "\n" + made.signature(origin, then, text), "utf-8")
    for one in (vkeys, policy):
        old = one.read_text("utf-8")
        one.write_text(old.replace(now.strip(), made.vkey(origin, then)), "utf-8")
    (kept / "manifest.json").unlink()
    for handed in ("verify.py", "README.txt"):
        (kept / handed).unlink()
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, said.json["ok"], problems(said)) == (7, True, [])
    (words,) = amiss(said)
    assert f"under another key of {origin} than the record has now" in words
    assert words.endswith(f"; gone: {made.vkey(origin, then)}; new: {now.strip()}")
    assert cli("verify", str(read_settings().proof), "--against", str(kept)).code == 7


def test_as_many_witnesses_but_others_are_named(cli: Cli, kept: Path) -> None:
    """Which are gone and which are new; who is asked for besides takes nothing away."""
    own = read_settings().proof
    before = (own / "cases/policy").read_text("utf-8")
    witnessed(kept, "w.example", "v.example")
    witnessed(own, "x.example", "v.example")
    said = cli("verify", "--json", "--against", str(kept))
    assert (said.code, said.json["ok"], problems(said)) == (7, True, [])
    (words,) = amiss(said)
    assert "rests on other witnesses than that of" in words
    assert "; gone: w.example+" in words
    assert words.index("; new: x.example+") > words.index("; gone: ")
    assert "v.example" not in words
    (own / "cases/policy").write_text(before, "utf-8")
    witnessed(own, "w.example", "v.example", "y.example")
    assert cli("verify", "--against", str(kept)).code == 0


def test_a_folder_is_held_to_an_export_kept_from_before(cli: Cli, kept: Path) -> None:
    """By the verifier of one file, without a database; what only a database has is refused."""
    earlier = kept.parent / "earlier"
    shutil.copytree(kept, earlier)
    assert cli("verify", str(kept), "--against", str(earlier)).code == 0
    assert cli("verify", str(kept), "--against", str(kept)).code == 2
    (earlier / "readings/vkeys").unlink()
    assert cli("verify", str(kept), "--against", str(earlier)).code == 7
    shutil.rmtree(earlier)
    made.write(earlier, made.side(5))
    assert cli("verify", str(kept), "--against", str(earlier)).code == 6
    assert cli("verify", str(kept), "--head", "cases:0:" + "00" * 32).code == 2
