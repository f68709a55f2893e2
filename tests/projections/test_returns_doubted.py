"""What a correction leaves in doubt of what is counted: an answer, a kind, a day; none silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.conclusion import EnquiryReopened
from domain.correction import RecordCorrected
from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.monitoring import PlanEnded
from domain.person import (
    Details,
    PersonDetailsRecorded,
    PersonDied,
    PersonRecordCorrected,
    PersonRegistered,
)
from domain.when import read
from domain.words import Code, Passage, PlanRef
from projections.rebuild import verify
from projections.returns import AGREEING, tables
from projections.returns.exceptions import exceptions
from projections.returns.facts import FACTS, PEOPLE, Facts
from projections.returns.reading import INQUIRIES
from projections.returns.table import DOUBTED
from projections.returns.unready import Unready
from tests.controls import ADULT, CASE, ENQUIRY, a_referral, ref, words
from tests.projections import scottish
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.test_returns import an_enquiry, born, concluded, counts, facts, filled
from tests.projections.test_returns_corrected import told_again
from tests.projections.test_returns_counted import concluding, ended

WRONG = "by a correction an answer that is counted here was recorded wrongly"
DECISION = "by a correction a decision on a concern that is counted here was recorded wrongly"
PERSON = "by a correction a detail of the person that is counted here was recorded wrongly"
ELSE = "by a correction a detail that is counted here was recorded wrongly"
WHEN = "by a correction it is not known well enough when it was"


def wrong(target: int, *fields: str, supersedes: int | None = None) -> RecordCorrected:
    """Give a correction that says which fields were recorded wrongly, and the rest in words."""
    understood: Passage = words("They lacked capacity, and it was physical.")
    return RecordCorrected(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        fields=tuple(map(Code, fields)),
        understood=understood,
    )


def an_english_one(views: Views, *more: object) -> Facts:
    """Tell a concern, an enquiry opened on 12 May 2025 and concluded on 31 March 2026, and more."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", a_referral("2025-05-01")),
        told("2026-11-02", an_enquiry(), occurred="2025-05-12"),
        told("2026-11-02", _ended("2026-03-31"), occurred="2026-03-31"),
        *(told("2026-11-03", one) for one in more),
    )
    return facts(views)


def _ended(day: str) -> object:
    return concluded("neglect provider_private own_home", day=day)


def named(found: Facts, nation: Code = ENGLAND.code, year: int = 2025) -> list[Unready]:
    """List what is to be put right after a correction, in what tables."""
    every = [one.filled(found) for one in tables(nation, year)]
    more = AGREEING[nation](found) if nation in AGREEING else ()
    said = (WRONG, ELSE, WHEN, DECISION, PERSON)
    return [one for one in exceptions(found, every, more) if one.says.startswith(said)]


