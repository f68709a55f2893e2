"""`holdfast trace`: what belongs to one request, over both logs, as a tree of causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.tree import Tree

from api.audited import traced_said
from api.commands import show
from api.commands.desk import at_desk, reference
from api.commands.options import Asking
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
        _grow(tree.add(show.safe(traced_said(one, nation))), one["caused"], nation)
