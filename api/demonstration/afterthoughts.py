"""What is done to a record after its story: put right, held, restricted, taken up again, erased.

Only stories of adults with one case and one referral are chosen, each for one afterthought: so
everything asked is one entry of the case, and its number is the entry's version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from api.demonstration import phrases
from api.demonstration.chance import Chance
from api.demonstration.desk import Desk, Kind
from api.demonstration.governing import GOVERNED, keep
from api.demonstration.telling import Step, Story, World
from domain.allocation import AllocateCase
from domain.assessment import AssessRisk, RecordCapacityDecision
from domain.closing import RecordAdultViewsOnClosure
from domain.closure import CloseCase, ReopenCase
from domain.concern import LinkReferral, RecordCommunicationNeeds, RecordImmediateSafetyAction
from domain.correction import (
    AnnotateEntry,
    ApproveErasure,
    CorrectRecord,
    ErasePersonalData,
    LiftLegalHold,
    PlaceLegalHold,
    RecordChronologyEntry,
    RestrictProcessing,
    UnrestrictProcessing,
)
from domain.feedback import DecideAgainstFeedback, GiveFeedback
from domain.when import read
from domain.words import Code

RETENTION_DAYS: Final = 731  # of a contact that led to nothing: some keep it two years
_DAY: Final = timedelta(days=1)
_REFERRED_IN: Final = 1  # the version of a case's first event
_WITHDRAWABLE: Final = (RecordCommunicationNeeds, RecordImmediateSafetyAction)


def afterthoughts(world: World, chance: Chance, stories: Sequence[Story]) -> list[Story]:
    """Give the same stories, some of them with what was done to their record afterwards."""
    stories = [_kept(world, chance.of("keep", number), one) for number, one in enumerate(stories)]
    cases = Counter(story.adult for story in stories)
    free = {
        number: story
        for number, story in enumerate(stories)
        if story.whole and cases[story.adult] == 1 and not _referred_again(story)
    }
    told = list(stories)
    for name, share, write in _KINDS:
        of_its_own = chance.of(name)
        left = max(1, round(share * len(stories)))
        for number in of_its_own.mixed(tuple(free)):
            desk = Desk(world, of_its_own, free[number])
            more = write(desk)
            if more and more[-1].moment <= world.until:
                told[number] = _with(free.pop(number), more, desk.failings)
                left -= 1
            if not left:
                break
    return told


def _kept(world: World, chance: Chance, story: Story) -> Story:
    """Have its class of retention set, if it is closed and nothing more is told of it."""
    desk = Desk(world, chance, story)
    more = keep(desk)
    return _with(story, more, {}) if more and more[-1].moment <= world.until else story


def _referred_again(story: Story) -> bool:
    return any(isinstance(step.command, LinkReferral) for step in story.steps)


def _with(story: Story, more: Sequence[Step], failings: Mapping[str, bool]) -> Story:
    steps = tuple(sorted((*story.steps, *more), key=lambda step: step.moment))
    ends = [step for step in steps if isinstance(step.command, CloseCase | ReopenCase)]
    closed = bool(ends) and isinstance(ends[-1].command, CloseCase)
    return replace(
        story,
        steps=steps,
        closed=closed,
        could_fail=story.could_fail | failings.keys(),
        fails=story.fails | {name for name, failed in failings.items() if failed},
    )


def _erase(desk: Desk) -> list[Step]:
    """Erase what led to nothing, two years after it was closed, once another manager approved.

    Most go whole, or all that is about the adult; of some one account alone, because it was asked.
    """
    if desk.story.goes_on != Code("none") or not desk.story.closed:
        return []
    of_its_own = desk.chance.of("of what", str(desk.story.received))
    scope = of_its_own.drawn({"case": 2, "person": 2, "passage": 2})
    passage = scope == Code("passage")
    kept = Code("contact_only")
    ended = Code("erasure_request" if passage else "retention_ended")
    whose = desk.story.adult if scope == Code("person") else None
    target = _REFERRED_IN if passage else None
    another = next(one.manager for one in desk.world.staff.teams if one.manager != desk.manager)
    first = desk.later(desk.last, RETENTION_DAYS, RETENTION_DAYS + 60)
    approval = ApproveErasure(
        scope=scope, retention_class=kept, authority=ended, person=whose, target=target
    )
    erased = ErasePersonalData(
        scope=scope,
        retention_class=kept,
        authority=ended,
        person=whose,
        target=target,
        approvals=(desk.version(first) + 1,),
    )
    return [desk.step(first, approval, another), desk.step(desk.later(first, 1, 9), erased)]


def _hold(desk: Desk) -> list[Step]:
    """Forbid destruction, and in half of the cases allow it again."""
    if desk.story.goes_on == Code("none"):
        return []
    reason = desk.chance.drawn({"police": 3, "complaint": 3, "subject_access": 2, "court": 1})
    placed = desk.later(desk.last, 2, 60)
    hold = PlaceLegalHold(reason=reason, authority=desk.words(phrases.HELD))
    steps = [desk.step(placed, hold)]
    if desk.chance.whether(0.5):
        over = LiftLegalHold(
            hold=desk.version(placed) + 1, rationale=desk.words(phrases.CLOSING[1])
        )
        steps.append(desk.step(desk.later(placed, 40, 200), over))
    return steps


def _withdraw(desk: Desk) -> list[Step]:
    """Withdraw an entry that belongs to somebody else's case."""
    found = [
        version
        for version, step in enumerate(desk.entries, 1)
        if isinstance(step.command, _WITHDRAWABLE)
    ]
    if not found:
        return []
    withdrawn = CorrectRecord(
        target=found[0],
        reason=Code("wrong_person"),
        understood=desk.words(phrases.WITHDRAWN),
        withdrawn=True,
    )
    return [desk.step(desk.later(desk.last, 1, 30), withdrawn)]


