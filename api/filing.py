"""A return filed: made once, kept sealed as it was handed over, and never reckoned again.

In this order: the figures read; the trace of that; the document kept, closed; the entry that says
it was filed, and with it the document's own key, both or neither. A crash in between leaves a
document that nothing names and nothing opens, and the same request sent again makes another.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from api.basis import Basis
from api.clock import entropy, new_reference
from api.clocks import Clocks
from api.filed import Filing
from api.office import Office
from api.problems import Problem
from api.returns.councils import listed
from api.returns.forgetting import without_forgotten
from api.routes.door import Reader
from api.routes.waiting import BRIEFLY_S, viewing
from domain.authority import denied, may, who_may
from domain.erasure import lost
from domain.filing import (
    ApproveFilingErasure,
    Command,
    EraseFiling,
    FileReturn,
    Filings,
    check_known,
    check_over,
    replay,
)
from domain.handle import Ask, local_day
from domain.record.keyring import NewKey
from domain.record.log import CommandReused
from domain.record.wrapping import requests_secret
from domain.refusal import Conflict, Corrupt, NotFound, Refused
from domain.when import instant
from domain.words import Code, Digest, DocumentRef, Particulars, Personal, Slug
from projections.returns import CHECKED, QUARTERLY, tables_of
from projections.returns.adults import PEOPLE, births
from projections.returns.facts import ENTRIES, EVERYTHING, FACTS, Facts, read_facts
from projections.returns.filed import (
    FiledReturn,
    Whole,
    digest_of,
    otherwise,
    read,
    under_age,
    written,
)
from projections.returns.longform import SIMULATED
from projections.returns.periods import Span, covering, said_of
from projections.returns.reading import as_filed, opened, read_return, views
from projections.returns.table import Cell
from projections.returns.validation import FAILED, Sent, validate

COMMAND: Final = "file-return"
MEDIA: Final = "application/x-ndjson"
_TRIES: Final = 20
_OTHERWISE: Final = "the return that is kept of it is otherwise than it says:"
_Closed: TypeAlias = tuple[DocumentRef, Digest, tuple[NewKey, ...]]
NONE_HERE: Final = "This nation's return for that period has no tables here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One request to file, with what is said of it: sent again under its id, answered again."""

    id: UUID
    digest: bytes
    note: str | None = None


def run_of(
    office: Office, command: UUID, body: Sequence[str | None], note: str | None, **clocks: object
) -> Run:
    """What tells a request from another under its id; with a note, nobody can try its words.

    `clocks` are those that were sent, None where one was left out.
    """
    secret = office.wrapping.search_key()
    if note is not None:
        secret += office.keyring.secret(office.authority, requests_secret(office.authority))
    sent = {name: one for name, one in clocks.items() if one is not None}
    # Without any it is as every release reckoned it.
    whole = ["POST", COMMAND, body, *([sent] if sent else [])]
    text = json.dumps(whole, sort_keys=True).encode()
    return Run(id=command, digest=hmac.digest(secret, text, "sha256"), note=note)


# ------------------------------------------------------------------------------------- to file


def file_return(
    reader: Reader, of: Span, clocks: Clocks, basis: Basis, run: Run
) -> tuple[Filing, bool]:
    """File the return of a period as it is known by the clocks; and whether it was filed before.

    Raises:
        Problem: `not-permitted`.
        Refused: the period is not over, or was not by what was known then.
        NotFound: the nation has no return of that period here, or files it by quarters.
        CommandReused: the run was another request's.
        Behind: the views have not reached that position.
    """
    office = reader.office
    if not may(reader.actor.role, COMMAND):
        raise Problem("not-permitted", denied(who_may(COMMAND)))
    stood = office.record.log.command(run.id)
    if stood is not None:
        appended, before = stood
        if before != run.digest:
            raise CommandReused
        return _at(office, appended.last), True
    _check_filed_so(office, of)
    check_over(of.period.last, local_day(office.clock.now()))
    check_known(of.period.last, _known_until(office, clocks))
    content = _made(reader, of, clocks, basis)
    document, digest, keys = _kept_closed(reader, run, content)
    heading = read(content).heading
    period = of.period
    command = FileReturn(
        annual_return=Code(heading["annual_return"]),
        year=of.year,
        first=period.first,
        last=period.last,
        as_at=heading["as_at"],
        document=document,
        digest=digest,
        sha256=Digest(digest_of(content)),
        broken=tuple(Slug(one["rule"].lower()) for one in heading["broken"]),
        note=None if run.note is None else Personal(office.authority, run.note),
    )
    return _at(office, _recorded(reader, command, run, keys)), False


