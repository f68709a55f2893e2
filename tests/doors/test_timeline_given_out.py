"""What a timeline for a review says, and what it leaves behind: by the API, over its cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from docx import Document
from openpyxl import load_workbook

from api.chronologies.standing import Standing
from domain.handle import local_day
from tests.doors.conftest import Doors
from tests.doors.given_out import Json, file_of, give, line, lines_in, say
from tests.doors.test_excepted import restrict
from tests.imports.conftest import Importer

# --------------------------------------------------------------------------- order, time, columns


def test_several_cases_and_a_person_come_in_one_order(shared: Doors) -> None:
    """A person brings every case about them; each line stands once and says where it stands."""
    ann = shared.person(name="Ann Example")
    one, other, third = shared.case(ann), shared.case(ann), shared.case()
    for case, occurred in ((one, "2024-03-02"), (other, "2024-01-05"), (third, "2024-02")):
        line(shared, case, occurred, f"Something of {occurred}.")
    answer = give(shared, third, one, persons=[ann])
    found = [one for one in lines_in(shared, answer) if one["text"].startswith("Something")]
    assert [one["start"] for one in found] == ["2024-01-05", "2024-02", "2024-03-02"]
    assert {one["case"] for one in answer["given_out"]} == {one, other, third}
    positions = [one["entry"]["position"] for one in lines_in(shared, answer)]
    assert len(positions) == len(set(positions))
    assert all(one["source"] and one["recorded_here"] for one in lines_in(shared, answer))


def test_the_columns_are_those_of_a_chronology(shared: Doors) -> None:
    """In every kind of file, in that order; ours stand behind them."""
    case = shared.case()
    line(shared, case, "2024-03-02", "Called.")
    heads = csv.reader(
        io.StringIO(file_of(shared, give(shared, case, format="csv")).decode("utf-8-sig"))
    )
    first = next(heads)
    assert first[:9] == [
        *("Seq", "Start date", "End date", "Start time", "End time", "Agency"),
        *("Source of information", "Person(s)", "Event"),
    ]
    assert first[-3:] == ["Line", "Recorded here", "Remarks"]
    book = load_workbook(io.BytesIO(file_of(shared, give(shared, case, format="xlsx"))))
    assert [cell.value for cell in book.worksheets[0][1]] == first
    document = Document(io.BytesIO(file_of(shared, give(shared, case, format="docx"))))
    shown = [cell.text for cell in document.tables[0].rows[0].cells]
    assert shown == [one for one in first if one in shown]
    section = document.sections[0]
    assert (section.page_width or 0) > (section.page_height or 0)
    assert b"w:tblHeader" in document.tables[0]._tbl.xml.encode()


def test_uncertain_times_have_their_mark_and_keep_their_edtf(shared: Doors) -> None:
    """`?` leads where people read, and what exactly was stated stands beside it for a program."""
    case = shared.case()
    line(shared, case, "2024-03?", "Perhaps.", ended="2024-05~")
    (found,) = [one for one in lines_in(shared, give(shared, case)) if one["text"] == "Perhaps."]
    assert (found["start"], found["end"]) == ("?2024-03", "~2024-05")
    assert (found["edtf"]["start"], found["edtf"]["end"]) == ("2024-03?", "2024-05~")


def today_of(doors: Doors) -> str:
    """Give the day on which all of this is recorded."""
    return local_day(doors.office.clock.now()).isoformat()


def test_a_period_leaves_out_what_lies_outside_and_counts_it(shared: Doors) -> None:
    """What was noted as significant before it is marked so; without a note it is only counted."""
    case = shared.case()
    old = line(shared, case, "1999-05-01", "Long before.")
    line(shared, case, "2001", "Before, and nobody noted it.")
    line(shared, case, "2024-01-10", "Within.")
    line(shared, case, "2023/2024-02", "Reaches into it.")
    line(shared, case, "unknown", "At some time.")
    line(shared, case, "2025-01-10", "After.")
    note = {"target": old, "kind": "significance", "text": "It began here."}
    say(shared, case, "annotate-entry", "2026-11-03", **note)
    asked = {"period_from": "2024-01-01", "period_to": "2024-12-31"}
    answer = give(shared, case, **asked, before_period=True)
    told = {one["text"]: one["remarks"] for one in lines_in(shared, answer)}
    noted = f"its significance noted here on {today_of(shared)} by Manager"
    assert told == {
        "Long before.": f"before the period, and noted as significant; {noted}",
        "Reaches into it.": "reaches beyond the period, or may",
        "Within.": "",
        "At some time.": "time not known, so perhaps not in the period",
    }
    (first, *_rest) = lines_in(shared, answer)
    assert first["significance"] == "It began here."
    assert answer["report"]["left_out"]["before_period"] == 1
    assert answer["report"]["left_out"]["after_period"] > 0
    without = {one["text"] for one in lines_in(shared, give(shared, case, **asked))}
    assert without == told.keys() - {"Long before."}


def test_silences_are_lines_that_an_import_passes_over(shared: Doors) -> None:
    """From when to when and how many days; at both ends of the period too, if it is long enough."""
    case = shared.case()
    line(shared, case, "2024-02-01", "One.")
    line(shared, case, "2024-02-20", "Too soon for a silence.")
    line(shared, case, "2024-06", "Some time in June.")
    say(shared, case, "place-legal-hold", "2024-04-01", reason="court")
    asked: Json = {"period_from": "2024-01-01", "period_to": "2024-12-31", "gaps": 31}
    answer = give(shared, case, **asked)
    assert [(one["from"], one["to"], one["days"]) for one in answer["report"]["silences"]] == [
        ("2024-01-01", "2024-01-31", 31),
        ("2024-02-21", "2024-05-31", 101),
        ("2024-07-01", "2024-12-31", 184),
    ]
    silent = [one for one in lines_in(shared, answer) if one["entry"] is None]
    assert all(one["text"].startswith("No contact recorded in this period") for one in silent)
    assert {one["source"][0] for one in silent} == {"#"}
    assert give(shared, case, **{**asked, "gaps": 200})["report"]["silences"] == []


def test_a_line_without_a_source_says_so_and_is_named(shared: Doors) -> None:
    """The source is mandatory: where none was recorded the line says so, and the report too."""
    case = shared.case()
    line(shared, case, "2023-01-01", "Whence nobody knows.", source=None)
    answer = give(shared, case)
    (first, *rest) = lines_in(shared, answer)
    assert (first["source"], first["remarks"]) == ("not recorded", "no source recorded")
    assert answer["report"]["without_source"] == [1]
    assert "not recorded" not in {one["source"] for one in rest}


def test_what_may_tell_the_same_is_pointed_out_and_kept(shared: Doors) -> None:
    """Two agencies that tell of one visit both stand, each naming the other's line."""
    case = shared.case()
    line(shared, case, "2024-03-02", "Home visit; she was very thin.", agency="gp")
    line(shared, case, "2024-03-02", "Home visit: she was very thin and cold.", agency="ambulance")
    line(shared, case, "2024-03-02", "The pharmacy telephoned.", agency="gp")
    line(shared, case, "2024-03-03", "Home visit; she was very thin.", agency="gp")
    answer = give(shared, case, period_to="2024-12-31")
    told = [one["remarks"] for one in lines_in(shared, answer)]
    assert told == ["may tell the same as line 2", "may tell the same as line 1", "", ""]
    assert answer["report"]["may_tell_the_same"] == [1, 2]


