"""A form as a page shows it: every field with its words, what was typed, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.forms.choices import (
    CASE,
    DETAIL,
    DIGEST,
    ENTRY,
    FINDING,
    LARGE_SCALE,
    MERGED_WITH,
    PERSON,
    SPLIT_TO,
    Choice,
    Choices,
)
from api.forms.fields import (
    BESIDE,
    COMMAND,
    DATES,
    MARKS,
    NEW,
    PERFORMED_ROLE,
    Field,
    fields_of,
    may_be_new,
    names_entry,
)
from api.forms.files import BYTES, KEPT, NAME, size
from api.forms.labels import hint, label, title
from api.forms.limits import MOST_MEGABYTES
from api.forms.reading import ABOUT, CLOCK, DATE_PARTS, NO, OTHER, TEXT, YES
from api.forms.typed import ROWS, Typed
from domain.jurisdictions import Jurisdiction

MOST_RADIOS: Final = 7
# Which other case it may be, by what ends its being read with this one; of the rest nobody chooses.
_PARTED: Final[Mapping[str, str]] = {"unmerge-case": MERGED_WITH, "end-split": SPLIT_TO}
# What is recorded before it can be named, so that nobody types its reference: by which command.
_FIRST: Final[Mapping[str, str]] = {"OutcomeRef": "record-desired-outcome"}
_CORE_GROUP: Final[Mapping[str, str]] = {"conference_kind": "core_group"}
_OF_AN_ENTRY: Final = "fields"  # what is told in an entry, by name: of those that stand here
_FINDINGS: Final = frozenset({"finding"})
# A passage that is a few words has one line.
_SHORT: Final = frozenset(
    {
        "agency_written",
        "author",
        "complaint_reference",
        "email",
        "end_time",
        "id",
        "known_as",
        "language",
        "name",
        "order_reference",
        "postcode",
        "reference",
        "relationship",
        "sheriff",
        "start_time",
        "telephone",
    }
)
_HINTS: Final[Mapping[str, str]] = {
    "slug": "A short name, such as north team; never a person's own name.",
    "digest": "64 figures and letters, as the record gave them when it took the file in.",
    "day": "For example, 27 3 2026.",
    "time": "For example, 27 3 2026, and 14:30. Leave out what is not known: the time, the day, or "
    "the day and the month.",
    "birth": "For example, 27 3 2026. Leave out the day, or the day and the month, if not known.",
    "reference": "A reference, as the record gives it.",
    "file": f"At most {MOST_MEGABYTES} MB. It is kept sealed with the case as soon as it is sent.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that may be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the fields that a date or a reference is typed into."""

    name: str
    id: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A field on the page. `look` says how it is drawn, `first` what an error's link leads to."""

    look: str
    name: str
    id: str
    label: str
    hint: str = ""
    wrong: str = ""
    optional: bool = False
    value: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    other: Part | None = None
    about: Node | None = None
    members: tuple[Node, ...] = ()
    kept: str = ""  # what a file is called that was kept already, and how large it is
    leads: tuple[str, str] = ("", "")  # to a form that comes first: its address, and its title
    beside: bool = False  # whether anything is said of one that is kept already

    @property
    def first(self) -> str:
        """The id of the first thing in it that can have the focus."""
        if self.look in {"radios", "checks"} and self.options:
            return f"{self.id}-0"
        if self.look in {"day", "time"}:
            return self.parts[0].id
        if self.look == "file":
            return self.id
        return self.members[0].first if self.members else self.id

    def described(self) -> str:
        """The ids of what describes it, for those who hear the page."""
        ids = [
            (self.hint, f"{self.id}-hint"),
            (self.wrong, f"{self.id}-error"),
            (self.kept, f"{self.id}-kept"),
        ]
        return " ".join(one for told, one in ids if told)

    def sent(self) -> Iterator[str]:
        """The names under which what is typed into it is sent."""
        yield self.name
        yield from (part.name for part in self.parts)
        if self.look == "list":
            yield f"{self.name}.{ROWS}"
        if self.other is not None:
            yield self.other.name

    def whole(self) -> Iterator[Node]:
        """It and every field within it, in order."""
        yield self
        for one in (*self.members, *(() if self.about is None else (self.about,))):
            yield from one.whole()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What fields are drawn by."""

    typed: Typed
    wrong: Mapping[str, str]
    choices: Choices
    roles: Sequence[Choice]
    nation: Jurisdiction
    to_form: Callable[[str], str] | None = None  # the address of another form, where one may ask it

    def command(self, name: str) -> tuple[Node, ...]:
        """The fields of a command."""
        return tuple(self._node(one, f"{COMMAND}.{one.name}") for one in fields_of(name))

    def beside(self) -> tuple[Node, ...]:
        """The fields of what is true of it besides."""
        return tuple(self._node(one, one.name) for one in BESIDE)

    def _node(self, one: Field, place: str, *, row: bool = False) -> Node:
        match one.kind:
            case "group":
                members = tuple(self._node(each, f"{place}.{each.name}") for each in one.members)
                return self._made(one, place, "group", members=members)
            case "list":
                return self._list(one, place)
            case "passage" if one.listed is None:
                short = one.name in _SHORT or one.name.endswith("_other")
                look = "short" if short else "text"
                return self._made(one, place, look, about=self._about(place))
            case "passage" | "code" | "codes" | "flag":
                return self._choice(one, place)
            case "day" | "time":
                return self._date(one, place)
            case "file":
                return self._file(one, place)
            case _ if may_be_new(one):
                return self._known_or_new(one, place)
            case _:
                return self._named(one, place, row=row)

    def _made(self, one: Field, place: str, look: str, **more: object) -> Node:
        return Node(
            look=look,
            name=place,
            id=_id(place),
            label=self._label(one, place),
            hint=self._hint(one, place),
            optional=not one.required,
            **{  # type: ignore[arg-type]  # of a node
                "value": self.typed.one(place),
                "wrong": self.wrong.get(place, ""),
                **more,
            },
        )

    def _list(self, one: Field, place: str) -> Node:
        count = max(self.typed.rows(place), 1)
        rows = tuple(self._node(one.members[0], f"{place}.{n}", row=True) for n in range(count))
        return self._made(one, place, "list", members=rows)

    def _file(self, one: Field, place: str) -> Node:
        """A file, with what names one that was kept before; what they lack is said of the file."""
        beside = place.rpartition(".")[0]
        members = [self._node(each, f"{beside}.{each.name}") for each in one.members]
        lacking = [each for each in members if each.wrong and not self.typed.anything(each.name)]
        wrong = self.wrong.get(place) or next((each.wrong for each in lacking), "")
        parts = tuple(self._part(place, name, "") for name in KEPT)
        called, held = (self.typed.one(f"{place}.{name}") for name in (NAME, BYTES))
        return self._made(
            one,
            place,
            "file",
            wrong=wrong,
            members=tuple(replace(each, wrong="") if each in lacking else each for each in members),
            parts=parts,
            kept=f"{called} ({size(held)})" if called else "",
            beside=self.typed.anything(*(each.name for each in members)),
        )

    def _choice(self, one: Field, place: str) -> Node:
        answers = self._answers(one)
        chosen = set(self.typed.all(place))
        options = tuple(
            Option(value=value, label=label, chosen=value in chosen) for value, label in answers
        )
        if one.kind == "codes":
            return self._made(one, place, "checks", options=options)
        if len(options) > MOST_RADIOS:
            return self._made(one, place, "select", options=options)
        if not options:
            return self._made(one, place, "line")
        if one.kind == "flag" and one.name in MARKS:
            left = Option(value="", label="Not marked", chosen=YES not in chosen)
            return self._made(one, place, "radios", options=(options[0], left))
        unsaid = [each for each in options if each.label == "Not stated"]
        if unsaid and not one.required and self._default(one) == "“Not stated”":
            # It is what is recorded where nobody answers: said once, and chosen until they do.
            options = tuple(
                replace(each, chosen=each.chosen or (each in unsaid and not chosen))
                for each in options
            )
        elif not one.required:
            default = self._default(one)
            said = f"Not stated (recorded as {default})" if default else "Not stated"
            left = Option(value="", label=said, chosen=not chosen)
            options = (*options, left)
        return self._made(one, place, "radios", options=options)

    def _answers(self, one: Field) -> Sequence[Choice]:
        if one.kind == "flag":
            return ((YES, "Yes"), (NO, "No"))
        if one.listed is not None:
            answers = self.nation.lists.get(one.listed, {})
            # What the nation's procedure does not have is recorded where it was, and not offered.
            left_out = {} if self.nation.core_groups else _CORE_GROUP
            return tuple(each for each in answers.items() if left_out.get(one.listed) != each[0])
        if one.name == _OF_AN_ENTRY:
            return self.choices.of(DETAIL)
        return self.roles if one.name == PERFORMED_ROLE else ()

    def _date(self, one: Field, place: str) -> Node:
        labels = ("Day", "Month", "Year")
        parts = [self._part(place, *part) for part in zip(DATE_PARTS, labels, strict=True)]
        if one.kind == "time":
            parts.append(self._part(place, TEXT, "If it is not known exactly"))
        if one.kind == "time" and one.name not in DATES:
            parts.append(self._part(place, CLOCK, "Time"))
        return self._made(one, place, one.kind, parts=tuple(parts))

    def _named(self, one: Field, place: str, *, row: bool) -> Node:
        """A reference, a number, a digest or a name: chosen where there are any, else typed."""
        kind = _kind(one, place)
        answers = self.choices.of(kind)
        first = None if self.choices.unseen else _FIRST.get(kind or "")
        if not answers and first and not self.typed.anything(place, f"{place}.{OTHER}"):
            return self._none_yet(one, place, first)
        if not answers:
            look = "number" if one.kind == "number" else "line"
            typed = self.typed.one(place) or self.typed.one(f"{place}.{OTHER}")
            return self._made(one, place, look, value=typed)
        chosen = self.typed.one(place)
        known = {value for value, _label in answers}
        options = tuple(
            Option(value=value, label=label, chosen=value == chosen) for value, label in answers
        )
        by = "its version" if kind == ENTRY else "its reference"
        other = self._part(place, OTHER, f"Another one, by {by}")
        if chosen and chosen not in known:
            other = Part(name=other.name, id=other.id, label=other.label, value=chosen)
        look = "select"
        if len(options) <= MOST_RADIOS and not row and not place.endswith(f".{ABOUT}"):
            look = "radios"
            another = bool(other.value)
            left = Option(value="", label="Another one, given below", chosen=another)
            if not one.required:
                label = "None of these, or not stated"
                left = Option(value="", label=label, chosen=another or not chosen)
            options = (*options, left)
        return self._made(one, place, look, options=options, other=other)

    def _known_or_new(self, one: Field, place: str) -> Node:
        """One of those there are, or a new one: nobody types the reference of either."""
        known, chosen = dict(self.choices.of(_kind(one, place))), self.typed.one(place)
        if chosen not in {"", NEW, *known}:  # of a draft, or an address: it stands in no case now
            known[chosen] = f"The one given before, which no other case has ({chosen[:8]})"
        new = "A new one, whose reference is made here"
        options = tuple(
            Option(value=value, label=label, chosen=value == (chosen if known else NEW))
            for value, label in (*known.items(), (NEW, new))
        )
        look = "radios" if len(options) <= MOST_RADIOS else "select"
        return self._made(one, place, look, options=options)

    def _none_yet(self, one: Field, place: str, first: str) -> Node:
        """What can be chosen only once it is recorded: that none is, and the way to record one."""
        at = self.to_form(first) if self.to_form is not None and one.owner != first else ""
        options = (Option(value="", label="None: none is recorded yet", chosen=True),)
        leads = (at, title(first, self.nation)) if at else ("", "")
        return self._made(one, place, "radios", options=options, leads=leads)

    def _about(self, place: str) -> Node:
        one = Field(name=ABOUT, kind="reference", required=False, owner=ABOUT, refers=PERSON)
        return self._named(one, f"{place}.{ABOUT}", row=True)

    def _part(self, place: str, name: str, label: str) -> Part:
        within = f"{place}.{name}"
        return Part(name=within, id=_id(within), label=label, value=self.typed.one(within))

    def _label(self, one: Field, place: str) -> str:
        number = place.rpartition(".")[2]
        told = label(one.owner, one.name, self.nation)
        return f"{told}, number {int(number) + 1}" if number.isdigit() else told

    def _hint(self, one: Field, place: str) -> str:
        row = place.rpartition(".")[2].isdigit()  # the list around it has said what it is
        said = ["" if row else hint(one.owner, one.name, self.nation)]
        kind = "birth" if one.name in DATES else one.kind
        said.append(_HINTS.get(kind, "") if self._typed_by_hand(one, place) else "")
        if one.name == "adult" and not (self.choices.unseen or self.choices.of(PERSON)):
            said.append("Register the person first; their page leads back here.")
        if one.listed is not None and not self._answers(one):
            said.append(f"{self.nation.name} has no list of this: leave it out.")
        if one.kind not in {"code", "flag"} or len(self._answers(one)) > MOST_RADIOS:
            default = self._default(one)
            said.append(f"If you leave this out, it is recorded as {default}." if default else "")
        return " ".join(one for one in said if one)

    def _typed_by_hand(self, one: Field, place: str) -> bool:
        if one.kind not in {"reference", "digest"}:
            return True
        return not (may_be_new(one) or self.choices.of(_kind(one, place)))

    def _default(self, one: Field) -> str:
        """What is recorded where a field is left out, where that is something."""
        match one.default:
            case bool():
                return "yes" if one.default else "no"
            case str() if one.listed is not None:
                return f"“{self.nation.label(one.listed, one.default)}”"
            case int():
                return str(one.default)
            case _:
                return ""


def _kind(one: Field, place: str) -> str | None:
    """Which choices a field has."""
    if one.kind == "digest":
        return FINDING if one.name in _FINDINGS else DIGEST
    if one.kind == "number":
        return ENTRY if names_entry(one, place) else None
    if may_be_new(one):
        return LARGE_SCALE
    if one.refers == CASE:
        return _PARTED.get(one.owner)
    return one.refers if one.kind == "reference" else None


def _id(place: str) -> str:
    return place.replace(".", "-")
