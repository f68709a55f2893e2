from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest

from domain.concern import ReferralLinked
from domain.conclusion import EnquiryConcluded, Triple
from domain.duty import ConcernCounted
from domain.enquiry import EnquiryOpened
from domain.jurisdictions.england import ENGLAND
from domain.person import Details, PersonDied, PersonRecordCorrected, PersonRegistered
from domain.when import read
from domain.words import Code, EnquiryRef
from projections.rebuild import verify
from projections.returns import tables
from projections.returns.ages import ages_on
from projections.returns.england.counting import age_band
from projections.returns.england.words import SECTION_42_ENQUIRIES
from projections.returns.facts import (
    FACTS,
    PEOPLE,
    Facts,
    financial_year,
    read_facts,
)
from projections.returns.opened import opened
from projections.returns.table import Filled, long_form, published
from tests.controls import ADULT, CASE, ENQUIRY, OTHER_CASE, a_referral, ref, words
from tests.projections.conftest import Told, Views, corrected, shows, told


def an_enquiry(number: int = 0, kind: str = "section_42", day: str = "2025-05-12") -> EnquiryOpened:
    """Give an enquiry opened on a day."""
    return EnquiryOpened(
        enquiry=EnquiryRef(ref(40 + number)),
        kind=Code(kind),
        opened_on=date.fromisoformat(day),
        large_scale=False,
    )


def concluded(
    *triples: str, number: int = 0, capacity: str = "did_not_lack", day: str = "2025-09-01"
) -> EnquiryConcluded:
    """Give an enquiry's conclusion, its triples written `type source location`."""
    return EnquiryConcluded(
        enquiry=EnquiryRef(ref(40 + number)),
        concluded_on=date.fromisoformat(day),
        triples=tuple(
            Triple(type=Code(kind), source=Code(source), location=Code(location))
            for kind, source, location in (one.split() for one in triples)
        ),
        risks_found=(),
        risks_not_found=(),
        capacity=Code(capacity),
        outcomes=Code("not_recorded"),
        primary_support_reason=Code("not_known"),
        health_conditions=(),
        action=None,
    )


def born(text: str, person: UUID = ADULT) -> Told:
    """Give a person registered with a date of birth."""
    details = Details(name=words("Ada Example", person), date_of_birth=words(text, person))
    return told("2026-11-02", PersonRegistered(details=details), stream=person)


def facts(views: Views, *, as_at: int | None = None, year: int = 2025) -> Facts:
    """Read the facts of a year, ages opened."""
    views.follow(FACTS, PEOPLE)
    found: Facts = views.ask(read_facts, financial_year(year), as_at=as_at)
    return opened(found, views.record.unseal)


def filled(views: Views, code: str, *, as_at: int | None = None, year: int = 2025) -> Filled:
    """Fill one table of the English return."""
    (one,) = (each for each in tables(ENGLAND.code, 2025) if each.code == code)
    return one.fill(facts(views, as_at=as_at, year=year))


def counts(filled: Filled, enquiry_type: str | None = None) -> dict[str, int | None]:
    """List the cells that are not 0, by category."""
    return {
        f"{one.category} / {one.subcategory}".removesuffix(" / "): one.value
        for one in filled.cells
        if one.value and enquiry_type in {None, one.enquiry_type}
    }


def referral(day: str) -> object:
    """Give a referral received on a day, recorded in November 2026."""
    return a_referral(day)


def test_sg1f_counts_concerns_and_enquiries(views: Views) -> None:
    """SG1f counts each concern received and enquiry begun in the year, and shows which (R146)."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        an_enquiry(1, "other_enquiry"),
        an_enquiry(2, day="2026-04-01"),
        told("2026-11-03", referral("2025-06-01"), stream=OTHER_CASE),
        told("2026-11-03", referral("2025-03-31"), stream=ref(3)),
    )
    found = filled(views, "SG1f")
    shows(
        found.cells,
        """
        enquiry_type         | category                                         | value
        Safeguarding Concerns | Total Number of Safeguarding Concerns           | 2
        Section 42 Enquiries | Total Number of Section 42 Safeguarding Enquiries | 1
        Other Enquiries      | Total Number of Other Safeguarding Enquiries     | 1
        """,
    )
    assert [(one.case, one.position) for one in found.cells[0].counted] == [
        (CASE, 1),
        (OTHER_CASE, 5),
    ]
    assert [one.subject for one in found.cells[1].counted] == [ENQUIRY]


def test_a_contact_decided_not_to_be_a_concern(views: Views) -> None:
    """A referral that was decided not to count is not a concern of the return."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ConcernCounted(counted=False, rule=Code("local_threshold")),
    )
    assert counts(filled(views, "SG1f")) == {}
    assert counts(filled(views, "SG1f", as_at=1)) == {"Total Number of Safeguarding Concerns": 1}