def _kept_closed(reader: Reader, run: Run, content: bytes) -> _Closed:
    """Keep a document under a key of its own: no case's and no person's forgetting takes it.

    Under a number of its request, but never under that of another attempt, cut short or under way.
    """
    keep, case = reader.office.documents.keep_closed, reader.office.authority
    given: Any = {"case": case, "by": reader.actor, "purpose": reader.purpose}
    first = DocumentRef(uuid5(run.id, "filed return"))
    if not reader.office.documents.has(first):
        with suppress(Refused):  # the same request, sent to another process, took it a moment ago
            return first, *keep(first, content, MEDIA, **given)
    other = DocumentRef(new_reference())
    return other, *keep(other, content, MEDIA, **given)


def _check_filed_so(office: Office, of: Span) -> None:
    """Hold a filing to a quarter where the nation's return is by quarters. Raises NotFound."""
    if of.quarter is None and office.jurisdiction.code in QUARTERLY:
        raise NotFound(f"This nation's return is filed by quarters: {said_of(of.quarters)}.")


def _known_until(office: Office, clocks: Clocks) -> date:
    """The first day on which more was known than by these clocks; today where nothing is."""
    today = local_day(office.clock.now())
    if clocks.known_on is not None:
        return min(today, clocks.known_on + timedelta(days=1))
    more = [] if clocks.as_at is None else office.record.log.at([clocks.as_at + 1])
    return local_day(more[0].recorded_at) if more else today


def _made(reader: Reader, of: Span, clocks: Clocks, basis: Basis) -> bytes:
    """The document of a return as known by the clocks; the reading has left its trace."""
    office = reader.office
    whole, as_at = whole_return(office, of, clocks, anew=True)
    basis.settle(as_at, clocks.on)
    reader.viewed("return", as_at=as_at)
    nation, period = office.jurisdiction, of.period
    heading = {
        "stamp": SIMULATED if office.simulated else None,
        "annual_return": next(iter(nation.lists["annual_return"])),
        "return": nation.terms["return"],
        "year": of.year,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "as_at": as_at,
        "basis": basis.named(),
        "council": office.council,
        "broken": _broken(office, of, [cell for _, filled in whole for cell in filled.cells]),
        "salt": entropy(16).hex(),  # what is small enough to guess is not confirmed by its digest
    }
    return written(heading, whole)


