"""Words that somebody typed into a form: kept with their spaces and blank lines at both ends.

What a person writes of an adult is evidence, and nobody can say later what a form took away from
it. Only how a browser ends a line (two signs, by the standard of forms) is no choice of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.forms.fields import COMMAND, NEW, Field, fields_of, may_be_new
from api.forms.reading import read
from api.forms.typed import Typed
from domain.catalogue import COMMANDS
from tests.doors.conftest import Doors
from tests.doors.filling import Form, get_form, send
from tests.each import each

PADDED = "\n \n  “No.”\tThen she left. \n\n\u00a0That was all.  \n\n"
BLANK = " \n\t\u00a0\u200b\n "


def passages(members: tuple[Field, ...], place: str) -> Iterator[str]:
    """Give the place of each passage of a command, in the first row of each list."""
    for one in members:
        within = f"{place}.{one.name}"
        match one.kind:
            case "passage":
                yield within
            case "group" | "file":
                yield from passages(one.members, place if one.kind == "file" else within)
            case "list" if one.members[0].kind == "passage":
                yield f"{within}.0"
            case "list":
                yield from passages(one.members[0].members, f"{within}.0")
            case _:
                pass


def leaves(body: Any) -> Iterator[str]:  # noqa: ANN401 — any JSON
    """Give every text of a body."""
    if isinstance(body, str):
        yield body
    for one in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from leaves(one)


@each(COMMANDS)
def test_every_passage_of_every_form_is_read_as_it_was_typed(command: str) -> None:
    """Nothing is cut from either end; what shows nothing at all is left out, as nothing typed."""
    # What has to be chosen, of those there are or a new one, is: nothing else is asked of it here.
    chosen = tuple((f"{COMMAND}.{one.name}", NEW) for one in fields_of(command) if may_be_new(one))
    for place in passages(fields_of(command), COMMAND):
        told = read(command, Typed((*chosen, (place, PADDED))))
        assert [*leaves(told.body)] == [PADDED], place
        assert not told.wrong
        about = read(command, Typed(((place, PADDED), (f"{place}.about", f"{1:032x}"))))
        assert PADDED in leaves(about.body), place
        nothing = read(command, Typed(((place, BLANK),)))
        assert not [*leaves(nothing.body)], place


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["as-typed", "as-browsers-send"])
def test_blank_lines_around_a_text_come_back_and_are_recorded(shared: Doors, ends: str) -> None:
    """Kept as a draft, drawn again, and recorded: the same letters each time."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    typed = PADDED.replace("\n", ends)
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=typed)
    again = Form.of(send(shared, form, "keep", pairs))
    assert again.controls["command.text"].value == PADDED
    done = send(shared, again, "record", again.pairs())
    assert done.status_code == 303, done.text
    told = shared.get(f"/v1/cases/{case}/timeline").json()["entries"][-1]["data"]
    assert told["text"]["text"] == PADDED
