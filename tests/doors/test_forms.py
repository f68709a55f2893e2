from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from httpx2 import Response

from api.forms.stages import WITHOUT_FORM
from api.identity import Development
from api.problems import Problem
from api.routes.commands import BEGINNING, Asking
from domain.authority import commands_of
from domain.catalogue import CASE, COMMANDS
from tests.doors.conftest import Doors
from tests.doors.filling import FORM, Form, encoded, get_form, problems, send
from tests.doors.test_pages import Outline

WORDS = "She said: “leave <b>me</b> be”.\n\nThen & again."
TRIPLE = {
    "command__allegation__type": "neglect",
    "command__allegation__source": "provider_private",
    "command__allegation__location": "own_home",
}
NEEDS = "record-communication-needs"


def entries(doors: Doors, case: str) -> list[dict[str, Any]]:
    """Give the entries of a case's timeline."""
    found: list[dict[str, Any]] = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    return found


def names(doors: Doors, case: str) -> list[str]:
    """Give the names of a case's entries."""
    return [one["name"] for one in entries(doors, case)]


def note(doors: Doors, case: str, text: str = WORDS, **headers: str) -> tuple[Form, Response]:
    """Put a note beside the first entry of a case, by its form."""
    form = get_form(doors, f"/cases/{case}/record/annotate-entry", **headers)
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=text)
    return form, send(doors, form, "record", pairs, **headers)


def test_a_form_records_what_the_same_request_would(shared: Doors) -> None:
    """What is typed into the form of a command stands in the record, and its page says so."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/add-allegation")
    answer = send(shared, form, "record", form.pairs(**TRIPLE))
    assert answer.status_code == 303, answer.text
    assert names(shared, case)[-1] == "allegation-added"
    page = shared.get(answer.headers["location"]).text
    assert "<strong>Recorded.</strong>" in page
    assert "Allegation added" in page


def test_a_text_is_recorded_as_it_was_typed(shared: Doors) -> None:
    """Line breaks, marks and quotation marks come back as they were, in the form and the record."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    again = send(shared, form, "keep", form.pairs(command__text=WORDS))
    assert Form.of(again).controls["command.text"].value == WORDS
    _form, answer = note(shared, case)
    assert answer.status_code == 303, answer.text
    assert entries(shared, case)[-1]["data"]["text"]["text"] == WORDS


def test_what_begins_a_case_is_recorded_from_a_persons_page(shared: Doors) -> None:
    """A person is registered and their concern received by two forms, each leading to the next."""
    form = get_form(shared, "/record/register-person")
    done = send(shared, form, "record", form.pairs(command__details__name="Ann Example"))
    assert done.status_code == 303, done.text
    page = shared.get(done.headers["location"])
    person = done.headers["location"].partition("?")[0].rpartition("/")[2]
    assert f'href="/record/receive-referral?adult={person}"' in page.text
    form = get_form(shared, f"/record/receive-referral?adult={person}")
    typed = form.pairs(
        command__received__day="2", command__received__month="11", command__received__year="2026"
    )
    done = send(shared, form, "record", typed)
    assert done.status_code == 303, done.text
    case = done.headers["location"].partition("?")[0].rpartition("/")[2]
    assert entries(shared, case)[0]["data"]["adult"] == person
    assert entries(shared, case)[0]["data"]["received"]["edtf"] == "2026-11-02"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2", "month": "11", "year": "2026"}, "2026-11-02"),
        ({"month": "9", "year": "2026"}, "2026-09"),
        ({"year": "2025"}, "2025"),
        ({"text": "2026-05?"}, "2026-05?"),
        ({"text": "unknown"}, "unknown"),
    ],
)
def test_a_time_is_recorded_as_precisely_as_it_is_known(
    shared: Doors, typed: dict[str, str], said: str
) -> None:
    """Three fields, of which the day and the month may be left out, or what is known of it."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/{NEEDS}")
    pairs = form.pairs(
        command__language="Welsh", **{f"occurred__{part}": value for part, value in typed.items()}
    )
    assert send(shared, form, "record", pairs).status_code == 303
    told = {one["name"]: one["occurred"]["edtf"] for one in entries(shared, case)}
    assert told["communication-needs-recorded"] == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2", "year": "2026"}, "Give the date in figures"),
        ({"day": "30", "month": "2", "year": "2026"}, "there is no such day"),
        ({"day": "2", "month": "11", "year": "26"}, "Give the date in figures"),
        ({"year": "2026", "text": "unknown"}, "not both"),
        ({"text": "last Tuesday"}, "Write it as 6 July 2026"),
        ({"year": "2199"}, "This lies in the future"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_above(
    shared: Doors, typed: dict[str, str], said: str
) -> None:
    """A summary that links to the field, the field that says it, and a title that warns."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/{NEEDS}")
    pairs = form.pairs(
        command__language="Welsh", **{f"occurred__{part}": value for part, value in typed.items()}
    )
    answer = send(shared, form, "record", pairs)
    assert answer.status_code == 422
    outline = Outline(answer.text)
    assert outline.all("title")[0].text.startswith("Error: ")
    (line,) = problems(answer)
    assert f'<a href="#occurred-day">When did it happen?: {said}' in line or said in line
    assert 'href="#occurred-day"' in line
    (error,) = [one for one in outline.elements if one.attributes.get("id") == "occurred-error"]
    assert said in error.text
    (field,) = [one for one in outline.elements if one.attributes.get("id") == "occurred"]
    assert "occurred-error" in (field.attributes["aria-describedby"] or "")
    (day,) = [one for one in outline.elements if one.attributes.get("id") == "occurred-day"]
    assert day.attributes["aria-invalid"] == "true"
    assert dict(Form.of(answer).pairs())["command.language"] == "Welsh"
    assert names(shared, case) == ["referral-received"]