def test_no_cell_is_a_formula(shared: Doors) -> None:
    """What begins as one is text in CSV and Excel, and reads as it was written when taken in."""
    case = shared.case()
    line(shared, case, "2024-03-02", "=HYPERLINK(1)", source="+1", response="@SUM(1)")
    content = file_of(shared, give(shared, case, format="csv")).decode("utf-8-sig")
    assert all(one in content for one in ("'=HYPERLINK(1)", "'+1", "'@SUM(1)"))
    book = load_workbook(io.BytesIO(file_of(shared, give(shared, case, format="xlsx"))))
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}  # n: nothing in it
            assert not [cell for cell in row if str(cell.value or "")[:1] in tuple("=+@")]


def test_legal_advice_is_not_given_out(shared: Doors) -> None:
    """The entry stands, and says that its words are withheld (R72)."""
    case = shared.case()
    say(shared, case, "obtain-legal-advice", "2024-03-02", advice="Do settle.")
    say(shared, case, "obtain-legal-advice", "2024-03-03", advice="In public.", privileged="no")
    answer = give(shared, case, naming="named")
    told = file_of(shared, answer).decode()
    assert "Do settle." not in told
    assert "In public." in told
    assert answer["report"]["withheld"] == [1]


def test_who_referred_is_given_out_only_where_that_is_known_to_be_no_confidence(
    shared: Doors,
) -> None:
    """In confidence, or where nobody knows whether, the name is withheld, and the line says why."""
    case = shared.case(referrer="R. Quillfeather", referrer_confidential="no")
    for code in ("yes", "not_known", None):
        told = {"received": "2026-11-03", "referrer": "Q. Quillfeather"}
        told |= {} if code is None else {"referrer_confidential": code}
        say(shared, case, "link-referral", "2026-11-03", **told)
    answer = give(shared, case, naming="named")
    content = file_of(shared, answer).decode()
    assert "R. Quillfeather" in content
    assert "Q. Quillfeather" not in content
    assert len(answer["report"]["withheld"]) == 3
    for why in ("in confidence", "whether in confidence is not known", "is not recorded"):
        assert why in content


