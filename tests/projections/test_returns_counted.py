"""A small authority whose year was counted by hand, for every table of England's return."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.concern import ReferralLinked
from domain.duty import ConcernCounted
from domain.jurisdictions.england import ENGLAND
from domain.person import PersonDied
from domain.reviewing import ReviewedIndividual, SafeguardingReviewConcluded
from domain.when import read
from domain.words import Code, EnquiryRef, PersonRef, ReviewRef
from projections.returns import whole
from projections.returns.england import words as said
from projections.returns.england.counting import NOT_A_CONCERN
from tests.controls import a_referral, ref
from tests.projections.conftest import Told, Views, told
from tests.projections.test_returns import an_enquiry, concluded, facts
from tests.projections.test_returns_tables import found, known, not_found

ADA, BEN, CAT, DEE = (PersonRef(ref(number)) for number in (10, 301, 302, 303))
ONE, TWO, THREE, FOUR, FIVE, SIX = (ref(number) for number in (1, 2, 3, 4, 5, 6))
DAY = "2026-11-02"

# Blocks: concerns, Section 42 enquiries, other enquiries; of what was concluded, the last two.
EXPECTED = {
    "SG1a": (
        {"65-74": 1, "85-94": 1, "Not Known": 1},
        {"18-64": 1, "85-94": 1},
        {"65-74": 1},
    ),
    "SG1b": (
        {"Male": 1, "Female": 1, "Not Known": 1},
        {"Female": 1, "Not Known": 1},
        {"Male": 1},
    ),
    "SG1c": (
        {"White": 1, "Asian / Asian British": 1, "Undeclared / Not Known": 1},
        {"White": 1, "Refused": 1},
        {"Asian / Asian British": 1},
    ),
    "SG1d": (
        {"Physical Support": 1, "Social Support": 2, "Not Known": 2},
        {"Physical Support": 1, "Mental Health Support": 1, "Not Known": 1},
        {"Social Support": 1},
    ),
    "SG1e": (
        {
            said.CONDITIONS["physical_copd"]: 1,
            said.CONDITIONS["mental_health_dementia"]: 1,
            said.CONDITIONS["none"]: 2,
            "Not Known": 2,
        },
        {
            said.CONDITIONS["physical_copd"]: 1,
            said.AUTISM["autism"]: 1,
            said.CONDITIONS["mental_health_dementia"]: 1,
            "Not Known": 1,
        },
        {said.CONDITIONS["none"]: 1},
    ),
    "SG1f": (
        {"Total Number of Safeguarding Concerns": 5},
        {"Total Number of Section 42 Safeguarding Enquiries": 3},
        {"Total Number of Other Safeguarding Enquiries": 1},
    ),
    "SG2a": (
        {
            "Physical Abuse / Other - Known to individual": 1,
            "Financial or Material Abuse / Other - Unknown to individual": 1,
            "Neglect and Acts of Omission / Service Provider": 1,
            "Self-Neglect / Other - Known to individual": 1,
        },
        {"Domestic Abuse / Other - Known to individual": 1},
    ),
    "SG2a_b1": (
        {
            "Physical Abuse / Own Home": 1,
            "Financial or Material Abuse / In the Community": 1,
            "Neglect and Acts of Omission / Own Home": 1,
            "Self-Neglect / Own Home": 1,
        },
        {"Domestic Abuse / Own Home": 1},
    ),
    "SG2b": (
        {
            "Own Home / Service Provider": 1,
            "Own Home / Other - Known to individual": 2,
            "In the Community / Other - Unknown to individual": 1,
        },
        {"Own Home / Other - Known to individual": 1},
    ),
    "SG2c": (
        {
            "Risk identified and action taken / Service Provider": 1,
            "Risk identified and action taken / Other - Known to individual": 1,
            "Risk identified and no action taken / Other - Known to individual": 1,
            "Enquiry ceased at individual's request and no action taken / "
            "Other - Unknown to individual": 1,
        },
        {"No risk identified and no action taken / Other - Known to individual": 1},
    ),
    "SG2e": (
        {
            "Risk remained / Other - Known to individual": 1,
            "Risk reduced / Service Provider": 1,
            "Risk removed / Other - Known to individual": 1,
        },
        {},
    ),
    "SG3a": (
        {"Yes, they lacked capacity": 1, "Don't know": 1, said.SUPPORTED: 1},
        {"No, they did not lack capacity": 1},
    ),
    "SG4a": (
        {
            "Yes they were asked and outcomes were expressed": 1,
            "Yes they were asked but no outcomes were expressed": 1,
            "Fully Achieved": 1,
        },
        {"No": 1},
    ),
    "SG5a": ({"Where one or more individuals died": 1, "Where no individuals died": 1},),
    "SG5b": (
        {"Who suffered serious harm and died": 1, "Who suffered serious harm and survived": 2},
    ),
}


def ended(number: int, person: PersonRef | None, fate: str) -> tuple[ReviewRef, ReviewedIndividual]:
    """Give a review's reference and one individual it was about."""
    return ReviewRef(ref(number)), ReviewedIndividual(person=person, fate=Code(fate))


