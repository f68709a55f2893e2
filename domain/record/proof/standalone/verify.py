"""Verify what a Holdfast record published, without Holdfast: this file, Python 3.9+, cryptography.

    python verify.py FOLDER|https://... [--vkey VKEY]... [--log cases|readings] [--head FILE]...
        [--against FOLDER]... [--receipt FILE --entry FILE] [--policy FILE] [--tsa-ca FILE] [--json]

It believes nothing that it has not reckoned itself, except the keys you give it, and says what it
proved, what it did not, and where the first entry stands that does not hold (counted from 1).
Exit code: 0 proved, 1 it does not hold, 2 it could not be read, 7 what was kept differs (README.txt, 3: the table).
Read from the top: what is reported, how files are read, the formats (c2sp.org: signed-note, tlog-checkpoint,
tlog-cosignature, tlog-policy, tlog-tiles, tlog-proof; the tree is RFC 6962's), entries, one log.
"""

# Packed, so that it is read in an hour:
# fmt: off
from __future__ import annotations

import argparse, base64, contextlib, http.client, json, os, re, shutil, stat, struct, subprocess, sys, tempfile
import urllib.error, urllib.parse, urllib.request, uuid
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("verify.py needs one package beside Python: pip install cryptography\n")
    sys.exit(2)

LOGS = {"cases": 1, "readings": 2}
SMALL, LARGE = 1 << 20, 1 << 28  # the most bytes that are read of a note, and of any file
FIELDS = struct.Struct(">q16sqq")  # of an entry, behind its first 24 bytes: see README.txt
PATH = re.compile(r"[\w.-]{1,200}(/[\w.-]{1,200}){0,20}", re.ASCII)
HEADS = re.compile(r"heads/([1-9][0-9]{0,8})/((?:x[0-9]{3}/){0,6}[0-9]{3})")
STAMP = re.compile(r"(anchors/[1-9][0-9]{0,8}/(0|[1-9][0-9]{0,18}))\.tsr")
TILE = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/){0,6}[0-9]{3})\.p/([1-9][0-9]{0,2})")
PASSAGE = {"at", "about", "key", "nonce", "sealed", "binds"}
WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
class Bad(Exception):
    """Something that was read is not in its form, or does not hold."""
class Unreadable(Exception):
    """There is nothing to verify: a wrong command, no such folder, a server that fails."""
def demand(holds: object, words: str) -> None:  # go on only where it holds
    if not holds:
        raise Bad(words)
def shown(text: str) -> str:  # foreign text without anything that could steer a terminal, and not too long
    return ascii(text)[1:-1][:400]

class Report:
    """Faults (the first of each sort, the others counted), and what was proved and what not."""
    def __init__(self) -> None:
        self.faults: dict[Any, dict[str, Any]] = {}
        self.proved, self.not_proved, self.trees = list[str](), list[str](), dict[str, Any]()
        self.amiss = list[str]()  # with what was kept elsewhere, or how it is vouched for now; not with the entries
    def blame(self, log: str | None, kind: str, position: int | None, what: str, *more: Any, until: int = 0) -> None:
        """Name a fault, or count it if its sort was named; `until`: it begins between the two."""
        place = (f"{log}: " if log else "") + (f"position {position}: " if position else "")
        says = place + what + (": " if more else "") + ", ".join(map(str, more))
        fault = {"log": log, "kind": kind, "position": position, "until": until or position, "says": says}
        self.faults.setdefault((log, kind, what), {**fault, "more": -1})["more"] += 1
    @contextlib.contextmanager
    def blaming(self, log: str | None, kind: str, what: str, *more: Any, at: Any = lambda: None) -> Iterator[None]:
        """Name what is found within not to hold, and go on behind it; `at` tells its position."""
        try:
            yield
        except Bad as error:
            self.blame(log, kind, at(), what, *more, error)
    def settle(self, log: str | None, kinds: str, sentence: str, done: object = True) -> None:
        """A sentence is proved where its check came to its end and found no fault of its kinds."""
        holds = done and not any(key[0] == log and key[1] in kinds.split() for key in self.faults)
        (self.proved if holds else self.not_proved).append(f"{log}: {sentence}" if log else sentence)
    def first_bad(self) -> dict[str, tuple[int, int]]:  # of each log between which positions the first bad one is
        bad: dict[str, tuple[int, int]] = {}
        placed = [fault for fault in self.faults.values() if fault["log"] and fault["position"]]
        for fault in sorted(placed, key=lambda fault: fault["until"] - fault["position"]):
            if fault["log"] not in bad or fault["until"] < bad[fault["log"]][0]:
                bad[fault["log"]] = fault["position"], fault["until"]
        return bad
    def told(self) -> list[str]:  # the faults in words
        return [one["says"] + (f" (and {one['more']} more)" if one["more"] else "") for one in self.faults.values()]
    def lines(self, ended: str | None) -> Iterator[str]:  # the report as text; its first line is the verdict
        first = "".join(f"; first bad position in {log}: {f'somewhere in {at} to {until}' if at < until else at}"
                for log, (at, until) in self.first_bad().items())
        but = "; but what was kept or published before is not whole, or was vouched for otherwise" if self.amiss else ""
        yield (f"DOES NOT HOLD: {len(self.faults)} sorts of fault{first}." if self.faults else
                f"COULD NOT BE READ: {ended}" if ended else f"PROVED, as far as is said below{but}.")
        yield from (f"  {told}" for told in (*(f"! {one}" for one in self.told()), *self.amiss))
        for title, sentences in (("Proved:", self.proved), ("Not proved:", self.not_proved)):
            yield from (title, *(f"  - {sentence}" for sentence in sentences))

