"""What an entry of a chronology says besides its words: who did it, and since when it was known."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.when import LONDON, read
from domain.words import Slug
from projections.chronology import CHRONOLOGY, Entry, chronology
from tests.controls import (
    CASE,
    CHAIR,
    HEALTH,
    PRACTITIONER,
    a_conference,
    a_held_conference,
    a_referral,
    words,
)
from tests.projections.conftest import Views, corrected, told
from tests.projections.test_chronology import an_entry


def test_a_passage_in_a_list_is_a_passage(views: Views) -> None:
    """What stands in a line of a list is sealed like any other; the fields say where it belongs."""
    views.tell(told("2026-11-02", a_referral()), a_conference(), a_held_conference())
    views.follow(CHRONOLOGY)
    entry = views.ask(chronology, CASE)[-1]
    lines = entry.fields["parts"][0]["attendances"]
    assert [one["participation"] for one in lines] == [{"passage": n} for n in range(4)]
    said = words("Spoke and was heard.")
    assert views.record.unseal(entry.passages) == [said] * 4


def test_who_did_it_and_who_recorded_it(views: Views) -> None:
    """An entry names both, whoever did it, and under which role and for what it was recorded."""
    views.tell(told("2026-11-02", a_referral(), performed_by=CHAIR), told("2026-11-03", an_entry()))
    views.follow(CHRONOLOGY)
    entries: tuple[Entry, ...] = views.ask(chronology, CASE)
    assert [(one.recorded_by, one.performed_by) for one in entries] == [
        (PRACTITIONER, CHAIR),
        (PRACTITIONER, PRACTITIONER),
    ]
    assert {(one.role, one.organisation, one.purpose) for one in entries} == {
        ("practitioner", "council", "safeguarding")
    }


def test_since_when_an_agency_knew(views: Views) -> None:
    """An agency knew since its own record says so, else since it was recorded here."""
    views.tell(
        told("2026-11-02", a_referral()),
        told(
            "2026-11-03",
            an_entry(),
            occurred="2026-09-14",
            source=HEALTH,
            source_recorded=read("2026-09-15T10:00:00Z"),
        ),
        told("2026-11-04", an_entry(), source=Slug("old"), source_recorded=read("unknown")),
    )
    views.follow(CHRONOLOGY)
    entries: tuple[Entry, ...] = views.ask(chronology, CASE)
    first, own, undated = sorted(entries, key=lambda one: one.recorded_at != entries[0].recorded_at)
    assert first.agency_knew == datetime(2026, 9, 15, 10, tzinfo=UTC)
    assert first.source_recorded == "2026-09-15T10:00:00Z"
    assert (own.agency_knew, own.source_recorded) == (own.recorded_at, None)
    assert (undated.agency_knew, undated.source_recorded) == (undated.recorded_at, "unknown")
    assert undated.recorded_at.date() == date(2026, 11, 4)


def test_whom_an_entry_names(views: Views) -> None:
    """The persons of an entry are the one it is about and those it lists."""
    views.tell(told("2026-11-02", a_referral()), told("2026-11-03", an_entry()))
    views.follow(CHRONOLOGY)
    entries: tuple[Entry, ...] = views.ask(chronology, CASE)
    referral, entry = entries
    assert referral.persons == [referral.fields["adult"]]
    assert entry.persons == entry.fields["persons"]
    assert len(entry.persons) == 1


def test_an_entry_moved_by_a_correction_stands_at_its_new_bounds(views: Views) -> None:
    """The first and the last moment it can have been are those of the corrected time."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_entry()),
        told("2026-11-04", corrected(2, occurred="2026-09")),
    )
    views.follow(CHRONOLOGY)
    entries: tuple[Entry, ...] = views.ask(chronology, CASE)
    first, last = entries[0].earliest, entries[0].latest
    assert entries[0].version == 2
    assert first is not None
    assert last is not None
    assert first.astimezone(LONDON).date() == date(2026, 9, 1)
    assert last.astimezone(LONDON).date() == date(2026, 9, 30)
