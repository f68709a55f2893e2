"""Signed notes: the specification's own examples, keys, and what is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.record.proof.note import (
    NOTE_BYTES,
    SIGNATURES,
    PublicKey,
    Signature,
    Signer,
    Verifier,
    key_id,
    open_note,
    read_note,
    read_vkey,
    sign,
)
from domain.record.proof.strict import Malformed, Unproved, Wrong

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuw"
    "HjG1Yu72IneyaQM=\n"
).encode()
POEM = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQ"
    "U0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
ALICE = Signer("alice.example/log", bytes(range(32)))
BOB = Signer("bob.example/log", bytes(range(1, 33)))
TEXT = "one\n\ntwo\n"


def lines(note: bytes) -> list[str]:
    """Give the signature lines of a note."""
    return note.decode().rpartition("\n\n")[2].splitlines(keepends=True)


def test_the_example_of_the_specification_is_opened() -> None:
    """The note that the specification prints is verified by the key that it prints."""
    opened = open_note(EXAMPLE, [Verifier.from_vkey(VKEY)])
    assert opened.text == "This is an example message.\n"
    assert opened.names == ("example.com/foo",)
    assert opened.unverified == ()
    assert Verifier.from_vkey(VKEY).vkey == VKEY


def test_the_example_is_spoilt_by_any_change() -> None:
    """A letter more or less in the example's text, and its signature holds no longer."""
    for changed in (EXAMPLE.replace(b"an ", b"a "), EXAMPLE.replace(b"message.", b"message. ")):
        with pytest.raises(Unproved, match=r"example\.com/foo does not fit"):
            open_note(changed, [Verifier.from_vkey(VKEY)])


def test_a_text_may_have_empty_lines() -> None:
    """The last empty line parts the text from the signatures; those before belong to the text."""
    text, (signature,) = read_note(POEM.encode())
    assert text.endswith("di sole:\n\ned è subito sera.\n")
    assert signature.name == "quasimodo.example/salvatore"
    assert signature.key_id.hex() == "367ba04b"
    assert len(signature.payload) == 64
    assert f"{text}\n{signature.line}" == POEM


def test_a_key_is_numbered_as_specified() -> None:
    """The number is the beginning of a hash over name, newline, kind and key; kinds differ."""
    key = b64decode(VKEY.rpartition("+")[2])
    assert key_id("example.com/foo", 1, key[1:]).hex() == "530d903a"
    assert key_id("example.com/foo", 4, key[1:]) != key_id("example.com/foo", 1, key[1:])


@given(st.binary(min_size=32, max_size=32))
def test_keys_are_read_as_they_are_written(seed: bytes) -> None:
    """A key that is written down and read is the same key, secret or not, and shows no secret."""
    signer = Signer("a.example/é", seed)
    assert Signer.from_skey(signer.skey) == signer
    assert Verifier.from_vkey(signer.vkey) == signer.verifier
    assert read_vkey(signer.vkey).vkey == signer.vkey
    assert repr(seed) not in repr(signer)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(1, 5))
def test_what_is_signed_is_opened(text: str, signers: int) -> None:
    """Any text without control characters is signed and opened; the same again is the same note."""
    made = [Signer(f"n{n}.example", bytes([n]) * 32) for n in range(signers)]
    note = sign(f"{text}\n", made)
    opened = open_note(note, [one.verifier for one in made])
    assert opened.text == f"{text}\n"
    assert opened.names == tuple(one.name for one in made)
    assert opened.by == tuple(one.verifier for one in made)
    assert sign(f"{text}\n", made) == note


def test_unknown_keys_are_let_be() -> None:
    """A signature of an unknown key is listed as unverified, whatever it says."""
    note = sign(TEXT, [ALICE, BOB])
    spoilt = replace(read_note(note)[1][1], payload=b"anything")
    opened = open_note(sign(TEXT, [ALICE], already=[spoilt]), [ALICE.verifier])
    assert opened.names == (ALICE.name,)
    assert opened.unverified == (spoilt,)


def test_a_key_of_the_same_name_and_another_number_is_unknown() -> None:
    """Name and number together say which key it is."""
    other = Signer(ALICE.name, bytes(32))
    opened = open_note(sign(TEXT, [other, ALICE]), [ALICE.verifier])
    assert opened.names == (ALICE.name,)
    assert [one.key_id for one in opened.unverified] == [other.key_id]