# ------------------------------------------------------------------------------ how files are read
class SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within one host only."""
    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any) -> Any:
        if urllib.parse.urlsplit(newurl)[:2] != urllib.parse.urlsplit(req.full_url)[:2]:
            raise Unreadable(f"the server sends us elsewhere, to {shown(newurl)}: refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
class Place:
    """The folder or the address. Whatever is read is compared with the manifest at once."""
    def __init__(self, where: str, report: Report) -> None:
        self.report, self.seen, self.files = report, set[str](), dict[str, Any]()
        self.url = where.rstrip("/") + "/" if where.startswith(("http://", "https://")) else None
        self.root, self.opener = os.path.abspath(where), urllib.request.build_opener(SameHost)
        demand(self.url or os.path.isdir(self.root), f"{shown(where)} is no folder, and no address of http(s)://")
    def own(self, path: str) -> bool:  # whether a folder, address or file is this one or lies in it, by whatever name
        if self.url or path.startswith(("http://", "https://")):
            return self.url == path.rstrip("/") + "/"
        here, there = (os.path.realpath(one) + os.sep for one in (self.root, path))
        ours, theirs = ({os.path.join(one, name, "checkpoint") for name in LOGS} for one in (self.root, path))
        ids = [{os.stat(one)[1:3] for one in some if os.path.exists(one)} for some in (ours, theirs | {path})]
        return there.startswith(here) or bool(ids[0] & ids[1])
    def read(self, path: str, limit: int = SMALL) -> bytes | None:  # None: there is none; Bad: it may not be read
        inside = PATH.fullmatch(path) and not {".", ".."} & set(path.split("/"))
        demand(inside, f"{shown(path)} is no path inside the folder: not read")
        data = self.fetch(path, limit) if self.url else self.open(path, limit)
        demand(data is None or len(data) <= limit, f"{path} has more than {limit} bytes: not read")
        if data is not None and path not in self.seen:
            self.seen.add(path)
            if not self.names(path, data):
                self.report.blame(None, "manifest", None, "a file is not the one of the manifest", path)
        return data
    def names(self, path: str, data: bytes) -> bool:
        return self.files.get(path) in (None, sha256(data).hexdigest())
    def open(self, path: str, limit: int) -> bytes | None:
        full = os.path.join(os.path.realpath(self.root), *path.split("/"))
        demand(os.path.realpath(full) == full, f"{path} is or goes by a link: not read")  # it could lead elsewhere
        try:
            demand(stat.S_ISREG(os.lstat(full).st_mode), f"{path} is no ordinary file: not read")
            with open(full, "rb") as file:
                return file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Bad(f"{path} cannot be read ({type(error).__name__})") from None
    def fetch(self, path: str, limit: int) -> bytes | None:
        try:
            with self.opener.open(f"{self.url}{path}", timeout=60) as answer:
                return bytes(answer.read(limit + 1))
        except (OSError, ValueError, http.client.HTTPException) as error:
            code = getattr(error, "code", type(error).__name__)
            if code in (404, 410):
                return None
            raise Unreadable(f"{path} cannot be fetched ({code})") from None
    def listing(self) -> set[str] | None:  # every path in the folder; at an address the manifest's, None without one
        if self.url:
            return set(self.files) or None
        return {os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/")
                for folder, folders, names in os.walk(self.root)
                for name in [*names, *(one for one in folders if os.path.islink(os.path.join(folder, one)))]}
def read_json(data: bytes) -> Any:  # jSON of our kind: UTF-8, whole numbers only
    def whole(text: str) -> int:
        return int(text if re.fullmatch("-?[0-9]{1,19}", text) else "")
    return json.loads(data.decode(), parse_float=whole, parse_constant=whole, parse_int=whole)
def read_manifest(place: Place) -> Any:  # what it says that it holds; signed by nobody, it shows losses and accidents
    data = place.read("manifest.json", LARGE)
    if data is None:
        return None
    try:
        said = read_json(data)
        uuid.UUID(said["authority"])
        fits = said["format"] == "holdfast-proof@v1" and isinstance(said["with_entries"], bool)
        for name, log in said["logs"].items():
            fits = fits and log["number"] == LOGS[name] and isinstance(log["origins"], list)
            demand(number(str(log["size"])) >= 0 and unb64(log["root"], 32), "")
        for path, digest in said["files"].items():
            fits = fits and PATH.fullmatch(path) and re.fullmatch("[0-9a-f]{64}", digest)
        demand(fits, "")
    except (*WRONG, Bad):
        raise Bad("manifest.json is not in its form") from None
    place.files = said["files"]
    return said

# -------------------------------------------------------------------------------------- the formats
def number(text: str) -> int:  # a decimal as it is written here: no sign, no leading zero, below 2^63
    fits = re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 1 << 63
    demand(fits, f"{shown(text)} is no number as it is written here")
    return int(text)
def unb64(text: str, size: int | None = None, alphabet: bytes = b"+/") -> bytes:  # in one form only, of so many bytes
    data = b""
    with contextlib.suppress(*WRONG):
        data = base64.b64decode(text, alphabet, validate=True)
    fits = data and base64.b64encode(data, alphabet).decode() == text and len(data) == (size or len(data))
    demand(fits, f"{shown(str(text))} is not the base64 that belongs here")
    return data
def url64(text: str) -> bytes:  # base64url without padding, as headers and payloads have it
    return unb64(text + "=" * (-len(text) % 4), None, b"-_") if "=" not in text else b""
def grouped(index: int) -> str:  # 1234067 is written x001/x234/067 in paths
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups)
def tile_path(kind: object, index: int, width: int) -> str:  # one that is not full has its width behind it
    return f"tile/{kind}/{grouped(index)}" + (f".p/{width}" if width < 256 else "")

class Key:
    """A verifier key, <name>+<number>+<base64 of kind and key>; kind 1 is a log's, 4 a witness's."""
    def __init__(self, vkey: str, kind: int) -> None:
        name, digits, text = (*vkey.split("+", 2), "", "")[:3]
        demand(text, f"{shown(vkey)} is no key (--vkey): one is NAME+NUMBER+BASE64, a line of vkeys")
        self.vkey, self.name, self.kind, raw = shown(vkey), name, kind, unb64(text, 33)
        # The number is the hash of name and key: a key cannot be put under another's name.
        self.id, self.public = sha256(name.encode() + b"\n" + raw).digest()[:4], raw[1:]
        fits = name and not re.search(r"\s", name) and raw[0] == kind and self.id.hex() == digits
        demand(fits, f"{self.vkey} is no key of this kind, or its number is not its own")
    def signed(self, text: bytes, signature: bytes) -> bool:  # whether this key made the signature over a note's text
        if self.kind == 4:  # a witness signs the time, too
            time = int.from_bytes(signature[:8], "big")
            text, signature = f"cosignature/v1\ntime {time}\n".encode() + text, signature[8:]
        with contextlib.suppress(InvalidSignature, ValueError):
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
            return True
        return False
def keys_in(data: bytes) -> list[Key]:  # a log's keys, one a line
    return [Key(line, 1) for line in data.decode("utf-8", "replace").split("\n") if line]

class Checkpoint:
    """A signed tree head: origin, size, root; `by` are those of the keys that signed it."""
    def __init__(self, data: bytes, keys: list[Key]) -> None:
        body, parted, rest = data.decode("utf-8", "replace").rpartition("\n\n")
        head, self.by = body.split("\n"), list[Key]()
        fits = parted and rest.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f\ufffd]", body + rest)
        demand(fits and len(head) >= 3 and all(head), "it is no signed note of origin, size and root")
        self.origin, self.size, self.root = head[0], number(head[1]), unb64(head[2], 32)
        for line in rest[:-1].split("\n")[:100]:
            dash, name, text = (*line.split(" "), "", "")[:3]
            demand(dash == "\u2014", "a line of its signatures is not in its form")
            signature = unb64(text)
            for key in keys:  # signatures of keys that we do not have are let be
                if (key.name, key.id) == (name, signature[:4]):
                    holds = key.signed((body + "\n").encode(), signature[4:])
                    demand(holds, f"the signature of {shown(name)} does not hold")
                    self.by.append(key)
    def signer(self) -> Key:  # the log's key that signed it: a key speaks only for the origin that it is named after
        mine = [key for key in self.by if key.kind == 1 and key.name == self.origin]
        demand(mine, f"no known key of {shown(self.origin)} signed it")
        return mine[0]

class Policy:
    """Which logs are believed, and which witnesses have to have cosigned a checkpoint."""
    def __init__(self, data: bytes) -> None:
        self.logs, self.witnesses, self.groups, self.quorum = list[Key](), dict[str, Key](), dict[str, Any](), ""
        for line in data.decode("utf-8", "replace").split("\n"):
            demand(self.line(line.split()), f"the policy is not in its form: {shown(line)}")
        demand(self.quorum, "the policy has no quorum")
    def line(self, words: list[str]) -> object:  # false where it is none; whom it names has to be defined before it
        names = {*self.witnesses, *self.groups}
        (what, name), more = (*words, "", "")[:2], words[2:]
        if what == "log" and len(more) < 2:
            self.logs.append(Key(name, 1))
        elif what == "witness" and more and name not in {"none", *names}:
            self.witnesses[name] = Key(more[0], 4)
        elif what == "group" and len(more) > 1 and name not in {"none", *names}:
            members = set(more[1:]) & (names - {one for _, used in self.groups.values() for one in used})
            least = {"all": len(members), "any": 1}.get(more[0]) or number(more[0])
            self.groups[name] = (least, members)
            return 1 <= least <= len(members) == len(more) - 1
        elif what == "quorum" and not more and not self.quorum:
            self.quorum = name
            return name in {"none", *names}
        else:
            return not words or what.startswith("#")
        return len({key.public for key in self.witnesses.values()}) == len(self.witnesses)  # each once
    def lacking(self, by: list[Key]) -> int:  # how many more witnesses have to cosign, at the least, where these did
        few = {"none": 0, **{n: int(key.vkey not in [one.vkey for one in by]) for n, key in self.witnesses.items()}}
        for name, (least, members) in self.groups.items():
            few[name] = sum(sorted(few[member] for member in members)[:least])
        return few[self.quorum]
    def counted(self) -> dict[bytes, str]:  # whom the quorum rests on, by key: who is only named counts nothing
        names = {self.quorum}
        for name, (_, members) in reversed(list(self.groups.items())):  # each before its members
            names |= members if name in names else set()
        return {key.public: key.vkey for name, key in self.witnesses.items() if name in names}

class Tree:
    """RFC 6962's tree, growing leaf by leaf; of each level only the unfinished tile is kept."""
    def __init__(self, finished: Any) -> None:
        self.finished, self.levels = finished, list[Any]()  # of each: the tile's hashes, their peaks, tiles before
    def add(self, node: bytes, depth: int = 0) -> None:  # a full tile of 256 is one hash of the level above it
        if depth == len(self.levels):
            self.levels.append([[], [], 0])
        hashes, peaks, before = self.levels[depth]
        count = len(hashes)
        hashes.append(node)
        while count & 1:
            node, count = sha256(b"\x01" + peaks.pop() + node).digest(), count >> 1
        peaks.append(node)
        if len(hashes) == 256:
            self.finished(depth, before, hashes)
            self.levels[depth] = [[], [], before + 1]
            self.add(node, depth + 1)
    def root(self) -> bytes:  # the tree's hash at its present size
        node = None
        for peak in (peak for _, peaks, _ in self.levels for peak in reversed(peaks)):
            node = peak if node is None else sha256(b"\x01" + peak + node).digest()
        return sha256(b"").digest() if node is None else node

