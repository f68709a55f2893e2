"""Forms as a browser without scripts sees and sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self

from httpx2 import Response

from tests.doors.conftest import Doors

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Control:
    """Something of a form that is sent with it: its name, and the answers it has."""

    name: str
    kind: str  # hidden, text, textarea, radio, checkbox, select
    value: str = ""
    answers: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


class Form(HTMLParser):
    """The form of a page that records: its address, its controls in order, and its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.controls: dict[str, Control] = {}
        self.buttons: list[str] = []
        self._inside = False
        self._text: Control | None = None
        self.feed(page)

    @classmethod
    def of(cls, answer: Response) -> Self:
        """Give the form of an answer, which must have one."""
        form = cls(answer.text)
        assert form.action, answer.text
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a control."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "recording" in given.get("class", "").split()
            if self._inside:
                self.action = given["action"]
        elif not self._inside:
            return
        elif tag == "button":
            self.buttons.append(given.get("value", ""))
        elif tag == "textarea":
            self._text = self._control(given["name"], "textarea")
        elif tag == "select":
            self._text = None
            self._select = self._control(given["name"], "select")
        elif tag == "option":
            self._select.answers.append(given["value"])
            if "selected" in given:
                self._select.chosen.append(given["value"])
        elif tag == "input":
            self._input(given)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, or a text."""
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._text is not None:
            self._text.value = self._text.value.removeprefix("\n")
            self._text = None

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self._text is not None:
            self._text.value += data

    def pairs(self, **changed: str | list[str]) -> Pairs:
        """Give what is sent: what stands in it, but for what is changed (dots for `__`)."""
        new = {name.replace("__", "."): value for name, value in changed.items()}
        sent: Pairs = []
        for one in self.controls.values():
            values = new.pop(one.name, None)
            if values is None:
                listed = one.kind in {"radio", "checkbox"}
                values = one.chosen if listed else one.chosen or one.value
            for value in [values] if isinstance(values, str) else values:
                sent.append((one.name, value))
        assert new == {}, f"the form has no {sorted(new)}"
        return sent

    def hidden(self, name: str) -> str:
        """Give what a hidden field holds."""
        return self.controls[name].value

    def _control(self, name: str, kind: str) -> Control:
        return self.controls.setdefault(name, Control(name, kind))

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        one = self._control(given["name"], kind)
        if kind not in {"radio", "checkbox"}:
            one.value = given.get("value", "")
            return
        one.answers.append(given["value"])
        if "checked" in given:
            one.chosen.append(given["value"])


def get_form(doors: Doors, path: str, **headers: str) -> Form:
    """Open a form."""
    answer = doors.get(path, **headers)
    assert answer.status_code == 200, answer.text
    return Form.of(answer)


def send(
    doors: Doors, form: Form, button: str = "record", /, pairs: Pairs | None = None, **headers: str
) -> Response:
    """Press a button of a form; what came of it, before it is followed."""
    sent = [*(form.pairs() if pairs is None else pairs), ("do", button)]
    body = encoded(sent)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return doors.client.post(
        form.action,
        content=body,
        headers={"Content-Type": FORM, "Origin": "http://127.0.0.1", **named},
        follow_redirects=False,
    )


def encoded(pairs: Pairs) -> str:
    """Give pairs as a browser sends them, line breaks and all."""
    from urllib.parse import urlencode  # noqa: PLC0415

    return urlencode([(name, re.sub(r"\r?\n", "\r\n", value)) for name, value in pairs])


def problems(answer: Response) -> list[str]:
    """Give the lines of the summary of what is wrong."""
    found = re.search(r'<div class="problems".*?</div>', answer.text, re.DOTALL)
    return [] if found is None else re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL)


Json = dict[str, Any]
