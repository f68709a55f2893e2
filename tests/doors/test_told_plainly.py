"""What a story says of answers, orders and months: in sentences, and each thing once."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from api.routes.timeline import Told
from api.story.chapters import chapters
from api.story.saying import agency, time
from domain.catalogue import EVENTS
from domain.conference import ConferenceRescheduled
from domain.jurisdictions import jurisdictions
from domain.when import read
from domain.words import Code, Slug
from tests.controls import a_conference, a_held_conference, words
from tests.doors.test_case_told import fact, voice
from tests.stored import __main__ as stored

SCOTLAND = jurisdictions()["scotland"]


def said(name: str, **changes: Any) -> str:  # noqa: ANN401 — each test names its own
    """Tell an example of an event with these fields."""
    event = replace(stored.example(EVENTS[name].cls, count(1)), **changes)
    return voice(SCOTLAND).say(fact(name, event))[0]


@pytest.mark.parametrize(
    ("code", "closing", "closed"),
    [
        ("agrees", "The adult agrees to the closing", "The adult agrees."),
        ("disagrees", "The adult does not agree to the closing", "The adult does not agree."),
        ("no_view", "asked about the closing, and gave no view", "asked, and gave no view."),
        ("not_asked", "The adult was not asked about the closing", "The adult was not asked."),
        ("could_not_be_asked", "could not be asked about the", "The adult could not be asked."),
        ("not_recorded", "thinks of the closing is not recorded", "of it is not recorded."),
    ],
)
def test_what_the_adult_thinks_of_closing_is_a_sentence(
    code: str, closing: str, closed: str
) -> None:
    """No label of a form stands in it: `asked: agrees` is how a list is sorted."""
    assert closing in said("adult-views-on-closure-recorded", views=Code(code))
    assert closed in said("case-closed", views=Code(code))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("given", "was given"),
        ("given_in_part", "was given within limits"),
        ("refused", "was refused"),
        ("no_answer", "was asked for, and no answer was given"),
        ("not_asked", "was not asked for"),
        ("could_not_be_asked", "could not be asked for"),
    ],
)
def test_whether_consent_to_share_was_given_is_a_sentence(code: str, told: str) -> None:
    """As the concern came in, and as it was recorded apart from that."""
    sentence = f"Consent to share information {told}"
    assert f"{sentence}." in said("referral-received", consent=Code(code))
    assert said("consent-to-share-recorded", answer=Code(code)).startswith(sentence)


@pytest.mark.parametrize("name", ["referral-received", "referral-linked"])
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("yes", "Who referred is kept confidential."),
        ("not_known", "Whether who referred is to be kept confidential is not known, so it is"),
        ("not_recorded", "(whether in confidence is not recorded)."),
    ],
)
def test_whether_the_referrer_stays_confidential_is_a_sentence(
    name: str, code: str, told: str
) -> None:
    """What is not known is said, and is not what was answered with no."""
    assert told in said(name, referrer_confidential=Code(code))
    assert "confiden" not in said(name, referrer_confidential=Code("no"))


@pytest.mark.parametrize(
    ("name", "field", "code", "told"),
    [
        ("family-attendance-decided", "registered", "not_known", "Whether it is registered is not"),
        (
            "family-attendance-decided",
            "authority_verified",
            "not_known",
            "was checked is not known.",
        ),
        ("family-attendance-decided", "alleged_to_have_caused_harm", "not_known", "is not known."),
        ("adult-attendance-view-recorded", "wishes_to_attend", "not_recorded", "is not recorded"),
        (
            "adult-attendance-view-recorded",
            "wishes_supporter",
            "not_known",
            "supporter is not known",
        ),
        (
            "adult-representative-nominated",
            "alleged_to_have_caused_harm",
            "not_known",
            "not known.",
        ),
        ("adult-attendance-safety-assessed", "wishes_to_attend", "not_known", "to is not known."),
        ("conference-part-planned", "reason", "not_recorded", "(why is not recorded)"),
        ("legal-advice-obtained", "privileged", "not_known", "(whether it is privileged is not"),
        ("second-person-appointed", "role", "not_recorded", "in which role is not recorded"),
        ("pach-actions-reviewed", "adult_at_risk", "not_known", "is not known."),
        (
            "plan-coordinator-designated",
            "same_as_managing_officer",
            "not_known",
            "too is not known.",
        ),
        ("plan-changed-urgently", "reason", "not_recorded", "(why is not recorded)"),
        ("protection-order-applied", "applicant", "not_recorded", ", by whom is not recorded"),
        ("protection-order-applied", "adult_consents", "not_known", "consents is not known."),
        ("protection-order-granted", "undue_pressure", "not_recorded", "pressure is not recorded."),
        ("protection-order-appealed", "appellant", "not_recorded", ", by whom is not recorded"),
        ("duty-to-inquire-started", "urgency", "not_recorded", "(how urgent is not recorded)"),
        ("record-corrected", "asked_by", "not_recorded", "who asked for it is not recorded"),
        ("adult-raised-issue", "raised_by", "not_recorded", "(by whom is not recorded)"),
        ("issue-responded", "outcome", "not_recorded", "what came of it is not recorded"),
    ],
)
def test_what_somebody_answered_as_not_known_or_not_recorded_is_said(
    name: str, field: str, code: str, told: str
) -> None:
    """It is an answer where no form gives it by itself, and the story has it as a phrase."""
    changes = {"adult_consents": Code("no")} if field == "undue_pressure" else {}
    assert told in said(name, **{field: Code(code)}, **changes)


def test_who_granted_an_order_is_said_once() -> None:
    """The sheriff has the name beside them, and not `by` twice."""
    grant = {
        "granted_by": Code("sheriff"),
        "sheriff": words("A. Moncreiff"),
        "court": Slug("inverlaw-sheriff-court"),
    }
    told = said("protection-order-granted", **grant)
    assert "was granted by a sheriff, “A. Moncreiff”, at the Inverlaw sheriff court." in told
    justice = said("protection-order-granted", granted_by=Code("justice_of_the_peace"))
    assert "was granted by a justice of the peace, in an urgent case (section 40)" in justice


@pytest.mark.parametrize("name", ["protection-order-applied", "protection-order-granted"])
@pytest.mark.parametrize(
    ("consents", "pressure", "told"),
    [
        ("yes", "not_in_question", "The adult consents."),
        ("yes", "not_recorded", "The adult consents."),
        ("yes", "shown", "The adult consents. The adult refuses under undue pressure."),
        ("no", "not_recorded", "The adult does not consent."),
        ("no", "not_in_question", "The adult does not consent, and is not recorded as refusing."),
        ("no", "shown", "The adult refuses under undue pressure."),
        ("no", "not_shown", "The adult refuses, and no undue pressure is shown."),
        (
            "no",
            "lacks_capacity",
            "The adult does not consent. The adult lacks capacity; pressure need not be shown.",
        ),
        ("not_known", "not_in_question", "The adult does not refuse."),
        ("not_known", "not_recorded", ""),
    ],
)
def test_whether_the_adult_consents_to_an_order_is_said_once(
    name: str, consents: str, pressure: str, told: str
) -> None:
    """Who consents does not refuse: one sentence, unless two answers contradict each other."""
    says = said(name, adult_consents=Code(consents), undue_pressure=Code(pressure))
    assert " ".join(re.findall(r"The adult [^.]*\.", says)) == told


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("risk-explained-to-adult", {"sensitive": "yes"}, "Also those that are hard to speak of."),
        ("risk-explained-to-adult", {"sensitive": "no"}, "Not those that are hard to speak of."),
        ("case-closed", {"review_considered": "yes"}, "to a Learning Review was considered."),
        ("need-assessed", {"needs": ["nutrition", "money"]}, "food and drink; and money"),
        (
            "chair-appointed",
            {"role": "independent_chair", "basis": "independent"},
            "named as chair (independent chair).",
        ),
        (
            "enquiry-concluded",
            {"outcomes": "expressed_fully_achieved", "primary_support_reason": "not_known"},
            "What the adult wanted was fully achieved. Health conditions:",
        ),
    ],
)
def test_no_sentence_says_a_thing_twice_or_as_a_form_lists_it(
    name: str, fields: dict[str, Any], told: str
) -> None:
    """A list whose members have an `and` is parted clearly; a code is a sentence."""
    codes = {
        key: tuple(map(Code, value)) if isinstance(value, list) else Code(value)
        for key, value in fields.items()
    }
    assert told in said(name, **codes)


def test_whoever_is_told_of_as_alleged_is_not_called_so_again() -> None:
    """`Who is alleged to have caused the harm was identified: Rab Kinnear`, and no more."""
    teller = voice(SCOTLAND)
    entry = stored.example(EVENTS["pach-identified"].cls, count(1))
    teller = replace(teller, person=lambda _: "Rab Kinnear")
    teller.learn([fact("pach-identified", entry)])
    sentence = teller.say(fact("pach-identified", entry))[0]
    assert "was identified: Rab Kinnear" in sentence
    assert sentence.count("alleged to have caused") == 1


def test_a_month_is_told_as_it_was_stated() -> None:
    """It is no day, and no doubt either; what is in doubt is said to be."""
    assert time(read("2023-11")) == "November 2023"
    assert time(read("2023")) == "2023"
    assert time(read("2023-11?")).endswith("(uncertain)")
    assert time(read("2023-11-02?")).endswith("(uncertain)")


def test_a_core_group_after_a_review_is_not_called_the_first() -> None:
    """Each conference that keeps a plan going sets the day of another."""
    due = stored.example(EVENTS["core-group-held"].cls, count(1)).next_core_group
    assert " A core group is due by " in said("conference-held", next_core_group=due)


@pytest.mark.parametrize(
    ("moved", "held", "title"),
    [
        (None, None, "called for 2 November 2026"),
        ("2026-11-09", None, "called for 9 November 2026"),
        (None, "2026-11-02", "held on 2 November 2026"),
        ("2026-11-09", "2026-11-10", "held on 10 November 2026"),
        (None, "2026-11", "held: November 2026"),
        (None, "unknown", "held at a time that is not known"),
    ],
)
def test_a_conference_is_headed_by_the_day_it_was(
    moved: str | None, held: str | None, title: str
) -> None:
    """Not by the day it was first called for: the day it was held, or is now called for."""
    called = a_conference("2026-11-02")
    facts = [fact("conference-convened", called)]
    if moved is not None:
        event = ConferenceRescheduled(
            conference=called.conference, planned_for=read(moved), reason=Code("not_recorded")
        )
        facts.append(fact("conference-rescheduled", event))
    if held is not None:
        facts.append(fact("conference-held", a_held_conference(), read(held)))
    entries = [Told(fact=one, occurred=one.occurred) for one in facts]
    (chapter,) = chapters(entries, voice(SCOTLAND))
    assert chapter.title == f"Initial conference (number 1), {title}"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("cqc", "CQC"),
        ("voice", "Voice"),
        ("surgery", "the surgery"),
        ("hill-surgery", "the Hill surgery"),
        ("police", "the police"),
        ("housing", "housing"),
    ],
)
def test_an_agency_of_one_word_is_called_by_its_name(name: str, called: str) -> None:
    """A kind of agency has its article, a name its capital."""
    assert agency(name) == called


@pytest.mark.parametrize(
    ("withdrawn", "told"),
    [("yes", "any more. Why"), ("no", "there. Had they not left, they would")],
)
def test_what_would_have_been_is_told_of_who_left_alone(withdrawn: str, told: str) -> None:
    """Whether somebody may do that work any more is not said twice, and otherwise (R133)."""
    both = {"permission_withdrawn": Code(withdrawn), "would_have_been": Code("no")}
    assert told in said("dbs-referral-duty-identified", **both)
