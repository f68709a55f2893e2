"""A form in which nothing is filled in is recorded as it is, once whoever sends it was asked."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api.forms.reading import read
from api.forms.typed import Typed
from api.forms.untouched import unsaid
from tests.doors.conftest import Doors
from tests.doors.filling import Form, get_form, send
from tests.doors.test_forms import names

NOTHING, NOTHING_MORE = "Nothing is filled in.", "Nothing more is filled in."
SOMETHING = str(uuid4())  # whichever it is


@pytest.mark.parametrize(
    ("command", "typed", "asked"),
    [
        ("agree-plan", {}, NOTHING),
        ("agree-plan", {"origin": "composed", "terms.kind": "protection"}, NOTHING),
        ("agree-plan", {"conference": SOMETHING, "part": "1"}, NOTHING_MORE),
        ("agree-plan", {"terms.risks.rows": "2", "terms.risks.1.aim": "reduce"}, ""),
        ("agree-plan", {"terms.delegated_to": "other"}, ""),
        ("agree-interim-plan", {"agreed_with": "not_recorded"}, NOTHING),
        ("agree-interim-plan", {"measures": "locks_changed"}, ""),
        ("assess-need", {}, NOTHING),
        ("record-adult-views", {"conference": SOMETHING, "own_words": ""}, NOTHING_MORE),
        ("record-adult-views", {"conference": SOMETHING, "views": "Let me be."}, ""),
        ("draft-minutes", {"conference": SOMETHING, "file.digest": "0" * 64}, ""),
        ("appoint-minute-taker", {"conference": SOMETHING, "minute_taker": SOMETHING}, ""),
        ("complete-action", {"action": SOMETHING}, ""),  # done: that is all there is to say
        ("unrestrict-processing", {}, ""),
    ],
)
def test_a_form_asks_where_the_record_would_say_nothing(
    command: str, typed: dict[str, str], asked: str
) -> None:
    """What belongs to nothing, or to something alone, is asked about; what tells itself is not."""
    pairs = tuple((f"command.{name}", value) for name, value in typed.items())
    body = read(command, Typed((*pairs, ("purpose", "safeguarding")))).body
    assert unsaid(command, body) == asked


def test_an_untouched_form_is_recorded_at_a_second_press(shared: Doors) -> None:
    """One press of an untouched form asks, and records nothing; the answer yes records it once."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/assess-need")
    asked = send(shared, form)
    assert asked.status_code == 200, asked.text
    assert "<h1>Nothing is filled in. Record it all the same?</h1>" in asked.text
    assert names(shared, case) == ["referral-received"]
    back = Form.of(send(shared, Form.of(asked), "keep"))
    assert back.hidden("key") == form.hidden("key")
    for _ in range(2):
        assert send(shared, Form.of(asked), "record-now").status_code == 303
    assert names(shared, case) == ["referral-received", "need-assessed"]