# ------------------------------------------------------------------------------ what was known


def test_what_an_agency_knew_by_a_day(shared: Doors) -> None:
    """Its own entries, what is said to be known to it, and what was sent or disclosed to it."""
    case = shared.case()
    told = line(shared, case, "2024-01-01", "The gp's own, disclosed.", agency="gp")
    line(shared, case, "2024-01-02", "The gp's own, kept.", agency="gp")
    line(shared, case, "2024-01-03", "The police's own.", source_recorded="2024-01-04")
    line(shared, case, "2024-01-20", "Of the police, at any time.")
    line(
        *(shared, case, "2024-01-05", "Told to the police."),
        agency="gp",
        known_to=[{"agency": "police", "since": "2024-02-01"}],
    )
    disclosed = {"to": "police", "organisation": "police", "digest": "0" * 64}
    manifest = [{"entry": told, "form": "as_recorded"}]
    say(shared, case, "make-disclosure", "2024-03-01", **disclosed, manifest=manifest)
    note = {"target": told, "kind": "significance", "text": "Seen by nobody then."}
    say(shared, case, "annotate-entry", "2024-01-02", **note)

    say(shared, case, "share-information", "2024-04-01", item="plan", organisation="police")

    def known(on: str) -> set[str]:
        answer = give(shared, case, known_to="police", known_on=on)
        return {one["text"] for one in lines_in(shared, answer) if one["agency"] != "council"}

    own = {"The police's own.", "Of the police, at any time."}
    assert known("2024-01-03") == set()
    assert known("2024-01-19") == {"The police's own."}
    assert known("2024-01-31") == own
    assert known("2024-02-29") == {*own, "Told to the police."}
    assert known("2024-03-01") == {*own, "Told to the police.", "The gp's own, disclosed."}
    answer = give(shared, case, known_to="police", known_on="2024-03-01")
    assert answer["report"]["left_out"]["not_known_to_agency"] > 0
    doubtful = {one["text"] for one in lines_in(shared, answer) if "not certain" in one["remarks"]}
    assert doubtful == {"Of the police, at any time."}
    names = {one["entry"]["name"] for one in lines_in(shared, answer)}
    assert names == {"chronology-entry-recorded", "disclosure-made"}
    assert {one["significance"] for one in lines_in(shared, answer)} == {""}  # noted since
    today = give(shared, case, known_to="police", known_on=today_of(shared))
    assert "Seen by nobody then." in {one["significance"] for one in lines_in(shared, today)}
    later = give(shared, case, known_to="police", known_on="2024-04-01")
    found = {one["entry"]["name"] for one in lines_in(shared, later)}
    assert found - names == {"information-shared"}


def test_every_note_of_significance_is_given_out(shared: Doors, tmp_path: Path) -> None:
    """In order, with who said it and when; taken in again they are there already."""
    case = shared.case()
    told = line(shared, case, "2024-01-01", "Called.")
    for text, more in (("A warning.", {}), ("It was missed.", {"whose": "the reviewer"})):
        note = {"target": told, "kind": "significance", "text": text, **more}
        say(shared, case, "annotate-entry", "2026-11-02", **note)
    (found,) = [one for one in lines_in(shared, give(shared, case)) if one["text"] == "Called."]
    assert found["significance"] == "A warning.\n[next note]\nIt was missed."
    noted = f"its significance noted here on {today_of(shared)} by Manager"
    assert found["remarks"] == f"{noted}; {noted} (whose view: the reviewer)"
    file = tmp_path / "again.csv"
    file.write_bytes(file_of(shared, give(shared, case, format="csv")))
    importer = Importer(shared.office, shared.office.system_actor)
    _, read = importer.read(file)
    (line_,) = [one for one in read.entries if one.text == "Called."]
    assert line_.significance == ("A warning.", "It was missed.")
    standing = Standing()
    standing.read(shared.office.record.facts(UUID(case)))
    assert all(standing.noted(told, one) for one in line_.significance)


def test_a_timeline_is_of_the_position_it_names(shared: Doors) -> None:
    """As at a position nothing later stands in it, and what was said then is given as it was."""
    case = shared.case()
    line(shared, case, "2024-01-01", "First.")
    then = give(shared, case)
    line(shared, case, "2024-01-02", "Second.")
    assert "Second." in file_of(shared, give(shared, case)).decode()
    again = give(shared, case, as_at=str(then["basis"]["as_at"]))
    assert again["sha256"] == then["sha256"]
    assert file_of(shared, again) == file_of(shared, then)
    assert again["basis"]["release"]
    assert again["basis"]["policy"] == shared.office.jurisdiction.policy


