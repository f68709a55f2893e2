"""Three chronologies of adults whose cases were reviewed, and what a record of them must show.

The people stand in them by role. Each test is an assertion a reviewer made, reckoned from dates;
where sources disagree, every one of them is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cache
from uuid import UUID

import pytest

from api.chronologies.columns import COLUMNS
from api.chronologies.sheet import safe_in
from api.chronologies.writing import said, to_csv, to_lines
from api.clock import new_reference
from api.commands.following import up_to_date
from api.commands.reckoning import apart, gaps, last_seen
from api.routes.timeline import Told, Which, timeline
from domain.assessment import RecordCapacityDecision
from domain.closure import CloseCase
from domain.concern import ReceiveReferral
from domain.finding import Finding
from domain.handle import Ask
from domain.monitoring import EndPlan
from domain.person import Details, RecordDeath, RecordPersonDetails
from domain.plan import AgreePlan, Terms
from domain.record.server import EmbeddedServer
from domain.refusal import NotFound
from domain.when import read, years_apart
from domain.words import Code, Particulars, Personal, PersonRef, PlanRef, Slug
from projections import ALL
from projections.reviews import Overdue, overdue
from tests.conftest import a_database
from tests.imports.conftest import CHRONOLOGIES, NOW, Importer, a_manager, an_office


class Story:
    """One chronology in a case of its own, and what else the record is told of it."""

    def __init__(self, importer: Importer, name: str) -> None:
        """Take the chronology in."""
        self.importer = importer
        self.target, _loaded = importer.into(CHRONOLOGIES / f"{name}.csv")

    @property
    def adult(self) -> PersonRef:
        """Whom the case is about."""
        assert self.target.adult is not None
        return self.target.adult

    def told(self, **which: object) -> list[Told]:
        """The entries of the timeline, in order."""
        facts = self.importer.office.handler.case(self.target.case)[1]
        return timeline(facts, Which(**{"by": NOW.date(), **which}))  # type: ignore[arg-type]  # its fields

    def line(self, number: int) -> Told:
        """The entry of that number in the chronology."""
        return next(told for told in self.told() if told.number == number)

    def exported(self) -> list[Mapping[str, str]]:
        """The rows of the timeline's export, by our names of the columns."""
        facts = self.importer.office.handler.case(self.target.case)[1]
        text = to_csv(to_lines(self.told(), facts, self.importer.office.jurisdiction))
        rows = list(csv.reader(text.splitlines()))
        names = [column.name for column in COLUMNS]
        return [dict(zip(names, map(safe_in, row), strict=True)) for row in rows[1:]]

    def ask(self, command: object, occurred: str, **particulars: object) -> None:
        """Record something of the case, or of its adult, besides the chronology."""
        person = isinstance(command, RecordPersonDetails | RecordDeath)
        stream: UUID = self.target.about if person else self.target.case
        office, command_id = self.importer.office, new_reference()
        if isinstance(command, ReceiveReferral):
            up_to_date(office, ALL)  # it asks for earlier referrals
        ask = Ask(
            command=command,
            stream=stream,
            expected_version=len(office.record.log.stream(stream)),
            actor=self.importer.manager,
            particulars=Particulars(occurred=read(occurred), **particulars),  # type: ignore[arg-type]  # its fields
            id=command_id,
            digest=command_id.bytes * 2,
        )
        office.handler.handle(ask)

    def findings(self, on: str) -> list[Finding]:
        """What the sources would criticise by a day."""
        case = self.importer.office.handler.case(self.target.case)[0]
        return list(self.importer.office.handler.findings(case, date.fromisoformat(on)))

    def overdue(self, on: str) -> list[Overdue]:
        """The overdue reviews by a day."""
        up_to_date(self.importer.office, ALL)
        with self.importer.office.pool.connection() as conn:
            return list(overdue(conn, on=date.fromisoformat(on)))

    def agree_plan(self, occurred: str) -> PlanRef:
        """Agree a plan of which nothing is written down but that it was."""
        plan = PlanRef(new_reference())
        self.ask(AgreePlan(plan=plan, origin=Code("late_entry"), terms=Terms()), occurred)
        return plan


@pytest.fixture(scope="module")
def read_only(
    server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Story]]:
    """Give who takes a chronology into a record of a nation, of which tests only read: once."""
    with ExitStack() as opened:

        @cache
        def importer(nation: str) -> Importer:
            database = opened.enter_context(a_database(server, template_database))
            folder = tmp_path_factory.mktemp("office")
            office = opened.enter_context(an_office(database, folder, nation))
            return Importer(office, a_manager(office))

        yield cache(lambda name, nation: Story(importer(nation), name))


@pytest.fixture
def mr_h(read_only: Callable[[str, str], Story]) -> Story:
    """Give the case of Mr H, to read."""
    return read_only("mr-h", "england")


@pytest.fixture
def ms_s(read_only: Callable[[str, str], Story]) -> Story:
    """Give the case of Ms S, in a Scottish record, to read."""
    return read_only("ms-s", "scotland")


@pytest.fixture
def june(read_only: Callable[[str, str], Story]) -> Story:
    """Give the case of June, to read."""
    return read_only("june", "england")


