"""What every stage is handed: the context of a decision, the day of a judgement, and I11.

A stage is pure. Whatever it may know besides the record arrives in one of these two values.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.policy import Policy, in_force, known_by, laid_over
from domain.refusal import Refused
from domain.when import LONDON, When, in_words, on_day
from domain.words import (
    Actor,
    Code,
    Due,
    Fact,
    Particulars,
    Personal,
    Slug,
    WorkerRef,
    WorkingDays,
    blank,
    named,
)

OTHER = "other"
CHOSEN = Code("chosen")  # the rule of a date somebody chose, rather than one reckoned
NO_CALENDAR = Slug("as-decided")
A_MOMENT = timedelta(minutes=1)  # from a door to the record
# The days of commands that say when something was; every other day of theirs is one that is planned
# (due, expected, to be reviewed, in force from or until), or the bound of a period.
WAS_ON = frozenset({"decided_on", "opened_on", "requested_on", "concluded_on", "wish_recorded_on"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a decision may know besides the record."""

    now: datetime  # the recording clock, UTC
    today: date  # the local day of now
    occurred: When  # when the thing recorded happened
    actor: Actor
    performed_by: WorkerRef
    jurisdiction: Jurisdiction
    calendar: WorkingDays
    policies: tuple[Policy, ...] = ()  # of the authority, known now, in the order of adoption
    raised: tuple[Finding, ...] | None = None  # the findings of today, for one that is answered

    def law(self, day: date) -> Jurisdiction:
        """The nation's value with the authority's policy of a day laid over it."""
        return laid_over(self.jurisdiction, in_force(self.policies, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What a finding may know besides the record: the day to judge by, and the nation's law.

    No calendar: a due date is reckoned when it is recorded and stands as it was then, so that what
    was late on a day is the same whenever it is asked.
    """

    on: date
    jurisdiction: Jurisdiction
    policies: tuple[Policy, ...] = ()  # of the authority, known as at what is looked at

    def judged(self, one: Finding) -> Finding:
        """Name the policy a finding is judged by, if it is not past a due date that names its own.

        It is the one in force when it began to stand, of those known as the event it hangs on was
        recorded: one adopted later leaves it as it was.
        """
        if one.policy is not None:
            return one
        law = self.law_of(one.position, one.since)
        return replace(one, policy=Slug(law.policy))

    def law_of(self, position: int | None, since: When | None) -> Jurisdiction:
        """By what something is judged that began to stand then, and hangs on that event."""
        day = None if since is None else since.first_day
        known = known_by(self.policies, position)
        return laid_over(self.jurisdiction, in_force(known, day or self.on))

    @property
    def law(self) -> Jurisdiction:
        """The nation's value with the authority's policy of the day judged by laid over it."""
        return laid_over(self.jurisdiction, in_force(self.policies, self.on))


def recorded(event: type[T], command: object, **decided: object) -> T:
    """Make `event` from the fields the command shares with it, and what the decision adds.

    A field the event needs and neither gives is a programmer's error (TypeError).
    """
    given = {
        one.name: getattr(command, one.name)
        for one in fields(event)  # type: ignore[arg-type]  # every event is a dataclass
        if one.name not in decided and hasattr(command, one.name)
    }
    return event(**given, **decided)


def found(
    code: str,
    rules: str,
    severity: str,
    words: str,
    *,
    at: Mark | None = None,
    position: int | None = None,
    since: date | When | Due | None = None,
    subject: object = None,
    which: object = None,
    counted: int | None = None,
    fact: str | None = None,
) -> Finding:
    """Make a finding; `rules` are rule numbers with spaces between, `subject` a reference.

    `at` gives the position, and the time as it was stated where `since` does not. Since a due date
    it has stood at the latest, where that is one reckoned from an uncertain time; past another due
    date it is another finding. Where two of one code, event and subject can stand, `which` tells
    them apart; `counted` is how many it speaks of, `fact` what several codes say alike.
    """
    if at is not None:
        position, since = at.position, since or at.when
    latest = isinstance(since, Due) and at_latest(since)
    day = since.on if isinstance(since, Due) else since
    stood = on_day(day) if isinstance(day, date) else day
    return Finding(
        code=Code(code),
        rules=tuple(rules.split()),
        severity=Code(severity),
        words=words,
        position=position,
        since=None if stood is None or stood.unknown else stood,
        at_latest=latest,
        subject=None if subject is None else str(subject),
        which=None if which is None else str(which),
        counted=counted,
        due=since.on if isinstance(since, Due) else None,
        policy=since.policy if isinstance(since, Due) else None,
        fact=None if fact is None else Code(fact),
    )


def check_codes(value: object, jurisdiction: Jurisdiction, path: str = "") -> None:
    """Hold a command to its nation's lists (I11), through tuples and nested values.

    Raises:
        Refused: a code is not in the list its field names, `other` stands without its text, or
            what names a team, an agency or a system is not such a name, or a text shows nothing.
    """
    if isinstance(value, Slug | Personal):
        _check_said(value, path)
        return
    if isinstance(value, tuple):
        for number, member in enumerate(value):
            check_codes(member, jurisdiction, f"{path}[{number}]")
        return
    if not is_dataclass(value) or isinstance(value, type):
        return
    for one in fields(value):
        content = getattr(value, one.name)
        where = f"{path}.{one.name}" if path else one.name
        list_name = one.metadata.get("list")
        if "derived" in one.metadata:
            continue
        if list_name is None:
            check_codes(content, jurisdiction, where)
            continue
        for code in _codes(content):
            _check_listed(code, list_name, jurisdiction, where)
            if code == OTHER:
                _check_explained(value, one.name, where)


def check_particulars(
    particulars: Particulars,
    actor: Actor,
    jurisdiction: Jurisdiction,
    roles: Collection[str],
    *,
    now: datetime,
) -> None:
    """Hold what stands beside an event in clear to what holds for what is in it (I2, I3, I11).

    When it occurred is left to `check_happened`.

    Raises:
        Refused: the purpose is not in its list, a role is none of `roles` nor in a list of roles,
            an organisation, a team or a source is not such a name, or an agency knew of it, or it
            was written down elsewhere, only after `now`.
    """
    _check_listed(particulars.purpose, "purpose", jurisdiction, "purpose")
    lists = jurisdiction.lists
    known = {*roles, *(code for name in lists if name.endswith("_role") for code in lists[name])}
    for role, where in ((actor.role, "role"), (particulars.performed_role, "performed_role")):
        if role is not None and role not in known:
            words = "This is neither a role here nor one of a list of roles."
            raise Refused("not_in_list", "I11", words, field=where)
    try:
        check_codes(particulars, jurisdiction)
    except Refused as refused:
        refused.beside = True  # a command may have a field of that name: `source`
        raise
    check_codes(actor, jurisdiction)
    _check_times(particulars.known_to, now, "known_to")
    _check_times(particulars.source_recorded, now, "source_recorded")


def check_happened(context: Context, command: object = None) -> None:
    """Hold an event, and every time its command tells of, to the present (I3).

    Plans are told as plans: a field whose name begins with `planned` may lie ahead, and so may a
    day that is none of `WAS_ON`.

    Raises:
        Refused: the earliest it can have been is still to come.
    """
    # Of both the field goes first: an `occurred` that nobody stated is taken from one.
    _check_times(command, context.now, "")
    if ahead(context.occurred, context.now):
        words = "This lies in the future; record it once it is so."
        raise Refused("not_yet_happened", "I3", words, field="occurred", beside=True)


def _check_times(value: object, now: datetime, path: str) -> None:
    if isinstance(value, tuple):
        for number, member in enumerate(value):
            _check_times(member, now, f"{path}[{number}]")
    elif isinstance(value, When):
        if ahead(value, now):
            raise Refused(
                "not_yet_happened",
                "I3",
                "This lies in the future; it cannot have been.",
                field=path,
            )
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if not one.name.startswith("planned"):
                where = f"{path}.{one.name}" if path else one.name
                content = getattr(value, one.name)
                day = isinstance(content, date) and one.name in WAS_ON
                _check_times(on_day(content) if day else content, now, where)


def ahead(when: When, now: datetime) -> bool:
    """Whether a time is still to come, however it is read (I3)."""
    return when.earliest is not None and when.earliest > now


def _codes(content: object) -> Iterator[str]:
    """Each code of a listed field: one, several, or none; a sealed code is read in memory."""
    if isinstance(content, tuple):
        for member in content:
            yield from _codes(member)
    elif isinstance(content, Personal):
        yield content.text
    elif isinstance(content, str):
        yield content


def _check_listed(code: str, list_name: str, jurisdiction: Jurisdiction, where: str) -> None:
    """Refuse a code outside its list; the message names the field, never the value."""
    if code not in jurisdiction.lists.get(list_name, {}):
        raise Refused(
            "not_in_list",
            "I11",
            f"This is not one of the values of the list {list_name} in this jurisdiction.",
            field=where,
        )


def _check_said(value: Slug | Personal, where: str) -> None:
    """Refuse what is no name, and a text in which there is nothing to be seen."""
    if isinstance(value, Slug):
        _check_named(value, where)
    elif blank(value.text):
        words = "This text holds nothing that can be seen: write it, or leave it out."
        raise Refused("text_is_empty", "I11", words, field=where)


def _check_named(value: Slug, where: str) -> None:
    """Refuse an identifier in which words, or somebody's number, could stand unsealed."""
    try:
        named(value)
    except ValueError as error:
        remedy = f"{str(error).capitalize()}."
        raise Refused("not_a_name", "I11", remedy, field=where) from None


def _check_explained(value: object, name: str, where: str) -> None:
    """Refuse `other` without its text in `<field>_other`."""
    told = getattr(value, f"{name}_other", None)
    if told is None or (isinstance(told, Personal) and blank(told.text)):
        raise Refused(
            "other_needs_text",
            "I11",
            "Choosing other needs a few words saying what it is.",
            field=f"{where}_other",
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """Where and when something happened, as a stage's state remembers it for its findings.

    A finding about lateness rests on `first` and `last`, whichever is kinder; only `day` may be
    named as the day on which something was.
    """

    position: int
    when: When
    recorded_at: datetime | None = None

    @property
    def first(self) -> date | None:
        """The earliest local day it can have been; None where that is not known."""
        return self.when.first_day

    @property
    def last(self) -> date | None:
        """The latest local day it can have been: what is recorded as done was done by then."""
        recorded = None if self.recorded_at is None else self.recorded_at.astimezone(LONDON).date()
        return _latest(self.when, recorded)

    @property
    def latest(self) -> datetime | None:
        """The latest moment it can have been, as `last` is its latest day."""
        if self.recorded_at is None or self.when.latest is None:
            return self.when.latest or self.recorded_at
        told_after = self.when.earliest is not None and self.when.earliest > self.recorded_at
        return self.when.latest if told_after else min(self.when.latest, self.recorded_at)

    @property
    def day(self) -> date | None:
        """The local day, where it is one certain day; None where it is not."""
        return None if self.when.uncertain else self.when.day

    @property
    def stated(self) -> bool:
        """Whether somebody stated when it was; else a door set the moment of recording."""
        at, recorded = self.when.earliest, self.recorded_at
        exact = at is not None and at == self.when.latest
        return not (exact and at and recorded and abs(recorded - at) <= A_MOMENT)


def mark(fact: Fact[object]) -> Mark:
    """Keep a fact's place and time."""
    return Mark(fact.position, fact.occurred, fact.recorded_at)


def _latest(when: When, recorded: date | None) -> date | None:
    """The last day of a time told on that day; a time corrected afterwards may lie behind it."""
    last, first = when.last_day, when.first_day
    if recorded is None or (first is not None and first > recorded):
        return last
    return recorded if last is None else min(last, recorded)


def due_from(rule: str, when: When, context: Context) -> Due | None:
    """Reckon a limit from when something was, by the kindest reading of that.

    None where neither the nation nor the authority's policy of that day has such a limit. What is
    told of no known day was so by the day it is recorded at the latest, and is counted from that.
    """
    last = _latest(when, context.today)
    due = None if last is None else context.calendar.due(rule, last)
    return replace(due, started=when) if due is not None and when.uncertain else due


def due_before(rule: str, planned: When, context: Context) -> Due | None:
    """Reckon a limit back from when something is planned, by the kindest reading: the last day.

    None where there is no such limit on that day, or it is not known when it is to be.
    """
    last = planned.last_day
    due = None if last is None else context.calendar.due(rule, last)
    return replace(due, started=planned) if due is not None and planned.uncertain else due


def working(due: Due | None, calendar: WorkingDays) -> Due | None:
    """Move a day on which the office does not work to the next on which it does."""
    if due is None:
        return None
    on, passed = due.on, list(due.skipped)
    while not calendar.works(on):
        passed.append(on)
        on += timedelta(days=1)
    return replace(due, on=on, skipped=tuple(passed))


def chosen(on: date, context: Context) -> Due:
    """Turn a date somebody chose into a due date, counted from when it was chosen."""
    when = context.occurred
    start = _latest(when, context.today) or context.today
    started = when if when.uncertain else None
    return Due(on=on, rule=CHOSEN, start=start, calendar=NO_CALENDAR, started=started)


def set_then(on: date, at: Mark) -> Due:
    """The same of a date that is stored bare, with the entry that set it."""
    return Due(on=on, rule=CHOSEN, start=at.last or on, calendar=NO_CALENDAR)


def at_latest(due: Due) -> bool:
    """Whether a date is only the latest day it can be: reckoned from a time that is not certain.

    A day somebody chose is that day, whenever it was chosen.
    """
    return due.started is not None and due.rule != CHOSEN


def passed(at: Mark, last: date) -> date | When:
    """Since when what a limit asked for is missing, where no due date was stored: its last day.

    Where the time it is counted from is not one certain day, that time, as it was stated.
    """
    return at.when if at.day is None else last


def due_by(due: Due) -> str:
    """Say by which day something was due, that it is the latest where it is, and why."""
    if not at_latest(due):
        return in_words(due.on)
    unknown = due.started is not None and due.started.unknown
    why = " (the day it runs from is not known: counted from its entry)" if unknown else ""
    return f"{in_words(due.on)} at the latest{why}"


def could_precede(first: When, second: When) -> bool:
    """Whether `first` may have come before `second`; doubt (the same day) counts as yes."""
    if first.earliest is None or second.latest is None:
        return True
    return first.earliest < second.latest


def came_before(first: Mark, second: Mark) -> bool:
    """Whether one thing was so before another (`after`): what is entered late is no later."""
    return not after(first, second)


def after(one: Mark, other: Mark) -> bool:
    """Whether something came after something else: by their times, where both are certain enough.

    Else by the order of entry: whoever records both on one day does so in their order. What is told
    without a time has that of its entry: it may have been before that day, and was not after it.
    """
    certain = not (one.when.uncertain or other.when.uncertain)
    if certain and one.stated and other.stated:
        for late, early, answer in ((one, other, True), (other, one, False)):
            by, since = early.latest, late.when.earliest
            if by is not None and since is not None and by < since:
                return answer
    if one.day is not None and other.day is not None:
        if one.day > other.day and one.stated:
            return True
        if other.day > one.day and other.stated:
            return False
    return one.position > other.position


def before_closure(occurred: When, closed: Mark | None) -> bool:
    """Whether a thing may be recorded of a case: it is open, or this came before its closing (I14).

    It may where it can have come before, since late entries are to be welcomed: by the moment,
    where both are known to one, for what is told without a time happens as it is recorded.
    """
    first, by = occurred.earliest, None if closed is None else closed.latest
    return first is None or by is None or first <= by


def against_pach(target: Code, kind: Code) -> bool:
    """Whether an action is against the person alleged to have caused harm; support is not."""
    return kind == "against" or (target == "pach" and kind != "support")


def on_agenda(event: object, item: str) -> bool:
    """Whether an event says that a conference considered that item of its agenda, or why not."""
    outcome = getattr(event, "outcome", None)
    return getattr(event, "item", None) == item and outcome not in {None, "not_considered"}


def months_after(start: date, months: int) -> date:
    """The same day that many months later (or, negative, earlier), clamped to the month's end."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