def test_sg1a_follows_what_is_corrected_of_a_person(views: Views) -> None:
    """A death withdrawn or moved changes the age from then on; as at before, it is as it was."""

    def righted(
        supersedes: int | None = None, occurred: str | None = None
    ) -> PersonRecordCorrected:
        return PersonRecordCorrected(
            target=2,
            supersedes=supersedes,
            reason=Code("entered_wrongly"),
            asked_by=Code("worker"),
            occurred=None if occurred is None else read(occurred),
            withdrawn=occurred is None,
        )

    views.tell(born("1960-09-01"), told("2026-11-02", referral("2025-05-01")), an_enquiry())
    died = PersonDied(died=read("2025-08-31"), cause_known=Code("not_known"))
    before = views.tell(told("2026-11-02", died, occurred="2025-08-31"))
    withdrawn = views.tell(righted())
    views.tell(righted(3, occurred="2025-08-30"))

    def band(as_at: int | None) -> dict[str, int | None]:
        return counts(filled(views, "SG1a", as_at=as_at), SECTION_42_ENQUIRIES)

    assert [band(one) for one in (before, withdrawn, None)] == [
        {"18-64": 1},  # 64 at death
        {"65-74": 1},
        {"18-64": 1},
    ]
    assert verify(PEOPLE, views.connect).equal


def test_sg1a_after_a_person_is_forgotten(views: Views) -> None:
    """A forgotten adult is still counted once, under an age that is not known (R146)."""
    views.tell(born("1940-06-01"), told("2026-11-02", referral("2025-05-01")), an_enquiry())
    views.forget(ADULT)
    assert counts(filled(views, "SG1a"), SECTION_42_ENQUIRIES) == {"Not Known": 1}


def test_sg3a_gives_every_enquiry_one_answer(views: Views) -> None:
    """SG3a's four answers add up to the enquiries concluded; the supported are among the Yes."""
    views.tell(told("2026-11-02", referral("2025-05-01")))
    for number, capacity in enumerate(
        ("lacked_supported", "lacked_not_supported", "did_not_lack", "not_recorded")
    ):
        views.tell(an_enquiry(number), concluded(number=number, capacity=capacity))
    views.tell(an_enquiry(9, "other_enquiry"), concluded(number=9))

    shows(
        filled(views, "SG3a").cells[:4],
        """
        category                      | value
        Yes, they lacked capacity     | 2
        No, they did not lack capacity | 1
        Don't know                    | 0
        Not recorded                  | 1
        """,
    )
    assert filled(views, "SG3a").cells[4].value == 1


def test_the_year_of_a_count(views: Views) -> None:
    """Begun on 31 March, concluded on 2 April: in SG1 of one year and SG3 of the next (R146)."""
    views.tell(
        told("2026-11-02", referral("2026-03-30")),
        an_enquiry(day="2026-03-31"),
        concluded(day="2026-04-02"),
    )

    def in_year(code: str, year: int) -> int:
        return sum(one.value or 0 for one in filled(views, code, year=year).cells)

    assert [in_year("SG1f", 2025), in_year("SG1f", 2026)] == [2, 0]
    assert [in_year("SG3a", 2025), in_year("SG3a", 2026)] == [0, 1]


def test_a_filed_return_can_be_made_again(views: Views) -> None:
    """As at the position it was filed at, a return is the same, whatever came since (R145)."""
    filed = views.tell(born("1940-06-01"), told("2026-11-02", referral("2025-05-01")), an_enquiry())

    def whole(as_at: int | None) -> Sequence[object]:
        found = facts(views, as_at=as_at)
        cells = [cell for one in tables(ENGLAND.code, 2025) for cell in one.fill(found).cells]
        return long_form(cells)

    first = whole(filed)
    views.tell(an_enquiry(1), concluded("neglect known_relative own_home"), concluded(number=1))
    views.tell(told("2026-11-09", referral("2025-07-07"), stream=OTHER_CASE))

    assert whole(filed) == first
    assert whole(None) != first
    assert verify(FACTS, views.connect).equal
    assert verify(PEOPLE, views.connect).equal