scottish = pytest.mark.parametrize("nation", ["scotland"])


# ------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", ["mr-h", "ms-s", "june"])
def test_a_chronology_comes_out_in_its_order_with_every_doubt_and_source(
    importer: Importer, name: str
) -> None:
    """The lines of the first sources keep their order; every ?, source and agency is as written."""
    story = Story(importer, name)
    with (CHRONOLOGIES / f"{name}.csv").open(encoding="utf-8") as file:
        given = {int(row["Seq"]): row for row in csv.DictReader(file)}
    out = story.exported()
    first = {"mr-h": 14, "ms-s": 8, "june": 8}[name]
    numbers = [int(row["number"]) for row in out]
    assert [number for number in numbers if number <= first] == list(range(1, first + 1))
    assert sorted(numbers) == sorted(given)
    for row in out:
        line = given[int(row["number"])]
        assert row["start"] == line["Start date"]
        assert row["end"] == line["End date"]
        assert row["source"] == line["Source of information"]
        assert row["text"] == line["Event"]
        assert row["agency"] == line["Agency"]
        assert row["known_to"] == line["Known to"]
        assert (row["start_time"], row["end_time"]) == ("", "")


# -------------------------------------------------------------------------------------- Mr H


def test_the_age_at_death_is_reckoned_though_sources_differ(mr_h: Story) -> None:
    """He was 39: reckoned from two dates, while the sources that say 38 and 39 both stay."""
    assert apart(mr_h.line(1), mr_h.line(7))["completed years"] == (39, 39)
    accounts = {said(mr_h.line(number).fact.event.text) for number in (15, 16)}
    assert accounts == {
        "Said to have been 38 years old at his death.",
        "Said to have been 39 years old at his death.",
    }


def test_the_age_is_reckoned_from_the_persons_own_record_too(importer: Importer) -> None:
    """A date of birth and a death recorded of the person give the same age, stored nowhere."""
    mr_h = Story(importer, "mr-h")
    about = mr_h.adult
    mr_h.ask(
        RecordPersonDetails(details=Details(date_of_birth=Personal(about, "1967-02-15"))), "unknown"
    )
    mr_h.ask(RecordDeath(died=read("2006-07-06")), "2006-07-06")
    person = mr_h.importer.office.handler.person(about)
    assert person.died is not None
    assert years_apart(read(said(person.details["date_of_birth"])), person.died) == (39, 39)


def test_a_closure_after_a_refusal_nobody_looked_into_is_criticised(importer: Importer) -> None:
    """Closed a month after he gave up his support, with no capacity, risk or reason on record."""
    mr_h = Story(importer, "mr-h")
    mr_h.ask(CloseCase(reason=Code("adults_request")), "2005-09")
    found = {str(one.code): one.severity for one in mr_h.findings("2005-10-01")}
    assert found["closed_on_request_without_risk"] == "high"
    assert found["closed_on_request_without_capacity"] == "high"
    assert "closed_without_rationale" in found
    assert "closed_without_views" in found


def test_the_director_knew_eleven_months_later(mr_h: Story) -> None:
    """Who knew is asked apart from what was so: in June 2007 the director knew, before then not."""
    director = Slug("director-of-adult-social-care")
    knew = mr_h.told(known_to=director, by=date(2007, 6, 30))
    assert [told.number for told in knew] == [7, 8]
    assert mr_h.told(known_to=director, by=date(2007, 5, 31)) == []
    death = mr_h.line(7)
    (known,) = death.fact.header.known_to
    assert (death.occurred.text, known.since.text) == ("2006-07-06", "2007-06")
    assert apart(death, mr_h.line(8))["calendar months"] == (11, 11)


def test_ten_months_lie_between_closure_and_death(mr_h: Story) -> None:
    """Ten by the calendar; in days no more is claimed than a month of closing allows."""
    found = apart(mr_h.line(4), mr_h.line(7))
    assert found["calendar months"] == (10, 10)
    assert found["days"] == (279, 308)


def test_forty_contacts_are_one_statement(mr_h: Story) -> None:
    """What a source counts is not made into that many events; nor are two counts made one."""
    counts = [told for told in mr_h.told() if "40 contacts" in said(told.fact.event.text)]
    assert sorted(told.number or 0 for told in counts) == [6, 17]
    assert {told.occurred.earliest for told in counts} == {None}
    assert len(mr_h.told()) == 17


# -------------------------------------------------------------------------------------- Ms S


@scottish
def test_reviews_are_overdue_because_nothing_was_recorded(importer: Importer) -> None:
    """A plan of 2012 and no review after it: from 2013 the case is listed for that absence."""
    ms_s = Story(importer, "ms-s")
    ms_s.agree_plan("2012")
    for on in ("2013-12-31", "2014-12-31", "2015-12-31"):
        (row,) = ms_s.overdue(on)
        assert (row.case, row.why, row.reviews) == (ms_s.target.case, "never_reviewed", 0)
    assert ms_s.overdue("2012-01-01") == []


