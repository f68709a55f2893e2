"""The inquiries, with and without powers: how many, and what was answered at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from projections.returns.dataset import USING, WITHOUT, Inquiry
from projections.returns.facts import Facts
from projections.returns.gone import parted
from projections.returns.scotland.choosing import (
    no_inquiry,
    of_decided,
    of_ended,
    second,
    triggered,
)
from projections.returns.scotland.words import (
    ACTIONS,
    DATASET,
    GROUPS,
    HARMS,
    INQUIRIES,
    NO_ANSWER,
    SEVERAL,
    TRIGGER,
)
from projections.returns.table import (
    AS_NONE,
    AS_UNKNOWN,
    CASE_GONE,
    Cell,
    Counted,
    Filled,
    LeftOut,
    Table,
    cell,
    named,
    table,
)

_CONCLUDE = "Reopen the inquiry and conclude it with the answer, if there is one to tell."


@table(
    "2",
    title="Inquiries concluded without use of investigatory powers",
    cites=f"{DATASET}, indicator 2; {TRIGGER}. One that is not concluded yet is left out and "
    "named; one that uses a power later is counted in indicator 3, in the quarter of its trigger",
)
def without_powers(facts: Facts) -> Filled:
    """Each inquiry triggered in the period that ended with no power used."""
    words = "Count of inquiries concluded without use of investigatory powers"
    here = triggered(facts.dataset, facts.period).by_kind[WITHOUT]
    cells = (cell("2", INQUIRIES[WITHOUT], words, "", map(of_decided, here)),)
    return Filled(cells=cells, left_out=no_inquiry("2", facts, WITHOUT))


@table(
    "3",
    title="Inquiries using investigatory powers",
    cites=f"{DATASET}, indicator 3; {TRIGGER}, and not the day a power was used. The powers are "
    "those of sections 7 to 10 of the Act. Where one concern was entered in two cases, and both "
    "have an inquiry about it, the one with a power counts (a choice)",
)
def using_powers(facts: Facts) -> Filled:
    """Each inquiry triggered in the period in which a power was used, whenever that was."""
    words = "Count of inquiries using investigatory powers"
    here = triggered(facts.dataset, facts.period).by_kind[USING]
    cells = (cell("3", INQUIRIES[USING], words, "", map(of_decided, here)),)
    return Filled(cells=cells, left_out=no_inquiry("3", facts))


def _answers(
    code: str,
    facts: Facts,
    kind: str,
    words: Mapping[str, str],
    answers: Callable[[Inquiry], Iterable[str]],
) -> tuple[tuple[Cell, ...], list[Inquiry]]:
    """The inquiries of one kind by what was answered of them, and those of which nothing was."""
    by: dict[str, list[Counted]] = {one: [] for one in words.values()}
    lost = list[Inquiry]()
    for one in triggered(facts.dataset, facts.period).by_kind[kind]:
        found = {words[answer] for answer in answers(one) if answer in words}
        for answer in found:
            by[answer].append(of_ended(one))
        if not found:
            lost.append(one)
    return (
        tuple(cell(code, INQUIRIES[kind], one, "", told) for one, told in by.items()),
        lost,
    )


def _action(one: Inquiry) -> Iterable[str]:
    """What was done after an inquiry; where that is not known, it is pending."""
    ended = one.concluded
    known = "" if ended is None else ended.code or ""
    return (known if known in ACTIONS else "pending",)


def action_after(code: str, kind: str) -> Table:
    """Indicators 10 and 11."""
    number = "2" if kind == WITHOUT else "3"

    @table(
        code,
        title=f"Action following {INQUIRIES[kind].lower()}",
        cites=f"{DATASET}, indicator {code}, its six answers as published for 2024-25 (revised "
        f"October 2024); {TRIGGER}. One answer for each inquiry of indicator {number} (derived); "
        "one of which no action is recorded is Pending / Unknown (a choice)",
        answers=AS_UNKNOWN.format(ACTIONS["pending"]),
    )
    def fill(facts: Facts) -> Filled:
        cells, _ = _answers(code, facts, kind, ACTIONS, _action)
        left = (*no_inquiry(code, facts, kind), *second(code, facts, kind))
        return Filled(cells=cells, left_out=left)

    return fill


def _unanswered(code: str, lost: Sequence[Inquiry]) -> tuple[LeftOut, ...]:
    """Those of which nothing was answered; of one that goes on the answer is still to come."""
    ended = [one for one in lost if one.concluded]
    going_on = [one for one in lost if not one.concluded]
    return (
        *named(code, NO_ANSWER, map(of_ended, ended), remedy=_CONCLUDE),
        *named(code, NO_ANSWER, map(of_ended, going_on)),
    )


def _harm(one: Inquiry) -> Sequence[str]:
    ended = one.concluded
    return () if ended is None or len(ended.harms) != 1 else ended.harms


def harm(code: str, kind: str) -> Table:
    """Indicators 15a and 15b."""

    @table(
        code,
        title=f"Principal type of harm, {INQUIRIES[kind].lower()}",
        cites=f"{DATASET}, indicator {code}; {TRIGGER}. Which of a and b has the powers is "
        "derived. Of its categories only 'Human trafficking and/or exploitation' was seen (added "
        "October 2024); the others are this record's. What is principal among several types is not "
        "recorded here: such an inquiry is left out and named",
        answers=AS_NONE,
    )
    def fill(facts: Facts) -> Filled:
        cells, unplaced = _answers(code, facts, kind, HARMS, _harm)
        lost, gone = parted(unplaced, facts.gone)
        several = [one for one in lost if one.concluded and len(one.concluded.harms) > 1]
        without = [one for one in lost if one not in several]
        return Filled(
            cells=cells,
            left_out=(
                *named(code, SEVERAL, map(of_ended, several)),
                *_unanswered(code, without),
                *named(code, CASE_GONE, map(of_ended, gone)),
                *no_inquiry(code, facts, kind),
                *second(code, facts, kind),
            ),
        )

    return fill


def _group(one: Inquiry) -> Sequence[str]:
    return () if one.concluded is None else one.concluded.groups


def client_group(code: str, kind: str) -> Table:
    """Indicators 17a and 17b."""

    @table(
        code,
        title=f"Client group, {INQUIRIES[kind].lower()}",
        cites=f"{DATASET}, indicator {code}; {TRIGGER}. Which of a and b has the powers is "
        "derived. Of its categories the four added in October 2024 were seen, and some of the "
        "survey before it; the others are this record's. An inquiry counts once in each group that "
        "is recorded of it (a choice: that it is one alone was not seen)",
        answers=AS_NONE,
    )
    def fill(facts: Facts) -> Filled:
        cells, unplaced = _answers(code, facts, kind, GROUPS, _group)
        lost, gone = parted(unplaced, facts.gone)
        left = (
            *_unanswered(code, lost),
            *named(code, CASE_GONE, map(of_ended, gone)),
            *no_inquiry(code, facts, kind),
            *second(code, facts, kind),
        )
        return Filled(cells=cells, left_out=left)

    return fill
