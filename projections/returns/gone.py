"""A case that was lawfully forgotten: it counts as before, and what was answered in it is unknown.

Codes stay in the log; but whoever makes a return asks which cases were forgotten, and hands the
tables facts that do not tell any more what was answered there, at whichever position is asked. What
stays is that something was, when, of which kind and of whom: a concern, an enquiry, a conference.
Where a table has a row of what is not known such an answer stands there, as not known and not as
not recorded, which it was; where it has none the case is left out, with its reason and no remedy,
whatever it had answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql

from projections.returns.dataset import NOT_RECORDED, Dataset, Inquiry, Step
from projections.returns.facts import FACTS, Concern, Enquiry, Facts, Review, Withdrawn
from projections.returns.rows import CONCERN
from projections.table import array_of

NOT_KNOWN: Final = "not_known"  # an answer, as it is recorded
Told = tuple[UUID, int]  # a case, and an entry that is read in it


def answering(facts: Facts) -> list[UUID]:
    """The case of everything in the facts that was answered, each as often as there is."""
    told_of = (one.case for one in facts.concerns if one.concluded is not None)
    ended = (one.case for one in (*facts.begun, *facts.concluded) if one.concluded_at is not None)
    return [*told_of, *ended, *(one.case for one in facts.reviews)]


def cases(facts: Facts) -> list[UUID]:
    """The case of everything in the facts, each as often as there is."""
    each = (facts.concerns, facts.doubtful, facts.begun, facts.concluded, facts.reviews)
    found = [one.case for some in (*each, facts.withdrawn, facts.beside) for one in some]
    found += [one.case for one in facts.contacts]
    found += [one.case for one in facts.besides.linked]
    return found + [one.case for one in facts.dataset.told]


def told(facts: Facts, of: Collection[UUID]) -> Iterator[Told]:
    """Every entry of some cases that the facts rest on."""
    concerns = (*facts.concerns, *facts.doubtful, *facts.contacts)
    for one in (one for one in concerns if one.case in of):
        ended = () if one.concluded is None else one.concluded[1:]
        said = (at for at, *_ in one.every)
        every = (one.position, one.decided, *said, *one.unsettled[1:], *ended)
        yield from ((one.case, at) for at in every if at is not None)
    yield from ((one.case, one.position) for one in facts.besides.linked if one.case in of)
    for each in (each for some in (facts.begun, facts.concluded) for each in some):
        if each.case in of:
            ends = () if each.concluded_at is None else (each.concluded_at,)
            yield from ((each.case, at) for at in (each.opened_at, *ends, *each.unsettled[1:]))
    named: tuple[Review | Withdrawn | Step, ...]
    named = (*facts.reviews, *facts.withdrawn, *facts.beside, *facts.dataset.told)
    yield from ((other.case, other.position) for other in named if other.case in of)


def joined_with(conn: Connection[Any], cases_: Iterable[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Some cases, each with another whose concern was ever read in it."""
    query = sql.SQL(
        'SELECT DISTINCT "case", subject FROM {} WHERE what = {} AND subject <> "case"'
        ' AND "case" = ANY((SELECT %s::uuid[])::uuid[])'
    ).format(sql.Identifier("views", FACTS.name), CONCERN)
    return conn.execute(query, (array_of(cases_),)).fetchall()


def bare(facts: Facts, gone: Collection[int]) -> Facts:
    """The facts without what was answered at some entries, which were forgotten with their cases.

    An enquiry that was concluded anew since tells what was told then.
    """
    if not gone:
        return facts
    anew = {
        one.opened_at
        for one in (*facts.begun, *facts.concluded)
        if one.concluded_at is not None and one.concluded_at not in gone
    }
    ended = ((one.position, one.concluded) for one in facts.concerns)
    anew |= {position for position, last in ended if last is not None and last[1] not in gone}
    return replace(
        facts,
        concerns=[_of_concern(one, gone) for one in facts.concerns],
        begun=[_of_enquiry(one, gone) for one in facts.begun],
        concluded=[_of_enquiry(one, gone) for one in facts.concluded],
        reviews=[_of_review(one, gone) for one in facts.reviews],
        doubted={at: one for at, one in facts.doubted.items() if at not in gone},
        dataset=_of_dataset(facts.dataset, gone),
        gone=frozenset(gone) - anew,
    )


def _of_concern(one: Concern, gone: Collection[int]) -> Concern:
    """A concern with the last answers of its case that are known, if it was not itself forgotten.

    Of merged cases that may be an answer of the other one.
    """
    mine = one.position in gone
    if not mine and not any(at in gone for at in one.told_at):
        return one
    left = [] if mine else [each for each in one.every if each[0] not in gone]
    reasons = [(at, reason) for at, reason, _ in left if reason is not None]
    conditions = [(at, said) for at, _, said in left if said]
    (reason_at, reason), (conditions_at, said) = (
        reasons[-1] if reasons else (None, None),
        conditions[-1] if conditions else (None, ()),
    )
    told_at = (reason_at, conditions_at)
    return replace(one, support_reason=reason, conditions=said, told_at=told_at)


def _of_enquiry(one: Enquiry, gone: Collection[int]) -> Enquiry:
    if one.concluded_at not in gone:
        return one
    return replace(
        one,
        capacity=NOT_KNOWN,
        outcomes=NOT_KNOWN,
        support_reason=None,
        conditions=(),
        triples=(),
        risks_found=(),
        risks_not_found=(),
    )


def _of_review(one: Review, gone: Collection[int]) -> Review:
    return replace(one, individuals=()) if one.position in gone else one


def _of_dataset(found: Dataset, gone: Collection[int]) -> Dataset:
    """The steps, but of referrals not who referred, nor of conclusions what they say.

    Nor of orders granted whether a power of arrest goes with them.
    """
    if not found.told:
        return found
    return replace(
        found,
        referrals=[replace(one, step=_silent(one.step, gone)) for one in found.referrals],
        inquiries=[_of_inquiry(one, gone) for one in found.inquiries],
        granted=[
            (one, NOT_RECORDED if one.step.position in gone else arrest)
            for one, arrest in found.granted
        ],
    )


def _of_inquiry(one: Inquiry, gone: Collection[int]) -> Inquiry:
    if not any(each.position in gone for each in one.endings):
        return one
    return replace(one, endings=[_silent(each, gone) for each in one.endings])


def _silent(one: Step, gone: Collection[int]) -> Step:
    return replace(one, code=None, harms=(), groups=()) if one.position in gone else one


def parted(each: Iterable[Inquiry], gone: Collection[int]) -> tuple[list[Inquiry], list[Inquiry]]:
    """Inquiries whose conclusion is not forgotten, and those of which it is."""
    kept, lost = list[Inquiry](), list[Inquiry]()
    for one in each:
        ended = one.concluded
        (lost if ended is not None and ended.position in gone else kept).append(one)
    return kept, lost
