"""Cases read as one and parted again, asked over HTTP: one event in each of two cases, or none."""

from __future__ import annotations

from uuid import uuid4

from tests.doors.conftest import Cli, Doors
from tests.doors.scripted import Json
from tests.doors.test_erasure import asked as erasing


def names(doors: Doors, case: str) -> list[str]:
    """The stored names of a case's events, in order."""
    entries = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    return [one["name"] for one in entries]


def asked(doors: Doors, case: str, command: str, version: int | str, **more: object) -> Json:
    """Expect a command to be recorded."""
    answer = doors.post(f"/v1/cases/{case}/{command}", {"command": more}, version=version)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_a_merge_stands_in_both_cases_and_is_ended_in_both(doors: Doors) -> None:
    """A merge and its end are each recorded in the two cases at once."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    asked(doors, one, "merge-case", 1, other=other, reason="same_concern")
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-merged"
    refused = doors.post(
        f"/v1/cases/{one}/merge-case",
        {"command": {"other": other, "reason": "same_concern"}},
        version=2,
    )
    assert refused.status_code == 422
    asked(doors, one, "unmerge-case", 2, other=other)
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-unmerged"


def test_an_entry_is_read_in_the_case_it_belongs_to(doors: Doors) -> None:
    """Entries parted from a case are named in both, and come back when the split is ended."""
    person, somebody = doors.person(name="Ann Example"), doors.person(name="Bea Example")
    one, other = doors.case(person), doors.case(somebody)
    body = {"occurred": "2026-11-03", "command": {"kind": "section_42", "opened_on": "2026-11-03"}}
    assert doors.post(f"/v1/cases/{one}/open-enquiry", body, version=1).status_code == 201
    asked(doors, one, "split-case", 2, other=other, entries=[2], reason="wrong_person")
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-split"
    asked(doors, one, "end-split", 3, other=other)
    assert names(doors, one)[-1] == names(doors, other)[-1] == "case-split-ended"


def test_what_is_noted_beside_an_entry_is_read_where_the_entry_is(doors: Doors, cli: Cli) -> None:
    """Split off with it, at every door, and back with it; the case it came from tells no word."""
    one, other = (doors.case(doors.person(name=f"{name} Example")) for name in ("Ann", "Bea"))
    line = {"agency": "housing", "source": "f", "text": "The file is of Bea."}
    body = {"occurred": "2026-11-03", "command": line}
    assert (
        doors.post(f"/v1/cases/{one}/record-chronology-entry", body, version=1).status_code == 201
    )
    note = {"target": 2, "kind": "disputed", "text": "Bea says it is false."}
    asked(doors, one, "annotate-entry", 2, **note)
    asked(doors, one, "annotate-entry", 3, **{**note, "target": 3, "text": "She said so twice."})
    asked(doors, one, "annotate-entry", 4, **{**note, "target": 1, "text": "Ann agrees."})
    words = ("The file is of Bea.", "Bea says it is false.", "She said so twice.")

    def told(case: str) -> list[list[str]]:
        said = (
            doors.get(f"/v1/cases/{case}/timeline").text,
            doors.get(f"/v1/cases/{case}/replay", Holdfast_Role="auditor").text,
            doors.get(f"/cases/{case}").text,
            " ".join(cli("case", "show", case, "--role", "manager").out.split()),
        )
        assert all("Ann agrees." in one for one in said) == (case == one)
        return [[text for text in words if text in one] for one in said]

    assert told(one) == [list(words)] * 4
    asked(doors, one, "split-case", 5, other=other, entries=[2], reason="wrong_person")
    assert told(one) == [[]] * 4
    assert told(other) == [list(words)] * 4
    assert "case-split" in names(doors, one)
    asked(doors, one, "end-split", 6, other=other)
    assert told(one) == [list(words)] * 4
    assert told(other) == [[]] * 4


def offered(doors: Doors, case: str, name: str) -> set[str]:
    """The cases that a form lets one choose."""
    page = doors.get(f"/cases/{case}/record/{name}", Holdfast_Role="manager").text
    other = 'name="command.other" value="'
    return {one.partition('"')[0] for one in page.split(other)[1:]} - {""}


def test_what_a_case_is_read_with_is_chosen_to_be_parted_from(doors: Doors) -> None:
    """The forms that end a merge or a split offer the cases it stands with, and no others do.

    Nor one that is restricted, to whoever may not open it.
    """
    person, somebody = doors.person(name="Ann Example"), doors.person(name="Bea Example")
    one, other, third = doors.case(person), doors.case(person), doors.case(somebody)
    body = {"occurred": "2026-11-03", "command": {"kind": "section_42", "opened_on": "2026-11-03"}}
    assert doors.post(f"/v1/cases/{one}/open-enquiry", body, version=1).status_code == 201
    asked(doors, one, "split-case", 2, other=third, entries=[2], reason="wrong_person")
    asked(doors, one, "merge-case", 3, other=other, reason="same_concern")
    forms = ("unmerge-case", "end-split", "split-case", "merge-case")
    assert [offered(doors, one, name) for name in forms] == [{other}, {third}, set(), set()]
    for case in (other, third):  # what stands in both is ended where it was begun
        assert [offered(doors, case, name) for name in forms] == [set()] * len(forms)
    restrict = {"command": {"ground": "accuracy_contested"}}
    url = f"/v1/cases/{third}/restrict-processing"
    answer = doors.post(url, restrict, version=seen(doors, third), Holdfast_Role="manager")
    assert answer.status_code == 201, answer.text
    assert offered(doors, one, "end-split") == set()
    asked(doors, one, "unmerge-case", 4, other=other)
    assert offered(doors, one, "unmerge-case") == set()


def test_a_case_is_not_merged_with_itself_or_with_nothing(doors: Doors) -> None:
    """The other case is another one, and there."""
    person = doors.person(name="Ann Example")
    case = doors.case(person)
    for other, status in ((case, 422), (person, 404)):
        body = {"command": {"other": other, "reason": "same_concern"}}
        answer = doors.post(f"/v1/cases/{case}/merge-case", body, version=1)
        assert answer.status_code == status, answer.text
    assert names(doors, case) == ["referral-received"]


def version(doors: Doors, case: str) -> int:
    """Give the version a case is at."""
    found = doors.get(f"/v1/cases/{case}", Holdfast_Purpose="legal_claim").json()["version"]
    return int(found)


def seen(doors: Doors, case: str) -> str:
    """Give what the last answer about a case says was seen: its ETag."""
    answer = doors.get(f"/v1/cases/{case}", Holdfast_Purpose="legal_claim")
    return answer.headers["ETag"].strip('"')


def joined(doors: Doors, one: str, other: str, **more: object) -> None:
    """Merge a case into another."""
    reason = {"reason": "one_adult", **more}
    asked(doors, one, "merge-case", seen(doors, one), other=other, **reason)


def test_a_leading_case_shows_the_entries_of_both_and_leaves_a_trace_of_both(doors: Doors) -> None:
    """Each entry opens to the case it was recorded in, and both were looked at."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    joined(doors, one, other)
    doors.get(f"/v1/cases/{other}/readings")

    entries = doors.get(f"/v1/cases/{other}/timeline").json()["entries"]
    places = [(entry["case"], entry["version"], entry["name"]) for entry in entries]
    assert sorted(places) == sorted(
        [
            (one, 1, "referral-received"),
            (other, 1, "referral-received"),
            (other, 2, "case-merged"),
        ]
    )
    last = doors.readings()[-1]
    assert str(last.case) == other
    assert {str(case) for case in last.cases} == {one, other}
    summary = doors.get(f"/v1/cases/{other}").json()
    assert (summary["reads"], summary["merged_into"]) == ([one], None)
    summary = doors.get(f"/v1/cases/{one}").json()
    assert (summary["reads"], summary["merged_into"]) == ([], other)
    looks = doors.get(f"/v1/cases/{one}/readings").json()["readings"]
    assert "chronology" in {look["what"] for look in looks}


