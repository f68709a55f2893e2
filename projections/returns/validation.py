"""What is checked of a return before it is sent: the rules V1 to V13, each hard or soft.

No official list of the collection's validation rules was obtained. `basis` says of each what it
rests on: [S…] and [CODE] were read in guidance or in the publication code, [DERIVED] follows from
them, [memory] was never confirmed and is to be held against the template. A rule about a table that
was not given is not checked; it does not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from projections.returns.england.asked import MANDATORY
from projections.returns.england.councils import Listed
from projections.returns.longform import Place, place_of
from projections.returns.table import Cell
from projections.returns.variance import PERCENT, SMALLEST, changes

CONCERNS: Final = "Safeguarding Concerns"
SECTION_42: Final = "Section 42 Enquiries"
OTHER: Final = "Other Enquiries"
CONCLUDED: Final = "Concluded Section 42 Enquiries"
REVIEWS: Final = "Count of Safeguarding Adult Reviews"
INDIVIDUALS: Final = "Count of Individuals Involved in Safeguarding Adult Reviews"
_METRICS: Final = (CONCERNS, SECTION_42, OTHER)
LACKED: Final = "Yes, they lacked capacity"
CAPACITY: Final = (LACKED, "No, they did not lack capacity", "Don't know", "Not recorded")
SUPPORTED: Final = (
    "Of the enquiries recorded as Yes, in how many of these cases was support provided by an "
    "advocate, family or friend"
)
EXPRESSED: Final = "Yes they were asked and outcomes were expressed"
ASKED: Final = (
    EXPRESSED,
    "Yes they were asked but no outcomes were expressed",
    "No",
    "Don't Know",
    "Not Recorded",
)
ACHIEVED: Final = ("Fully Achieved", "Partially Achieved", "Not Achieved")
IDENTIFIED: Final = ("Risk identified and action taken", "Risk identified and no action taken")
DIED: Final = "Where one or more individuals died"
WHO_DIED: Final = "Who suffered serious harm and died"

Outcome: TypeAlias = Literal["passed", "failed", "not_checked"]
PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_CHECKED: Final = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is checked: a return's cells, those of the year before, and what goes with them.

    `commented` are the tables for which a comment explains what differs from the year before.
    `signed`: whether the sign-off sheet is complete; None where nobody says. `council` is the code
    it names, and `listed` those of the year, where known. `gone` are entries of cases forgotten.
    """

    cells: Sequence[Cell]
    last: Sequence[Cell] | None = None
    commented: Collection[str] = ()
    signed: bool | None = None
    council: str | None = None
    listed: Listed | None = None
    percent: int = PERCENT
    smallest: int = SMALLEST
    gone: Collection[int] = ()
    _of: dict[tuple[str, str], list[Cell]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Sort the cells by table and enquiry type."""
        for one in self.cells:
            self._of.setdefault((one.table, one.enquiry_type), []).append(one)

    def block(self, table: str, enquiry_type: str) -> Block:
        """The cells of one population of a table."""
        return Block(table, enquiry_type, tuple(self._of.get((table, enquiry_type), ())))


class Block(NamedTuple):
    """The cells of one population of a table."""

    table: str
    enquiry_type: str
    cells: tuple[Cell, ...]

    @property
    def given(self) -> bool:
        """Whether there are cells, and each has a figure."""
        return bool(self.cells) and all(one.value is not None for one in self.cells)

    @property
    def total(self) -> int:
        """All of it added up; what was not given is nothing."""
        return sum(one.value or 0 for one in self.cells)

    def only(self, *categories: str) -> Block:
        """Those of some categories."""
        return self._replace(cells=tuple(one for one in self.cells if one.category in categories))

    def by(self, subcategory: str) -> Block:
        """Those of one column."""
        return self._replace(
            cells=tuple(one for one in self.cells if one.subcategory == subcategory)
        )

    @property
    def subcategories(self) -> list[str]:
        """Its columns, in order."""
        return list(dict.fromkeys(one.subcategory for one in self.cells))

    @property
    def places(self) -> tuple[Place, ...]:
        """Where its cells stand."""
        return tuple(map(place_of, self.cells))

    def said(self) -> str:
        """What it is called."""
        return f"{self.table} ({self.enquiry_type})"


class Fault(NamedTuple):
    """Where a rule does not hold, and in which words."""

    says: str
    cells: tuple[Place, ...] = ()


class Missing(NamedTuple):
    """What a rule needs and is not given."""

    says: str


Findings: TypeAlias = Iterator[Fault | Missing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what has to hold, whether a return is refused without, and what is then done."""

    number: str
    hard: bool
    basis: str
    holds: str
    remedy: str
    test: Callable[[Sent], Findings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How a rule came out: each fault it found, and what it could not be tested on."""

    rule: Rule
    outcome: Outcome
    faults: tuple[Fault, ...]
    missing: tuple[str, ...]


def validate(sent: Sent, rules: Iterable[Rule] | None = None) -> tuple[Checked, ...]:
    """Test every rule. One that found nothing wrong, and lacked something, was not checked."""
    return tuple(_checked(rule, sent) for rule in (RULES if rules is None else rules))


def refused(checked: Iterable[Checked]) -> bool:
    """Whether a hard rule does not hold."""
    return any(one.rule.hard and one.outcome == FAILED for one in checked)


def _checked(rule: Rule, sent: Sent) -> Checked:
    found = list(rule.test(sent))
    faults = tuple(one for one in found if isinstance(one, Fault))
    missing = tuple(one.says for one in found if isinstance(one, Missing))
    outcome: Outcome = FAILED if faults else NOT_CHECKED if missing else PASSED
    return Checked(rule=rule, outcome=outcome, faults=faults, missing=tuple(dict.fromkeys(missing)))


def _lacking(*blocks: Block) -> list[Missing]:
    """What of some blocks is not given."""
    return [Missing(f"{one.said()} is not given") for one in blocks if not one.given]


# --------------------------------------------------------------------------------------- the rules


def _v1(sent: Sent) -> Findings:
    for metric in _METRICS:
        blocks = [sent.block(table, metric) for table in ("SG1a", "SG1b", "SG1c")]
        yield from _lacking(*blocks)
        there = [one for one in blocks if one.given]
        if len({one.total for one in there}) > 1:
            totals = ", ".join(f"{one.table} {one.total}" for one in there)
            yield Fault(f"{metric}: {totals}", _places(there))


def _v2(sent: Sent) -> Findings:
    for metric in _METRICS:
        people, cases = sent.block("SG1a", metric), sent.block("SG1f", metric)
        if lacking := _lacking(people, cases):
            yield from lacking
        elif people.total > cases.total or bool(people.total) is not bool(cases.total):
            words = f"{metric}: {people.total} individuals (SG1a) and {cases.total} cases (SG1f)"
            yield Fault(words, _places((people, cases)))


def _v3(sent: Sent) -> Findings:
    for metric in _METRICS:
        people, reasons = sent.block("SG1a", metric), sent.block("SG1d", metric)
        cases = sent.block("SG1f", metric)
        if lacking := _lacking(people, reasons, cases):
            yield from lacking
        elif not people.total <= reasons.total <= cases.total:
            words = (
                f"{metric}: {people.total} individuals (SG1a), {reasons.total} support reasons "
                f"(SG1d), {cases.total} cases (SG1f)"
            )
            yield Fault(words, _places((people, reasons, cases)))


def _v4(sent: Sent) -> Findings:
    concerns, enquiries, other = (sent.block("SG1f", metric) for metric in _METRICS)
    if lacking := _lacking(concerns, enquiries):
        yield from lacking
    elif enquiries.total + other.total > concerns.total:
        words = (
            f"{enquiries.total} Section 42 and {other.total} other enquiries, of "
            f"{concerns.total} concerns"
        )
        yield Fault(words, _places((concerns, enquiries, other)))


def _v5(sent: Sent) -> Findings:
    concluded = sent.block("SG3a", CONCLUDED).only(*CAPACITY)
    yield from _lacking(concluded)
    for table in ("SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e"):
        block = sent.block(table, CONCLUDED)
        yield from _lacking(block)
        if concluded.given:
            over = [one for one in block.cells if (one.value or 0) > concluded.total]
            for one in over:
                words = f"{one.value}, of {concluded.total} concluded enquiries (SG3a)"
                yield Fault(words, (place_of(one),))


def _v5_totals(sent: Sent) -> Findings:
    concluded = sent.block("SG3a", CONCLUDED).only(*CAPACITY)
    yield from _lacking(concluded)
    for table in ("SG2a", "SG2b"):
        block = sent.block(table, CONCLUDED)
        if not block.given:
            yield from _lacking(block)
        elif concluded.given and block.total < concluded.total - _gone(sent, concluded):
            words = f"{table}: {block.total} in all, of {concluded.total} concluded enquiries"
            words = f"{words} (SG3a)"
            yield Fault(words, _places((block, concluded)))


def _gone(sent: Sent, block: Block) -> int:
    return sum(each.position in sent.gone for one in block.cells for each in one.counted)


def _v6(sent: Sent) -> Findings:
    outcomes = sent.block("SG2e", CONCLUDED)
    identified = sent.block("SG2c", CONCLUDED).only(*IDENTIFIED)
    if lacking := _lacking(outcomes, identified):
        yield from lacking
        return
    for source in dict.fromkeys((*outcomes.subcategories, *identified.subcategories)):
        ended, found = outcomes.by(source), identified.by(source)
        if ended.total != found.total:
            words = (
                f"{source or 'In all'}: {ended.total} outcomes of risk (SG2e), {found.total} risks"
            )
            yield Fault(f"{words} identified (SG2c)", _places((ended, found)))


def _v7(sent: Sent) -> Findings:
    block = sent.block("SG3a", CONCLUDED)
    supported, lacked = block.only(SUPPORTED), block.only(LACKED)
    if lacking := _lacking(supported, lacked):
        yield from lacking
        return
    for column in block.subcategories:
        some, every = supported.by(column), lacked.by(column)
        if some.total > every.total:
            words = f"{some.total} supported, of {every.total} who lacked capacity"
            yield Fault(words, _places((some, every)))


def _v8(sent: Sent) -> Findings:
    asked = sent.block("SG4a", CONCLUDED).only(*ASKED)
    answered = sent.block("SG3a", CONCLUDED).only(*CAPACITY)
    if lacking := _lacking(asked, answered):
        yield from lacking
    elif asked.total and asked.total != answered.total:
        words = f"{asked.total} answers in SG4a, {answered.total} in SG3a"
        yield Fault(words, _places((asked, answered)))


def _v9(sent: Sent) -> Findings:
    block = sent.block("SG4a", CONCLUDED)
    achieved, expressed = block.only(*ACHIEVED), block.only(EXPRESSED)
    if lacking := _lacking(achieved, expressed):
        yield from lacking
        return
    for column in block.subcategories:
        ended, said = achieved.by(column), expressed.by(column)
        if ended.total != said.total:
            words = f"{ended.total} say whether outcomes were achieved, {said.total} expressed any"
            yield Fault(words, _places((ended, said)))


def _v10(sent: Sent) -> Findings:
    reviews, people = sent.block("SG5a", REVIEWS), sent.block("SG5b", INDIVIDUALS)
    if lacking := _lacking(reviews, people):
        yield from lacking
        return
    fatal, dead = reviews.only(DIED), people.only(WHO_DIED)
    if bool(fatal.total) is not bool(dead.total):
        words = f"{fatal.total} reviews where somebody died (SG5a), {dead.total} who died (SG5b)"
        yield Fault(words, _places((fatal, dead)))
    if people.total < reviews.total:
        words = f"{reviews.total} reviews (SG5a) of {people.total} individuals (SG5b)"
        yield Fault(words, _places((reviews, people)))


def _v11(sent: Sent) -> Findings:
    for (table, enquiry_type), only in MANDATORY.items():
        block = sent.block(table, enquiry_type)
        block = block if only is None else block.only(*only)
        if not block.cells:
            yield Missing(f"{block.said()} is not given")
        elif empty := tuple(place_of(one) for one in block.cells if one.value is None):
            yield Fault(f"{block.said()} is mandatory and has empty cells", empty)
    below = tuple(place_of(one) for one in sent.cells if (one.value or 0) < 0)
    if below:
        yield Fault("a count is below 0", below)
    if sent.signed is None:
        yield Missing("whether the sign-off sheet is complete was not said")
    elif not sent.signed:
        yield Fault("the sign-off sheet is not complete: the file is refused without it")


def _v12(sent: Sent) -> Findings:
    by_source, by_place = sent.block("SG2a", CONCLUDED), sent.block("SG2a_b1", CONCLUDED)
    if lacking := _lacking(by_source, by_place):
        yield from lacking
        return
    for kind in dict.fromkeys(one.category for one in (*by_source.cells, *by_place.cells)):
        one, other = by_source.only(kind), by_place.only(kind)
        if bool(one.total) is not bool(other.total):
            words = f"{kind}: {one.total} by source (SG2a), {other.total} by location (SG2a_b1)"
            yield Fault(words, _places((one, other)))


def _v13(sent: Sent) -> Findings:
    if not sent.last:
        yield Missing("the figures of the year before are not given")
        return
    by_table: dict[str, list[Place]] = {}
    for one in changes(sent.cells, sent.last, percent=sent.percent, smallest=sent.smallest):
        by_table.setdefault(one.place.table, []).append(one.place)
    before = {one.table for one in sent.last}
    for table in dict.fromkeys(one.table for one in sent.cells):
        if table not in before:
            yield Missing(f"{table} of the year before is not given")
    for table, places in by_table.items():
        if table not in sent.commented:
            words = f"{table}: {len(places)} figures differ by more than {sent.percent} %"
            yield Fault(f"{words}, and no comment says why", tuple(places))


def _places(blocks: Iterable[Block]) -> tuple[Place, ...]:
    return tuple(place for one in blocks for place in one.places)


_OPEN: Final = "Open the figures named (`return explain`), and correct what was recorded wrongly."
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        number="V1",
        hard=True,
        basis='[DERIVED] from "once in SG1a-SG1c" [S1]',
        holds="Individuals add up to the same in SG1a, SG1b and SG1c, for each metric.",
        remedy=f"Somebody is in one table and not in another. {_OPEN}",
        test=_v1,
    ),
    Rule(
        number="V2",
        hard=True,
        basis="[DERIVED] from counting persons in SG1a and cases in SG1f [S1]",
        holds="Individuals (SG1a) are no more than cases (SG1f), and none where there are none.",
        remedy="Look at what SG1a leaves out (those under 18 at the end of the year), and at cases "
        f"that name no adult. {_OPEN}",
        test=_v2,
    ),
    Rule(
        number="V3",
        hard=False,
        basis="[DERIVED]; the exact rule by which SG1d repeats a person was not seen",
        holds="Support reasons (SG1d) lie between individuals (SG1a) and cases (SG1f).",
        remedy=f"Compare with the rule in the template. {_OPEN}",
        test=_v3,
    ),
    Rule(
        number="V4",
        hard=False,
        basis="subset rule [S1]",
        holds="Enquiries are a subset of concerns (SG1f).",
        remedy="Right where concerns raised in March led to enquiries begun in April: say so in a "
        "comment. Else a concern was not recorded, or was decided not to count.",
        test=_v4,
    ),
    Rule(
        number="V5",
        hard=True,
        basis="[DERIVED] from counting an enquiry at most once in each cell of SG2 [S5]",
        holds="No cell of SG2 is above the number of concluded enquiries (the answers of SG3a).",
        remedy=_OPEN,
        test=_v5,
    ),
    Rule(
        number="V5",
        hard=False,
        basis="[DERIVED] from at least one category applying to each enquiry [S5]",
        holds="SG2a and SG2b each add up to no less than the concluded enquiries (not forgotten).",
        remedy="Enquiries were concluded without a type, source or location: see the exceptions, "
        "and record what is known.",
        test=_v5_totals,
    ),
    Rule(
        number="V6",
        hard=True,
        basis="[memory]; SG2e is asked only where a risk was identified",
        holds="Outcomes of risk (SG2e) are as many as risks identified (SG2c), source by source.",
        remedy="Confirm the rule in the template. An outcome of a risk is missing, or one was told "
        f"twice. {_OPEN}",
        test=_v6,
    ),
    Rule(
        number="V7",
        hard=True,
        basis="wording [CODE]; a council sent Yes and No exchanged for 2024-25 [S3]",
        holds="Those supported are among those who lacked capacity (SG3a).",
        remedy=f"Yes and No may have been exchanged. {_OPEN}",
        test=_v7,
    ),
    Rule(
        number="V8",
        hard=False,
        basis="[memory]",
        holds="Where SG4a is given, its answers are as many as those of SG3a.",
        remedy=f"Confirm the rule in the template. {_OPEN}",
        test=_v8,
    ),
    Rule(
        number="V9",
        hard=True,
        basis="[DERIVED]/[memory]",
        holds="Outcomes achieved fully, partly or not add up to those expressed (SG4a).",
        remedy=f"Whether an outcome was achieved was not recorded. {_OPEN}",
        test=_v9,
    ),
    Rule(
        number="V10",
        hard=True,
        basis="[DERIVED]",
        holds="Somebody died in SG5b where a review in SG5a says so, and there are no more reviews "
        "than individuals.",
        remedy=f"A review does not say who was involved, or how it ended for them. {_OPEN}",
        test=_v10,
    ),
    Rule(
        number="V11",
        hard=True,
        basis="[S2] [S5] [CODE]; which cells are mandatory is [memory] but for SG1a",
        holds="Mandatory cells are filled, counts are no less than 0, the sign-off is complete. A "
        "voluntary blank is not 0.",
        remedy="Fill what is empty; complete the sign-off sheet.",
        test=_v11,
    ),
    Rule(
        number="V12",
        hard=False,
        basis="[DERIVED]",
        holds="A type of risk is in SG2a_b1 where it is in SG2a.",
        remedy="A source or a location of risk was not recorded: see the exceptions.",
        test=_v12,
    ),
    Rule(
        number="V13",
        hard=False,
        basis="comment boxes for variances [S2]; from how much on was not seen: it is ours",
        holds="What differs much from the year before has a comment.",
        remedy="Say in a comment of the template why it differs.",
        test=_v13,
    ),
)
