"""What every page shares: how it is made, who reads it, what it says when it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.office import Office
from api.pages import words
from api.problems import KINDS, Problem, invalid, problem_of
from api.routes.door import PAGE, Reader, Standing, actor_of, office_of, position_of
from domain.handle import local_day
from domain.refusal import NotFound
from domain.words import Code, Forgotten, PersonRef, WorkerRef
from domain.worker import WorkerRegistered

HERE: Final = Path(__file__).parent.parent
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "day": words.day,
    "moment": words.moment,
    "time": words.time,
    "edtf": words.edtf,
}
_SAFEGUARDING: Final = "safeguarding"


def render(name: str, office: Office, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 — a template's values
    """A page made from a template."""
    text = _ENVIRONMENT.get_template(name).render(
        simulated=office.simulated, nation=office.jurisdiction, **values
    )
    return HTMLResponse(text, status)


def reader_of(request: Request) -> Reader:
    """Whoever reads a page; the purpose comes from the page's own form."""
    office = office_of(request)
    purpose = request.query_params.get("purpose") or _SAFEGUARDING
    if purpose not in office.jurisdiction.lists["purpose"]:
        raise invalid("/query/purpose", "This is not one of the list purpose.")
    return Reader(office=office, actor=actor_of(request), purpose=Code(purpose), door=PAGE)


def standing_of(request: Request, office: Office) -> Standing:
    """As known at the end of the day the page's form names, and judged by that day."""
    position, day = position_of(office, request.query_params.get("as_at"))
    return Standing(position, day or local_day(office.clock.now()))


def shown(page: Callable[[Request, Reader], Response]) -> Callable[[Request], Response]:
    """A page's function, with what it cannot show said as a page too."""

    def whole(request: Request) -> Response:
        try:
            return page(request, reader_of(request))
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return said(request, problem)

    whole.__name__, whole.__doc__ = page.__name__, page.__doc__
    return whole


def said(request: Request, problem: Problem) -> Response:
    """A problem as a page."""
    office, kind = office_of(request), KINDS[problem.kind]
    purposes = office.jurisdiction.lists["purpose"]
    answer = render(
        "problem.html",
        office,
        kind.status,
        title=kind.title,
        detail=problem.detail or kind.remedy,
        restricted=problem.kind == "restricted",
        purposes=purposes,
    )
    answer.headers.update(problem.headers)
    return answer


class Names:
    """The names behind references, each read once for a page; a reference where there is none.

    A person is named as they were known at `as_at`. A worker is registered under one name.
    """

    def __init__(self, office: Office, as_at: int | None = None) -> None:
        self._office, self._as_at = office, as_at
        self._workers: dict[UUID, str] = {}
        self._people: dict[UUID, str] = {}

    def worker(self, ref: WorkerRef | None) -> str:
        """Whoever records or holds a case."""
        if ref is None:
            return "nobody"
        if ref not in self._workers:
            self._workers[ref] = self._read_worker(ref)
        return self._workers[ref]

    def person(self, ref: PersonRef | None) -> str:
        """Whoever a case is about."""
        if ref is None:
            return "nobody yet"
        if ref not in self._people:
            self._people[ref] = self._read_person(ref)
        return self._people[ref]

    def _read_worker(self, ref: WorkerRef) -> str:
        if ref == self._office.system_actor.worker:
            return "Holdfast"
        facts = self._office.record.facts(ref)
        event = facts[0].event if facts else None
        if not isinstance(event, WorkerRegistered) or event.name is None:
            return f"worker {str(ref)[:8]}"
        return str(event.name) if isinstance(event.name, Forgotten) else event.name.text

    def _read_person(self, ref: PersonRef) -> str:
        try:
            name = self._office.handler.person(ref, as_at=self._as_at).details.get("name")
        except NotFound:  # a referral may name somebody nobody has registered yet
            name = None
        if name is None:
            return f"person {str(ref)[:8]}"
        return str(name) if isinstance(name, Forgotten) else name.text