def test_the_caseload_counts_cases_read_as_one_once(doors: Doors) -> None:
    """A case merged into another is not in the caseload, and is again once that is ended."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)

    def held() -> set[str]:
        return {row["case"] for row in doors.get("/v1/cases").json()["cases"]}

    joined(doors, one, other)
    assert held() == {other}
    asked(doors, one, "unmerge-case", 2, other=other)
    assert held() == {one, other}


def test_a_restriction_of_one_closes_what_is_read_as_one(doors: Doors) -> None:
    """A restricted case is not read through the leading one, nor whom it names, ever after."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(doors.person(name="Bea Example"))
    joined(doors, one, other)
    merged = doors.get(f"/v1/cases/{other}/timeline").json()["as_at"]
    asked(doors, one, "restrict-processing", version(doors, one), ground="accuracy_contested")

    for path in ("", "/timeline", "/findings"):
        assert doors.get(f"/v1/cases/{other}{path}").status_code == 403, path
    assert doors.get(f"/v1/cases/{other}", Holdfast_Purpose="legal_claim").status_code == 200
    asked(doors, one, "unmerge-case", version(doors, one), other=other)
    assert doors.get(f"/v1/cases/{other}/timeline").status_code == 200
    then = doors.get(f"/v1/cases/{other}/timeline?as_at={merged}")
    assert then.status_code == 403


