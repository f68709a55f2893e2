"""One route per command, made from the catalogue in this one place.

A command's id comes from its worker and its Idempotency-Key; the digest beside its first event is
of the whole request. So the same key and body are answered again from the record itself, in this
process or the next, and another body under the same key is turned away.
"""

from __future__ import annotations

import hmac
import inspect
import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel
from starlette.datastructures import URLPath
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import Receive, Scope, Send

from api import schema
from api.copied import STALE, standing
from api.intake import record_once
from api.left import CORRECTS_NOTHING, LATE, changes_nothing, left
from api.office import Office
from api.problems import Problem, invalid
from api.register import Register
from api.routes import documents
from api.routes.door import API, PROBLEM, ActorOf, OfficeOf, Reader, check_names, etag, only_known
from api.routes.people import WHOM_TO_ASK, restricted_among
from api.tag import Tag
from api.values import Making, derived
from domain.authority import ROLES, denied, may, who_may
from domain.catalogue import CASE, COMMANDS
from domain.closure import ReopenCase
from domain.erased import Approving, Erasing
from domain.handle import Answer, Ask
from domain.jurisdictions import Jurisdiction
from domain.record.keyring import Keyring
from domain.record.wrapping import requests_secret
from domain.refusal import Conflict
from domain.when import instant
from domain.words import Actor, Code, subjects

# What is asked of the authority itself, whose reference nobody needs to know.
OWN_PLACE: Final = "/v1/policy"
OWN: Final = {
    "adopt-policy": f"{OWN_PLACE}/adopt-policy",
    **{one: f"/v1/returns/{one}" for one in ("approve-filing-erasure", "erase-filing")},
}
_LOOKED_AT: Final = frozenset({"add-case-reference", "correct-record", "correct-person-record"})
# What no request says the whole of: it has a route of its own, which makes what is recorded.
MADE_HERE: Final = frozenset({"file-return"})
BEGINNING: Final = {"receive-referral": "/v1/cases", "register-person": "/v1/persons"}
_PATIENCE: Final = 5.0  # seconds that a second request waits for the first of the same
_WAITING: Final = 20  # of the forty threads of a process
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG: Final = re.compile(r'"([0-9-]{1,40})"')
_JSON: Final = re.compile(r"application/(?:[\w.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


class Note(BaseModel):
    """Something to look at about what was recorded, which did not stop it."""

    code: str
    links: dict[str, str]
    detail: str | None = None


class Recorded(BaseModel):
    """Where a command now stands in the record."""

    stream: UUID
    version: int
    positions: tuple[int, int]
    made: dict[str, UUID]
    links: dict[str, str]
    notes: list[Note] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A command's request: its body as bytes, and the headers that matter."""

    path: str
    raw: bytes
    key: str
    if_match: str | None


class Running:
    """The commands being recorded at this moment, so that a second of the same waits outside.

    It waits for some seconds, and is then answered as the first was, from the record. No more than
    `_WAITING` wait at once: each has one of the threads by which everybody else is answered.
    """

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._ended = Condition()
        self._ids: set[UUID] = set()
        self._patience = patience
        self._waiting = 0

    @contextmanager
    def alone(self, command: UUID) -> Iterator[None]:
        """Hold a command's id, once nobody else does. Raises Problem `still-running`."""
        with self._ended:
            if not self._free(command):
                raise Problem("still-running", headers={"Retry-After": "1"})
            self._ids.add(command)
        try:
            yield
        finally:
            with self._ended:
                self._ids.discard(command)
                self._ended.notify_all()

    def _free(self, command: UUID) -> bool:
        """Whether nobody is recording it, or ceases to while there is patience; under the guard."""
        if command not in self._ids:
            return True
        if self._waiting >= _WAITING:
            return False
        self._waiting += 1
        try:
            return self._ended.wait_for(lambda: command not in self._ids, self._patience)
        finally:
            self._waiting -= 1


async def sent_of(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="1 to 128 visible characters; new for each new command.")
    ] = None,
    if_match: Annotated[
        str | None, Header(description="The ETag of the version that was read.")
    ] = None,
) -> Sent:
    """What was sent. Raises Problem `idempotency-key`, `not-json` or `invalid`."""
    if not _JSON.fullmatch(request.headers.get("content-type", "")):
        raise Problem("not-json")
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise Problem("idempotency-key")
    raw = await request.body()
    check_names(raw)
    return Sent(path=request.url.path, raw=raw, key=idempotency_key, if_match=if_match)


