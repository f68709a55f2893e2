"""`holdfast trace`: what belongs to one request, over both logs, as a tree of causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.tree import Tree

from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking
from api.forms import labels
from api.tracing import Place, trace, tree
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound


def show_trace(asking: Asking, text: str, *, json: bool) -> None:
    """Show every entry of both logs with a correlation. Raises Refused, NotFound."""
    with at_desk(asking) as desk:
        desk.must("access_log")
        correlation, place = reference(text, "correlation"), Place()
        told = list[tuple[int | None, dict[str, Any]]]()
        while True:
            found = trace(desk.reader, correlation, desk.basis, place)
            told += found.told
            if found.next is None:
                break
            place = found.next
        if not told:
            raise NotFound("Nothing was recorded under this correlation.")
        roots, nation, rests = tree(told), desk.office.jurisdiction, desk.rests()
    if json:
        rests.json(
            {"correlation": text, "upto": found.upto, "entries": roots, "count": len(told)},
        )
        return
    known = " and ".join(f"position {at} of {log}" for log, at in found.upto.items())
    drawn = Tree(show.safe(f"Correlation {text}: {len(told)} entries, up to {known}"))
    _grow(drawn, roots, nation)
    show.screen().print(drawn)
    rests.foot()


def _grow(tree: Tree, nodes: Sequence[Mapping[str, Any]], nation: Jurisdiction) -> None:
    for one in nodes:
        _grow(tree.add(show.safe(_line(one, nation))), one["caused"], nation)


def _line(one: Mapping[str, Any], nation: Jurisdiction) -> str:
    place = f"{one['log']} {one['position']}"
    if one["restricted"]:
        return f"{place}: of a case that is restricted"
    title = labels.title(one["name"], nation)
    who = f"{one['recorded_by_name']} ({one['role']}, {one['organisation']})"
    return f"{place}: {title}, {one['kind']} {one['stream']}, {one['recorded_at']}, {who}"
