"""Everybody in the made-up authority. Nobody here exists.

First names are common ones, surnames were invented for this file, addresses and postcodes are of
places that are not. Workers are called by what they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.demonstration.calibration import COUNCIL, Figures
from api.demonstration.chance import Chance
from domain.person import Details
from domain.words import Actor, Code, ExternalReference, Personal, PersonRef, Slug, WorkerRef

_FIRST: Final = {
    gender: tuple(names.split())
    for gender, names in {
        "female": """
            Margaret Jean Dorothy Joan Patricia Sheila Susan Linda Karen Fatima Amina Grace Ruth
            Helen Moira Elaine Priya Agnes Hilda Ivy Chloe Naomi Beryl Maureen Rita Jasmine Zofia
            """,
        "male": """
            John William Robert James Peter Kenneth Alan Brian Derek Yusuf Imran Samuel Arthur
            Hamish Gordon Colin Tariq Joseph Stanley Norman Leo Daniel Trevor Malcolm Otis Marek
            """,
    }.items()
}
_SURNAMES: Final = """
    Thistlewick Marrowby Pendlecote Oxenbarrow Quillfeather Larkhollow Brackenmire Tollyweather
    Fernacre Wimbleshaw Copperdale Snowmarsh Dapplethorne Hazelgrind Merrowstone Applegarth-Venn
    Kettlebourne Rookwhistle Sandlemere Tansybrook Umberfield Vinterley Wrenhollow Yarrowgate
    Zephyrton Bellwynd Cloudesmith Driftwell Emberlow Foxtarn Gorsebank Harrowplume Inkersole
    Juniperley Kiteburrow Lanternby Mossgarth Nettlefold-Rue Orchardine Plumstring
    """
_SURNAME: Final = tuple(_SURNAMES.split())
_STREET: Final = ("Example Row", "Sample Crescent", "Specimen Lane", "Nowhere Street")
TEAMS: Final = (Slug("north-team"), Slug("south-team"), Slug("east-team"), Slug("hospital-team"))
_PRACTITIONERS: Final = 4
_ISSUER: Final = "made-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who records, and what they are called."""

    ref: WorkerRef
    role: Code
    name: str
    team: Slug | None = None

    @property
    def actor(self) -> Actor:
        """The worker as one who asks."""
        return Actor(worker=self.ref, role=self.role, organisation=COUNCIL, team=self.team)

    @property
    def issuer(self) -> str:
        """Whoever vouches for them: nobody real."""
        return _ISSUER

    @property
    def subject(self) -> str:
        """What they are called there."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A manager and those who hold the cases."""

    name: Slug
    manager: Worker
    practitioners: tuple[Worker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody who records; and a visitor, whose coming is the last thing told."""

    teams: tuple[Team, ...]
    chairs: tuple[Worker, ...]
    minute_takers: tuple[Worker, ...]
    administrator: Worker
    visitor: Worker

    def __iter__(self) -> Iterator[Worker]:
        """Each worker once, as they are made known at the beginning."""
        for team in self.teams:
            yield team.manager
            yield from team.practitioners
        yield from (*self.chairs, *self.minute_takers, self.administrator)


def staff(chance: Chance) -> Staff:
    """Make everybody who records."""

    def worker(role: str, name: str, team: Slug | None = None) -> Worker:
        return Worker(ref=WorkerRef(chance.ref()), role=Code(role), name=name, team=team)

    teams = tuple(
        Team(
            name=team,
            manager=worker("manager", f"Manager {team}", team),
            practitioners=tuple(
                worker("practitioner", f"Practitioner {number} {team}", team)
                for number in range(1, _PRACTITIONERS + 1)
            ),
        )
        for team in TEAMS
    )
    return Staff(
        teams=teams,
        chairs=tuple(worker("chair", f"Conference chair {number}") for number in (1, 2)),
        minute_takers=tuple(worker("minute_taker", f"Minute taker {n}") for n in (1, 2)),
        administrator=worker("administrator", "Safeguarding administrator"),
        visitor=worker("auditor", "Visitor to the demonstration"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """An adult a concern is about."""

    ref: PersonRef
    details: Details
    external: tuple[ExternalReference, ...]
    condition: Code


def adult(
    chance: Chance, figures: Figures, on: date, *, band: tuple[int, int], gender: Code
) -> Adult:
    """Make up an adult of that gender, and on that day of an age in that band."""
    ref = PersonRef(chance.ref())
    born = date(on.year - chance.between(*band), chance.between(1, 12), chance.between(1, 28))
    if (born.month, born.day) > (on.month, on.day):
        born = born.replace(year=born.year - 1)

    def told(text: str) -> Personal:
        return Personal(ref, text)

    details = Details(
        name=told(_name(chance, gender)),
        date_of_birth=told(str(born.year) if chance.whether(0.04) else born.isoformat()),
        gender=told(gender),
        gender_other=told("Prefers another word.") if gender == Code("other") else None,
        ethnicity=told(chance.drawn(figures.ethnicities)),
        accommodation=told(chance.drawn({"owner": 5, "tenant": 4, "supported": 1, "care_home": 3})),
        address=told(f"{chance.between(1, 98)} {chance.one(_STREET)}, Fabledon"),
        postcode=told(f"ZZ99 {chance.between(1, 9)}ZZ"),
    )
    number = told(f"999 {chance.between(100, 999)} {chance.between(1000, 9999)}")  # none is issued
    external = (ExternalReference(system=Slug("health-number"), id=number),)
    return Adult(
        ref=ref,
        details=details,
        external=external if chance.whether(0.8) else (),
        condition=chance.drawn(figures.conditions),
    )


def another_person(chance: Chance) -> tuple[PersonRef, Details]:
    """Make up somebody else a case names, of whom little is known."""
    ref = PersonRef(chance.ref())
    return ref, Details(name=Personal(ref, _name(chance, chance.one(("female", "male")))))


def _name(chance: Chance, gender: str) -> str:
    given = _FIRST.get(gender) or _FIRST[chance.one(("female", "male"))]
    return f"{chance.one(given)} {chance.one(_SURNAME)}"