def test_every_field_left_out_that_is_needed_is_named(shared: Doors) -> None:
    """Three fields missing are three lines, in the order of the page, each at its field."""
    form = get_form(shared, f"/cases/{shared.case()}/record/add-allegation")
    answer = send(shared, form)
    assert answer.status_code == 422
    assert [line.partition('">')[0] for line in problems(answer)] == [
        '<a href="#command-allegation-type',
        '<a href="#command-allegation-source',
        '<a href="#command-allegation-location',
    ]


def test_what_the_rules_refuse_is_said_on_the_form(shared: Doors) -> None:
    """A refusal that names a field stands at it, and one that names none stands above."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text="x")
    at = [pair for pair in pairs if pair[0] != "command.target"]
    answer = send(shared, form, "record", [*at, ("command.target", "99")])
    assert answer.status_code in {404, 422}, answer.text
    assert len(problems(answer)) == 1


def test_rows_are_added_and_removed_without_losing_the_others(shared: Doors) -> None:
    """Another row by a button, a row away by a button, and what stood in the others stays."""
    form = get_form(shared, "/record/receive-referral")
    kinds = ("neglect", "physical", "financial")
    for number, kind in enumerate(kinds):
        if number:
            form = Form.of(send(shared, form, "add:command.allegations", form.pairs()))
        changed = {f"command__allegations__{number}__type": kind}
        form = Form.of(send(shared, form, "keep", form.pairs(**changed)))
    answer = send(shared, form, "remove:command.allegations.1", form.pairs())
    left = dict(Form.of(answer).pairs())
    assert left["command.allegations.0.type"] == "neglect"
    assert left["command.allegations.1.type"] == "financial"
    assert "command.allegations.2.type" not in left
    assert "autofocus" in answer.text


@pytest.mark.parametrize("row", ["", "x", "²", "-1", "9" * 5000])
def test_a_row_that_no_form_has_is_not_removed(shared: Doors, row: str) -> None:
    """Whatever stands where the number of a row should is turned away, with all that was typed."""
    form = get_form(shared, f"/cases/{shared.case()}/record/{NEEDS}")
    answer = send(shared, form, f"remove:known_to.{row}", form.pairs(command__language="Welsh"))
    assert answer.status_code == 422
    assert "Welsh" in answer.text


def test_what_has_no_field_any_more_is_still_shown(shared: Doors) -> None:
    """A draft of a release that asked for something else loses no word in this one."""
    form = get_form(shared, f"/cases/{shared.case()}/record/{NEEDS}")
    pairs = [*form.pairs(), ("command.gone", WORDS)]
    answer = send(shared, form, "keep", pairs)
    assert "has no field for any more" in answer.text
    assert "leave &lt;b&gt;me" in answer.text
    assert "has no field for any more" not in send(shared, form, "keep").text


# -------------------------------------------------------------------------- once and only once


def test_a_form_sent_twice_is_recorded_once(shared: Doors) -> None:
    """A second press of the button, or the page sent again, leads to what the first recorded."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/add-allegation")
    first, second = (send(shared, form, "record", form.pairs(**TRIPLE)) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert names(shared, case).count("allegation-added") == 1


def test_two_presses_at_the_same_moment_are_one(shared: Doors) -> None:
    """While the first is being recorded the second waits, and is answered as the first was."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/add-allegation")
    pairs = form.pairs(**TRIPLE)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(shared, form, "record", pairs), range(4)))
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1
    assert names(shared, case).count("allegation-added") == 1


def test_what_is_changed_after_it_was_recorded_is_kept_as_another(shared: Doors) -> None:
    """Back, and sent with other words: what was recorded is named, and the words are not lost."""
    case = shared.case()
    form, first = note(shared, case, "The first words.")
    assert first.status_code == 303
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text="Others.")
    answer = send(shared, form, "record", pairs)
    assert answer.status_code == 422
    (line,) = problems(answer)
    assert "This form was recorded before" in line
    again = Form.of(answer)
    assert again.hidden("key") != form.hidden("key")
    assert send(shared, again).status_code == 303
    texts = [one["data"]["text"]["text"] for one in entries(shared, case)[1:]]
    assert texts == ["The first words.", "Others."]


def test_whoever_recorded_first_is_shown_and_nothing_typed_is_lost(shared: Doors) -> None:
    """A conflict says what was recorded meanwhile, with a link; the same form is then recorded."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    assert shared.post(f"/v1/cases/{case}/{NEEDS}", {"command": {}}, version=1).status_code == 201
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=WORDS)
    answer = send(shared, form, "record", pairs)
    assert answer.status_code == 412
    assert "Somebody recorded first" in answer.text
    position = max(one["position"] for one in entries(shared, case))
    link = f'href="/cases/{case}?entry={position}#entry-{position}"'
    assert f"{link}>What the adult needs to communicate</a>" in answer.text
    assert shared.get(f"/cases/{case}?entry={position}").status_code == 200
    again = Form.of(answer)
    assert again.controls["command.text"].value == WORDS
    assert again.hidden("version") == "2"
    assert names(shared, case) == ["referral-received", "communication-needs-recorded"]
    assert send(shared, again).status_code == 303
    assert names(shared, case)[-1] == "entry-annotated"


