"""Forms as a browser without scripts sees and sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlencode

from httpx2 import Response

from tests.doors.conftest import Doors

Json = dict[str, Any]
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
        self.files: list[str] = []
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
        if kind == "file":
            self.files.append(given["name"])
            return
        one = self._control(given["name"], kind)
        if kind not in {"radio", "checkbox"}:
            one.value = given.get("value", "")
            return
        one.answers.append(given["value"])
        if "checked" in given:
            one.chosen.append(given["value"])


def get_form(doors: Doors, path: str, **headers: str) -> Form:
    """Open a form."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = doors.client.get(path, headers=named)
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


def send_files(
    doors: Doors,
    form: Form,
    button: str,
    pairs: Pairs,
    files: dict[str, tuple[str, bytes, str]],
    **headers: str,
) -> Response:
    """Press a button of a form that has files: each a name, its content, and what it is."""
    assert set(files) <= set(form.files), form.files
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    parts = [(name, (None, value.encode(), None)) for name, value in [*pairs, ("do", button)]]
    return doors.client.post(
        form.action,
        files=[*parts, *files.items()],
        headers={"Origin": "http://127.0.0.1", **named},
        follow_redirects=False,
    )


def encoded(pairs: Pairs) -> str:
    """Give pairs as a browser sends them, line breaks and all."""
    return urlencode([(name, re.sub(r"\r?\n", "\r\n", value)) for name, value in pairs])


def fill(doors: Doors, form: Form, body: Json, **headers: str) -> tuple[Form, Pairs]:
    """Type the body of a request into its form, pressing for more rows where there are too few."""
    for place, count in lists_in(body):
        if place in form.controls:  # a list of codes: boxes to tick
            continue
        for _ in range(count - int(form.hidden(f"{place}.rows"))):
            form = Form.of(send(doors, form, f"add:{place}", form.pairs(), **headers))
    typed: dict[str, str | list[str]] = {}
    for name, value in body.items():
        _type(form, name, value, typed)
    return form, form.pairs(**{name.replace(".", "__"): value for name, value in typed.items()})


def lists_in(value: Any, place: str = "") -> list[tuple[str, int]]:  # noqa: ANN401 — any JSON
    """Give every list with the number of its members, those around before those within."""
    if isinstance(value, dict):
        inside = [(f"{place}.{name}".lstrip("."), one) for name, one in value.items()]
        return [found for within, one in inside for found in lists_in(one, within)]
    if isinstance(value, list):
        found = [(place, len(value))]
        for number, one in enumerate(value):
            found += lists_in(one, f"{place}.{number}")
        return found
    return []


def _type(form: Form, place: str, value: Any, typed: dict[str, str | list[str]]) -> None:  # noqa: ANN401 — any JSON
    """Say one value as its field takes it."""
    if isinstance(value, dict) and set(value) == {"about", "text"}:
        typed[place] = value["text"]
        _type(form, f"{place}.about", value["about"], typed)
    elif isinstance(value, dict):
        for name, one in value.items():
            _type(form, f"{place}.{name}", one, typed)
    elif isinstance(value, list) and f"{place}.rows" not in form.controls:
        typed[place] = value
    elif isinstance(value, list):
        for number, one in enumerate(value):
            _type(form, f"{place}.{number}", one, typed)
    elif isinstance(value, bool):
        typed[place] = "yes" if value else "no"
    elif f"{place}.day" in form.controls:
        _type_date(place, value, typed)
    else:
        _choose(form, place, str(value), typed)


def _type_date(place: str, value: str, typed: dict[str, str | list[str]]) -> None:
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        typed[f"{place}.text"] = value
        return
    for part, figures in zip(("year", "month", "day"), value.split("-"), strict=False):
        typed[f"{place}.{part}"] = figures


def _choose(form: Form, place: str, value: str, typed: dict[str, str | list[str]]) -> None:
    control = form.controls[place]
    if control.answers and value not in control.answers:
        typed[place], typed[f"{place}.other"] = "", value
    else:
        typed[place] = value


def problems(answer: Response) -> list[str]:
    """Give the lines of the summary of what is wrong."""
    found = re.search(r'<div class="problems".*?</div>', answer.text, re.DOTALL)
    return [] if found is None else re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL)
