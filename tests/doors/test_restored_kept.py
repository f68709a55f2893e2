"""Copies from before a passage was moved to the keys of the case it is read in, and from after."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from api import copies
from domain.refusal import Refused
from tests.doors.conftest import Doors
from tests.doors.copied import Place, both, newest, opened, restored
from tests.doors.test_copies import outside, place, proved  # noqa: F401 — fixtures
from tests.doors.test_erasure import ACCOUNT, told
from tests.doors.test_erasure_joined import ENTRY, WHY, erased, line, telling
from tests.doors.test_joining import asked


def entered(doors: Doors) -> str:
    """Begin a case with an entry that belongs to somebody else."""
    case = doors.case(doors.person(name="Yan Example"))
    assert line(doors, case, ENTRY) == 2
    return case


def split(doors: Doors, case: str) -> str:
    """Split that entry off to a case of theirs, which begins with it."""
    other = str(uuid4())
    whose = {"adult": doors.person(name="Wanda Example"), "reason": "wrong_person"}
    asked(doors, case, "split-case", 2, other=other, entries=[2], rationale=WHY, **whose)
    return other


@pytest.mark.parametrize("parted", [True, False], ids=["split in it", "split lost"])
def test_a_log_of_before_and_the_newest_keyring_have_what_an_erasure_left(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
    *,
    parted: bool,
) -> None:
    """The passage opens in the case in which this log reads it, and goes with that one alone.

    Under whichever key it lies by then; what the lost erasure took is gone, and told as lost.
    """
    case = entered(doors)
    other = split(doors, case) if parted else None
    backup, keys = both(doors, outside)
    other = other or split(doors, case)
    erased(doors, case)
    newest(doors, keys)
    restored(place, backup, keys)
    home = other if parted else case
    with opened(place) as there:
        found = proved(there.office)["cases"]
        assert (found.ok, found.missing) == (True, 0)
        assert found.lost > 0
        assert ENTRY in telling(there, home)
        assert ACCOUNT not in told(there, case)
        erased(there, case)
        assert (ENTRY in telling(there, home)) == parted
        assert proved(there.office)["cases"].ok
        if parted:
            erased(there, other)
            assert ENTRY not in telling(there, other)
            assert proved(there.office)["cases"].ok


def test_a_keyring_of_before_it_was_moved_is_refused(
    doors: Doors,
    place: Place,  # noqa: F811
    outside: Path,  # noqa: F811
) -> None:
    """With the newest log, and in the record itself: it would open what the erasure took."""
    case = entered(doors)
    other = split(doors, case)
    (outside / "one").mkdir()
    (outside / "two").mkdir()
    _, old = both(doors, outside / "one")
    before = old.read_bytes()
    erased(doors, case)
    backup, keys = both(doors, outside / "two")
    old.write_bytes(before)  # as another copy of it, of which nobody told this record
    with pytest.raises(Refused, match="older than the backup"):
        restored(place, backup, old)
    with pytest.raises(Refused, match="is older"):
        copies.restore_keys(doors.office.settings, old, say=lambda _line: None)
    assert ENTRY in telling(doors, other)
    restored(place, backup, keys)
    with opened(place) as there:
        found = proved(there.office)["cases"]
        assert (found.ok, found.missing, found.lost) == (True, 0, 0)
        assert ENTRY in telling(there, other)
        assert telling(there, case) == set()
