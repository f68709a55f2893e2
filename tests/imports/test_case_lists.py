"""Cases of another system brought forward: recorded once, whatever happens meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from api.caselists import steps
from api.caselists.columns import TITLE
from api.clocks import Clocks
from api.commands.following import up_to_date
from api.register import Register
from api.standing import stands
from api.story.saying import Voice
from domain.allocation import InvestigatingOfficerAppointed
from domain.closure import CaseClosed
from domain.concern import ReceiveReferral, ReferralReceived
from domain.conference import ConferenceConvened, ConveneConference
from domain.joining import MergeCase
from domain.monitoring import ReviewDateSet
from domain.plan import PlanAgreed, Terms
from domain.sitting import HoldCoreGroup
from domain.when import on_day
from domain.words import (
    CaseRef,
    Code,
    ConferenceRef,
    Personal,
    Slug,
)
from projections.caseload import CASELOAD, caseload
from projections.returns.england.sg1 import sg1f
from projections.returns.facts import FACTS, PEOPLE, financial_year, read_facts
from projections.reviews import REVIEWS, overdue
from tests.controls import ref
from tests.imports.bringing import CLOSED, OPEN, SYSTEM, TODAY, Bringer, bringer, one

__all__ = ["bringer"]

# -------------------------------------------------------------------------- what is recorded


def test_an_open_case_comes_with_its_dates_source_and_author(bringer: Bringer) -> None:
    """Each entry names the system it comes from, when it was so and when it was written there."""
    loaded = bringer.bring(OPEN)
    facts = bringer.facts()
    assert (loaded.brought, loaded.entries, loaded.refused) == (1, len(facts), [])
    assert [fact.header.name for fact in facts] == [
        *("case-brought-forward", "referral-received", "section42-duty-decided"),
        *("case-allocated", "enquiry-opened", "enquiry-concluded", "conference-convened"),
        *("conference-held", "plan-agreed", "review-date-set"),
    ]
    assert {fact.header.source for fact in facts} == {Slug(SYSTEM)}
    assert {str(fact.header.source_recorded) for fact in facts} == {"2026-03-05"}
    begun = facts[0].event
    assert (begun.author.text, begun.notes.text) == ("Some Author", OPEN["Notes"])
    assert begun.author.about == begun.adult
    assert one(facts, ReferralReceived).occurred == on_day(date(2026, 3, 2))
    assert str(one(facts, PlanAgreed).occurred) == "2026-04-20"
    assert [str(fact.occurred) for fact in facts if "conference" in fact.header.name] == (
        ["/2026-04-30", "2026-04"]
    )
    case, _ = bringer.office.handler.case(facts[0].stream)
    assert (case.stage, case.adult, case.closed) == ("plan", begun.adult, False)


def test_the_adult_stands_in_their_own_stream(bringer: Bringer) -> None:
    """Name and birth are sealed in the stream of the person, and nowhere in the case."""
    bringer.bring(OPEN)
    adult = bringer.facts()[0].event.adult
    person = bringer.office.handler.person(adult)
    assert {name: said.text for name, said in person.details.items()} == {  # type: ignore[union-attr]  # nothing is forgotten
        "name": "Violet Example",
        "date_of_birth": "1941-05-06",
    }
    assert Register(bringer.office).referred(SYSTEM, "p 1") == [adult]
    rows = bringer.office.record.log.stream(bringer.facts()[0].stream)
    stored = b"".join(row.header + row.payload for row in rows)
    for text in ("Violet", "1941-05-06", "S-1", "Some Author", "w-12"):
        assert text.encode() not in stored


def test_what_no_column_says_is_not_recorded(bringer: Bringer) -> None:
    """When a meeting was called, a plan's kind and review, and who sent the officer: all unsaid."""
    bringer.bring({**OPEN, "Officer": "Some Officer", "Officer ID": "w-9"})
    facts = bringer.facts()
    called, agreed = one(facts, ConferenceConvened), one(facts, PlanAgreed)
    assert (str(called.occurred), called.event.planned_for.unknown) == ("/2026-04-30", True)
    assert (agreed.event.terms.kind, agreed.event.terms.review) == ("not_recorded",) * 2
    assert one(facts, ReviewDateSet).event.reason == "not_recorded"
    assert one(facts, InvestigatingOfficerAppointed).event.organisation == "not-stated"
    office = bringer.office
    voice = Voice(
        nation=office.jurisdiction, worker=str, person=lambda _: None, case=facts[0].stream
    )
    told = " ".join(line for fact in facts for line in (voice.say(fact)[0], *voice.say(fact)[1]))
    for said in ("Not Stated", "not decided", "regular cycle", "(not recorded)", "It is:"):
        assert said not in told
    assert bringer.findings(facts) == []


