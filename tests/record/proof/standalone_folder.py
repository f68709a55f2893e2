"""Folders of proofs, made from the definitions alone: slow, naive, and with no code of Holdfast's.

What the verifier says of them must not come from the writer's own ideas of the formats.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AUTHORITY = uuid.UUID("5b0cf5f2-7a3c-4f0e-9d55-0d2c3c1f7a10")
NUMBERS = {"cases": 1, "readings": 2}
BEGAN = 1_790_000_000_000_000
Contents = list[tuple[bytes, bytes]]


def digest(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def b64(data: bytes) -> str:
    """Base64 as notes have it."""
    return base64.b64encode(data).decode()


def u64(data: bytes) -> str:
    """Base64 as headers and payloads have it."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def leaf(entry: bytes) -> bytes:
    """What a leaf hashes to."""
    return digest(b"\0" + entry)


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word, over hashes of leaves."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return digest(b"\1" + mth(leaves[:split]) + mth(leaves[split:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1: the audit path."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*path(index, leaves[:split]), mth(leaves[split:])]
    return [*path(index - split, leaves[split:]), mth(leaves[:split])]


def secret(seed: str) -> Ed25519PrivateKey:
    """A key that is the same every time."""
    return Ed25519PrivateKey.from_private_bytes(digest(seed.encode()))


def key_number(name: str, kind: int, key: Ed25519PrivateKey) -> bytes:
    """The four bytes a key is known by."""
    return digest(name.encode() + b"\n" + bytes([kind]) + key.public_key().public_bytes_raw())[:4]


def vkey(name: str, key: Ed25519PrivateKey, kind: int = 1) -> str:
    """A verifier key."""
    public = bytes([kind]) + key.public_key().public_bytes_raw()
    return f"{name}+{key_number(name, kind, key).hex()}+{b64(public)}"


def signature(name: str, key: Ed25519PrivateKey, text: str) -> str:
    """A signature line."""
    made = key_number(name, 1, key) + key.sign(text.encode())
    return f"— {name} {b64(made)}\n"


def cosignature(name: str, key: Ed25519PrivateKey, text: str, when: int = 1_800_000_000) -> str:
    """The line of a witness."""
    signed = key.sign(f"cosignature/v1\ntime {when}\n{text}".encode())
    return f"— {name} {b64(key_number(name, 4, key) + struct.pack('>Q', when) + signed)}\n"