def concluding(day: str, *individuals: tuple[ReviewRef, ReviewedIndividual]) -> object:
    """Give the conclusion of a review."""
    return SafeguardingReviewConcluded(
        review=individuals[0][0],
        concluded_on=date.fromisoformat(day),
        individuals=tuple(one for _, one in individuals),
        published=Code("no"),
    )


def people() -> list[Told]:
    """Give the four adults, of one of whom nothing is known."""
    died = PersonDied(died=read("2025-08-15"), cause_known=Code("known"))
    return [
        known(ADA, date_of_birth="1940-06-01", gender="female", ethnicity="white"),
        known(BEN, date_of_birth="1960-02-01", gender="male", ethnicity="asian"),
        known(CAT, date_of_birth="1990", gender="other", ethnicity="refused"),
        known(DEE, name="Dee Example"),
        told(DAY, died, stream=BEN),
    ]


def of_ada() -> list[Told]:
    """Give Ada's two cases, one enquiry of them concluded, and a review that she survived."""
    end = replace(
        concluded(
            "neglect provider_private own_home",
            "neglect provider_public own_home",
            "physical known_relative own_home",
            capacity="lacked_supported",
        ),
        risks_found=(found("service_provider"), found("known", outcome="removed")),
        outcomes=Code("expressed_fully_achieved"),
        primary_support_reason=Code("physical"),
        health_conditions=(Code("physical_copd"), Code("mental_health_dementia")),
    )
    first = (
        replace(a_referral("2025-05-01"), adult=ADA),
        an_enquiry(),
        end,
        concluding("2026-02-01", ended(81, ADA, "survived")),
    )
    second = (replace(a_referral("2025-07-01"), adult=ADA), an_enquiry(1, day="2025-07-12"))
    return [
        *(told(DAY, one, stream=ONE) for one in first),
        *(told(DAY, one, stream=TWO) for one in second),
    ]


def of_ben() -> list[Told]:
    """Give Ben's case: referred twice, an enquiry that is no Section 42 one, and his review."""
    again = ReferralLinked(
        reason=Code("repeat"),
        channel=Code("telephone"),
        referrer_role=Code("home_care"),
        referrer_confidential=Code("no"),
        received=read("2025-06-10"),
    )
    end = replace(
        concluded("domestic known_relative own_home", number=2, day="2025-08-01"),
        risks_not_found=(not_found("known", "none_no_action_taken"),),
        outcomes=Code("not_asked"),
        primary_support_reason=Code("social"),
        health_conditions=(Code("none"),),
    )
    events = (
        replace(a_referral("2025-06-03"), adult=BEN),
        again,
        an_enquiry(2, "other_enquiry", day="2025-06-20"),
        end,
        concluding("2025-12-01", ended(82, BEN, "died"), ended(82, None, "survived")),
    )
    return [told(DAY, one, stream=THREE) for one in events]


