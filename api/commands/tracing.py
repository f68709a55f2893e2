"""`holdfast trace`: what belongs to one request, over both logs, as a tree of causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.tree import Tree

from api.answered import basis
from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking
from api.forms import labels
from api.tracing import trace
from domain.jurisdictions import Jurisdiction


def show_trace(asking: Asking, text: str, *, json: bool) -> None:
    """Show every entry of both logs with a correlation. Raises Refused, NotFound."""
    with at_desk(asking) as desk:
        desk.must("access_log")
        found = trace(desk.reader, reference(text, "correlation"))
        upto = found.upto[desk.office.record.log.name]
        rests = basis(desk.office, upto, desk.today)
        nation = desk.office.jurisdiction
    if json:
        show.as_json(
            {
                "correlation": text,
                "basis": rests,
                "upto": found.upto,
                "entries": found.roots,
                "count": found.count,
                "more": found.more,
            }
        )
        return
    known = " and ".join(f"position {at} of {log}" for log, at in found.upto.items())
    tree = Tree(show.safe(f"Correlation {text}: {found.count} entries, up to {known}"))
    _grow(tree, found.roots, nation)
    show.screen().print(tree)
    if found.more:
        show.say("There are more: they are not shown.")


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
