"""The lists and limits both nations share for closing, reviewing and governing a case's record.

Letters with numbers (L1, L5) are the legal constraints of the procedure, part E.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.jurisdictions import Limit
from domain.words import Code

_OTHER: Final = {"other": "Other"}
_NOT_RECORDED: Final = {"not_recorded": "Not recorded"}

REVIEWING: Final[Mapping[str, Mapping[str, str]]] = {
    "closure_item": {  # B.3 section 8: seen in several procedures
        "adults_agreement": "The adult's agreement or views",
        "contact_given": "A contact for further concerns",
        "organisations_informed": "All organisations informed",
        "referrer_feedback": "Feedback to the referrer",
        "pach_action": "Action with the person alleged to have caused harm",
        "other_service_users": "Action for other people who use the service",
        "childrens_referral": "A children's referral, if one is needed",
        "outcomes_evaluated": "Outcomes evaluated by the adult",
        "review_considered": "A statutory review considered",
        "lessons": "Lessons",
    },
    "closure_answer": {
        "done": "Done",
        "not_done": "Not done",
        "not_needed": "Not needed",
        **_NOT_RECORDED,
    },
    "review_view": {
        "refer": "To be referred",
        "do_not_refer": "Not to be referred",
        "not_decided": "Not decided yet",
    },
    "review_raised_by": {
        "practitioner": "A practitioner",
        "manager": "A manager",
        "agency": "Another agency",
        "family": "The family",
        "coroner": "A court or inquiry into a death",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "review_decision": {  # R141: the board's
        "review": "A review is carried out",
        "other_learning": "Another way of learning",
        "no_review": "No review",
        "more_information": "More information needed first",
        **_NOT_RECORDED,
    },
    "reviewed_fate": {
        "died": "Died",
        "survived": "Survived",
        **_NOT_RECORDED,
    },
    "accuracy_outcome": {
        "upheld": "Upheld",
        "partly_upheld": "Partly upheld",
        "not_upheld": "Not upheld",
        "withdrawn": "Withdrawn",
    },
    "audit_tool": {
        "single_agency": "Case file audit of one agency",
        "multi_agency": "Multi-agency audit",
        "making_safeguarding_personal": "Audit of how personal the safeguarding was",
        "thematic": "Thematic audit",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "audit_question": {
        "adults_voice": "The adult's voice and outcomes",
        "decisions_explained": "Decisions and their reasons",
        "risk": "Risk assessed and managed",
        "capacity_and_advocacy": "Capacity and advocacy",
        "timeliness": "Timeliness",
        "working_together": "Agencies working together",
        "recording": "Recording",
        "management_oversight": "Management oversight",
    },
    "audit_grade": {
        "outstanding": "Outstanding",
        "good": "Good",
        "requires_improvement": "Requires improvement",
        "inadequate": "Inadequate",
        "not_graded": "Not graded",
    },
}

RIGHTS: Final[Mapping[str, Mapping[str, str]]] = {
    "rectification_decision": {  # L5
        "granted": "Put right",
        "partly_granted": "Put right in part",
        "statement_added": "Not put right; a supplementary statement added",
        "refused": "Not put right",
    },
    "access_requester": {  # L1, L2
        "subject": "The person themself",
        "attorney": "An attorney or guardian",
        "deputy": "Somebody a court appointed",
        "representative": "Somebody else on their behalf",
        **_NOT_RECORDED,
    },
    "clock_stopped": {  # UK GDPR, Article 12A
        "identity": "Proof of identity is asked for",
        "clarification": "What is asked for has to be made clear",
    },
    "extension_reason": {  # UK GDPR, Article 12(3)
        "complex": "The request is complex",
        "number": "The number of requests",
        **_NOT_RECORDED,
    },
    "access_outcome": {
        "given": "Given",
        "given_in_part": "Given in part",
        "refused": "Refused",
        "nothing_held": "Nothing is held",
        "withdrawn": "Withdrawn",
    },
    "withholding_ground": {  # L2, L3, L4; Data Protection Act 2018
        "serious_harm": "Serious harm would be likely (social work data)",
        "third_party": "About a third party",
        "referrer": "Identity of the referrer",
        "legal_privilege": "Legal privilege",
        "crime": "Prevention or detection of crime",
        "court_supplied": "Supplied in court proceedings",
        "against_their_wishes": "Asked for against the person's wishes",
        "unfounded": "Manifestly unfounded or excessive",
        **_NOT_RECORDED,
    },
    "holding": {  # what of a case somebody else may hold
        "minutes": "Minutes",
        "decisions": "The decisions of a meeting",
        "plan": "A plan",
        "report": "A report",
        "information": "Information shared",
        "disclosure": "What was disclosed",
        "subject_access": "What was given to the person",
    },
    "disclosed_to": {  # L22, L23
        "police": "Police",
        "court": "A court",
        "coroner": "An inquiry into a death",
        "regulator": "A regulator",
        "ombudsman": "The ombudsman",
        "board": "The board, or its review panel",
        "prosecutor": "A prosecutor",
        "solicitor": "A solicitor",
        **_OTHER,
    },
    "disclosure_ground": {
        "court_order": "An order of a court",
        "statutory_duty": "A duty in law",
        "statutory_power": "A power in law, and necessary",
        "consent": "With consent",
        "prevent_harm": "To prevent serious harm",
        "crime": "To prevent or detect crime",
        **_NOT_RECORDED,
    },
    "disclosed_form": {
        "as_recorded": "As recorded",
        "redacted": "Redacted",
        "summary": "A summary",
        "dates_only": "Dates of contact only",
    },
}

HOLDING: Final[Mapping[str, Mapping[str, str]]] = {
    "retention_trigger": {
        "case_closed": "The case was closed",
        "last_contact": "Last contact",
        "died": "The person died",
        "allegation_concluded": "The allegation was concluded",
        "imported": "The entry was taken in",
    },
    "retention_decision": {
        "keep": "Keep, and look again",
        "keep_permanently": "Keep permanently",
        "destroy": "Destroy",
    },
    "exception_ground": {
        "immediate_risk": "Immediate risk to somebody",
        "out_of_hours": "Out of hours",
        "covering": "Covering for an absent worker",
        "technical": "To mend a fault",
        **_OTHER,
        **_NOT_RECORDED,
    },
    "exception_judged": {
        "justified": "Justified",
        "not_justified": "Not justified",
        "not_determined": "Could not be determined",
    },
    "finding_answer": {
        "explained": "Explained: there was a reason",
        "accepted": "Accepted: it was so",
        "remedied": "Remedied: it has been put right",
    },
    "brought_stage": {
        "concern": "Concern",
        "enquiry": "Enquiry",
        "conference": "Conference",
        "plan": "Plan",
        "closed": "Closed",
        "not_recorded": "Not recorded",
        "not_asked": "Not asked",
    },
    "brought_matter": {
        "referral": "The concern received",
        "allegations": "What is alleged",
        "duty": "The duty decided",
        "allocation": "Who holds the case",
        "officer": "Who leads the enquiry",
        "enquiry": "The enquiry opened",
        "conclusion": "The enquiry concluded",
        "conference": "The last conference",
        "core_group": "The last core group",
        "plan": "The plan agreed",
        "review": "When the plan is to be reviewed",
        "closing": "The case closed",
    },
    "brought_answer": {
        "recorded": "It stands there",
        "not_known": "It is said not to be known",
        "not_recorded": "It was asked for, and nothing stands there",
        "not_asked": "It was not asked for",
    },
    "merge_reason": {
        "same_concern": "The same concern was entered twice",
        "one_adult": "Two cases about one adult, to be read as one",
        "registered_twice": "One adult was registered as two people",
    },
    "merge_place": {
        "merged": "Read in the other case",
        "leading": "The other case is read in this one",
    },
    "split_reason": {
        "wrong_person": "Entered for the wrong person",
        "wrong_case": "Entered in the wrong case of this person",
        "two_adults": "The case was about two adults",
        "two_matters": "The case was about two matters",
    },
    "split_place": {
        "from": "The entries are read in the other case",
        "to": "Entries of the other case are read in this one",
    },
}

GOVERNING: Final[Mapping[str, Mapping[str, str]]] = {**REVIEWING, **RIGHTS, **HOLDING}

_MONTH: Final = (
    "UK GDPR, Article 12(3): one month; the day of receipt to the same day a month later"
)

GOVERNING_LIMITS: Final[Mapping[str, Limit]] = {
    "subject_access": Limit(
        amount=1,
        unit=Code("months"),
        counted_from="the day the request was received",
        cite=_MONTH,
    ),
    "subject_access_extended": Limit(
        amount=3,
        unit=Code("months"),
        counted_from="the day the request was received",
        cite="UK GDPR, Article 12(3): extended by two further months",
    ),
    "rectification": Limit(
        amount=1,
        unit=Code("months"),
        counted_from="the day the request was received",
        cite=_MONTH,
    ),
}
