"""What an answer rests on, named so that the same can be asked again: the header `Holdfast-Basis`.

The value is unpadded base64url of a compact JSON object: `origin`, `size` and `root` of the log of
cases whose first `size` entries the answer is of, `release`, `policy` by which it judges, the
generations of the views (`projections`), and `on`, the day judged by where none was asked for.
Sent with a request it stands for the clocks that are left out there.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.office import Office
from api.problems import Problem, invalid
from api.proving import origin_of
from api.views import NAMES
from domain.handle import local_day
from domain.record.proof.integrating import incarnations
from domain.record.proof.tree import Tree
from projections.health import furthest_behind
from projections.rebuild import generation

HEADER: Final = "Holdfast-Basis"
DIFFERS: Final = "Holdfast-Basis-Differs"
_MOST: Final = 4096
_KEPT: Final = 256  # roots, by size
# Answers read from views: now they are as at where the views stand, all others as at the log's end.
_OF_VIEWS: Final = frozenset(
    {"caseload", "reviews", "reviews-overdue", "findings", "participation", "return-table"}
    | {"return-cell", "return-left-out", "retention"}
)
_WRONG: Final = "This is no basis: send the header Holdfast-Basis as an answer gave it."


@cache
def release() -> str:
    """The release that answers."""
    return version("holdfast")


@dataclass(slots=True, kw_only=True)
class Basis:
    """What one answer rests on: `size` entries, judged on a day; `given` is what was sent."""

    office: Office
    size: int
    on: date
    given: Mapping[str, Any] | None = None
    roots: dict[int, bytes] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The basis as JSON."""
        office = self.office
        with office.pool.connection() as conn:
            lives = incarnations(conn, "cases")
            root = self._root(Tree(conn, "cases"))
            views = {name: generation(conn, name) for name in sorted(NAMES)}
        return {
            "origin": lives[-1].origin if lives else origin_of(office, "cases"),
            "size": self.size,
            "root": base64.b64encode(root).decode(),
            "release": release(),
            "policy": office.handler.looking(self.on, as_at=self.size).law.policy,
            "projections": {name: one[0] for name, one in views.items() if one is not None},
            "on": self.on.isoformat(),
        }

    def held(self) -> None:
        """Hold what was sent to this log. Raises Problem `basis-differs`."""
        given = self.given or {}
        with self.office.pool.connection() as conn:
            origins = {one.origin for one in incarnations(conn, "cases")}
            tree = Tree(conn, "cases")
            if self.size > tree.size():
                words = "This log has fewer entries than the basis names: it is another, or older."
                raise Problem("basis-differs", words, differs=["size"])
            root = base64.b64encode(self._root(tree)).decode()
        if root != given["root"]:
            words = "The first entries of this log have another root than the basis names."
            raise Problem("basis-differs", words, differs=["root"])
        if given["origin"] not in origins | {origin_of(self.office, "cases")}:
            words = "The basis names a log that this one neither is nor goes on from."
            raise Problem("basis-differs", words, differs=["origin"])

    def header(self) -> dict[str, str]:
        """The headers that name the basis, and what of a basis that was sent is otherwise now."""
        told = self.told()
        headers = {HEADER: encoded(told)}
        if self.given is not None:
            # The views are rebuilt from the same entries to the same rows: no difference to tell.
            differs = [one for one in ("release", "policy") if self.given.get(one) != told[one]]
            if differs:
                headers[DIFFERS] = ", ".join(differs)
        return headers

    def _root(self, tree: Tree) -> bytes:
        if self.size not in self.roots:
            if len(self.roots) >= _KEPT:
                self.roots.clear()
            self.roots[self.size] = tree.root(self.size)
        return self.roots[self.size]


def encoded(told: Mapping[str, Any]) -> str:
    """A basis as the value of its header."""
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


def decoded(text: str) -> dict[str, Any]:
    """What a header says. Raises Problem `invalid`."""
    wrong = invalid(f"/header/{HEADER}", _WRONG)
    try:
        raw = base64.b64decode(text[:_MOST] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found = orjson.loads(raw)
        size, strings = found["size"], (found["origin"], found["root"], found["on"])
        date.fromisoformat(found["on"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise wrong from None
    if type(size) is not int or not 0 <= size < 1 << 62 or not all(type(s) is str for s in strings):
        raise wrong
    return dict(found)


def basis_for(office: Office, operation: str | None, sent: str | None, roots: Any) -> Basis:  # noqa: ANN401
    """The basis of an answer: the one that was sent, else of now. Raises Problem."""
    if sent is not None:
        given = decoded(sent)
        day = date.fromisoformat(given["on"])
        basis = Basis(office=office, size=given["size"], on=day, given=given, roots=roots)
        basis.held()
        return basis
    size = office.record.log.tail()
    if operation in _OF_VIEWS:
        with office.pool.connection() as conn:
            size = min(size, furthest_behind(conn, NAMES).position)
    return Basis(office=office, size=size, on=local_day(office.clock.now()), roots=roots)


class Based:
    """The middleware that puts the basis of an answer into its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def named(message: Message) -> None:
            basis = scope.get("state", {}).get("basis")
            if message["type"] == "http.response.start" and isinstance(basis, Basis):
                headers = MutableHeaders(scope=message)
                for name, value in (await run_in_threadpool(basis.header)).items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, named)
