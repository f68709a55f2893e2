"""Nothing personal lies anywhere in clear, and what was forgotten opens with nothing that is left.

A server of its own, so that its write-ahead log and its logs are this test's alone.
"""

from __future__ import annotations

import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.clock import entropy
from domain.record import binaries
from domain.record.keyring import WrappingKeys, forget
from domain.record.record import Record
from domain.record.sealing import NONCE_BYTES, unb64
from domain.record.wrapping import data_place, subject_place
from domain.refusal import Conflict, Refused
from domain.words import Forgotten, Personal
from tests.record.conftest import House, note, own_house

MARKERS = 1_000
WRAPPED_BYTES = 60  # nonce, a key of 32, tag
SHORT_VARLENA = bytes([(WRAPPED_BYTES + 1) << 1 | 1])  # how PostgreSQL begins such a value


def dump(house: House) -> bytes:
    """The whole database as an attacker with a backup has it."""
    folder = binaries.find(None).folder
    made = subprocess.run(
        [folder / "pg_dump", "--dbname", house.database.conninfo(), "--no-password"],
        check=True,
        capture_output=True,
    )
    return made.stdout


def files(house: House, folder: str) -> bytes:
    """All bytes of a folder of the server's home."""
    found = sorted((house.database.server.home / folder).rglob("*"))
    return b"".join(file.read_bytes() for file in found if file.is_file())


