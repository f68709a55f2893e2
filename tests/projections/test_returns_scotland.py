"""Scotland's dataset by quarter: what it counts, what moves it, what it names as left out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from domain.causing import LargeScaleEnquiryOpened
from domain.conclusion import EnquiryReopened
from domain.duty import ConcernCounted
from domain.grid import Part
from domain.linking import LargeScaleEnquiryLinked
from domain.monitoring import PlanEnded
from domain.person import Details, PersonDetailsRecorded, PersonRegistered
from domain.sitting import ConferencePartHeld
from domain.words import (
    Code,
    EnquiryRef,
    LargeScaleRef,
    PersonRef,
    PlanRef,
)
from projections.rebuild import verify
from projections.returns.dataset import USING as USED
from projections.returns.dataset import WITHOUT as NOT_USED
from projections.returns.gone import bare
from projections.returns.gone import told as told_of
from projections.returns.near import nearly
from projections.returns.reading import INQUIRIES
from projections.returns.scotland.nearly import OTHER_CONFERENCE, OTHER_INQUIRY
from projections.returns.scotland.words import GROWN
from projections.returns.table import CASE_GONE
from tests.controls import ADULT, CASE, OTHER_CASE, SISTER, a_referral, ref, words
from tests.projections.conftest import Told, Views, corrected, told
from tests.projections.joins import merge, split, unmerge
from tests.projections.scottish import (
    FIRST,
    Q1,
    Q2,
    SECOND,
    TABLES,
    a_power,
    an_inquiry,
    applied,
    at,
    called,
    counts,
    ended,
    facts,
    granted,
    held,
    left_out,
    linked,
    planned,
    total,
)


def authority() -> list[Told]:
    """Tell a small authority, in the order of its days."""
    one, two, three, four, five = (ref(number) for number in (1, 2, 3, 4, 5))
    others = [EnquiryRef(ref(140 + number)) for number in range(5)]
    every = [
        *at("2027-04-02", a_referral("2027-04-02"), an_inquiry("2027-04-03"), stream=one),
        *at("2027-04-10", linked("2027-04-09"), linked("2027-04-10", "duplicate"), stream=one),
        *at("2027-04-11", ended("2027-04-11", action="not_met_no_action"), stream=one),
        *at("2027-05-01", a_referral("2027-05-01"), stream=two),
        *at("2027-05-02", an_inquiry("2027-05-02", others[0]), a_power(others[0]), stream=two),
        *at("2027-05-20", ended("2027-05-20", others[0], harms=("neglect",)), stream=two),
        *at("2027-05-21", called(0, "initial"), held(0), planned(0), stream=two),
        *at("2027-05-22", called(1, "core_group"), held(1), stream=two),
        *at("2027-06-01", applied(0, "temporary_banning"), stream=two),
        *at("2027-06-02", granted(0, "yes"), applied(1, "warrant"), granted(1), stream=two),
        *at("2027-06-28", a_referral("2027-06-28"), stream=three),
        *at("2027-06-30", an_inquiry("2027-06-30", others[1]), stream=three),
        *at("2027-06-30", LargeScaleEnquiryOpened(reason=Code("not_recorded")), stream=three),
        *at("2027-07-01", a_referral("2027-07-01"), stream=four),
        *at("2027-07-01", an_inquiry("2027-07-01", others[2]), stream=four),
        *at("2027-07-02", ended("2027-07-02", others[2]), stream=four),
        *at("2027-07-15", called(2, "review"), held(2), stream=two),
        *at("2027-07-16", PlanEnded(plan=PlanRef(ref(60)), reason=Code("other")), stream=two),
        *at("2027-08-01", a_power(others[1], "interview"), stream=three),
        *at("2027-08-02", a_referral("2027-06-15"), stream=five),
        *at("2027-08-02", ConcernCounted(counted=False, rule=Code("local_threshold")), stream=five),
    ]
    large = LargeScaleEnquiryLinked(large_scale=LargeScaleRef(ref(90)), adult_told=Code("yes"))
    every += [*at("2027-08-03", large, stream=three), *at("2027-08-03", large, stream=two)]
    adults = {case: ref(200 + number) for number, case in enumerate((one, two, three, four, five))}
    return [_whose(each, adults) for each in every]


def _whose(each: Told, adults: dict[UUID, UUID]) -> Told:
    if hasattr(each.event, "adult") and each.stream in adults:
        return replace(each, event=replace(each.event, adult=adults[each.stream]))  # type: ignore[type-var]
    return each


def test_an_authority_counted_by_hand(views: Views) -> None:
    """Every figure of two quarters is what was counted by hand.

    April to June: referrals of 2 and 9 April, 1 May and 28 June are 4 (that of 10 April is the same
    again; that of 15 June was decided not to count). Inquiries: that of 3 April ended without a
    power (1); those of 2 May (visit in May) and 30 June (interview in August, counted in the
    quarter of its trigger) used one (2). After them: not met, no action; and with powers ongoing
    work, and one pending. Conferences: one initial; the core group is neither. One plan begun, in
    place on 30 June. One temporary banning order applied for and granted with power of arrest; the
    warrant is none. One large-scale investigation, opened on 30 June in the one case, and the other
    only linked to it.
    July to September: one referral; one inquiry, ended without; one review; the plan ended.
    """
    views.tell(*authority())
    spring, summer = facts(views, Q1), facts(views, Q2)
    figures = {
        code: (counts(one.fill(spring)), counts(one.fill(summer))) for code, one in TABLES.items()
    }
    ongoing = "Meets three-point criteria - ongoing ASP work"
    order = "Temporary banning order"
    assert figures == {
        "1": ({"ASP referrals": 4}, {"ASP referrals": 1}),
        "Source": ({"Home care provider": 3, "Police": 1}, {"Home care provider": 1}),
        "2": (
            {"Count of inquiries concluded without use of investigatory powers": 1},
            {"Count of inquiries concluded without use of investigatory powers": 1},
        ),
        "3": ({"Count of inquiries using investigatory powers": 2}, {}),
        "10": (
            {"Does not meet the three-point criteria - no further action": 1},
            {ongoing: 1},
        ),
        "11": ({ongoing: 1, "Pending / Unknown": 1}, {}),
        "15a": ({"Physical harm": 1}, {"Physical harm": 1}),
        "15b": ({"Neglect": 1}, {}),
        "17a": ({"Dementia": 1}, {"Dementia": 1}),
        "17b": ({"Dementia": 1}, {}),
        "Age": ({"Not known": 3}, {"Not known": 1}),
        "Gender": ({"Not known": 3}, {"Not known": 1}),
        "Conferences": ({"Initial": 1}, {"Review": 1}),
        "ASPP": ({"Begun": 1, "In place on the last day": 1}, {"Ended": 1}),
        "Orders": (
            {f"{order} / Applied for": 1, f"{order} with power of arrest / Granted": 1},
            {},
        ),
        "LSI": ({"Large scale investigations begun": 1}, {}),
        "Restated": ({"Not concluded / Inquiries using investigatory powers": 1}, {}),
        "Unknown": ({}, {}),
    }
    left = [one for one in TABLES["1"].fill(spring).left_out if one.why.startswith("decided")]
    (contact,) = (each for one in left for each in one.counted)
    assert (contact.rule, contact.decided) == ("local_threshold", contact.position + 1)
    assert (
        total(spring, "Age") == total(spring, "Gender") == total(spring, "2") + total(spring, "3")
    )
    assert verify(INQUIRIES, views.connect).equal


def test_what_was_answered_in_a_forgotten_case_is_not_known(views: Views) -> None:
    """Actions and referrers have a row of it, harms and groups none; what happened counts on."""
    views.tell(*authority())
    before = facts(views, Q1)
    gone = bare(before, {position for _, position in told_of(before, {ref(2)})})
    filled = {code: (one.filled(before), one.filled(gone)) for code, one in TABLES.items()}
    moved = {code: counts(now) for code, (was, now) in filled.items() if counts(was) != counts(now)}
    assert moved == {
        "Source": {"Home care provider": 2, "Police": 1, "Not recorded": 1},
        "11": {"Pending / Unknown": 2},
        "15b": {},
        "17b": {},
        "Orders": {
            "Temporary banning order / Applied for": 1,
            "Temporary banning order, power of arrest not recorded / Granted": 1,
        },
    }
    left = {code for code, (_, now) in filled.items() if left_out(now).get(CASE_GONE.split(":")[0])}
    assert left == {"15b", "17b"}
    assert all(now.lost for code, (_, now) in filled.items() if code in {*moved, "3"})


def test_a_later_use_of_powers_restates_the_quarter(views: Views) -> None:
    """A power used in another quarter moves an inquiry in that of its trigger, and is shown."""
    views.tell(*at("2027-06-20", a_referral("2027-06-20"), an_inquiry("2027-06-20")))
    submitted = views.tell(*at("2027-06-25", ended("2027-06-25")))
    views.tell(*at("2027-09-01", EnquiryReopened(enquiry=FIRST), a_power()))

    before, after, next_quarter = facts(views, as_at=submitted), facts(views), facts(views, Q2)
    assert [(total(one, "2"), total(one, "3")) for one in (before, after, next_quarter)] == [
        (1, 0),
        (0, 1),
        (0, 0),
    ]
    assert counts(TABLES["Restated"].fill(before)) == {}
    found = TABLES["Restated"].fill(after)
    assert counts(found) == {
        "Inquiries without investigatory powers / Inquiries using investigatory powers": 1
    }
    (moved,) = (each for one in found.cells for each in one.counted)
    assert (moved.case, moved.subject, moved.position) == (CASE, FIRST, 5)


def test_a_corrected_trigger_restates_both_quarters(views: Views) -> None:
    """A trigger corrected after both quarters ended is named where it left and where it came in.

    Each by the correction; also where it may now have been in either, and so counts in none.
    """
    days = {"2027-06-29": "2027-07-13", "2027-07-02": "2027-06/2027-07", "2027-07-13": "2027-06-29"}
    for number, day in enumerate(sorted(days)):
        whose = replace(a_referral(day), adult=PersonRef(ref(200 + number)))
        inquiry, case = EnquiryRef(ref(40 + number)), ref(number + 1)
        views.tell(*at(day, whose, an_inquiry(day, inquiry), a_power(inquiry), stream=case))
    for number, day in enumerate(sorted(days)):
        views.tell(*at("2027-11-02", corrected(2, occurred=days[day]), stream=ref(number + 1)))
    spring, summer = (facts(views, of) for of in (Q1, Q2))
    restated = [TABLES["Restated"].fill(one) for one in (spring, summer)]
    using, other = "Inquiries using investigatory powers", "Not of the quarter"
    assert [
        (total(one, "3"), counts(each))
        for one, each in zip((spring, summer), restated, strict=True)
    ] == [
        (1, {f"Not recorded / {using}": 1, f"{using} / {other}": 1}),
        (1, {f"{other} / {using}": 1, f"{using} / {other}": 2}),
    ]
    for each in restated:
        moved = [one for cell in each.cells for one in cell.counted]
        assert {one.position for one in moved} <= {10, 11, 12}
    for one in (spring, summer):
        assert left_out(TABLES["3"].fill(one)) == {"at a time not known well enough": 1}
    assert verify(INQUIRIES, views.connect).equal


def test_what_nearly_counts_is_what_the_block_beside_it_does(views: Views) -> None:
    """A figure names the inquiries, conferences and orders that another count has, with why."""
    views.tell(*authority())
    review = told("2027-08-10", held(5), occurred="2027-06-30", stream=ref(2))
    views.tell(*at("2027-08-10", called(5, "review"), stream=ref(2)), review)
    found = facts(views)

    def near(code: str, number: int) -> set[tuple[str, UUID]]:
        filled = TABLES[code].fill(found)
        told_ = nearly(filled.cells[number], found, filled)[len(filled.left_out) :]
        return {(one.why, each.subject) for one in told_ for each in one.counted}

    others = [EnquiryRef(ref(140 + number)) for number in range(2)]
    for code in ("2", "10", "15a", "17a", "Age", "Gender"):
        assert near(code, 0) == {(OTHER_INQUIRY[USED], one) for one in others}, code
    for code in ("3", "11", "15b", "17b"):
        assert near(code, 0) == {(OTHER_INQUIRY[NOT_USED], FIRST)}, code
    assert near("Age", -1) == {(OTHER_INQUIRY[NOT_USED], FIRST)}
    assert near("Conferences", 0) == {(OTHER_CONFERENCE, ref(55))}
    assert near("Conferences", 1) == {(OTHER_CONFERENCE, ref(50))}


_JOINED = "2027-08-01"  # after the first quarter was submitted
USING, WITHOUT, OPEN, OUT = (
    "Inquiries using investigatory powers",
    "Inquiries without investigatory powers",
    "Not concluded",
    "Not of the quarter",
)


def test_merges_and_splits_restate_a_quarter(views: Views) -> None:
    """What was joined or parted since a quarter ended is told by the entry that did it.

    Two that were merged, a power split off alone, an inquiry split off whole to an adult with one
    that was open, merged before the end and unmerged; what was merged and unmerged moved nothing.
    """
    ones = [ref(number) for number in range(1, 10)]
    inquiries = [EnquiryRef(ref(140 + number)) for number in range(10)]
    leading, merged, parted, to, whole, goes_on, again, with_it, other = ones
    for number, case in enumerate(ones):
        opened_ = [an_inquiry(f"2027-05-1{number}", inquiries[number])] if case != to else []
        if case == goes_on:
            opened_ = [an_inquiry("2027-05-01", inquiries[number])]
        powers = [a_power(inquiries[number])] if case not in {to, goes_on} else []
        whose = replace(a_referral("2027-05-01"), adult=PersonRef(ref(200 + number)))
        views.tell(*at("2027-05-20", whose, *opened_, *powers, stream=case))
    submitted = views.tell(*merge("2027-06-01", with_it, again))
    by = {
        merged: views.tell(*merge(_JOINED, merged, leading)),
        parted: views.tell(*split(_JOINED, parted, to, 3)),
        whole: views.tell(*split(_JOINED, whole, goes_on, 2, 3)),
        again: views.tell(*unmerge(_JOINED, with_it, again, 4, 4)),
    }
    views.tell(*merge(_JOINED, other, leading), *unmerge(_JOINED, other, leading, 4, 5))

    found, before = facts(views), facts(views, as_at=submitted)
    assert [total(one, "3") for one in (before, found)] == [6, 5]
    assert counts(TABLES["Restated"].fill(before)) == {}
    restated = TABLES["Restated"].fill(found)
    told_ = {
        (one.category, one.subcategory, each.subject, each.position)
        for one in restated.cells
        for each in one.counted
    }
    assert told_ == {
        (USING, OUT, inquiries[1], by[merged]),
        (USING, OPEN, inquiries[2], by[parted]),
        (USING, OUT, inquiries[4], by[whole]),
        (OPEN, USING, inquiries[5], by[whole]),
        (OUT, USING, inquiries[7], by[again]),
    }
    assert counts(restated) == {
        f"{USING} / {OUT}": 2,
        f"{USING} / {OPEN}": 1,
        f"{OPEN} / {USING}": 1,
        f"{OUT} / {USING}": 1,
    }


def test_who_was_no_adult_when_a_quarter_ended_is_named(views: Views) -> None:
    """Counted by a birth told since, it is named apart, to whoever may read who a person is."""
    for day, recorded, event in (
        ("2015-01-01", "2027-05-02", PersonRegistered),
        ("1950-01-01", _JOINED, PersonDetailsRecorded),
    ):
        birth = Details(date_of_birth=words(day, ADULT))
        views.tell(told(recorded, event(details=birth), stream=ADULT))
        if recorded != _JOINED:
            opened_ = an_inquiry("2027-05-02")
            views.tell(*at("2027-05-02", a_referral("2027-05-01"), opened_, a_power()))
    found = facts(views)
    restated = TABLES["Restated"].fill(found)
    assert (total(found, "3"), counts(restated)) == (1, {})
    assert [(one.why, one.personal) for one in restated.left_out] == [(GROWN, True)]


MOVES: dict[str, tuple[list[object], str | None]] = {
    "a power used": ([a_power()], "3"),
    "and withdrawn: as if it had not been": ([a_power(), corrected(4, withdrawn=True)], "2"),
    "triggered in the next quarter": ([corrected(2, occurred="2027-07-02")], None),
    "never opened": ([corrected(2, withdrawn=True)], None),
    "not concluded: it is open which it will be": ([corrected(3, withdrawn=True)], None),
    "reopened": ([EnquiryReopened(enquiry=FIRST)], None),
}


def test_what_moves_an_inquiry(views: Views) -> None:
    """Powers, corrections and reopenings move an inquiry between indicators 2 and 3, and quarters.

    As at before, it stays as it was.
    """
    then = 0
    for number in range(len(MOVES)):
        case = ref(number + 1)
        adult = replace(a_referral("2027-06-20"), adult=PersonRef(ref(200 + number)))
        views.tell(*at("2027-06-20", adult, an_inquiry("2027-06-20"), stream=case))
        then = views.tell(*at("2027-06-25", ended("2027-06-25"), stream=case))
    for number, (told_later, _) in enumerate(MOVES.values()):
        views.tell(*at("2027-08-01", *told_later, stream=ref(number + 1)))
    before, found = facts(views, as_at=then), facts(views)
    assert (total(before, "2"), total(before, "3")) == (len(MOVES), 0)
    where = {
        each.case: code
        for code in ("2", "3")
        for one in TABLES[code].fill(found).cells
        for each in one.counted
    }
    assert [where.get(ref(number + 1)) for number in range(len(MOVES))] == [
        code for _, code in MOVES.values()
    ]
    assert verify(INQUIRIES, views.connect).equal


def test_what_is_withdrawn_is_named(views: Views) -> None:
    """A withdrawn referral, inquiry or power of the period is left out by name."""
    views.tell(
        *at("2027-06-20", a_referral("2027-06-20"), an_inquiry("2027-06-20"), a_power()),
        *at("2027-06-21", linked("2027-06-21")),
        *at("2027-07-01", corrected(3, withdrawn=True), corrected(4, withdrawn=True)),
    )
    found = facts(views)
    assert left_out(TABLES["1"].fill(found)) == {"withdrawn by a correction": 1}
    assert left_out(TABLES["2"].fill(found)) == {
        "not concluded, and no investigatory power used so far": 1,
        "the use of a power, or the conclusion, was withdrawn by a correction": 1,
    }


def test_an_inquiry_split_off_without_what_was_done_in_it(views: Views) -> None:
    """It is not said that no power was used: what stayed in the other case is named (R150)."""
    views.tell(
        *at("2027-05-02", a_referral("2027-05-01"), an_inquiry("2027-05-02"), a_power()),
        *at("2027-05-20", ended("2027-05-20")),
        *split("2027-06-05", CASE, OTHER_CASE, 2, adult=SISTER),
    )
    named = left_out(TABLES["3"].fill(facts(views)))
    assert named == {
        "split off without its powers used or its conclusion, which are read in another case": 1,
        "a power used or a conclusion, and the inquiry was split off without it": 2,
    }


def test_a_concern_entered_twice(views: Views) -> None:
    """Of a case merged as entered twice the referral and the inquiry count once, and are named."""
    for case, inquiry in ((CASE, FIRST), (OTHER_CASE, SECOND)):
        opened_ = an_inquiry("2027-05-02", inquiry)
        done = a_power(inquiry)
        views.tell(*at("2027-05-02", a_referral("2027-05-01"), opened_, done, stream=case))
    before = views.tell(*at("2027-05-03", called(0, "initial"), held(0), stream=OTHER_CASE))
    views.tell(*merge("2027-05-04", OTHER_CASE, CASE, "same_concern"))
    found = facts(views)
    assert [total(facts(views, as_at=before), "1"), total(found, "1"), total(found, "3")] == [
        2,
        1,
        1,
    ]
    assert total(found, "Conferences") == 1
    for code in ("1", "3"):
        assert "the same concern was entered twice" in left_out(TABLES[code].fill(found))
    (conference,) = TABLES["Conferences"].fill(found).cells[0].counted
    assert conference.case == CASE
    assert verify(INQUIRIES, views.connect).equal


def test_age_and_gender_of_the_adult(views: Views) -> None:
    """An inquiry is counted by the adult's age on the day of its trigger, and by their gender.

    One that is 64 then is 65 at the quarter's end. Of somebody forgotten neither is known.
    """
    details = Details(
        name=words("Ada Example", ADULT),
        date_of_birth=words("1962-06-21", ADULT),
        gender=words("female", ADULT),
    )
    views.tell(told("2027-06-20", PersonRegistered(details=details), stream=ADULT))
    views.tell(*at("2027-06-20", a_referral("2027-06-20"), an_inquiry("2027-06-20"), a_power()))
    found = facts(views)
    assert counts(TABLES["Age"].fill(found)) == {"25-64": 1}
    assert counts(TABLES["Gender"].fill(found)) == {"Female": 1}
    views.forget(ADULT)
    for code in ("Age", "Gender"):
        assert counts(TABLES[code].fill(facts(views))) == {"Not known": 1}


def test_days_not_known_well_enough(views: Views) -> None:
    """What may have been in the quarter and may not is left out of it by name."""
    views.tell(
        *at("2027-07-02", a_referral("2027")),
        told("2027-07-02", called(0, "initial")),
        told("2027-07-02", held(0), occurred="2027-06/2027-07"),
    )
    found = facts(views)
    for code in ("1", "Conferences"):
        filled = TABLES[code].fill(found)
        assert counts(filled) == {}
        assert "at a time not known well enough" in left_out(filled)


def test_a_conference_told_by_a_part_alone(views: Views) -> None:
    """A conference of which only a part is recorded as held counts not, and is named until it is.

    Once the conference itself is recorded it counts by its own day, and nothing is named.
    """
    one = Part(number=1, reason=Code("not_recorded"))
    part = ConferencePartHeld(conference=held(0).conference, part=one)
    views.tell(*at("2027-05-03", called(0, "initial"), part))
    filled = TABLES["Conferences"].fill(facts(views))
    assert (counts(filled), left_out(filled)) == (
        {},
        {"a part of it is recorded as held, and the conference is not": 1},
    )
    views.tell(*at("2027-05-04", held(0)))
    filled = TABLES["Conferences"].fill(facts(views))
    assert (counts(filled), left_out(filled)) == ({"Initial": 1}, {})


def test_nobody_under_16_is_in_any_table(views: Views) -> None:
    """Of a child neither referral, inquiry, conference, plan nor order counts; each is named.

    So the inquiries by age, and by gender, are those with powers and without.
    """
    details = Details(name=words("Ada Example", ADULT), date_of_birth=words("2015-01-01", ADULT))
    views.tell(told("2027-05-01", PersonRegistered(details=details), stream=ADULT))
    views.tell(
        *at("2027-05-01", a_referral("2027-05-01"), an_inquiry("2027-05-01"), ended("2027-05-02")),
        *at("2027-05-03", called(0, "initial"), held(0), planned(0)),
        *at("2027-05-04", applied(0, "banning"), granted(0)),
    )
    found = facts(views)
    for code in ("1", "Source", "2", "10", "Age", "Gender", "Conferences", "ASPP", "Orders"):
        filled = TABLES[code].fill(found)
        assert counts(filled) == {}, code
        assert "under 16 on that day" in left_out(filled), code


def test_a_decision_whether_a_referral_counts_is_of_those_there_were(views: Views) -> None:
    """As in England: a referral that comes after a decision is not decided by it."""
    decided = ConcernCounted(counted=False, rule=Code("local_threshold"))
    views.tell(*at("2027-05-01", a_referral("2027-05-01"), decided, linked("2027-05-20")))
    found = TABLES["1"].fill(facts(views))
    assert counts(found) == {"ASP referrals": 1}
    assert left_out(found) == {"decided not to be counted": 1}
