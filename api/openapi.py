"""The published description (OpenAPI 3.1): FastAPI's own, with problems and without noise."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.routes.commands import BEGINNING, MADE_HERE
from api.values import PASSAGE_SCHEMA, WHEN_SCHEMA

# Bad practice is recorded and criticised; `tests/spec/law/refusals_rest_on.csv` has every refusal.
_RULE: Final = (
    "What refused it. I1 to I16: what the record's integrity needs, and all that refuses what "
    "somebody did. An L and a number: a law about data (erasure, holds). C.4, policy, R165: the "
    "form of what was sent or asked for. Bad practice is refused by none: it is recorded, and told."
)
_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. `errors` point into the request; nothing sent is ever repeated.",
    "properties": {
        "type": {"type": "string", "examples": ["/problems/stale-version"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Of a refusal by the rules."},
        "rule": {"type": "string", "description": _RULE},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_NAMED: Final[dict[str, dict[str, Any]]] = {"Passage": PASSAGE_SCHEMA, "When": WHEN_SCHEMA}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "Idempotency-Key": {
        "description": "1 to 128 visible characters, best a random UUID: new for each new "
        "command, the same when it is sent again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    },
    "If-Match": {
        "description": "The ETag of the version that was read.",
        "schema": {"type": "string", "examples": ['"7"']},
    },
}
_PROBLEM_RESPONSE: Final = {
    "description": "A problem (RFC 9457); it never echoes what was sent.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_NOISE: Final = {"HTTPValidationError", "ValidationError"}


def document(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for name in _NOISE & schemas.keys():
            del schemas[name]
        made = _tidy(made)
        made["components"]["schemas"] |= {"Problem": _PROBLEM, **_NAMED}
        made["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        made["security"] = [{"bearer": []}]
        made["components"]["responses"] = {"Problem": _PROBLEM_RESPONSE}
        made["components"]["parameters"] = {
            name: {"name": name, "in": "header", "required": True, **of}
            for name, of in _HEADERS.items()
        }
        for operations in made["paths"].values():
            for operation in operations.values():
                _finish(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _finish(operation: dict[str, Any]) -> None:
    """Problems and headers said once; whatever begins a stream has no version to match."""
    responses = operation["responses"]
    responses.pop("422", None)  # it is among 4XX, as a problem
    for status in responses.keys() & {"4XX", "5XX"}:
        responses[status] = {"$ref": "#/components/responses/Problem"}
    named = {name.lower(): name for name in _HEADERS}
    kept = []
    for one in operation.get("parameters", ()):
        name = named.get(one["name"])
        if name is None:
            kept.append(one)
        elif name != "If-Match" or operation["operationId"] not in {*BEGINNING, *MADE_HERE}:
            kept.append({"$ref": f"#/components/parameters/{name}"})
    operation["parameters"] = kept


def _tidy(node: Any) -> Any:  # noqa: ANN401 — JSON
    """Name what is said often, and leave out titles that repeat a field's name."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    for name, schema in _NAMED.items():
        if schema.items() <= node.items():
            rest = {key: _tidy(value) for key, value in node.items() if key not in schema}
            rest.pop("title", None)
            return {"$ref": f"#/components/schemas/{name}", **rest}
    titled = isinstance(node.get("title"), str) and "type" not in node.get("properties", {})
    drop = titled and ("type" in node or "anyOf" in node or "$ref" in node or "x-list" in node)
    return {key: _tidy(value) for key, value in node.items() if not (drop and key == "title")}
