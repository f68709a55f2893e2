"""What permitted something answers for it, wherever each of the two is read since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.answering import CarerDisclosureDecided
from domain.copies import Release, Whom
from domain.enquiry import PachIdentified
from domain.joining import CaseSplit, CaseUnmerged
from domain.minutes import MinutesCirculated, Recipient
from domain.plan_copies import ReleasePermitted
from domain.reading import replayed
from domain.tabling import ReportShared
from domain.words import Code, Digest, Fact, PersonRef
from tests.controls import (
    CASE,
    CONFERENCE,
    OTHER_CASE,
    PACH,
    REPORT,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    ref,
)
from tests.spec.governing.test_reading_as_one import (
    ALLOWED,
    BREACH,
    HELD,
    RELEASE,
    TO_GP,
    criticised,
    leading,
    merged_into,
    stream,
)

ASTRAY = "released_without_authority"
HERS = ReleasePermitted(
    what=Code("minutes"), role=Code("family"), basis=Code("adults_permission"), person=SISTER
)
MASTER = Digest("a" * 64)


def sent_by(number: int, role: str = "family") -> MinutesCirculated:
    """Give a copy of the minutes that went to the adult's sister by the entry of that number."""
    to_her = Recipient(role=Code(role), person=SISTER, copy=MASTER, source=MASTER, authority=number)
    return MinutesCirculated(conference=CONFERENCE, recipients=(to_her,), outside=True, due=None)


def split(place: str, *entries: int) -> CaseSplit:
    """Give what each of two cases records where entries of the one are read in the other."""
    other = OTHER_CASE if place == "from" else CASE
    return CaseSplit(
        other=other, place=Code(place), reason=Code("wrong_case"), entries=tuple(entries)
    )


def parted(permission: object, copy: object, *entries: int) -> dict[UUID, list[Fact[Any]]]:
    """Give a meeting, a permission (4) and a copy (5), with some read in another case since.

    The other has a meeting of the same reference, as where the meeting was split off with them.
    """
    meeting = (a_referral(), a_conference(), a_held_conference())
    return {
        CASE: stream(CASE, 0, *meeting, permission, copy, split("from", *entries)),
        OTHER_CASE: stream(OTHER_CASE, 10, *meeting, HELD, HELD, split("to", *entries)),
    }


def test_a_permission_answers_for_what_it_permitted_wherever_that_is_read() -> None:
    """Where the copy or the permission was split off, neither case lacks the permission (R162).

    What goes from here rests on one that is read here; what was withdrawn permits nothing.
    """
    for entry in (4, 5):
        streams = parted(HERS, sent_by(4), entry)
        here, there = criticised(CASE, streams), criticised(OTHER_CASE, streams)
        assert ASTRAY not in here, entry
        assert ASTRAY not in there, entry
    streams = parted(HERS, sent_by(4), 5)
    unread = replayed(OTHER_CASE, streams)
    release = Release(what=Code("minutes"), to=Whom(person=SISTER, role=Code("family")))
    assert unread.permitted(-4, release)
    assert not unread.permits(-4, release)
    assert replayed(CASE, streams).permits(4, release)
    gone = replayed(CASE, parted(HERS, sent_by(4), 4))
    assert gone.permitted(4, release)
    assert not gone.permits(4, release)
    streams[CASE] = [one for one in streams[CASE] if one.version != 4]
    assert ASTRAY in criticised(OTHER_CASE, streams)


def test_what_permits_nothing_does_so_wherever_it_is_read() -> None:
    """A copy split off that names no permission for it, or a late one, is still said to (R162)."""
    another = replace(HERS, person=PersonRef(ref(98)))
    for permission, named in ((another, 4), (HERS, 3), (a_risk(), 4)):
        for entry in (4, 5):
            streams = parted(permission, sent_by(named), entry)
            where = CASE if entry == 4 else OTHER_CASE
            assert criticised(where, streams)[ASTRAY].severity == "high"
    late = parted(sent_by(5), HERS, 4)
    assert criticised(OTHER_CASE, late)[ASTRAY].severity == "medium"
    assert ASTRAY not in criticised(CASE, late)
    namesake = parted(a_risk(), sent_by(4), 5)
    namesake[OTHER_CASE] = stream(
        OTHER_CASE,
        10,
        *(a_referral(), a_conference(), a_held_conference()),
        *(HERS, HERS, split("to", 5)),
    )
    assert ASTRAY in criticised(OTHER_CASE, namesake)


def test_a_permission_answers_for_what_went_while_two_cases_were_one() -> None:
    """What was sent in one case by a permission of the other is so when they part again (R162)."""
    ended: dict[str, Any] = {"rationale": None}
    meeting = (a_referral(), a_conference(), a_held_conference())
    before = stream(OTHER_CASE, 0, a_referral(), HERS, merged_into(CASE))
    apart = CaseUnmerged(other=CASE, place=Code("merged"), merge=3, **ended)
    its = CaseUnmerged(other=OTHER_CASE, place=Code("leading"), merge=4, **ended)
    streams: dict[UUID, list[Fact[Any]]] = {
        OTHER_CASE: [*before, *stream(OTHER_CASE, 16, *[a_referral()] * 3, apart)[3:]],
        CASE: stream(CASE, 10, *meeting, leading(OTHER_CASE), sent_by(-2), its),
    }
    assert ASTRAY not in criticised(CASE, streams, as_at=15)
    assert ASTRAY not in criticised(CASE, streams)
    streams[CASE] += stream(CASE, 20, *[a_referral()] * 6, split("from", 5))[6:]
    streams[OTHER_CASE] += stream(OTHER_CASE, 30, *[a_referral()] * 4, *meeting[1:])[4:]
    streams[OTHER_CASE] += stream(OTHER_CASE, 40, *[a_referral()] * 6, split("to", 5))[6:]
    assert ASTRAY not in criticised(CASE, streams)
    assert ASTRAY not in criticised(OTHER_CASE, streams)
    assert replayed(OTHER_CASE, streams).minutes.minutes


def test_what_a_carer_may_know_was_decided_where_it_was_recorded() -> None:
    """A decision for that meeting, or that the copy names, counts where it is read no more (R167).

    What another case decided in general does not.
    """
    code = "carer_disclosure_not_decided"
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("not_known"))
    decided = CarerDisclosureDecided(
        conference=CONFERENCE,
        carer=SISTER,
        decided_role=Code("managing_officer"),
        pach_information=Code("safety_only"),
        basis=Code("adults_permission"),
    )
    general = replace(decided, conference=None)
    for permission, named, asked in (
        (decided, 4, False),
        (decided, 3, False),
        (general, 4, False),
        (general, 3, True),
        (a_risk(), 4, True),
    ):
        meeting = (a_referral(), a_conference(), known, permission, a_held_conference())
        streams: dict[UUID, list[Fact[Any]]] = {
            CASE: stream(CASE, 0, *meeting, sent_by(named, "carer"), split("from", 4)),
            OTHER_CASE: stream(OTHER_CASE, 10, a_referral(), split("to", 4)),
        }
        assert (code in criticised(CASE, streams)) == asked, (permission, named)


def test_a_report_was_permitted_where_that_was_recorded() -> None:
    """A permission for a report, split off from what was shared by it, answers for it (R23)."""
    shared = ReportShared(
        conference=CONFERENCE, report=REPORT, recipient=TO_GP, permission=4, outside=True
    )
    for permission in (ALLOWED, RELEASE):
        for entry in (4, 5):
            streams = parted(permission, shared, entry)
            assert BREACH not in criticised(CASE, streams)
            assert BREACH not in criticised(OTHER_CASE, streams)
