from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assessment import CapacityDecisionRecorded
from domain.involvement import (
    AdultAttendanceViewRecorded,
    AdultDeclinedAttendance,
    AdultInformedOfConference,
    AdultInvited,
    AdultNotInvited,
    AdultRepresentativeNominated,
    AdultSupportArranged,
    AdultViewsObtained,
    ArrangeAdultSupport,
    DecideNotToInviteAdult,
    InformAdultOfConference,
    InviteAdult,
    NominateAdultRepresentative,
    RecordAdultAttendanceView,
    RecordAdultDeclinedAttendance,
    RecordAdultViews,
)
from domain.jurisdictions import Jurisdiction
from domain.when import read
from domain.words import Code, ConferenceRef
from tests.controls import (
    CONFERENCE,
    NATIONS,
    a_capacity,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R2", "R24", "R25", "R26", "R27", "R28", "R36", "R47", "R49", "R50", "R52", "R53", "R207",
)  # fmt: skip

LETTER = Code("letter")
DECLINED = AdultDeclinedAttendance(
    conference=CONFERENCE, method=Code("telephone"), reason=words("Too many people.")
)
VIEWS = AdultViewsObtained(
    conference=CONFERENCE,
    method=Code("in_person"),
    views=words("Wants to stay at home."),
    own_words=True,
)
INFORMED = AdultInformedOfConference(
    conference=CONFERENCE, purpose_explained=True, attendees_named=True, method=LETTER
)


def called(*more: object) -> Given:
    """Begin with a conference called for 23 November, and these."""
    return given(a_referral(), a_conference(), *more)


def held(*before: object) -> Given:
    """Begin with a conference held on 23 November after these."""
    return called(*before, at("2026-11-23", a_held_conference()))


def held_without(*before: object) -> Given:
    """Begin with a conference held without the adult on 23 November after these."""
    return called(*before, at("2026-11-23", a_conference_without_adult()))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_adult_may_decline(nation: Jurisdiction) -> None:
    """That the adult declined is recorded with how it was said and why, in both nations (R53)."""
    ask = RecordAdultDeclinedAttendance(
        conference=CONFERENCE, method=Code("telephone"), reason=words("Too many people.")
    )
    history = given(a_referral(), a_conference(), jurisdiction=nation)
    history.when(ask).then(DECLINED)


def test_an_adult_who_declines_is_heard_beforehand() -> None:
    """An adult who declined and was not asked for views before the meeting is a finding (R53)."""
    absent = held_without(DECLINED).then_finding("views_not_obtained")
    held_without(DECLINED, at("2026-11-20", VIEWS)).then_no_finding("views_not_obtained")
    (one,) = (it for it in absent.findings() if it.code == "views_not_obtained")
    assert one.since == read("2026-11-23")  # there was time until the meeting


def test_an_adult_who_came_after_all_has_not_declined() -> None:
    """Of an adult who changed their mind, or came, no views are wanted beforehand (R53)."""
    wish = AdultAttendanceViewRecorded(
        conference=CONFERENCE, wishes_to_attend=Code("yes"), wishes_supporter=Code("no")
    )
    held(DECLINED).then_no_finding("views_not_obtained")
    held_without(DECLINED, wish).then_no_finding("views_not_obtained")
    held_without(wish, DECLINED).then_finding("views_not_obtained")


def test_views_obtained_afterwards_come_too_late() -> None:
    """Views obtained after the meeting do not answer the duty to ask before it (R53)."""
    meeting = at("2026-11-23", a_conference_without_adult())
    called(DECLINED, meeting, at("2026-11-24", VIEWS)).then_finding("views_not_obtained")


def test_views_of_the_same_day_have_the_benefit_of_the_doubt() -> None:
    """Views of the day of the meeting, hour unknown, are not said to be late (R53)."""
    held_without(DECLINED, at("2026-11-23", VIEWS)).then_no_finding("views_not_obtained")


def test_declining_rests_on_a_capacity_decision() -> None:
    """An adult's refusal with no capacity decision recorded is a finding (R49)."""
    capacity = CapacityDecisionRecorded(
        decision=Code("own_safety"),
        answer=Code("has_capacity"),
        assessor_role=Code("social_worker"),
    )
    called(DECLINED).then_finding("declined_without_capacity")
    called(capacity, DECLINED).then_no_finding("declined_without_capacity")
    of_coming = replace(capacity, decision=Code("attending_conference"))
    called(DECLINED, of_coming).then_no_finding("declined_without_capacity")


def test_capacity_for_something_else_says_nothing_of_declining() -> None:
    """A refusal to come is not answered by capacity for finances, nor after the meeting (R49)."""
    code = "declined_without_capacity"
    called(replace(a_capacity(), decision=Code("finances")), DECLINED).then_finding(code)
    held(DECLINED, a_capacity()).then_no_finding(code)
    meeting = at("2026-11-23", a_held_conference())
    called(DECLINED, meeting, at("2026-11-24", a_capacity())).then_finding(code)


def test_the_adult_is_invited_or_the_record_says_why_not() -> None:
    """A conference held with neither invitation nor reason is a finding (R2, R47)."""
    invited = AdultInvited(conference=CONFERENCE, method=LETTER, supports=())
    excused = AdultNotInvited(
        conference=CONFERENCE, reason=Code("safety"), rationale=words("He would be told of it.")
    )
    held().then_finding("adult_not_invited")
    held(invited).then_no_finding("adult_not_invited")
    held(excused).then_no_finding("adult_not_invited")


