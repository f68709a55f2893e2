"""Every command is asked by a scripted case, by the demonstration, or says why it is not.

A command that no told case uses is one whose story nobody has read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from api.demonstration.pending import Answering, Naming, Producing
from domain.catalogue import COMMANDS, command_name
from tests.doors.scripts.england_case import TALE as ENGLISH
from tests.doors.scripts.scotland_year import YEAR
from tests.told import told

SEED, CASES = 2014, 400
ANSWERED: Final = "answer-finding"
# Commands that are asked nowhere in them, each with its reason and where it is tested whole.
ELSEWHERE: Final[Mapping[str, str]] = {
    "bring-case-forward": "asked by `import cases`, from a list: tests/imports/test_case_lists.py",
    "approve-person-erasure": "forgets whom a story is about: tests/doors/test_erasing_a_person.py",
    "approve-filing-erasure": "of the authority: tests/doors/test_filing_erased.py",
    "erase-filing": "of the authority: tests/doors/test_filing_erased.py",
    "file-return": "of the authority, and of no story: tests/doors/test_filing.py",
    "erase-person": "forgets whom a story is about: tests/doors/test_erasing_a_person.py",
}


def scripted() -> set[str]:
    """Give what the two scripted cases ask."""
    return {one.command for tale in (ENGLISH, YEAR) for one in tale.steps}


def demonstrated() -> Iterator[str]:
    """Give what the made-up authorities ask."""
    for nation in ("england", "scotland"):
        for step in told(nation, seed=SEED, count=CASES).plan.steps:
            match step.command:
                case Answering():
                    yield ANSWERED
                case Naming(command=command) | Producing(command=command):
                    yield command_name(command)
                case command:
                    yield command_name(command)


def test_every_command_is_used_or_says_why_not() -> None:
    """Nothing is listed that is used, and nothing unused is not listed."""
    unused = {*COMMANDS} - scripted() - {*demonstrated()}
    assert unused == {*ELSEWHERE}


@pytest.mark.parametrize(
    "command",
    ["explain-overdue-action", "hold-conference-part", "tell-recipient", "send-plan-to-nominee"],
)
def test_the_newest_are_scripted(command: str) -> None:
    """What came last into the vocabulary stands in a story that is read line by line."""
    assert command in scripted()