def test_a_closed_case_is_closed_when_it_was(bringer: Bringer) -> None:
    """A closed case comes as closed, at its own time as uncertain as stated, with its reason."""
    bringer.bring(CLOSED)
    facts = bringer.facts("S-2")
    closed = one(facts, CaseClosed)
    assert (str(closed.occurred), closed.event.reason) == ("2025-02-03?", "other")
    assert closed.event.reason_other.text == CLOSED["Closed because"]
    assert bringer.office.handler.case(facts[0].stream)[0].closed
    assert bringer.findings(facts) == []


def test_unknown_blank_and_not_asked_are_three_things(bringer: Bringer) -> None:
    """XXXX is not known, an empty cell not recorded, and a missing column was not asked for."""
    row = {"Case reference": "S-3", "Received": "XXXX-XX-XX", "Plan agreed": "", "Stage": ""}
    bringer.bring(row)
    facts = bringer.facts("S-3")
    answers = {str(it.what): str(it.answer) for it in facts[0].event.matters}
    assert (answers["referral"], answers["plan"]) == ("not_known", "not_recorded")
    assert answers["duty"] == answers["closing"] == "not_asked"
    assert facts[0].event.stage == "not_recorded"
    assert one(facts, ReferralReceived).event.received.unknown


def test_what_is_not_one_day_stands_as_stated(bringer: Bringer) -> None:
    """A day that a return counts is never made up: an uncertain one stands as it was stated."""
    row = {**OPEN, "Duty decided": "2026-03", "Enquiry opened": "2026", "Enquiry concluded": ""}
    (found,) = bringer.found(row)
    assert found.made is not None
    assert {column for column, _ in found.made.notes} == {"duty_decided", "enquiry_opened"}
    bringer.bring(row)
    facts = bringer.facts()
    stated = {str(it.what): it.stated for it in facts[0].event.matters if it.stated is not None}
    assert {what: str(when) for what, when in stated.items()} == {
        "duty": "2026-03",
        "enquiry": "2026",
    }
    assert not {"section42-duty-decided", "enquiry-opened"} & {f.header.name for f in facts}