def test_not_inviting_is_explained() -> None:
    """Not inviting the adult without a recorded reason and basis is a finding (R47, R207)."""
    bare = DecideNotToInviteAdult(conference=CONFERENCE)
    whole = replace(bare, reason=Code("best_interests"), rationale=words("Would cause distress."))

    called().when(bare).then_recorded(AdultNotInvited)
    called().when(bare).then_finding("not_invited_unexplained")
    called().when(whole).then_no_finding("not_invited_unexplained")


def test_the_adult_is_told_the_purpose_in_advance() -> None:
    """A conference of which the adult was not told the purpose before it is a finding (R25)."""
    held().then_finding("purpose_not_explained")
    held(at("2026-11-16", INFORMED)).then_no_finding("purpose_not_explained")
    meeting = at("2026-11-23", a_held_conference())
    called(meeting, at("2026-11-24", INFORMED)).then_finding("purpose_not_explained")

    held(at("2026-11-16", replace(INFORMED, purpose_explained=False))).then_finding(
        "purpose_not_explained"
    )
    # Told twice, once of the purpose: in either order they know it.
    bare = at("2026-11-17", replace(INFORMED, purpose_explained=False))
    held(at("2026-11-16", INFORMED), bare).then_no_finding("purpose_not_explained")
    held(at("2026-11-16", bare.event), at("2026-11-17", INFORMED)).then_no_finding(
        "purpose_not_explained"
    )


def test_the_adult_is_told_who_will_be_there() -> None:
    """A conference before which the adult was not told who comes is a finding (R26)."""
    held(replace(INFORMED, attendees_named=False)).then_finding("attendees_not_named")
    held(INFORMED).then_no_finding("attendees_not_named")
    meeting = at("2026-11-23", a_held_conference())
    called(meeting, at("2026-11-24", INFORMED)).then_finding("attendees_not_named")


def test_the_adult_is_asked_whether_to_come() -> None:
    """A conference held without the adult's wish to attend being recorded is a finding (R50)."""
    wish = AdultAttendanceViewRecorded(
        conference=CONFERENCE, wishes_to_attend=Code("yes"), wishes_supporter=Code("no")
    )
    held().then_finding("wish_not_asked")
    held(wish).then_no_finding("wish_not_asked")
    held(DECLINED).then_no_finding("wish_not_asked")
    held(replace(wish, wishes_to_attend=Code("not_known"))).then_finding("wish_not_asked")
    meeting = at("2026-11-23", a_held_conference())
    called(meeting, at("2026-11-24", wish)).then_finding("wish_not_asked")


def test_needs_are_met_with_arrangements() -> None:
    """Needs recorded and not arranged for, of an adult who came, are a finding (R24, R27, R28)."""
    need = AdultSupportArranged(
        conference=CONFERENCE, needs=(Code("interpreter"), Code("transport")), arranged=()
    )
    some = replace(need, arranged=(Code("transport"),))
    rest = AdultInvited(conference=CONFERENCE, method=LETTER, supports=(Code("interpreter"),))

    held(need).then_finding("support_not_arranged")
    held(some).then_finding("support_not_arranged")
    held(some, rest).then_no_finding("support_not_arranged")


def test_a_nominee_alleged_to_have_caused_harm_is_a_high_finding() -> None:
    """The adult's nominee being the person alleged to have caused harm is flagged high (R52)."""
    ask = NominateAdultRepresentative(
        conference=CONFERENCE, name=words("Her son"), alleged_to_have_caused_harm=Code("yes")
    )
    outcome = called().when(ask)
    outcome.then_recorded(AdultRepresentativeNominated)
    outcome.then_finding("nominee_alleged", severity="high")


def test_an_override_or_another_nominee_answers_it() -> None:
    """A recorded reason, or a later nominee, lifts the finding (R52)."""
    risky = AdultRepresentativeNominated(
        conference=CONFERENCE,
        scope=Code("attend_and_speak"),
        alleged_to_have_caused_harm=Code("yes"),
    )
    reasoned = replace(
        risky, override_reason=words("She insists, with capacity, and is not alone.")
    )
    other = replace(risky, alleged_to_have_caused_harm=Code("no"))

    called(reasoned).then_no_finding("nominee_alleged")
    called(risky, other).then_no_finding("nominee_alleged")


def test_every_step_is_recorded_as_given() -> None:
    """Each command about the adult's part records its own event."""
    steps = (
        (InviteAdult(conference=CONFERENCE), AdultInvited),
        (
            InformAdultOfConference(
                conference=CONFERENCE, purpose_explained=True, attendees_named=True
            ),
            AdultInformedOfConference,
        ),
        (ArrangeAdultSupport(conference=CONFERENCE), AdultSupportArranged),
        (
            RecordAdultAttendanceView(conference=CONFERENCE, wishes_to_attend=Code("not_known")),
            AdultAttendanceViewRecorded,
        ),
        (RecordAdultViews(conference=CONFERENCE), AdultViewsObtained),
    )
    for command, event in steps:
        called().when(command).then_recorded(event)


def test_another_support_needs_words() -> None:
    """Support of another kind is said in words (I11)."""
    ask = InviteAdult(conference=CONFERENCE, supports=(Code("other"),))
    called().when(ask).then_refused("I11")


def test_nobody_is_invited_to_a_conference_never_called() -> None:
    """The adult's part in a conference this case does not have is not found."""
    called().when(InviteAdult(conference=ConferenceRef(ref(599)))).then_not_found()