def test_publication_rounds_and_suppresses() -> None:
    """Published counts are suppressed under 5 and rounded to 5; a blank is not a 0 (R145)."""
    shown = [published(value) for value in (None, 0, 4, 5, 7, 8, 12, 13)]
    assert shown == ["[x]", "[c]", "[c]", "5", "5", "10", "10", "15"]


def test_ages_of_uncertain_births() -> None:
    """A birth that is not one day gives the youngest and the oldest age, and no band across two."""
    assert ages_on("1960", date(2025, 6, 1)) == (64, 65)
    assert age_band((64, 65)) == "Not Known"
    assert age_band((17, 18)) == "Not Known"
    assert age_band((16, 17)) is None
    assert ages_on("1960-02-29", date(2026, 2, 28)) == (65, 65)


@pytest.mark.parametrize(
    ("received", "counted", "named"),
    [
        ("2025-05?", [2025], []),  # doubtful, and within the year either way
        ("2025-04-01/2026-03-31", [2025], []),
        ("2026?", [], [2025, 2026]),
        ("20XX", [], [2025, 2026]),  # not after it was recorded
        ("2026-04-01/..", [2026], []),
        ("unknown", [], [2025, 2026]),  # recorded in November 2026
        ("../2025-06-01", [], [2025]),
        ("2026-03-31/..", [], [2025, 2026]),
    ],
)
def test_a_concern_counts_in_a_year_only_for_certain(
    views: Views, received: str, counted: list[int], named: list[int]
) -> None:
    """A concern that may have come in another year counts in none, and is named in each (R146)."""
    views.tell(told("2026-11-02", referral(received)))
    years = (2025, 2026, 2027)
    tables_of = {year: filled(views, "SG1f", year=year) for year in years}
    assert [year for year, one in tables_of.items() if counts(one)] == counted
    left = {year: one.left_out for year, one in tables_of.items() if one.left_out}
    assert sorted(left) == named
    for (one,) in left.values():
        assert [each.case for each in one.counted] == [CASE]
        assert "both the first and the last day" in one.why
    assert [bool(filled(views, "SG1a", year=year).left_out) for year in years] == [
        year in named for year in years
    ]


def left_out(filled: Filled) -> list[tuple[str, list[tuple[UUID, int]]]]:
    """List what is left out: why, as far as the first word, with subjects and positions."""
    return [
        (one.why.split()[0], [(each.subject, each.position) for each in one.counted])
        for one in filled.left_out
    ]


def test_a_concern_withdrawn_is_counted_no_more(views: Views) -> None:
    """A concern withdrawn leaves every count from that position on, and is named as left out."""
    before = views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        told("2026-11-03", referral("2025-06-01"), stream=OTHER_CASE),
    )
    views.tell(told("2026-11-04", corrected(1, withdrawn=True)))

    assert counts(filled(views, "SG1f", as_at=before)) == {
        "Total Number of Safeguarding Concerns": 2
    }
    assert filled(views, "SG1f", as_at=before).left_out == ()
    assert counts(filled(views, "SG1f")) == {"Total Number of Safeguarding Concerns": 1}
    assert left_out(filled(views, "SG1f")) == [("withdrawn", [(CASE, 2)])]
    assert left_out(filled(views, "SG1f", year=2024)) == []
    assert left_out(filled(views, "SG1a")) == []  # the adult is counted by the other concern
    assert verify(FACTS, views.connect).equal


def test_a_concern_counts_in_the_year_it_is_understood_to_have_come(views: Views) -> None:
    """A referral moved to another year by a correction is counted there, and as at before here."""
    before = views.tell(told("2026-11-02", referral("2026-04-01"), occurred="2026-04-01"))
    views.tell(told("2026-11-04", corrected(1, occurred="2026-03-31")))
    one = {"Total Number of Safeguarding Concerns": 1}

    assert counts(filled(views, "SG1f", as_at=before, year=2026)) == one
    assert counts(filled(views, "SG1f", as_at=before, year=2025)) == {}
    assert counts(filled(views, "SG1f", year=2026)) == {}
    assert counts(filled(views, "SG1f", year=2025)) == one
    assert verify(FACTS, views.connect).equal