def _broken(office: Office, of: Span, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The hard rules of the collection that the figures break, with the words of each."""
    council = office.council
    sent = Sent(cells=cells, council=council, listed=listed(office, of.year))
    hard = validate(sent, [one for one in CHECKED.get(office.jurisdiction.code, ()) if one.hard])
    return [
        {
            "rule": one.rule.number,
            "holds": one.rule.holds,
            "faults": [fault.says for fault in one.faults],
        }
        for one in hard
        if one.outcome == FAILED
    ]


def whole_return(
    office: Office, of: Span, clocks: Clocks, *, wait: float = BRIEFLY_S, anew: bool = False
) -> tuple[Whole, int]:
    """Every table of a return as known by the clocks, and the position that is of.

    `anew`: it is filed, so that a filing that proves itself no more is passed over, not in its way.

    Raises NotFound, and Behind.
    """
    nation = office.jurisdiction.code
    asked = tables_of(nation, of)
    if not asked:
        raise NotFound(NONE_HERE)
    names = [one.name for one in views(nation)]
    with viewing(office, names, clocks.as_at, wait=wait) as (conn, as_at):
        facts = read_return(conn, nation, of.period, as_at=as_at)
    facts = opened_facts(office, facts, as_at, anew=anew)
    return [(one, one.filled(facts)) for one in asked], as_at


def opened_facts(
    office: Office,
    facts: Facts,
    as_at: int,
    needs: Collection[str] = EVERYTHING,
    *,
    anew: bool = False,
) -> Facts:
    """The facts, as known at a position, with what the tables need, and nothing forgotten.

    What was answered in a case that was forgotten is told at no position. `needs` is what was read.
    """
    return with_details(office, without_forgotten(office, facts), as_at, needs, anew=anew)


def with_details(
    office: Office,
    facts: Facts,
    as_at: int,
    needs: Collection[str] = EVERYTHING,
    *,
    anew: bool = False,
) -> Facts:
    """The facts, as known at a position, with what the tables need of sealed details.

    `needs` is what was read of them. What a filing left out may be told of by an entry that was not
    read for it: whose that is is read then, so that a table alone leaves out whom all of it does.

    Whoever was forgotten, and was left out as under age when the period was last filed, stays left
    out, also of what was known before: what is forgotten is not known at any time. Of whom another
    birth was told at the position than when it was filed, the filing says nothing.
    """
    nation = office.jurisdiction.code
    facts = opened(nation, facts, office.record.unseal_again)
    if not facts.forgotten:
        return facts
    of = covering(facts.period.first, facts.period.last)
    quarterly = of.quarter is None and nation in QUARTERLY
    for each in (of, *of.quarters) if quarterly else (of,):
        if (last := last_kept(office, each, anew=anew)) is not None:
            one, filed = last
            other = _born_otherwise(office, facts.forgotten, (one.event.as_at, as_at))
            left = under_age(filed.tables)
            every = _every_entry(office, facts, as_at, needs) if left else facts
            facts = as_filed(nation, facts, left, but=other, every=every)
    return facts


def _every_entry(office: Office, facts: Facts, as_at: int, needs: Collection[str]) -> Facts:
    """The facts of a period that have all its concerns and enquiries, read where these do not."""
    if ENTRIES.issubset(needs):
        return facts
    with viewing(office, [FACTS.name], as_at) as (conn, position):
        return read_facts(conn, facts.period, as_at=position, needs=ENTRIES)


def _born_otherwise(
    office: Office, people: Iterable[UUID], positions: tuple[int, int]
) -> frozenset[UUID]:
    """Of whom another entry says at two positions when they were born."""
    with viewing(office, [PEOPLE.name], max(positions)) as (conn, _):
        one, other = (births(conn, people, at) for at in positions)
    return frozenset(each for each in people if one.get(each) != other.get(each))


def _recorded(reader: Reader, command: Command, run: Run, keys: tuple[NewKey, ...] = ()) -> int:
    """Record it, whatever else is recorded of the authority meanwhile; the entry's position.

    `keys` become durable with it.
    """
    office = reader.office
    for _ in range(_TRIES):
        ask = Ask(
            command=command,
            stream=office.authority,
            expected_version=len(office.record.log.stream(office.authority)),
            actor=reader.actor,
            particulars=Particulars(
                occurred=instant(office.clock.now()), purpose=reader.purpose, correlation=run.id
            ),
            id=run.id,
            digest=run.digest,
            keys=keys,
        )
        try:
            return office.handler.handle(ask).appended.last
        except Conflict:
            continue
    raise Refused("busy", "I1", "Others are recording of the authority: ask again.")


def _at(office: Office, position: int) -> Filing:
    """The filing whose entry stands at a position."""
    known = _filings(office, None)
    for filed in known.filed:
        if filed.position == position:
            same = _numbered(office, known, covering(filed.event.first, filed.event.last))
            return next(one for one in same if one.fact.position == position)
    raise CommandReused


# ------------------------------------------------------------------------------ what was filed


def _filings(office: Office, as_at: int | None) -> Filings:
    return replay(office.record.open(office.record.log.stream(office.authority, as_at=as_at)))


def filings(office: Office, of: Span, as_at: int | None = None) -> list[Filing]:
    """Every filing of a period known at a position, the first first."""
    return _numbered(office, _filings(office, as_at), of)


def _numbered(office: Office, known: Filings, of: Span) -> list[Filing]:
    return [
        Filing(
            number=number,
            fact=one,
            simulated=office.simulated,
            erased=known.erased.get(one.version),
        )
        for number, one in enumerate(known.of(of.period.first, of.period.last), start=1)
    ]


def filing(office: Office, of: Span, number: int | None = None, as_at: int | None = None) -> Filing:
    """One filing of a period known at a position; the last where no number is given.

    Also of one filed by then it is said that it was erased since: it is kept no more.

    Raises NotFound.
    """
    every = filings(office, of)
    found = [one for one in every if as_at is None or one.fact.position <= as_at]
    if not found and every and number is None:
        first = every[0].fact.position
        words = f"No such return was filed here by position {as_at}; the first is entry {first}."
        raise NotFound(f"{words} Name the filing, or a later position.")
    if not found or (number is not None and not 1 <= number <= len(found)):
        raise NotFound("No such return was filed here.")
    return found[-1 if number is None else number - 1]


def kept(office: Office, one: Filing) -> FiledReturn:
    """A return as it was filed, byte for byte, and what its figures count.

    Raises:
        NotFound: it was erased, which is said.
        Corrupt: what is kept is not what was filed.
    """
    event = one.event
    named = {one.fact.position: [event.digest]}
    try:
        content = office.documents.read(event.document, office.authority, named).content
    except NotFound:
        raise Corrupt(
            f"position {one.fact.position}: what it says was filed is not there"
        ) from None
    if content is None:
        raise NotFound(_gone(office, one))
    filed = read(content)
    if other := otherwise(filed, event):
        raise Corrupt(f"position {one.fact.position}: {_OTHERWISE} {', '.join(other)}")
    return filed


def _gone(office: Office, one: Filing) -> str:
    """What is said of a filing that nothing opens. Raises Corrupt: nothing known ended it."""
    erased = _filings(office, None).erased.get(one.fact.version)  # also if since, or just now
    if (said := replace(one, erased=erased).forgotten()) is not None:
        return said
    taken, _keys = lost(office.readings.log, office.lives())
    if one.event.document not in taken:
        raise Corrupt(f"position {one.fact.position}: its key is gone, and no entry ended it")
    return "This return was filed, and is kept no more."


def ill_kept(office: Office) -> list[str]:
    """Which filings are kept otherwise than their entries say; not those that do not open."""
    found = list[str]()
    for fact in _filings(office, None).filed:
        event = fact.event
        with suppress(Corrupt, NotFound):
            content = office.documents.read(event.document, office.authority).content
            if content is not None and (other := otherwise(read(content), event)):
                found.append(f"position {fact.position}: {_OTHERWISE} {', '.join(other)}")
    return found


def last_kept(
    office: Office, of: Span, as_at: int | None = None, *, anew: bool = False
) -> tuple[Filing, FiledReturn] | None:
    """The last filing of a period, known at a position, that was not ended.

    Raises Corrupt; where it is filed `anew`, one that proves itself no more is passed over.
    """
    for one in reversed(filings(office, of, as_at)):
        try:
            return one, kept(office, one)
        except NotFound:
            continue
        except Corrupt:
            if not anew:
                raise
    return None


def kept_no_more(one: Filing, every: Sequence[Filing]) -> list[str]:
    """What is said where a return was filed again after a filing, and what was is not kept."""
    later = [f"{each.number}" for each in every if each.number > one.number]
    return (
        [f"Filed again since (filing {', '.join(later)}), which is kept no more."] if later else []
    )


def forgotten(office: Office, streams: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these cases and persons were forgotten."""
    return office.keyring.destroyed_of(set(streams))


# -------------------------------------------------------------------------------- kept no more

KEPT_AS: Final = Code("filed_return")


def approve_end(reader: Reader, one: Filing, ground: str, command: UUID) -> int:
    """Approve that what was filed is erased; the entry's position. Raises Refused."""
    asked = ApproveFilingErasure(
        retention_class=KEPT_AS, authority=Code(ground), target=one.fact.version
    )
    return _recorded(reader, asked, _run(asked, command))


def end(reader: Reader, one: Filing, ground: str, command: UUID) -> int:
    """Erase what was filed, by the last approval that others gave of it; the entry's position.

    Its key is destroyed when this returns. Raises Refused: nobody else approved it, or a legal
    hold stands.
    """
    office = reader.office
    waiting = _filings(office, None).approvals.waiting(
        (), local_day(office.clock.now()), latest=len(office.record.log.stream(office.authority))
    )
    by = [
        each.version
        for each in waiting
        if (each.target, each.authority) == (one.fact.version, ground)
        and each.by != reader.actor.worker
    ]
    asked = EraseFiling(
        retention_class=KEPT_AS,
        authority=Code(ground),
        target=one.fact.version,
        approvals=tuple(by[-1:]),
    )
    return _recorded(reader, asked, _run(asked, command))


def _run(asked: Command, command: UUID) -> Run:
    return Run(id=command, digest=sha256(repr(asked).encode()).digest())
