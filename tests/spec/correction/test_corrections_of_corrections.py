"""A later correction takes back of an earlier one only what it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from api.routes.timeline import MISPLACED, Told, Which, timeline
from domain.concern import AddAllegation
from domain.corrected import standing, withdrawn
from domain.correction import CorrectRecord, RecordCorrected
from domain.jurisdictions.scotland import SCOTLAND
from domain.person import (
    CorrectPersonRecord,
    Details,
    PersonDied,
    PersonRegistered,
    RegisterPerson,
)
from domain.when import on_day, read
from domain.words import Code
from tests.controls import ADULT, DAY, a_referral, an_allegation, words
from tests.given import Given, at, given
from tests.spec.correction.test_due_dates_follow import DAY as MONDAY
from tests.spec.correction.test_due_dates_follow import WEEK, move, received

RULES = ("I1", "I12", "L5", "L29")

# What a correction says beside that there is one: a letter each.
STEPS = {
    "withdraw": {"withdrawn": True},
    "fields": {"fields": (Code("source"),), "understood": words("It came from the ward.")},
    "move": {"occurred": read("2026-10-05")},
    "back": {"occurred": read("2026-10-12"), "fields": (Code("source"),)},
    "bare": {"understood": words("It was so after all.")},
    "both": {"withdrawn": True, "occurred": read("2026-10-26"), "fields": (Code("source"),)},
}
FIRST = DAY.isoformat()


@dataclass(frozen=True, kw_only=True)
class Course:
    """Corrections of one entry, one after another, and what is understood of it after them."""

    steps: tuple[str, ...]
    gone: bool
    when: str
    wrong: bool = False


COURSES = (
    Course(steps=("withdraw",), gone=True, when=FIRST),
    Course(steps=("withdraw", "fields"), gone=True, when=FIRST, wrong=True),
    Course(steps=("withdraw", "bare"), gone=False, when=FIRST),
    Course(steps=("withdraw", "fields", "bare"), gone=False, when=FIRST, wrong=True),
    Course(steps=("withdraw", "move"), gone=False, when="2026-10-05"),
    Course(steps=("both",), gone=True, when=FIRST),
    Course(steps=("both", "bare"), gone=False, when=FIRST),
    Course(steps=("move", "fields"), gone=False, when="2026-10-05", wrong=True),
    Course(steps=("move", "bare"), gone=False, when="2026-10-05"),
    Course(steps=("move", "withdraw"), gone=True, when="2026-10-05"),
    Course(steps=("move", "withdraw", "bare"), gone=False, when="2026-10-05"),
    Course(steps=("move", "withdraw", "fields", "bare"), gone=False, when="2026-10-05", wrong=True),
    Course(steps=("move", "fields", "back"), gone=False, when="2026-10-12", wrong=True),
    Course(steps=("fields", "move"), gone=False, when="2026-10-05", wrong=True),
    Course(steps=("fields",), gone=False, when=FIRST, wrong=True),
    Course(steps=("fields", "bare"), gone=False, when=FIRST),
    Course(steps=("fields", "withdraw", "bare"), gone=False, when=FIRST, wrong=True),
    Course(steps=("fields", "withdraw", "bare", "bare"), gone=False, when=FIRST),
    Course(steps=("fields", "move", "bare"), gone=False, when="2026-10-05"),
)


def begun() -> Given:
    """A referral, and an allegation added the same day, which is corrected."""
    told = replace(an_allegation(2), detail=words("They were left without meals."))
    return given(a_referral()).when(AddAllegation(allegation=told)).history


def corrected(history: Given, steps: tuple[str, ...], reason: str = "entered_wrongly") -> Given:
    """Correct the second entry, each time aware of the last correction."""
    for number, step in enumerate(steps):
        last = None if number == 0 else len(history.facts)
        ask = CorrectRecord(target=2, supersedes=last, reason=Code(reason), **STEPS[step])  # type: ignore[arg-type]  # its fields
        outcome = history.when(ask)
        assert outcome.error is None, outcome.error
        history = outcome.history
    return history


def second(history: Given) -> Told:
    """The second entry as the timeline tells it."""
    told = timeline(history.facts, Which(by=date(2027, 1, 1)))
    return next(one for one in told if one.fact.version == 2)


@pytest.mark.parametrize("course", COURSES, ids=lambda one: "-".join(one.steps))
def test_what_a_correction_does_not_speak_of_stays(course: Course) -> None:
    """The case, the facts as understood and the timeline have one understanding of it (I12)."""
    history = corrected(begun(), course.steps)
    stands = {fact.version: fact for fact in standing(history.facts)}
    assert (2 not in stands) == course.gone
    assert (withdrawn(history.facts) == {2}) == course.gone
    state = history.case.correction.corrections
    assert (state.withdrawn == {2}) == course.gone
    assert state.entries[2].wrong == ({"source"} if course.wrong else frozenset())
    if not course.gone:
        assert stands[2].occurred.text == course.when
    moved = not course.gone and course.when != FIRST
    assert {key: one.text for key, one in state.times.items()} == (
        {2: course.when} if moved else {}
    )

    told = second(history)
    assert (told.withdrawn, told.occurred.text) == (course.gone, course.when)
    assert told.corrected_by == history.facts[-1].position
    assert (told.stated is not None) == (course.when != FIRST)
    # Which correction withdrew it is said, and not merely which came last.
    withdrawing = [
        fact.position
        for fact, step in zip(history.facts[2:], course.steps, strict=True)
        if step in {"withdraw", "both"}
    ]
    assert told.withdrawn_by == (withdrawing[-1] if course.gone else None)
    # The next names the last of them all, whatever that said.
    state.check(
        CorrectRecord(target=2, supersedes=len(history.facts), reason=Code("entered_wrongly")),
        there=True,
        fields=(),
    )


def test_an_allegation_of_another_person_does_not_come_back() -> None:
    """Withdrawn as another's, its words stay unread when one of its fields is put right (L29)."""
    history = corrected(begun(), ("withdraw",), "wrong_person")
    withdrawing = history.facts[-1]
    history = corrected_again(history)
    told = second(history)
    assert (told.misplaced, told.withdrawn_by) == (True, withdrawing.position)
    assert told.fact.event.allegation.detail.text == MISPLACED