def test_an_adult_only_a_withdrawn_concern_was_about(views: Views) -> None:
    """An adult whose only concern was withdrawn is not counted in SG1a, and is named there."""
    views.tell(born("1940-06-01"), told("2026-11-02", referral("2025-05-01")))
    views.tell(told("2026-11-04", corrected(1, withdrawn=True)))
    found = filled(views, "SG1a")
    assert counts(found) == {}
    assert left_out(found) == [("withdrawn", [(ADULT, 2)])]


def test_a_withdrawal_taken_back(views: Views) -> None:
    """A later correction that no longer withdraws a concern lets it count again."""
    views.tell(told("2026-11-02", referral("2025-05-01")))
    views.tell(told("2026-11-04", corrected(1, withdrawn=True)), corrected(1, supersedes=2))
    found = filled(views, "SG1f")
    assert counts(found) == {"Total Number of Safeguarding Concerns": 1}
    assert found.left_out == ()


def test_an_enquiry_withdrawn_takes_its_conclusion_with_it(views: Views) -> None:
    """An enquiry whose opening was withdrawn is neither begun nor concluded, and is named so."""
    views.tell(
        born("1940-06-01"),
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded("neglect provider_private own_home"),
    )
    views.tell(told("2026-11-04", corrected(2, withdrawn=True)))
    assert counts(filled(views, "SG1f")) == {"Total Number of Safeguarding Concerns": 1}
    assert counts(filled(views, "SG2a")) == {}
    assert left_out(filled(views, "SG1f")) == [("withdrawn", [(ENQUIRY, 3)])]
    assert left_out(filled(views, "SG1a")) == [("withdrawn", [(ADULT, 3)])]
    assert left_out(filled(views, "SG2a")) == [("withdrawn", [(ENQUIRY, 4)])]
    assert left_out(filled(views, "SG3a")) == [("withdrawn", [(ENQUIRY, 4)])]
    assert verify(FACTS, views.connect).equal


def test_a_conclusion_withdrawn_leaves_the_enquiry_begun(views: Views) -> None:
    """A conclusion withdrawn counts no more; the enquiry does, and may be concluded again."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        an_enquiry(),
        concluded("neglect provider_private own_home"),
    )
    views.tell(told("2026-11-04", corrected(3, withdrawn=True)))
    assert counts(filled(views, "SG1f"), SECTION_42_ENQUIRIES) != {}
    assert counts(filled(views, "SG3a")) == {}
    assert left_out(filled(views, "SG3a")) == [("withdrawn", [(ENQUIRY, 3)])]
    views.tell(concluded("neglect provider_private own_home"))
    assert counts(filled(views, "SG2a")) == {"Neglect and Acts of Omission / Service Provider": 1}


def test_a_decision_not_to_count_that_was_withdrawn(views: Views) -> None:
    """A concern counts again once the decision that it does not was withdrawn."""
    views.tell(
        told("2026-11-02", referral("2025-05-01")),
        ConcernCounted(counted=False, rule=Code("local_threshold")),
        corrected(2, withdrawn=True),
    )
    assert counts(filled(views, "SG1f")) == {"Total Number of Safeguarding Concerns": 1}


def test_an_enquiry_of_a_withdrawn_referral_keeps_its_adult(views: Views) -> None:
    """Whose case it is stays as it was recorded: the enquiry counts under the adult's age."""
    views.tell(born("1940-06-01"), told("2026-11-02", referral("2025-05-01")), an_enquiry())
    views.tell(told("2026-11-04", corrected(1, withdrawn=True)), an_enquiry(1))
    assert counts(filled(views, "SG1a"), SECTION_42_ENQUIRIES) == {"85-94": 1}


def test_an_open_ended_concern_beside_a_later_one(views: Views) -> None:
    """A concern of an unknown time is of no year after the one in which it was recorded."""
    later = ReferralLinked(
        reason=Code("repeat"),
        channel=Code("telephone"),
        referrer_role=Code("home_care"),
        referrer_confidential=Code("no"),
        received=read("2027-05-01"),
    )
    views.tell(told("2026-11-02", referral("unknown")), told("2027-05-01", later))
    assert counts(filled(views, "SG1f", year=2027)) == {"Total Number of Safeguarding Concerns": 1}
    assert filled(views, "SG1f", year=2027).left_out == ()
    assert left_out(filled(views, "SG1f", year=2026)) == [("received", [(CASE, 1)])]
