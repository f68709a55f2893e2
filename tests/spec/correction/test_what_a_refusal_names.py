from __future__ import annotations

from dataclasses import replace

import pytest

from domain.auditing import AuditCase, ChallengeFactualAccuracy, Grade, ResolveFactualAccuracy
from domain.conclusion import CeaseEnquiryAtAdultsRequest
from domain.correction import (
    AnnotateEntry,
    CorrectRecord,
    ErasePersonalData,
    LegalHoldPlaced,
    LiftLegalHold,
    PersonalDataErased,
    PlaceLegalHold,
    RecordCorrected,
)
from domain.disclosing import MakeDisclosure
from domain.excepting import ReviewAccessException
from domain.feedback import GiveFeedback
from domain.joining import Beside, SplitCase
from domain.manifest import Given as Entry
from domain.minutes import DraftMinutes
from domain.rectifying import RequestRectification
from domain.reference import AddCaseReference
from domain.refusal import NotFound, Refused
from domain.words import Code, Digest, DocumentRef, ExternalReference, PersonRef, RequestRef, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    DAY,
    ENQUIRY,
    MANAGER,
    OTHER_CASE,
    SISTER,
    a_conference,
    a_referral,
    an_enquiry,
    ref,
    words,
)
from tests.erasing import erased
from tests.given import Given, Outcome, given

RULES = ("I12", "L9", "L14", "L17")

CORRECT = CorrectRecord(
    target=1,
    reason=Code("entered_wrongly"),
    asked_by=Code("adult"),
    fields=(Code("channel"),),
    understood=words("She wrote; nobody telephoned."),
)
ERASE = ErasePersonalData(
    scope=Code("case"),
    retention_class=Code("contact_only"),
    authority=Code("court_order"),
)


def begun(*more: object) -> Given:
    """Begin with a referral and a conference called, and these (versions from 3)."""
    return given(a_referral(), a_conference(), *more)


def refused(outcome: Outcome) -> tuple[str, str, str | None]:
    """Give what a refusal names: its code, its rule and the field to look at."""
    assert isinstance(outcome.error, Refused), f"not refused: {outcome.events or outcome.error}"
    return outcome.error.code, outcome.error.rule, outcome.error.field


def test_a_refused_correction_names_the_field_that_is_wrong() -> None:
    """A correction of nothing points at the target, an unaware one at what it passes over (I12)."""
    once = begun().when(CORRECT)
    nothing = begun().when(replace(CORRECT, target=99))
    assert refused(nothing) == ("nothing_to_correct", "I12", "target")
    again = once.when(replace(CORRECT, target=3))
    assert refused(again) == ("nothing_to_correct", "I12", "target")
    assert refused(once.when(CORRECT)) == ("corrected_before", "I12", "supersedes")
    once.when(replace(CORRECT, supersedes=3)).then_recorded(RecordCorrected)


def test_a_refused_correction_says_why_there_is_nothing_to_correct() -> None:
    """No entry of that number, a correction, and another correction before are told apart (I12)."""
    once = begun().when(CORRECT)
    for target, supersedes, said in (
        (99, None, "no entry of that number. Name an entry by its version"),
        (3, None, "is itself a correction"),
        (1, None, "last by entry 3"),
        (2, 3, "never corrected"),
    ):
        outcome = once.when(replace(CORRECT, target=target, supersedes=supersedes))
        assert said in str(outcome.error)