def root_by_path(index: int, size: int, node: bytes, path: list[bytes]) -> bytes:
    """The root that a proof of inclusion leads to (RFC 9162, 2.1.3.2)."""
    last = size - 1
    for step in path:
        demand(last, "its proof is too long for the tree")
        if index & 1 or index == last:
            node = sha256(b"\x01" + step + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + step).digest()
        index, last = index >> 1, last >> 1
    demand(not last, "its proof is too short for the tree")
    return node
def differs(one: list[bytes], other: list[bytes]) -> int:  # where two lists first differ, from 0
    return next((at for at, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), min(len(one), len(other)))

def pieces(data: bytes, length: int, count: int) -> tuple[list[bytes], bool]:
    """The pieces, each behind its length of so many bytes; and whether they are so many, and all."""
    found, at = list[bytes](), 0
    while at < len(data) and len(found) < count:
        start, at = at + length, at + length + int.from_bytes(data[at : at + length], "big")
        if at > len(data):
            return found, False
        found.append(data[start:at])
    return found, at == len(data) and len(found) == count

# -------------------------------------------------------------------------------------- the entries
class Order:
    """The entries, one after another: what each says of itself, against those before it."""
    def __init__(self, report: Report, log: str, authority: bytes | None) -> None:
        self.report, self.log, self.kind = report, log, "entries"
        self.start = b"HFST" + struct.pack(">HH", 1, LOGS[log]) + (authority or b"")
        self.versions, self.recorded, self.passages = dict[bytes, int](), -(1 << 63), 0
        self.command, self.left = b"", 0  # the present command, and how many events it still has
        self.commands = set[bytes]()  # every one so far

    def check(self, holds: object, position: int, what: str, *more: Any) -> None:
        if not holds:
            self.report.blame(self.log, self.kind, position, what, *more)
    def envelope(self, position: int, entry: bytes) -> None:  # what an entry, published without its contents, says
        self.kind = "entries"
        if len(entry) != 128:
            return self.check(False, position, "the entry does not have 128 bytes")
        said, stream, version, recorded = FIELDS.unpack_from(entry, 24)
        # It is of this form, this log and this authority: none is another record's.
        self.start += entry[8:24] if len(self.start) < 24 else b""
        self.check(entry[:8] == self.start[:8], position, "it is no entry of this log")
        self.check(entry[8:24] == self.start[8:], position, "it is another authority's", entry[8:24].hex())
        # It stands at its own position: none was taken out, put in or moved.
        self.check(said == position, position, "an entry of another position stands here", said)
        # It goes on from the last of its stream (a case, a worker), which began at 0 or 1.
        last = self.versions.get(stream)
        follows = version in (0, 1) if last is None else version == last + 1
        self.check(follows, position, "its version does not follow the last of its stream", version, last)
        self.versions[stream] = version
        # It was not recorded before the one before it: none was slipped in with an older date.
        self.check(recorded >= self.recorded, position, "it says it was recorded before the one before it")
        self.recorded = recorded

    def contents(self, position: int, entry: bytes, header: bytes, payload: bytes) -> None:
        """What was recorded, for whoever may read it; words of persons stay sealed."""
        self.kind, check = "contents", self.check
        # The entry commits to these very bytes: nothing was changed since.
        right = sha256(b"holdfast/header/v1\n" + header).digest() == entry[64:96]
        check(right, position, "its header is not the one that was recorded")
        right = sha256(b"holdfast/payload/v1\n" + payload).digest() == entry[96:128]
        check(right, position, "its payload is not the one that was recorded")
        try:
            said, data = read_json(header), read_json(payload)
            # There is one way to write it, so that nothing hides in how it is written.
            again = [json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
                    for value in (said, data)]
            check(again == [header, payload], position, "its bytes are not in canonical form")
            demand(isinstance(said["name"], str) and type(said["v"]) is int, "")
            # A random salt: what a small event says cannot be guessed from what is published.
            salts = [len(url64(value["salt"])) for value in (said, data)]
            check(salts == [16, 16] and data.keys() == {"salt", "data"}, position, "its salt is not 16 bytes")
            self.belongs(position, said["command"])
            self.sealed(position, data["data"], f"{uuid.UUID(bytes=entry[32:48])}/{FIELDS.unpack_from(entry, 24)[2]}")
        except (*WRONG, Bad):
            check(False, position, "its content is not in its form")

    def belongs(self, position: int, said: Any) -> None:
        """The events of a command stand together, as many as its first says: it is there whole."""
        command = uuid.UUID(said["id"]).bytes
        if "digest" in said or "events" in said:
            demand(type(said["events"]) is int and said["events"] > 0 and said["digest"], "")
            self.check(not self.left, position, "the command before it lacks events", self.left)
            self.check(command not in self.commands, position, "its command was recorded before", said["id"])
            self.commands.add(command)
            self.command, self.left = command, said["events"]
        else:
            follows = self.left and command == self.command
            self.check(follows, position, "it does not follow its command's first event")
        self.left = max(self.left - 1, 0)

    def sealed(self, position: int, data: Any, place: str) -> None:
        """Each sealed passage stands where it was sealed for, and binds itself to one key."""
        waiting = [(data, place)]
        while waiting:
            value, at = waiting.pop()
            if isinstance(value, list):
                waiting += [(one, f"{at}/{index}") for index, one in enumerate(value)]
            elif isinstance(value, dict) and "sealed" not in value:
                waiting += [(one, f"{at}/{name}") for name, one in value.items()]
            elif isinstance(value, dict):
                self.passages += 1
                fits = value.keys() == PASSAGE and (
                        all(str(uuid.UUID(value[name])) == value[name] for name in ("about", "key"))
                        and (len(url64(value["nonce"])), len(url64(value["binds"]))) == (12, 32)
                        and len(url64(value["sealed"])) >= 16)
                self.check(fits, position, "a passage is not in its form")
                self.check(value.get("at") == at, position, "a passage was sealed for another place")

