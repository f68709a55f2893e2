"""What reviews, inspectors and the ombudsman criticise in records, and what answers it here.

The rows are those of procedure C.7, in its order; a row that criticises several things has one line
for each. Of `findings` one is enough, since a criticism may be made at several steps of a case.
What only one nation's law asks for stands under that nation alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

BOTH: Final = ("england", "scotland")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticism:
    """One thing that is criticised: the findings that say it, the views and events that answer it.

    `findings` are by nation, or under `both`; `views` are addresses of the API, `events` are stored
    names.
    """

    row: str
    criticism: str
    findings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    views: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def codes(self, nation: str) -> frozenset[str]:
        """The findings of which one says it in a nation; none where the nation asks for none."""
        return self.findings.get("both", frozenset()) | self.findings.get(nation, frozenset())


def _both(*codes: str) -> Mapping[str, frozenset[str]]:
    return {"both": frozenset(codes)}


_FINDINGS: Final = "/v1/cases/{case}/findings"
_TIMELINE: Final = "/v1/cases/{case}/timeline"
_ALL: Final = "/v1/findings"

CRITICISMS: Final = (
    Criticism(
        row="Decisions without reasoning",
        criticism="a decision stated without its reasons",
        findings=_both(
            *("duty_without_rationale", "not_required_unexplained", "conclusion_unexplained"),
            *("plan_end_unexplained", "pach_feedback_unexplained"),
        ),
        views=(_FINDINGS,),
    ),
    Criticism(
        row="Decisions without reasoning",
        criticism="no reasons for what was not done",
        findings=_both("no_action_unexplained", "advocacy_unexplained"),
        views=(_FINDINGS,),
        events=("conference-not-required", "plan-not-required", "no-further-action-considered"),
    ),
    Criticism(
        row="Minutes late, lost, or written by others",
        criticism="minutes weeks late",
        findings=_both("minutes_late", "minutes_overdue"),
        views=(_ALL, "/v1/cases/{case}/conferences/{conference}/minutes"),
    ),
    Criticism(
        row="Minutes late, lost, or written by others",
        criticism="notes lost with whoever took them",
        findings=_both("raw_notes_not_kept"),
        events=("raw-notes-kept",),
    ),
    Criticism(
        row="Minutes late, lost, or written by others",
        criticism="another party's comments inserted",
        findings=_both("passage_unattested"),
        events=("minute-passage-written", "minute-passage-attested"),
    ),
    Criticism(
        row="Minutes disputed",
        criticism="amendments refused without a reason",
        findings=_both("amendment_refused_unexplained"),
        events=("minute-amendment-requested", "minute-amendment-refused"),
    ),
    Criticism(
        row="Reports and updates late",
        criticism="updates poor to those who asked",
        findings=_both("referrer_not_told", "feedback_overdue"),
        views=(_FINDINGS,),
        events=("feedback-given",),
    ),
    Criticism(
        row="Reports and updates late",
        criticism="what the adult or the family raised unanswered",
        findings=_both("issue_unanswered"),
        events=("adult-raised-issue", "issue-responded"),
    ),
    Criticism(
        row="No reviews",
        criticism="no review at all, for years",
        findings=_both("plan_review_overdue"),
        views=("/v1/reviews/overdue",),
        events=("referral-linked",),
    ),
    Criticism(
        row="Silences, and records altered",
        criticism="months with nothing recorded",
        findings=_both("nothing_recorded"),
        views=(_TIMELINE,),
    ),
    Criticism(
        row="Silences, and records altered",
        criticism="records altered",
        findings=_both("correction_unexplained"),
        views=(_TIMELINE,),
        events=("record-corrected",),
    ),
    Criticism(
        row="Calls dealt with singly",
        criticism="calls neither linked nor looked at together",
        findings={
            "england": frozenset({"repeats_dealt_with_singly"}),
            "scotland": frozenset({"threshold_without_conference"}),
        },
        events=("referral-linked", "repeat-referral-threshold-reached"),
    ),
    Criticism(
        row="Calls dealt with singly",
        criticism="no view of all the calls about one person",
        views=("/v1/persons/{person}/concerns",),
        events=("referral-received", "referral-linked", "chronology-entry-recorded"),
    ),
    Criticism(
        row="Closed on a refusal",
        criticism="closed after a refusal that nobody explored",
        findings=_both(
            *("closed_on_request_without_risk", "closed_on_request_without_capacity"),
            *("ceased_without_risk", "ceased_unexplained"),
        ),
        events=("enquiry-ceased-at-adults-request",),
    ),
    Criticism(
        row="Allegations on file",
        criticism="allegations without an outcome",
        findings={
            "england": frozenset({"allegation_not_found_on"}),
            "scotland": frozenset({"allegation_without_outcome"}),
        },
        views=(_ALL,),
        events=("allegation-added", "abuse-finding"),
    ),
    Criticism(
        row="Capacity",
        criticism="no recorded discussion of capacity",
        findings=_both("ceased_without_capacity", "nobody_decides"),
        events=("capacity-decision-recorded",),
    ),
    Criticism(
        row="Capacity",
        criticism="capacity assessed late",
        findings=_both("capacity_late"),
        views=(_FINDINGS,),
        events=("capacity-decision-recorded",),
    ),
    Criticism(
        row="Chronologies",
        criticism="a weak chronology",
        findings={"scotland": frozenset({"no_chronology"})},
        views=(_TIMELINE,),
        events=("chronology-entry-recorded",),
    ),
    Criticism(
        row="Decisions about reviews",
        criticism="a review decided late",
        findings=_both("review_decision_late"),
        events=("review-referral-decided",),
    ),
    Criticism(
        row="Decisions about reviews",
        criticism="a review decided without reasons",
        findings=_both("review_decided_without_reasons"),
        events=("review-referral-decided",),
    ),
    Criticism(
        row="The least that an audit asks for",
        criticism="concerns, decisions, risk, plans, advocacy, outcomes, feedback and dissent",
        views=(_TIMELINE,),
        events=(
            *("referral-received", "immediate-safety-action-taken", "risk-assessed"),
            *("agency-report-requested", "advocacy-considered", "plan-agreed"),
            *("adult-outcome-recorded", "adult-satisfaction-recorded", "dissent-recorded"),
            "regulatory-referral-made",
        ),
    ),
)


def answered(nation: str) -> dict[str, frozenset[str]]:
    """The findings of which one says each criticism in a nation, where a finding does."""
    return {one.criticism: one.codes(nation) for one in CRITICISMS if one.codes(nation)}


def table() -> list[str]:
    """The lines of the table in RULEBOOK.md."""
    lines = [
        "| what reviews criticise | found as | seen in | recorded by |",
        "|---|---|---|---|",
    ]
    for one in CRITICISMS:
        found = [
            f"`{code}`{'' if nation == 'both' else f' ({nation.capitalize()})'}"
            for nation, codes in one.findings.items()
            for code in sorted(codes)
        ]
        cells = (
            f"{one.row}: {one.criticism}",
            ", ".join(found),
            ", ".join(f"`{view}`" for view in one.views),
            ", ".join(f"`{event}`" for event in one.events),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines
