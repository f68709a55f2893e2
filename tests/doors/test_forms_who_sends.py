"""Who sends a form is known before anything is made of what they send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from python_multipart.multipart import MultipartParser

from api.forms import limits
from api.forms.typed import Typed
from api.identity import Development
from api.problems import Problem
from tests.doors.conftest import Doors
from tests.doors.filling import Form, Pairs, get_form, send, send_files

SENT = {"command.file": ("Report.pdf", b"%PDF-1.7", "application/pdf")}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tell what is done with a form, in order: `who` is asked, the body is `read`."""
    told: list[str] = []

    def telling(step: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **named: Any) -> Any:  # noqa: ANN401 — whatever it is given
            told.append(step)
            return does(*given, **named)

        return done

    monkeypatch.setattr(Development, "actor", telling("who", Development.actor))
    monkeypatch.setattr(Typed, "of_body", telling("read", Typed.of_body))
    monkeypatch.setattr(MultipartParser, "write", telling("read", MultipartParser.write))
    return told


def nobody(*_given: object) -> None:
    """Identify nobody, as once a token has run out."""
    raise Problem("not-identified")


def opened(doors: Doors, words: str) -> tuple[Form, Pairs]:
    """Open the form of a report of a new case, and type into it."""
    form = get_form(doors, f"/cases/{doors.case()}/record/receive-agency-report")
    return form, form.pairs(command__agency="police", command__summary=words)


@pytest.mark.parametrize("with_file", [False, True])
def test_who_sends_a_form_is_asked_before_it_is_read(
    shared: Doors, steps: list[str], *, with_file: bool
) -> None:
    """With a file or without: first the identity, then the body."""
    form, pairs = opened(shared, "Words.")
    steps.clear()
    answer = (
        send_files(shared, form, "keep", pairs, SENT)
        if with_file
        else send(shared, form, "keep", pairs)
    )
    assert answer.status_code == 200
    assert "read" in steps
    assert steps[0] == "who"


@pytest.mark.parametrize("with_file", [False, True])
def test_of_a_form_from_elsewhere_nothing_is_read(
    shared: Doors, steps: list[str], *, with_file: bool
) -> None:
    """What another site had a browser send is turned away by its headers alone."""
    form, pairs = opened(shared, "Words.")
    steps.clear()
    foreign = {"Sec_Fetch_Site": "cross-site"}
    answer = (
        send_files(shared, form, "keep", pairs, SENT, **foreign)
        if with_file
        else send(shared, form, "keep", pairs, **foreign)
    )
    assert answer.status_code == 403
    assert "read" not in steps


def test_of_nobody_no_more_is_read_than_can_be_given_back(
    shared: Doors, monkeypatch: pytest.MonkeyPatch, steps: list[str]
) -> None:
    """Signed out meanwhile: a long text is given back; a longer one is not even parsed."""
    form, pairs = opened(shared, "x" * (limits.MOST_OF_NOBODYS // 2))
    monkeypatch.setattr(Development, "actor", nobody)
    answer = send(shared, form, "record", pairs)
    assert answer.status_code == 401
    assert Form.of(answer).controls["command.summary"].value == dict(pairs)["command.summary"]

    steps.clear()
    longer = [(name, value * 2 if name == "command.summary" else value) for name, value in pairs]
    answer = send(shared, form, "record", [*longer, ("command.note", "x" * 100)])
    assert answer.status_code == 401
    assert "read" not in steps
    assert "go back with its Back button, sign in" in answer.text
    assert "xxx" not in answer.text


def test_of_nobody_no_long_text_beside_a_file_is_kept(
    shared: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of a form with a file, whose texts come in parts."""
    form, pairs = opened(shared, "x" * (limits.MOST_OF_NOBODYS + 1))
    monkeypatch.setattr(Development, "actor", nobody)
    answer = send_files(shared, form, "record", pairs, SENT)
    assert answer.status_code == 401
    assert "go back with its Back button, sign in" in answer.text
    assert "xxx" not in answer.text