def test_a_restriction_of_the_leading_case_is_one_of_what_it_reads(doors: Doors) -> None:
    """A merged case, and whom it names, are closed while the case they are read in is."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(doors.person(name="Bea Example"))
    joined(doors, one, other)
    assert doors.get(f"/v1/persons/{person}").status_code == 200
    asked(doors, other, "restrict-processing", seen(doors, other), ground="accuracy_contested")
    assert doors.get(f"/v1/cases/{one}").status_code == 403
    assert doors.get(f"/v1/persons/{person}").status_code == 403


def test_a_hold_on_the_leading_case_stops_an_erasure_in_the_merged_one(doors: Doors) -> None:
    """What a held case reads is not erased where it was recorded; once parted it may be (L17)."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(doors.person(name="Bea Example"))
    joined(doors, one, other)
    asked(doors, other, "place-legal-hold", seen(doors, other), reason="court")

    at = version(doors, one)
    assert doors.get(f"/v1/cases/{one}").json()["held"]
    refused = erasing(doors, one, "case", at)
    assert (refused.status_code, refused.json()["code"]) == (422, "legal_hold")
    refused = erasing(doors, one, "person", at + 1)
    assert (refused.status_code, refused.json()["code"]) == (422, "legal_hold")
    asked(doors, one, "unmerge-case", at + 2, other=other)
    assert erasing(doors, one, "case", at + 3).status_code == 201


def test_a_chain_of_merges_is_read_in_the_last_and_ended_link_by_link(doors: Doors) -> None:
    """Of three cases merged one after another the last reads all; the middle takes no more."""
    person = doors.person(name="Ann Example")
    one, middle, last = (doors.case(person) for _ in range(3))
    joined(doors, one, middle)
    joined(doors, middle, last)
    assert set(doors.get(f"/v1/cases/{last}").json()["reads"]) == {one, middle}
    third = doors.case(person)
    body = {"command": {"other": middle, "reason": "one_adult"}}
    answer = doors.post(f"/v1/cases/{third}/merge-case", body, version=version(doors, third))
    assert (answer.status_code, answer.json()["code"]) == (422, "merged_elsewhere")
    asked(doors, middle, "unmerge-case", seen(doors, middle), other=last)
    assert doors.get(f"/v1/cases/{last}").json()["reads"] == []
    assert doors.get(f"/v1/cases/{middle}").json()["reads"] == [one]


def test_a_split_begins_a_case_for_the_adult_named(doors: Doors) -> None:
    """A case that was not there begins with what is split off, about somebody registered (L29)."""
    person, somebody = doors.person(name="Ann Example"), doors.person(name="Bea Example")
    one, new = doors.case(person), str(uuid4())
    body = {"other": new, "entries": [1], "reason": "wrong_person"}
    for adult, status in ((None, 422), (str(uuid4()), 404)):
        answer = doors.post(
            f"/v1/cases/{one}/split-case",
            {"command": {**body, **({"adult": adult} if adult else {})}},
            version=1,
        )
        assert answer.status_code == status, answer.text
    asked(doors, one, "split-case", 1, adult=somebody, **body)

    found = doors.get(f"/v1/cases/{new}").json()
    assert (found["adult"], found["reads"], found["version"]) == (somebody, [one], 1)
    assert [row["case"] for row in doors.get("/v1/cases").json()["cases"]] == [new]
    entries = doors.get(f"/v1/cases/{new}/timeline").json()["entries"]
    assert (one, 1, "referral-received") in [
        (entry["case"], entry["version"], entry["name"]) for entry in entries
    ]
    assert "referral-received" not in names(doors, one)
    asked(doors, one, "end-split", 2, other=new)
    assert "referral-received" in names(doors, one)
    asked(doors, one, "split-case", 3, **body)


