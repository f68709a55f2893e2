"""Nothing that stands in clear can hold words: codes are of lists, names are of a strict form."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from domain.allocation import AllocateCase, CaseAllocated
from domain.authority import ROLES
from domain.case import findings
from domain.concern import ReceiveReferral, ReferralReceived
from domain.correction import CorrectRecord, RecordChronologyEntry, RecordCorrected
from domain.duty import ConcernCounted, CountConcern, ThreePointCriteriaDetermined
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.person import Details, RegisterPerson
from domain.refusal import Refused
from domain.stage import Looking, check_codes, check_particulars
from domain.when import on_day, read
from domain.words import (
    Actor,
    Code,
    ExternalReference,
    KnownTo,
    Particulars,
    Slug,
    derived,
    listed,
    named,
)
from tests.controls import ACTOR, ADULT, DAY, NATIONS, POLICE, PRACTITIONER, a_referral, words
from tests.given import given

RULES = ("R150", "R154")

HIDING = (
    "9434765919",  # a number a patient has
    "943-476-5919",
    "07700-900-123",
    "team-07700900123",
    "a" * 41,
    "mrs_quillfeather",
    "north/team",
    "north.team",
    "north--team",
    "ward-",
    "1234",
)


@pytest.mark.parametrize("text", HIDING)
def test_a_name_that_could_hold_more_is_refused(text: str) -> None:
    """A team is a short name: a number or words given in its place are refused, with a remedy."""
    ask = AllocateCase(worker=PRACTITIONER, team=Slug(text))
    error = given(a_referral()).when(ask).then_refused("I11", code="not_a_name").error
    assert isinstance(error, Refused)
    assert error.field == "team"
    assert "such as north-team" in error.detail
    assert text not in error.detail


@pytest.mark.parametrize("text", ["police", "north-team", "team-12", "999-line", "a" * 40])
def test_a_name_of_its_form_is_taken(text: str) -> None:
    """A team is named by lower-case letters, digits and hyphens, at most four of them digits."""
    ask = AllocateCase(worker=PRACTITIONER, team=Slug(text))
    given(a_referral()).when(ask).then_recorded(CaseAllocated)
    assert named(text) == text


def test_a_name_deep_inside_a_command_is_held_to_its_form() -> None:
    """A system of an external reference, or an agency of a chronology, is such a name too."""
    system = ExternalReference(system=Slug("9434765919"), id=words("A1"))
    ask = ReceiveReferral(adult=ADULT, received=on_day(DAY), external=(system,))
    error = given().when(ask).then_refused("I11", code="not_a_name").error
    assert isinstance(error, Refused)
    assert error.field == "external[0].system"

    person = RegisterPerson(person=ADULT, details=Details(), external=(system,))
    given().when(person).then_refused("I11", code="not_a_name")
    entry = RecordChronologyEntry(agency=Slug("mrs_smith"), text=words("Rang."))
    given(a_referral()).when(entry).then_refused("I11", code="not_a_name")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_the_rule_a_concern_was_counted_by_is_one_of_the_nations(nation: Jurisdiction) -> None:
    """The rule of counting is a code of the nation's list: no words stand in its place (I11)."""
    history = given(a_referral(), jurisdiction=nation)
    for rule in nation.lists["counting_rule"]:
        counted = CountConcern(counted=True, rule=Code(rule))
        history.when(counted).then_recorded(ConcernCounted)
    free = CountConcern(counted=True, rule=Code("her_son_hit_her_again"))
    history.when(free).then_refused("I11", code="not_in_list")


def correct(*names: str, target: int = 1) -> CorrectRecord:
    """Ask to correct some fields of an event."""
    return CorrectRecord(
        target=target,
        reason=Code("entered_wrongly"),
        fields=tuple(map(Code, names)),
        understood=words("It was her sister who rang."),
    )


def test_a_correction_names_fields_the_event_has() -> None:
    """A correction names fields of the event it corrects, or of its header (I12)."""
    history = given(a_referral())
    every = {one.name for one in fields(ReferralReceived)}
    history.when(correct(*sorted(every))).then_recorded(RecordCorrected)
    history.when(correct("occurred", "known_to")).then_recorded(RecordCorrected)


@pytest.mark.parametrize("name", ["she_drinks", "planned_for", "understood"])
def test_a_correction_names_no_other(name: str) -> None:
    """A field the event does not have is refused: it could say anything (I12)."""
    given(a_referral()).when(correct("channel", name)).then_refused("I12", code="not_a_field")