SentOf = Annotated[Sent, Depends(sent_of)]


def command_id(actor: Actor, key: str, secret: bytes) -> UUID:
    """The id of a command: the same for the same worker and key, and for nobody else.

    Reckoned with a secret of the record, for a client may choose a key that says something.
    """
    digest = hmac.digest(secret, b"command\x1f" + actor.worker.bytes + key.encode(), "sha256")
    return UUID(bytes=digest[:16], version=5)


def digest_of(sent: Sent, command: object, keyring: Keyring, secret: bytes) -> bytes:
    """What tells two requests under one key apart (32 bytes).

    Reckoned with a secret of the record and one of everybody the command's passages are about,
    forgotten with them: from then on nobody, whatever they hold, can find out what a passage said
    by trying words. But for a reopening, which gives the forgotten their keys only when recorded.

    Raises:
        Refused: somebody it is about was forgotten (I13).
    """
    whole = [sent.key, "POST", sent.path, sent.if_match, json.loads(sent.raw)]
    about = set() if isinstance(command, ReopenCase) else {one for one, _ in subjects(command)}
    secrets = (keyring.secret(one, requests_secret(one)) for one in sorted(about))
    key = b"".join((secret, *secrets))
    return hmac.digest(key, json.dumps(whole, sort_keys=True).encode(), "sha256")


def seen_of(if_match: str | None) -> Tag:
    """What was read of a case or person. Raises Problem `version-required` or `if-match`."""
    if if_match is None:
        raise Problem("version-required")
    found = _ETAG.fullmatch(if_match.strip())
    try:
        return Tag.read("" if found is None else found[1])
    except ValueError:
        raise Problem("if-match") from None


class Later(BaseRoute):
    """The route of one command, made when it is first asked for.

    Reading the types of every command takes seconds, for which each start would wait.
    """

    def __init__(self, name: str) -> None:
        """`name` is the command's."""
        self.name = name
        self._regex, _, _ = compile_path(_path_of(name))
        self._guard = Lock()
        self._made: BaseRoute | None = None

    def made(self) -> BaseRoute:
        """The route itself."""
        with self._guard:
            if self._made is None:
                (self._made,) = _known_only(_route_of(self.name)).routes
            return self._made

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for it: made only where its path is."""
        path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not self._regex.match(path):
            return Match.NONE, {}
        return self.made().matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the route itself does."""
        await self.made().handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:  # noqa: ANN401 — starlette's
        """No address is looked up by a route's name here. Raises NoMatchFound."""
        raise NoMatchFound(name, path_params)


def routes(*, at_once: bool = False) -> list[BaseRoute]:
    """Every command's route; `at_once` made, as who describes them needs."""
    unknown = APIRouter(responses=PROBLEM)
    for stream in ("case", "person"):
        path = f"/v1/{stream}s/{{{stream}}}/{{command}}"
        unknown.add_api_route(path, _no_such_command, methods=["POST"], include_in_schema=False)
    later = [Later(name) for name in COMMANDS if name not in MADE_HERE]
    made = [one.made() for one in later] if at_once else later
    return [*made, *_known_only(unknown).routes]


def _known_only(router: APIRouter) -> APIRouter:
    """Its routes, with a query they lack turned away."""
    held = APIRouter()
    held.include_router(router, dependencies=[Depends(only_known)])
    return held


def _path_of(name: str) -> str:
    stream = COMMANDS[name].stream
    return BEGINNING.get(name) or OWN.get(name) or f"/v1/{stream}s/{{{stream}}}/{name}"


def _route_of(name: str) -> APIRouter:
    router, kind = APIRouter(responses=PROBLEM), COMMANDS[name]
    router.add_api_route(
        _path_of(name),
        _route(name, kind.stream, schema.request_model(name)),
        methods=["POST"],
        status_code=201,
        response_model=Recorded,
        operation_id=name,
        summary=(kind.cls.__doc__ or "").strip().partition("\n")[0],
        tags=[kind.cls.__module__.rpartition(".")[2]],
        responses={200: {"model": Recorded, "description": "It was recorded before."}},
    )
    return router


def _no_such_command(_actor: ActorOf) -> None:
    raise Problem("unknown-command")