def shapes(mark: str) -> list[bytes]:
    """How a text may lie in bytes: plain, hexadecimal, UTF-16, base64 at each alignment."""
    raw = mark.encode()
    found = [raw, raw.hex().encode(), raw.hex().upper().encode(), mark.encode("utf-16-le")]
    for shift in range(3):
        coded = b64encode(b"\0" * shift + raw)
        whole = coded[-(-shift * 4 // 3) : len(coded) - 4]  # what its neighbours do not decide
        found += [whole, whole.translate(bytes.maketrans(b"+/", b"-_"))]
    return found


def present(mark: str, where: bytes) -> list[bytes]:
    """The shapes in which a text is there."""
    return [shape for shape in shapes(mark) if shape in where]


def fill(record: Record, markers: list[str]) -> None:
    """Record each marker, and make the database complain now and then while it holds one."""
    stream = uuid4()
    note(record, uuid4(), "first", stream=stream)
    for number, marker in enumerate(markers):
        note(record, uuid4(), f"She said: {marker} and left.")
        if number % 50 == 0:
            with pytest.raises(Conflict):
                note(record, uuid4(), marker, stream=stream)


def test_no_marker_lies_anywhere_in_clear(cluster_made: Path) -> None:
    """Of a thousand personal passages none is anywhere in clear, in any usual encoding.

    Neither in a dump, nor in the data files, the write-ahead log or PostgreSQL's own log.
    """
    mark = f"Zq{entropy(9).hex()}"  # a search for what they share finds any of them
    markers = [f"{mark}{number:04}" for number in range(MARKERS)]
    with own_house(cluster_made) as house:
        fill(house.record(), markers)
        with house.connect() as conn, pytest.raises(psycopg.Error):
            conn.execute("INSERT INTO record.cases (name) VALUES (%s)", (markers[0],))
        with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
            conn.execute("CHECKPOINT")
        report = house.verify()
        assert (report.ok, report.passages) == (True, MARKERS + 1)
        for name, where in (
            ("dump", dump(house)),
            ("data files", files(house, "data/base")),
            ("write-ahead log", files(house, "data/pg_wal")),
            ("log", files(house, "log")),
        ):
            assert len(where) > 100, name
            assert present(mark, where) == [], name
        assert present(mark, (house.keys / "keyring.json").read_bytes()) == []


def test_the_search_for_markers_finds_markers() -> None:
    """The search finds a marker in clear, in hexadecimal and in base64 at any alignment."""
    mark = f"Zq{entropy(9).hex()}"
    for before in (b"", b"a", b"ab", b"abc"):
        text = before + mark.encode() + b" and more"
        for shape in (text, text.hex().encode(), b64encode(text)):
            assert present(mark, shape)
    assert not present(mark, entropy(5_000))


@dataclass(slots=True)
class Attacker:
    """Has every file of the server, the master key and the newest keyring file; knows our code."""

    wrapping: WrappingKeys
    candidates: set[bytes]

    @classmethod
    def with_files(cls, house: House) -> Attacker:
        """Take everything that may be a wrapped key from data files and write-ahead log."""
        with psycopg.connect(house.database.conninfo(), autocommit=True) as conn:
            conn.execute("CHECKPOINT")
        held = files(house, "data/base") + files(house, "data/pg_wal")
        found, at = set(), held.find(SHORT_VARLENA)
        while at >= 0:
            found.add(held[at + 1 : at + 1 + WRAPPED_BYTES])
            at = held.find(SHORT_VARLENA, at + 1)
        # A wrapped key is random: text and zeroed pages are not worth trying.
        return cls(house.wrapping(), {one for one in found if len(set(one)) > 35})

    def secrets(self, key: AESGCM, place: bytes) -> Iterator[bytes]:
        """Whatever a key opens at a place."""
        for one in self.candidates:
            try:
                yield key.decrypt(one[:NONCE_BYTES], one[NONCE_BYTES:], place)
            except InvalidTag:
                continue

    def data_keys(self, subject: UUID, passage: UUID) -> set[bytes]:
        """Every key of a passage that can be got at by way of any old or new row."""
        return {
            secret
            for epoch in self.wrapping.epochs()
            for generation in range(1, 5)
            for subject_key in self.secrets(
                self.wrapping.of(epoch), subject_place(subject, generation)
            )
            for secret in self.secrets(AESGCM(subject_key), data_place(passage))
        }


def sealed(record: Record, stream: UUID) -> dict[str, str]:
    """The one sealed passage of a stream's first event."""
    passage: dict[str, str] = orjson.loads(record.log.stream(stream)[0].payload)["data"]["text"]
    return passage


def opens(passage: dict[str, str], keys: set[bytes]) -> bool:
    """Whether any of these keys opens a passage."""
    for key in keys:
        try:
            AESGCM(key).decrypt(
                unb64(passage["nonce"]), unb64(passage["sealed"]), passage["at"].encode()
            )
        except InvalidTag:
            continue
        return True
    return False


@pytest.mark.parametrize("times", [1, 3], ids=["once", "among others"])
def test_what_was_forgotten_opens_with_nothing_that_is_left(times: int, cluster_made: Path) -> None:
    """An attacker with every file and the master key opens what lives, and nothing else.

    Data files with their dead rows, the whole write-ahead log, the newest keyring file.
    """
    gone, less, same = uuid4(), uuid4(), uuid4()
    told = {"gone": gone, "lost": less, "kept": less, "same": same}
    streams = {name: uuid4() for name in told}
    with own_house(cluster_made) as house:
        record = house.record()
        for name, about in told.items():
            note(record, about, name, stream=streams[name])
        passages = {name: sealed(record, stream) for name, stream in streams.items()}
        before = Attacker.with_files(house)
        for name, about in told.items():
            keys = before.data_keys(about, UUID(passages[name]["key"]))
            assert opens(passages[name], keys), "the attack itself works"

        with house.connect("holdfast_keeper") as conn:
            for _ in range(times - 1):  # an earlier forgetting moves these keys too
                forget(conn, house.wrapping(), entropy, subjects=[uuid4()])
            lost = UUID(passages["lost"]["key"])
            forget(conn, house.wrapping(), entropy, subjects=[gone], passages=[lost])
            for _ in range(times - 1):
                forget(conn, house.wrapping(), entropy, subjects=[uuid4()])

        after = Attacker.with_files(house)
        opened = {
            name
            for name, about in told.items()
            if opens(passages[name], after.data_keys(about, UUID(passages[name]["key"])))
        }
        assert opened == {"kept", "same"}
        texts = {name: record.facts(stream)[0].event.text for name, stream in streams.items()}
        assert texts["gone"] == Forgotten(gone)
        assert texts["lost"] == Forgotten(less)
        assert texts["kept"] == Personal(less, "kept")
        with pytest.raises(Refused, match="erased"):
            note(record, gone)
        assert house.verify().forgotten == 2