def test_a_workbook_is_read_as_well(bringer: Bringer) -> None:
    """An Excel workbook with the same cells records the same."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Safeguarding cases, November"])
    sheet.append(list(OPEN))
    sheet.append([date(2026, 3, 2) if key == "Received" else cell for key, cell in OPEN.items()])
    path = bringer.folder / "cases.xlsx"
    book.save(path)
    _, read = bringer.read(path)
    assert (read.errors, [row.reference for row in read.rows]) == ((), ["S-1"])
    assert read.rows[0].day("received") == date(2026, 3, 2)


@pytest.mark.parametrize("nation", ["scotland"])
def test_a_case_comes_forward_in_scotland(bringer: Bringer) -> None:
    """The same list is recorded by the events and in the words of the other nation."""
    row = {
        "Case reference": "S-1",
        "CHI number": "0605415013",
        "Received": "2026-08-03",
        "Duty decided": "2026-08-04",
        "Duty result": "Council to inquire",
        "Enquiry opened": "2026-08-04",
        "Officer": "Some Officer",
        "Officer ID": "w-9",
        "Last conference": "2026-08-20",
        "Conference kind": "initial",
        "Last core group": "2026-11-02",
        "Plan agreed": "2026-08-20",
    }
    bringer.bring(row)
    facts = bringer.facts()
    assert {"three-point-criteria-determined", "inquiry-opened", "core-group-held"} <= {
        fact.header.name for fact in facts
    }
    assert bringer.findings(facts) == []
    due = date(2026, 11, 30)  # four weeks after the last core group
    assert "core_group_overdue" not in bringer.findings(facts, due)
    assert "core_group_overdue" in bringer.findings(facts, date(2026, 12, 1))


# --------------------------------------------------------------------------- what goes on here


def test_a_core_group_follows_at_once(bringer: Bringer) -> None:
    """A conference can be called and held on the case as soon as it is there."""
    bringer.bring(OPEN)
    facts = bringer.facts()
    assert bringer.findings(facts) == []
    stream, group = facts[0].stream, ConferenceRef(ref(501))
    planned = ConveneConference(
        conference=group, kind=Code("core_group"), planned_for=on_day(TODAY)
    )
    bringer.ask(stream, planned, version=len(facts), number=1)
    bringer.ask(stream, HoldCoreGroup(conference=group, parts=()), version=len(facts) + 1, number=2)
    assert "no_initial_conference" not in bringer.findings(bringer.facts())
    assert "plan_review_overdue" in bringer.findings(facts, date(2027, 1, 21))
    assert "plan_review_overdue" not in bringer.findings(facts, date(2027, 1, 20))


def test_the_views_carry_it_in(bringer: Bringer) -> None:
    """Nobody is said to have waited, or gone unreviewed, before the case was here."""
    waiting = {**OPEN, "Worker ID": "", "Review due": ""}
    bringer.bring(waiting)
    up_to_date(bringer.office, (CASELOAD, REVIEWS))
    with bringer.office.pool.connection() as conn:
        (row,) = caseload(conn, on=TODAY).rows
        assert (row.stage, row.received_on, row.unallocated_days) == ("plan", date(2026, 3, 2), 0)
        assert overdue(conn, on=TODAY) == []
        (late,) = overdue(conn, on=date(2026, 12, 1))
        assert (late.why, late.days) == ("no_date", 10)


def test_what_had_passed_before_is_not_said_to_be_late(bringer: Bringer) -> None:
    """A day the rules reckon, past when the case came, may have been kept; a day stated stays."""
    enquiry = {**OPEN, "Enquiry concluded": "", "Review due": "", "Plan agreed": ""}
    stated = {**OPEN, "Case reference": "S-2", "Review due": "2026-10-01"}
    bringer.bring(enquiry, stated)
    up_to_date(bringer.office, (REVIEWS,))
    with bringer.office.pool.connection() as conn:
        (late,) = overdue(conn, on=TODAY)
        assert (late.case, late.why) == (bringer.facts("S-2")[0].stream, "past_due")
        assert {one.why for one in overdue(conn, on=date(2026, 12, 1))} == {"past_due", "no_date"}


def test_the_past_before_it_came_is_not_judged_either(bringer: Bringer) -> None:
    """Asked as of a day before, or what an agency knew, nothing is criticised of that time."""
    bringer.bring(OPEN)
    facts = bringer.facts()
    for narrowed in ({"as_of": date(2026, 6, 1)}, {"known_to": Slug("council")}):
        clocks = Clocks(as_at=None, on=date(2026, 6, 1), **narrowed)
        standing = stands(bringer.office, facts[0].stream, clocks)
        assert standing.findings(bringer.office) == []


def test_read_in_another_case_it_is_still_of_before(bringer: Bringer) -> None:
    """Of a case brought forward that is read in one begun here, nothing of before is criticised."""
    bringer.bring(OPEN)
    facts, here = bringer.facts(), ref(701)
    received = ReceiveReferral(adult=facts[0].event.adult, received=on_day(TODAY))
    bringer.ask(here, received, version=0, number=40)
    before = bringer.findings([bringer.office.record.facts(here)[0]], date(2026, 12, 1))
    merge = MergeCase(
        other=CaseRef(here), reason=Code("one_adult"), rationale=Personal(facts[0].stream, "y")
    )
    bringer.ask(facts[0].stream, merge, version=len(facts), number=41)
    case, _ = bringer.office.handler.case(here)
    assert case.plans
    after = bringer.findings([bringer.office.record.facts(here)[0]], date(2026, 12, 1))
    assert set(after) <= {*before, "joined_unexplained"}


def test_the_return_counts_it_in_the_year_it_was_received(bringer: Bringer) -> None:
    """A concern counts in the year it was received, not in that in which it was brought forward."""
    last_year = {**OPEN, "Received": "2025-11-03", "Person reference": "P-3"}
    this_year = {**OPEN, "Case reference": "S-5", "Person reference": "P-5"}
    unknown = {"Case reference": "S-6", "Person reference": "P-6", "Received": "XXXX"}
    bringer.bring(last_year, this_year, unknown)
    up_to_date(bringer.office, (FACTS, PEOPLE))

    def concerns(year: int) -> tuple[int, int, int]:
        with bringer.office.pool.connection() as conn:
            filled = sg1f.fill(read_facts(conn, financial_year(year)))
        counts = [len(cell.counted) for cell in filled.cells]
        return counts[0], counts[1], len(filled.left_out)

    assert concerns(2025)[:2] == (2, 2)  # both were received, and enquired into, in 2025-26
    assert concerns(2026)[:2] == (0, 0)
    assert concerns(2026)[2] == 1  # at a time not known: named, and counted nowhere


# -------------------------------------------------------------------------------------- twice


def test_the_same_list_twice_records_nothing_new(bringer: Bringer) -> None:
    """Running an import again leaves the record as it was."""
    bringer.bring(OPEN, CLOSED)
    tail = bringer.office.record.log.tail()
    loaded = bringer.bring(OPEN, CLOSED)
    assert (loaded.brought, loaded.completed, loaded.already) == (0, 0, 2)
    assert bringer.office.record.log.tail() == tail
    assert [found.changed for found in bringer.found(OPEN, CLOSED)] == [(), ()]


def test_a_plan_as_an_earlier_release_brought_it_has_not_changed(
    bringer: Bringer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of a kind no column tells stands as 0.1.0 recorded it, and the same list agrees."""
    with monkeypatch.context() as earlier:
        earlier.setattr(steps, "Terms", lambda **_told: Terms(kind=Code("protection")))
        bringer.bring(OPEN)
    assert [found.changed for found in bringer.found(OPEN)] == [()]
    kind = {**OPEN, "Plan kind": "Safety plan"}
    assert [found.changed for found in bringer.found(kind)] == [("plan_kind",)]