# ------------------------------------------------------------------------- whose form it is


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
        {"Holdfast_Worker": "another"},
        {"Holdfast_Role": "practitioner"},
    ],
)
def test_a_form_sent_by_another_site_or_for_another_person_is_refused(
    shared: Doors, headers: dict[str, str]
) -> None:
    """Whoever can make a browser send a form cannot make it record; nothing sent is repeated."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=WORDS)
    answer = send(shared, form, "record", pairs, **headers)
    assert answer.status_code == 403
    assert "She said" not in answer.text
    assert names(shared, case) == ["referral-received"]


@pytest.mark.parametrize("name", ["key", "token", "version"])
@pytest.mark.parametrize("value", ["", "0f0e0d0c-0b0a-4908-8706-050403020100", "é"])
def test_a_form_without_its_own_token_is_refused(shared: Doors, name: str, value: str) -> None:
    """A token is of one person, one form and one command's id; no guess of any will do."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/{NEEDS}")
    pairs = [(one, value if one == name else told) for one, told in form.pairs()]
    assert send(shared, form, "record", pairs).status_code == 403
    assert names(shared, case) == ["referral-received"]


def test_a_token_opens_no_other_form(shared: Doors) -> None:
    """The token of one case's form records nothing of another, nor another command."""
    one, other = shared.case(), shared.case()
    form = get_form(shared, f"/cases/{one}/record/{NEEDS}")
    for action in (f"/cases/{other}/record/{NEEDS}", f"/cases/{one}/record/appoint-officer"):
        moved = Form.of(shared.client.get(form.action))
        moved.action = action
        assert send(shared, moved).status_code == 403
    assert names(shared, other) == ["referral-received"]


def test_a_browser_of_ours_says_where_the_form_came_from(shared: Doors) -> None:
    """Pages with forms let the browser name this site to itself, and are kept nowhere."""
    case = shared.case()
    for path in (f"/cases/{case}/record", f"/cases/{case}/record/{NEEDS}", "/drafts"):
        answer = shared.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"


# ---------------------------------------------------------------------- who may, and the trace


@pytest.mark.parametrize("role", ["practitioner", "chair", "minute_taker", "manager", "auditor"])
def test_a_role_is_offered_what_it_may_ask_and_no_more(shared: Doors, role: str) -> None:
    """The page of what may be recorded leads to all the role may ask here, and to no more."""
    case, nation = shared.case(), shared.office.jurisdiction
    page = shared.get(f"/cases/{case}/record", Holdfast_Role=role).text
    offered = {
        (one.attributes["href"] or "").rpartition("/")[2]
        for one in Outline(page).all("a")
        if (one.attributes["href"] or "").startswith(f"/cases/{case}/record/")
    }
    may = {
        one
        for one in commands_of(role)
        if COMMANDS[one].stream == CASE
        and one not in BEGINNING.keys() | WITHOUT_FORM
        and nation.has(one)
    }
    assert offered == may
    refused = shared.get(f"/cases/{case}/record/erase-personal-data", Holdfast_Role=role)
    assert refused.status_code == (200 if "erase-personal-data" in may else 403)


