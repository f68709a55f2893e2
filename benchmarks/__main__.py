"""Run them: `python -m benchmarks [--json] [--seconds S] [--repeats N] [--only NAME]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
from typing import Any, Final

import psycopg

from benchmarks.append import compare, processes
from benchmarks.house import Site, site
from benchmarks.load import load
from benchmarks.proof import proof
from benchmarks.returns import returns, told_of_returns
from benchmarks.verify import verified
from benchmarks.views import views


def machine(opened: Site) -> dict[str, Any]:
    """What they ran on."""
    with psycopg.connect(opened.owner) as conn:
        row = conn.execute("SELECT current_setting('server_version')").fetchone()
    return {
        "cores": os.cpu_count(),
        "postgresql": row[0] if row else None,
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def run(seconds: float, repeats: int, only: str | None = None) -> dict[str, Any]:
    """Every figure, on a server made for it; `only` "views" leaves out the others."""
    with site() as opened:
        on = machine(opened)
        if only == "views":
            seen = views(opened, repeats=repeats)
            return {"machine": on, "views": seen, "load_after": round(os.getloadavg()[0], 1)}
        if only == "proof":
            proved = proof(opened, seconds=seconds, repeats=repeats)
            return {"machine": on, "proof": proved, "load_after": round(os.getloadavg()[0], 1)}
        if only == "returns":
            asked = returns(opened, repeats=repeats)
            return {"machine": on, "returns": asked, "load_after": round(os.getloadavg()[0], 1)}
        found = compare(opened, seconds=seconds, repeats=repeats)
        return {
            "machine": on,
            "append": found,
            "append_processes": {
                number: round(processes(opened, number=number, seconds=seconds))
                for number in (1, 2, 4)
            },
            "load": load(opened),
            "verify": verified(opened),
            "views": views(opened, repeats=repeats),
            "proof": proof(opened, seconds=seconds, repeats=repeats),
            "returns": returns(opened, repeats=repeats),
            "load_after": round(os.getloadavg()[0], 1),
        }


def told(found: dict[str, Any]) -> None:
    """Print the figures about views."""
    made = found["rebuild"]
    print(f"a second, over {made['events']:,} events: {made['per_second']}")
    print(f"a rebuild over the library's runner, by events folded: {made['over_library']}")
    print(f"the same, by events of the log: {made['of_the_log_over_library']}")
    print(f"a rebuild over COPY OUT: {made['of_copy_out']}")
    print(f"a follower, in batches of {found['follow']['batch']}: {found['follow']['per_second']}")
    for row in found["as_at"]:
        print(f"{row['versions']:,} versions, milliseconds: {row['ms']}")
        print(f"as_at over now: team {row['team_ratio']}, totals {row['totals_ratio']}")


def told_of_proof(found: dict[str, Any]) -> None:
    """Print the figures about the proof."""
    for row in found["append"]:
        print(
            f"{row['threads']:3} threads, appends a second with a prover beside: {row['with']:,}, "
            f"without {row['without']:,}: {row['ratio']} ({row['ratio_each']})"
        )
    print(f"the tree made anew: {found['made']}")
    print(f"verification: {found['checked']}")


TOLD: Final = {"views": told, "proof": told_of_proof, "returns": told_of_returns}


def main() -> None:
    """Print the figures, as a table or as JSON."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--seconds", type=float, default=2.0)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--only", choices=["views", "proof", "returns"])
    options = asked.parse_args()
    found = run(options.seconds, options.repeats, options.only)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"on {found['machine']}, load afterwards {found['load_after']}")
    if options.only is not None:
        TOLD[options.only](found[options.only])
        return
    print("appends a second (99 of 100 within ms): ours | stock | plain | ours over stock")
    for row in found["append"]:
        each = (
            f"{row['per_second'][name]:,} ({row['p99_ms'][name]})"
            for name in ("ours", "stock", "plain")
        )
        print(f"{row['threads']:3} threads: {' | '.join(each)} | {row['over_stock']}")
    for number, rate in found["append_processes"].items():
        print(f"32 threads in {number} process(es): {rate:,}")
    print(f"a case of {found['load']['events']} events: {found['load']}")
    print(f"verification: {found['verify']}")
    told(found["views"])
    told_of_proof(found["proof"])
    told_of_returns(found["returns"])


if __name__ == "__main__":
    main()