def _correct(desk: Desk) -> list[Step]:
    """Put right how the referral came; in some cases put that right in its turn."""
    first = desk.later(desk.last, 1, 20)
    fields = (Code("channel"),)
    steps = [
        desk.step(
            first,
            CorrectRecord(
                target=_REFERRED_IN,
                reason=Code("entered_wrongly"),
                fields=fields,
                understood=desk.words(phrases.CORRECTED[0]),
            ),
        )
    ]
    if desk.chance.whether(0.3):
        again = CorrectRecord(
            target=_REFERRED_IN,
            supersedes=desk.version(first) + 1,
            reason=Code("factual_accuracy"),
            asked_by=Code("reviewer"),
            fields=fields,
            understood=desk.words(phrases.CORRECTED_AGAIN),
        )
        steps.append(desk.step(desk.later(first, 20, 90), again))
    return steps


def _redate(desk: Desk) -> list[Step]:
    """Put right when something another agency wrote of is now understood to have been."""
    found = [
        version
        for version, step in enumerate(desk.entries, 1)
        if isinstance(step.command, RecordChronologyEntry)
    ]
    if not found:
        return []
    year = desk.story.received.year - 1
    corrected = CorrectRecord(
        target=found[-1],
        reason=Code("wrong_date"),
        asked_by=Code("agency"),
        fields=(Code("occurred"),),
        understood=desk.words(phrases.REDATED),
        occurred=read(f"{year}-{desk.chance.between(1, 12):02}?"),
    )
    return [desk.step(desk.later(desk.last, 1, 40), corrected)]


def _annotate(desk: Desk) -> list[Step]:
    """Note something beside an entry, which stays as it is."""
    kind, text = desk.chance.one(phrases.ANNOTATED)
    target = desk.chance.between(1, len(desk.entries))
    noted = AnnotateEntry(target=target, kind=Code(kind), text=desk.words(text))
    return [desk.step(desk.later(desk.last, 1, 60), noted)]


def _restrict(desk: Desk) -> list[Step]:
    """Restrict reading while accuracy is contested; in half of the cases no longer."""
    first = desk.later(desk.last, 5, 50)
    ground = Code("accuracy_contested")
    steps = [desk.step(first, RestrictProcessing(ground=ground, detail=desk.words(phrases.HELD)))]
    if desk.chance.whether(0.5):
        over = UnrestrictProcessing(rationale=desk.words(phrases.CLOSING[1]))
        steps.append(desk.step(desk.later(first, 20, 60), over))
    return steps


def _reopen(desk: Desk) -> list[Step]:
    """Take a closed case up again, and in half of the cases close it once more."""
    if not desk.story.closed or desk.story.fails or desk.story.goes_on == Code("none"):
        return []
    taken_up = desk.later(desk.last, 20, 150)
    because = desk.words(desk.chance.one(phrases.REOPENED))
    reason = desk.chance.drawn({"new_information": 3, "closed_in_error": 1})
    holder = desk.chance.one(desk.story.team.practitioners)
    again = AllocateCase(
        worker=holder.ref, team=desk.story.team.name, reason=Code("first_allocation")
    )
    steps = [
        desk.step(taken_up, ReopenCase(reason=reason, rationale=because)),
        desk.step(taken_up + timedelta(minutes=9), again),
    ]
    if desk.chance.whether(0.5):
        ended = next(step.command for step in desk.entries if isinstance(step.command, CloseCase))
        over = desk.later(taken_up, 20, 90)
        steps += _asked_anew(desk, over - timedelta(hours=1))
        steps.append(desk.step(over, ended))
    return steps


def _asked_anew(desk: Desk, at: datetime) -> list[Step]:
    """What is asked of each episode by its closing: as it was answered in the first."""
    last: dict[type, object] = {}
    for one in (step.command for step in desk.entries):
        if isinstance(one, AssessRisk | RecordCapacityDecision | RecordAdultViewsOnClosure):
            last[type(one)] = one
        if isinstance(one, GiveFeedback | DecideAgainstFeedback) and one.audience == "referrer":
            last[type(one)] = one
    minute = timedelta(minutes=7)
    return [desk.step(at + minute * number, one) for number, one in enumerate(last.values())]


_KINDS: Final[tuple[Kind, ...]] = (
    # assumed, every one: how many of a hundred cases
    ("erase", 0.0075, _erase),
    ("withdraw", 0.015, _withdraw),
    ("redate", 0.01, _redate),
    ("reopen", 0.02, _reopen),
    ("hold", 0.015, _hold),
    ("restrict", 0.0075, _restrict),
    ("correct", 0.04, _correct),
    ("annotate", 0.03, _annotate),
    *GOVERNED,
)