# --------------------------------------------------------------------- recorded, and who may


def test_that_it_was_given_out_is_recorded_with_its_basis(shared: Doors) -> None:
    """The trace of a look at each case, and an entry in each; which is no line of a later one."""
    one, other = shared.case(), shared.case()
    line(shared, one, "2024-01-01", "Something.")
    before = len(shared.readings())
    answer = give(shared, one, other, period_from="2024-01-01", naming="pseudonyms")
    looked = shared.readings()[before:]
    assert {str(case) for event in looked for case in event.cases} == {one, other}
    assert {str(event.what) for event in looked} == {"export"}
    for of, case in enumerate((one, other)):
        (entry,) = [
            each
            for each in shared.get(f"/v1/cases/{case}/timeline").json()["entries"]
            if each["name"] == "chronology-produced"
        ]
        data = entry["data"]
        assert entry["version"] == answer["given_out"][of]["version"]
        assert data["as_at"] == answer["basis"]["as_at"]
        assert data["period_from"] == "2024-01-01"
        assert data["entries"] == answer["report"]["lines"]
        assert data["document"] == answer["given_out"][of]["document"]
        assert data["pseudonyms"] == answer["given_out"][of]["pseudonyms"]
    assert file_of(shared, answer, of=0) == file_of(shared, answer, of=1)
    again = give(shared, one, other)
    assert again["report"]["left_out"]["given_out"] == 2
    assert "Chronology" not in {each["text"].split()[0] for each in lines_in(shared, again)}


def test_a_restriction_closes_what_was_given_out_of_several_cases(doors: Doors) -> None:
    """A copy of a case that is restricted since opens by no other case; a new one is refused."""
    one, other = doors.case(), doors.case()
    answer = give(doors, one, other)
    restrict(doors, other)
    for each in answer["given_out"]:
        assert doors.client.get(each["links"]["file"]).status_code == 403
    refused = doors.post("/v1/timelines", {"cases": [one, other]})
    assert refused.status_code == 403
    assert give(doors, one, other, purpose="public_interest")["bytes"] > 0


def test_of_a_merged_case_it_is_recorded_where_that_is_read(doors: Doors) -> None:
    """Asked for by its own reference, or with the other: once, and its lines stand once."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    line(doors, other, "2024-01-01", "Of the other.")
    say(doors, other, "merge-case", "2026-11-03", other=one, reason="same_concern")
    for cases in ((other,), (one, other), (other, one)):
        answer = give(doors, *cases)
        assert [each["case"] for each in answer["given_out"]] == [one]
        told = [each["text"] for each in lines_in(doors, answer)]
        assert told.count("Of the other.") == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [("manager", 201), ("practitioner", 403), ("auditor", 403), ("analyst", 403)],
)
def test_only_who_may_record_it_may_give_it_out(shared: Doors, role: str, status: int) -> None:
    """Nothing is read, and no trace is left, for whoever may not."""
    case, before = shared.case(), len(shared.readings())
    answer = shared.post("/v1/timelines", {"cases": [case]}, Holdfast_Role=role)
    assert answer.status_code == status, answer.text
    assert (len(shared.readings()) > before) == (status == 201)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"period_from": "2024-02-01", "period_to": "2024-01-01"}, 422),
        ({"before_period": True}, 422),
        ({"known_on": "2024-01-01"}, 422),
        ({"gaps": 0}, 422),
        ({"format": "pdf"}, 422),
        ({"as_at": "never"}, 422),
        ({"cases": [str(uuid4())]}, 404),
        ({"persons": [str(uuid4())]}, 404),
    ],
)
def test_what_cannot_be_answered_is_turned_away(shared: Doors, body: Json, status: int) -> None:
    """By its place in what was sent, and nothing is recorded."""
    case = shared.case()  # in a new database whoever asks first is entered as a worker
    if body.keys() - {"cases", "persons"}:
        body = {"cases": [case], **body}
    tail = shared.office.record.log.tail()
    assert shared.post("/v1/timelines", body).status_code == status
    assert shared.office.record.log.tail() == tail


def test_a_person_whom_no_case_is_about_has_nothing_to_give_out(shared: Doors) -> None:
    """Where it could not be recorded that it was given out, it is not."""
    answer = shared.post("/v1/timelines", {"persons": [shared.person(name="Ann")]})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_case")