# ------------------------------------------------------------------------------------------ one log
class Earlier:
    """A log in an export that was kept from before: its keys, its policy, the first entry that is another one now."""
    def __init__(self, place: Place, name: str, file: str, raw: bytes) -> None:
        self.place, self.name, self.file, self.first = place, name, shown(file), 0
        self.keys, self.policy, self.met, self.amiss = list[Key](), Policy(b"quorum none"), 0, list[str]()
        with place.report.blaming(None, "kept", "its keys or its policy cannot be used"):
            self.keys = keys_in(place.read(f"{name}/vkeys") or b"")
            self.policy = Policy(place.read(f"{name}/policy") or b"quorum none")
        head, self.tree = Checkpoint(raw, self.keys), Tree(lambda *_: None)  # of its entries, believed if it is of them
        demand(not self.keys or head.signer(), "")  # signed by a key that was kept with it, if one was
        self.size = head.size
    def weaker(self, now: Policy) -> list[str]:  # how a policy of now promises less than that of then, if it does
        old, new, few, need = self.policy.counted(), now.counted(), now.lacking([]), self.policy.lacking([])
        beside = [key for key in now.witnesses.values() if key.public not in old]  # may be asked for, too
        told = [f"{few}, not {need}"] * (few < need) + [f"gone: {old[key]}" for key in old if key not in new]
        told += [f"new: {new[key]}" for key in new if key not in old]
        how = "needs fewer" if few < need else "rests on other"
        same = old.keys() <= new.keys() and now.lacking(beside) >= need
        return [] if same else [f"its policy {how} witnesses than before: {', '.join(told)}"]

    def look(self, index: int, entries: list[bytes]) -> None:
        """Compare a bundle with the one here; a part of a bundle may be gone where there is a whole one."""
        width, data = min(256, self.size - index * 256), None
        with contextlib.suppress(Bad):  # what is wrong with it is no fault of what is verified
            for each in (width, 256) if width > 0 else ():
                data = data or self.place.read(f"{self.name}/{tile_path('entries', index, each)}", LARGE)
        then = pieces(data or b"", 2, 256)[0][: max(width, 0)]
        for entry in then:
            self.tree.add(sha256(b"\x00" + entry).digest())
        if then != entries[: len(then)] and not self.first:
            self.first = index * 256 + differs(then, entries) + 1

