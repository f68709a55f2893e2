"""What the returns count: a narrow row per enquiry, per review, and per case that tells concerns.

The concerns told under the reference of one case share its row, as a list (`referrals`): what is
decided of them is decided of those of the case that were undecided, and a fold that meets a
decision has to have them all. Each is counted by itself.

Answers stand as codes; which category a code is counted under is the return's affair. What a
correction withdrew, or was entered twice, is no longer counted from that position on, and is kept
to be named.

A decision whether a concern counts names none: it is of the concerns of its case that had come by
then and were not decided, and where all were, of those the last decision was of. A concern that
comes later is not decided by it. Of two conclusions of an enquiry the first stands, and with it
the year, unless it was withdrawn or the enquiry reopened in between; the other is kept to be named.
So it is of a review, which is not reopened.

A correction that names fields of an event says that they are wrong, and not what is right: what was
recorded counts on, and the row says which of it is doubted (`doubts.py`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from projections.corrected import AGAIN, CORRECTED, concerns, reading, standing, wrong_in
from projections.joined import BEGINS, Reading, cases_of
from projections.projection import (
    Changes,
    Current,
    Key,
    Projection,
    Seen,
    target_of,
)
from projections.returns.rows import (
    CONCLUDED,
    DECIDED,
    NAMED,
    OF_ENQUIRIES,
    OPENED,
    OWN,
    PARTED,
    REFERRALS,
    REVIEW,
    REVIEWED,
    TRANSFERRED,
    TWICE,
    WITHDRAWN,
    FactRow,
    Fallen,
    concluded,
    decided,
    events_of,
    fallen,
    governed,
    opened,
    referred,
    reopened,
    reviewed,
    split_off,
    subject_of,
    with_fallen,
)
from projections.returns.transferring import settled, transfer_of
from projections.returns.twice import entered_twice

_REMADE: Final = AGAIN | {TRANSFERRED}
_SPEAKS: Final = frozenset({DECIDED, CORRECTED})  # of what counts: whether it does, and what of it


def touches(seen: Seen) -> Iterable[Key]:
    """The concerns of the case, and what an event names; a correction, join or transfer, all."""
    if seen.name not in _REMADE:
        return _keys(seen, seen.stream)
    cases = cases_of(seen)
    subjects = {subject for one in seen.earlier if (subject := subject_of(one)) is not None}
    return [(case, subject) for case in cases for subject in cases | subjects]


def _keys(seen: Seen, told_in: str) -> tuple[Key, ...]:
    """The concerns told in one case, and what an event names, in the case they are read."""
    concern, subject = (seen.case, told_in), subject_of(seen)
    return (concern,) if subject is None else (concern, (seen.case, subject))


def fold(seen: Seen, current: Current) -> Changes:
    """The row an event makes or changes; after a correction, join or transfer, all concerned."""
    if seen.name not in _REMADE:
        return _fold(seen, current, seen.stream)
    if seen.name != TRANSFERRED and not concerns(seen):
        return ()
    rows = _Again(seen).rows
    return [(key, rows.get(key)) for key in touches(seen)]


def _fold(seen: Seen, current: Current, told_in: str) -> Changes:
    """The row an event makes or changes; an enquiry's adult is the case's."""
    case = (seen.case, told_in)
    if seen.name == BEGINS:
        return () if current(case) is not None else ((case, split_off(seen)),)
    if seen.name in REFERRALS:
        return ((case, settled(referred(current(case), seen))),)
    if seen.name == DECIDED:
        known: FactRow | None = current(case)
        governs = dict.fromkeys(governed(known), seen)
        return () if known is None else ((case, decided(known, governs)),)
    subject = subject_of(seen)
    if subject is None:
        return ()
    key = (seen.case, subject)
    row: FactRow | None = current(key)
    if seen.name == REVIEWED:
        return ((key, reviewed(row, seen, current(case))),)
    if seen.name in OPENED:
        if row is not None and row.stands:
            return ()
        return ((key, settled(opened(seen, row, current(case)), current(case))),)
    if row is None or not row.stands:
        return () if row is None or seen.name != CONCLUDED else _of_fallen(key, row, seen)
    return ((key, (concluded if seen.name == CONCLUDED else reopened)(row, seen)),)


def _of_fallen(key: Key, row: FactRow, seen: Seen) -> Changes:
    """A conclusion of an enquiry that was entered twice counts as little, and is named with it."""
    if TWICE not in {why for _, why, *_ in row.withdrawn}:
        return ()
    return ((key, with_fallen(row, Fallen(seen=seen, why=TWICE, counted=True))),)


class _Rows:
    """The rows made of what is read, where it is read, but for what was decided of them."""

    def __init__(self, read: Reading) -> None:
        self.rows: dict[Key, Any] = {}
        self._reading = read
        self._leads = _leads(read.events)
        self._folded = set[int]()
        self._told: dict[Key, str] = {}  # by row, the case it was told in
        twice = entered_twice(read)
        self._take(one for one in read.events if one.position not in twice)

    def _take(self, events: Iterable[Seen]) -> None:
        for one in events:
            self._folded.add(one.position)
            if one.name in {DECIDED, TRANSFERRED}:
                continue
            changes = _fold(one, self.rows.get, self._told_in(one))
            self.rows.update(changes)
            if one.name != BEGINS:  # which is recorded where it is read, and tells of no concern
                self._told.update((key, one.stream) for key, _ in changes if key not in self._told)

    def _told_in(self, one: Seen) -> str:
        """Under whose reference concerns stand: the first of a case without its own, under its."""
        return one.case if self._leads.get(one.case) == one.stream else one.stream

    def decide(self, by: Mapping[int, Seen]) -> None:
        """Say of each concern what was decided of it, by its position, wherever it is read."""
        for key, row in self.rows.items():
            if row is not None and row.referrals:
                self.rows[key] = decided(row, by)


def _decisions(every: Sequence[Seen], kept: Container[int]) -> Mapping[int, Seen]:
    """By its position what was decided of each concern, the last that still stands.

    What a decision is of was settled as it was recorded, by what was understood then: a decision
    before it that was withdrawn since does not hand its concerns on to it.
    """
    of: dict[int, tuple[Seen, frozenset[int]]] = {}

    def standing_by(positions: Container[int]) -> Mapping[int, Seen]:
        told = (one for one in of.values() if one[0].position in positions)
        return {concern: decision for decision, concerns_ in told for concern in concerns_}

    for number, one in enumerate(every):
        if one.name == DECIDED:
            before = standing(every[:number])
            then = _Rows(Reading(before))
            then.decide(standing_by({each.position for each in before}))
            of[one.position] = one, governed(then.rows.get((one.stream, one.stream)))
    return standing_by(kept)


class _Again(_Rows):
    """The rows of a case, and of those joined to it, made again from what stands, where it is read.

    What counts not is noted in them; what has no row any more gets one to say so.
    """

    def __init__(self, seen: Seen) -> None:
        super().__init__(reading(seen))
        kept = {one.position for one in self._reading.kept}
        by = _decisions([*seen.earlier, seen], kept)
        self.decide(by)
        opened_ = [one for one in self._reading.events if one.name in OPENED]
        self._opened = {one.data["enquiry"]: one for one in opened_}
        self._keep(seen, kept, by)
        self._doubt([*seen.earlier, seen])
        for case, adult in self._reading.registered_twice.items():
            for key, row in self.rows.items():
                if key[1] == case and row is not None:
                    self.rows[key] = row._replace(doubled=adult)
        self._transfer()

    def _keep(self, seen: Seen, kept: Container[int], by: Mapping[int, Seen]) -> None:
        """Note in the rows what counts not.

        Whose case it is stays as it was recorded, also where the referral that says so was
        withdrawn.
        """
        adults: dict[str, str | None] = {}
        for one in seen.earlier:
            case = self._reading.case_of(one) if one.name in NAMED else None
            if case is None:
                continue
            adults[case] = adults.get(case) or one.data.get("adult")
            here = one.read_in(case, {})
            key = _keys(here, self._told_in(here))[-1]
            found: Any = self.rows.get(key)
            stands = one.position in kept and one.position in self._folded
            if not stands or found is None or not found.stands:
                decision = by.get(one.position)
                more = Fallen(
                    seen=one,
                    why=self._why(here) if one.position in kept else WITHDRAWN,
                    counted=one.data.get("reason") in {None, OWN}
                    and (decision is None or decision.data["counted"]),
                )
                self.rows[key] = with_fallen(found or fallen(one, self._opened), more)
                self._told.setdefault(key, one.stream)
        for key, row in self.rows.items():
            if row is not None and row.adult is None:
                adult = self._reading.adult_of(key[0]) or adults.get(key[0])
                self.rows[key] = row._replace(adult=adult)

    def _doubt(self, every: Sequence[Seen]) -> None:
        """Say of what stands which fields of its events were recorded wrongly."""
        wrong = wrong_in(one for one in every if one.name in NAMED or one.name in _SPEAKS)
        for key, row in self.rows.items():
            if row is not None and row.stands and not wrong.keys().isdisjoint(events_of(row)):
                told = [[at, *wrong[at]] for at in sorted(wrong) if at in events_of(row)]
                self.rows[key] = row._replace(doubted=told)

    def _why(self, one: Seen) -> str:
        """Why an event that is kept makes nothing of a row, in the case it is read in."""
        if one.position not in self._folded:
            return TWICE
        enquiry = self._opened.get(one.data.get("enquiry"))
        return WITHDRAWN if enquiry is None or enquiry.case == one.case else PARTED

    def _transfer(self) -> None:
        """Say of concerns and enquiries by which transfer another authority counts them.

        Those of the case they are read in, or of the one they were told in, decide
        (`transferring.py`).
        """
        every = [one for one in self._reading.events if one.name == TRANSFERRED]
        for key, row in self.rows.items() if every else ():
            told_in = self._told.get(key)
            told = [one for one in every if one.case == key[0] and one.stream in {key[0], told_in}]
            if row is not None and row.what != REVIEW and told:
                kept = [list(one) for each in told if (one := transfer_of(each)) is not None]
                leads = self._leads.get(key[0]) == told_in
                concerns_ = self.rows.get((key[0], key[0] if leads or told_in is None else told_in))
                self.rows[key] = settled(row._replace(transfers=kept), concerns_)


def _leads(events: Iterable[Seen]) -> Mapping[str, str]:
    """Of each case the one whose referral it has: its own, or else the first that is read in it."""
    leads: dict[str, str] = {}
    for one in events:
        if one.name in REFERRALS:
            leads.setdefault(one.case, one.stream)
            if one.stream == one.case:
                leads[one.case] = one.stream
    return leads


FACTS: Final = Projection(
    name="return_facts",
    version=18,
    events=frozenset({*REFERRALS, *OF_ENQUIRIES, REVIEWED, DECIDED}) | _REMADE,
    recalls=_REMADE,
    names=lambda seen: (seen.stream, seen.version) if seen.name == TRANSFERRED else target_of(seen),
    key={"case": "uuid", "subject": "uuid"},
    columns={
        "what": "text",
        "stands": "bool",
        "adult": "uuid",
        "kind": "text",
        "begun_on": "date",
        "last_on": "date",
        "concluded_from": "date",
        "concluded_on": "date",
        "capacity": "text",
        "outcomes": "text",
        "support_reason": "text",
        "action": "text",
        "begun_at": "int8",
        "concluded_at": "int8",
        "doubled": "uuid",
        "elsewhere": "int8",
        "referrals": "jsonb",
        "withdrawn": "jsonb",
        "lapsed": "jsonb",
        "triples": "jsonb",
        "risks_found": "jsonb",
        "risks_not_found": "jsonb",
        "conditions": "jsonb",
        "individuals": "jsonb",
        "doubted": "jsonb",
        "transfers": "jsonb",
        "about": "jsonb",
        "unsettled": "jsonb",
    },
    row=FactRow,
    # What has one day is found by it; what has several, or was withdrawn, is little.
    indexes=(
        "(last_on)",
        "(concluded_on)",
        "(last_on) WHERE begun_on IS DISTINCT FROM last_on",
        "(concluded_on) WHERE concluded_from IS DISTINCT FROM concluded_on",
        '("case") WHERE concluded_on IS NOT NULL',
        "(begun_at) WHERE withdrawn <> '[]'",
        "(begun_at) WHERE lapsed <> '[]'",
        "(begun_at) WHERE doubted <> '[]'",
        "(begun_at) WHERE doubled IS NOT NULL",
    ),
    touches=touches,
    fold=fold,
)