def test_what_is_split_off_to_a_case_that_is_merged_back_is_back(doors: Doors) -> None:
    """An entry split off to a case that is then merged with the first is read in the first."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    asked(doors, one, "split-case", 1, other=other, entries=[1], reason="wrong_case")
    assert "referral-received" not in names(doors, one)
    joined(doors, other, one)
    assert names(doors, one).count("referral-received") == 2


def test_a_leading_case_is_shown_as_it_was_known_then(doors: Doors) -> None:
    """What was corrected since in a merged case is in the leading one as it was known before."""
    person = doors.person(name="Ann Example")
    one, other = doors.case(person), doors.case(person)
    body = {"occurred": "2026-11-03", "command": {"kind": "section_42", "opened_on": "2026-11-03"}}
    assert doors.post(f"/v1/cases/{one}/open-enquiry", body, version=1).status_code == 201
    joined(doors, one, other)
    before = doors.get(f"/v1/cases/{other}").json()
    wrong = {"reason": "entered_wrongly", "withdrawn": True}
    asked(doors, one, "correct-record", version(doors, one), target=2, **wrong)

    assert before["stage"] == "enquiry"
    assert doors.get(f"/v1/cases/{other}").json()["stage"] == "concern"
    at = before["as_at"]
    assert doors.get(f"/v1/cases/{other}?as_at={at}").json()["stage"] == "enquiry"
    entries = doors.get(f"/v1/cases/{other}/timeline?as_at={at}").json()["entries"]
    assert not any(entry["withdrawn"] for entry in entries)
    for clock in ("as_of=2026-11-10", "known_to=council"):
        found = doors.get(f"/v1/cases/{other}?as_at={at}&{clock}")
        assert found.status_code == 200, found.text


def test_a_story_tells_the_entries_that_are_read_in_the_case(doors: Doors, cli: Cli) -> None:
    """What came in with a case merged into it is told there, and that one was looked at too."""
    person = doors.person(name="Ann Example")
    leading = doors.case(person, account="The first call.")
    merged = doors.case(person, account="The second call.")
    joined(doors, merged, leading)
    said = cli("case", "show", leading, "--role", "manager")
    assert said.code == 0, said.err
    assert "“The first call.”" in said.out
    assert "“The second call.”" in said.out
    looked = [one for one in doors.readings() if str(getattr(one, "case", "")) == leading]
    assert any(merged in map(str, one.cases) for one in looked)
    asked(doors, merged, "unmerge-case", seen(doors, merged), other=leading)
    there, here = (
        " ".join(cli("case", "show", one, "--role", "manager").out.split())
        for one in (leading, merged)
    )
    assert f"Case {merged[:8]} is read in this one, and the two as one" in there
    assert f"Case {merged[:8]} is no longer read in this one" in there
    assert f"This case is read in case {leading[:8]}" in here
    assert f"This case is no longer read in case {leading[:8]}" in here


def test_a_correction_in_one_case_moves_what_is_due_in_the_one_it_is_read_in(
    doors: Doors, cli: Cli
) -> None:
    """The page of each says so: what is due now by the correction, and of which entry it is."""
    person = doors.person(name="Ann Example")
    other, one = (doors.case(person, received=day) for day in ("2026-11-02", "2026-11-09"))
    asked(doors, other, "merge-case", 1, other=one, reason="one_adult")
    seen = doors.get(f"/v1/cases/{one}").headers["ETag"].strip('"')
    body = {"occurred": "2026-11-09", "command": {"kind": "section_42", "opened_on": "2026-11-09"}}
    opened = doors.post(f"/v1/cases/{one}/open-enquiry", body, version=seen).json()["positions"][0]
    told = {"target": 1, "reason": "wrong_date", "occurred": "2026-10-26"}
    by = asked(doors, other, "correct-record", 2, **told)["positions"][0]
    entries = doors.get(f"/v1/cases/{one}/timeline").json()["entries"]
    (enquiry,) = (entry for entry in entries if entry["position"] == opened)
    (due,) = enquiry["dues"]
    assert (due["due"]["start"], due["supersedes"]["start"]) == ("2026-10-26", "2026-11-02")
    assert due["corrected_by"] == by
    assert f"(by the correction at position {by})" in doors.get(f"/cases/{one}").text
    assert f"the entry at [{opened}]" in cli("case", "show", other).out
    asked(doors, other, "unmerge-case", version(doors, other), other=one)  # it stays as it was
    entries = doors.get(f"/v1/cases/{one}/timeline").json()["entries"]
    assert [entry["dues"] for entry in entries if entry["position"] == opened] == [[due]]
