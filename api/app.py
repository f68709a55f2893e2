"""The application: every door put together, and nothing decided."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import orjson
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from api.basis import Based
from api.guard import Guard
from api.identity import identity_of
from api.office import Office
from api.openapi import document
from api.pages import audits as audits_page
from api.pages import case as case_page
from api.pages import caseload as caseload_page
from api.pages import drafts as drafts_page
from api.pages import findings as findings_page
from api.pages import large_scale as large_scale_page
from api.pages import minutes as minutes_page
from api.pages import person as person_page
from api.pages import problem as problem_page
from api.pages import recording as recording_page
from api.pages import retention as retention_page
from api.pages import returns as returns_page
from api.pages import reviews as reviews_page
from api.pages.page import HERE
from api.problems import Problem, of_validation, response
from api.register import Register
from api.routes import (
    audits,
    caseload,
    cases,
    commands,
    concerns,
    decisions,
    documents,
    feed,
    figures,
    filings,
    findings,
    health,
    large_scale,
    lists,
    minutes,
    participation,
    people,
    policy,
    proof,
    readings,
    replay,
    retention,
    return_outputs,
    returns,
    reviews,
    search,
    timelines,
    trace,
)
from api.routes.door import basis_of, only_known, only_named_once

VERSION: Final = "1"
DESCRIPTION: Final = (
    "An audit-grade record of adult safeguarding. Commands are recorded, never edited; every read "
    "leaves a trace; every view can be asked as it was known at a position or a day."
)


def create_app(office: Office) -> FastAPI:
    """The application of an open office.

    Raises:
        Refused: nobody could be identified (see `api.identity.check`).
    """
    app = make_app()
    app.state.office = office
    app.state.identity = identity_of(office)
    app.state.register = Register(office)
    return app


def make_app(*, at_once: bool = False) -> FastAPI:
    """The application without its office; `at_once` with every route made, to describe it."""
    app = FastAPI(
        title="Holdfast",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.running = commands.Running()
    app.add_middleware(Based)
    app.add_middleware(Guard)
    for kind in (RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
    # Not `include_router`, which would make the models of every route again for each application.
    app.router.routes.extend(_rooms(at_once=at_once))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to do it
    return app


_PAGES: Final = (
    caseload_page,
    reviews_page,
    findings_page,
    large_scale_page,
    retention_page,
    returns_page,
    audits_page,
    case_page,
    minutes_page,
    person_page,
    problem_page,
    recording_page,
    drafts_page,
)
_AUDIT: Final = (replay, decisions, audits, trace)
_VIEWS: Final = (
    # What was filed, and a whole return, before the tables: one would be asked for by their names.
    *(caseload, cases, concerns, findings, readings, people, filings, return_outputs, returns),
    *(reviews, participation, large_scale, retention, figures),
)


@cache
def _rooms(*, at_once: bool) -> list[BaseRoute]:
    """Every route, made once a process: nothing of any office is in it."""
    rooms = APIRouter()
    rooms.include_router(proof.router, dependencies=[Depends(only_known)])  # is what is rested on
    based = [Depends(only_known), Depends(basis_of)]
    for room in (*_AUDIT, *_VIEWS, lists, policy, feed, minutes, documents):
        rooms.include_router(room.router, dependencies=based)
    asked = [*based, Depends(only_named_once)]  # of a body, as of a query
    for room in (search, timelines):
        rooms.include_router(room.router, dependencies=asked)
    rooms.include_router(health.router)  # whoever watches may add what keeps an answer from a cache
    pages = APIRouter()
    for page in _PAGES:
        pages.include_router(page.router)
    return [*rooms.routes, *commands.routes(at_once=at_once), *pages.routes]


async def _answer(_request: Request, error: Exception) -> Response:
    """What FastAPI and the router turn away, as a problem; all else is the guard's."""
    if isinstance(error, RequestValidationError):
        return response(of_validation(error.errors()))
    return response(_of_http(error))


def _of_http(error: Exception) -> Problem:
    """What the router and the body parser say, in our words."""
    if isinstance(error.__cause__, Problem):  # of the guard, met while the body was read
        return error.__cause__
    if not isinstance(error, HTTPException):
        return Problem("unexpected")
    kinds: dict[int, str] = {404: "not-found", 405: "method-not-allowed", 400: "bad-json"}
    return Problem(kinds.get(error.status_code, "unexpected"), headers=error.headers or {})


@cache
def described() -> dict[str, Any]:
    """The description of the interface as it is committed: making it anew is ten seconds' work.

    A test holds it to the routes. Read once a process, not to be changed.
    """
    found: dict[str, Any] = orjson.loads((HERE / "openapi.json").read_bytes())
    return found


def openapi() -> dict[str, Any]:
    """The description of the interface, made from its routes, the same for every application."""
    return document(make_app(at_once=True))


if __name__ == "__main__":
    print(json.dumps(openapi(), indent=1, sort_keys=True))  # noqa: T201 — what it is run for
