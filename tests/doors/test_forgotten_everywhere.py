"""After an erasure no door, at any position, gives a word of what was forgotten; counts stand."""

from __future__ import annotations

import re
from typing import Final

from tests.doors.conftest import Doors
from tests.doors.test_erasure import erase

CANARY: Final = "Zyxwvutcanary"
YEAR: Final = "2026"
_VALUE: Final = re.compile(r"\{(\w+)\}")


def gets(doors: Doors, values: dict[str, str]) -> list[str]:
    """Give every path that is read, by the application's own routes, with these values in it."""
    described = doors.client.get("/v1/openapi.json").json()["paths"]
    paths = [path for path, verbs in described.items() if "get" in verbs]
    paths += ["/", "/findings", "/reviews", "/drafts", "/record"]
    for kind in ("cases/{case}", "persons/{person}"):
        paths += [f"/{kind}", f"/{kind}/record"]
    paths += ["/cases/{case}/record/annotate-entry", "/cases/{case}/record/correct-record"]
    paths += ["/persons/{person}/record/record-person-details"]
    full = [path for path in paths if set(_VALUE.findall(path)) <= values.keys()]
    return [path.format(**values) for path in full]


def test_no_door_gives_a_word_of_what_was_forgotten(doors: Doors) -> None:
    """Views, feeds, forms and searches, as at before and after the erasure; figures stand."""
    adult = doors.person(name=f"{CANARY} Example")
    case = doors.case(adult, account=f"{CANARY} fell.")
    values = {"case": case, "person": adult, "year": YEAR, "table": "SG1f", "number": "1"}
    before = doors.office.record.log.tail()
    paths = gets(doors, values)

    def found(as_at: int | None) -> list[str]:
        at = "" if as_at is None else f"?as_at={as_at}"
        return [path for path in paths if CANARY in doors.get(f"{path}{at}").text]

    def figures() -> object:
        answer = doors.get(f"/v1/returns/{YEAR}/SG1f")
        assert answer.status_code == 200, answer.text
        told = answer.json()
        cells = [{name: one[name] for name in one if name != "links"} for one in told["cells"]]
        assert any(one["value"] for one in cells)
        return cells, [one["why"] for one in told["left_out"]]

    assert len(found(None)) >= 5  # the walk sees it while it is there
    counted = figures()
    erase(doors, case, "case", 1)
    erase(doors, case, "person", 3)
    for as_at in (None, before, doors.office.record.log.tail()):
        assert found(as_at) == []
    doors.catch_up()
    search = doors.client.post("/v1/search/persons", json={"name": CANARY})
    assert adult not in search.text
    assert figures() == counted