@scottish
def test_a_plan_ended_at_a_third_partys_request_is_a_high_warning(importer: Importer) -> None:
    """Ended by telephone on a sister's word, with no assessment of risk or capacity on record."""
    ms_s = Story(importer, "ms-s")
    plan = ms_s.agree_plan("2012")
    ms_s.ask(EndPlan(plan=plan, reason=Code("others_request")), "2016-01")
    (found,) = [
        one for one in ms_s.findings("2016-02-01") if one.code == "plan_ended_on_request_unexplored"
    ]
    assert (found.severity, found.subject) == ("high", str(plan))
    assert "risk" in found.words
    assert "capacity" in found.words


def test_what_was_seen_before_it_was_told_keeps_both_times(ms_s: Story) -> None:
    """The black eye was seen in summer and told in August: two times of one entry."""
    told = ms_s.line(4)
    written = told.fact.header.source_recorded
    assert told.occurred.text == "2016-07%/2016-08%"
    assert written is not None
    assert written.text == ms_s.line(5).occurred.text == "2016-08"
    assert [one.number for one in ms_s.told() if one.number in {4, 5}] == [4, 5]


@scottish
def test_a_day_of_death_nobody_fixed_is_never_made_one(importer: Importer) -> None:
    """Found in November; of her death it is known that it was not after, and nothing else."""
    ms_s = Story(importer, "ms-s")
    ms_s.ask(RecordDeath(died=read("/2016-11")), "2016-11")
    died = ms_s.importer.office.handler.person(ms_s.adult).died
    assert died is not None
    assert (died.text, died.day, died.earliest) == ("/2016-11", None, None)
    assert ms_s.line(6).occurred.day is None
    assert ms_s.exported()[5]["start"] == "2016-11"


@scottish
def test_a_repeat_concern_without_a_decision_is_criticised(importer: Importer) -> None:
    """The sister's call was a concern; that nobody decided on an inquiry is found as an absence."""
    ms_s = Story(importer, "ms-s")
    ms_s.ask(
        ReceiveReferral(adult=ms_s.adult, referrer_role=Code("family"), received=read("2016-08")),
        "2016-08",
    )
    assert "duty_not_decided" in {one.code for one in ms_s.findings("2016-11-01")}


def test_intervals_are_reckoned_and_the_presss_are_kept_as_told(ms_s: Story) -> None:
    """Ten and three months to the finding of the body; what the press said instead stays beside."""
    assert apart(ms_s.line(3), ms_s.line(6))["calendar months"] == (10, 10)
    assert apart(ms_s.line(5), ms_s.line(6))["calendar months"] == (3, 3)
    assert "eleven months" in said(ms_s.line(9).fact.event.text)


# -------------------------------------------------------------------------------------- June


def test_two_visits_of_one_day_keep_their_order_without_times(june: Story) -> None:
    """Ambulance, then GP, on the same day: their numbers order them, and no time is made up."""
    day = [told for told in june.told() if told.occurred.text == "2022-04-06"]
    assert [(told.number, told.fact.event.agency) for told in day] == [
        (3, "ambulance-service"),
        (4, "gp"),
    ]


def test_made_and_received_are_two_days(june: Story) -> None:
    """The referral was made on the tenth and received on the seventeenth of March."""
    assert apart(june.line(7), june.line(8))["days"] == (7, 7)


def test_the_delay_to_the_referral_is_a_silence(june: Story) -> None:
    """333 days between the death and the referral, with nothing recorded: shown as such."""
    assert apart(june.line(6), june.line(7))["days"] == (333, 333)
    ((first, last, days),) = gaps(june.told(), 90)
    assert (first.number, last.number, days) == (6, 7, 333)


def test_three_capacity_decisions_about_one_question_by_two_agencies(importer: Importer) -> None:
    """Each is a record of its own: who decided, on which day, about which decision."""
    june = Story(importer, "june")
    for day, agency in (
        ("2022-04-01", "ambulance-service"),
        ("2022-04-06", "ambulance-service"),
        ("2022-04-06", "gp"),
    ):
        june.ask(
            RecordCapacityDecision(decision=Code("medical_treatment"), answer=Code("has_capacity")),
            day,
            performed_organisation=Slug(agency),
        )
    case, facts = june.importer.office.handler.case(june.target.case)
    decided = [fact for fact in facts if fact.header.name == "capacity-decision-recorded"]
    assert len(case.assessment.capacity) == 3
    assert {one.decision for one in case.assessment.capacity} == {"medical_treatment"}
    assert {fact.header.organisation for fact in decided} == {"ambulance-service", "gp"}


def test_she_was_last_seen_three_days_before_she_was_found(june: Story) -> None:
    """The last contact is derived from what entries say of her being seen."""
    seen = last_seen(june.told())
    assert seen is not None
    assert (seen.number, seen.occurred.text) == (5, "2022-04-08")
    assert apart(seen, june.line(6))["days"] == (3, 3)


def test_a_chronology_names_nobody(june: Story) -> None:
    """The adult is known by a reference alone until somebody records who it is."""
    assert june.importer.office.handler.person(june.adult).details == {}
    with pytest.raises(NotFound):
        june.importer.office.handler.person(PersonRef(june.target.case))