def corrected_again(history: Given) -> Given:
    """Put a field right of what was withdrawn."""
    ask = CorrectRecord(
        target=2,
        supersedes=3,
        reason=Code("entered_wrongly"),
        fields=(Code("allegation"),),
        understood=words("The kind of abuse was entered wrongly."),
    )
    return history.when(ask).history


def test_only_what_stands_again_asks_whether_it_was_recorded_anew() -> None:
    """A field of what was withdrawn is put right also where another took its place (I1)."""
    anew = corrected(begun(), ("withdraw",)).when(AddAllegation(allegation=an_allegation(2)))
    history = anew.history
    stays = CorrectRecord(
        target=2,
        supersedes=3,
        reason=Code("entered_wrongly"),
        **STEPS["fields"],  # type: ignore[arg-type]  # its fields
    )
    history.when(stays).then_recorded(RecordCorrected)
    for step in ("bare", "move"):
        ask = CorrectRecord(target=2, supersedes=3, reason=Code("entered_wrongly"), **STEPS[step])  # type: ignore[arg-type]  # its fields
        history.when(ask).then_refused("I1", code="recorded_anew")


def test_what_is_due_stays_by_the_time_that_was_told() -> None:
    """A field put right, or withdrawn and standing again, moves no due date back (B.4)."""
    moved = move(received(SCOTLAND), 1, MONDAY - WEEK)
    now = standing(moved.facts)[0].event.conference_due
    assert now.start == MONDAY - WEEK

    def correct(history: Given, **more: object) -> Given:
        last = len(history.facts)
        ask = CorrectRecord(target=1, supersedes=last, reason=Code("entered_wrongly"), **more)  # type: ignore[arg-type]  # its fields
        return history.when(ask).history

    named = correct(moved, fields=(Code("channel"),), understood=words("By telephone."))
    assert standing(named.facts)[0].event.conference_due == now
    assert timeline(named.facts, Which(by=MONDAY))[0].dues["conference_due"] == now
    gone = correct(named, withdrawn=True)
    back = correct(gone, understood=words("It was received after all."))
    assert standing(back.facts)[0].event.conference_due == now


def test_what_was_told_of_a_person_is_understood_so_too() -> None:
    """A death withdrawn stays so, and a death moved stays moved, when its note is put right."""
    known = given(
        PersonRegistered(details=Details(), external=()),
        at(DAY, PersonDied(died=on_day(DAY), cause_known=Code("not_known"))),
    )

    def correct(history: Given, last: int | None, **more: object) -> Given:
        ask = CorrectPersonRecord(
            target=2,
            supersedes=last,
            reason=Code("entered_wrongly"),
            **more,  # type: ignore[arg-type]  # its fields
        )
        return history.when(ask).history

    gone = correct(correct(known, None, withdrawn=True), 3, fields=(Code("note"),))
    assert withdrawn(gone.facts) == {2}
    moved = correct(
        correct(known, None, occurred=read("2026-10-05")), 3, fields=(Code("cause_known"),)
    )
    assert standing(moved.facts)[1].event.died.text == "2026-10-05"
    refused = correct(known, None, withdrawn=True).when(
        CorrectPersonRecord(target=1, reason=Code("entered_wrongly"), withdrawn=True)
    )
    anew = refused.when(RegisterPerson(person=ADULT, details=Details()))
    anew.when(
        CorrectPersonRecord(
            target=1, supersedes=4, reason=Code("entered_wrongly"), fields=(Code("external"),)
        )
    ).then_recorded(type(refused.events[0]))
