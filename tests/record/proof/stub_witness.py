"""A witness of our own for tests: it keeps the last head of each log, and refuses a fork.

It is the specification's rules (c2sp.org/tlog-witness), so that what our client sends is held to
them, and one of ours for whoever runs a witness: a new incarnation of a log that it knows is held
to what it cosigned of the one before, by `continued/N` in the published folder (`published`).
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from domain.record.merkle import verify_consistency
from domain.record.proof.checkpoint import CosignatureSigner, open_checkpoint, read_checkpoint
from domain.record.proof.note import Signature, Verifier, open_note, read_note
from domain.record.proof.strict import Wrong, unhash


class StubWitness:
    """A witness on a port of this machine; use as a context manager."""

    def __init__(self, name: str, seed: bytes, time: int = 1_700_000_000) -> None:
        self.signer = CosignatureSigner(name, seed, time)
        self.keys: dict[str, Verifier] = {}  # by origin
        self.known: dict[str, tuple[int, bytes]] = {}
        self.published: Path | None = None
        self.away = False
        self._guard = Lock()
        witness = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status, body = (503, b"") if witness.away else witness.asked(raw)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self._server.server_port}/witness"

    @property
    def line(self) -> str:
        """Its line in a policy."""
        return f"witness {self.signer.name} {self.signer.vkey} {self.url}\n"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, raw: bytes) -> tuple[int, bytes]:
        """Answer one request for a cosignature."""
        above, _, checkpoint = raw.partition(b"\n\n")
        first, *path = above.decode().split("\n")
        old = int(first.removeprefix("old "))
        origin = read_checkpoint(read_note(checkpoint)[0]).origin
        if origin not in self.keys:
            return 404, b""
        try:
            head, note = open_checkpoint(checkpoint, [self.keys[origin]])
        except Wrong:
            return 403, b""
        with self._guard:
            if origin not in self.known and not self._goes_on(origin):
                return 422, b""
            size, root = self.known.get(origin, (0, b""))
            if old > head.size:
                return 400, b""
            if old != size:
                return 409, f"{size}\n".encode()
            try:
                hashes = [unhash(one, "a hash") for one in path]
                if size:
                    verify_consistency(size, head.size, root, head.root, hashes)
            except ValueError:
                return 422, b""
            self.known[origin] = head.size, head.root
        line = Signature(
            self.signer.name, self.signer.key_id, self.signer.sign(note.text.encode())
        ).line
        return 200, line.encode()

    def _goes_on(self, origin: str) -> bool:
        """Whether a new incarnation goes on from all that was cosigned of the one before."""
        base, _, number = origin.rpartition("/")
        before = f"{base}/{int(number) - 1}"
        if before not in self.known or self.published is None:
            return True
        size, root = self.known[before]
        try:
            raw = (self.published / "continued" / number).read_bytes()
            text = open_note(raw, [self.keys[origin]]).text
        except (OSError, Wrong):
            return False
        told, at, its_root, *_ = text.split("\n")
        same = int(at) > size or unhash(its_root, "a root") == root
        return told == before and int(at) >= size and same
