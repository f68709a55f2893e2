"""One event in a sentence: its fields in words, references as what they are, and nothing left out.

What a passage says stands between quotation marks; a forgotten one is said to be forgotten. An
uncertain time is said as uncertain as it is. No code and no reference is shown as it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from api.editions import Edition
from api.forms import labels
from api.pages import words
from api.story import coming, ending, enquiring, keeping, meeting, protecting, telling
from api.story.items import ITEMS, THINGS, UNNAMED
from api.story.joints import COMMON, MENDED
from api.story.templates import Filler, fill, named, read
from domain.catalogue import EVENTS
from domain.concern import Allegation
from domain.jurisdictions import Jurisdiction
from domain.manifest import Recipient
from domain.plan import Action
from domain.record.encoding import kebab
from domain.rectifying import RecipientTold
from domain.when import When
from domain.words import (
    Code,
    Digest,
    Due,
    ExternalReference,
    Fact,
    Forgotten,
    Personal,
    PersonRef,
    Slug,
    WorkerRef,
)

SENTENCES: Final[Mapping[str, str]] = {
    **coming.SENTENCES,
    **enquiring.SENTENCES,
    **meeting.SENTENCES,
    **protecting.SENTENCES,
    **telling.SENTENCES,
    **ending.SENTENCES,
    **keeping.SENTENCES,
}
_NAMES: Final = {kind.cls: name for name, kind in EVENTS.items()}
FORGOTTEN: Final = "[a passage that was forgotten]"
_DAY_OF_ITSELF: Final = {"decided_on", "opened_on", "concluded_on", "requested_on"}
_OTHER: Final = Code("other")
_SOMEBODY: Final = "somebody who holds it"
_HOLDER: Final = (
    "{role=other:{role_other}|:somebody|*:the {role}}[ of {organisation}][, {person}] ({what})"
)
_SILENT: Final = {"not_recorded", "not_stated", "not_known", "not_considered", "not-stated"}
_ENTRIES: Final = {  # fields that number entries of the case
    *("target", "targets", "supersedes", "hold", "permission", "authority", "challenge", "entry"),
    *("corrections", "entries", "evidence", "exception", "approvals", "report_permission"),
    *("best_interests_decision", "capacity_decision", "of", "referral"),
}
_POSITIONS: Final = {"as_at", "position"}
_PROPER: Final = {"regulatory_body", "advocate_basis"}  # lists of names rather than of words
_PLAIN: Final = {  # what agencies of one kind have in their names, beside what they are called
    *(
        "acute",
        "adult",
        "care",
        "city",
        "community",
        "county",
        "day",
        "district",
        "fire",
        "general",
    ),
    *("health", "home", "hospitals", "housing", "legal", "local", "mental", "nursing", "other"),
    *("primary", "probation", "public", "rescue", "sheriff", "social", "support", "voluntary"),
    *("and", "of", "the", "north", "south", "east", "west", "an", "a", "another", "neighbouring"),
}
_SPACES: Final = re.compile(r"[^\S\n]+")  # within a line
_EMPTY: Final = re.compile(r"\n{3,}")  # lines
_KIND: Final = re.compile(r"\b(\w+Ref)\b")
_TWICE: Final = re.compile(r"([.!?…][”\]]?)\.")
_ACRONYM: Final = 2
_ACRONYMS: Final = {"cqc", "gp", "nhs"}  # in the names of agencies
_MONTH_OR_YEAR: Final = re.compile(r"\d{4}(-\d\d)?")
_LISTED: Final = re.compile(r", | and ")
_QUOTED: Final = re.compile(r"(“[^”]*”)")
# Nora Repname: “Nora Repname”, where the register of persons and the entry say the same name
_NAMED_TWICE: Final = re.compile(
    r"(?<!\w)(\w[^“”,:]*?)(?P<called> \([^()“”]*\))?[:,] “(?P<typed>\s*\1\s*)”", re.IGNORECASE
)
# Nora Repname (supporter of the adult), Nora Repname: an invitation and the person behind it
_NAMED_AGAIN: Final = re.compile(
    r"(?<!\w)(?P<who>[A-Z][\w'-]*(?: [A-Z][\w'-]*)+)(?P<called> \([^()“”]*\))?, (?P=who)(?!\w)"
)
# “Nora Repname” was invited as supporter of the adult, in the person of Nora Repname (…)
_IN_PERSON: Final = re.compile(
    r"“(?P<who>[^“”]*)”(?P<was> was invited as [^“”.]*?), in the person of (?P=who)(?!\w)"
    r"(?P<called> \([^()“”]*\))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who says it: the nation's words, and the names this reader may be shown.

    `worker` and `person` give a name; `positions` maps a case and an entry's version in it to its
    position. `case` is the one told; what was recorded in another says so. `editions` are the
    minutes approved, as now understood.
    """

    nation: Jurisdiction
    worker: Callable[[WorkerRef], str]
    person: Callable[[PersonRef], str | None]
    adult: UUID | None = None
    case: UUID
    positions: Mapping[tuple[UUID, int], int] = field(default_factory=dict)
    things: dict[UUID, str] = field(default_factory=dict)
    editions: Mapping[Digest, Edition] = field(default_factory=dict)
    day: date | None = None  # that the entry told stands under, which it need not say again
    holders: dict[tuple[UUID, int], str] = field(default_factory=dict)  # by request and number

    def learn(self, facts: Iterable[Fact[Any]]) -> None:
        """Take in what things are called, so that a later entry can call them so."""
        for fact in facts:
            for part in parts_of(fact.event):
                if isinstance(part, Allegation):
                    harm = self.nation.label("abuse_type", part.type)
                    self.things[part.ref] = f"the allegation of {_low(harm)}"
                elif isinstance(part, Action):
                    self.things[part.action] = self._action(part)
                elif isinstance(part, Recipient):
                    self.holders[fact.event.request, part.number] = self._holder(part)
            if fact.header.name in THINGS:
                name, template = THINGS[fact.header.name]
                ref = getattr(fact.event, name)
                if isinstance(ref, UUID) and (self.adult is None or ref != self.adult):
                    called = _in_line(fill(read(template), self._filler(fact.event))[0])
                    self.things[ref] = called if name != "participant" else _bare(called)

    def named(self, ref: UUID) -> str:
        """A person's name, where this reader may know it; else what they are in the case."""
        name = self.person(PersonRef(ref))
        return name or ("the adult" if ref == self.adult else self.things.get(ref, ""))

    def item(self, member: Any) -> str:  # noqa: ANN401 — anything that stands inside an event
        """What stands inside an event, as a sentence of its own."""
        return self._told(member, _item(member))[0]

    def say(self, fact: Fact[Any]) -> tuple[str, list[str]]:
        """An entry as a sentence or more, and the lines below it."""
        of_adult = keeping.OF_ADULT if fact.stream == self.adult else {}
        name = fact.header.name
        told = f"{labels.title(name, self.nation)}."
        template = of_adult.get(name) or SENTENCES.get(name, told)
        # The numbers in it are of its own case.
        of_it = replace(self, case=fact.stream, day=fact.occurred.day)
        return Voice._told(
            of_it, fact.event, template or f"{labels.title(fact.header.name, self.nation)}."
        )

    def _told(self, value: Any, template: str) -> tuple[str, list[str]]:  # noqa: ANN401
        """A value by its template, then whatever of it the template does not name."""
        pieces = read(template)
        said, lines = fill(pieces, self._filler(value))
        told = named(pieces)
        for one in fields(value):
            content = getattr(value, one.name)
            if one.name not in told:
                more, below = self._rest(value, one, content)
                said, lines = said + more, [*lines, *below]
            elif isinstance(content, Personal) and f"{{-{one.name}}}" not in template:
                quoted = self._words(one, content)
                if quoted not in said:  # a place that stood in words not chosen
                    said += self._beside(value, one, quoted)
        return _tidy(said), lines

    def _rest(self, whole: Any, one: Field[Any], value: Any) -> tuple[str, Sequence[str]]:  # noqa: ANN401
        """A field no template names, said behind it as `Label: value`."""
        members = value if isinstance(value, tuple) else (value,)
        if any(_is_item(member) for member in members):
            return "", self._lines(value)
        if one.name == "part" and isinstance(value, int):
            return f" In part {value}.", ()
        if one.name in {"position", "version"} or isinstance(value, UUID | Digest | int):
            return (self._beside(whole, one, "yes") if value is True else "", ())
        if _code(value, listed=True) in _SILENT:
            return "", ()
        said = self._words(one, value)
        return (self._beside(whole, one, said) if said else ""), ()

    def _beside(self, whole: Any, one: Field[Any], said: str) -> str:  # noqa: ANN401
        """A value behind what forms and pages call its field; it answers what is a question."""
        asked = labels.before(_owner(whole), one.name, self.nation)
        return f" {asked} {words.capital(said) if asked.endswith('?') else said}."

    def _filler(self, value: Any) -> Filler:  # noqa: ANN401
        known = {one.name: one for one in fields(value)}

        def said(name: str) -> str:
            if name.startswith("term."):
                return self.nation.terms[name.removeprefix("term.")]
            if isinstance(value, RecipientTold) and name == "recipient":
                return self.holders.get((value.request, value.recipient), _SOMEBODY)
            base = getattr(value, name.removesuffix("_other"), None)
            if isinstance(base, tuple) and _OTHER in base and name.endswith("_other"):
                return ""  # it stands among them
            return self._words(known[name], _with_words(value, name))

        return Filler(
            words=said,
            code=lambda name: (
                ""
                if self._stranger(known[name], getattr(value, name))
                else _code(getattr(value, name), listed="list" in known[name].metadata)
            ),
            lines=lambda name: self._lines(getattr(value, name)),
        )

    def _stranger(self, one: Field[Any], value: Any) -> bool:  # noqa: ANN401
        """Whether it refers to somebody of whom nothing is told here: their role says more."""
        return (
            isinstance(value, UUID) and "Participant" in str(one.type) and value not in self.things
        )

    def _lines(self, value: Any) -> list[str]:  # noqa: ANN401
        """Each member of a value as a line, those inside it below."""
        found: list[str] = []
        for member in value if isinstance(value, tuple) else (value,):
            if _is_item(member):
                said, below = self._told(member, _item(member))
                found += [said, *(f"  {line}" for line in below)] if said else below
        return found

    def _words(self, one: Field[Any], value: Any) -> str:  # noqa: ANN401
        """A field's value in words; nothing where it says nothing."""
        listed = one.metadata.get("list")
        match value:
            case None | False | () | "":
                return ""
            case tuple():
                return _joined([self._member(one, member) for member in value])
            case Personal() if listed is not None:
                return _low(labels.listed(listed, value.text, self.nation))
            case Personal():
                return _quoted(value.text)
            case Forgotten():
                return FORGOTTEN
            case Code() if listed is not None:
                label = labels.listed(listed, value, self.nation)
                return label if listed in _PROPER else _low(label)
            case Slug():
                return agency(value)
            case Code():
                return _low(labels.detail(value, self.nation))
            case Digest():
                of = self.editions.get(value) if one.name == "source" else None
                return "" if of is None else f"the minutes {of.words}"
            case _:
                return self._thing(one, value)

    def _member(self, one: Field[Any], value: Any) -> str:  # noqa: ANN401
        """One of several; among codes stands in quotation marks what was said in words."""
        if isinstance(value, Personal):
            return _quoted(value.text)
        return self._words(one, value)

    def _thing(self, one: Field[Any], value: Any) -> str:  # noqa: ANN401
        match value:
            case UUID():
                return self._called(one, value)
            case Due():
                return words.due(value)
            case When():
                return time(value)
            case datetime():
                return words.moment(value)
            case date():
                again = value == self.day and one.name in _DAY_OF_ITSELF
                return "" if again else words.day(value)
            case ExternalReference():
                number = FORGOTTEN if isinstance(value.id, Forgotten) else f"“{value.id.text}”"
                system = agency(value.system)
                return f"{number} {'with' if system.startswith('the ') else 'in'} {system}"
            case int():
                return self._number(one, value)
            case _ if _is_item(value):
                return _low(self._told(value, _item(value))[0].rstrip("."))
            case _:
                return str(value)

    def _number(self, one: Field[Any], value: int) -> str:
        """A number: of an entry or a position it opens to that, else what it counts."""
        if value is True:
            return "yes"
        if one.name in _ENTRIES and not _counts(one):
            # An entry of another case is named by its position there (`domain.joined`).
            position = -value if value < 0 else self.positions.get((self.case, value))
            return "another entry" if position is None else f"the entry at [{position}]"
        return f"[{value}]" if one.name in _POSITIONS else str(value)

    def _holder(self, holder: Recipient) -> str:
        """What somebody is called who holds something of the case."""
        said = fill(read(_HOLDER), self._filler(holder))[0]
        return _in_line(said)

    def _called(self, one: Field[Any], ref: UUID) -> str:
        kind = _KIND.search(str(one.type))
        name = "" if kind is None else kind[1]
        if name == "WorkerRef":
            return self.worker(WorkerRef(ref))
        if ref == self.adult:
            return "the adult"
        if name == "PersonRef":
            who = self.person(PersonRef(ref))
            called = self.things.get(ref)
            if called is not None:
                return called if who is None else f"{who} ({called})"
            return who or "somebody whose name is not shown here"
        if ref in self.things:
            return self.things[ref]
        if name == "CaseRef":
            return f"case {str(ref)[:8]}"
        return fill(read(UNNAMED.get(name, "something")), self._filler(_NOTHING))[0]

    def _action(self, action: Action) -> str:
        match action.description:
            case Personal(text=text):
                return f"the action “{' '.join(text.split())}”"
            case _:
                return f"the action ({_low(self.nation.label('action_kind', action.kind))})"