def grouped(index: int) -> str:
    """Write an index as paths have it."""
    text = f"{index:03}"
    text = text.zfill(-(-len(text) // 3) * 3)
    groups = [text[i : i + 3] for i in range(0, len(text), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def canonical(value: object) -> bytes:
    """JSON as it is stored."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(kw_only=True)
class Entry:
    """The parts of an envelope, to be changed before they are packed."""

    position: int
    stream: bytes
    version: int
    recorded: int
    header: bytes
    payload: bytes
    log: int = 1
    authority: bytes = AUTHORITY.bytes
    magic: bytes = b"HFST"
    schema: int = 1

    def packed(self) -> bytes:
        """The 128 bytes."""
        return (
            self.magic
            + struct.pack(">HH", self.schema, self.log)
            + self.authority
            + struct.pack(">q", self.position)
            + self.stream
            + struct.pack(">qq", self.version, self.recorded)
            + digest(b"holdfast/header/v1\n" + self.header)
            + digest(b"holdfast/payload/v1\n" + self.payload)
        )


def entries(size: int, *, streams: int = 7, contents: bool = True, log: int = 1) -> list[Entry]:
    """A history: streams take turns, some begin at 0 and some at 1; commands of one to three."""
    made = []
    for index in range(size):
        number = index % streams
        stream = digest(b"stream %d" % number)[:16]
        version = index // streams + number % 2
        header, payload = b"", b"%d" % index
        if contents:
            header, payload = content(index, f"{uuid.UUID(bytes=stream)}/{version}", size)
        made.append(
            Entry(
                position=index + 1,
                stream=stream,
                version=version,
                recorded=BEGAN + index // 2 * 1000,
                header=header,
                payload=payload,
                log=log,
            )
        )
    return made


def content(index: int, place: str, size: int) -> tuple[bytes, bytes]:
    """Header and payload of an entry."""
    command = {"id": str(uuid.UUID(bytes=digest(b"command %d" % (index // 3))[:16]))}
    if index % 3 == 0:
        count = min(3, size - index)
        command |= {"digest": digest(b"asked").hex(), "events": count}  # type: ignore[dict-item]
    header = {"salt": u64(digest(b"h%d" % index)[:16]), "name": "note-taken", "v": 1}
    passage = {
        "at": f"{place}/notes/0/text",
        "about": str(uuid.UUID(bytes=digest(b"about")[:16])),
        "key": str(uuid.UUID(bytes=digest(b"key %d" % index)[:16])),
        "nonce": u64(digest(b"n%d" % index)[:12]),
        "sealed": u64(digest(b"s%d" % index)[:21]),
        "binds": u64(digest(b"b%d" % index)),
    }
    data = {"kind": "ä\x7f\u2028\n", "notes": [{"text": passage}], "number": index}
    payload = {"salt": u64(digest(b"p%d" % index)[:16]), "data": data}
    return canonical({**header, "command": command}), canonical(payload)


@dataclass(kw_only=True)
class Side:
    """One log: its entries as bytes, who signs, and which checkpoints were published when."""

    name: str = "cases"
    base: str = "holdfast.invalid/5b0cf5f2"
    raw: list[bytes] = field(default_factory=list)
    contents: Contents | None = None
    heads: list[tuple[int, int]] = field(default_factory=list)  # incarnation, size
    continued: dict[int, int] = field(default_factory=dict)  # incarnation -> size
    seed: str = "real"
    policy: str = "quorum none\n"
    witnesses: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    unwitnessed: set[int] = field(default_factory=set)  # sizes that no witness cosigned

    def origin(self, incarnation: int) -> str:
        """The origin of an incarnation."""
        return f"{self.base}/{self.name}/{incarnation}"

    def key(self, incarnation: int) -> Ed25519PrivateKey:
        """Its key."""
        return secret(f"{self.seed} {self.name} {incarnation}")

    @property
    def newest(self) -> int:
        """The newest incarnation."""
        return max([1, *self.continued])

    @property
    def leaves(self) -> list[bytes]:
        """Hashes of the leaves."""
        return [leaf(entry) for entry in self.raw]

    def checkpoint(self, incarnation: int, size: int, leaves: Sequence[bytes]) -> str:
        """A signed checkpoint."""
        name = self.origin(incarnation)
        text = f"{name}\n{size}\n{b64(mth(leaves[:size]))}\n"
        by = {} if size in self.unwitnessed else self.witnesses
        lines = [cosignature(witness, key, text) for witness, key in by.items()]
        return text + "\n" + signature(name, self.key(incarnation), text) + "".join(lines)

    def receipt(self, index: int, size: int | None = None) -> str:
        """A receipt for an entry."""
        leaves = self.leaves[:size]
        steps = "".join(f"{b64(step)}\n" for step in path(index, leaves))
        head = self.checkpoint(self.newest, len(leaves), leaves)
        return f"c2sp.org/tlog-proof@v1\nindex {index}\n{steps}\n{head}"

    @property
    def vkey(self) -> str:
        """The key of the newest incarnation."""
        return vkey(self.origin(self.newest), self.key(self.newest))

    def write(self, folder: Path) -> None:
        """Write the folder of the log."""
        root, leaves = folder / self.name, self.leaves
        size = len(leaves)
        sizes = sorted({size, *(s for _, s in self.heads if s <= size)})
        for each in sizes:
            self._tiles(root, each, leaves)
        put(root / "checkpoint", self.checkpoint(self.newest, size, leaves))
        bundles: dict[Path, list[str]] = {}
        for incarnation, each in sorted(self.heads):
            name = root / "heads" / str(incarnation) / grouped(max(each - 1, 0) // 256)
            bundles.setdefault(name, []).append(self.checkpoint(incarnation, each, leaves))
        for name, texts in bundles.items():
            put(name, b"".join(framed(one.encode()) for one in texts))
        for incarnation, each in self.continued.items():
            text = f"{self.origin(incarnation - 1)}\n{each}\n{b64(mth(leaves[:each]))}\n"
            put(root / "continued" / str(incarnation), text)
        keys = [vkey(self.origin(i), self.key(i)) for i in range(1, self.newest + 1)]
        put(root / "vkeys", "".join(f"{key}\n" for key in keys))
        put(root / "policy", self.policy)
        if self.contents is not None:
            for first in range(0, size, 256):
                some = [each for pair in self.contents[first : first + 256] for each in pair]
                put(root / "contents" / grouped(first // 256), b"".join(map(framed, some)))

    def _tiles(self, root: Path, size: int, leaves: Sequence[bytes]) -> None:
        """Every tile of a size: hash i of tile (l, n) is the tree hash of its range."""
        for level in range(8):
            span = 256**level
            hashes = size // span
            for first in range(0, hashes, 256):
                width = min(256, hashes - first)
                name = f"{grouped(first // 256)}{'' if width == 256 else f'.p/{width}'}"
                if (root / "tile" / str(level) / name).exists():
                    continue
                tile = [mth(leaves[i * span : (i + 1) * span]) for i in range(first, first + width)]
                put(root / "tile" / str(level) / name, b"".join(tile))
                if level == 0:
                    some = self.raw[first : first + width]
                    bundle = b"".join(struct.pack(">H", len(one)) + one for one in some)
                    put(root / "tile" / "entries" / name, bundle)


def framed(data: bytes) -> bytes:
    """Bytes behind their length."""
    return struct.pack(">I", len(data)) + data


def put(name: Path, data: bytes | str) -> None:
    """Write a file and its folders."""
    name.parent.mkdir(parents=True, exist_ok=True)
    name.write_bytes(data if isinstance(data, bytes) else data.encode())


def side(
    size: int,
    *,
    name: str = "cases",
    contents: bool = False,
    heads: list[tuple[int, int]] | None = None,
    **more: Any,  # noqa: ANN401 - what else a Side has
) -> Side:
    """A log of so many honest entries."""
    made = entries(size, contents=contents, log=NUMBERS[name])
    texts = [(one.header, one.payload) for one in made] if contents else None
    heads = [(1, size)] if heads is None else heads
    return Side(name=name, raw=[one.packed() for one in made], contents=texts, heads=heads, **more)


def forked(log: Side) -> Side:
    """Make the log anew from position 270 on, well-formed and signed with the real key."""
    other = entries(len(log.raw))
    for one in other[269:]:
        one.recorded += 1
    return Side(
        raw=[one.packed() for one in other],
        contents=[(one.header, one.payload) for one in other],
        heads=log.heads,
        continued=log.continued,
    )


def write(folder: Path, *sides: Side) -> Path:
    """Write a whole folder with its manifest."""
    for each in sides:
        each.write(folder)
    put(folder / "README.txt", "how to verify\n")
    manifest(folder, *sides)
    return folder


def manifest(folder: Path, *sides: Side) -> None:
    """Make the manifest anew over what is there, as whoever changes a file would."""
    found = sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    names = [(one.relative_to(folder).as_posix(), one) for one in found]
    logs = {}
    for each in sides:
        _, size, root, *_ = (folder / each.name / "checkpoint").read_text("utf-8").split("\n")
        origins = [each.origin(i) for i in range(1, each.newest + 1)]
        number = NUMBERS[each.name]
        logs[each.name] = {"number": number, "origins": origins, "size": int(size), "root": root}
    said = {
        "format": "holdfast-proof@v1",
        "authority": str(AUTHORITY),
        "release": "0.2.0",
        "logs": logs,
        "with_entries": any(each.contents is not None for each in sides),
        "files": {n: digest(p.read_bytes()).hex() for n, p in names if n != "manifest.json"},
    }
    put(folder / "manifest.json", json.dumps(said, indent=1))