def test_a_known_key_that_fails_spoils_the_note() -> None:
    """Where one known key signed and another known one does not hold, the note is refused."""
    false = Signature(BOB.name, BOB.key_id, bytes(64))
    note = sign(TEXT, [ALICE], already=[false])
    assert open_note(note, [ALICE.verifier]).names == (ALICE.name,)
    with pytest.raises(Unproved, match=r"bob\.example/log does not fit"):
        open_note(note, [ALICE.verifier, BOB.verifier])
    twice = [*read_note(sign(TEXT, [ALICE]))[1], Signature(ALICE.name, ALICE.key_id, bytes(64))]
    with pytest.raises(Unproved, match=r"alice\.example/log does not fit"):
        open_note(sign(TEXT, [BOB], already=twice), [ALICE.verifier])


def test_a_note_of_strangers_is_refused() -> None:
    """A note that no known key signed is not opened."""
    for known in ([], [BOB.verifier]):
        with pytest.raises(Unproved, match="nobody whose key was given"):
            open_note(sign(TEXT, [ALICE]), known)


def test_a_signature_that_stands_there_twice_counts_once() -> None:
    """A line repeated is one signature, known or not."""
    note = sign(TEXT, [ALICE, BOB])
    doubled = note + note.rpartition(b"\n\n")[2]
    opened = open_note(doubled, [ALICE.verifier])
    assert (len(opened.verified), len(opened.unverified)) == (1, 1)


def test_signing_again_replaces_and_keeps_others() -> None:
    """A signature of the same key gives way to the new one, those of others stay before it."""
    _, old = read_note(sign(TEXT, [ALICE, BOB]))
    assert sign(TEXT, [ALICE], already=old) == sign(TEXT, [BOB, ALICE])


@pytest.mark.parametrize("count", [17, SIGNATURES])
def test_more_signatures_than_sixteen_are_read(count: int) -> None:
    """Up to the stated bound every signature is read, the last as the first."""
    signers = [Signer(f"n{n}.example", bytes([n]) * 32) for n in range(count)]
    opened = open_note(sign(TEXT, signers), [signers[-1].verifier])
    assert opened.names == (signers[-1].name,)
    assert len(opened.unverified) == count - 1


def test_more_than_the_bound_are_refused() -> None:
    """One signature over the bound, or a byte over the size, and the note is not read."""
    signers = [Signer(f"n{n}.example", bytes([n]) * 32) for n in range(SIGNATURES + 1)]
    with pytest.raises(Malformed, match="more than 100 signatures"):
        sign(TEXT, signers)
    with pytest.raises(Malformed, match="more than 1000000 bytes"):
        read_note(b"x" * (NOTE_BYTES + 1))
    room = NOTE_BYTES - len(sign("\n", [ALICE]))
    assert len(sign("x" * room + "\n", [ALICE])) == NOTE_BYTES


GOOD = sign(TEXT, [ALICE]).decode()
LINE = lines(GOOD.encode())[0]
SIGNED = LINE.split(" ")[2].strip()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no empty line"),
        (b"text\n", "no empty line"),
        (b"text\n\n", "has no signature"),
        (GOOD[:-1].encode(), "does not end in a newline"),
        (GOOD.encode() + b"\n", "has no signature"),
        (GOOD.encode() + b"more\n", "begins with a dash"),
        (GOOD.replace("two", "t\two").encode(), "control character"),
        (GOOD.replace("\n", "\r\n").encode(), "control character"),
        (GOOD.replace("two", "t\x00").encode(), "control character"),
        (GOOD.encode().replace(b"two", b"t\xff"), "not UTF-8"),
        (GOOD.encode().replace(b"two", b"\xed\xa0\x80"), "not UTF-8"),
        (GOOD.replace("— ", "- ").encode(), "begins with a dash"),
        (GOOD.replace("— ", "—").encode(), "begins with a dash|not base64|missing"),
        (GOOD.replace("— alice", "—  alice").encode(), "name of a key is missing"),
        (GOOD.replace("alice.example", "alice+example").encode(), "space or a plus"),
        (GOOD.replace("alice.example", "alice\u00a0example").encode(), "space or a plus"),
        (GOOD.replace("alice.example", "alice\u2028example").encode(), "space or a plus"),
        (GOOD.replace(SIGNED, "").encode(), "too short"),
        (GOOD.replace(SIGNED, b64encode(ALICE.key_id).decode()).encode(), "too short"),
        (GOOD.replace(SIGNED, SIGNED[:-1]).encode(), "not base64"),
        (GOOD.replace(SIGNED, SIGNED + "=").encode(), "not base64|nobody else"),
        (GOOD.replace(SIGNED, SIGNED[:8] + " " + SIGNED[8:]).encode(), "not base64"),
        (GOOD.replace(SIGNED, "-_" + SIGNED[2:]).encode(), "not base64"),
        (GOOD.replace(SIGNED, b64encode(b"12345").decode().replace("U=", "V=")).encode(), "bits"),
    ],
)
def test_a_malformed_note_is_refused(raw: bytes, words: str) -> None:
    """What is not a note is refused in words that say why."""
    with pytest.raises(Malformed, match=words):
        open_note(raw, [ALICE.verifier])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the text of a note ends in a newline"),
        ("no newline", "the text of a note ends in a newline"),
        ("one\n\ntwo", "the text of a note ends in a newline"),
        ("a\tb\n", "the text has a control character"),
        ("a\rb\n", "the text has a control character"),
        ("a\x1f\n", "the text has a control character"),
    ],
)
def test_a_text_that_no_note_can_have_is_not_signed(text: str, words: str) -> None:
    """A text without its last newline, or with a control character, is not signed."""
    with pytest.raises(Malformed, match=words):
        sign(text, [ALICE])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\x00", "a\u3000b", "a\ud800"])
