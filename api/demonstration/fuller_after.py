"""What a few stories say more of minutes and copies, of the end, and of the record afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from api.demonstration.calibration import COUNCIL
from api.demonstration.fuller import At, More, Value, more, other
from api.demonstration.fuller_coming import document, manager, whoever
from api.demonstration.fuller_meeting import KEEPER, unlisted
from domain.access_request import AnswerSubjectAccessRequest
from domain.amending import (
    AcceptMinuteAmendment,
    ConsiderPreviousMinutes,
    RefuseMinuteAmendment,
    RequestMinuteAmendment,
)
from domain.auditing import AuditCase, ChallengeFactualAccuracy
from domain.closing import CompleteClosureChecklist
from domain.closure import CloseCase, ProposeClosure, ReopenCase
from domain.conference import ConveneConference
from domain.correction import AnnotateEntry, CorrectRecord, PlaceLegalHold
from domain.disclosing import MakeDisclosure
from domain.drafting import AttestMinutePassage, KeepRawNotes, WriteMinutePassage
from domain.excepting import GrantAccessException
from domain.feedback import DecideAgainstFeedback
from domain.minutes import (
    ApproveMinutes,
    CirculateMinutes,
    ProduceRedactedCopy,
    Redaction,
    WithholdMinutes,
)
from domain.person import CorrectPersonRecord
from domain.rectifying import DecideRectification, TellRecipient
from domain.releasing import CirculateDecisions
from domain.retaining import ReviewRetention
from domain.reviewing import (
    ConsiderReviewReferral,
    ProduceChronology,
    ReferForReview,
    SetReviewScope,
)
from domain.tabling import TableReport
from domain.when import read
from domain.words import Code, Slug


def _renamed(at: At) -> Value:
    """Say of one recipient what they were invited as, where no list has it."""
    return tuple(
        replace(one, role=Code("other"), role_other=at.words(KEEPER))
        if one.participant in unlisted(at)
        else one
        for one in at.command.recipients
    )


def _to_unlisted(at: At) -> bool:
    return any(one.participant in unlisted(at) for one in at.command.recipients)


def _with_report(at: At) -> Value:
    """Attach the report that lay on the table to what the police get."""
    report = at.before(TableReport)[-1].report
    return tuple(
        replace(one, reports=(report,)) if one.organisation == COUNCIL else one
        for one in at.command.recipients
    )


def _tabled(at: At) -> bool:
    return any(one.conference == at.command.conference for one in at.before(TableReport))


def _also_redacted(at: At) -> Value:
    left_out = Redaction(
        ground=Code("other"),
        ground_other=at.words("The number of the key safe, which nobody needs to read."),
        place=at.words("Second page, last line."),
        decided_by=at.command.redactions[0].decided_by,
    )
    return (*at.command.redactions, left_out)


_MINUTES: Final = (
    more(KeepRawNotes, share=0.15, digest=lambda at: at.chance.digest(), kept_by=whoever),
    more(WriteMinutePassage, share=0.3, written_by=whoever),
    more(AttestMinutePassage, share=0.5, attested_by=whoever),
    more(ApproveMinutes, share=0.2, approved_by=whoever),
    other(RequestMinuteAmendment, "role", KEEPER),
    more(AcceptMinuteAmendment, share=0.5, decided_by=whoever),
    more(RefuseMinuteAmendment, share=0.5, decided_by=whoever),
    more(
        ConsiderPreviousMinutes,
        times=3,
        accuracy=Code("amended"),
        note="The date of the second visit is put right: it was the Thursday.",
    ),
    more(ProduceRedactedCopy, times=4, document=document, redactions=_also_redacted),
    more(CirculateMinutes, times=9, where=_to_unlisted, recipients=_renamed),
    more(CirculateMinutes, times=4, where=_tabled, recipients=_with_report),
    more(CirculateMinutes, times=3, outside=True),
    more(CirculateDecisions, times=9, where=_to_unlisted, recipients=_renamed),
    other(
        WithholdMinutes,
        "reason",
        "Has left the agency, and nobody there needs them.",
        rationale="Said so themselves when the minutes were drafted.",
    ),
    other(WithholdMinutes, "role", "The agency that had lent a night worker."),
)


def _with_notes(at: At) -> Value:
    first, *rest = at.command.items
    return (replace(first, note=at.words("Said so twice, once in writing.")), *rest)


def _last_conference(at: At) -> Value:
    return at.before(ConveneConference)[-1].conference


def _conferred(at: At) -> bool:
    return bool(at.before(ConveneConference))


_END: Final = (
    more(
        CompleteClosureChecklist,
        share=0.4,
        items=_with_notes,
        note="Gone through with the adult at the kitchen table.",
    ),
    other(ConsiderReviewReferral, "raised_by", "A councillor, by letter."),
    other(
        ProposeClosure,
        "reason",
        "Goes on under the plan for the whole house.",
        where=lambda at: at.command.reason != "died",
    ),
    other(
        CloseCase,
        "reason",
        "Goes on under the plan for the whole house.",
        where=lambda at: (
            at.command.reason != "died"
            and any(one.reason == "other" for one in at.before(ProposeClosure))
        ),
    ),
    other(ReopenCase, "reason", "The adult's letter lay unread in another office."),
    more(DecideAgainstFeedback, times=4, where=_conferred, conference=_last_conference),
)


def _graded(at: At) -> Value:
    first, *rest = at.command.grades
    return (replace(first, note=at.words("The wish stands in the first visit.")), *rest)


def _in_part(at: At) -> Value:
    """Give the second entry with something left out, as a document of its own."""
    first, second, *rest = at.command.manifest
    cut = replace(
        second,
        form=Code("redacted"),
        ground=Code("other"),
        ground_other=at.words("The number of the key safe."),
        document=document(at),
        digest=at.chance.digest(),
    )
    return (first, cut, *rest)


def _several(at: At) -> bool:
    return len(at.command.manifest) > 1


def _look_again(at: At) -> Value:
    day = at.step.moment.date()
    return tuple(
        replace(one, review_on=day.replace(year=day.year + 1, day=1)) for one in at.command.withheld
    )


_GOVERNED: Final = (
    more(
        AnnotateEntry,
        share=0.4,
        where=lambda at: at.command.kind == "disputed",
        whose="The adult, by telephone.",
    ),
    other(CorrectRecord, "reason", "Two screens were open, and the wrong one was typed into."),
    other(PlaceLegalHold, "reason", "The council's own insurers look into the fall."),
    more(
        AnswerSubjectAccessRequest,
        share=0.6,
        where=_several,
        document=document,
        manifest=_in_part,
        withheld=_look_again,
    ),
    more(
        MakeDisclosure,
        share=0.6,
        where=_several,
        document=document,
        manifest=_in_part,
        decided_by=manager,
    ),
    other(MakeDisclosure, "to", "The council's insurers, by an order."),
    more(ReviewRetention, share=0.6, decided_by=manager),
    other(
        GrantAccessException,
        "ground",
        "Reads the file aloud to a colleague who cannot see.",
        rationale="Both go through it together, before one visit.",
    ),
    other(AuditCase, "tool", "The questions that the team drew up for itself."),
    more(AuditCase, share=0.5, grades=_graded),
    more(DecideRectification, share=0.6, decided_by=manager),
    more(
        TellRecipient,
        times=2,
        method=Code("not_recorded"),
        not_told_because="Has closed, and nobody has taken over its files.",
    ),
    more(ChallengeFactualAccuracy, times=4, document=document),
    more(ReferForReview, times=4, where=_conferred, conference=_last_conference),
    more(
        SetReviewScope,
        times=3,
        parallel=(Code("complaint"), Code("other")),
        parallel_other="The landlord's own inquiry.",
    ),
    more(
        ProduceChronology,
        times=4,
        period_from=lambda at: at.before(SetReviewScope)[-1].period_from,
        period_to=lambda at: at.before(SetReviewScope)[-1].period_to,
        no_contact=(Slug("ambulance"),),
        pseudonyms=document,
    ),
    other(
        CorrectPersonRecord, "reason", "Two screens were open, and the wrong one was typed into."
    ),
    more(
        CorrectPersonRecord,
        times=1,
        where=lambda at: at.command.reason != "other",
        reason=Code("wrong_date"),
        fields=(Code("occurred"),),
        understood="Was known here since a call the winter before.",
        occurred=lambda at: read(f"{at.story.received.year - 1}-11?"),
    ),
)

AFTER: Final[tuple[More, ...]] = (*_MINUTES, *_END, *_GOVERNED)
