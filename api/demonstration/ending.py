"""Beside the end: what became of each risk, and what the adult thinks of the closing."""

from __future__ import annotations

from typing import Final

from api.demonstration import phrases
from api.demonstration.telling import Telling
from domain.closing import CompleteClosureChecklist, Item, RecordAdultViewsOnClosure
from domain.conclusion import RecordRiskOutcome, ReopenEnquiry
from domain.reviewing import ConsiderReviewReferral
from domain.words import Code, EnquiryRef

_LEFT_OUT: Final = 0.25  # lists that leave something out


def settle_risks(tale: Telling) -> None:
    """Say of each thing alleged what became of the risk."""
    if not tale.turn("risk_settled"):
        return
    with tale.by_itself("risks") as chance:
        for one in tale.allegations:
            became = RecordRiskOutcome(
                allegation=one.ref,
                action=Code("action_taken"),
                outcome=chance.drawn({"reduced": 6, "removed": 3, "remained": 1}),
                rationale=tale.words(phrases.RISKS),
            )
            tale.ask(became)


def look_again(tale: Telling, enquiry: EnquiryRef) -> bool:
    """Take a concluded enquiry up again; says whether it has to be concluded once more."""
    if not tale.turn("enquiry_reopened"):
        return False
    with tale.by_itself("again"):
        tale.wait(3, 12)
        why = tale.words(phrases.REOPENED)
        tale.ask(ReopenEnquiry(enquiry=enquiry, reason=why), tale.manager)
        tale.wait(4, 10)
    return True


def before_closing(tale: Telling) -> None:
    """Ask the adult what they think of it, and go through the list."""
    with tale.by_itself("closing") as chance:
        if not tale.died and tale.turn("closure_viewed"):
            views = chance.drawn({"agrees": 8, "disagrees": 1, "no_view": 1})
            heard = chance.whether(0.7)
            thought = RecordAdultViewsOnClosure(
                views=views,
                given_by=Code("adult"),
                words=tale.words(phrases.CLOSING_VIEWS) if views == Code("agrees") else None,
                explored=Code("yes" if heard else "not_recorded"),
                exploration=tale.words(phrases.ANSWERED) if heard else None,
            )
            tale.ask(thought)
        if tale.turn("checklist"):
            items = list(tale.world.law.lists["closure_item"])
            if chance.whether(_LEFT_OUT):
                items = items[:-2]
            gone_through = CompleteClosureChecklist(
                items=tuple(
                    Item(item=Code(one), answer=chance.drawn({"done": 6, "not_needed": 2}))
                    for one in items
                )
            )
            tale.ask(gone_through)
        if tale.turn("review_weighed"):
            looked = ConsiderReviewReferral(
                view=Code("do_not_refer"),
                raised_by=Code("practitioner"),
                rationale=tale.words(phrases.NO_REVIEW) if chance.whether(0.8) else None,
            )
            tale.ask(looked)
