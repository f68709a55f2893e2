"""V14: a return names its council, by a code that is on the list of its year.

A code is a fault where it is certainly of no council that submits in that year: of no code's form,
another year's, or not on a list that somebody put here. Of the list that comes with Holdfast three
digits which it has in no year may be those of a council whose digits no source shows, in a year
that has such councils: V14 is not checked then, nor of what stands for a made-up council.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.returns.england.councils import DIGITS, FORM, MADE_UP, Listed
from projections.returns.validation import Fault, Missing, Rule, Sent


def _v14(sent: Sent) -> Iterator[Fault | Missing]:
    council = sent.council
    if council is None:
        yield Missing("the council's code was not said")
    elif not council:
        yield Fault("no council is named")
    elif not FORM.fullmatch(council):
        yield Fault(f"{council} has the form of no council's code: 211, H6X4G or E08000034")
    elif sent.listed is None:
        yield Missing("which councils submit in that year is not known here")
    elif council not in sent.listed.names:
        yield _unlisted(council, sent.listed)


def _unlisted(council: str, listed: Listed) -> Fault | Missing:
    if listed.ours and council == MADE_UP:
        return Missing(f"{council} stands for a council that is made up")
    said = listed.elsewhere.get(council)
    if said is not None:
        return Fault(said)
    if listed.unsure and DIGITS.fullmatch(council):
        of = ", ".join(listed.unsure)
        return Missing(f"{council} is of no council known; the digits of {of} are not certain")
    return Fault(f"{council} is none of the {listed.count} councils listed for that year")


RULE: Final = Rule(
    number="V14",
    hard=True,
    basis="a return is stored by the code of its council [CODE]; the list is of publications that "
    "show each code, 2025-26 [DERIVED]",
    holds="The return names its council, by a code that is on the list of the year.",
    remedy="Set HOLDFAST_COUNCIL, or give --council. HOLDFAST_COUNCILS names a list of your own.",
    test=_v14,
)
