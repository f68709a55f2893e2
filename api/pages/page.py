"""What every page shares: how it is made, who reads it, what it says when it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.basis import HEADER, Basis, basis_for
from api.clocks import Clocks, Typed
from api.forms import labels
from api.harmless import InField, harmless
from api.office import Office
from api.pages import words
from api.problems import KINDS, Problem, headers_of, invalid, problem_of
from api.routes.door import (
    PAGE,
    THROUGH_RESTRICTION,
    Reader,
    actor_of,
    based,
    check_query,
    clocks_read,
    office_of,
)
from api.routes.paging import Paging, paging
from domain.jurisdictions import Jurisdiction
from domain.words import Code

HERE: Final = Path(__file__).parent.parent


def _harmless(value: Any) -> Any:  # noqa: ANN401 — what a template puts into a page
    """What turns nothing beside it; what is made already, and what stands in a field, as it is."""
    whole = isinstance(value, InField) or hasattr(value, "__html__")
    return harmless(value) if isinstance(value, str) and not whole else value


_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_harmless,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "day": words.day,
    "moment": words.moment,
    "time": words.time,
    "edtf": words.edtf,
    "cited": words.cited,
    "titled": labels.title,
    "called": labels.code,
    "typed": lambda value: InField(value) if isinstance(value, str) else value,
}
_SAFEGUARDING: Final = "safeguarding"
_OF_A_PAGE: Final = frozenset({"cursor", "entry", "recorded"})
RESTRICTED: Final = (
    "It can be read for one of the purposes below only (UK GDPR, Article 18(2)). Choose the one "
    "you read it for, if it is one of them: that you did stays on record."
)
_SETTLED: Final = _OF_A_PAGE | {"as_at", "on"}
CLOCKS: Final = ("as_at", "on", "as_of", "known_to")


def render(name: str, office: Office, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 — a template's values
    """A page made from a template; `rests` is what one that answers from the record rests on."""
    values.setdefault("rests", None)
    text = drawn(name, simulated=office.simulated, nation=office.jurisdiction, **values)
    return HTMLResponse(text, status)


def drawn(name: str, **values: Any) -> str:  # noqa: ANN401 — as above
    """What a template makes of some values: nothing in them becomes markup."""
    return _ENVIRONMENT.get_template(name).render(**values)


def reader_of(request: Request) -> Reader:
    """Whoever reads a page; the purpose comes from the page's own form."""
    office = office_of(request)
    purpose = request.query_params.get("purpose") or _SAFEGUARDING
    if purpose not in office.jurisdiction.lists["purpose"]:
        raise invalid("/query/purpose", "This is not one of the list purpose.")
    return Reader(office=office, actor=actor_of(request), purpose=Code(purpose), door=PAGE)


def clocks_of(request: Request, office: Office) -> Clocks:
    """The clocks of a page's form; a field left empty is one left out, as a basis sent has it."""
    typed = Typed(**{name: request.query_params.get(name) or None for name in CLOCKS})
    clocks, basis = clocks_read(office, typed), basis_of(request, office)
    return clocks if basis.given is None else based(basis, clocks, typed.on or typed.as_of)


def basis_of(request: Request, office: Office) -> Basis:
    """What a page rests on, for its headers: what was sent, else now. Raises Problem."""
    roots = vars(request.app.state).setdefault("roots", {})
    request.state.basis = basis_for(office, None, request.headers.get(HEADER), roots)
    found: Basis = request.state.basis
    return found


