"""The sentences of what stands inside an event, and what a thing is called once it was told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ROLE: Final = "{role=other:{role_other}|*:{role}}[ of {organisation}]"
_MAY: Final = (
    "{delegated_authority=yes:, with authority to decide|no:, without authority to decide}"
)
_RISK_FROM: Final = (  # `other` than a service provider
    "Risk from {source=service_provider:a service provider|known:somebody else, known to the adult|"
    "unknown:somebody else, not known to the adult|*:a source that is {source}}"
)
# By the class of a member of an event.
ITEMS: Final[Mapping[str, str]] = {
    "Matter": (
        "{What}: {answer}{entered=yes: (told by an entry of its own)}[, {stated}][: {words}]."
    ),
    "DueAnew": (
        "Counted from then, {field} of {of}: {due=*:{due}|:nothing is due by what is known}."
    ),
    "Allegation": (
        "Alleged: {type=other:{type_other}|*:{type}}; {term.source_of_risk} – {source}"
        "{location=not_recorded:|other:; place – {location_other}|*:; place – {location}}."
        "[ {detail}.]{-ref}"
    ),
    "Criterion": "{Criterion}: {answer}.",
    "Part": (
        "Part {number}{reason=whole: (the whole)|not_recorded:|*: ({reason})}"
        "{professionals_only=yes:, for professionals only}[, from {started}][ to {ended}]:"
        "{#attendances}"
    ),
    "Attendance": (
        "{participant=*:{Participant}|:{role=other:{role_other}|*:{Role}}[ of {organisation}]}:"
        f" {{attendance}}{{attendance=attended:{_MAY}|part_attended:{_MAY}|remote:{_MAY}}}."
        "[ What they gave: {participation}.]{-role}{-organisation}"
    ),
    "ReportRecipient": (
        "{participant=*:{participant}|:{role=other:{role_other}|*:the {role}}[ of {organisation}]"
        "[, {person}][, {name}]}"
    ),
    "Terms": (
        "Agreed{agreed_with=adult: with the adult|representative: with a representative|"
        "best_interests:, with {term.best_interests} in mind|not_agreed: without the adult's"
        " agreement|not_recorded:, with whom is not recorded}"
        "{aim=not_recorded:|*:; the aim: {aim}}."
        "[ Why it was not agreed with the adult: {not_agreed_reason}.]{kind=protection:|"
        "not_recorded: Its kind is not recorded.|*: It is: {kind}.}"
        "[ Coordinated by {coordinator}][ ({coordinator_role})]{coordinator=*:.}"
        "[ Watched over by {monitored_by}.]"
        "[ If things go wrong: {contingency}.]"
        "{views_sought=not_recorded: Whether the adult's views were asked for is not recorded.|*:"
        " The adult's views – {views_sought}.}[ The adult's part in it: {adults_part}.]"
        "{review=dated: To be reviewed[ on {review_on}].|delegated: Its review is left to others"
        "[: {delegated_to}][, agreed by {delegation_agreed_by}].|none_needed: No review was found"
        " to be needed.|not_decided: When it is reviewed was not decided.|not_recorded:}"
        "{risk_may_not_fall=yes: The risk may not fall by it.}"
        "{enquiry_incomplete=yes: The {term.enquiry} was not complete.}"
        "[ Others at risk: {others_at_risk}.]{#risks}{#actions}{#sharing}"
    ),
    "RiskAim": ("The risk: {risk}{aim=not_recorded:|*: – {aim}}{to_others=yes:, for others too}."),
    "Action": (
        "To do: {kind=other:{kind_other}|*:{kind}}{target=adult:|*:, {target}}"
        "{owner=*:, by {owner}[ ({owner_worker})]|:[, by {owner_worker}]}[, by {due}]"
        "{horizon=not_recorded:|*: ({horizon})}.[ {description}.]"
        "[ It is for {outcome}.]{-action}"
    ),
    "Sharing": (
        "To be given to {role=other:{role_other}|*:the {role}}[ of {organisation}]: {content}."
    ),
    "Effect": (
        "{Action}: {effect=effective:it is working|partly_effective:it is partly working|"
        "not_effective:it is not working|*:{effect}}.[ {note}.]"
    ),
    "Redaction": (
        "Left out[: part {part}][: {place}][: {sections}][: passage {passages}]"
        " – {ground=other:{ground_other}|*:{ground}}[, as {decided_by} decided]."
    ),
    "Recipient": (
        "To {participant=*:{participant}|:{role=other:{role_other}|*:the {role}}"
        "[ of {organisation}][, {person}]}[, of part {parts}]{method=not_recorded:|*: ({method})}"
        "{unapproved_draft=yes:, a draft not approved|*:[, of {source}]}"
        "{basis=none:|information_sharing:|*: – {basis}}[, by {authority}][; with {reports}]"
        "[ (permitted: {report_permission})].{-copy}"
    ),
    "domain.manifest.Recipient": (
        "Holds it too: {role=other:{role_other}|:somebody|*:{role}}[ of {organisation}]"
        "[, {person}] ({what}).{-number}{-sent_at}{-participant}{-copy}"
    ),
    "Told": (
        "To {participant=*:{participant}|:{role=other:{role_other}|*:the {role}}"
        "[ of {organisation}]}"
        "{method=not_recorded:|*: ({method})}."
    ),
    "Triple": (
        "{type=other:{type_other}|*:{Type}}; {term.source_of_risk} – {source}"
        "{location=not_recorded:|other:; place – {location_other}|*:; place – {location}}."
    ),
    "RiskFound": f"{_RISK_FROM}: {{action}}; {{outcome}}.",
    "RiskNotFound": f"{_RISK_FROM}: {{assessment}}.",
    "ReviewedIndividual": "Of {person=*:{person}|:somebody}: {fate}.",
    "Item": "{Item}: {answer}.[ {note}.]",
    "Grade": "{Question}: {grade}.[ {note}.][ What shows it: {evidence}.]",
    "Remedy": "Asked for[: {text}][, of {owner}][, by {due}].{-action}",
    "Given": ("{Entry}, {form}{ground=other: – {ground_other}|*: – {ground}}.{-document}{-digest}"),
    "Withheld": (
        "Withheld[: {entries}]{ground=not_recorded:|*: – {ground}}[, as {decided_by} decided]."
        "[ The reasons: {rationale}.][ To be looked at again on {review_on}.]"
    ),
    "Details": "",
    "Simulation": "",
    "HeadGiven": "",
    "OwnLimit": "{Name}: {amount} {unit}, by {cite}.",
    "ClosedDay": "Closed on {day}[: {reason}].",
}

# By event: the field that names a thing, and what the thing is called from then on.
THINGS: Final[Mapping[str, tuple[str, str]]] = {
    "conference-convened": ("conference", "the {kind} (number {sequence})"),
    "participant-invited": (
        "participant",
        f"{{name=*:{{name}} ({_ROLE})|:the {_ROLE}}}",
    ),
    "adult-supporter-requested": ("supporter", "the supporter the adult asked for"),
    "enquiry-opened": ("enquiry", "the {kind}"),
    "inquiry-opened": ("enquiry", "the {kind}"),
    "interim-plan-agreed": ("plan", "the interim plan"),
    "plan-agreed": ("plan", "the {term.plan}"),
    "action-agreed": (
        "action",
        "the action[ {description}]{description=:for {kind=other:{kind_other}|*:{kind}}}",
    ),
    "pach-action-decided": (
        "action",
        "the action[ {description}] about the person alleged to have caused harm",
    ),
    "investigation-report-submitted": ("report", "the {term.report}"),
    "agency-report-received": ("report", "the report of {agency}"),
    "report-tabled": (
        "report",
        "the {kind=investigation:{term.report}|agency:report|*:{kind}}[ of {organisation}]",
    ),
    "desired-outcome-expressed": ("outcome", "the wish[ {words}]"),
    "protection-order-applied": ("order", "the {kind}"),
    "proceedings-considered": ("proceedings", "the {kind} proceedings"),
    "minute-amendment-requested": ("amendment", "the amendment asked for"),
    "regulatory-referral-decided": (
        "referral",
        "the referral to {body=other:{body_other}|*:{body}}",
    ),
    "sar-referred": ("review", "the {term.review}"),
    "organisational-change-recommended": ("change", "the change recommended[ ({areas})]"),
    "adult-raised-issue": ("issue", "the issue raised"),
    "subject-access-request-received": ("request", "the request for data"),
    "rectification-requested": ("request", "the request to put the record right"),
    "pach-identified": ("person", "the person alleged to have caused harm"),
}

# What is said of a thing that was never told of here, by the kind of its reference.
UNNAMED: Final[Mapping[str, str]] = {
    "AllegationRef": "an allegation",
    "EnquiryRef": "the {term.enquiry}",
    "ConferenceRef": "a conference",
    "PlanRef": "the {term.plan}",
    "ActionRef": "an action",
    "ReportRef": "a report",
    "OutcomeRef": "a wish of the adult",
    "OrderRef": "an order",
    "ProceedingsRef": "proceedings",
    "AmendmentRef": "an amendment",
    "RegulatoryReferralRef": "a referral",
    "BarringDutyRef": "a duty to refer",
    "ReviewRef": "the {term.review}",
    "ChangeRef": "a change",
    "IssueRef": "an issue",
    "RequestRef": "a request",
    "LargeScaleRef": "a large-scale {term.enquiry}",
    "ParticipantRef": "somebody invited",
    "DocumentRef": "a document",
    "CaseRef": "another case",
}