def _signed(function: Callable[..., Response], **parameters: Any) -> Callable[..., Response]:  # noqa: ANN401 — annotations
    """Give a function the parameters FastAPI is to read, since its body differs by command."""
    kind = inspect.Parameter.KEYWORD_ONLY
    named = [inspect.Parameter(name, kind, annotation=a) for name, a in parameters.items()]
    function.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]  # read by inspect
    return function


def _route(name: str, stream: str, body: type[schema.Asked]) -> Callable[..., Response]:
    """The route of a command: it begins a stream, is asked of one, or of the authority."""
    if name in BEGINNING:
        return _begin(name, body)
    return _ask_of(name, None if name in OWN else stream, body)


def _begin(name: str, body_model: type[schema.Asked]) -> Callable[..., Response]:
    """The route of a command that begins a stream: neither a reference nor a version is sent."""

    def begin(**given: Any) -> Response:  # noqa: ANN401 — see the signature below
        asking = Asking(name=name, stream=None, **given)
        return asking.recorded()

    return _signed(
        begin,
        body=body_model,
        sent=SentOf,
        office=OfficeOf,
        actor=ActorOf,
        running=Annotated[Running, Depends(running_of)],
        register=Annotated[Register, Depends(register_of)],
    )


def _ask_of(
    name: str, stream: str | None, body_model: type[schema.Asked]
) -> Callable[..., Response]:
    """The route of a command asked of a stream that exists; None: the authority's own."""

    def ask(**given: Any) -> Response:  # noqa: ANN401 — see the signature below
        reference = given.pop(stream) if stream else given["office"].authority
        return Asking(name=name, stream=reference, **given).recorded()

    parameters: dict[str, Any] = {
        **({stream: UUID} if stream else {}),
        "body": body_model,
        "sent": SentOf,
        "office": OfficeOf,
        "actor": ActorOf,
        "running": Annotated[Running, Depends(running_of)],
        "register": Annotated[Register, Depends(register_of)],
    }
    return _signed(ask, **parameters)


def running_of(request: Request) -> Running:
    """The commands running in this process."""
    running: Running = request.app.state.running
    return running


def check_particulars(body: schema.Asked, nation: Jurisdiction) -> None:
    """Hold what stands beside a command in clear to known codes. Raises Problem `invalid`."""
    if body.purpose not in nation.lists["purpose"]:
        raise invalid("/purpose", "This is not one of the list purpose.")
    known = {
        *ROLES,
        *(code for name in nation.lists if name.endswith("_role") for code in nation.lists[name]),
    }
    if body.performed_role is not None and body.performed_role not in known:
        raise invalid("/performed_role", "This is neither a role here nor one of a list of roles.")