NO_ENTRY = "no entry of that number"
ENTRY = Entry(entry=1, form=Code("as_recorded"), digest=Digest("d" * 64))


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        (AnnotateEntry(target=99, kind=Code("disputed"), text=words("No.")), "target", NO_ENTRY),
        (ChallengeFactualAccuracy(targets=(1, 99)), "targets[1]", NO_ENTRY),
        (RequestRectification(request=RequestRef(ref(90)), targets=(0,)), "targets[0]", NO_ENTRY),
        (
            AuditCase(grades=(Grade(question=Code("risk"), grade=Code("good"), evidence=(1, 99)),)),
            "grades[0].evidence[1]",
            NO_ENTRY,
        ),
        (
            MakeDisclosure(
                to=Code("police"), manifest=(replace(ENTRY, entry=99),), digest=Digest("e" * 64)
            ),
            "manifest[0].entry",
            NO_ENTRY,
        ),
        (
            SplitCase(
                other=OTHER_CASE,
                reason=Code("wrong_case"),
                entries=(99,),
                beside=Beside(version=1, adult=ADULT),
            ),
            "entries[0]",
            NO_ENTRY,
        ),
        (
            DraftMinutes(
                conference=CONFERENCE,
                document=DocumentRef(ref(91)),
                digest=ENTRY.digest,
                decisions=(1, 99),
            ),
            "decisions[1]",
            NO_ENTRY,
        ),
        (
            CeaseEnquiryAtAdultsRequest(enquiry=ENQUIRY, requested_on=DAY, capacity_decision=99),
            "capacity_decision",
            NO_ENTRY,
        ),
        (replace(ERASE, scope=Code("passage"), target=99), "target", NO_ENTRY),
        (LiftLegalHold(hold=1), "hold", "placed no legal hold"),
        (
            ResolveFactualAccuracy(challenge=1, outcome=Code("upheld")),
            "challenge",
            "challenges nothing",
        ),
        (
            ReviewAccessException(exception=1, judged=Code("justified")),
            "exception",
            "access by exception",
        ),
        (
            GiveFeedback(audience=Code("referrer"), content=Code("outcome"), referral=2),
            "referral",
            "brought no concern",
        ),
        (
            AddCaseReference(
                reference=ExternalReference(system=Slug("other"), id=words("7")), target=2
            ),
            "target",
            "brought no document",
        ),
    ],
    ids=lambda value: type(value).__name__ if hasattr(value, "__slots__") else None,
)
def test_what_names_no_entry_of_its_case_is_told_at_its_field(
    asked: object, field: str, said: str
) -> None:
    """Whatever names an entry that is not there says which field, and how entries are named."""
    error = begun(an_enquiry()).when(asked).error
    assert isinstance(error, NotFound), error
    assert error.field == field
    assert said in str(error)


def test_an_erasure_of_a_passage_names_its_event() -> None:
    """The passages of no event cannot be erased (L9)."""
    passage = replace(ERASE, scope=Code("passage"))
    assert refused(erased(begun(), passage)) == ("no_target", "L9", "target")
    erased(begun(), replace(passage, target=1)).then_recorded(PersonalDataErased)
    erased(begun(), replace(passage, target=99)).then_not_found()
    # of the adult's own stream: its events are not this case's to count
    erased(begun(), replace(passage, target=99, person=ADULT)).then_recorded(PersonalDataErased)


def test_a_refused_erasure_says_what_stands_before_it() -> None:
    """A hold is named as a hold (L17), a lack of approval as the field of approvals (L14)."""
    held = begun().when(PlaceLegalHold(reason=Code("police")))
    held.then_recorded(LegalHoldPlaced)
    assert refused(erased(held, ERASE)) == ("legal_hold", "L17", None)
    assert refused(begun().when(ERASE)) == ("not_approved", "L14", "approvals")


@pytest.mark.parametrize(
    ("scope", "named", "person"),
    [
        ("person", None, ADULT),
        ("person", ADULT, ADULT),
        ("case", None, None),
        ("case", ADULT, ADULT),
        ("passage", ADULT, ADULT),
        ("passage", None, None),
    ],
)
def test_whom_an_erasure_is_about_is_recorded(
    scope: str, named: PersonRef | None, person: PersonRef | None
) -> None:
    """Erasing a person means the adult of the case; else it is whom the command names (L9)."""
    asked = replace(ERASE, scope=Code(scope), person=named, target=1)
    outcome = erased(begun(), asked)
    outcome.then_recorded(PersonalDataErased)
    (event,) = outcome.events
    assert isinstance(event, PersonalDataErased)
    assert (event.scope, event.person, event.target) == (scope, person, 1)
    assert event.approvals == (3,)
    assert outcome.history.facts[2].header.recorded_by == MANAGER


def test_nobody_else_is_erased_by_a_case() -> None:
    """A person who is not the adult of the case cannot be erased by it (L9)."""
    erased(begun(), replace(ERASE, scope=Code("person"), person=SISTER)).then_not_found()
