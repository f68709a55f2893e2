"""What an error of the database means: whether it may have written, and what to do about it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from domain.record.deciding import is_lost, why


@pytest.mark.parametrize(
    "state", ["08006", "08003", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04"]
)
def test_an_answer_that_a_closing_connection_took_along_is_lost(state: str) -> None:
    """Where the session ended, the server may have committed although nobody was told."""
    assert is_lost(errors.lookup(state)())


@pytest.mark.parametrize("state", ["23505", "40001", "42501", "53100", "53200", "57014", "22P02"])
def test_an_answer_that_came_is_not_lost(state: str) -> None:
    """An error that the server itself answered with says that nothing was written."""
    assert not is_lost(errors.lookup(state)())


def test_without_an_answer_it_is_the_kind_of_error_that_tells() -> None:
    """A broken connection may have taken an answer along; a value never sent cannot have."""
    assert is_lost(psycopg.OperationalError("server closed the connection"))
    assert is_lost(psycopg.InterfaceError("the connection is closed"))
    assert not is_lost(psycopg.DataError("not a value of this type"))


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (errors.DiskFull("could not extend file"), "free space"),
        (errors.OutOfMemory("a name"), "out of resources: try again shortly"),
        (errors.TooManyConnections("a name"), "out of resources: try again shortly"),
        (errors.CheckViolation("a name"), "SQLSTATE 23514"),
        (psycopg.DataError("a name"), "refused the write; nothing was written"),
        (errors.AdminShutdown("a name"), "check that it is running"),
        (OSError("a name"), "check that it is running"),
    ],
)
def test_what_to_do_is_said_without_what_was_written(error: Exception, remedy: str) -> None:
    """Each error has its remedy, and none of its own words, which may hold a value."""
    assert remedy in why(error)
    assert "a name" not in why(error)
