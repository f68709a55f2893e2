"""What an answer rests on, named so that the same can be asked again: the header `Holdfast-Basis`.

The value is unpadded base64url of a compact JSON object: `origin`, `size` and `root` of the log of
cases whose first `size` entries the answer is of, `release`, `policy` by which it judges, `days`
(what the settings say of the office's days, as a digest, since no log has them), the generations
of the views (`projections`), and `on`, the day judged by where none was asked for. An answer from
the log of readings has `readings` too: origin, size and root of that log.
Sent with a request, or as `--basis` at the command line, it stands for the clocks that are left out
there. What was forgotten since is gone from the answer too: how many passages is said beside it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import orjson
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.office import Office
from api.problems import Problem, invalid
from api.proving import origin_of
from api.settings import Settings
from api.views import NAMES
from domain.erasure import forgotten_since
from domain.handle import local_day
from domain.record.proof.lives import incarnations
from domain.record.proof.tree import Tree
from projections.health import furthest_behind
from projections.rebuild import shown_generations

HEADER: Final = "Holdfast-Basis"
DIFFERS: Final = "Holdfast-Basis-Differs"
FORGOTTEN: Final = "Holdfast-Basis-Forgotten"
_MOST: Final = 4096
_KEPT: Final = 256  # roots, by size
_BY: Final = ("release", "policy", "days")
NO_DAYS: Final = "none"  # also of a basis from before it was named, whose release differs
# Answers read from views: now they are as at where the views stand, all others as at the log's end.
_OF_VIEWS: Final = frozenset(
    {"caseload", "reviews", "reviews-overdue", "findings", "participation", "return-table"}
    | {"return-checks", "return-export", "return-explain", "return-report", "return-report-said"}
    | {"return-cell", "return-left-out", "audit-sample", "decisions", "retention"}
    | {"search-persons", "figure", "return-difference", "file-return"}
    | {"large-scale-enquiries", "large-scale-enquiry-cases"}
)
_WRONG: Final = "This is no basis: send it as an answer gave it (Holdfast-Basis, or --basis)."


@cache
def release() -> str:
    """The release that answers."""
    return version("holdfast")


def days_of(settings: Settings) -> str:
    """What the settings say of days on which the office is closed or works, told by a digest."""
    closed = (f"{day.isoformat()}-" for day in settings.closed_days)
    own = sorted([*closed, *(f"{day.isoformat()}+" for day in settings.worked_days)])
    return hashlib.sha256(" ".join(own).encode()).hexdigest()[:16] if own else NO_DAYS


@dataclass(slots=True, kw_only=True)
class Basis:
    """What one answer rests on: `size` entries, judged on a day; `given` is what was sent.

    `roots` are the roots of sizes that were reckoned before; `readings` is how many entries of the
    log of readings it is of, None where it is of none.
    """

    office: Office
    size: int
    on: date
    given: Mapping[str, Any] | None = None
    roots: dict[int, bytes] = field(default_factory=dict)
    readings: int | None = None
    _told: dict[tuple[int, date, int | None], dict[str, Any]] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The basis as JSON: what is so here and now, whatever was sent."""
        asked = (self.size, self.on, self.readings)
        if asked not in self._told:
            self._told[asked] = self._reckoned()
        return self._told[asked]

    def named(self) -> dict[str, Any]:
        """The basis as an answer holds it: by the same basis the same bytes.

        Asked again, the log may go by a later origin and a view be of a later generation, made of
        the same entries: the answer names those that it was asked by. Release and policy are what
        they are.
        """
        told, given = self.told(), self.given
        if given is None:
            return told
        views = given.get("projections")
        kept = {"origin": given["origin"]}
        if isinstance(views, dict) and all(type(one) is int for one in views.values()):
            kept["projections"] = {name: views[name] for name in told["projections"].keys() & views}
            kept["projections"] = dict(sorted(kept["projections"].items()))
        if "readings" in told:
            kept["readings"] = {**told["readings"], "origin": given["readings"]["origin"]}
        return {**told, **kept}

    def text(self) -> str:
        """The basis as it is sent again."""
        return encoded(self.told())

    def of_readings(self) -> int:
        """How far the log of readings was, of which the answer is too. Raises Problem."""
        if self.readings is None:
            sent = (self.given or {}).get("readings")
            if self.given is not None and sent is None:
                words = "This basis is of an answer that read nothing of the log of readings."
                raise Problem("basis-differs", words, differs=["readings"])
            tail = self.office.readings.log.tail()
            self.readings = tail if sent is None else sent["size"]
            if sent is not None:
                self._held_to("readings", self.readings, sent)
        return self.readings

    def settle(self, as_at: int, on: date) -> None:
        """Name the position and the day of the answer, where they are not those that were sent."""
        if self.given is None:
            self.size, self.on = min(self.size, as_at), on

    def held(self) -> None:
        """Hold what was sent to this log. Raises Problem `basis-differs`."""
        self._held_to("cases", self.size, self.given or {})

    def forgotten(self) -> int:
        """How many passages of those entries were forgotten since the basis that was sent."""
        if self.given is None:
            return 0
        return forgotten_since(self.office.record.log, self.office.pool.connection, self.size)

    def header(self) -> dict[str, str]:
        """The headers that name the basis, and what of a basis that was sent is otherwise now."""
        headers = {HEADER: self.text()}
        if differs := self.differs():
            headers[DIFFERS] = ", ".join(differs)
        if gone := self.forgotten():
            headers[FORGOTTEN] = str(gone)
        return headers

    def differs(self) -> list[str]:
        """By what this answer was made otherwise than the one whose basis was sent."""
        # The views are rebuilt from the same entries to the same rows: no difference to tell.
        told, given = self.told(), self.given
        if given is None:
            return []
        was = {"days": NO_DAYS, **given}
        return [one for one in _BY if was.get(one) != told[one]]

    def _reckoned(self) -> dict[str, Any]:
        office = self.office
        with office.pool.connection() as conn:
            told = self._tree_told(conn, "cases", self.size)
            views = _generations(conn)
            more = {}
            if self.readings is not None:
                more["readings"] = self._tree_told(conn, "readings", self.readings)
        return {
            **told,
            "release": release(),
            "policy": office.handler.looking(self.on, as_at=self.size).law.policy,
            "days": days_of(office.settings),
            "projections": views,
            "on": self.on.isoformat(),
            **more,
        }

    def _tree_told(self, conn: Any, log: str, size: int) -> dict[str, Any]:  # noqa: ANN401 — a connection of any row
        lives = incarnations(conn, log)
        return {
            "origin": lives[-1].origin if lives else origin_of(self.office, log),
            "size": size,
            "root": base64.b64encode(self._root(Tree(conn, log), log, size)).decode(),
        }

    def _held_to(self, log: str, size: int, given: Mapping[str, Any]) -> None:
        """Hold size, root and origin to one log. Raises Problem `basis-differs`."""
        with self.office.pool.connection() as conn:
            origins = {one.origin for one in incarnations(conn, log)}
            tree = Tree(conn, log)
            if size > tree.size():
                words = "This log has fewer entries than the basis names: it is another, or older."
                raise Problem("basis-differs", words, differs=["size"])
            root = base64.b64encode(self._root(tree, log, size)).decode()
        if root != given["root"]:
            words = "The first entries of this log have another root than the basis names."
            raise Problem("basis-differs", words, differs=["root"])
        if given["origin"] not in origins | {origin_of(self.office, log)}:
            words = "The basis names a log that this one neither is nor goes on from."
            raise Problem("basis-differs", words, differs=["origin"])

    def _root(self, tree: Tree, log: str, size: int) -> bytes:
        if log != "cases":
            return tree.root(size)
        if size not in self.roots:
            if len(self.roots) >= _KEPT:
                self.roots.clear()
            self.roots[size] = tree.root(size)
        return self.roots[size]


