"""A turn some stories take: the adult dies while the enquiry is under way."""

from __future__ import annotations

from datetime import timedelta

from api.demonstration import phrases
from api.demonstration.conferring import call_off, convene
from api.demonstration.telling import Telling
from domain.conference import DecideConferenceNotRequired
from domain.correction import PlaceLegalHold
from domain.person import RecordDeath
from domain.when import When, between, on_day, read
from domain.words import Code, Personal


def die(tale: Telling, *, conferring: bool) -> None:
    """Tell of the adult's death, and of what does not happen because of it."""
    tale.wait(3, 25)
    meeting = None
    if conferring:
        planned = tale.working_day(tale.day, tale.chance.between(8, 15))
        meeting = convene(tale, "initial", planned, "investigation")
        tale.wait(1, 3)
    tale.died = True
    about, chance = tale.adult.ref, tale.chance
    died = _died(tale)
    note = Personal(about, chance.one(phrases.DEATHS)) if chance.whether(0.6) else None
    known = chance.drawn({"known": 5, "awaited": 3, "not_known": 2})
    tale.ask(RecordDeath(died=died, cause_known=known, note=note), occurred=died, stream=about)
    if meeting is not None:
        call_off(tale, meeting, "died")
    if known == Code("awaited"):
        held = PlaceLegalHold(reason=Code("coroner"), authority=tale.passage(phrases.HELD))
        tale.ask(held, tale.manager)
    tale.wait(1, 4)
    because = tale.words(phrases.CLOSING)
    tale.ask(DecideConferenceNotRequired(reason=Code("died"), rationale=because), tale.manager)


def _died(tale: Telling) -> When:
    """When it was, as exactly as it came to be known."""
    exactly = tale.chance.drawn({"day": 7, "days": 2, "month": 1})
    day = tale.day - timedelta(days=tale.chance.between(0, 6))
    if exactly == Code("days"):
        return between(day - timedelta(days=2), day)
    if exactly == Code("month"):
        return read(f"{day.year}-{day.month:02}~")
    return on_day(day)