CHANGES = [
    ("Received", "2026-03-03"),
    ("Date of birth", "1941-06-05"),
    ("Name", "Violet Other"),
    ("Stage", "Conference"),
    ("Allegations", "Sexual abuse"),
    ("Duty decided", "2026-03-04"),
    ("Duty result", "Other safeguarding enquiry"),
    ("Enquiry opened", "2026-03-05"),
    ("Enquiry concluded", ""),
    ("Worker", "Another Worker"),
    ("Worker ID", "w-13"),
    ("Team", "South Team"),
    ("Last conference", "2026-05"),
    ("Conference kind", "Review conference"),
    ("Plan agreed", "2026-04-21"),
    ("Review due", "2027-02-20"),
    ("Author", "Another Author"),
    ("Notes", "Something else."),
    ("Recorded", "2026-03-06"),
]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        pytest.param(*one, id=one[0], marks=() if number % 3 == 0 else pytest.mark.long)
        for number, one in enumerate(CHANGES)
    ],
)
def test_a_row_that_changed_is_reported_and_left(bringer: Bringer, column: str, cell: str) -> None:
    """What the row now says otherwise is named by its column; the record stays as it is."""
    bringer.bring(OPEN)
    tail = bringer.office.record.log.tail()
    changed = {**OPEN, column: cell}
    (found,) = bringer.found(changed)
    assert column in {TITLE[name] for name in found.changed}
    assert len(found.changed) <= 2  # the kind of an enquiry follows from the duty decided
    assert bringer.bring(changed).already == 1
    assert bringer.office.record.log.tail() == tail