OF_ALL = ["SG1a", "SG1b", "SG1c", "SG1d", "SG1e", "SG1f"]
OF_CONCLUDED = ["SG2a", "SG2a_b1", "SG2b", "SG2c", "SG3a", "SG4a"]
TIME_TOLD = corrected(3, supersedes=4, occurred="2026-03-30")
DECIDED, NOT_COUNTED = (
    ConcernCounted(counted=counted, rule=Code("local_threshold")) for counted in (True, False)
)
FIELDS: dict[str, tuple[list[object], list[str]]] = {
    "two answers": ([wrong(3, "capacity", "triples")], ["SG2a", "SG2a_b1", "SG2b", "SG3a"]),
    "told one after another": (
        [wrong(3, "capacity"), wrong(3, "primary_support_reason", supersedes=4)],
        ["SG1d", "SG3a"],
    ),
    "what no table reads": ([wrong(3, "performed_by", "detail")], []),
    "its day, which is told since": ([wrong(3, "concluded_on"), TIME_TOLD], []),
    "an answer, and its time is told since": ([wrong(3, "outcomes"), TIME_TOLD], ["SG4a"]),
    "of an enquiry that goes on": (
        [wrong(3, "capacity"), EnquiryReopened(enquiry=ENQUIRY)],
        [],
    ),
    "and was concluded anew": (
        [wrong(3, "capacity"), EnquiryReopened(enquiry=ENQUIRY), _ended("2026-03-31")],
        [],
    ),
    "taken back": ([wrong(3, "capacity"), corrected(3, supersedes=4)], []),
    "taken back, and another told": (
        [wrong(3, "capacity"), corrected(3, supersedes=4), wrong(3, "outcomes", supersedes=5)],
        ["SG4a"],
    ),
    "of a conclusion that was withdrawn meanwhile": (
        [
            wrong(3, "capacity"),
            corrected(3, supersedes=4, withdrawn=True),
            corrected(3, supersedes=5),
        ],
        ["SG3a"],
    ),
    "the kind of the enquiry": ([wrong(2, "kind")], sorted([*OF_ALL, *OF_CONCLUDED])),
    "the day it was opened": ([wrong(2, "opened_on")], OF_ALL),
    "that day, which is told since": (
        [wrong(2, "opened_on"), corrected(2, supersedes=4, occurred="2025-05-13")],
        [],
    ),
    "of an enquiry that was reopened": (
        [wrong(2, "opened_on"), EnquiryReopened(enquiry=ENQUIRY)],
        OF_ALL,
    ),
    "when the concern was received": ([wrong(1, "received")], OF_ALL),
    "when it was, which is told since": (
        [wrong(1, "received"), corrected(1, supersedes=4, occurred="2025-05-02")],
        [],
    ),
    "whose concern it is": ([wrong(1, "adult")], ["SG1a", "SG1b", "SG1c"]),
    "of a concern that nothing is read of": ([wrong(1, "referrer_role")], []),
    "when it was decided whether it counts, and by which rule": (
        [DECIDED, wrong(4, "rule", "occurred")],
        [],
    ),
    "when decided that it counts": ([DECIDED, wrong(4, "counted")], OF_ALL),
    "when decided that it counts not": ([NOT_COUNTED, wrong(4, "counted")], OF_ALL),
    "when decided, and anew since": ([DECIDED, wrong(4, "counted"), NOT_COUNTED], []),
    "when decided, and another came since": (
        [DECIDED, wrong(4, "counted"), told_again("2025-06-01"), NOT_COUNTED],
        OF_ALL,
    ),
    "when decided, and that is withdrawn": (
        [DECIDED, wrong(4, "counted"), corrected(4, supersedes=5, withdrawn=True)],
        [],
    ),
    "of a conclusion that is withdrawn": (
        [wrong(3, "capacity"), corrected(3, supersedes=4, withdrawn=True)],
        [],
    ),
}


@pytest.mark.parametrize("which", FIELDS)
def test_a_field_that_was_recorded_wrongly_is_named(views: Views, which: str) -> None:
    """It counts as recorded, and each table that reads it says so and names its entry.

    Until the enquiry is concluded anew, the entry withdrawn, its day told, or the doubt taken back.
    """
    more, codes = FIELDS[which]
    found = an_english_one(views, *more)
    told_ = named(found)
    assert [one.table for one in told_] == codes
    about = CASE if which.startswith(("when", "whose")) else ENQUIRY
    assert {(one.case, one.subject) for one in told_} <= {(CASE, about)}
    assert len({one.position for one in told_}) <= 1
    every = {one.code: one.filled(found) for one in tables(ENGLAND.code, 2025)}
    assert {code for code, one in every.items() if DOUBTED in one.notes} == set(codes)
    if which == "two answers":
        assert counts(every["SG3a"])["No, they did not lack capacity"] == 1
    assert verify(FACTS, views.connect).equal


@pytest.mark.parametrize(("field", "named_"), [("individuals", ["SG5a", "SG5b"]), ("detail", [])])
def test_of_a_review_too(views: Views, field: str, named_: list[str]) -> None:
    """A review that says wrongly who it was about counts as it was recorded, and is named."""
    ended_ = concluding("2026-03-02", ended(80, None, "died"))
    views.tell(told("2026-03-01", a_referral("2025-05-01")), told("2026-03-02", ended_))
    views.tell(told("2026-03-03", wrong(2, field)))
    assert [one.table for one in named(facts(views))] == named_


OF_INQUIRIES = ["11", "15b", "17b", "3", "Age", "Gender"]
SCOTTISH: dict[str, tuple[int, str, list[str]]] = {
    "when it was received": (1, "received", ["1", "Source"]),
    "who referred": (1, "referrer_role", ["Source"]),
    "whose it is": (1, "adult", ["Age", "Gender"]),
    "the trigger": (2, "opened_on", OF_INQUIRIES),
    "what no table reads": (2, "kind", []),
    "the power": (3, "power", OF_INQUIRIES),
    "when it was used, which decides nothing": (3, "occurred", []),
    "the end": (4, "action", ["11"]),
    "the plan": (5, "terms", ["ASPP"]),
    "when it began": (5, "occurred", ["ASPP"]),
    "when it ended": (6, "occurred", ["ASPP"]),
    "the order": (7, "kind", ["Orders"]),
    "its power of arrest": (8, "power_of_arrest", ["Orders"]),
    "the kind of conference": (9, "kind", ["Conferences"]),
    "when it was held": (10, "occurred", ["Conferences"]),
}


