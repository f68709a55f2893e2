"""A long log of cases: one model case recorded for real, then told again of many people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from api.clock import FixedClock, entropy, new_reference, seeded
from benchmarks.house import ACTOR, LOGIN, TEXT, Site
from domain import stored, when
from domain.allocation import CaseAllocated
from domain.closure import CaseClosed
from domain.concern import Allegation, ReferralReceived
from domain.conference import ConferenceConvened, ConferenceRescheduled, DelayReasonRecorded
from domain.correction import ChronologyEntryRecorded, EntryAnnotated, RecordCorrected
from domain.enquiry import EnquiryOpened, InvestigationReportSubmitted
from domain.monitoring import PlanEnded
from domain.plan import PlanAgreed, Terms
from domain.record.appending import Append, Prepared, StreamAppend
from domain.record.keyring import Keyring, WrappingKeys, open_keyring
from domain.record.log import Log
from domain.record.log_sql import Statements, packed_rows, prepare_writing
from domain.record.migration import migrate
from domain.record.record import Part, Record
from domain.words import (
    AllegationRef,
    Code,
    ConferenceRef,
    EnquiryRef,
    Particulars,
    Personal,
    PersonRef,
    PlanRef,
    ReportRef,
    Slug,
    WorkerRef,
)
from projections.projection import Projection
from projections.rebuild import prepare

OPEN: Final = 2000  # cases under way at any time
TEAMS: Final = 20
WORKERS: Final = 10  # of each team
TOGETHER: Final = 50  # events recorded at one time, twelve hours before the next
CHUNK: Final = 2000  # events committed at a time
_ADULT, _WORKER, _PLAN = UUID(int=1 << 80), UUID(int=2 << 80), UUID(int=3 << 80)
_TEAM: Final = Slug("team-00")
_YEAR: Final = 2024  # of the model case


@dataclass(frozen=True, slots=True)
class Place:
    """A database of the benchmark's server, as the application's login reaches it."""

    conninfo: str
    authority: UUID

    def connect(self, role: str = "holdfast_projector") -> Connection[Any]:
        """Connect with one role on."""
        return psycopg.connect(self.conninfo, autocommit=True, options=f"-c role={role}")


def place(site: Site, name: str, projections: tuple[Projection, ...]) -> Place:
    """Make a database with an empty record and empty views."""
    with psycopg.connect(site.owner, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner = make_conninfo(site.owner, dbname=name)
    made = Place(
        make_conninfo(site.conninfo, dbname=name),
        migrate(owner, authority=new_reference(), login=LOGIN).authority,
    )
    prepare(made.connect, projections)
    return made


def _model() -> list[object]:
    """One case from referral to closure: what most cases hold, passages among it."""
    words, day = Personal(_ADULT, TEXT), date(_YEAR, 3, 4)
    enquiry, conference = EnquiryRef(UUID(int=4 << 80)), ConferenceRef(UUID(int=5 << 80))
    allegation, code = AllegationRef(UUID(int=6 << 80)), Code("not_recorded")
    worker = WorkerRef(_WORKER)
    allocated = CaseAllocated(worker=worker, team=_TEAM, reason=code)
    note = EntryAnnotated(target=1, kind=code, text=words)
    entry = ChronologyEntryRecorded(agency=Slug("police"), text=words, assertion=code)
    return [
        ReferralReceived(
            adult=PersonRef(_ADULT),
            stage=Code("concern"),
            channel=Code("telephone"),
            referrer_role=Code("home_care"),
            referrer_confidential=Code("no"),
            received=when.on_day(day),
            adult_told=Code("yes"),
            allegations=(
                Allegation(ref=allegation, type=Code("neglect"), source=code, location=code),
            ),
            account=words,
        ),
        allocated,
        note,
        EnquiryOpened(
            enquiry=enquiry, kind=Code("section_42"), opened_on=day, large_scale=False, scope=words
        ),
        *[entry] * 6,
        RecordCorrected(
            target=6,
            supersedes=None,
            reason=code,
            asked_by=code,
            occurred=when.on_day(day),
            withdrawn=False,
        ),
        note,
        InvestigationReportSubmitted(
            report=ReportRef(UUID(int=7 << 80)),
            kind=Code("investigation"),
            author=worker,
            covers=(allegation,),
            states_wishes=code,
            proposes_outcomes=code,
            summary=words,
        ),
        ConferenceConvened(
            conference=conference,
            kind=Code("initial"),
            reason=code,
            planned_for=when.on_day(day),
            sequence=1,
            convened_role=code,
            large_scale=False,
            complex_case=False,
            agencies=(Slug("police"), Slug("health-board")),
        ),
        ConferenceRescheduled(conference=conference, planned_for=when.on_day(day), reason=code),
        DelayReasonRecorded(conference=conference, reason=words),
        *_carried_out(conference, allocated, note),
    ]


def _carried_out(conference: ConferenceRef, *noted: object) -> list[object]:
    """From the plan to the closing, with what is noted on the way."""
    plan, code = PlanRef(_PLAN), Code("not_recorded")
    allocated, note = noted
    return [
        PlanAgreed(
            plan=plan,
            version=1,
            conference=conference,
            origin=code,
            terms=Terms(),
            review_due=None,
        ),
        allocated,
        *[note] * 4,
        PlanEnded(plan=plan, reason=code),
        CaseClosed(reason=code, views=code, review_considered=code, contact_given=code),
    ]


def model_case(made: Place, site: Site) -> list[Prepared]:
    """Record the model case as the application does; its names, headers and payloads."""
    wrapping = WrappingKeys(site.keys / "views.json", entropy(32), entropy)
    with made.connect("holdfast_keeper") as conn:
        open_keyring(conn, wrapping)
    clock = FixedClock(datetime(_YEAR - 6, 1, 1, tzinfo=UTC))
    writer = {"autocommit": True, "options": "-c role=holdfast_writer"}
    with ConnectionPool(made.conninfo, min_size=1, max_size=4, kwargs=writer) as pool:
        log = Log(
            "cases",
            authority=made.authority,
            connect=lambda: made.connect("holdfast_writer"),
            pool=pool,
            clock=clock,
        )
        record = Record(log, Keyring(pool, wrapping, entropy), stored, clock, entropy)
        stream = new_reference()
        for number, event in enumerate(_model()):
            day = date(_YEAR, 3, 4) + timedelta(days=9 * number)
            record.append(
                [Part(stream, number, (event,))],
                actor=ACTOR,
                particulars=Particulars(occurred=when.on_day(day)),
                command=new_reference(),
                digest=bytes(32),
            )
        rows = log.stream(stream)
        log.close()
    return [Prepared(row.name, row.header, row.payload) for row in rows]


def _cases(model: Sequence[Prepared]) -> Iterator[Append]:
    """Events of many cases without end, each case under way beside OPEN others.

    A copy of the model case has another adult, worker, team, plan and year. Its passages are the
    model's: nobody who makes these views opens one.
    """
    random = seeded(1)

    def case() -> Iterator[Append]:
        stream, team = UUID(int=random.getrandbits(128)), random.randrange(TEAMS)
        worker = UUID(int=(8 << 80) + team * WORKERS + random.randrange(WORKERS))
        swaps = [
            (str(_ADULT).encode(), str(UUID(int=random.getrandbits(128))).encode()),
            (str(_WORKER).encode(), str(worker).encode()),
            (str(_PLAN).encode(), str(UUID(int=random.getrandbits(128))).encode()),
            (_TEAM.encode(), b"team-%02d" % team),
            (b'"%d-' % _YEAR, b'"%d-' % (_YEAR - random.randrange(5))),
        ]
        for version, event in enumerate(model):
            header, payload = event.header, event.payload
            for old, new in swaps:
                header, payload = header.replace(old, new), payload.replace(old, new)
            part = StreamAppend(stream, version, (Prepared(event.name, header, payload),))
            yield Append(UUID(int=random.getrandbits(128)), bytes(32), (part,))

    going = [case() for _ in range(OPEN)]
    while True:
        which = random.randrange(OPEN)
        event = next(going[which], None)
        if event is None:
            going[which] = case()
        else:
            yield event


class Growing:
    """A log that grows when told to, by the log's own statement and under its own triggers."""

    def __init__(self, made: Place, model: Sequence[Prepared]) -> None:
        self._made = made
        self._events = _cases(model)
        self._statements = Statements("cases")
        self._us = 1_577_880_000_000_000  # 1 January 2020

    def grow(self, count: int) -> None:
        """Append so many events."""
        with self._made.connect("holdfast_writer") as conn:
            prepare_writing(conn)
            row = conn.execute(self._statements.tail).fetchone()
            tail = 0 if row is None else row[0]
            for start in range(0, count, CHUNK):
                size = min(CHUNK, count - start)
                rows: list[Any] = []
                for first in range(0, size, TOGETHER):
                    appends = [next(self._events) for _ in range(min(TOGETHER, size - first))]
                    rows.append(
                        packed_rows(
                            appends,
                            tail=tail,
                            recorded_us=self._us,
                            authority=self._made.authority,
                        )
                    )
                    tail += len(appends)
                    self._us += 43_200_000_000
                with conn.transaction():
                    for packed in rows:
                        conn.execute(self._statements.insert, packed, prepare=True)