def of_others() -> list[Told]:
    """Give Cat's case, of two years, and Dee's two, of which one was decided not to count."""
    end = replace(
        concluded(
            "self_neglect known_self own_home",
            "financial unknown_not_related in_the_community",
            number=3,
            capacity="not_known",
            day="2026-03-31",
        ),
        risks_found=(found("known", "no_action_taken", "remained"),),
        risks_not_found=(not_found("unknown", "ceased"),),
        outcomes=Code("asked_none_expressed"),
        primary_support_reason=Code("mental_health"),
        health_conditions=(Code("autism"),),
    )
    cats = (replace(a_referral("2025-03-31"), adult=CAT), an_enquiry(3, day="2025-04-01"), end)
    not_counted = ConcernCounted(counted=False, rule=Code("framework_2020"))
    dees = replace(a_referral("2025-09-09"), adult=DEE)
    return [
        *(told(DAY, one, stream=FOUR) for one in cats),
        told(DAY, dees, stream=FIVE),
        told(DAY, not_counted, stream=FIVE),
        told(DAY, replace(dees, received=read("2025-09-10")), stream=SIX),
    ]


def test_every_table_is_what_was_counted_by_hand(views: Views) -> None:
    """Every table of 2025-26 has the figures counted by hand, and 0 everywhere else.

    Concerns received in the year: Ada's two, Ben's two, and the one of Dee's that counts: 5, of 3
    adults (Cat's came the day before). Begun: Ada's two and Cat's under Section 42: 3, of 2 adults;
    and Ben's other one. On 31 March 2026 Ada is 85 and Cat 35 or 36; Ben was 65 when he died.
    Ben's conclusion speaks for both his concerns; Ada's second case and Dee's have none. Concluded:
    Ada's first and Cat's, and Ben's. Dee's contact is left out where concerns are counted; where
    adults are, she is counted by her concern. Ada's neglect has two sources of one kind: one. Two
    reviews ended, in one of which Ben died; Ada and somebody unnamed survived.
    """
    views.tell(*people(), *of_ada(), *of_ben(), *of_others())
    begun = (said.CONCERNS, said.SECTION_42_ENQUIRIES, said.OTHER_ENQUIRIES)
    tables = whole(ENGLAND.code, 2025, facts(views))
    assert set(tables) == set(EXPECTED)
    for code, expected in EXPECTED.items():
        blocks = {
            "SG1": begun,
            "SG5": (said.REVIEWS if code == "SG5a" else said.REVIEWED,),
        }.get(code[:3], (said.CONCLUDED, said.CONCLUDED_OTHER))
        counted = {
            (one.enquiry_type, f"{one.category} / {one.subcategory}".removesuffix(" / ")): one.value
            for one in tables[code].cells
            if one.value
        }
        by_hand = {
            (block, category): value
            for block, figures in zip(blocks, expected, strict=True)
            for category, value in figures.items()
        }
        assert counted == by_hand, code
        left = [(one.why, [each.case for each in one.counted]) for one in tables[code].left_out]
        contact = [(NOT_A_CONCERN, [FIVE])] if code in {"SG1d", "SG1e", "SG1f"} else []
        assert left == contact, code
        for one in tables[code].cells:
            assert len(one.counted) == (one.value or 0), code


def test_each_enquiry_of_the_fixture_has_its_own_reference() -> None:
    """The enquiries counted by hand are four, so that none stands for another."""
    opened = [
        one.event.enquiry
        for one in (*of_ada(), *of_ben(), *of_others())
        if type(one.event) is type(an_enquiry())
    ]
    assert opened == [EnquiryRef(ref(40 + number)) for number in range(4)]
