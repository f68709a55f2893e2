"""The four ways of not doing what was asked. Nothing else may reach a door."""

from __future__ import annotations

from uuid import UUID


class Refused(Exception):
    """The rules say no. `rule` cites which: what somebody did, only I1–I16 refuse (procedure A.3).

    Any other rule is one of form, of a law about data, of access, or of how the system is run, and
    `tests/spec/law/refusals_rest_on.csv` says which; none is of practice.
    `code` is stable for machines; `detail` is a sentence for people and never echoes input.
    `field` is of the command, or, where it stands `beside` that, of what is true of it besides.
    """

    def __init__(
        self,
        code: str,
        rule: str,
        detail: str,
        *,
        field: str | None = None,
        beside: bool = False,
    ) -> None:
        super().__init__(f"{code} ({rule}): {detail}")
        self.code = code
        self.rule = rule
        self.detail = detail
        self.field = field
        self.beside = beside


class NotFound(Exception):
    """There is nothing under that reference, or the actor may not know that there is.

    `field` is the one that names it, where a command does.
    """

    def __init__(self, detail: str = "", *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


def no_entry(field: str, of: str = "case") -> NotFound:
    """Say that a field names no entry of its case or person, and how entries are named."""
    return NotFound(no_entry_words(of), field=field)


def no_entry_words(of: str = "case") -> str:
    """What is said of a number that no entry of a case or person has."""
    return (
        f"This {of} has no entry of that number. Name an entry by its version, as the timeline of "
        f"this {of} shows it beside the entry; its position in the record is another number."
    )


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
