"""Before a case is closed: what the adult thinks of it, and what is looked at one by one.

The closing itself stands in `closure`, which may tell both with it; here they are told as they
happen, by whom they concern (B.3 section 8, B.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import Refused
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import Code, Fact, Passage, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultViewsOnClosureRecorded:
    """What the adult thinks of closing, and whether disagreement was explored (R13; B.5)."""

    views: Code = listed("closure_views")
    given_by: Code = listed("expressed_by")
    words: Passage | None = None
    explored: Code = listed("yes_no_not_recorded")
    exploration: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing looked at before closing."""

    item: Code = listed("closure_item")
    answer: Code = listed("closure_answer")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureChecklistCompleted:
    """The list was gone through before closing; what it leaves out was not looked at."""

    items: tuple[Item, ...]
    note: Passage | None = None


Event: TypeAlias = AdultViewsOnClosureRecorded | ClosureChecklistCompleted

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """What the adult last said of closing."""

    views: Code
    explored: Code
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list as last gone through."""

    answers: tuple[tuple[Code, Code], ...]
    bare: tuple[Code, ...]  # not done, and not said why
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was asked and looked at before closing."""

    viewed: Viewed | None = None
    listed: Listed | None = None

    def done(self, item: str) -> tuple[Mark, ...]:
        """Where the list says that something was done."""
        listed_ = self.listed
        return () if listed_ is None or (item, "done") not in listed_.answers else (listed_.at,)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case AdultViewsOnClosureRecorded(views=views, explored=explored):
            return replace(state, viewed=Viewed(views=views, explored=explored, at=at))
        case ClosureChecklistCompleted(items=items):
            answers = tuple((one.item, one.answer) for one in items)
            bare = tuple(one.item for one in items if one.answer == "not_done" and one.note is None)
            return replace(state, listed=Listed(answers=answers, bare=bare, at=at))
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultViewsOnClosure:
    """Note what the adult thinks of closing."""

    views: Code = listed("closure_views")
    given_by: Code = listed("expressed_by", default=Code("not_recorded"))
    words: Passage | None = None
    explored: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    exploration: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteClosureChecklist:
    """Go through the list; each thing stands in it once."""

    items: tuple[Item, ...]
    note: Passage | None = None


Command: TypeAlias = RecordAdultViewsOnClosure | CompleteClosureChecklist


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,  # noqa: ARG001
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: the list has one thing twice, so that it says two things of it.
    """
    match command:
        case RecordAdultViewsOnClosure():
            return (recorded(AdultViewsOnClosureRecorded, command),)
        case CompleteClosureChecklist(items=items):
            if len({one.item for one in items}) < len(items):
                words = "Each thing stands in the list once: leave one of the two out."
                raise Refused("item_twice", "I11", words, field="items")
            return (recorded(ClosureChecklistCompleted, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise a closing the adult disagrees with unheard, and a list gone through in part."""
    viewed, listed_ = state.viewed, state.listed
    if viewed is not None and viewed.views == "disagrees" and viewed.explored != "yes":
        words = "The adult disagrees with closing; that this was explored is not recorded."
        yield found("disagreement_not_explored", "R13", "medium", words, at=viewed.at)
    if listed_ is None:
        return
    answered = {item for item, answer in listed_.answers if answer != "not_recorded"}
    left = [item for item in context.jurisdiction.lists["closure_item"] if item not in answered]
    if left and known.closed_at is not None:
        words = f"The list before closing leaves out {len(left)} of what is to be looked at."
        code, counted = "closure_checklist_incomplete", len(left)
        yield found(code, "R154", "low", words, at=listed_.at, counted=counted)
    for item in listed_.bare:
        words = "Something was not done before closing, and the list does not say why not."
        yield found("closure_item_unexplained", "R154", "low", words, at=listed_.at, subject=item)
