"""A form as it stands at a moment: what is asked of what, by whom, and what was typed so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from starlette.responses import HTMLResponse

from api.clock import new_reference
from api.forms import choices
from api.forms.drawing import Drawing, Node
from api.forms.enquiries import LINKING, with_enquiries
from api.forms.fields import BESIDE, COMMAND
from api.forms.guarding import HEADERS, token
from api.forms.labels import lead, title
from api.forms.limits import LIMITS
from api.forms.place import Opened, Place
from api.forms.typed import Typed
from api.pages.entries import Entry, entries
from api.pages.page import render
from api.routes.door import THROUGH_RESTRICTION, Reader
from api.routes.timeline import Told
from api.tag import Tag
from domain.authority import may
from domain.jurisdictions import Jurisdiction

OURS: Final = ("key", "token", "version", "draft", "do")  # what a form holds besides what is typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A line of the summary of what is wrong, and where it leads."""

    words: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form. `key` is the id of its command, minted when it was first shown.

    `seen` is what whoever fills it in last saw of the stream, and of cases read in it. `edition` is
    that of its draft as it was drawn, empty where none was kept; `apart` the draft that it was kept
    apart from.
    """

    reader: Reader
    place: Place
    name: str
    key: UUID
    seen: Tag
    typed: Typed
    query: str = ""  # what its address keeps: for what purpose it is read
    unfit: Mapping[str, str] = field(default_factory=dict)  # files that were sent and not kept: why
    edition: str = ""
    apart: UUID | None = None

    @property
    def here(self) -> str:
        """The address the form is sent to, without its query: what its token is made over."""
        return self.place.form(self.name)

    @property
    def action(self) -> str:
        """The address the form is sent to."""
        return f"{self.here}{self.query and '?'}{self.query}"

    @property
    def secret(self) -> bytes:
        """What its token is made with."""
        return self.reader.office.wrapping.search_key()

    def renewed(self) -> Sheet:
        """The same as another command, for what is to be recorded besides."""
        return replace(self, key=new_reference(), edition="")

    def shown(
        self,
        opened: Opened,
        *,
        status: int = 200,
        wrong: Mapping[str, str] | None = None,
        general: Sequence[Wrong] = (),
        notices: Sequence[str] = (),
        focus: str = "",
        before: str = "",
    ) -> HTMLResponse:
        """The page of the form. Whoever opened what it stands for has left the trace of it.

        `before` is where what this form was recorded as a short while ago stands, if it was.
        """
        office, actor = self.reader.office, self.reader.actor
        nation = office.jurisdiction
        wrong = {**self.unfit, **(wrong or {})}
        drawing = Drawing(
            typed=self.typed,
            wrong=wrong,
            choices=self._choices(opened),
            roles=choices.roles(nation),
            nation=nation,
            to_form=self._form,
        )
        fields, beside = drawing.command(self.name), drawing.beside()
        summary = [*general, *_summary((*fields, *beside), wrong)]
        answer = render(
            "form.html",
            office,
            status,
            title=title(self.name, nation),
            lead=lead(self.name, nation),
            called=opened.called,
            back=f"{self.place.at}{self.query and '?'}{self.query}" if self.place.at else "/record",
            action=self.action,
            key=self.key,
            token=token(self.secret, actor, self.key, self.here),
            version=opened.seen,
            draft=self.edition,
            apart=self.apart,
            reaching=reaching(nation, self.here) if opened.closed else {},
            fields=fields,
            beside=beside,
            with_files=any(one.look == "file" for node in fields for one in node.whole()),
            limits=LIMITS,
            beside_open=self.typed.anything(*(one.name for one in BESIDE[1:]))
            or any(one.wrong for node in beside[1:] for one in node.whole()),
            problems=summary,
            left_over=self._left_over((*fields, *beside)),
            meanwhile=self._meanwhile(opened),
            notices=notices,
            focus=focus,
            before=before,
        )
        answer.headers.update(HEADERS)
        return answer

    def _choices(self, opened: Opened) -> choices.Choices:
        """What may be chosen: of what stands here, and of what other cases are linked to."""
        if self.name != LINKING or self.place.stream is None:
            return opened.choices
        return with_enquiries(self.reader, self.place.stream, opened.choices)

    def _form(self, command: str) -> str:
        """The address of another form of the same case; none, where this role may not ask it."""
        if not may(self.reader.actor.role, command):
            return ""
        return f"{self.place.form(command)}{self.query and '?'}{self.query}"

    def _left_over(self, nodes: Sequence[Node]) -> list[str]:
        """What was typed into a field that is no more: a draft may be of an earlier release."""
        drawn = {name for node in nodes for one in node.whole() for name in one.sent()}
        return [
            value
            for name, value in self.typed.pairs
            if name not in drawn and name not in OURS and value.strip()
        ]

    def _meanwhile(self, opened: Opened) -> list[tuple[Entry, str, UUID | None]]:
        """What was recorded since the form was opened, and where each of it stands.

        With what was recorded in a case that is read in this one, that case.
        """
        own = [fact for fact in opened.facts if fact.version > self.seen.version]
        later = [*own, *(one for one in opened.beside if one.position > self.seen.beside)]
        if self.place.kind is None or not later:
            return []
        told = [Told(fact=fact, occurred=fact.occurred) for fact in later]
        shown = entries(told, opened.names, self.reader.office.jurisdiction)
        return [(one, self._entry(one), self._elsewhere(one)) for one in shown]

    def _elsewhere(self, one: Entry) -> UUID | None:
        stream = one.fact.stream
        return None if stream == self.place.stream else stream

    def _entry(self, one: Entry) -> str:
        at, other = one.fact.position, self._elsewhere(one)
        page = self.place.at if other is None else f"/cases/{other}"
        return f"{page}?{self.query}{self.query and '&'}entry={at}#entry-{at}"


def reaching(nation: Jurisdiction, at: str) -> dict[str, str]:
    """The purposes that reach through a restriction, in words, each with where to send it for."""
    return {
        label: f"{at}?purpose={code}"
        for code, label in nation.lists["purpose"].items()
        if code in THROUGH_RESTRICTION
    }


def focus_of(name: str, place: str, sheet: Sheet, opened: Opened) -> str:
    """The id of the first thing in a part of a form that can have the focus."""
    nation = sheet.reader.office.jurisdiction
    drawing = Drawing(typed=sheet.typed, wrong={}, choices=opened.choices, roles=(), nation=nation)
    nodes = drawing.command(name) if place.startswith(f"{COMMAND}.") else drawing.beside()
    found = [one for node in nodes for one in node.whole() if one.name == place]
    return found[0].first if found else ""


def _summary(nodes: Sequence[Node], wrong: Mapping[str, str]) -> Iterator[Wrong]:
    """A line for each field that is wrong, in the order of the page; then what has no field."""
    drawn = {one.name: one for node in nodes for one in node.whole()}
    for one in drawn.values():
        if one.wrong:
            yield Wrong(words=f"{one.label}: {one.wrong}", at=f"#{one.first}")
    for place, words_of_it in wrong.items():
        if place not in drawn:
            yield Wrong(words=words_of_it)