def register_of(request: Request) -> Register:
    """The register of this application."""
    register: Register = request.app.state.register
    return register


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One command on its way from a request to the record."""

    name: str
    stream: UUID | None  # None: it begins one
    body: schema.Asked
    sent: Sent
    office: Office
    actor: Actor
    running: Running
    register: Register
    door: Code = API

    def recorded(self) -> Response:
        """Record it, or answer again what was recorded."""
        if not may(self.actor.role, self.name):
            raise Problem("not-permitted", denied(who_may(self.name)))
        seen = Tag(0) if self.stream is None else seen_of(self.sent.if_match)
        secret = self.office.wrapping.search_key()
        command = command_id(self.actor, self.sent.key, secret)
        with self.running.alone(command):
            stream, making = self._place(command)
            ask = self._ask(stream, seen, command, making, secret)
            try:
                answer = record_once(self.office, self.register, ask)
            except Conflict as conflict:
                raise self._overtaken(conflict) from None
        return self._answer(answer, making, seen.beside)

    def _overtaken(self, conflict: Conflict) -> Problem:
        """That somebody recorded first, and in which case, unless reading that is restricted."""
        if self.stream is None:
            return Problem("already-exists")
        reader = Reader(
            office=self.office, actor=self.actor, purpose=Code(self.body.purpose), door=self.door
        )
        if conflict.stream != self.stream and restricted_among(reader, [conflict.stream]):
            return Problem("stale-version")
        kind = COMMANDS[self.name].stream
        changed = {kind: str(conflict.stream), "seen": conflict.expected, "now": conflict.actual}
        return Problem("stale-version", changed=changed)

    def _place(self, command: UUID) -> tuple[UUID, Making]:
        """The stream, and what the command's values are made with."""
        if self.stream is not None:
            return self.stream, Making(self.stream, command)
        if self.name == "register-person":
            given = getattr(self.body, "command").person  # noqa: B009 — this request's own model has it
            person = given or derived(command, "person")
            return person, Making(person, command, person=person)
        case = getattr(self.body, "case", None) or derived(command, "case")
        return case, Making(case, command)

    def _ask(self, stream: UUID, seen: Tag, command: UUID, making: Making, secret: bytes) -> Ask:
        office, body = self.office, self.body
        check_particulars(body, office.jurisdiction)
        asked = schema.command_of(self.name, body, making)
        documents.hold(office, asked)
        return Ask(
            command=asked,
            stream=stream,
            expected_version=seen.version,
            seen=seen.beside if self.stream else None,
            actor=self.actor,
            particulars=schema.particulars_of(body, asked, instant(office.clock.now())),
            id=command,
            digest=digest_of(self.sent, asked, office.keyring, secret),
        )

    def _answer(self, answer: Answer, making: Making, beside: int) -> Response:
        kind = COMMANDS[self.name].stream
        here = OWN_PLACE if self.name in OWN else f"/v1/{kind}s/{answer.stream}"
        receipt = f"/v1/receipts/cases/{answer.appended.last}"
        links = {"self": here, "receipt": receipt}
        if kind == CASE:
            links |= {"timeline": f"{here}/timeline", "findings": f"{here}/findings"}
        done = Recorded(
            stream=answer.stream,
            version=answer.version,
            positions=(answer.appended.first, answer.appended.last),
            made=making.made,
            links=links,
            notes=self._notes(answer),
        )
        # What was seen of other cases is what it was: whoever goes on has seen no more of them.
        headers = etag(Tag(answer.version, beside))
        if answer.appended.repeated:
            headers["Idempotency-Replayed"] = "true"
        else:
            headers["Location"] = here
        status = 200 if answer.appended.repeated else 201
        return Response(
            done.model_dump_json(exclude_none=True), status, headers, "application/json"
        )

    def _notes(self, answer: Answer) -> list[Note]:
        """The other cases that carry what was recorded; naming them is a look at them.

        One that is restricted is spoken of without its name, and leaves no trace. Of an erasure,
        that an older copy of the keyring is left which opens what was erased; of it and of its
        approval, what it leaves or takes in other cases (`left`); of a hold, that it came after.
        """
        notes: list[Note] = []
        if issubclass(COMMANDS[self.name].cls, Approving):
            erased = issubclass(COMMANDS[self.name].cls, Erasing)
            if erased and standing(self.office.settings, self.office.wrapping) == "stale":
                notes.append(Note(code="keyring-copy-stale", links={}, detail=STALE))
            for code, cases, words in left(self.office, answer.stream, self._event(answer)):
                notes += self._naming(code, cases, words)
            return notes
        if self.name == "place-legal-hold":
            case, _facts = self.office.handler.case(answer.stream)
            late = Note(code="held-after-erasure", links={}, detail=LATE)
            return [late] if case.erased else []
        if self.name not in _LOOKED_AT:
            return []
        event = self._event(answer)
        bare = changes_nothing(self.office, answer.stream, event)
        notes = [Note(code="corrects-nothing", links={}, detail=CORRECTS_NOTHING)] if bare else []
        return notes + self._naming("reference-shared", getattr(event, "elsewhere", ()))

    def _event(self, answer: Answer) -> Any:  # noqa: ANN401 — whichever was recorded
        log = self.office.record.log
        (fact,) = self.office.record.open(log.at([answer.appended.last]))
        return fact.event

    def _naming(self, code: str, cases: Collection[UUID], detail: str | None = None) -> list[Note]:
        purpose = Code(self.body.purpose)
        reader = Reader(office=self.office, actor=self.actor, purpose=purpose, door=self.door)
        closed = restricted_among(reader, cases)
        named = [one for one in cases if one not in closed]
        if named:
            reader.viewed("case", among=named)
        notes = [
            Note(code=code, links={"case": f"/v1/cases/{one}"}, detail=detail) for one in named
        ]
        restricted = Note(code=code, links={}, detail=f"{detail or ''} {WHOM_TO_ASK}".strip())
        return [*notes, *(restricted for _one in closed)]
