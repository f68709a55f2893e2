"""Sealing: what opens, what must not, and that a ciphertext has one key."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from api.clock import entropy
from domain.record.encoding import canonical
from domain.record.record import Part
from domain.record.sealing import b64, passage_commitment, seal, unb64, unseal
from domain.refusal import Corrupt, Refused
from domain.words import Code, Forgotten, Personal
from tests.record.conftest import ACTOR, NOW, House, NoteTaken, note

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def sealed(text: str = "a passage", key: bytes | None = None) -> tuple[dict[str, Any], bytes]:
    """A sealed passage and its key."""
    key = key or entropy(32)
    made = seal(
        Personal(UUID(int=1), text), key_id=uuid4(), key=key, place="s/1/text", entropy=entropy
    )
    return orjson.loads(canonical(made)), key  # as it is read again


@given(texts)
def test_a_passage_opens_with_its_key(text: str) -> None:
    """What was sealed comes back with its key, and as Forgotten without one."""
    made, key = sealed(text)
    assert unseal(made, key) == Personal(UUID(int=1), text)
    assert unseal(made, None) == Forgotten(UUID(int=1))


@given(st.binary(max_size=50))
def test_bytes_in_json_come_back(data: bytes) -> None:
    """Unpadded base64url text stands for exactly one string of bytes."""
    assert unb64(b64(data)) == data
    assert "=" not in b64(data)


def test_another_key_is_corrupt() -> None:
    """A key that is not the passage's own is refused before anything is decrypted."""
    made, _ = sealed()
    with pytest.raises(Corrupt, match="its key is not the one"):
        unseal(made, entropy(32))


@pytest.mark.parametrize("member", ["nonce", "sealed", "binds"])
def test_a_changed_byte_is_corrupt(member: str) -> None:
    """A changed nonce, ciphertext or commitment is found."""
    made, key = sealed()
    raw = bytearray(unb64(made[member]))
    raw[0] ^= 1
    with pytest.raises(Corrupt):
        unseal({**made, member: b64(bytes(raw))}, key)


def test_a_passage_that_says_it_is_from_elsewhere_is_corrupt() -> None:
    """The place a passage was sealed at is part of what its key authenticates."""
    made, key = sealed()
    with pytest.raises(Corrupt, match="where it was sealed"):
        unseal({**made, "at": "s/2/text"}, key)


@pytest.mark.parametrize("member", ["about", "at", "key", "nonce", "sealed", "binds"])
@pytest.mark.parametrize("value", [None, 5, "not base64 at all", "-"])
def test_what_is_not_a_sealed_passage_is_corrupt(member: str, value: object) -> None:
    """A member that is missing or of another form is Corrupt, never another error."""
    made, key = sealed()
    with pytest.raises(Corrupt):
        unseal({**made, member: value}, key)
    with pytest.raises(Corrupt):
        unseal({name: one for name, one in made.items() if name != member}, key)


# GHASH's field: polynomials over GF(2) modulo x^128 + x^7 + x^2 + x + 1, bits in reflected order.


def times(a: int, b: int) -> int:
    """The product of two field elements."""
    product = 0
    for bit in range(127, -1, -1):
        if b >> bit & 1:
            product ^= a
        a = a >> 1 ^ (0xE1 << 120 if a & 1 else 0)
    return product


def inverse(a: int) -> int:
    """The element whose product with `a` is one: a^(2^128 - 2)."""
    result, power = 1 << 127, a
    for _ in range(127):
        power = times(power, power)
        result = times(result, power)
    return result


def block(key: bytes, plain: bytes) -> int:
    """One block through AES."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 — a GCM part
    return int.from_bytes(encryptor.update(plain))


def two_key_ciphertext(keys: tuple[bytes, bytes], nonce: bytes, place: bytes) -> bytes:
    """A ciphertext with one tag that AES-GCM accepts under both keys.

    The tag is linear in every ciphertext block, so with the first block free, the second is solved
    for: both keys' tags must be equal.
    """
    data = place.ljust(-(-len(place) // 16) * 16, b"\0")
    lengths = (len(place) * 8).to_bytes(8) + (32 * 8).to_bytes(8)
    free = entropy(16)
    rest, squares = [], []
    for key in keys:
        h = block(key, bytes(16))
        fixed, parts = 0, [data[i : i + 16] for i in range(0, len(data), 16)]
        for part in (*parts, free, bytes(16), lengths):
            fixed = times(fixed ^ int.from_bytes(part), h)
        rest.append(fixed ^ block(key, nonce + b"\0\0\0\1"))
        squares.append(times(h, h))
    solved = times(rest[0] ^ rest[1], inverse(squares[0] ^ squares[1]))
    tag = rest[0] ^ times(solved, squares[0])
    return free + solved.to_bytes(16) + tag.to_bytes(16)


def test_a_ciphertext_made_for_two_keys_opens_under_one_at_most() -> None:
    """AES-GCM alone accepts one ciphertext under two keys; the commitment lets one key open it."""
    keys, nonce, place = (entropy(32), entropy(32)), entropy(12), "s/1/text"
    ciphertext = two_key_ciphertext(keys, nonce, place.encode())
    for key in keys:
        assert AESGCM(key).decrypt(nonce, ciphertext, place.encode())  # this is the trouble
    made = {
        "at": place,
        "about": str(UUID(int=1)),
        "key": str(uuid4()),
        "nonce": b64(nonce),
        "sealed": b64(ciphertext),
        "binds": b64(passage_commitment(keys[0], nonce, ciphertext)),
    }
    with pytest.raises(Corrupt, match="its key is not the one"):
        unseal(made, keys[1])


@pytest.mark.parametrize("also_claim", [False, True])
def test_a_passage_moved_to_another_event_is_corrupt(house: House, also_claim: bool) -> None:  # noqa: FBT001
    """A passage copied into another event's payload is found, also where it claims to belong."""
    record, streams, subject = house.record(), (uuid4(), uuid4()), uuid4()
    for stream in streams:
        note(record, subject, stream=stream)
    first, second = house.logs[0].read(0)
    payload = orjson.loads(second.payload)
    payload["data"]["text"] = orjson.loads(first.payload)["data"]["text"]
    if also_claim:
        payload["data"]["text"]["at"] = f"{streams[1]}/1/text"
    house.damaged = True
    with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases DISABLE TRIGGER ALL")
        conn.execute(
            'UPDATE record.cases SET payload = %s WHERE "position" = 2', (canonical(payload),)
        )
    assert record.facts(streams[0])
    with pytest.raises(Corrupt):
        record.facts(streams[1])
    assert not house.verify().ok


def test_what_is_forgotten_cannot_be_recorded_again(house: House) -> None:
    """A passage that comes back as Forgotten is refused when it is handed in to be sealed."""
    event = NoteTaken(kind=Code("telephone"), text=Forgotten(uuid4()))
    with pytest.raises(Refused, match="forgotten"):
        house.record().append(
            [Part(uuid4(), 0, (event,))],
            actor=ACTOR,
            particulars=NOW,
            command=uuid4(),
            digest=bytes(32),
        )
