"""Every way of not doing what a request asked, as RFC 9457 problem details, in one table.

A problem never echoes what was sent: a rejected value may be case text. What it says comes from
this page, from a `Refused` (which by its own law holds no input), or names a field of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
import psycopg
from starlette.responses import Response

from domain.record.log import CommandReused, StaleKey, Unavailable
from domain.refusal import Conflict, Corrupt, NotFound, Refused
from projections.health import Behind

MEDIA_TYPE: Final = "application/problem+json"
RETRY_S: Final = "2"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, and what whoever reads it can do."""

    status: int
    title: str
    remedy: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad-json": Kind(400, "The body is not JSON", "Send one JSON object, in UTF-8."),
    "idempotency-key": Kind(
        400,
        "The Idempotency-Key is missing or unusable",
        "Send the header Idempotency-Key with 1 to 128 visible ASCII characters, new for each "
        "new command and the same when the same command is sent again; a random UUID is best.",
    ),
    "if-match": Kind(
        400,
        "The If-Match header cannot be read",
        'Send one strong entity tag as the last answer gave it, such as If-Match: "7" (or "7-212", '
        "of a case that is read with others).",
    ),
    "not-identified": Kind(
        401,
        "Nobody is identified",
        "Send the header Authorization: Bearer with a token of the identity provider that this "
        "service names in its settings.",
    ),
    "not-permitted": Kind(
        403, "This role may not do this", "Ask somebody whose role may, or use another role."
    ),
    "not-ours": Kind(
        403,
        "This form was not sent from a page of this record",
        "Open the form here again and fill it in: what was sent was not made for you, or came from "
        "another site. Nothing was recorded.",
    ),
    "restricted": Kind(
        403,
        "Reading this case is restricted",
        "Name a purpose that restriction allows in the header Holdfast-Purpose: consent, "
        "legal_claim, protecting_others or public_interest.",
    ),
    "not-found": Kind(404, "There is nothing there", "Check the reference."),
    "other-nation": Kind(
        404,
        "This step is of another nation's procedure",
        "Record what stands in its place in this nation; the page of what to record lists it.",
    ),
    "unknown-command": Kind(
        404, "There is no such command", "See /v1/openapi.json for every command there is."
    ),
    "method-not-allowed": Kind(
        405, "This address does not take that method", "See /v1/openapi.json."
    ),
    "still-running": Kind(
        409,
        "The same command is being recorded at this moment",
        "Wait, then send the same request with the same Idempotency-Key: it is answered again.",
    ),
    "not-proved-yet": Kind(
        503,
        "No signed head covers this position yet",
        "Ask again in some seconds. Where that goes on, see `proof` at /health.",
    ),
    "basis-differs": Kind(
        409,
        "This basis is not of this record",
        "Ask the record that gave it, or ask without the header Holdfast-Basis.",
    ),
    "already-exists": Kind(
        409, "This already exists", "Read it, then record what is new as a further command."
    ),
    "already-received": Kind(
        409,
        "This was received before",
        "The record already holds this external reference; follow the link to what it names.",
    ),
    "stale-version": Kind(
        412,
        "Somebody recorded something since this version was read",
        "Read the case or person again, decide again, and send the new ETag as If-Match. What was "
        "recorded may stand in a case that is read in this one: `changed` names it.",
    ),
    "body-too-large": Kind(
        413, "The body is too large", "Send at most 1 MiB, and of a document kept by PUT 32 MiB."
    ),
    "not-json": Kind(
        415, "The body is not declared as JSON", "Send the header Content-Type: application/json."
    ),
    "invalid": Kind(422, "The request is not in the form it should be", "Put right each error."),
    "refused": Kind(422, "The rules say no", "The code and the rule say why."),
    "key-reused": Kind(
        422,
        "This Idempotency-Key was used for another request",
        "Use a new key for a new command.",
    ),
    "version-required": Kind(
        428,
        "The version that was read is required",
        "Read the case or person, then send its ETag as If-Match, so that nothing is recorded "
        "over what you have not seen.",
    ),
    "unexpected": Kind(
        500, "Something went wrong here", "Nothing was half-recorded. Tell whoever runs this."
    ),
    "corrupt": Kind(
        500,
        "The record does not prove itself",
        "Stop, keep everything as it is, and call whoever verifies the record.",
    ),
    "unavailable": Kind(
        503,
        "The record cannot be reached or written now",
        "Try again shortly with the same Idempotency-Key; nothing was half-recorded.",
    ),
    "behind": Kind(
        503,
        "The view has not reached that position yet",
        "Try again shortly, or ask without `after` and `as_at`: the answer then names the position "
        "it is of.",
    ),
}


