"""How fast a whole log is read again and proved."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from benchmarks.house import Notes, Site
from domain.record.verification import verify


def verified(site: Site) -> dict[str, Any]:
    """Events a second: rows and tree alone, and with every name, header and passage's form."""
    found: dict[str, Any] = {}
    with site.connect() as conn:
        for name, catalogue in (("rows", None), ("contents", Notes())):
            before = perf_counter()
            report = verify(conn, "cases", catalogue=catalogue)
            report.demand()
            found["events"] = report.size
            found[f"{name}_per_second"] = round(report.size / (perf_counter() - before))
    return found
