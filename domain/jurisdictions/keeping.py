"""The lists both nations share for keeping the record: reading, sending, correcting, destroying.

Letters with numbers (L7, L15) are the legal constraints of the procedure, part E.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.jurisdictions import Limit
from domain.jurisdictions.minuting import MINUTING
from domain.words import Code

RECORD: Final[Mapping[str, Mapping[str, str]]] = {
    "purpose": {
        "safeguarding": "Safeguarding this adult",
        "protecting_others": "Protecting others",
        "supervision": "Supervision or management",
        "audit": "Audit",
        "review": "Review of the case",
        "statistics": "Statistics and returns",
        "complaint": "A complaint",
        "subject_access": "A subject access request",
        "legal_claim": "A legal claim or a court",
        "consent": "With the consent of the person",
        "public_interest": "Important public interest",
        "records_management": "Records management",
    },
    "view_subject": {
        "case": "A case",
        "chronology": "A chronology",
        "event": "One entry",
        "document": "A document",
        "person": "A person",
        "concerns": "Concerns about a person",
        "caseload": "A caseload",
        "findings": "Findings",
        "return": "A return",
        "export": "An export",
        "access_log": "The log of readings",
        "verification": "A proof",
        "proof_handed_over": "A proof with the record in it, handed over",
        "replay": "A replay, entry by entry",
        "decisions": "A register of decisions",
        "sample": "A sample of cases to audit",
        "trace": "What belongs to one request",
        "retention": "How long cases are kept",
    },
    "view_door": {
        "page": "Page",
        "api": "Interface for systems",
        "cli": "Command line",
        "feed": "Feed",
        "export": "Export",
    },
    "correction_reason": {
        "entered_wrongly": "Entered wrongly",
        "wrong_person": "Entered for the wrong person or case",
        "wrong_date": "Wrong date",
        "new_information": "New information",
        "disputed_upheld": "Disputed, and the dispute upheld",
        "factual_accuracy": "Found when accuracy was checked",
        "duplicate": "Entered twice",
        "other": "Other",
    },
    "correction_asked_by": {
        "adult": "The adult",
        "representative": "Representative",
        "family": "Family member",
        "worker": "Worker",
        "agency": "Another agency",
        "reviewer": "Reviewer or auditor",
        "court": "A court",
        "not_recorded": "Not recorded",
    },
    "annotation_kind": {
        "supplementary": "Supplementary statement",
        "disputed": "Marked as disputed",
        "significance": "Significance, in hindsight",
        "context": "Context",
        "question": "Question",
    },
    "assertion_kind": {  # B.6: reports keep these apart; opinions are whose they are
        "fact": "Fact",
        "observation": "Observation",
        "allegation": "Allegation",
        "opinion": "Opinion",
        "not_stated": "Not stated",
    },
    "hold_reason": {
        "court": "Court proceedings",
        "police": "Police investigation",
        "coroner": "Inquest or inquiry into a death",
        "inquiry": "Public inquiry",
        "review": "Statutory review",
        "complaint": "Complaint or ombudsman",
        "subject_access": "Subject access request",
        "other": "Other",
    },
    "restriction_ground": {  # L7
        "accuracy_contested": "Accuracy is contested",
        "unlawful_processing": "Processing was unlawful and erasure is not wanted",
        "needed_for_claims": "Needed for legal claims only",
        "objection_pending": "An objection is being weighed",
    },
    "erasure_scope": {
        "person": "A person",
        "case": "A whole case",
        "passage": "One passage",
    },
    "person_erasure_scope": {
        "person": "The person",
        "passage": "One passage",
    },
    "retention_class": {  # L15, L16: the authority's own schedule gives the years
        "case_record": "Case record",
        "contact_only": "Contact only",
        "allegation_staff": "Allegation about staff",
        "minutes": "Minutes of a meeting",
        "imported": "Imported entry",
    },
    "filing_retention_class": {
        "filed_return": "Return that was filed",
    },
    "erasure_authority": {
        "retention_ended": "The retention period ended",
        "erasure_request": "A request for erasure was granted",
        "court_order": "An order of a court",
        "recorded_unlawfully": "It was recorded unlawfully",
    },
}

SENDING: Final[Mapping[str, Mapping[str, str]]] = {
    "minutes_form": {  # R151
        "authority": "The authority's form",
        "multi_agency": "The agreed multi-agency form",
        "none": "No agreed form",
        "not_recorded": "Not recorded",
    },
    "redaction_ground": {
        "third_party": "About a third party",
        "serious_harm": "Likely to cause serious harm",
        "criminal_investigation": "May compromise a criminal investigation",
        "referrer": "Identity of the referrer",
        "legal_privilege": "Legal privilege",
        "part_not_attended": "A part the recipient did not attend",
        "not_relevant": "Not needed by the recipient",
        "other": "Other",
    },
    "sending_method": {
        "secure_email": "Secure e-mail",
        "post": "Post",
        "recorded_post": "Recorded post",
        "by_hand": "By hand",
        "portal": "Portal",
        "read_at_office": "Read at the office",
        "read_aloud": "Read aloud",
        "not_recorded": "Not recorded",
    },
    "report_arrangement": {  # R22: the chair defines how reports are kept
        "read_at_meeting": "Read at the meeting only",
        "attendees_only": "For those attending only",
        "named_recipients": "For named recipients only",
        "summary_only": "A summary only is shared",
        "other": "Other",
    },
    "report_copies": {  # R22
        "return": "Copies are returned",
        "destroy": "Copies are destroyed",
        "keep": "Copies are kept under each agency's rules",
        "none": "No copies were given",
        "not_recorded": "Not recorded",
    },
    "release_subject": {  # R23, R162, R167
        "minutes": "The minutes",
        "plan": "The plan",
        "report": "A report",
    },
    "release_basis": {  # R162, R163, R166
        "information_sharing": "Information sharing between the agencies involved",
        "attended": "Attended the conference",
        "adults_permission": "The adult's permission",
        "chairs_permission": "The chair's permission",
        "managing_officer": "The managing officer's decision",
        "best_interests": "Best interests",
        "regulator": "Regulator's duty",
        "court_order": "An order of a court",
        "none": "None recorded",
    },
    "withheld_reason": {
        "raises_risk": "It would raise the risk",
        "third_party": "About a third party",
        "criminal_investigation": "A criminal investigation",
        "adults_wish": "At the adult's wish",
        "confidentiality": "Confidentiality",
        "not_traceable": "Could not be found",
        "anonymous": "The referrer is not known",
        "died": "Died",
        "other": "Other",
        "not_recorded": "Not recorded",
    },
    "feedback_audience": {  # R168 to R175
        "adult": "The adult",
        "representative": "Representative of the adult",
        "referrer": "The referrer",
        "pach": "The person alleged to have caused harm",
        "employer": "Their employer",
        "provider": "The provider",
    },
    "feedback_content": {
        "outcome": "The outcome",
        "outcome_and_plan": "The outcome and the plan",
        "limited": "Limited information",
        "received_only": "That it was received and dealt with",
        "none": "Nothing",
    },
}

# What an authority may set for itself (G14, G16), and something is reckoned by: no limit that a law
# gives, of orders, barring or requests for data, is among them.
POLICY: Final[Mapping[str, Mapping[str, str]]] = {
    "time_limit": {
        "duty_decision": "Decision whether to enquire",
        "enquiry_opened": "Enquiry opened, once there is a duty",
        "enquiry": "Enquiry",
        "initial_conference": "Initial conference",
        "capacity_recorded": "First record of capacity",
        "review_decision": "Decision on a review asked for",
        "conference_after_report": "Conference after the report",
        "report_before_conference": "Agency's report, before the conference",
        "decisions_circulated": "Decisions and actions sent out",
        "minutes_circulated": "Minutes sent out",
        "amendment_answered": "Answer to an amendment asked for",
        "feedback_to_adult": "Feedback to the adult",
        "core_group": "Next core group",
        "review_conference": "Next review conference",
        "nothing_recorded": "Nothing recorded of an open case",
        "case_held": "Somebody to hold a case, or to lead what others enquire",
        "referrer_told": "Whoever referred told, after the closing",
        "class_of_retention": "Class of retention set, after the closing",
        "erasure_approval": "Use of an approval to erase",
        "retention_case_record": "Retention of a case record",
        "retention_contact_only": "Retention of a contact",
        "retention_allegation_staff": "Retention of an allegation about staff",
        "retention_minutes": "Retention of minutes",
        "retention_imported": "Retention of an imported entry",
    },
    "time_unit": {
        "hours": "hours",
        "calendar_days": "calendar days",
        "working_days": "working days",
        "weeks": "weeks",
        "months": "months",
    },
}

KEEPING: Final[Mapping[str, Mapping[str, str]]] = {**RECORD, **SENDING, **MINUTING, **POLICY}

KEEPING_LIMITS: Final[Mapping[str, Limit]] = {
    "capacity_recorded": Limit(
        amount=20,
        unit=Code("working_days"),
        counted_from="the day the referral was received",
        cite="C.7: reviews criticise capacity assessed late; our local default, no source has one",
    ),
    "review_decision": Limit(
        amount=3,
        unit=Code("months"),
        counted_from="the day a statutory review was asked for",
        cite="C.7: decisions on reviews are to be timely; our local default, no source has one",
    ),
    "report_before_conference": Limit(
        amount=2,
        unit=Code("working_days"),
        counted_from="back from the day the conference is planned for",
        cite="R215; Welsh procedures: two working days before; a local default here",
    ),
    "nothing_recorded": Limit(
        amount=120,
        unit=Code("calendar_days"),
        counted_from="the day something was last recorded of an open case",
        cite="C.7: reviews criticised 179 and 450 days; a local default, longer than a quarter",
    ),
    "case_held": Limit(
        amount=2,
        unit=Code("weeks"),
        counted_from="the day an enquiry or a conference began, or others were caused to enquire",
        cite="R42, R19; a local default, the sources give no figure",
    ),
    "referrer_told": Limit(
        amount=1,
        unit=Code("months"),
        counted_from="the day the case was closed",
        cite="R171; a local default, the sources give no figure",
    ),
    # It leaves time to whoever keeps the schedule, so that one set in the days after raises
    # nothing.
    "class_of_retention": Limit(
        amount=4,
        unit=Code("weeks"),
        counted_from="the day the case was closed",
        cite="R166, L15; a local default, the sources give no figure",
    ),
    "erasure_approval": Limit(
        amount=30,
        unit=Code("calendar_days"),
        counted_from="the day the approval was recorded",
        cite="L14; a local default, the sources give no figure",
    ),
}