class Log:
    """One log of the folder, checked in one pass over its entries."""
    def __init__(self, name: str, place: Place, trust: Trust, report: Report, manifest: Any) -> None:
        self.name, self.place, self.trust, self.report = name, place, trust, report
        self.said = manifest["logs"][name] if manifest else None
        self.order = Order(report, name, uuid.UUID(manifest["authority"]).bytes if manifest else None)
        self.given = [key for key in trust.keys if of_log(key.name, name)]
        self.then = [kept for kept in trust.then if kept.name == name]
        self.known = self.given + [key for kept in self.then for key in kept.keys]
        self.trusted, self.origins, self.limits = {key.public for key in self.known}, list[str](), dict[int, int]()
        self.since, self.behind, self.cosigned = dict[int, str](), dict[int, int](), dict[int, set[int]]()
        self.tree, self.watched, self.agreed = Tree(self.tile), dict[int, Any](), dict[str, int]()
        self.size = self.heads = self.by_folder_key = 0
        self.asked = bool(place.url and not place.files)  # without a list of files those are asked for that may be
        self.listed = {path[len(name) + 1 :] for path in place.listing() or () if path.startswith(f"{name}/")}
        self.contents = bool(manifest and manifest["with_entries"]) or "contents/000" in self.listed
        self.parts: dict[Any, list[int]] = {}  # tiles and bundles of earlier sizes
        self.bundles: dict[int, list[str]] = {}  # files of checkpoints, by the bundle in which these end
        for path in sorted(self.listed):
            if found := TILE.fullmatch(path):
                self.parts.setdefault((found[1], int(re.sub("[x/]", "", found[2]))), []).append(int(found[3]))
            elif found := HEADS.fullmatch(path):
                self.bundles.setdefault(int(re.sub("[x/]", "", found[2])), []).append(path)
            elif path.startswith("heads/"):
                self.blame("heads", None, "a file among the checkpoints is named otherwise", shown(path))

    def blame(self, kind: str, position: int | None, what: str, *more: Any, until: int = 0) -> None:
        self.report.blame(self.name, kind, position, what, *more, until=until)
    def settle(self, kinds: str, sentence: str, also: object = True) -> None:
        self.report.settle(self.name, kinds, sentence, self.done and also)
    def watch(self, size: int, *what: Any) -> None:
        self.watched.setdefault(size, []).append(what)
    def left(self, sentence: str) -> None:
        self.report.not_proved.append(f"{self.name}: {sentence}")
    def need(self, path: str, limit: int = SMALL) -> bytes:
        data = self.place.read(f"{self.name}/{path}", limit)
        demand(data is not None, f"{self.name}/{path} is missing")
        return data or b""
    def blaming(self, kind: str, what: str, *more: Any, at: Any = lambda: None) -> Any:
        return self.report.blaming(self.name, kind, what, *more, at=at)
    def run(self, tsa_ca: str | None) -> None:  # the whole log; where the pass ends early, its sentences are not proved
        self.done = False
        with self.blaming("files", "it could not be followed further", at=lambda: self.size + 1):
            self.open()
            self.witnesses()
            self.watch_all()
            self.walk()
            self.done = True
        self.conclude()
        with self.blaming("anchors", "a time-stamp does not hold"):
            self.anchors(tsa_ca)
    def open(self) -> None:  # the newest checkpoint is signed by the log's key, and by whom you trust, if you said
        found, policies = keys_in(self.need("vkeys")), [kept.policy for kept in self.then]
        self.origins = [key.name for key in found]
        for place, origin in enumerate(self.origins, 1):
            demand(origin.endswith(f"/{self.name}/{place}"), f"key {place} is named {shown(origin)}")
        given = {key.name for key in self.given}  # of these origins only the keys that were given are believed
        for kept in self.then:
            kept.amiss += [f"{key.name} is signed for by another key than before, gone: {key.vkey}, new: {now.vkey}"
                    for key in kept.keys for now in found if now.name == key.name not in given and now.vkey != key.vkey]
        had = {key.vkey for key in self.known}
        self.known += [key for key in found if key.name not in given and key.vkey not in had]
        self.policy = self.trust.policy or Policy(self.need("policy"))
        self.known += {key.vkey: key for one in (self.policy, *policies) for key in one.witnesses.values()}.values()
        head = self.head = Checkpoint(self.need("checkpoint"), self.known)
        root = base64.b64encode(head.root).decode()
        self.report.trees[self.name] = {"origin": head.origin, "size": head.size, "root": root}
        if self.said and [self.said[k] for k in ("size", "root", "origins")] != [head.size, root, self.origins]:
            self.blame("manifest", None, "the manifest names another tree or other origins")
        with self.blaming("signature", "the newest checkpoint"):
            key = head.signer()
            one = [f": it is of another incarnation, under the same public key, that goes on from {self.went_on(at)[1]}"
                    f" entries. Once that restoring was explained to you (README.txt, 3), give its key too: {key.vkey}"
                    for at in (len(self.origins),) if key not in self.given and key.public in self.trusted and at > 1]
            demand(not self.given or key in self.given, "".join(["none of the keys given with --vkey signed it", *one]))
            demand([head.origin] == self.origins[-1:], "it is not of the newest incarnation")
            self.report.proved += [f"{self.name}: its newest checkpoint ({head.size} entries) is signed by {key.vkey}"]
            if key.public not in self.trusted:
                self.left("that this key is the authority's: it was taken from the folder. Compare it with one from"
                        f" elsewhere (--vkey): {key.vkey}, SHA-256 {sha256(key.vkey.encode()).hexdigest()}")
    def witnesses(self) -> None:  # enough witnesses cosigned it, who refuse a log that does not go on from before
        if self.policy.quorum == "none":
            return self.left("that everybody is shown this same history: its policy asks for no witness")
        if self.policy.lacking(self.head.by):
            self.blame("witnesses", None, "the quorum of its policy is not met")
        whose = "given" if self.trust.policy else "of the folder, with the witnesses' keys"
        self.report.settle(self.name, "witnesses", f"the quorum of the policy ({whose}) cosigned its newest checkpoint")
    def watch_all(self) -> None:  # collect what was ever said of the tree, by size: the tree is compared as it grows
        self.watch(self.head.size, "newest", "the newest checkpoint", self.head.root)
        for place in range(len(self.origins), 1, -1):  # a later restoring may have been of an older copy
            before, size, root, self.since[place] = self.went_on(place)
            demand(before == self.origins[place - 2], f"continued/{place} does not name the incarnation before it")
            self.limits[place - 1] = limit = min([number(size), *self.limits.values()])
            if limit == number(size):
                self.watch(limit, "continued", f"incarnation {place} went on from", unb64(root, 32))
            with self.blaming("heads", "a checkpoint (folder) does not hold", at := f"superseded/{place-1}/checkpoint"):
                if last := self.place.read(f"{self.name}/{at}"):
                    self.place_of("folder", at, last, lambda _size: True)
        for path, size in (found.groups() for found in map(STAMP.fullmatch, sorted(self.listed)) if found):
            with self.blaming("anchors", "a time-stamp does not hold"):
                self.place_of("anchor", path, self.need(path), lambda said, size=int(size): said == size)
        for file, raw in self.trust.kept:
            if of_log((head := Checkpoint(raw, [])).origin, self.name):
                self.watch(head.size, "kept", shown(file), raw)
    def went_on(self, place: int) -> list[str]:  # from where an incarnation goes on: origin, size, root; since when
        raw, mine = self.need(f"continued/{place}"), self.origins[place - 1]
        lines = [*raw.decode("utf-8", "replace").split("\n"), "", "", ""][:4]
        if not lines[3]:  # an earlier release signed nothing when it restored
            return [*lines[:3], "at a time that was not signed"]
        what, _, when = lines[3].partition(" since ")
        signed = [key for key in Checkpoint(raw, self.known).by if key.name == mine]
        demand(signed and what == f"goes on as {mine}", f"continued/{place} is not signed by the key of {shown(mine)}")
        return [*lines[:3], shown(when)]
    def collect(self, index: int) -> None:  # read the checkpoints that end in a bundle of entries, before it is walked
        may_be = [f"heads/{place}/{grouped(index)}" for place in range(1, len(self.origins) + 1)] if self.asked else ()
        for path in sorted(self.bundles.pop(index, may_be)):
            with self.blaming("heads", "a checkpoint (folder) does not hold", path):
                data = self.place.read(f"{self.name}/{path}", LARGE) or b""
                demand(data or self.asked, f"{path} is missing")
                notes, _ = pieces(data, 4, 256)  # at most so many
                demand(sum(4 + len(raw) for raw in notes) == len(data), "its checkpoints do not end where it does")
                for raw in notes:
                    self.place_of("folder", path, raw, lambda size: max(size - 1, 0) // 256 == index)
    def place_of(self, source: str, path: str, raw: bytes, fits: Any) -> None:
        """A checkpoint of the folder is of the incarnation and size whose place it is in."""
        head, incarnation = Checkpoint(raw, []), int(path.split("/")[1])
        right = self.origins[incarnation - 1 :][:1] == [head.origin] and fits(head.size)
        demand(right, f"{path}: it is a checkpoint of another place")
        self.watch(head.size, source, f"{path}, size {head.size}", raw)

    def compare(self, size: int, said: Any, now: bytes | None) -> None:
        """One thing that was said of the tree of a size; `now` is its root, None if it is no more."""
        (source, what, root), incarnation, by = said, 0, list[Key]()
        if source in ("folder", "kept", "anchor"):  # an earlier checkpoint is signed
            try:
                head = Checkpoint(root, self.known)
                self.by_folder_key += head.signer().public not in self.trusted
                demand(head.origin in self.origins, "it is of an origin that the folder does not name")
                incarnation, root, by = self.origins.index(head.origin) + 1, head.root, head.by
            except Bad as error:
                return self.blame("heads", None, f"a checkpoint ({source}) does not hold", what, error)
            self.heads += source != "anchor"  # which lies among the others, too
            for kept in self.then:  # a checkpoint keeps no policy, and every signature it was given
                kept.met = kept.met if kept.policy.lacking(head.by) else size
        if by and not self.policy.lacking(by):
            self.cosigned.setdefault(incarnation, set()).add(size)
        limit = self.limits.get(incarnation, size)
        first, until = self.agreed.get(source, 0) + 1, size
        for kept in self.then:
            if kept.file == what and kept.first and kept.tree.root() == root:
                first = until = kept.first
        if size > limit and source != "kept":  # told below: a restoring left it behind
            self.behind[incarnation] = max(size, self.behind.get(incarnation, 0))
        elif size > limit:  # all of what an incarnation published has to be gone on from
            lost = "they are the same again" if now == root else "they are gone or others"
            self.blame("incarnations", limit + 1,
                    "rolled back: an incarnation had published more than the next went on from",
                    f"{size} entries ({what}), not {limit}; of those between, {lost}. What to do: README.txt, 3")
        elif now is None:  # the tree has not become shorter
            self.blame("heads", self.size + 1, "the end of the log is missing", f"it had {size} entries ({what})")
        elif root != now:  # it is the same tree, grown: each tree that was signed is its beginning
            kind = {"newest": "tree", "continued": "incarnations"}.get(source, "heads")
            self.blame(kind, first, "the entries are not those that were signed for",
                    f"the tree of {size} ({what}) had another root; the first that differs is"
                    + (f" one of {first} to {until}" if first < until else f" {first}"), until=until)
        else:
            self.agreed[source] = size
    def look(self) -> None:
        for said in self.watched.pop(self.size, ()):
            self.compare(self.size, said, self.tree.root())
    def walk(self) -> None:  # the pass: each entry is judged and hashed into the tree
        self.collect(0)
        self.look()
        for index in range((self.head.size + 255) // 256):
            self.collect(index)
            width = min(256, self.head.size - index * 256)
            path, texts = tile_path("entries", index, width), list[bytes]()
            entries, whole = pieces(self.need(path, LARGE), 2, width)
            for part in self.parts.pop(("entries", index), ()):  # what an earlier reader was given
                partial = tile_path("entries", index, part)
                shown_then, fits = pieces(self.need(partial), 2, part) if part < width else ([], True)
                if not fits or shown_then != entries[: len(shown_then)]:
                    place = index * 256 + differs(shown_then, entries) + 1
                    self.blame("tree", place, "a bundle of an earlier size has other entries", partial)
            for kept in self.then:
                kept.look(index, entries)
            if self.contents:
                texts, fits = pieces(self.need(f"contents/{grouped(index)}", LARGE), 4, 2 * width)
                demand(fits, f"contents/{grouped(index)} does not hold the contents of {width} entries")
            for place, entry in enumerate(entries):
                self.order.envelope(self.size + 1, entry)
                if self.contents and len(entry) == 128:
                    self.order.contents(self.size + 1, entry, *texts[2 * place : 2 * place + 2])
                self.tree.add(sha256(b"\x00" + entry).digest())
                self.size += 1
                if self.size in self.watched:
                    self.look()
            demand(whole, f"{path} does not hold {width} entries, or more than that")
        self.finish()
    def finish(self) -> None:  # what is left once all was walked: the last tiles, what was said beyond the end
        for depth, (hashes, _, index) in enumerate(self.tree.levels):
            if hashes:
                self.tile(depth, index, hashes)
        if self.order.left:
            self.blame("contents", self.size, "the last command lacks events", self.order.left)
        for index in sorted(self.bundles):
            self.collect(index)
        for size in sorted(self.watched):  # what was said of larger trees
            for said in self.watched[size]:
                self.compare(size, said, None)

    def tile(self, depth: int, index: int, hashes: list[bytes]) -> None:
        """A tile is, byte for byte, the hashes of what is under it; so is each earlier part of it."""
        earlier = [part for part in self.parts.pop((str(depth), index), ()) if part < len(hashes)]
        for width in (len(hashes), *earlier):
            path, start = tile_path(depth, index, width), index * 256 ** (depth + 1) + 1
            with self.blaming("tree", "a tile could not be read", at=lambda start=start: start):
                data = self.need(path)
                if data != b"".join(hashes[:width]):
                    first = differs([data[i : i + 32] for i in range(0, len(data), 32)], hashes[:width])
                    place = index * 256 + min(first, width - 1)
                    self.blame("tree", place * 256**depth + 1, "a tile is not the hashes of what is under it", path)
    def conclude(self) -> None:  # what the pass showed, in sentences
        size, kept, settle, left = self.size, self.agreed.get("kept", 0), self.settle, self.left
        settle("tree", f"its {size} entries hash to the root of the newest checkpoint; every tile is made of them")
        settle("entries", "positions run from 1 without a gap, and so do the versions of each of its"
                f" {len(self.order.versions)} streams; recorded_at never runs backwards; all are this authority's")
        settle("heads incarnations", f"{self.heads} checkpoints beside the newest (earlier, or kept elsewhere) are"
                " signed, and the tree goes on from each" + ", but for what a restoring left" * bool(self.behind),
                self.listed or self.asked)
        if self.by_folder_key:
            left(f"that {self.by_folder_key} of these are the authority's: their keys were taken from the folder")
        if len(self.origins) > 1:
            settle("heads incarnations", f"its {len(self.origins)} incarnations go on from all that lies here of what"
                    " was published", not self.behind)
        self.restored()
        if self.contents:
            settle("contents", "headers and payloads are those recorded, in canonical form, salted; commands are"
                    f" whole, and none recorded twice; {self.order.passages} sealed passages stand where they were"
                    " sealed and bind their keys")
            left("what sealed passages say")
        else:
            left("what the entries say: their contents are not here")
        if kept < size or not size:
            left(f"that nothing behind position {kept} was changed before this was published: only a checkpoint or"
                    " receipt kept elsewhere (--head, --receipt), or a witness, shows that")
        else:
            left("that what was kept is of before: it stands at the very head that is verified: nothing newer is proved"
                    " by it, and nothing at all if it was copied or is served from what is verified")
        for one in self.then if self.done and not self.trust.policy else ():
            met = one.met if one.policy.lacking(self.head.by) else size
            one.amiss += [f"{less}; the newest checkpoint that meets the policy of before is of {met} entries"
                    for less in one.weaker(self.policy)]
        beyond = sorted(p for p in self.listed if p.startswith("tile/") and f"{self.name}/{p}" not in self.place.seen)
        if beyond and self.done:
            left(f"what {len(beyond)} files say that belong to no tree of this size, the first {shown(beyond[0])}")
    def restored(self) -> None:  # since when each incarnation goes on, from where, and what that left behind
        for at, limit in sorted(self.limits.items()):
            keys, most = {k.public for k in self.known if k.name in self.origins[at - 1 : at + 1]}, self.behind.get(at)
            self.left(f"that nothing was lost when the record was restored: incarnation {at + 1} goes on since"
                    f" {self.since[at + 1]} from {limit} entries" + ", under another key than before" * (len(keys) > 1))
            if most:
                self.report.amiss.append(f"{self.name}: rolled back: incarnation {at} had published {most} entries, and"
                        f" incarnation {at + 1} goes on from {limit}: those at positions {limit + 1} to {most} may be"
                        " gone or others. What to do: README.txt, 3")
            if self.policy.quorum != "none" and limit not in self.cosigned.get(at, ()):
                self.left(words := "that the quorum knew what went before: under a new origin a witness knows nothing"
                        f" of it, and no head of {limit} entries of incarnation {at} lies here that it cosigned")
                self.report.amiss += [f"{self.name}: not proved: {words}"] if self.trust.policy else []
    def anchors(self, tsa_ca: str | None) -> None:  # a time-stamping authority had seen a checkpoint by a time
        stamps = [(int(found[2]), found[1]) for found in map(STAMP.fullmatch, self.listed) if found]
        times = []
        for size, path in sorted(stamps):
            if tsa_ca is None or shutil.which("openssl") is None:
                return self.left(f"that its {len(stamps)} time-stamps hold: it takes openssl, and the root certificate"
                        " of who gave them (--tsa-ca)")
            chain, stamp = self.place.read(f"{self.name}/anchors/tsa.pem"), self.need(f"{path}.tsr")
            times.append((size, stamped(path, self.need(path), stamp, chain, tsa_ca)))
        told = "; ".join(f"entries 1 to {size} were there by {when}" for size, when in (times[:1] + times[1:][-1:]))
        if times:
            self.settle("heads incarnations anchors", f"its {len(times)} time-stamps hold: {told}")
        self.left("when entries were recorded, before their first time-stamp" + ("" if times else ": none was found"))

# ------------------------------------------------------------------------- time-stamps and receipts
def stamped(path: str, data: bytes, stamp: bytes, chain: bytes | None, tsa_ca: str) -> str:
    """The time that openssl confirms for these bytes, as of that time: certificates run out."""
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("data", "stamp", "chain", "token")]
        for name, content in zip(files, (data, stamp, chain or b"", b"")):
            with open(name, "wb") as file:
                file.write(content)
        def openssl(*words: str) -> Any:
            return subprocess.run(["openssl", "ts", *words], stdin=subprocess.DEVNULL, timeout=60,
                    capture_output=True, check=False)
        try:  # of the token alone: what stands before it nobody signed, and its words could name another time
            openssl("-reply", "-in", files[1], "-token_out", "-out", files[3])
            told = openssl("-reply", "-in", files[3], "-token_in", "-text").stdout.decode("ascii", "replace")
            found = re.search(r"^Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT$", told, re.MULTILINE)
            when = datetime.strptime(f"{found[1]} {found[2]} +0000" if found else "", "%b %d %H:%M:%S %Y %z")
            words = ["-verify", "-data", files[0], "-in", files[1], "-CAfile", tsa_ca]
            words += ["-attime", str(int(when.timestamp())), *(["-untrusted", files[2]] if chain else [])]
            demand(openssl(*words).returncode == 0, f"{path}: openssl ts -verify refuses it")
        except (subprocess.TimeoutExpired, ValueError, OverflowError, OSError):
            raise Bad(f"{path}: it is no time-stamp that openssl reads") from None
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")

class Receipt:
    """A tlog-proof@v1: where an entry stands in the tree of a checkpoint."""
    def __init__(self, data: bytes) -> None:
        above, parted, self.checkpoint = data.partition(b"\n\n")
        first, *lines = above.decode("utf-8", "replace").split("\n")
        lines = lines[1:] if lines and lines[0].startswith("extra ") else lines
        fits = parted and first == "c2sp.org/tlog-proof@v1" and lines and lines[0].startswith("index ")
        demand(fits and len(lines) < 65, "it is no receipt (c2sp.org/tlog-proof@v1)")
        self.index, self.path = number(lines[0][6:]), [unb64(line, 32) for line in lines[1:]]

    def check(self, entry: bytes, logs: list[Log], trust: Trust, report: Report) -> None:
        """The entry stands at its place in the tree that the receipt's checkpoint signs."""
        known = trust.keys or [key for log in logs for key in log.known if key.kind == 1]
        head = Checkpoint(self.checkpoint, [*known, *(trust.policy.witnesses.values() if trust.policy else ())])
        key = head.signer()
        demand(not trust.policy or not trust.policy.lacking(head.by), "the quorum of the policy is not met")
        demand(self.index < head.size, "its tree ends before its entry")
        root = root_by_path(self.index, head.size, sha256(b"\x00" + entry).digest(), self.path)
        demand(root == head.root, "the entry is not the one it was given for")
        fits = len(entry) == 128 and FIELDS.unpack_from(entry, 24)[0] == self.index + 1
        demand(fits, "the entry does not name its own position")
        report.proved.append(f"the receipt: its entry stands at position {self.index + 1} of the {head.size} that"
                f" {shown(head.origin)} signed for with {key.vkey}")
        if not trust.keys:
            report.not_proved.append("that the receipt's key is the authority's: it was taken from the folder")

# ---------------------------------------------------------------------------------------- the command
def of_log(origin: str, name: str) -> bool:  # whether an origin is of a log: <name>/<log>/<incarnation>
    return bool(re.search(f"/{name}/[1-9][0-9]{{0,8}}$", origin))
def read_own(path: str) -> bytes:  # a file that whoever verifies named
    try:
        with open(path, "rb") as file:
            return file.read(SMALL)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{shown(path)} cannot be read ({type(error).__name__})") from None

class Trust:
    """What you have from elsewhere and believe: keys, a policy, checkpoints, a receipt."""
    def __init__(self, said: Any) -> None:
        self.policy = Policy(read_own(said.policy)) if said.policy else None
        self.vkeys = [Key(vkey, 1) for vkey in said.vkey]
        self.keys = self.vkeys + (self.policy.logs if self.policy else [])
        self.receipt = Receipt(read_own(said.receipt)) if said.receipt else None
        self.kept = [(file, read_own(file)) for file in said.head]
        self.kept += [(said.receipt, self.receipt.checkpoint)] if self.receipt else []
        self.places, self.then = list[Place](), list[Earlier]()  # exports kept from before, and the logs in them
        for folder in said.against:
            self.keep(folder)
        self.origins = [Checkpoint(raw, []).origin for _, raw in self.kept]
        self.entry, self.tsa_ca = said.entry and read_own(said.entry), said.tsa_ca and read_own(said.tsa_ca)
    def keep(self, folder: str) -> None:  # an export kept from before, and which files are not those of its manifest
        place, manifest, before = Place(folder, Report()), None, len(self.then)
        with place.report.blaming(None, "kept", "manifest.json cannot be used"):
            manifest = read_manifest(place)
            handed = manifest is None and (place.read("README.txt") or place.read("verify.py"))
            demand(not handed, "it is missing")  # as it is published there is none, and neither are these
        for path in place.files:
            with place.report.blaming(None, "kept", "a file of the manifest cannot be read"):
                demand(place.read(path, LARGE) is not None, f"{path} is missing")
        for name in LOGS:
            with place.report.blaming(None, "kept", "a checkpoint cannot be used", path := f"{name}/checkpoint"):
                raw = place.read(path)
                if raw and place.names(path, raw):
                    self.then.append(Earlier(place, name, f"{folder}/{path}", raw))
                    self.kept.append((f"{folder}/{path}", raw))
        self.places.append(place)
        demand(len(self.then) > before, f"no checkpoint in {shown(folder)} can be used: {place.report.told()}")
def verify(said: Any, report: Report) -> None:  # everything, in order
    trust, logs = Trust(said), list[Log]()
    if said.place:
        place, manifest = Place(said.place, report), None
        with report.blaming(None, "manifest", "the manifest"):
            manifest = read_manifest(place)
        here = manifest["logs"] if manifest else [name for name in LOGS if place.read(f"{name}/checkpoint") is not None]
        names = [name for name in LOGS if name in here and said.log in (None, name)]
        begun = manifest is None and any(re.match(r"\.(lock|part-)", one) for one in place.listing() or ())
        demand(names or begun, "there is no such log here")
        for path in (*said.against, *said.head, *([said.policy] if said.policy else ())):
            demand(not place.own(path), f"{shown(path)} is, or lies in, what is verified. It cannot vouch for itself")
        logs = [Log(name, place, trust, report, manifest) for name in names]
        for log in logs:
            log.run(said.tsa_ca)
        if begun and {kind for _, kind, _ in report.faults} <= {"files", "witnesses"}:  # it lacks what was to come
            report.faults.clear()
            raise Unreadable("no whole export: it was broken off, or is still being written. Export again")
        for origin in [*trust.origins, *(key.name for key in trust.vkeys)]:
            if not any(of_log(origin, name) for name in (LOGS if said.log else names)):
                report.blame(None, "signature", None, "a key or checkpoint given is of no log here", shown(origin))
        report.not_proved += [f"{name}: it was not looked at, or is not here" for name in LOGS if name not in names]
        others = tuple(f"{name}/" for name in LOGS if name not in names) if said.log else ()
        check_files(place, manifest, others, report)
    if trust.receipt:
        with report.blaming(None, "receipt", "the receipt does not hold"):
            trust.receipt.check(trust.entry, logs, trust, report)
    for at in trust.places:
        report.amiss += [f"{at.url or at.root} is not whole, by its manifest.json: {one}" for one in at.report.told()]
    report.amiss += [f"held to {one.file}: {words}" for one in trust.then for words in one.amiss]
    report.not_proved += [
            "that all that happened was submitted: what never was leaves no trace, only that nobody has a receipt",
            "that what was recorded is true, or recorded_at right: only that it never runs backwards"]

def check_files(place: Place, manifest: Any, others: tuple[str, ...], report: Report) -> None:
    """The folder is whole: no file was lost or changed on its way, and none was put in."""
    if manifest is None:
        return report.not_proved.append("that no file is missing or added: there is no manifest to compare with")
    but = ", as far as an address shows" if place.url else ""
    for path in sorted({*place.files, *(place.listing() or ())} - {"manifest.json"}):
        with report.blaming(None, "manifest", "a file cannot be compared"):
            if path == ".lock" and path not in place.files and place.read(path) == b"":
                but = ", but for an empty .lock, of an export that was stopped at its end, or begins (README.txt, 5)"
            elif path not in place.files and not path.startswith(others):
                report.blame(None, "manifest", None, "a file is not in the manifest", shown(path))
            elif not path.startswith(others) and path not in place.seen and place.read(path, LARGE) is None:
                report.blame(None, "manifest", None, "a file of the manifest is missing", path)
    report.settle(None, "manifest", f"each file is the one of the manifest, and none is missing or added{but}")
def main(words: list[str] | None = None) -> int:  # read the command, verify, tell, and answer with the exit code
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify what a Holdfast record published.")
    parser.add_argument("place", nargs="?", metavar="FOLDER|URL", help="what was exported or published")
    parser.add_argument("--vkey", action="append", default=[], help="a key that you have from elsewhere")
    parser.add_argument("--head", action="append", default=[], help="a checkpoint that was kept elsewhere")
    parser.add_argument("--against", action="append", default=[], metavar="FOLDER", help="an export kept elsewhere")
    parser.add_argument("--log", choices=sorted(LOGS), help="look at one log only")
    parser.add_argument("--receipt", help="a receipt; with --entry")
    parser.add_argument("--entry", help="the 128 bytes that the receipt was given for")
    parser.add_argument("--policy", help="the logs and witnesses that you believe (a tlog-policy)")
    parser.add_argument("--tsa-ca", help="the root certificate of the time-stamping authority, PEM")
    parser.add_argument("--json", action="store_true", help="tell the same as JSON")
    said, report, ended = parser.parse_args(words), Report(), None
    if bool(said.receipt) != bool(said.entry) or not (said.place or (said.receipt and (said.vkey or said.policy))):
        parser.error("name a folder or an address, or --receipt with --entry and --vkey or --policy")
    try:
        verify(said, report)
    except (Unreadable, Bad) as error:
        ended = str(error)
    except Exception as error:  # what is read may be hostile: no proof then, and no traceback
        ended = f"the verifier failed ({type(error).__name__}): please report it"
    if ended:
        report.proved, report.not_proved = [], [f"everything else: {ended}"]
    code, lines = 1 if report.faults else 2 if ended else 7 if report.amiss else 0, list(report.lines(ended))
    if said.json:
        told = {"exit": code, "verdict": lines[0], "first_bad": report.first_bad(), "logs": report.trees,
                "faults": list(report.faults.values()), "amiss": report.amiss, "proved": report.proved,
                "not_proved": report.not_proved}
        lines = [json.dumps(told, indent=1)]
    sys.stdout.write("\n".join(lines) + "\n")
    return code

if __name__ == "__main__":
    sys.exit(main())
