"""The four ways of not doing what was asked. Nothing else may reach a door."""

from __future__ import annotations

from uuid import UUID


class Refused(Exception):
    """The rules say no. `rule` cites which: what somebody did, only I1–I16 refuse (procedure A.3).

    Any other rule is one of form, of a law about data, of access, or of how the system is run, and
    `tests/spec/law/refusals_rest_on.csv` says which; none is of practice.
    `code` is stable for machines; `detail` is a sentence for people and never echoes input.
    """

    def __init__(self, code: str, rule: str, detail: str, *, field: str | None = None) -> None:
        super().__init__(f"{code} ({rule}): {detail}")
        self.code = code
        self.rule = rule
        self.detail = detail
        self.field = field


class NotFound(Exception):
    """There is nothing under that reference, or the actor may not know that there is."""


class Conflict(Exception):
    """Somebody else recorded first: read again and decide again (I1)."""

    def __init__(self, stream: UUID, expected: int, actual: int | None = None) -> None:
        found = "another version" if actual is None else f"version {actual}"
        super().__init__(f"expected version {expected} of {stream}, found {found}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class Corrupt(Exception):
    """The record does not prove itself. Stop; keep everything; call whoever verifies."""