def _generations(conn: Any) -> dict[str, int]:  # noqa: ANN401 — a connection of any row
    """Which generation of each view is shown; of a record whose views nobody made yet, none."""
    try:
        return shown_generations(conn, NAMES)
    except psycopg.errors.UndefinedTable:
        return {}


def encoded(told: Mapping[str, Any]) -> str:
    """A basis as the value of its header."""
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


def decoded(text: str, place: str = f"/header/{HEADER}") -> dict[str, Any]:
    """What a header says, or the same as JSON. Raises Problem `invalid`."""
    try:
        found = orjson.loads(text[:_MOST] if text.lstrip().startswith("{") else _bytes_of(text))
        date.fromisoformat(found["on"])
        right = all(_is_head(one) for one in (found, found.get("readings", found)))
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        raise invalid(place, _WRONG) from None
    if not right:
        raise invalid(place, _WRONG)
    return dict(found)


def _bytes_of(text: str) -> bytes:
    return base64.b64decode(text[:_MOST] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _is_head(found: Mapping[str, Any]) -> bool:
    """Whether it names an origin, a size and a root."""
    size, strings = found["size"], (found["origin"], found["root"])
    return type(size) is int and 0 <= size < 1 << 62 and all(type(one) is str for one in strings)


def basis_for(
    office: Office,
    operation: str | None,
    sent: str | None,
    roots: Any,  # noqa: ANN401
    *,
    place: str = f"/header/{HEADER}",
) -> Basis:
    """The basis of an answer: the one that was sent, else of now. Raises Problem."""
    if sent is not None:
        given = decoded(sent, place)
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
