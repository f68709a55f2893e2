"""Policies: what is read, what is refused, and when a quorum is met."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.proof.checkpoint import CosignatureSigner, Head, checkpoint_text
from domain.record.proof.note import Signer, open_note, sign
from domain.record.proof.policy import (
    LINES,
    POLICY_BYTES,
    Group,
    Policy,
    PolicyLog,
    Witness,
    demand,
    policy_text,
    read_policy,
    satisfied,
    unmet,
)
from domain.record.proof.strict import Malformed, Unproved

LOG = Signer("log.example/cases/1", bytes(32))
OTHER = Signer("log.example/other", bytes([9]) * 32)
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
KEYS = {
    name: CosignatureSigner(f"{name}.example", bytes([n]) * 32, 1_700_000_000 + n)
    for n, name in enumerate(NAMES, 1)
}
X1, X2 = KEYS["X1"].vkey, KEYS["X2"].vkey
HEAD = Head(LOG.name, 5, bytes(32))
# The specification's example, with keys.
EXAMPLE = f"""\
log {LOG.vkey}

witness X1 {KEYS["X1"].vkey}
witness X2 {KEYS["X2"].vkey}
witness X3 {KEYS["X3"].vkey}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"].vkey}
witness Y2 {KEYS["Y2"].vkey}
witness Y3 {KEYS["Y3"].vkey}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
""".encode()


def cosigned_by(*names: str, log: Signer = LOG, head: Head = HEAD) -> bytes:
    """Make a checkpoint that the log and those witnesses signed."""
    return sign(checkpoint_text(head), [log, *(KEYS[name] for name in names)])


def test_the_example_of_the_specification_is_read() -> None:
    """Logs, witnesses, nested groups and the quorum are read as the specification means them."""
    policy = read_policy(EXAMPLE)
    assert policy.logs == (PolicyLog(LOG.verifier),)
    assert [one.name for one in policy.witnesses] == list(NAMES)
    assert policy.groups == (
        Group("X-witnesses", 2, ("X1", "X2", "X3")),
        Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
        Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert policy.quorum == "X-and-Y"
    assert read_policy(policy_text(policy)) == policy


@pytest.mark.parametrize("count", range(len(NAMES) + 1))
def test_the_example_is_met_by_two_of_one_and_one_of_the_other(count: int) -> None:
    """Of every set of witnesses, those with two X and one Y meet the quorum, and no other does."""
    policy = read_policy(EXAMPLE)
    for names in combinations(NAMES, count):
        note = open_note(cosigned_by(*names), policy.verifiers)
        xs, ys = (sum(name[0] == letter for name in names) for letter in "XY")
        assert satisfied(note, policy) == (xs >= 2 and ys >= 1)


@pytest.mark.parametrize(
    ("quorum", "needed"),
    [("any", 1), ("all", 3), ("1", 1), ("2", 2), ("3", 3)],
)
def test_a_group_asks_for_any_all_or_a_number(quorum: str, needed: int) -> None:
    """`any` is one, `all` is every member, a number is itself."""
    lines = [f"witness {name} {KEYS[name].vkey}" for name in NAMES[:3]]
    text = "\n".join([f"log {LOG.vkey}", *lines, f"group g {quorum} X1 X2 X3", "quorum g", ""])
    policy = read_policy(text.encode())
    for count in range(4):
        note = open_note(cosigned_by(*NAMES[:count]), policy.verifiers)
        assert (unmet(note, policy) is None) == (count >= needed)


def test_a_single_witness_or_none_may_be_the_quorum() -> None:
    """A quorum may be a witness, or none at all; then the log's signature is enough."""
    one = read_policy(f"log {LOG.vkey}\nwitness w {X1}\nquorum w\n".encode())
    assert demand(cosigned_by("X1"), one) == HEAD
    with pytest.raises(Unproved, match="0 of 1 witnesses cosigned it: the quorum of w is not met"):
        demand(cosigned_by("X2"), one)
    none = read_policy(f"log {LOG.vkey}\nquorum none\n".encode())
    assert demand(cosigned_by(), none) == HEAD