def test_a_form_offers_what_the_case_holds_so_far(shared: Doors) -> None:
    """Workers by name, entries and what they made by title: a moment after they were recorded."""
    case = shared.case()
    shared.get(f"/cases/{case}", Holdfast_Worker="newcomer")
    page = shared.get(f"/cases/{case}/record/allocate-case").text
    assert "Development identity newcomer, manager" in page
    opened = {"kind": "section_42", "opened_on": "2026-11-03"}
    made = shared.post(f"/v1/cases/{case}/open-enquiry", {"command": opened}, version=1).json()
    form = get_form(shared, f"/cases/{case}/record/identify-pach")
    (allegation,) = entries(shared, case)[0]["data"]["allegations"]
    assert allegation["ref"] in form.controls["command.allegations.0"].answers
    form = get_form(shared, f"/cases/{case}/record/conclude-enquiry")
    assert made["made"]["enquiry"] in form.controls["command.enquiry"].answers
    form = get_form(shared, f"/cases/{case}/record/correct-record?target=2")
    assert form.controls["command.target"].chosen == ["2"]


def test_a_wish_is_chosen_and_none_is_said_to_be_recorded(shared: Doors) -> None:
    """Where nothing is wanted yet no reference is asked for: its form leads to recording a wish."""
    case = shared.case()
    place = f"/cases/{case}/record"
    lead = f'<a href="{place}/record-desired-outcome">'
    for name in ("evaluate-desired-outcome", "agree-action"):
        page = shared.client.get(f"{place}/{name}")
        wish = Form.of(page).controls["command.outcome"]
        assert (wish.kind, wish.answers, wish.chosen) == ("radio", [""], [""])
        assert "none is recorded yet" in page.text
        assert lead in page.text
    own = shared.client.get(f"{place}/record-desired-outcome").text
    assert lead not in own


def test_opening_a_form_leaves_a_trace(shared: Doors) -> None:
    """Whoever opens a case's form has looked at the case, also where it is shown again."""
    case = shared.case()
    before = len(shared.readings())
    shared.get(f"/cases/{case}/record")
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    assert send(shared, form).status_code == 422
    seen = [(str(one.case), one.what, one.door) for one in shared.readings()[before:]]
    assert seen == [(case, "case", "page")] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/record/nothing",
        "/record/close-case",
        "/cases/nowhere/record",
        "/cases/00000000-0000-4000-8000-000000000001/record/close-case",
        "/persons/00000000-0000-4000-8000-000000000001/record/record-death",
    ],
)
def test_there_is_no_form_of_what_there_is_not(shared: Doors, path: str) -> None:
    """An unknown command, one of another kind of thing, or of nothing: a page that says so."""
    answer = shared.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_no_word_of_a_form_reaches_an_address_or_a_log_line(
    shared: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    """What was typed stands in the page and the record, and nowhere else."""
    case = shared.case()
    with caplog.at_level(logging.DEBUG):
        _form, answer = note(shared, case, "Unmistakable words.")
        form = get_form(shared, f"/cases/{case}/record/annotate-entry")
        wrong = send(shared, form, "record", form.pairs(command__text="Unmistakable words."))
    assert "nmistak" not in answer.headers["location"]
    assert "nmistak" not in str(wrong.headers) + Form.of(wrong).action
    assert "nmistak" not in caplog.text
    assert shared.client.get(f"/cases/{case}/record/annotate-entry?text=a").status_code == 422


# --------------------------------------------------------------------- nothing typed is lost


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Problem("not-identified"), 401),
        (Problem("unavailable"), 503),
        (psycopg.OperationalError("gone"), 503),
    ],
)
def test_what_cannot_be_taken_now_is_given_back_to_be_sent_again(
    shared: Doors, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    """Signed out, or with the database away: the page holds all that was typed, and sends it."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/annotate-entry")
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=WORDS)

    def fails(*_given: object, **_named: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        if status == 401:
            patched.setattr(Development, "actor", fails)
        else:
            patched.setattr(Asking, "recorded", fails)
        answer = send(shared, form, "record", pairs)
    assert answer.status_code == status
    again = Form.of(answer)
    assert dict(again.pairs())["command.text"] == WORDS
    body = encoded(again.pairs())
    headers = {"Content-Type": FORM, "Origin": "http://127.0.0.1"}
    sent = shared.client.post(again.action, content=body, headers=headers, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    assert entries(shared, case)[-1]["data"]["text"]["text"] == WORDS


def test_other_cases_with_the_same_reference_are_told_before_anything_else(shared: Doors) -> None:
    """What is to be looked at about a thing recorded is said on a page of its own."""
    answers = []
    for case in (shared.case(), shared.case()):
        form = get_form(shared, f"/cases/{case}/record/add-case-reference")
        pairs = form.pairs(command__reference__system="police", command__reference__id="FB/77")
        answers.append(send(shared, form, "record", pairs))
    assert [one.status_code for one in answers] == [303, 200]
    assert "To be looked at" in answers[1].text
