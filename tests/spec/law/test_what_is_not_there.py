"""What a command names that its case has not is said where the command names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from api.schema import MADE, MADE_OF
from domain.catalogue import CASE, COMMANDS
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.refusal import NotFound
from tests.controls import (
    ACTION,
    ADULT,
    ALLEGATION,
    CONFERENCE,
    ENQUIRY,
    OFFICER,
    OUTCOME,
    PLAN,
    ref,
)
from tests.each import each
from tests.given import Given
from tests.spec.law import test_a_good_case as good
from tests.spec.law.test_what_a_nation_has import filled

RULES = ("R150",)

# By kind, whom and what the case has; of any other kind it has nothing.
HAS = {
    "PersonRef": ADULT,
    "WorkerRef": OFFICER,
    "ConferenceRef": CONFERENCE,
    "EnquiryRef": ENQUIRY,
    "AllegationRef": ALLEGATION,
    "PlanRef": PLAN,
    "ActionRef": ACTION,
    "OutcomeRef": OUTCOME,
}
# People, files and other cases are of no one case; who was invited and what was reported may be
# told only afterwards.
ANYWHERE = {"CaseRef", "PersonRef", "WorkerRef", "DocumentRef", "ParticipantRef", "ReportRef"}
# What may have begun outside the record: a plan that is revised, a review whose words are disputed.
ELSEWHERE = {"revise-plan plan", "challenge-factual-accuracy review"}
# What each kind is called in the words; an action may be one of an audit, which are told apart.
CALLED = {
    "ConferenceRef": "conference",
    "EnquiryRef": "enquiry",
    "AllegationRef": "allegation",
    "PlanRef": "plan",
    "OutcomeRef": "outcome",
    "OrderRef": "order",
    "ProceedingsRef": "proceedings",
    "RegulatoryReferralRef": "referral",
    "BarringDutyRef": "duty to refer",
    "ReviewRef": "review",
    "ChangeRef": "change",
    "IssueRef": "issue",
    "RequestRef": "request",
    "AmendmentRef": "amendment",
    "LargeScaleRef": "large-scale enquiry",
}
UNKNOWN = "unknown_allegation"  # a refusal of its own (I4)
Give = Callable[[str, str], Any]


def named(value: Any, hint: Any, give: Give, place: str = "") -> Any:  # noqa: ANN401 — any value of any annotation
    """Give a value with what `give` says, by kind and place, for each it does not make."""
    kind = getattr(hint, "__name__", "")
    if hasattr(hint, "__supertype__"):
        return give(kind, place) if kind.endswith("Ref") else value
    if get_origin(hint) is tuple:
        of = get_args(hint)[0]
        return tuple(named(one, of, give, f"{place}[{at}]") for at, one in enumerate(value))
    if NoneType in get_args(hint):
        of = get_args(hint)[0]
        return None if value is None else named(value, of, give, place)
    if not is_dataclass(hint) or not isinstance(hint, type):
        return value
    made = {MADE.get(hint), MADE_OF.get(hint, ("",))[0]}
    hints = get_type_hints(hint)
    said = {
        one.name: named(
            getattr(value, one.name), hints[one.name], give, f"{place}.{one.name}".lstrip(".")
        )
        for one in fields(hint)
        if one.name not in made
    }
    return replace(value, **said)


def command(name: str, give: Give) -> object:
    """Give a command with all that can be said in it, and these references."""
    cls: Any = COMMANDS[name].cls
    return named(filled(cls, nation_of(name)), cls, give)


def nation_of(name: str) -> Jurisdiction:
    """Give a nation that has the command."""
    return ENGLAND if ENGLAND.has(name) else SCOTLAND


def places() -> list[tuple[str, str, str]]:
    """Give every place of every command where something of the case is named, and its kind."""
    found = list[tuple[str, str, str]]()
    for name, one in COMMANDS.items():
        there = list[tuple[str, str]]()
        if one.stream == CASE:
            command(name, lambda kind, place, there=there: there.append((kind, place)))  # type: ignore[misc]  # called at once
        found += [(name, place, kind) for kind, place in there if kind not in ANYWHERE]
    return [one for one in found if f"{one[0]} {one[1]}" not in ELSEWHERE]


@cache
def a_case(code: str) -> Given:
    """Give a case of a nation with a conference held and a plan agreed."""
    (nation,) = (one for one in (ENGLAND, SCOTLAND) if one.code == code)
    told = good.told(nation, good.before(nation), good.prepared(nation), good.held(nation))
    return told.on("2026-11-25")


@each(places())
def test_what_the_case_has_not_is_said_where_it_is_named(one: tuple[str, str, str]) -> None:
    """A reference of whatever the case has none of is not found, in plain words, at its field."""
    name, place, kind = one
    asked = command(name, lambda of, at: ref(990) if at == place else HAS.get(of))
    error = a_case(nation_of(name).code).when(asked, on="2026-11-25").error
    assert isinstance(error, NotFound) or getattr(error, "code", "") == UNKNOWN, error
    assert error is not None
    assert error.field in {place, place.removesuffix("[0]")}, error.field
    words = getattr(error, "detail", str(error))
    assert words[:1].isupper(), words
    assert words.endswith("."), words
    assert CALLED.get(kind, "") in words, words
