"""The columns of a case list, in their order, and the headings they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.chronologies.columns import Column, Columns

# What a council's case system can list of its safeguarding cases, one row a case. Only the first is
# needed: a column that is missing was not asked for, an empty cell was and nothing stands there.
COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        name="reference",
        title="Case reference",
        also=("reference", "case id", "case number", "case no", "episode id", "concern id"),
    ),
    Column(name="system", title="Source system", also=("system",)),
    Column(
        name="person",
        title="Person reference",
        also=("person id", "client id", "adult id", "service user id", "person number"),
    ),
    Column(name="nhs", title="NHS number", also=("nhs no", "nhs")),
    Column(name="chi", title="CHI number", also=("chi no", "chi")),
    Column(name="name", title="Name", also=("full name", "adult", "person name", "client name")),
    Column(name="born", title="Date of birth", also=("dob", "born", "birth date")),
    Column(name="stage", title="Stage", also=("status", "case stage", "case status")),
    Column(
        name="received",
        title="Received",
        also=("date received", "referral date", "concern received", "referral received"),
    ),
    Column(name="allegations", title="Allegations", also=("allegation", "type source location")),
    Column(name="duty_decided", title="Duty decided", also=("decision date", "date decided")),
    Column(name="duty_result", title="Duty result", also=("decision", "duty decision")),
    Column(
        name="enquiry_opened",
        title="Enquiry opened",
        also=("inquiry opened", "enquiry start", "inquiry start", "enquiry started"),
    ),
    Column(name="enquiry_kind", title="Enquiry kind", also=("enquiry type", "inquiry type")),
    Column(
        name="enquiry_concluded",
        title="Enquiry concluded",
        also=("inquiry concluded", "enquiry end", "inquiry end", "enquiry ended"),
    ),
    Column(name="officer", title="Officer", also=("enquiry officer", "council officer")),
    Column(name="officer_id", title="Officer ID", also=("officer account",)),
    Column(name="appointed", title="Officer appointed", also=("officer allocated", "lead since")),
    Column(name="worker", title="Worker", also=("allocated worker", "key worker", "allocated to")),
    Column(name="worker_id", title="Worker ID", also=("worker account",)),
    Column(name="team", title="Team", also=("allocated team",)),
    Column(name="allocated", title="Allocated", also=("date allocated", "allocated on")),
    Column(name="conference", title="Last conference", also=("conference date", "conference held")),
    Column(name="conference_kind", title="Conference kind", also=("conference type",)),
    Column(name="core_group", title="Last core group", also=("core group", "core group held")),
    Column(name="plan", title="Plan agreed", also=("protection plan", "plan date")),
    Column(name="plan_kind", title="Plan kind", also=("plan type",)),
    Column(name="review", title="Review due", also=("next review", "plan review due")),
    Column(name="closed", title="Closed", also=("date closed", "closure date", "end date")),
    Column(name="closed_because", title="Closed because", also=("closure reason", "end reason")),
    Column(name="author", title="Author", also=("recorded by", "entered by")),
    Column(name="recorded", title="Recorded", also=("date recorded", "recorded on", "entered on")),
    Column(name="notes", title="Notes", also=("note", "comments", "summary")),
)
CASE_LIST: Final = Columns(columns=COLUMNS, needed=("reference",))
TITLE: Final[Mapping[str, str]] = {one.name: one.title for one in COLUMNS}
# Nobody's: what a filled row looks like. The NHS number is of the range kept for tests.
EXAMPLE: Final[Mapping[str, str]] = {
    "reference": "S-1001",
    "system": "case-system",
    "person": "P-77",
    "nhs": "999 000 0018",
    "name": "Example Person",
    "born": "1941-05-06",
    "stage": "Plan",
    "received": "2026-03-02",
    "allegations": "Neglect and acts of omission | Service provider: private | Own home",
    "duty_decided": "2026-03-03",
    "duty_result": "Section 42 enquiry",
    "enquiry_opened": "2026-03-04",
    "officer": "Example Officer",
    "officer_id": "w-9",
    "appointed": "2026-03-04",
    "worker": "Example Worker",
    "worker_id": "w-12",
    "team": "north-team",
    "allocated": "2026-03-02",
    "conference": "2026-04",
    "conference_kind": "Initial conference",
    "plan": "2026-04-20",
    "review": "2027-01-20",
    "author": "Example Author",
    "recorded": "2026-03-02",
}
