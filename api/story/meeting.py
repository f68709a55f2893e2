"""The sentences of a conference: called, prepared with the adult, held, heard, decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Every event that calls a meeting or prepares it.
CALLED: Final[Mapping[str, str]] = {
    "conference-convened": (
        "The {kind} (number {sequence} of this case) was called for {planned_for}"
        "{reason=not_recorded:|review:{kind=core_group: (to look at how the plan works)|review:|*:"
        " (review)}|*: ({reason})}[, with {agencies}]."
        "[ It is about {enquiry}.]"
        "{large_scale=yes: It belongs to a large-scale {term.enquiry}.}"
        "{complex_case=yes: It is of a complex case.}[ The reasons: {rationale}.]"
        "{-conference}{-convened_role}"
    ),
    "conference-not-required": (
        "It was decided that no conference is needed ({reason=other:{reason_other}|*:{reason}})."
        "[ What that rests on: {evidence_basis}.][ The reasons: {rationale}.]"
        "[ What shows it: {evidence}.][ What else was considered: {options}.]"
    ),
    "conference-rescheduled": (
        "It was moved to {planned_for}{reason=not_recorded:|other: ({reason_other})|*: ({reason})}."
        "{-conference}"
    ),
    "conference-cancelled": (
        "It was cancelled{reason=not_recorded:|other: ({reason_other})|*: ({reason})}.{-conference}"
    ),
    "delay-reason-recorded": (
        "Why it comes later than it should was recorded: {reason}.{-conference}"
    ),
    "chair-appointed": (
        "{chair} of {organisation} was named as chair"
        "{role=not_recorded:|other: ({role_other})|*: ({role})}{basis=usual:|*: – {basis}}."
        "{agency=not_recorded:|*: The chair's agency: {agency}.}"
        "{line_management_link=yes: They and whoever made the"
        " {term.enquiry} stand in one line of management.|no: They stand outside the line of"
        " management of whoever made the {term.enquiry}.}[ The reasons: {rationale}.]{-conference}"
    ),
    "minute-taker-appointed": (
        "{minute_taker}[ of {organisation}] was named to take the minutes.{-conference}"
    ),
    "participant-invited": (
        "{name=*:{name} was invited as {role=other:{role_other}|*:{role}}[ of {organisation}]"
        "|:{role=other:{role_other}|*:{role}}[ of {organisation}] was invited}[, in the person of"
        " {worker}][, in the person of {person}][, to part {parts}]."
        "[ The reason: {reason}.]{-conference}{-participant}"
    ),
    "apologies-received": ("{participant} sent apologies.[ The reason: {reason}.]{-conference}"),
    "written-contribution-received": (
        "{participant=*:{participant}|:Somebody}"
        "{participant=*:|:[ of {organisation}]} contributed in writing.[ {summary}.]"
        "{-conference}{-organisation}"
    ),
    "family-attendance-decided": (
        "Whether {participant}[ ({relationship})] comes was decided: {decision}"
        "{basis=not_recorded:|*: – {basis}}.[ The adult's wish was recorded on {wish_recorded_on}.]"
        "{appropriateness=yes: That they come was found appropriate.|no: That they come was found"
        " not to be appropriate.}[ It rests on {best_interests_decision}.]"
        "{attorney_kind=not_recorded:|*: The power: {attorney_kind}.}"
        "{registered=yes: It is registered.|no: It is not registered.|not_known: Whether it is"
        " registered is not known.}"
        "[ The order: {order_reference}.]{authority_scope=not_recorded:|*: It extends to:"
        " {authority_scope}.}"
        "{authority_verified=yes: Their authority was checked[ by {verified_by}].|no: Their"
        " authority was not checked.|not_known: Whether their authority was checked is not known."
        "[ Who looked at it: {verified_by}.]|*:[ Who looked at their authority: {verified_by}.]}"
        "{alleged_to_have_caused_harm=yes: They are alleged to have caused harm.|not_known: Whether"
        " they are alleged to have caused harm is not known.}"
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "adult-invited": (
        "The adult was invited ({method})[, to part {parts}][, with {supports}]"
        "[ ({supports_other})].{-conference}"
    ),
    "adult-not-invited": (
        "The adult was not invited{reason=not_recorded:|other:: {reason_other}|*:: {reason}}."
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "adult-informed-of-conference": (
        "The adult was told of it ({method}): {purpose_explained=yes:what it is for was"
        " explained|no:what it is for is not recorded as explained}, and"
        " {attendees_named=yes:they were told who would come|no:that they were told who would come"
        " is not recorded}."
        "{-conference}"
    ),
    "adult-support-arranged": (
        "What the adult needs to take part was looked at[: {needs}][ ({needs_other})]."
        "[ Arranged: {arranged}[ ({arranged_other})].][ Given by {provider}.]{-conference}"
    ),
    "adult-attendance-view-recorded": (
        "{wishes_to_attend=yes:The adult wishes to come|no:The adult does not wish to come|"
        "not_known:Whether the adult wishes to come is not known|"
        "not_recorded:Whether the adult wishes to come is not recorded}"
        "{wishes_supporter=yes:, with a supporter|no:, without a supporter|not_known:; whether with"
        " a supporter is not known}.[ {view}.]{-conference}"
    ),
    "adult-representative-nominated": (
        "The adult named somebody to represent them[: {person}][: {name}]"
        "{scope=not_recorded:|*: ({scope})}."
        "{alleged_to_have_caused_harm=yes: They are alleged to have caused harm.|not_known: Whether"
        " they are alleged to have caused harm is not known.}"
        "[ Why somebody else was taken: {override_reason}.]{-conference}"
    ),
    "nomination-withdrawn": (
        "The naming of a representative was taken back"
        "{withdrawn_by=not_recorded:|*: by {withdrawn_by}}.[ The reason: {reason}.]{-conference}"
    ),
    "adult-declined-attendance": (
        "The adult declined to come ({method}).[ What they said: {reason}.]{-conference}"
    ),
    "adult-views-obtained": (
        "The adult was heard beforehand ({method})[: {views}]{own_words=yes: (in their own"
        " words)}.{-conference}"
    ),
    "access-arrangements-made": (
        "Arrangements for access were made[; the place: {venue}][; what is needed: {access_needs}]"
        "[ ({access_needs_other})][; arranged: {adjustments}][ ({adjustments_other})]"
        "{interpreter=yes:; with an interpreter|no:; without an interpreter}"
        "[; language: {language}][; aids: {communication_aids}].{-conference}"
    ),
    "adult-attendance-safety-assessed": (
        "Whether it is safe for the adult to come[ to part {part}] was assessed by {assessed_by}:"
        " {safe_to_attend}{wishes_to_attend=yes:; the adult wishes to|no:; the adult does not wish"
        " to|not_known:; whether the adult wishes to is not known}."
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "adult-supporter-requested": (
        "The adult asked for somebody to come with them[: {person}][: {name}]"
        "[ ({relationship})].[ Why they were not invited: {reason_not_invited}.]"
        "{-conference}{-supporter}"
    ),
    "conference-part-planned": (
        "Part {part} was planned{reason=not_recorded: (why is not recorded)|*: ({reason})}"
        "{professionals_only=yes:, for professionals only}[, from {planned_start}]"
        "[ to {planned_end}].[ The reasons: {rationale}.][ The police's reference: {police}.]"
        "[ It is about {third_party}.][ It is about {pach}.]{-conference}"
    ),
    "alternative-arrangement-agreed": (
        "Another arrangement was agreed: {arrangement}.{-conference}{-adults_affected}"
    ),
    "participant-uninvited": (
        "{participant} was no longer to come"
        "{reason=not_recorded:|other:: {reason_other}|*: ({reason})}.[ The reasons: {rationale}.]"
        "{-conference}"
    ),
    "participant-excluded": (
        "{participant} was excluded[ from part {parts}], by {excluded_by}"
        " ({reason=other:{reason_other}|*:{reason}}).[ The reasons: {rationale}.]{-conference}"
    ),
    "report-confidentiality-set": (
        "How {report=*:{report}|:the reports} may be used was settled by {set_by}:"
        " {arrangement=other:{arrangement_other}|*:{arrangement}}"
        "{return_or_destroy=not_recorded:|*:; {return_or_destroy}}.{-conference}"
    ),
    "report-share-permitted": (
        "{permitted_by} permitted that {report=*:{report}|:the reports} may go to {recipient}."
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "report-shared": (
        "{report} was passed to {recipient}{outside=yes:, outside this system}"
        "[ (permitted: {permission})].{-conference}"
    ),
}

CAME: Final[Mapping[str, str]] = {
    "conference-held": (
        "The conference was held.[ How the {term.enquiry} goes on: {progress_summary}.]"
        "[ Its minutes are due by {minutes_due}.]"
        "[ Its decisions are to be sent by {decisions_due}.][ A core group is due by"
        " {next_core_group}.][ The next review is due by {next_review}.]{#parts}{-conference}"
    ),
    "core-group-held": (
        "The core group met{effect=not_recorded:|*:: {effect}}.[ {summary}.]"
        "[ Its minutes are due by {minutes_due}.][ Its decisions are to be sent by"
        " {decisions_due}.][ The next core group is due by {next_core_group}.]{#parts}{-conference}"
    ),
    "conference-part-held": "A part of it was held.{#part}{-conference}",
    "attendance-recorded": "Who came to part {part} was added to: {line}.{-conference}",
    "adult-non-attendance-recorded": (
        "Why the adult was not there: {reason=other:{reason_other}|*:{reason}}"
        "{told_by=not_recorded:|*:, as told by {told_by}}.[ {detail}.]{-conference}"
    ),
}

HEARD: Final[Mapping[str, str]] = {
    "previous-minutes-considered": (
        "The minutes of the meeting before were looked at: {accuracy}.[ {note}.]"
        "{-conference}{-previous}"
    ),
    "report-tabled": (
        "{report} was laid on the table.{-organisation}{-kind}{-conference}{-tabled_version}"
    ),
    "chronology-tabled": (
        "A chronology was laid on the table{multi_agency=yes:, of several agencies|no:, of one"
        " agency}[, from {covers_from}][ to {covers_to}].{-conference}"
    ),
    "adult-views-presented": (
        "{presenter_role=adult:The adult spoke for themself[, with {presenter}]"
        "[, with {presenter_name}]|*:{presenter=*:{Presenter}[, {presenter_name},]|"
        ":{presenter_role=other:{presenter_role_other}|*:The {presenter_role}}"
        "[, {presenter_name},]} put the adult's views{presenter=*:, as"
        " {presenter_role=other:{presenter_role_other}|*:{presenter_role}}|:}}[: {views}]"
        "{own_words=yes:{presenter_role=adult:|*: (in the adult's own words)}}."
        "{chose_not_to_share=yes: The adult chose not to share some of them.}"
        "[ What was answered: {response}.]{-conference}"
    ),
    "advocate-contributed": (
        "The advocate[ of {organisation}] spoke for {speaks_for}[: {views}]"
        "{own_words=yes: (in the adult's own words)}.[ What was answered: {response}.]{-conference}"
    ),
    "advocate-challenge-recorded": (
        "The advocate[ of {organisation}] challenged what was decided[: {challenge}]."
        "[ What was answered: {response}.]{-conference}"
    ),
    "report-considered": (
        "The {kind=investigation:{term.report}|agency:report|*:{kind}}[ of {organisation}] was"
        " considered.{stated_wishes=yes: It said what the adult wishes.|no:{kind=investigation: It"
        " did not say what the adult wishes.}}{proposed_outcomes=yes: It proposed outcomes.|no:"
        "{kind=investigation: It proposed no outcomes.}}{-conference}{-report}"
    ),
    "agenda-item-considered": (
        "On the agenda – {item}: {outcome}.[ {discussion}.][ The reason: {reason}.]"
        "[ The reports looked at: {reports}.]{-conference}"
    ),
    "legal-advice-considered": (
        "Whether legal advice is wanted was considered: {decision}.[ The reasons: {rationale}.]"
        "{-conference}"
    ),
    "legal-advice-obtained": (
        "Legal advice was given[ to {organisation}]{privileged=yes: (it is privileged)|"
        "not_known: (whether it is privileged is not known)|"
        "not_recorded: (whether it is privileged is not recorded)}."
        "[ {advice}.]{-conference}"
    ),
    "regulatory-action-considered": (
        "Whether a regulator acts was considered – {body=other:{body_other}|*:{body}}: {decision}."
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "proceedings-considered": (
        "{kind} proceedings were considered: {status}[, by {brought_by}]"
        "[; the standard of proof: {standard}].[ The reasons: {rationale}.]"
        "{-conference}{-proceedings}"
    ),
    "no-further-action-considered": ("{considered}.[ The reasons: {rationale}.]{-conference}"),
}

# Asked of somebody who left first: of one who may not do that work there any more it says nothing.
_HAD_THEY_STAYED: Final = (
    "{would_have_been=yes: Had they not left, they would have been taken off it."
    "|no: Had they not left, they would not have been taken off it."
    "|not_known: Whether they would have been taken off it, had they not left, is not known.}"
)
FOUND: Final[Mapping[str, str]] = {
    "abuse-finding": (
        "On {allegation}: {finding}, on the {standard}[, found by {decided_by}]."
        "[ The reasons: {rationale}.][ Who differed: {dissent}.][ It takes the place of an"
        " earlier finding, {supersedes}.]{-conference}"
    ),
    "adult-at-risk-status-determined": (
        "The adult was found {status=at_risk:to be at risk of harm|not_at_risk:not to be at risk of"
        " harm|not_determined:neither to be at risk of harm nor not to be}"
        "[; met: {criteria_met}].[ The reasons: {rationale}.]{-conference}"
    ),
    "protection-order-considered": (
        "Whether to apply for an order was considered – {order}: {decision}."
        "{adult_consents=yes: The adult consents.|no: The adult does not consent.|not_known:"
        " Whether the adult consents is not known.}"
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "residual-concern-action-decided": (
        "Whatever was found, about {allegation} this is done: {action=*:{action}|:nothing}."
        "[ What remains of concern: {concern}.]{-conference}"
    ),
    "further-conference-decided": (
        "{decision=not_decided:Whether there is a further conference was not decided|*:{Decision}}"
        "[, by {by_date}].[ The reasons: {rationale}.]{-conference}"
    ),
    "information-requested": (
        "More information was asked for[ of {organisation}][: {what}][, by {due}].{-conference}"
    ),
    "regulatory-referral-decided": (
        "It was decided {decision=make:to refer|not_make:not to refer} to"
        " {body=other:{body_other}|*:{body}}"
        "{owner=*:, by {owner}[ ({owner_worker})]|:[, by {owner_worker}]}[, by {due}]."
        "[ The reasons: {rationale}.]{-conference}{-referral}"
    ),
    "information-sharing-decided": (
        "It was decided {decision=share:to share|share_part:to share a part of|not_share:not to"
        " share} {item=other:{item_other}|*:{item}}[ with {organisation}]"
        "{role=other: ({role_other})|*: ({role})}{basis=not_recorded:|*: – {basis}}."
        "[ Why it is needed: {necessity}.]{-conference}"
    ),
    "carer-disclosure-decided": (
        "What a carer[, {carer},] may be told was decided[ by {decided_by}]"
        "{decided_role=other: ({decided_role_other})|*: ({decided_role})}; about the"
        " {term.person_causing_harm}: {pach_information}{basis=none:|*: – {basis}}."
        "[ The reasons: {rationale}.]{-conference}"
    ),
    "serious-incident-process-started": (
        "A serious incident process was begun[, led by {lead_organisation}][, referred by"
        " {referred_by}][: {grounds}][ ({grounds_other})].[ The reasons: {rationale}.]{-conference}"
    ),
    "organisational-change-recommended": (
        "A change was recommended[ to {organisation}][: {areas}][ ({areas_other})]"
        "{owner=*:; it falls to {owner}[ ({owner_worker})]|:[; it falls to {owner_worker}]}"
        "[, by {due}].[ {description}.]"
        "{source=not_recorded:|other: From: {source_other}.|*: From: {source}.}"
        "[ The complaint: {complaint_reference}.]{-conference}{-change}"
    ),
    "dbs-referral-duty-identified": (
        "{provider} was found to have a duty to refer{person=*: {person}|: somebody} for barring"
        "[: {grounds}][, by {due}].{permission_withdrawn=yes: They may not do that work there any"
        f" more.|no: They may still do that work there.{_HAD_THEY_STAYED}|not_known: Whether they"
        f" may still do it is not known.{_HAD_THEY_STAYED}|:{_HAD_THEY_STAYED}}}"
        "[ Why they left: {leaving_reason}.][ The reasons: {rationale}.]{-conference}{-duty}"
    ),
    "regulator-notified": (
        "{body=other:{body_other}|*:{body}} was told[ of {provider}][, by {notified_by}]."
        "[ {summary}.]{-conference}"
    ),
    "concerns-shared-with-authority": (
        "Another authority, {authority}, was told[ of {provider}][, by {shared_by}]"
        "{facts_only=yes:, of facts only|no:, of more than facts}[ ({content})]."
        "[ Why it was needed: {necessity}.][ {summary}.]{-conference}"
    ),
    "information-shared": (
        "{item=other:{item_other}|*:{Item}} was shared[ with {organisation}]"
        "{role=other: ({role_other})|*: ({role})}[, by {shared_by}]"
        "{basis=not_recorded:|*: – {basis}}.[ {summary}.]{-conference}"
    ),
}

# Where each stands on what was decided.
STOOD: Final[Mapping[str, str]] = {
    "agency-position-recorded": (
        "{organisation} {position=agrees:agreed with what was decided|disagrees:disagreed with what"
        " was decided|not_stated:did not say where it stands}.[ The reasons: {reasons}.]"
        "{-conference}"
    ),
    "agency-agreement-recorded": (
        "{organisation} {agrees=yes:agreed|no:did not agree|not_stated:did not say whether it"
        " agrees}"
        "[ on {matters}].[ Where it differs: {dissent}.]{-conference}"
    ),
    "dissent-recorded": (
        "{role=other:{role_other}|*:The {role}}[ of {organisation}] differed."
        "[ The reasons: {reasons}.]"
        "{-conference}"
    ),
}

SENTENCES: Final[Mapping[str, str]] = {**CALLED, **CAME, **HEARD, **FOUND, **STOOD}
