"""What was seen of a case that is read with others: nobody records on what changed unseen."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from domain.handle import Handler
from tests.doors.conftest import Doors
from tests.doors.filling import Form, get_form, send
from tests.doors.test_joining import asked, joined, names, seen, version

_NOTE: dict[str, Any] = {"target": 1, "kind": "supplementary", "text": "Seen at home."}
_OPENED: dict[str, Any] = {
    "occurred": "2026-11-03",
    "command": {"kind": "section_42", "opened_on": "2026-11-03"},
}


def two(doors: Doors) -> tuple[str, str]:
    """Give a case, and the leading one that it was merged into."""
    person = doors.person(name="Ann Example")
    one, leading = doors.case(person), doors.case(person)
    answer = doors.post(f"/v1/cases/{one}/open-enquiry", _OPENED, version=1)
    assert answer.status_code == 201, answer.text
    joined(doors, one, leading)
    return one, leading


def withdrawn(doors: Doors, case: str) -> None:
    """Withdraw the second entry of a case."""
    wrong = {"reason": "entered_wrongly", "withdrawn": True}
    asked(doors, case, "correct-record", version(doors, case), target=2, **wrong)


def test_what_changed_in_a_merged_case_is_a_conflict_in_the_leading_one(doors: Doors) -> None:
    """It names the case that changed; read again, the same is recorded, and goes on (I1)."""
    one, leading = two(doors)
    before = seen(doors, leading)
    assert before == f"{version(doors, leading)}-{doors.office.record.log.tail() - 2}"
    withdrawn(doors, one)
    answer = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version=before)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (412, "/problems/stale-version")
    assert problem["changed"] == {"case": one, "seen": 2, "now": 4}
    assert names(doors, leading)[-1] != "entry-annotated"

    now = seen(doors, leading)
    assert now != before
    for _ in range(2):
        answer = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version=now)
        assert answer.status_code == 201, answer.text
        now = answer.headers["ETag"].strip('"')
    assert seen(doors, leading) == now


def test_a_version_alone_is_not_what_was_seen_of_a_leading_case(doors: Doors) -> None:
    """Who sends the leading case's version has said nothing of what the other brings."""
    _one, leading = two(doors)
    at = version(doors, leading)
    answer = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version=at)
    assert answer.status_code == 412
    unreadable = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version="2-")
    assert unreadable.status_code == 400


def test_what_governs_the_merged_case_alone_is_no_conflict(doors: Doors) -> None:
    """What is not read in the leading case, and corrects nothing of it, is nothing unseen."""
    one, leading = two(doors)
    before = seen(doors, leading)
    asked(doors, one, "place-legal-hold", version(doors, one), reason="court")
    assert seen(doors, leading) == before
    asked(doors, leading, "annotate-entry", before, **_NOTE)


def test_once_unmerged_the_version_is_enough_again(doors: Doors) -> None:
    """A case that stands by itself is held to its own version, and has said so since the end."""
    one, leading = two(doors)
    before = seen(doors, leading)
    asked(doors, one, "unmerge-case", version(doors, one), other=leading)
    stale = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version=before)
    assert stale.status_code == 412
    assert seen(doors, leading) == str(version(doors, leading))
    asked(doors, leading, "annotate-entry", version(doors, leading), **_NOTE)


def test_what_changes_while_it_is_decided_is_a_conflict_too(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The versions of the cases read are compared where the entry is written, not only before."""
    one, leading = two(doors)
    before, decide = seen(doors, leading), Handler._decide

    def slowly(self: Handler, name: str, *more: Any) -> Any:  # noqa: ANN401 — as it is
        if name == "annotate-entry":
            other = Thread(target=withdrawn, args=(doors, one))
            other.start()
            other.join()
        return decide(self, name, *more)

    monkeypatch.setattr(Handler, "_decide", slowly)
    answer = doors.post(f"/v1/cases/{leading}/annotate-entry", {"command": _NOTE}, version=before)
    assert answer.status_code == 412, answer.text
    assert answer.json()["changed"]["case"] == one


def test_a_form_of_a_leading_case_says_what_changed_in_the_other_and_keeps_all(
    doors: Doors,
) -> None:
    """The form comes back with what was typed and what was recorded where; sent again it goes."""
    one, leading = two(doors)
    form = get_form(doors, f"/cases/{leading}/record/annotate-entry")
    withdrawn(doors, one)
    typed = form.pairs(
        command__target="1", command__kind="supplementary", command__text="Seen at home."
    )
    answer = send(doors, form, "record", typed)
    assert answer.status_code == 412
    assert "Somebody recorded first" in answer.text
    assert f"(in case {one[:8]}, which is read in this one)" in answer.text
    assert "Seen at home." in answer.text
    again = doors.client.get(f"/cases/{leading}/record/annotate-entry")
    assert seen(doors, leading) in again.text
    back = Form.of(answer)
    assert send(doors, back, "record", back.pairs()).status_code == 303