def test_every_table_of_scotland_names_what_was_recorded_wrongly(views: Views) -> None:
    """It counts as recorded, and what tables read of it is named by its entry until taken back."""
    views.tell(
        *scottish.at("2027-05-03", a_referral("2027-05-03"), scottish.an_inquiry("2027-05-03")),
        *scottish.at("2027-05-04", scottish.a_power()),
        *scottish.at("2027-05-20", scottish.ended("2027-05-20"), scottish.planned(0)),
        *scottish.at("2027-05-21", PlanEnded(plan=PlanRef(ref(60)), reason=Code("other"))),
        *scottish.at("2027-05-22", scottish.applied(0, "banning"), scottish.granted(0)),
        *scottish.at("2027-05-23", scottish.called(0, "initial"), scottish.held(0)),
    )
    before, last = _counts(scottish.facts(views)), dict[int, int]()
    for which, (target, field, tables_) in SCOTTISH.items():
        views.tell(*scottish.at("2027-06-01", wrong(target, field, supersedes=last.get(target))))
        now = scottish.facts(views)
        found = named(now, scottish.NATION, 2027)
        assert [one.table for one in found] == tables_, which
        assert {one.position for one in found} <= {target}
        assert _counts(now) == before
        corrected_ = corrected(target, supersedes=views.versions[CASE])
        views.tell(*scottish.at("2027-06-02", corrected_))
        last[target] = views.versions[CASE]
    assert not named(scottish.facts(views), scottish.NATION, 2027)
    assert all(verify(one, views.connect).equal for one in (FACTS, INQUIRIES))


def _counts(found: Facts) -> object:
    return [counts(one.filled(found)) for one in scottish.TABLES.values()]


def test_in_scotland_too(views: Views) -> None:
    """A doubt is named in the quarter of the trigger, in the tables that read the field."""
    views.tell(
        *scottish.at("2027-06-20", a_referral("2027-06-20"), scottish.an_inquiry("2027-06-20")),
        *scottish.at("2027-07-25", scottish.ended("2027-07-25")),
        *scottish.at("2027-08-01", wrong(3, "action", "triples", "capacity")),
    )
    spring, summer = (scottish.facts(views, of) for of in (scottish.Q1, scottish.Q2))
    assert [one.table for one in named(spring, scottish.NATION, 2027)] == ["10", "15a"]
    assert named(summer, scottish.NATION, 2027) == []


def test_the_day_of_a_power_is_named_where_it_decides(views: Views) -> None:
    """In an inquiry opened while another was open it says whether that one counts by itself."""
    views.tell(
        *scottish.at("2027-05-03", a_referral("2027-05-03"), scottish.an_inquiry("2027-05-03")),
        *scottish.at("2027-05-04", scottish.an_inquiry("2027-05-04", scottish.SECOND)),
        *scottish.at("2027-05-20", scottish.ended("2027-05-20")),
        *scottish.at("2027-05-21", scottish.a_power(scottish.SECOND)),
    )
    assert scottish.counts(scottish.TABLES["3"].filled(scottish.facts(views)))
    views.tell(*scottish.at("2027-06-01", wrong(5, "occurred")))
    found = named(scottish.facts(views), scottish.NATION, 2027)
    assert {"2", "3"} <= {one.table for one in found}
    assert {one.position for one in found} == {5}
    views.tell(
        *scottish.at("2027-06-02", corrected(5, supersedes=6, occurred="2027-05-10")),
    )
    assert not named(scottish.facts(views), scottish.NATION, 2027)


def wrong_of(target: int, *fields: str, supersedes: int | None = None) -> Told:
    """Give a correction of a person's record that says which fields were recorded wrongly."""
    said = PersonRecordCorrected(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        fields=tuple(map(Code, fields)),
    )
    return told("2026-11-03", said, stream=ADULT)


def details(**more: str) -> Details:
    """Give details of a person."""
    return Details(**{name: words(text, ADULT) for name, text in more.items()})


BORN_IN = details(date_of_birth="1940-06-01", gender="female", ethnicity="white_british")
DIED = told(
    "2026-11-03",
    PersonDied(died=read("2025-08-31"), cause_known=Code("not_known")),
    stream=ADULT,
)
ANEW = told("2026-11-04", PersonDetailsRecorded(details=details(gender="male")), stream=ADULT)
PEOPLE_OF: dict[str, tuple[list[Told], list[str]]] = {
    "the birth": ([wrong_of(1, "date_of_birth")], ["SG1a"]),
    "all of it": ([wrong_of(1, "details")], ["SG1a", "SG1b", "SG1c"]),
    "a gender that is told anew": ([wrong_of(1, "gender", "ethnicity"), ANEW], ["SG1c"]),
    "a gender told before": ([ANEW, wrong_of(1, "gender")], []),
    "what no table reads": ([wrong_of(1, "name", "external")], []),
    "taken back": ([wrong_of(1, "gender"), wrong_of(1, supersedes=2)], []),
    "the death": ([DIED, wrong_of(2, "died")], ["SG1a"]),
}