def test_a_key_has_a_name_that_can_be_written(name: str) -> None:
    """Neither who signs nor who checks has a name that a signature line cannot carry."""
    with pytest.raises(Malformed, match="name of a key"):
        Signer(name, bytes(32))
    with pytest.raises(Malformed, match="name of a key"):
        Verifier(name, bytes(32))
    with pytest.raises(Malformed, match="31 bytes, not 32"):
        Signer("a.example", bytes(31))


def test_nobody_signed_is_no_note() -> None:
    """A note has at least one signature."""
    with pytest.raises(Malformed, match="no signature"):
        sign(TEXT, [])


@pytest.mark.parametrize(
    ("vkey", "words"),
    [
        ("", "is written"),
        ("example.com/foo", "is written"),
        ("example.com/foo+530d903a", "is written"),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "name of a key is missing"),
        (VKEY.replace("/", " "), "space or a plus"),
        (VKEY.replace("530d903a", "530D903A"), "eight digits"),
        (VKEY.replace("530d903a", "30d903a"), "eight digits"),
        (VKEY.replace("530d903a", "530d903b"), "not the one of its name"),
        (VKEY.replace("example", "exemple"), "not the one of its name"),
        (VKEY[:-1], "not base64"),
        (VKEY[:-4], "31 bytes|not base64|29 bytes"),
        ("example.com/foo+530d903a+AQ==", "empty"),
        ("example.com/foo\udcff+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "UTF-8"),
        (PublicKey("a.example", 4, bytes(32)).vkey, "of kind 4"),
        (PublicKey("a.example", 6, bytes(1312)).vkey, "of kind 6"),
    ],
)
def test_a_malformed_key_is_refused(vkey: str, words: str) -> None:
    """A verifier key that is not in form, or whose number is another's, is refused."""
    with pytest.raises(Malformed, match=words):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda skey: skey.replace("PRIVATE", "PUBLIC"),
        lambda skey: skey.replace("KEY", "K"),
        lambda skey: skey.replace("alice", "malice"),
        lambda skey: skey[:-4],
        lambda skey: skey[:-1],
        lambda skey: skey.rpartition("+")[0] + "+" + b64encode(b"\x02" + bytes(32)).decode(),
        lambda skey: skey.replace("+", "-"),
    ],
)
def test_a_malformed_secret_is_refused_and_not_repeated(change: object) -> None:
    """A secret key that is not in form is refused, and the words do not give it away."""
    assert callable(change)
    with pytest.raises(Malformed) as told:
        Signer.from_skey(change(ALICE.skey))
    assert ALICE.skey.rpartition("+")[2][:8] not in str(told.value)


def test_a_key_that_is_no_point_verifies_nothing() -> None:
    """A key that cannot be one is read and finds every signature false."""
    odd = Verifier("odd.example", b"\xff" * 32)
    with pytest.raises(Unproved, match=r"odd\.example does not fit"):
        open_note(sign(TEXT, [ALICE], already=[Signature(odd.name, odd.key_id, bytes(64))]), [odd])


class Impostor:
    """A verifier that has another's name and number, and believes everything."""

    name = ALICE.name
    key_id = ALICE.key_id

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Believe it."""
        return bool(text or signature)


def test_two_keys_of_one_name_and_number_are_refused() -> None:
    """Where two keys that were given cannot be told apart, nothing is opened; one twice is one."""
    note = sign(TEXT, [ALICE])
    assert open_note(note, [ALICE.verifier, Verifier.from_vkey(ALICE.vkey)]).names == (ALICE.name,)
    with pytest.raises(Wrong, match="two different keys"):
        open_note(note, [ALICE.verifier, Impostor()])
