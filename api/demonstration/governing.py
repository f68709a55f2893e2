"""What is asked of a record afterwards: seen, put right, kept, audited, reviewed, given out.

Each is an afterthought (`afterthoughts`): of a story of its own, and one entry a step.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from api.demonstration import phrases
from api.demonstration.calibration import COUNCIL, POLICE
from api.demonstration.desk import Desk, Kind
from api.demonstration.pending import Answering, Naming, Producing
from api.demonstration.telling import Step
from domain.access_request import (
    AnswerSubjectAccessRequest,
    ExtendSubjectAccess,
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
)
from domain.auditing import (
    AuditCase,
    ChallengeFactualAccuracy,
    CompleteAuditRemedy,
    Grade,
    RemedyAsked,
    ResolveFactualAccuracy,
)
from domain.correction import AnnotateEntry, CorrectRecord
from domain.disclosing import MakeDisclosure
from domain.excepting import GrantAccessException, ReviewAccessException
from domain.handle import local_day
from domain.manifest import Given, Withheld
from domain.minutes import CirculateMinutes
from domain.person import CorrectPersonRecord, RecordDeath
from domain.rectifying import DecideRectification, RequestRectification, TellRecipient
from domain.retaining import ReviewRetention, SetRetentionClass
from domain.reviewing import (
    ConcludeSafeguardingReview,
    ConsiderReviewReferral,
    DecideReviewReferral,
    ProduceChronology,
    ReferForReview,
    ReviewedIndividual,
    SetReviewScope,
)
from domain.words import (
    ActionRef,
    Code,
    DocumentRef,
    Personal,
    RequestRef,
    ReviewRef,
    WorkerRef,
)

_REFERRED_IN: Final = 1  # the version of a case's first event
_OF_A_REVIEW: Final = 6  # entries of one: weighed, asked, decided, its scope, given out, disputed
_TWO_YEARS: Final = 731
_KEPT: Final = 0.85  # assumed: how many closed cases have the class of their retention set
RECTIFIED: Final = ("granted", "refused", "statement_added", "refused")  # in turn
_GIVEN: Final = 4  # entries of an extract that are given as recorded


def _access(desk: Desk) -> list[Step]:
    """The adult asks for what is written about them; it is given in part, and some get it late."""
    chance, ref = desk.chance, RequestRef(desk.chance.ref())
    first = desk.later(desk.last, 3, 60)
    received = ReceiveSubjectAccessRequest(
        request=ref,
        about=desk.story.adult,
        requester=Code("subject"),
        identity_proved=Code("yes"),
        scope=desk.words(phrases.ASKED_FOR[0]),
    )
    steps = [desk.step(first, received)]
    now = first
    if chance.whether(0.4):
        now = desk.later(first, 1, 3)
        why = StopSubjectAccessClock(
            request=ref, reason=Code("clarification"), asked=desk.words(phrases.CLARIFIED[0])
        )
        steps.append(desk.step(now, why))
        now = desk.later(now, 2, 6)
        steps.append(desk.step(now, RestartSubjectAccessClock(request=ref)))
    if chance.whether(0.3):
        now = desk.later(now, 1, 4)
        longer = ExtendSubjectAccess(
            request=ref,
            reason=Code("complex"),
            rationale=desk.words(phrases.THIRD[0]),
            told=Code("yes"),
        )
        steps.append(desk.step(now, longer))
    late = desk.fail("access_late")
    answered = desk.later(first, 130, 160) if late else desk.later(now, 5, 18)
    versions = range(1, len(desk.entries) + 1)
    withheld = versions[_GIVEN : _GIVEN + 2]
    given = AnswerSubjectAccessRequest(
        request=ref,
        outcome=Code("given_in_part" if withheld else "given"),
        manifest=tuple(Given(entry=one, form=Code("as_recorded")) for one in versions[:_GIVEN]),
        withheld=_withheld(desk, withheld),
        digest=chance.digest(),
        method=Code("secure_email"),
        rationale=desk.words(phrases.THIRD[0]),
        told_of_complaint=Code("yes"),
    )
    return [*steps, desk.step(answered, given)]


def _withheld(desk: Desk, entries: range) -> tuple[Withheld, ...]:
    if not entries:
        return ()
    rationale = desk.words(phrases.THIRD[0])
    decided = desk.manager.ref
    ground = Code("third_party")
    return (
        Withheld(entries=tuple(entries), ground=ground, rationale=rationale, decided_by=decided),
    )


def _rectify(desk: Desk) -> list[Step]:
    """Somebody says that an entry is not right; it is corrected, stated beside, or left so."""
    chance, ref = desk.chance, RequestRef(desk.chance.ref())
    first = desk.later(desk.last, 3, 40)
    asked = RequestRectification(
        request=ref,
        asked_by=Code("adult"),
        person=desk.story.adult,
        targets=(_REFERRED_IN,),
        assertion=chance.drawn({"fact": 3, "opinion": 2}),
        text=desk.words(chance.one(phrases.NOT_SO)),
    )
    steps = [desk.step(first, asked)]
    decision = desk.world.decks["rectified"].draw()
    looked = desk.later(first, 3, 15)
    why = desk.words(chance.one(phrases.LOOKED_AT))
    bare = decision == Code("refused") and desk.fail("rectification_unexplained")
    said: Any = DecideRectification(
        request=ref,
        decision=decision,
        rationale=None if bare else why,
        told_of_complaint=Code("yes"),
    )
    if decision == Code("granted"):
        put_right = CorrectRecord(
            target=_REFERRED_IN,
            reason=Code("disputed_upheld"),
            asked_by=Code("adult"),
            fields=(Code("channel"),),
            understood=desk.words(phrases.CORRECTED[0]),
        )
        steps.append(desk.step(looked, put_right))
        said = Naming(command=said, field="entries", event="record-corrected", several=True)
    if decision == Code("statement_added"):
        beside = AnnotateEntry(
            target=_REFERRED_IN, kind=Code("disputed"), text=desk.words(phrases.ANNOTATED[0][1])
        )
        steps.append(desk.step(looked, beside))
        said = Naming(command=said, field="entries", event="entry-annotated", several=True)
    steps.append(desk.step(looked + timedelta(minutes=7), said))
    if decision != Code("refused") and desk.told(CirculateMinutes):
        told = TellRecipient(request=ref, recipient=1, method=Code("secure_email"))
        steps.append(desk.step(desk.later(looked, 1, 6), told))
    return steps


def keep(desk: Desk) -> list[Step]:
    """Say how long a closed case is kept, within three weeks of its closing; some are left out."""
    if not desk.story.closed or not desk.chance.whether(_KEPT):
        return []
    bare = desk.chance.whether(0.15)
    contact = desk.story.goes_on == Code("none")
    first = desk.later(desk.last, 1, 20)
    due = local_day(first) + timedelta(days=_TWO_YEARS if contact else 3 * _TWO_YEARS)
    kept = SetRetentionClass(
        retention_class=Code("contact_only" if contact else "case_record"),
        trigger=Code("last_contact" if contact else "case_closed"),
        review_on=due,
        rationale=None if bare else desk.words(phrases.KEPT[0]),
    )
    return [desk.step(first, kept, desk.world.staff.administrator)]


def _look_at_again(desk: Desk) -> list[Step]:
    """Two years after a contact that led to nothing, decide whether it is still needed."""
    kept = desk.told(SetRetentionClass)
    if desk.story.goes_on != Code("none") or not kept:
        return []
    first = desk.entries[kept[0] - 1].moment
    decision = desk.chance.drawn({"destroy": 2, "keep": 2})
    again = local_day(first) + timedelta(days=2 * _TWO_YEARS)
    reviewed = ReviewRetention(
        decision=decision,
        rationale=desk.words(phrases.KEPT[0]),
        review_on=again if decision == Code("keep") else None,
    )
    return [desk.step(desk.later(first, _TWO_YEARS, 740), reviewed)]


def _audit(desk: Desk) -> list[Step]:
    """Audit a file, ask for something to be done, and see that it is."""
    chance = desk.chance
    if desk.story.goes_on == Code("none") and chance.whether(0.6):
        return []
    first = desk.later(desk.last, 10, 90)
    # A colleague of another council, who never signed in here and is named by reference alone.
    outside = WorkerRef(chance.of("auditor").ref()) if desk.fail("auditor_unknown") else None
    another = next(one.manager for one in desk.world.staff.teams if one.manager != desk.manager)
    action, due = ActionRef(chance.ref()), local_day(desk.later(first, 28, 35))
    grade = chance.drawn({"good": 5, "requires_improvement": 4, "outstanding": 1})
    asked = (
        RemedyAsked(action=action, text=desk.words(phrases.REMEDY[0]), owner=COUNCIL, due_on=due),
    )
    better = grade == Code("requires_improvement")
    audited = AuditCase(
        auditor=outside or another.ref,
        tool=chance.drawn({"multi_agency": 3, "making_safeguarding_personal": 2}),
        seed=chance.between(1, 9999),
        grades=tuple(
            Grade(question=Code(question), grade=grade, evidence=(_REFERRED_IN,))
            for question in ("adults_voice", "decisions_explained", "timeliness")
        ),
        overall=grade,
        remedies=asked if better else (),
        summary=desk.words(chance.one(phrases.AUDITED)),
    )
    # Most read the file as it stands on the day, and the audit says as of where it was read.
    read = Producing(command=audited) if chance.of("as_at").whether(0.7) else audited
    steps = [desk.step(first, read, another)]
    passed = due < local_day(desk.world.until)
    if better and not (passed and desk.fail("remedy_left")):
        done = CompleteAuditRemedy(action=action, note=desk.words(phrases.AMENDED[0]))
        steps.append(desk.step(desk.later(first, 10, 26), done))
    return steps


def _review(desk: Desk) -> list[Step]:
    """Ask the board for a review; it decides, some late and some without reasons, and looks in."""
    chance, law = desk.chance, desk.world.law
    if desk.story.goes_on == Code("none"):
        return []
    ref, first = ReviewRef(chance.ref()), desk.later(desk.last, 5, 30)
    criterion = (
        Code(
            "discretionary" if "discretionary" in law.lists["review_criterion"] else "serious_harm"
        ),
    )
    because = desk.words(chance.one(phrases.REVIEW))
    weighed = ConsiderReviewReferral(
        criteria=criterion, view=Code("refer"), raised_by=Code("manager"), rationale=because
    )
    due = local_day(desk.later(first, 40, 44))
    asked = ReferForReview(
        review=ref, referred_by=COUNCIL, criteria=criterion, rationale=because, due_on=due
    )
    late, bare = desk.fail("review_late"), desk.fail("review_bare")
    decided_at = desk.later(first, 90, 130) if late else desk.later(first, 15, 35)
    reviews = bare or chance.whether(0.7)
    kind = Code(next(iter(law.lists["review_kind"])))
    decided = DecideReviewReferral(
        review=ref,
        decision=Code("review" if reviews else "other_learning"),
        kind=kind if reviews else None,
        criteria=criterion,
        rationale=None if bare else desk.words(phrases.REVIEWED[0]),
        ratified=Code("yes"),
        family_told=Code("yes"),
    )
    steps = [
        desk.step(first, weighed),
        desk.step(first + timedelta(minutes=12), asked),
        desk.step(decided_at, decided),
    ]
    return [*steps, *_look_in(desk, ref, steps[-1])] if reviews else steps


def _look_in(desk: Desk, ref: ReviewRef, decided: Step) -> list[Step]:
    """Set what a review looks at, give it a chronology, and dispute its draft."""
    chance, day = desk.chance, desk.story.received
    scope = SetReviewScope(
        review=ref,
        period_from=day.replace(year=day.year - 1, day=1),
        period_to=local_day(decided.moment),
        agencies=(COUNCIL, POLICE, desk.world.figures.health),
        questions=desk.words(phrases.QUESTIONS[0]),
    )
    given = ProduceChronology(
        review=ref,
        document=DocumentRef(chance.ref()),
        digest=chance.digest(),
        as_at=0,  # looked up, as how many entries there are
        entries=0,
        agencies=(COUNCIL,),
    )
    draft = desk.later(decided.moment, 60, 90)
    disputed = ChallengeFactualAccuracy(
        asked_by=Code("agency"),
        organisation=POLICE,
        review=ref,
        targets=(_REFERRED_IN,),
        text=desk.words(phrases.INACCURATE[0]),
        due_on=local_day(desk.later(draft, 14, 16)),
    )
    held = ResolveFactualAccuracy(
        challenge=0, outcome=Code("not_upheld"), rationale=desk.words(phrases.LOOKED_AT[0])
    )
    moment, answered = desk.later(decided.moment, 5, 15), desk.later(draft, 4, 12)
    put_right = list[Step]()
    if chance.of("upheld").whether(0.5):
        corrected = CorrectRecord(
            target=_REFERRED_IN,
            reason=Code("factual_accuracy"),
            asked_by=Code("agency"),
            fields=(Code("channel"),),
            understood=desk.words(phrases.CORRECTED[0]),
        )
        put_right = [desk.step(answered - timedelta(minutes=11), corrected)]
        before = len(desk.entries) + _OF_A_REVIEW  # each of them one entry, as all of the case is
        held = replace(held, outcome=Code("upheld"), corrections=(before + 1,))
    resolved = Naming(command=held, field="challenge", event="factual-accuracy-challenged")
    return [
        desk.step(moment, scope),
        desk.step(desk.later(moment, 10, 20), Producing(command=given)),
        desk.step(draft, disputed),
        *put_right,
        desk.step(answered, resolved),
        _concluded(desk, ref, answered),
    ]


def _concluded(desk: Desk, ref: ReviewRef, answered: datetime) -> Step:
    """Conclude a review, once its draft was looked at; it says whether the adult died."""
    moment = desk.later(answered, 20, 40)
    died = any(isinstance(one.command, RecordDeath) for one in desk.story.steps)
    fate = Code("died" if died else "survived")
    adult = ReviewedIndividual(person=desk.story.adult, fate=fate)
    ended = ConcludeSafeguardingReview(
        review=ref, concluded_on=local_day(moment), individuals=(adult,), published=Code("yes")
    )
    return desk.step(moment, ended)


def _disclose(desk: Desk) -> list[Step]:
    """Give a part of the record to a court, the police or the ombudsman."""
    chance = desk.chance
    if desk.story.goes_on == Code("none"):
        return []
    to = chance.drawn({"court": 2, "police": 2, "ombudsman": 1})
    entries = range(1, min(len(desk.entries), _GIVEN) + 1)
    out = MakeDisclosure(
        to=to,
        organisation=POLICE if to == Code("police") else None,
        ground=Code("crime" if to == Code("police") else "court_order"),
        authority=desk.words(phrases.NEEDED_BY[0]),
        necessity=desk.words(phrases.NEEDED_BY[0]) if chance.whether(0.8) else None,
        manifest=tuple(Given(entry=one, form=Code("as_recorded")) for one in entries),
        digest=chance.digest(),
        method=Code("recorded_post"),
        person_told=chance.drawn({"yes": 3, "no": 1}),
    )
    return [desk.step(desk.later(desk.last, 10, 80), out)]


def _except(desk: Desk) -> list[Step]:
    """Let somebody in who has no access otherwise, for a few days, and look at it afterwards."""
    others = [one for team in desk.world.staff.teams for one in team.practitioners]
    worker = desk.chance.one([one for one in others if one.team != desk.story.team.name])
    first = desk.later(desk.last, 1, 30)
    let_in = GrantAccessException(
        worker=worker.ref,
        ground=desk.chance.drawn({"covering": 3, "out_of_hours": 2}),
        rationale=desk.words(phrases.STOOD_IN[0]),
        last_day=local_day(first) + timedelta(days=3),
    )
    steps = [desk.step(first, let_in)]
    if not desk.fail("exception_left"):
        another = next(one.manager for one in desk.world.staff.teams if one.manager != desk.manager)
        judged = ReviewAccessException(
            exception=0, judged=Code("justified"), rationale=desk.words(phrases.LOOKED_AT[0])
        )
        named = Naming(command=judged, field="exception", event="access-granted-exception")
        steps.append(desk.step(desk.later(first, 5, 12), named, another))
    return steps


def _answer(desk: Desk) -> list[Step]:
    """Answer what the case is criticised for: explained, accepted, or put right since."""
    if not desk.story.closed or not desk.story.fails & {"no_rationale", "no_feedback"}:
        return []
    result = desk.chance.drawn({"accepted": 3, "explained": 2, "remedied": 2})
    reason = desk.words(desk.chance.one(phrases.FINDING_ANSWERED))
    answer = Answering(result=result, reason=reason)
    return [desk.step(desk.later(desk.last, 10, 60), answer)]


def _alter(desk: Desk) -> list[Step]:
    """Correct an entry and say neither what is understood now nor why: the record shows it."""
    if not desk.story.closed:
        return []
    altered = CorrectRecord(
        target=_REFERRED_IN, reason=Code("entered_wrongly"), fields=(Code("channel"),)
    )
    desk.failings["altered"] = True
    return [desk.step(desk.later(desk.last, 20, 90), altered)]


def _misspelt(desk: Desk) -> list[Step]:
    """Put right what was taken down of the adult, in their own record."""
    adult = desk.story.adult
    put_right = CorrectPersonRecord(
        target=_REFERRED_IN,
        reason=Code("entered_wrongly"),
        asked_by=Code("adult"),
        fields=(Code("details"),),
        understood=Personal(adult, phrases.MISSPELT[0]),
    )
    asked = desk.step(desk.later(desk.last, 2, 40), put_right)
    steps = [replace(asked, stream=adult)]
    if desk.chance.of("again").whether(0.5):
        again = replace(
            put_right,
            reason=Code("factual_accuracy"),
            understood=Personal(adult, phrases.MISSPELT_AGAIN),
        )
        named = Naming(command=again, field="supersedes", event="person-record-corrected")
        steps.append(replace(desk.step(desk.later(asked.moment, 3, 20), named), stream=adult))
    return steps


GOVERNED: Final[tuple[Kind, ...]] = (  # assumed, every one: how many of a hundred cases
    ("alter", 0.005, _alter),
    ("review", 0.015, _review),
    ("look_at_again", 0.0075, _look_at_again),
    ("access", 0.02, _access),
    ("rectify", 0.02, _rectify),
    ("disclose", 0.01, _disclose),
    ("except", 0.01, _except),
    ("answer", 0.025, _answer),
    ("misspelt", 0.0075, _misspelt),
    ("audit", 0.03, _audit),
)