def test_the_log_has_to_have_signed_under_its_own_name() -> None:
    """Witnesses alone are not enough, nor is a log that signs for another's origin."""
    policy = read_policy(f"log {LOG.vkey}\nlog {OTHER.vkey}\nwitness w {X1}\nquorum w\n".encode())
    with pytest.raises(Unproved, match="not signed by a log"):
        demand(sign(checkpoint_text(HEAD), [KEYS["X1"]]), policy)
    with pytest.raises(Unproved, match="not signed by a log"):
        demand(cosigned_by("X1", log=OTHER), policy)
    own = Head(OTHER.name, 1, bytes(32))
    assert demand(cosigned_by("X1", log=OTHER, head=own), policy) == own


def test_a_policy_may_name_no_log() -> None:
    """Where the logs are known from elsewhere they are handed in."""
    policy = read_policy(b"quorum none\n")
    assert demand(cosigned_by(), policy, logs=[LOG.verifier]) == HEAD
    with pytest.raises(Unproved, match="nobody"):
        demand(cosigned_by(), policy)
    with pytest.raises(Unproved, match="not signed by a log"):
        demand(cosigned_by(log=OTHER), policy, logs=[OTHER.verifier])
    named = read_policy(f"log {LOG.vkey}\nquorum none\n".encode())
    assert demand(cosigned_by(), named, logs=[LOG.verifier]) == HEAD


def test_a_note_opened_with_other_keys_satisfies_nothing() -> None:
    """It is the key that counts, not its name and number."""
    policy = read_policy(f"log {LOG.vkey}\nquorum none\n".encode())
    stranger = Signer(LOG.name, bytes([7]) * 32)
    note = open_note(cosigned_by(log=stranger), [stranger.verifier])
    assert not satisfied(note, policy)


def test_comments_blanks_and_addresses() -> None:
    """Blanks, tabs, comments, empty lines and addresses are read; names are any octets."""
    text = f"  # who\n\t\n log\t{LOG.vkey}  https://a.example \nwitness \xe9".encode("latin-1")
    text += f" {X1} https://w.example\ngroup any any \u00e9\u212a".encode().replace(
        "\u00e9\u212a".encode(), b"\xe9"
    )
    policy = read_policy(text + b"\nquorum any\n# \xff\n")
    assert policy.logs[0].url == "https://a.example"
    assert policy.witnesses[0].url == "https://w.example"
    assert policy.witnesses[0].name.encode("utf-8", "surrogateescape") == b"\xe9"
    assert read_policy(policy_text(policy)) == policy


def test_thirty_two_of_each_are_read() -> None:
    """As many logs, witnesses and groups as the specification wishes for."""
    logs = [f"log {Signer(f'l{n}', bytes([n]) * 32).vkey}" for n in range(32)]
    keys = [CosignatureSigner(f"w{n}", bytes([n]) * 32, 1).vkey for n in range(32)]
    witnesses = [f"witness w{n} {key}" for n, key in enumerate(keys)]
    groups = [f"group g{n} all {f'g{n - 1}' if n else ''} w{n}" for n in range(32)]
    text = "\n".join([*logs, *witnesses, *groups, "quorum g31", ""]).encode()
    policy = read_policy(text)
    assert (len(policy.logs), len(policy.witnesses), len(policy.groups)) == (32, 32, 32)
    assert read_policy(policy_text(policy)) == policy