def page_asked(request: Request, office: Office, size: int) -> Paging:
    """Which page of a long list is asked for. Raises Problem `invalid`."""
    cursor = request.query_params.get("cursor") or None
    return paging(request, office, clocks_of(request, office), cursor, size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A long list page by page: `first` to `last` of `count` rows stand here, from 1.

    `before` and `next` are the addresses of the pages beside this one, of the same position and
    judged by the same day; empty where there is none.
    """

    here: str
    paging: Paging
    as_at: int
    count: int

    @property
    def first(self) -> int:
        """The number of the first row here."""
        return min(self.paging.skip + 1, self.count)

    @property
    def last(self) -> int:
        """The number of the last row here."""
        return min(self.paging.skip + self.paging.limit, self.count)

    @property
    def number(self) -> int:
        """The number of this page."""
        return self.paging.skip // self.paging.limit + 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // self.paging.limit))

    @property
    def before(self) -> str:
        """The address of the page before."""
        return self._at(self.paging.skip - self.paging.limit) if self.paging.skip else ""

    @property
    def next(self) -> str:
        """The address of the next page."""
        return self._at(self.last) if self.last < self.count else ""

    def page_of(self, row: int) -> str:
        """The address of the page on which a row stands, counted from 0; empty for this page."""
        if self.paging.skip <= row < self.paging.skip + self.paging.limit:
            return ""
        return self._at(row - row % self.paging.limit)

    def _at(self, skip: int) -> str:
        cursor = self.paging.cursor(self.as_at, max(0, skip))
        return f"{self.here}{'&' if '?' in self.here else '?'}cursor={cursor}"


def turned(request: Request, paging: Paging, as_at: int, count: int) -> Turned:
    """How a page's links turn the pages of its list, which has `count` rows at a position."""
    query = kept(request, *(name for name in request.query_params if name not in _OF_A_PAGE))
    here = f"{request.url.path}{query and '?'}{query}"
    return Turned(here=here, paging=paging, as_at=as_at, count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """What a page rests on, as it says at its foot; `again` is where to ask for the same."""

    told: Mapping[str, Any]
    again: str


def foot(request: Request, as_at: int, on: date, *, judged: bool = True) -> Foot:
    """What a page of a position, judged by a day, rests on; its headers name it too.

    `judged`: the day can be asked for.
    """
    basis: Basis = request.state.basis
    if basis.given is None:  # and of no more than the view that was read
        basis = request.state.basis = replace(basis, size=as_at, on=on)
    sent = request.query_params.items()
    kept_here = [(name, text) for name, text in sent if text and name not in _SETTLED]
    by = [("as_at", str(as_at)), *([("on", on.isoformat())] if judged else [])]
    query = urlencode([*kept_here, *by])
    return Foot(told=basis.named(), again=f"{request.url.path}?{query}")


Page = Callable[[Request, Reader], Response]


def shown(*fields: str) -> Callable[[Page], Callable[[Request], Response]]:
    """Make a page of a function, with what it cannot show said as a page too.

    `fields` are the names its query may have, besides why somebody reads.
    """

    def wrap(page: Page) -> Callable[[Request], Response]:
        def whole(request: Request) -> Response:
            try:
                check_query(request, {"purpose", *fields})
                return page(request, reader_of(request))
            except Exception as error:
                problem = problem_of(error)
                if problem is None:
                    raise
                return said(request, problem)

        whole.__name__, whole.__doc__ = page.__name__, page.__doc__
        return whole

    return wrap


def asked_by(clocks: Clocks, position: int | None = None) -> str:
    """By which clocks a page was asked, in words.

    `position` is the one a list is of; it is told where the same clocks give another answer later.
    """
    position = clocks.asked_at if position is None else position
    so_far = "" if position is None else f" (position {position})"
    if clocks.asked_at is None:
        told = [f"now{so_far}"]
    elif clocks.known_on is None:
        told = [f"at position {clocks.as_at}"]
    elif clocks.so_far:
        told = [f"on {words.day(clocks.known_on)} so far{so_far}"]
    else:
        told = [f"at the end of {words.day(clocks.known_on)}"]
    if clocks.as_of is not None:
        told.append(f"as true at the end of {words.day(clocks.as_of)}")
    if clocks.known_to is not None:
        told.append(f"as far as known to {clocks.known_to}")
    return ", ".join([f"as known {told[0]}", *told[1:], f"judged by {words.day(clocks.on)}"])


def kept(request: Request, *fields: str) -> str:
    """The fields of a page's query that its links keep, as a query without its `?`."""
    sent = [(name, request.query_params.get(name)) for name in fields]
    return urlencode([(name, text) for name, text in sent if text])


def with_purpose(request: Request, at: str, **more: str) -> str:
    """An address, read for the purpose that this page is read for."""
    sent = {"purpose": request.query_params.get("purpose", ""), **more}
    query = urlencode([(name, text) for name, text in sent.items() if text])
    return f"{at}{query and '?'}{query}"


def said(request: Request, problem: Problem) -> Response:
    """A problem as a page."""
    office, kind = office_of(request), KINDS[problem.kind]
    closed = problem.kind == "restricted"
    purposes = office.jurisdiction.lists["purpose"] if closed else {}
    answer = render(
        "problem.html",
        office,
        kind.status,
        title=kind.title,
        detail=RESTRICTED if closed else problem.detail or kind.remedy,
        errors=[_wrong(one, office.jurisdiction) for one in problem.members.get("errors", ())],
        instead=[
            (title, with_purpose(request, at)) for title, at in problem.members.get("instead", ())
        ],
        restricted=closed,
        # Read and found right before the restriction was: asking again keeps to the same clocks.
        clocks=[(name, text) for name in CLOCKS if (text := request.query_params.get(name))],
        purposes={code: purposes[code] for code in purposes if code in THROUGH_RESTRICTION},
    )
    answer.headers.update(headers_of(problem))
    return answer


def _wrong(error: Mapping[str, str], nation: Jurisdiction) -> str:
    """Which field of a page is wrong, and why."""
    name = error["pointer"].rpartition("/")[2]
    if labels.row_of("query", name) is None:
        return error["detail"]
    return f"{labels.label('query', name, nation)}: {error['detail']}"
