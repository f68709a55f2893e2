"""A case that is erased leaves no passage that it recorded, by whichever way it came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import pytest

from api.chronologies import loading
from domain.words import CaseRef, Personal, PersonRef
from tests.doors.conftest import Doors
from tests.doors.filling import get_form, send
from tests.doors.test_erasing_a_person import erased as person_erased
from tests.doors.test_erasure import ACCOUNT, told
from tests.doors.test_erasure_joined import erased, line, verified
from tests.doors.test_joining import asked
from tests.imports.conftest import CHRONOLOGIES, Importer

SAID: Final = "The neighbour rang again."


def imported(doors: Doors, case: str, adult: str, *, new: bool = False) -> str:
    """Take a chronology in, into the case or into one of its own."""
    office = doors.office
    where = loading.target(office, CaseRef(UUID(case)))
    if new:
        where = loading.new_target(office, b"june", PersonRef(UUID(adult)))
    _, loaded = Importer(office, office.system_actor).into(CHRONOLOGIES / "june.csv", where)
    assert loaded.added
    return str(where.case)


def imported_anew(doors: Doors, case: str, adult: str) -> str:
    """Take it into a case of its own."""
    return imported(doors, case, adult, new=True)


def sent(doors: Doors, case: str, _adult: str) -> str:
    """Record a line as JSON, which is about the case."""
    line(doors, case, SAID)
    return case


def sent_about_adult(doors: Doors, case: str, adult: str) -> str:
    """Record one that is said to be about the adult."""
    text = {"about": adult, "text": SAID}
    asked(doors, case, "record-chronology-entry", 1, agency="gp", source="f", text=text)
    return case


def filled_in(doors: Doors, case: str, _adult: str) -> str:
    """Record one by its form."""
    form = get_form(doors, f"/cases/{case}/record/annotate-entry")
    pairs = form.pairs(command__target="1", command__kind="supplementary", command__text=SAID)
    assert send(doors, form, "record", pairs).status_code in {200, 303}
    return case


def opened(doors: Doors, case: str) -> list[str]:
    """Give what opens of all that a case recorded."""
    texts: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, Personal):
            texts.append(value.text)
        for member in value if isinstance(value, tuple) else ():
            look(member)
        for name in getattr(value, "__dataclass_fields__", ()):
            look(getattr(value, name))

    for fact in doors.office.record.facts(UUID(case)):
        look(fact.event)
    return texts


@pytest.mark.parametrize("way", [imported, imported_anew, sent, sent_about_adult, filled_in])
def test_an_erased_case_tells_nothing_that_it_recorded(
    doors: Doors, way: Callable[[Doors, str, str], str]
) -> None:
    """Whomever a passage is about; what the person's other case tells of them is left."""
    adult = str(doors.person(name="Ann Example"))
    beside = str(doors.case(adult, account={"about": adult, "text": "She was well."}))
    case = way(doors, str(doors.case(adult)), adult)
    size = doors.office.record.log.tail()
    before = opened(doors, case)
    assert len(before) >= 2
    assert erased(doors, case) == {}
    assert opened(doors, case) == []
    timeline = told(doors, case)
    assert not [one for one in (*before, ACCOUNT, SAID) if one in timeline and len(one) > 8]
    assert opened(doors, beside) == ["She was well."]
    verified(doors, size)


def split_line(doors: Doors) -> tuple[str, str, str]:
    """Split a line about an adult off their case, to one of somebody else; give all three."""
    adult, other = str(doors.person(name="Ann Example")), "5f0f0c52-7d35-4b3e-9d53-6f0f8f3f1a11"
    case = sent_about_adult(doors, str(doors.case(adult)), adult)
    whose = {"adult": doors.person(name="Wanda Example"), "reason": "wrong_person"}
    asked(doors, case, "split-case", 2, other=other, entries=[2], rationale="Not hers.", **whose)
    return case, adult, other


def test_a_line_about_a_person_goes_with_the_case_in_which_it_is_read(doors: Doors) -> None:
    """One that was split off stays when its first case is erased, and goes with the other."""
    case, _adult, other = split_line(doors)
    assert erased(doors, case) == {"kept-elsewhere": [other]}
    assert SAID in told(doors, other)
    assert erased(doors, other) == {"goes-along": [case]}
    assert SAID not in told(doors, other)
    verified(doors)


@pytest.mark.parametrize(
    "order", [("case", "other"), ("case", "person"), ("other", "case"), ("person", "case")]
)
def test_a_split_line_about_a_person_is_lawfully_gone_in_whichever_order(
    doors: Doors, order: tuple[str, str]
) -> None:
    """By an erasure of the person or of where it is read, before one of its case or after it."""
    case, adult, other = split_line(doors)
    size = doors.office.record.log.tail()
    for one in order:
        if one == "person":
            assert person_erased(doors, adult) == (201, "")
        else:
            erased(doors, case if one == "case" else other)
        there = SAID in told(doors, other)
        assert there == (one == "case" and one == order[0]), "its own case leaves it"
        verified(doors, size)