W = f"witness w {X1}\nwitness v {X2}\n"
RENAMED = CosignatureSigner("renamed.example", KEYS["X1"].seed, 1).vkey


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "does not end in a newline"),
        (b"quorum none", "does not end in a newline"),
        (b"\n", "no quorum"),
        (f"log {LOG.vkey}\n", "no quorum"),
        ("quorum none\nquorum none\n", "line 2 of the policy: there is a second quorum"),
        (f"{W}quorum w\nquorum v\n", "line 4 of the policy: there is a second quorum"),
        ("quorum\n", "another number of words"),
        ("quorum a b\n", "another number of words"),
        ("quorum w\n", "w is no witness or group defined before"),
        (f"quorum w\n{W}", "line 1 of the policy: w is no witness"),
        (f"{W}group g all w x\nquorum g\n", "line 3 of the policy: x is no witness"),
        (f"{W}group g all h\ngroup h all w\nquorum g\n", "h is no witness"),
        (f"{W}group g all g\nquorum g\n", "g is no witness"),
        (f"{W}group g all none\nquorum g\n", "none is no witness"),
        (f"{W}group g all w w\nquorum g\n", "w is a member twice"),
        (f"{W}group g all w\ngroup h all w v\nquorum h\n", "w is a member twice"),
        (f"{W}group g 0 w v\nquorum g\n", "more or fewer"),
        (f"{W}group g 3 w v\nquorum g\n", "more or fewer"),
        (f"{W}group g 01 w v\nquorum g\n", "leading zeros"),
        (f"{W}group g -1 w v\nquorum g\n", "not a decimal"),
        (f"{W}group g most w v\nquorum g\n", "not a decimal"),
        (f"{W}group g all\nquorum g\n", "another number of words"),
        (f"{W}group w all v\nquorum w\n", "the name w is taken"),
        (f"{W}group none all v\nquorum none\n", "the name none is taken"),
        (f"witness w {X1}\nwitness w {X2}\nquorum w\n", "line 2 of the policy: the name w"),
        (f"witness none {X1}\nquorum none\n", "the name none is taken"),
        (f"witness w {X1}\nwitness v {X1}\nquorum w\n", "witness's key stands there twice"),
        (f"witness w {X1}\nwitness v {RENAMED}\nquorum w\n", "witness's key stands there twice"),
        (f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none\n", "log's key stands there twice"),
        (f"log {X1}\nquorum none\n", "of kind 4, not an Ed25519"),
        (f"witness w {LOG.vkey}\nquorum w\n", "of kind 1, not a cosigner"),
        (f"log {LOG.vkey} https://a b\nquorum none\n", "another number of words"),
        ("log\nquorum none\n", "another number of words"),
        ("witness w\nquorum none\n", "another number of words"),
        ("log x\nquorum none\n", "line 1 of the policy: a verifier key is written"),
        ("Quorum none\n", "neither a log"),
        ("quorum none # comment\n", "another number of words"),
        (b"quorum\xa0none\n", "neither a log"),
        (b"quorum none\r\n", "control character"),
        (b"quorum none\x00\n", "control character"),
        (b"quorum none\n# \x7f\n", "control character"),
        (b"#\n" * LINES + b"quorum none\n", "more than 1000 lines"),
        (b"#" * 1_000_001, "more than 1000000 bytes"),
    ],
)
def test_a_malformed_policy_is_refused(text: bytes | str, words: str) -> None:
    """What is not a policy is refused in words that say why, and in which line."""
    with pytest.raises(Malformed, match=words):
        read_policy(text if isinstance(text, bytes) else text.encode())


UNWRITABLE = [("a b", None), ("a\n", None), ("", None), ("a", "x y"), ("a", "x\n#")]


def test_a_policy_of_the_largest_size_is_read() -> None:
    """The stated bound itself is allowed, in bytes and in lines."""
    end = b"\nquorum none\n"
    assert read_policy(b"#" * (POLICY_BYTES - len(end)) + end) == Policy(quorum=None)
    assert read_policy(b"#\n" * (LINES - 1) + end[1:]) == Policy(quorum=None)


@pytest.mark.parametrize(("name", "url"), UNWRITABLE)
def test_what_cannot_be_written_is_not(name: str, url: str | None) -> None:
    """A name or an address that would be read as something else is not written."""
    policy = Policy(witnesses=(Witness(name, KEYS["X1"].verifier, url),), quorum=name)
    with pytest.raises(Malformed):
        policy_text(policy)


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(raw: bytes) -> None:
    """No octets make the reader fail otherwise than in words; what is read is written the same."""
    try:
        policy = read_policy(raw + b"\n")
    except Malformed:
        return
    assert read_policy(policy_text(policy)) == policy
