"""`holdfast replay`: a case entry by entry, for whoever audits it."""

from __future__ import annotations

from typing import Any

from rich.padding import Padding
from rich.text import Text

from api.audited import step_said
from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking, Then
from api.replaying import joined_to, may_replay, replay
from api.routes.timeline import Told
from api.standing import stands
from domain.jurisdictions import Jurisdiction
from domain.record.encoding import Json
from domain.refusal import Refused


def show_replay(asking: Asking, text: str, then: Then, *, full: bool, json: bool) -> None:
    """Show a case as it was recorded, entry by entry, with what each changed and what it raised."""
    with at_desk(asking) as desk:
        case, asked = reference(text, "case"), desk.clocks(then)
        desk.must("case", case)
        found = stands(desk.office, case, asked)
        desk.opened(found.now, case)
        if not may_replay(desk.reader, found):
            raise Refused("restricted", "L7", "Reading a case that it was joined to is restricted.")
        desk.viewed("replay", case=case, among=joined_to(found), as_at=asked.looked_at)
        made = replay(desk.reader, found, full=full)
        answer: dict[str, Any] = {
            "case": str(case),
            "as_at": found.position,
            "steps": made.steps,
            "earlier": made.earlier,
            "count": made.count,
        }
        nation, rests = desk.office.jurisdiction, desk.rests()
    if json:
        rests.json(answer)
        return
    show.say(f"Replay of {text}")
    for step, entry in zip(made.steps, made.entries, strict=True):
        _step(step, entry, nation)
    show.say("")
    rests.foot()


def _step(step: Json, told: Told | None, nation: Jurisdiction) -> None:
    show.say("")
    title, lines = step_said(step, told, nation)
    heading(f"[{step['receipt']['position']}] {title}")
    for text in lines:
        line(text)


def heading(text: str) -> None:
    """The first line about an entry."""
    show.screen().print(Text(show.safe(text).plain, style="bold"), soft_wrap=True)


def line(text: str) -> None:
    """Another line about it, folded under itself."""
    show.screen().print(Padding(Text(show.safe(text).plain), (0, 0, 0, 2), expand=False))