def check(particulars: Particulars, actor: Actor = ACTOR) -> None:
    """Hold what stands beside a command to lists and names."""
    check_particulars(particulars, actor, ENGLAND, ROLES, now=NOON)


NOON = datetime.combine(DAY, time(12), UTC)
PLAIN = Particulars(occurred=on_day(DAY))


def test_what_stands_beside_a_command_is_taken() -> None:
    """A purpose of the list, a role of the table or of a list, and names, are what may stand."""
    check(PLAIN)
    check(
        replace(
            PLAIN,
            purpose=Code("audit"),
            performed_role=Code("police"),
            performed_organisation=POLICE,
            known_to=(KnownTo(agency=POLICE, since=read("2026")),),
            source=Slug("chronology"),
        )
    )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"purpose": Code("curiosity")}, "purpose", "not_in_list"),
        ({"performed_role": Code("mrs_quillfeather")}, "performed_role", "not_in_list"),
        ({"performed_organisation": Slug("07700900123")}, "performed_organisation", "not_a_name"),
        ({"source": Slug("a.b")}, "source", "not_a_name"),
        (
            {"known_to": (KnownTo(agency=Slug("x/y"), since=read("2026")),)},
            "known_to[0].agency",
            "not_a_name",
        ),
    ],
)
def test_what_could_hold_words_beside_a_command_is_refused(
    change: dict[str, Any], field: str, code: str
) -> None:
    """A purpose, role, organisation or source that is of no list or form is refused (I2, I11)."""
    with pytest.raises(Refused) as refused:
        check(replace(PLAIN, **change))
    assert (refused.value.code, refused.value.rule, refused.value.field) == (code, "I11", field)
    assert refused.value.beside or field in {"purpose", "performed_role"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (
            {
                "known_to": (
                    KnownTo(agency=POLICE, since=read("2026")),
                    KnownTo(agency=POLICE, since=on_day(DAY + timedelta(days=1))),
                )
            },
            "known_to[1].since",
        ),
        ({"source_recorded": on_day(DAY + timedelta(days=1))}, "source_recorded"),
    ],
)
def test_nobody_knew_or_wrote_it_only_tomorrow(change: dict[str, Any], field: str) -> None:
    """Since when an agency knew, or when another record was written, is not to come (I3)."""
    with pytest.raises(Refused) as refused:
        check(replace(PLAIN, **change))
    assert (refused.value.rule, refused.value.field) == ("I3", field)


def test_whoever_asks_is_held_to_names_too() -> None:
    """The organisation, team and role of whoever asks are such names (I2)."""
    for actor in (
        replace(ACTOR, team=Slug("07700900123")),
        replace(ACTOR, organisation=Slug("a_b")),
        replace(ACTOR, role=Code("mrs_quillfeather")),
    ):
        with pytest.raises(Refused):
            check(PLAIN, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Derived:
    """What the rules made of it, before a code that somebody chose."""

    made: Code = derived("what the rules made of it")
    chosen: Code = listed("purpose")


def test_what_follows_a_derived_code_is_held_to_its_list() -> None:
    """A code the rules make has no list; one chosen after it is held to its own (I11)."""
    check_codes(_Derived(made=Code("any"), chosen=Code("safeguarding")), ENGLAND)
    with pytest.raises(Refused) as refused:
        check_codes(_Derived(made=Code("any"), chosen=Code("any")), ENGLAND)
    assert refused.value.field == "chosen"


def test_scotland_has_inquiries() -> None:
    """What both nations' rules and lists say of enquiries is said in Scotland's own word."""
    labels = [said for of in SCOTLAND.lists.values() for said in of.values()]
    assert [one for one in labels if "enquir" in one.lower()] == []
    event = ThreePointCriteriaDetermined(
        criteria=(),
        result=Code("criteria_not_met"),
        met=False,
        disposal=None,
        decided_on=DAY,
        rationale=None,
    )
    story = given(a_referral(), event, jurisdiction=SCOTLAND)
    said = [one.words for one in findings(story.case, Looking(on=DAY, jurisdiction=SCOTLAND))]
    assert "The decision on the duty to make inquiries gives no reasons." in said
    assert "enquir" not in " ".join(said).lower()