@pytest.mark.parametrize("which", PEOPLE_OF)
def test_what_was_recorded_wrongly_of_a_person(views: Views, which: str) -> None:
    """It counts as recorded, and each table whose rows are made of it names it with the case."""
    more, codes = PEOPLE_OF[which]
    views.tell(
        told("2026-11-02", PersonRegistered(details=BORN_IN), stream=ADULT),
        told("2026-11-02", a_referral("2025-05-01")),
        *more,
    )
    found = named(facts(views))
    assert [(one.table, one.case, one.subject) for one in found] == [
        (code, CASE, ADULT) for code in codes
    ]
    assert verify(PEOPLE, views.connect).equal


def test_a_child_whose_birth_was_recorded_wrongly(views: Views) -> None:
    """Every table that leaves a child out by it names it; of whom is forgotten, none does."""
    views.tell(born("2015-01-01"), told("2026-11-02", a_referral("2025-05-01")))
    views.tell(wrong_of(1, "date_of_birth"))
    found = facts(views)
    assert [one.table for one in named(found)] == OF_ALL
    assert named(replace(found, forgotten=frozenset({ADULT}))) == []


def test_in_scotland_of_a_person_too(views: Views) -> None:
    """The birth and the gender of the adult of an inquiry are named where they place it."""
    views.tell(
        told("2027-05-01", PersonRegistered(details=BORN_IN), stream=ADULT),
        *scottish.at("2027-05-03", a_referral("2027-05-03"), scottish.an_inquiry("2027-05-03")),
        *scottish.at("2027-05-04", scottish.a_power()),
        wrong_of(1, "date_of_birth", "gender"),
    )
    found = named(scottish.facts(views), scottish.NATION, 2027)
    assert [one.table for one in found] == ["Age", "Gender"]


DAYS: dict[str, tuple[list[object], list[int], list[int]]] = {
    "a day of the next year": ([corrected(3, occurred="2026-04-02")], [2026], []),
    "and then one of either": (
        [
            corrected(3, occurred="2026-04-02"),
            corrected(3, supersedes=4, occurred="2026-03/2026-04"),
        ],
        [],
        [2025, 2026],
    ),
    "one of either, and then a day": (
        [
            corrected(3, occurred="2026-03/2026-04"),
            corrected(3, supersedes=4, occurred="2026-04-02"),
        ],
        [2026],
        [],
    ),
    "some day of the year": ([corrected(3, occurred="2026-02/2026-03")], [2025], []),
    "nobody knows any more": ([corrected(3, occurred="unknown")], [], [2025, 2026]),
    "in its own time, and withdrawn": (
        [corrected(3, occurred="2026-03/2026-04"), corrected(3, supersedes=4, withdrawn=True)],
        [],
        [],
    ),
}


@pytest.mark.parametrize("which", DAYS)
def test_a_conclusion_counts_by_its_last_understood_day(views: Views, which: str) -> None:
    """A conclusion counts in a year only for certain, by its last correction; else it is named."""
    more, years, unsure = DAYS[which]
    an_english_one(views, *more)
    both = {year: facts(views, year=year) for year in (2025, 2026)}
    answered = {year: counts(filled(views, "SG3a", year=year)) for year in both}
    assert [year for year, found in answered.items() if found] == years
    listed = {year: named(found, year=year) for year, found in both.items()}
    assert [year for year, found in listed.items() if found] == unsure
    for year in unsure:
        assert [one.position for one in listed[year]] == [4]
        (left,) = filled(views, "SG3a", year=year).left_out
        assert left.why.startswith("at a time that was corrected and is not known well enough")
    assert verify(FACTS, views.connect).equal


def test_an_enquiry_opened_on_a_day_not_known_well_enough(views: Views) -> None:
    """What is begun counts as a conclusion does: in a year for certain, or it is named."""
    found = an_english_one(views, corrected(2, occurred="2025-03/2025-04"))
    assert "Total Number of Section 42 Safeguarding Enquiries" not in counts(filled(views, "SG1f"))
    assert {one.position for one in named(found)} == {3}
    assert found.concluded[0].opened_from == date(2025, 3, 1)
