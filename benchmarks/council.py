"""A made-up authority's log of many years: adults, their concerns and enquiries, real keys.

Everything a return reads is as the application writes it: events of the catalogue, made into JSON
by the record's own code, appended by the log's own statement under its own triggers; and each
adult's date of birth, gender and ethnicity sealed under a key of its own, that wrapped by a key of
the adult's, that by the wrapping key. What a return does not read is left out (names, accounts,
what else happens in a case), and headers are the same for every event of a kind. Keys are copied
into the keyring, which in life makes them one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.clock import entropy, seeded
from benchmarks.cases import Place
from benchmarks.house import ACTOR
from domain import stored, when
from domain.concern import ReferralReceived
from domain.conclusion import EnquiryConcluded, RiskFound, RiskNotFound, Triple
from domain.correction import RecordCorrected
from domain.duty import ConcernCounted
from domain.enquiry import EnquiryOpened
from domain.jurisdictions.england import ENGLAND
from domain.person import Details, PersonDied, PersonRegistered
from domain.record.appending import Append, Prepared, StreamAppend
from domain.record.encoding import canonical, dump, dump_header
from domain.record.keyring import WrappingKeys, open_keyring
from domain.record.log_sql import Packed, Statements, packed_rows, prepare_writing
from domain.record.sealing import KEY_BYTES, seal
from domain.record.wrapping import data_place, subject_place, wrap
from domain.words import Code, EnquiryRef, Header, Passage, Personal, PersonRef

AGAIN: Final = 0.3  # of concerns are about an adult who had one lately: 1.4 an adult
LATELY: Final = 5000  # adults
DIED: Final = 0.05  # of adults, some time after
WITHDRAWN: Final = 0.002  # of concerns
COMMITTED: Final = 60  # days
ONLY_THE_YEAR: Final = 0.02  # of adults have no more told of their birth
TOO_YOUNG: Final = 0.02  # entered by mistake
NO_BIRTH: Final = 0.03
NO_ETHNICITY: Final = 0.1
SECTION_42: Final = 0.87  # of enquiries
RISK: Final = 0.7  # of enquiries found one
_CASE_SALT: Final = "AAAAAAAAAAAAAAAAAAAAAA"
_NOT_RECORDED: Final = Code("not_recorded")
_RULE: Final = Code("framework_2020")
Tell: TypeAlias = Callable[[date], Append]
Seal: TypeAlias = Callable[[Passage, str], dict[str, Any]]


def _no_passage(_: Passage, path: str) -> dict[str, Any]:
    raise ValueError(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is: concerns from the first day to the last, evenly, and what comes of them.

    The log goes on to `until`: enquiries end that began before, and nothing else begins.
    """

    first: date
    last: date
    until: date
    concerns: int
    enquiries: int