class Problem(Exception):  # noqa: N818 — it is what RFC 9457 calls it
    """A request that a door itself turns away."""

    def __init__(
        self,
        kind: str,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,  # noqa: ANN401 — extension members of RFC 9457 are any JSON
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


def invalid(pointer: str, detail: str) -> Problem:
    """Turn away one value by its place in the request; `detail` must not hold the value."""
    return Problem("invalid", errors=[{"pointer": pointer, "detail": detail}])


def response(problem: Problem) -> Response:
    """Give the problem as a response."""
    kind = KINDS[problem.kind]
    body = {
        "type": f"/problems/{problem.kind}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail or kind.remedy,
        **problem.members,
    }
    return Response(orjson.dumps(body), kind.status, headers_of(problem), MEDIA_TYPE)


def headers_of(problem: Problem) -> dict[str, str]:
    """The headers of an answer that tells of a problem."""
    headers = dict(problem.headers)
    if KINDS[problem.kind].status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", RETRY_S)
    return headers


def problem_of(error: Exception) -> Problem | None:
    """The problem an error of ours is; None for what nobody foresaw."""
    match error:
        case Problem():
            return error
        case Refused():
            return _refused(error)
        case NotFound():
            return _not_found(error)
        case Conflict():
            return Problem("stale-version")
        case CommandReused():
            return Problem("key-reused")
        case Unavailable():
            return _unavailable(error)
        case StaleKey():
            return Problem("unavailable", "A key was just replaced: send the same command again.")
        case Corrupt():
            return Problem("corrupt")
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return Problem("unavailable", _database_away(error))
        case _:
            return None


def _unavailable(error: Unavailable) -> Problem:
    """What cannot be done now; of a view that is behind, where it stands."""
    if not isinstance(error, Behind):
        return Problem("unavailable", str(error))
    then = "Ask again in a moment."
    if error.stopped:
        then = "Whoever runs this must mend it first: `holdfast lag` says what stopped it."
    return Problem("behind", f"{error} {then}", view=error.view, position=error.position)


def _database_away(error: psycopg.Error) -> str:
    """Say what is wrong with the database, never in its own words."""
    if error.sqlstate == "53100":
        return "The disk is full: free space, then try again; nothing was lost."
    return "The database cannot be reached: check that it is running, then try again."


# Refusals that are about this machine, this moment or this actor rather than about the command.
_AWAY: Final = frozenset({"clock-apart", "clock-behind", "clock-jumped", "busy", "simulated-time"})


def _refused(refused: Refused) -> Problem:
    """A refusal of the rules, with the place of the field it names."""
    if refused.code == "not_permitted":
        return Problem("not-permitted", refused.detail)
    members: dict[str, Any] = {"code": refused.code, "rule": refused.rule}
    if refused.code in _AWAY:
        return Problem("unavailable", refused.detail, **members)
    if refused.field is not None:
        at = pointer_of(refused.field, beside=refused.beside)
        members["errors"] = [{"pointer": at, "detail": refused.detail}]
    return Problem("refused", refused.detail, **members)


def _not_found(missing: NotFound) -> Problem:
    """What is not there, with the place of the field that names it, where one does."""
    detail = str(missing) or None
    if missing.field is None:
        return Problem("not-found", detail)
    return Problem(
        "not-found", detail, errors=[{"pointer": pointer_of(missing.field), "detail": detail}]
    )


# What stands beside a command and is never a field of one.
_BESIDE: Final = frozenset(
    {
        "causation",
        "known_to",
        "performed_by",
        "performed_organisation",
        "performed_role",
        "purpose",
        "source_recorded",
    }
)


def pointer_of(field: str, *, beside: bool = False) -> str:
    """`allegations[0].type` → `/command/allegations/0/type`, `known_to[0]` → `/known_to/0`."""
    parts = [part for part in re.split(r"[.\[\]]+", field) if part]
    return "/" + "/".join(parts if beside or parts[0] in _BESIDE else ["command", *parts])


# --------------------------------------------------------------------- what the schema turns away

OURS: Final = "holdfast"  # the type of an error whose message this project wrote
_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This is required.",
    "extra_forbidden": "There is a field here that this request does not have.",
    "bool_type": "This is true or false.",
    "int_type": "This is a whole number.",
    "int_from_float": "This is a whole number.",
    "int_parsing": "This is a whole number.",
    "greater_than_equal": "This number is too small.",
    "less_than_equal": "This number is too large.",
    "model_attributes_type": "This is an object.",
    "model_type": "This is an object.",
    "dict_type": "This is an object.",
    "tuple_type": "This is a list.",
    "list_type": "This is a list.",
    "too_long": "There are too many of these.",
    "too_short": "There are too few of these.",
    "string_type": "This is text.",
    "string_too_long": "This text is too long.",
    "string_too_short": "This text is empty.",
    "uuid_parsing": "This is a reference (a UUID).",
    "uuid_type": "This is a reference (a UUID).",
}
_DEFAULT: Final = "This is not in the form the schema asks for."
_UNKNOWN_NAME: Final = frozenset({"extra_forbidden"})


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The errors of a schema, each by its place and one of our sentences, without any input."""
    for error in errors:
        if error["type"] == "json_invalid":
            return Problem("bad-json")
        if error["type"] == "missing" and tuple(error["loc"]) == ("body",):
            return Problem("bad-json", "The body is empty: send one JSON object.")
        if tuple(error["loc"]) == ("body",):
            return Problem("bad-json", "The body is not one JSON object.")
    return Problem("invalid", errors=[_explained(error) for error in errors[:50]])


def _explained(error: Mapping[str, Any]) -> dict[str, str]:
    """One error: where and what; the name of a field that is not ours is input, and left out."""
    place = [str(part) for part in error["loc"]]
    if error["type"] in _UNKNOWN_NAME:
        place = place[:-1]
    if place and place[0] == "body":
        place = place[1:]
    detail = error["msg"] if error["type"] == OURS else _SENTENCES.get(error["type"], _DEFAULT)
    return {"pointer": "/" + "/".join(place) if place else "", "detail": detail}
