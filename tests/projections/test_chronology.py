from __future__ import annotations

from datetime import date

from domain.correction import ChronologyEntryRecorded
from domain.when import on_day, read
from domain.words import Code, Forgotten, KnownTo, Passage, Personal, Slug
from projections.chronology import CHRONOLOGY, Entry, chronology
from projections.rebuild import verify
from tests.controls import (
    CASE,
    HEALTH,
    OTHER_CASE,
    POLICE,
    SISTER,
    a_conference,
    a_referral,
    a_risk,
    an_enquiry,
    words,
)
from tests.projections.conftest import Views, corrected, shows, told


def an_entry(
    number: int | None = None, text: str = "Seen at the surgery."
) -> ChronologyEntryRecorded:
    """Give a line of the health board's chronology."""
    return ChronologyEntryRecorded(
        agency=HEALTH,
        text=words(text),
        persons=(SISTER,),
        number=number,
        assertion=Code("observation"),
    )


def test_the_order_in_which_things_happened(views: Views) -> None:
    """Entries stand by earliest, then latest time, then their own number; the undated last."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_entry(2), occurred="2026-10"),
        told("2026-11-03", an_entry(1), occurred="2026-10"),
        told("2026-11-03", an_entry(), occurred="unknown"),
        told("2026-11-03", an_entry(), occurred="2026-10-01?"),
        told("2026-11-03", an_entry(), occurred="/2011"),
        told("2026-11-04", a_referral(), stream=OTHER_CASE),
    )
    views.follow(CHRONOLOGY)

    shows(
        views.ask(chronology, CASE),
        """
        occurred    | event                     | number | agency       | position
        /2011       | chronology-entry-recorded | -      | health-board | 6
        2026-10-01? | chronology-entry-recorded | -      | health-board | 5
        2026-10     | chronology-entry-recorded | 1      | health-board | 3
        2026-10     | chronology-entry-recorded | 2      | health-board | 2
        2026-11-02  | referral-received         | -      | council      | 1
        unknown     | chronology-entry-recorded | -      | health-board | 4
        """,
    )


def test_as_true_then_and_as_known_to_an_agency(views: Views) -> None:
    """A chronology can be cut at what was so by a day, and at what an agency knew by a day."""
    views.tell(
        told("2026-11-02", a_referral()),
        told(
            "2026-11-03",
            an_enquiry(),
            known_to=(KnownTo(agency=POLICE, since=on_day(date(2026, 11, 9))),),
        ),
        told(
            "2026-11-20",
            an_entry(),
            occurred="2026-09-14",
            source=HEALTH,
            source_recorded=read("2026-09-15"),
        ),
        told("2026-11-23", a_conference()),
    )
    views.follow(CHRONOLOGY)

    def events(**asked: object) -> list[str]:
        return [one.event for one in views.ask(chronology, CASE, **asked)]

    imported, *ours = ["chronology-entry-recorded", "referral-received", "enquiry-opened"]
    assert events(as_of=date(2026, 10, 1)) == [imported]
    assert events(as_of=date(2026, 11, 3)) == [imported, *ours]
    assert events(known_to=(POLICE, date(2026, 11, 8))) == []
    assert events(known_to=(POLICE, date(2026, 11, 9))) == ["enquiry-opened"]
    assert events(known_to=(HEALTH, date(2026, 9, 15))) == [imported]
    assert events(known_to=(HEALTH, date(2026, 9, 14))) == []
    assert events(known_to=("council", date(2026, 11, 10))) == ours
    assert events(known_to=("council", date(2026, 11, 20))) == [imported, *ours]


def test_a_correction_ends_the_row_it_corrects(views: Views) -> None:
    """A corrected entry says so, stands at its new time, and was as it was before."""
    before = views.tell(
        told("2026-11-02", a_referral()), told("2026-11-04", a_risk()), an_enquiry()
    )
    views.follow(CHRONOLOGY)
    views.tell(told("2026-11-09", corrected(2, occurred="2026-10-26")))
    views.tell(told("2026-11-10", corrected(3, withdrawn=True)))
    views.follow(CHRONOLOGY)

    shows(
        views.ask(chronology, CASE),
        """
        occurred   | event             | stated_occurred | corrected_by | withdrawn
        2026-10-26 | risk-assessed     | 2026-11-04      | 4            | no
        2026-11-02 | referral-received | -               | -            | no
        2026-11-04 | enquiry-opened    | -               | 5            | yes
        2026-11-09 | record-corrected  | -               | -            | no
        2026-11-10 | record-corrected  | -               | -            | no
        """,
    )
    shows(
        views.ask(chronology, CASE, as_at=before),
        """
        occurred   | event             | stated_occurred | corrected_by | withdrawn
        2026-11-02 | referral-received | -               | -            | no
        2026-11-04 | risk-assessed     | -               | -            | no
        2026-11-04 | enquiry-opened    | -               | -            | no
        """,
    )
    assert verify(CHRONOLOGY, views.connect).equal


def test_passages_stay_sealed_until_they_are_shown(views: Views) -> None:
    """A view holds no passage in clear; once forgotten it is so as at any position."""
    position = views.tell(told("2026-11-02", a_referral()), an_entry(text="Bruising on one arm."))
    views.follow(CHRONOLOGY)

    def shown(as_at: int | None) -> list[Passage]:
        entries: tuple[Entry, ...] = views.ask(chronology, CASE, as_at=as_at)
        assert entries[1].fields["text"] == {"passage": 0}
        return views.record.unseal(entries[1].passages)

    with views.connect() as conn:
        stored = conn.execute("SELECT string_agg(c::text, '') FROM views.chronology c").fetchone()
    assert stored is not None
    assert "Bruising" not in stored[0]
    assert shown(None) == [Personal(CASE, "Bruising on one arm.")]

    views.forget(CASE)
    assert shown(None) == shown(position) == [Forgotten(CASE)]


def test_the_time_told_last_stands(views: Views) -> None:
    """A correction that gives no time leaves the time an earlier correction gave."""
    views.tell(told("2026-11-02", a_referral()), corrected(1, occurred="2026-10-05"))
    first = views.tell(told("2026-11-03", corrected(1)))
    last = views.tell(told("2026-11-04", corrected(1, occurred="2026-10-06")))
    views.follow(CHRONOLOGY)

    def shown(as_at: int | None) -> tuple[str, str | None, int | None]:
        entry = next(one for one in views.ask(chronology, CASE, as_at=as_at) if one.version == 1)
        return entry.occurred, entry.stated_occurred, entry.corrected_by

    assert shown(first - 1) == ("2026-10-05", "2026-11-02", first - 1)
    assert shown(first) == ("2026-10-05", "2026-11-02", first)
    assert shown(None) == ("2026-10-06", "2026-11-02", last)


def test_an_entry_says_where_it_came_from(views: Views) -> None:
    """What came from another record names it; what was recorded here names none."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-03", an_entry(), source=Slug("chronology")),
    )
    views.follow(CHRONOLOGY)
    assert [one.source for one in views.ask(chronology, CASE)] == [None, "chronology"]