def _with_words(value: Any, name: str) -> Any:  # noqa: ANN401 — any field of an event
    """A field, with what is on no list in its place among the codes, as it was said."""
    said, in_words = getattr(value, name), getattr(value, f"{name}_other", None)
    if not isinstance(said, tuple) or in_words is None:
        return said
    return tuple(in_words if one == _OTHER else one for one in said)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What has no fields."""


_NOTHING: Final = _Nothing()


def time(value: When) -> str:
    """A time as uncertain as it is, inside a sentence."""
    if value.unknown:
        return "a time that is not known"
    said = words.time(value)
    if _MONTH_OR_YEAR.fullmatch(value.text):  # said as exactly as it was stated
        return said.removeprefix("? ")
    return f"{said.removeprefix('? ')} (uncertain)" if said.startswith("? ") else said


def agency(name: str) -> str:
    """`health-trust` → `the health trust`; `tansybrook-house` → `Tansybrook House`.

    What only one place is called keeps its capital in either: `the Inverlaw sheriff court`.
    """
    parts = [one.upper() if one in _ACRONYMS else one for one in name.split("-")]
    if parts[-1] in COMMON:
        plain = COMMON | _PLAIN
        return f"the {' '.join(one if one in plain else _capital(one) for one in parts)}"
    plainly = len(parts) == 1 and parts[0] in _PLAIN
    return parts[0] if plainly else " ".join(map(_capital, parts))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _counts(one: Field[Any]) -> bool:
    """Whether a number of entries is meant, rather than which."""
    return one.name == "entries" and str(one.type) == "int"


def _tidy(said: str) -> str:
    """A sentence without what its places brought twice; what is quoted stays as it is."""
    said = _mended(said)
    return said[:1].upper() + said[1:]


def _mended(said: str) -> str:
    """The same inside a sentence."""
    said = _NAMED_TWICE.sub(r"“\g<typed>”\g<called>", _SPACES.sub(" ", said).strip())
    said = _IN_PERSON.sub(r"“\g<who>”\g<called>\g<was>", said)
    said = _NAMED_AGAIN.sub(r"\g<who>\g<called>", said)
    parts = _QUOTED.split(said)
    for at in range(0, len(parts), 2):
        for ill, well in MENDED:
            parts[at] = ill.sub(well, parts[at])
    return _TWICE.sub(r"\1", "".join(parts))


def _quoted(text: str) -> str:
    """A passage in the lines and paragraphs in which it was typed."""
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    kept = _EMPTY.sub("\n\n", lines).strip()
    return f"“{kept}”"


def _in_line(called: str) -> str:
    """What something is called inside a sentence: in one line, however it was typed."""
    return " ".join(_mended(called).split())


def _bare(called: str) -> str:
    """What somebody is called, without the marks of a quotation: it is no more than a name."""
    return called.replace("“", "").replace("”", "")


def parts_of(value: Any, kind: type[Any] = object) -> Iterator[Any]:  # noqa: ANN401
    """Everything that stands inside an event and has fields of its own; of a `kind`, if named."""
    for one in fields(value):
        content = getattr(value, one.name)
        for member in content if isinstance(content, tuple) else (content,):
            if _is_item(member):
                if isinstance(member, kind):
                    yield member
                yield from parts_of(member, kind)


def _item(value: Any) -> str:  # noqa: ANN401
    """The sentence of a member of an event; two classes may have one name."""
    cls = type(value)
    return ITEMS.get(f"{cls.__module__}.{cls.__name__}") or ITEMS[cls.__name__]


def _owner(value: Any) -> str:  # noqa: ANN401
    """Whose fields they are, as the table of words has it: an entry's, or a value's within one."""
    cls = type(value)
    return _NAMES.get(cls) or kebab(cls.__name__)


def _is_item(value: object) -> bool:
    return is_dataclass(value) and type(value).__name__ in ITEMS


def _code(value: Any, *, listed: bool) -> str:  # noqa: ANN401
    """What a choice chooses by."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None | () | "":
            return ""
        case str() if listed or value in _SILENT:
            return value
        case _:
            return "given"


def _low(label: str) -> str:
    """A label inside a sentence; a name keeps its capital."""
    first, _, rest = label.partition(" ")
    acronym = len(first) >= _ACRONYM and first[:_ACRONYM].isalpha() and first[:_ACRONYM].isupper()
    return label if acronym or rest[:1].isupper() else label[:1].lower() + label[1:]


def _joined(parts: Sequence[str]) -> str:
    """Several as one list: between semicolons, where one has a comma or an `and` of its own."""
    said = [one for one in parts if one]
    if len(said) > 1 and any(_LISTED.search(_QUOTED.sub("", one)) for one in said):
        return "; ".join((*said[:-1], f"and {said[-1]}"))
    return (
        said[0]
        if len(said) == 1
        else " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))
    )