class Council:
    """Tells the log of an authority day by day."""

    def __init__(self, made: Place, wrapping: WrappingKeys, size: Size, *, seed: int = 5) -> None:
        self._made = made
        self._size = size
        self._random = seeded(seed)
        self._going: dict[date, list[Tell]] = defaultdict(list)
        self._adults: list[UUID] = []
        self._lists = {name: [Code(one) for one in of] for name, of in ENGLAND.lists.items()}
        self._headers: dict[str, bytes] = {}
        self._keys: list[tuple[UUID, UUID, int, bytes]] = []
        self._subjects: list[tuple[UUID, int, int, bytes]] = []
        with made.connect("holdfast_keeper") as conn:
            open_keyring(conn, wrapping)
        (self._epoch,) = wrapping.epochs()
        self._wrapping = wrapping.of(self._epoch)
        self.adults = 0

    def tell(self) -> dict[date, int]:
        """Append all of it; the last position of each day."""
        ends: dict[date, int] = {}
        days = (self._size.last - self._size.first).days + 1
        all_days = (self._size.until - self._size.first).days + 1
        begun, share = 0, self._size.enquiries / self._size.concerns
        tail, waiting = 0, list[list[Packed]]()
        for number in range(all_days):
            day = self._size.first + timedelta(days=number)
            until = self._size.concerns * min(number + 1, days) // days
            appends = [tell(day) for tell in self._going.pop(day, ())]
            for concern in range(begun, until):
                opened = int((concern + 1) * share) > int(concern * share)
                appends.extend(self._concern(day, enquired=opened))
            begun = until
            if appends:
                moment = datetime.combine(day, time(12), UTC)
                waiting.append(
                    packed_rows(
                        appends,
                        tail=tail,
                        recorded_us=int(moment.timestamp() * 1_000_000),
                        authority=self._made.authority,
                    )
                )
            tail += len(appends)
            ends[day] = tail
            if number % COMMITTED == COMMITTED - 1 or number == all_days - 1:
                self._write(waiting)
                waiting.clear()
        return ends

    def _write(self, waiting: Iterable[list[Packed]]) -> None:
        """Commit some days: their keys, and their events by the log's own statement."""
        insert = Statements("cases").insert
        with self._made.connect("holdfast_writer") as conn, conn.transaction():
            prepare_writing(conn)
            with conn.cursor() as cursor:
                for table, rows in (("subject_key", self._subjects), ("data_key", self._keys)):
                    with cursor.copy(f"COPY keyring.{table} FROM STDIN".encode()) as copy:
                        for row in rows:
                            copy.write_row(row)
                    rows.clear()
                for packed in waiting:
                    cursor.execute(insert, packed, prepare=True)

    def _concern(self, day: date, *, enquired: bool) -> Iterable[Append]:
        """A concern of a day, what comes before it, and what comes later put down for its day."""
        adult = self._lately()
        if adult is None:
            adult = self._reference()
            self._adults.append(adult)
            self.adults += 1
            yield self._append(adult, 1, self._person(day), self._sealing(adult))
            if self._random.random() < DIED:
                self._later(day, 30, 700, partial(self._died, adult))
        case = self._reference()
        yield self._append(
            case,
            1,
            ReferralReceived(
                adult=PersonRef(adult),
                stage=Code("concern"),
                channel=Code("telephone"),
                referrer_role=Code("home_care"),
                referrer_confidential=Code("not_recorded"),
                received=when.on_day(day),
                adult_told=Code("yes"),
                allegations=(),
            ),
        )
        decided = self._later(
            day, 1, 5, lambda _: self._append(case, 2, ConcernCounted(counted=True, rule=_RULE))
        )
        if not enquired:
            if self._random.random() < WITHDRAWN:
                self._later(decided, 5, 60, partial(self._withdrawn, case))
            return
        enquiry = EnquiryRef(self._reference())
        opened = self._later(decided, 1, 6, partial(self._opened, case, enquiry))
        self._later(opened, 20, 200, partial(self._concluded, case, enquiry))

    def _later(self, day: date, first: int, last: int, tell: Tell) -> date:
        """Put something down for a day to come, and say which."""
        on = day + timedelta(days=self._random.randint(first, last))
        self._going[on].append(tell)
        return on

    def _lately(self) -> UUID | None:
        """An adult who had a concern lately, or nobody."""
        if not self._adults or self._random.random() >= AGAIN:
            return None
        return self._adults[-1 - self._random.randrange(min(LATELY, len(self._adults)))]

    def _person(self, day: date) -> PersonRegistered:
        """A new adult; of a few something is not known, or only the year of birth."""
        random, about = self._random, UUID(int=0)
        age = 15 if random.random() < TOO_YOUNG else random.triangular(18, 102, 84)
        born = day - timedelta(days=int(age * 365.25))
        text = f"{born.year}" if random.random() < ONLY_THE_YEAR else born.isoformat()
        gender, group = self._any("gender"), self._any("ethnicity")
        return PersonRegistered(
            details=Details(
                date_of_birth=None if random.random() < NO_BIRTH else Personal(about, text),
                gender=Personal(about, gender),
                ethnicity=None if random.random() < NO_ETHNICITY else Personal(about, group),
            )
        )

    def _died(self, adult: UUID, day: date) -> Append:
        died = PersonDied(died=when.on_day(day), cause_known=_NOT_RECORDED)
        return self._append(adult, 2, died)

    def _opened(self, case: UUID, enquiry: EnquiryRef, day: date) -> Append:
        kind = Code("section_42" if self._random.random() < SECTION_42 else "other_enquiry")
        opened = EnquiryOpened(enquiry=enquiry, kind=kind, opened_on=day, large_scale=False)
        return self._append(case, 3, opened)

    def _withdrawn(self, case: UUID, _: date) -> Append:
        return self._append(
            case,
            3,
            RecordCorrected(
                target=1, supersedes=None, reason=_NOT_RECORDED, asked_by=_NOT_RECORDED,
                occurred=None, withdrawn=True,
            ),
        )  # fmt: skip

    def _concluded(self, case: UUID, enquiry: EnquiryRef, day: date) -> Append:
        found = self._random.random() < RISK
        return self._append(
            case,
            4,
            EnquiryConcluded(
                enquiry=enquiry,
                concluded_on=day,
                triples=tuple(
                    Triple(
                        type=self._any("abuse_type"),
                        source=self._any("source_of_risk"),
                        location=self._any("location"),
                    )
                    for _ in range(self._random.choice((1, 1, 2, 3)))
                ),
                risks_found=(
                    RiskFound(
                        source=self._any("risk_source"),
                        action=self._any("risk_identified"),
                        outcome=self._any("risk_outcome"),
                    ),
                )
                * found,
                risks_not_found=(
                    RiskNotFound(
                        source=self._any("risk_source"),
                        assessment=self._any("risk_not_identified"),
                    ),
                )
                * (not found),
                capacity=self._any("concluded_capacity"),
                outcomes=self._any("concluded_outcomes"),
                primary_support_reason=self._any("primary_support_reason"),
                health_conditions=(self._any("health_condition"),),
                action=None,
            ),
        )

    def _any(self, name: str) -> Code:
        return self._random.choice(self._lists[name])

    def _reference(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def _append(
        self, stream: UUID, version: int, event: object, seal: Seal = _no_passage
    ) -> Append:
        name, shape = stored.describe(type(event))
        data = {"salt": _CASE_SALT, "data": dump(event, seal)}
        prepared = Prepared(f"{name}.v{shape}", self._header(name, shape), canonical(data))
        part = StreamAppend(stream, version - 1, (prepared,))
        return Append(UUID(int=self._random.getrandbits(128)), bytes(32), (part,))

    def _header(self, name: str, shape: int) -> bytes:
        """One header for all events of a kind."""
        if name not in self._headers:
            command = UUID(int=1)
            self._headers[name] = dump_header(
                Header(
                    name=name, version=shape, occurred=when.unknown(), recorded_by=ACTOR.worker,
                    performed_by=ACTOR.worker, role=ACTOR.role, organisation=ACTOR.organisation,
                    purpose=Code("records_management"), correlation=command, command=command,
                    causation=None, known_to=(), source=None, source_recorded=None,
                ),
                salt=_CASE_SALT,
                command=None,
            )  # fmt: skip
        return self._headers[name]

    def _sealing(self, adult: UUID) -> Seal:
        """What seals the passages about a new adult, whose key it makes."""
        secret = entropy(KEY_BYTES)
        wrapped = wrap(self._wrapping, secret, subject_place(adult, 1), entropy)
        self._subjects.append((adult, 1, self._epoch, wrapped))
        own = AESGCM(secret)

        def sealed(passage: Passage, path: str) -> dict[str, Any]:
            key, number = entropy(KEY_BYTES), UUID(bytes=entropy(16), version=4)
            self._keys.append((number, adult, 1, wrap(own, key, data_place(number), entropy)))
            about = Personal(adult, cast("Personal", passage).text)  # nothing is forgotten here
            return seal(about, key_id=number, key=key, place=f"{adult}/1{path}", entropy=entropy)

        return sealed