def test_a_case_that_has_closed_since_is_reported(bringer: Bringer) -> None:
    """A later list that says more of a case is reported: here the case has gone on meanwhile."""
    bringer.bring(OPEN, columns=[*OPEN, "Closed"])
    later = {**OPEN, "Stage": "Closed", "Closed": "2026-11-20"}
    (found,) = bringer.found(later)
    assert {"stage", "closed"} <= set(found.changed)
    assert bringer.bring(later).brought == 0


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "survived",
    [one if one % 3 == 0 else pytest.param(one, marks=pytest.mark.long) for one in range(12)],
)
def test_an_import_killed_anywhere_goes_on(
    bringer: Bringer, survived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was recorded before the end stays, and the same import records the rest once."""
    append, left = bringer.office.record.log.append, [survived]

    def dying(*args: Any, **named: Any) -> Any:  # noqa: ANN401 — whatever the log takes
        if not left[0]:
            raise Killed
        left[0] -= 1
        return append(*args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(bringer.office.record.log, "append", dying)
        try:
            bringer.bring(OPEN)
        except Killed:
            pass
        else:
            assert survived == 11  # of the adult and ten entries
    again = bringer.bring(OPEN)
    assert again.refused == []
    assert (again.brought, again.completed, again.already) == (
        int(survived < 2),
        int(2 <= survived < 11),
        int(survived == 11),
    )
    facts = bringer.facts()
    assert len(facts) == 10
    assert len({fact.header.command for fact in facts}) == 10
    assert bringer.findings(facts) == []


def test_a_case_cut_short_and_changed_is_not_completed(
    bringer: Bringer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a case recorded in part, a row that changed meanwhile is wrong, and says what to do."""
    append, left = bringer.office.record.log.append, [4]

    def dying(*args: Any, **named: Any) -> Any:  # noqa: ANN401 — whatever the log takes
        if not left[0]:
            raise Killed
        left[0] -= 1
        return append(*args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(bringer.office.record.log, "append", dying)
        with pytest.raises(Killed):
            bringer.bring(OPEN)
    (found,) = bringer.found({**OPEN, "Received": "2026-03-01"})
    assert found.wrong is not None
    assert "as it was" in found.wrong.remedy


def test_who_holds_a_case_may_be_said_not_to_be_known(bringer: Bringer) -> None:
    """`unknown` or XXXX in the columns of worker, team and officer makes nobody, and is kept so.

    Where only a name stands, nobody leads by it, and the report says so before it is recorded.
    """
    unknown = {"Worker": "XXXX", "Worker ID": "unknown", "Team": "Unknown", "Officer ID": "unknown"}
    named = {"Case reference": "S-2", "Officer": "Some Officer", "Officer appointed": "2026-03-04"}
    bringer.bring({**OPEN, **unknown}, {**OPEN, **named})
    facts = bringer.facts()
    answers = {str(it.what): str(it.answer) for it in facts[0].event.matters}
    assert (answers["allocation"], answers["officer"]) == ("not_known", "not_known")
    assert facts[0].event.team is None
    (lead,) = (it for it in bringer.facts("S-2")[0].event.matters if it.what == "officer")
    assert (str(lead.stated), lead.words.text) == ("2026-03-04", "Some Officer")
    made = {"case-allocated", "investigating-officer-appointed"}
    assert made.isdisjoint(fact.header.name for fact in facts)
    (found,) = bringer.found({**OPEN, **named, "Case reference": "S-3"})
    assert found.made is not None
    assert "officer_id" in {column for column, _ in found.made.notes}
    (team,) = bringer.found({**OPEN, "Case reference": "S-4", "Team": "unknown"})
    assert team.made is not None
    assert "team" in {column for column, _ in team.made.notes}


def test_an_officer_leads_from_the_day_the_list_has(bringer: Bringer) -> None:
    """Whoever leads the enquiry was appointed on the day stated, as uncertain as that is."""
    row = {**OPEN, "Officer": "Some Officer", "Officer ID": "w-9", "Officer appointed": "2026-03"}
    bringer.bring(row)
    assert str(one(bringer.facts(), InvestigatingOfficerAppointed).occurred) == "2026-03"
    (again,) = bringer.found({**row, "Officer appointed": "2026-04"})
    assert again.changed == ("appointed",)
