"""A whole export that was kept from before names the first entry that is another one now."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from domain.record.proof.policy import Policy, exchanged, read_policy
from domain.record.proof.standalone import verify
from tests.record.proof import standalone_folder as made
from tests.record.proof.standalone_asked import HEADS, ask, found, holds
from tests.record.proof.standalone_folder import Side, secret, side, vkey, write
from tests.record.proof.test_standalone import Quiet, served


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Give the export of 300 entries that an auditor has."""
    return write(tmp_path / "kept", side(300, contents=True, heads=HEADS[:3]))


def anew() -> Side:
    """Give the log as it was written anew from entry 270 on, and has grown since."""
    return made.forked(side(520, contents=True, heads=HEADS))


def verdict(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Give the first line of the answer."""
    verify.main([*map(str, words)])
    return capsys.readouterr().out.splitlines()[0]


def test_a_checkpoint_alone_names_between_which(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The verdict does not say that entry 1 is bad, which it is not."""
    new = write(tmp_path / "new", anew())
    words = (new, "--head", kept / "cases/checkpoint")
    assert ask(*words)[1]["first_bad"] == {"cases": [1, 300]}
    assert "first bad position in cases: somewhere in 1 to 300." in verdict(capsys, *words)


def test_an_export_kept_names_the_first(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the verdict, among the faults and in JSON."""
    new = write(tmp_path / "new", anew())
    words = (new, "--against", kept)
    found([*words], "heads", 270, "had another root; the first that differs is 270")
    assert ask(*words)[1]["first_bad"] == {"cases": [270, 270]}
    assert "first bad position in cases: 270." in verdict(capsys, *words)


def test_an_export_gone_on_from_is_no_fault(kept: Path, tmp_path: Path) -> None:
    """The record grew: partial bundles of then are whole by now, here and beside."""
    new = write(tmp_path / "new", side(520, contents=True, heads=HEADS))
    assert any("kept elsewhere" in one for one in holds(new, "--against", kept))
    shutil.copytree(kept, tmp_path / "copy")
    holds(kept, "--against", tmp_path / "copy")


def test_a_part_of_a_bundle_may_be_gone_where_there_is_a_whole_one(tmp_path: Path) -> None:
    """A folder that was published into since has other bundles than its checkpoint's."""
    old = write(tmp_path / "old", side(520, contents=True, heads=HEADS))
    log = side(300, contents=True)
    checkpoint = log.checkpoint(1, 300, log.leaves)
    (old / "cases/checkpoint").write_text(checkpoint, "utf-8")
    shutil.rmtree(old / "cases/tile/entries/001.p")
    (old / "manifest.json").unlink()  # as it is published
    (old / "README.txt").unlink()
    new = write(tmp_path / "new", anew())
    found([new, "--against", old], "heads", 270)


def amiss(kept: Path, path: str, tmp_path: Path) -> None:
    """Demand that a file of what was kept is named, and nothing of what is verified."""
    grown = tmp_path / "grown"
    if not grown.exists():
        write(grown, side(520, contents=True, heads=HEADS))
    code, said = ask(grown, "--against", kept)
    assert (code, said["faults"]) == (7, []), path
    assert said["verdict"].startswith("PROVED, ")
    assert said["verdict"].endswith(
        "kept or published before is not whole, or was vouched for otherwise."
    )
    assert any(path in one and str(kept) in one for one in said["amiss"]), (path, said["amiss"])


@pytest.mark.parametrize("harm", ["removed", "flipped"])
def test_every_file_of_a_kept_export_is_missed(tmp_path: Path, harm: str) -> None:
    """One after the other: an export that is no longer whole is told by its file, and not 0."""
    logs = [side(size, heads=[(1, 256), (1, size)]) for size in (300, 520)]
    others = [side(5, name="readings")] * 2
    kept = write(tmp_path / "kept", logs[0], others[0])
    write(tmp_path / "grown", logs[1], others[1])
    named = json.loads((kept / "manifest.json").read_bytes())["files"]
    for path in sorted({*named, "manifest.json"}):
        file = kept / path
        raw = file.read_bytes()
        if harm == "removed":
            file.unlink()
        else:
            within = path == "manifest.json"
            at = raw.index(b'README.txt": "') + 16 if within else len(raw) // 2
            file.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        amiss(kept, path, tmp_path)
        file.write_bytes(raw)
    holds(tmp_path / "grown", "--against", kept)


def test_the_only_checkpoint_that_was_not_copied_is_named(kept: Path, tmp_path: Path) -> None:
    """Nothing is compared then: that is no proof, and it says what is missing."""
    new = write(tmp_path / "new", side(520, contents=True, heads=HEADS))
    (kept / "cases/checkpoint").unlink()
    code, said = ask(new, "--against", kept)
    assert code == 2
    assert "cases/checkpoint is missing" in said["verdict"]


def test_no_folder_vouches_for_itself(kept: Path, tmp_path: Path) -> None:
    """By its own name, by a link, by one file of two names, or from within itself."""
    linked, twin = tmp_path / "linked", tmp_path / "twin"
    linked.symlink_to(kept)
    shutil.copytree(kept, twin)
    holds(kept, "--against", twin)
    (twin / "cases/checkpoint").unlink()
    (twin / "cases/checkpoint").hardlink_to(kept / "cases/checkpoint")
    shutil.copytree(kept, kept / "within")
    kin = (kept, f"{kept}/", kept / "cases" / "..", linked, twin, kept / "within")
    given = [("--against", one) for one in kin]
    given += [("--head", Path(one) / "cases/checkpoint") for one in kin]
    given += [("--policy", kept / "cases/policy")]
    for words in ((place, *words) for place in (kept, linked) for words in given):
        code, said = ask(*words)
        assert (code, said["faults"]) == (2, []), words
        assert "what is verified. It cannot vouch for itself" in said["verdict"]
        assert said["proved"] == []


AT_THE_HEAD = "stands at the very head that is verified: nothing newer is proved by it"


@pytest.mark.parametrize("given", ["--against", "--head"])
def test_what_stands_at_the_very_head_is_said(kept: Path, tmp_path: Path, given: str) -> None:
    """A copy, or an address that serves what was kept, proves no more than that it is the same."""
    shutil.copytree(kept, tmp_path / "copy")
    new = write(tmp_path / "new", side(520, contents=True, heads=HEADS))
    with served(partial(Quiet, directory=str(kept))) as address:
        for place, said in ((tmp_path / "copy", True), (address, True), (new, False)):
            file = kept if given == "--against" else kept / "cases/checkpoint"
            code, told = ask(place, given, file)
            assert (code, told["faults"], told["amiss"]) == (0, [], []), place
            assert any(AT_THE_HEAD in one for one in told["not_proved"]) == said, place


def test_the_key_of_a_kept_export_is_believed(kept: Path, tmp_path: Path) -> None:
    """What it signed is the authority's as far as was kept: no key is taken from the folder."""
    new = write(tmp_path / "new", side(520, contents=True, heads=HEADS))
    from_folder = "taken from the folder"
    assert any(from_folder in one for one in ask(new)[1]["not_proved"])
    assert not any(from_folder in one for one in ask(new, "--against", kept)[1]["not_proved"])


def test_a_key_that_was_exchanged_is_told(kept: Path, tmp_path: Path) -> None:
    """All holds under the key of now, which is not the one that was kept; not if it was given."""
    old, now = side(300), side(520, contents=True, heads=HEADS, seed="another")
    new = write(tmp_path / "new", now)
    code, said = ask(new, "--against", kept)
    assert (code, said["faults"]) == (7, [])
    (words,) = said["amiss"]
    assert f"{now.origin(1)} is signed for by another key than before" in words
    assert f"gone: {old.vkey}, new: {now.vkey}" in words
    holds(new, "--against", kept, "--vkey", now.vkey)
    found([new, "--against", kept, "--vkey", old.vkey], "signature", None, "no known key")
    fork = anew()
    fork.seed = "another"
    found([write(tmp_path / "fork", fork), "--against", kept], "heads", 270)


def test_the_key_of_a_new_incarnation_is_no_exchange(kept: Path, tmp_path: Path) -> None:
    """It is recorded that another began; that its key is the authority's has to be asked."""
    now = side(520, contents=True, heads=[*HEADS[:3], (2, 520)], continued={2: 300})
    new = write(tmp_path / "new", now)
    holds(new, "--against", kept)
    told = ask(new, "--against", kept)[1]["not_proved"]
    assert any("taken from the folder" in one and now.vkey in one for one in told)


def test_a_kept_checkpoint_that_its_own_key_did_not_sign_shows_nothing(
    kept: Path, tmp_path: Path
) -> None:
    """It is what was kept that is at fault, by its file."""
    cases = side(300, seed="another")
    (kept / "cases/checkpoint").write_text(cases.checkpoint(1, 300, cases.leaves), "utf-8")
    made.manifest(kept, cases)
    new = write(tmp_path / "new", side(520, contents=True, heads=HEADS))
    code, said = ask(new, "--against", kept)
    assert code == 2
    assert "no known key of" in said["verdict"]


@pytest.mark.parametrize("broken", ["missing", "changed", "a link"])
def test_a_kept_export_that_is_not_whole_names_no_wrong_entry(
    kept: Path, tmp_path: Path, broken: str
) -> None:
    """Its entries are believed only where its own signed checkpoint is of them."""
    file = kept / "cases/tile/entries/000"
    if broken == "missing":
        file.unlink()
    elif broken == "a link":
        file.rename(tmp_path / "aside")
        file.symlink_to(tmp_path / "aside")
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    new = write(tmp_path / "new", anew())
    found([new, "--against", kept], "heads", 1, "one of 1 to 300")
    amiss(kept, "cases/tile/entries/000", tmp_path)


def test_what_is_no_export_is_refused(kept: Path, tmp_path: Path) -> None:
    """A folder without a checkpoint was compared with nothing: that is not told as a proof."""
    (tmp_path / "empty").mkdir()
    assert ask(kept, "--against", tmp_path / "empty")[0] == 2
    assert ask(kept, "--against", tmp_path / "absent")[0] == 2


def test_a_kept_policy_that_cannot_be_read_is_no_fault(kept: Path, tmp_path: Path) -> None:
    """What is wrong with what was kept is not told as wrong with what is verified."""
    (kept / "cases/policy").write_bytes(b"quorum nobody\n")
    amiss(kept, "cases/policy", tmp_path)


def witnessed(folder: Path, quorum: str, names: str = "wv") -> Path:
    """Write a log that witnesses cosigned, and which of them have to."""
    keys = {f"{name}.example": secret(name) for name in names}
    lines = "".join(f"witness {name} {vkey(name, key, 4)}\n" for name, key in keys.items())
    return write(folder, side(300, policy=f"{lines}{quorum}", witnesses=keys))


BOTH = "group two all w.example v.example\nquorum two\n"
ONE = "group two any w.example v.example\nquorum two\n"


@pytest.mark.parametrize(
    ("quorum", "now"), [(ONE, 1), ("quorum v.example\n", 1), ("quorum none\n", 0)]
)
def test_a_policy_that_asks_for_fewer_witnesses_is_named(
    tmp_path: Path, quorum: str, now: int
) -> None:
    """Whoever changes where it is published what makes a checkpoint believed is found by it."""
    old, new = witnessed(tmp_path / "old", BOTH), witnessed(tmp_path / "new", quorum)
    assert f"fewer witnesses than before: {now}, not 2" in otherwise(new, old)
    holds(old, "--against", new)
    mine = tmp_path / "mine"
    mine.write_text(f"log {side(300).vkey}\nquorum none\n", "utf-8")
    holds(new, "--against", old, "--policy", mine)


def otherwise(new: Path, old: Path) -> str:
    """Demand that all holds and is vouched for otherwise than before; give how."""
    code, said = ask(new, "--against", old)
    assert (code, said["faults"]) == (7, [])
    (words,) = said["amiss"]
    return str(words)


@pytest.mark.parametrize(("size", "still"), [(300, 300), (520, 400)])
def test_until_when_the_witnesses_of_before_signed_is_said(
    tmp_path: Path, size: int, still: int
) -> None:
    """No checkpoint keeps its policy, and each its signatures: they tell whom to ask since when."""
    old = witnessed(tmp_path / "old", BOTH)
    log = side(size, policy="quorum none\n", heads=[(1, 100), (1, still), (1, size)])
    log.witnesses = {name: secret(name[0]) for name in ("w.example", "v.example")}
    if size > still:
        log.unwitnessed = {size}
    new = write(tmp_path / "new", log)
    words = otherwise(new, old)
    assert ask(new, "--policy", old / "cases/policy")[0] == int(size > still)
    assert f"the newest checkpoint that meets the policy of before is of {still} entries" in words


SOME = "group some {} {}\nquorum some\n"


def some(least: object, names: str) -> str:
    """Ask for so many of these witnesses."""
    return SOME.format(least, " ".join(f"{name}.example" for name in names))


@pytest.mark.parametrize(
    ("then", "now", "exchange"),
    [
        (some(2, "wv"), some(2, "wx"), "v x"),
        (some(2, "wv"), some(2, "xy"), "wv xy"),
        (some(2, "wv"), some(3, "wxy"), "v xy"),
        (some(2, "wv"), some(2, "wvxy"), " xy"),
        (some("any", "wv"), some("any", "wvx"), " x"),
        ("quorum w.example\n", "quorum v.example\n", "w v"),
        (some("any", "wv"), some("any", "w"), "v "),
    ],
)
def test_as_many_witnesses_but_others_are_named(
    tmp_path: Path, then: str, now: str, exchange: str
) -> None:
    """By their keys: whoever exchanges them asks for as many that nobody chose to believe."""
    old, new = witnessed(tmp_path / "old", then), witnessed(tmp_path / "new", now, "wvxy")
    words = otherwise(new, old)
    assert "rests on other witnesses than before" in words
    told = [
        f"{word}: {vkey(f'{name}.example', secret(name), 4)}"
        for word, names in zip(("gone", "new"), exchange.split(" "), strict=True)
        for name in names
    ]
    assert "than before: " + ", ".join(told) + ";" in words
    gone, fresh = exchanged(read_policy_of(old), read_policy_of(new))
    assert [f"gone: {one}" for one in gone] + [f"new: {one}" for one in fresh] == told


def read_policy_of(folder: Path) -> Policy:
    """Give the policy as Holdfast reads it."""
    return read_policy((folder / "cases/policy").read_bytes())


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (some("all", "wv"), some("all", "wvx")),
        (some("any", "wv"), some("all", "wv")),
        (some("any", "wv"), some("any", "vw")),
        ("quorum w.example\n", some("all", "wx")),
        ("quorum none\n", some("any", "wx")),
    ],
)
def test_witnesses_asked_for_besides_are_no_fault(tmp_path: Path, then: str, now: str) -> None:
    """Whoever meets the policy of now has met the one of before."""
    old, new = witnessed(tmp_path / "old", then), witnessed(tmp_path / "new", now, "wvx")
    holds(new, "--against", old)
    assert exchanged(read_policy_of(old), read_policy_of(new)) == ([], [])


def test_a_witness_under_another_name_is_the_same(tmp_path: Path) -> None:
    """The policy names them as it likes: it is their keys that are compared."""
    old, new = witnessed(tmp_path / "old", BOTH), witnessed(tmp_path / "new", BOTH)
    text = (new / "cases/policy").read_text("utf-8")
    text = text.replace("witness w.example ", "witness first ").replace(
        "all w.example", "all first"
    )
    (new / "cases/policy").write_text(text, "utf-8")
    made.manifest(new, side(300))
    holds(new, "--against", old)
