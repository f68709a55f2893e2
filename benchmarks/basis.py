"""What naming its basis costs an answer: `python -m benchmarks.basis [--cases N]`, as JSON.

A new record of so many cases; each question is asked in turns with the basis named (as the service
answers), with nothing named at all, and by a basis that was sent, which is held to the log. In
milliseconds, the median; `ratio` is named over not named, `again` is by a basis over not named.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.basis import HEADER, Basis
from api.keys import make_master_key
from api.office import Office
from api.settings import read_settings
from api.views import every
from projections.rebuild import prepare
from projections.runner import Follower

TIMES: Final = 60
_REFERRAL: Final = {
    "received": "2026-11-02",
    "channel": "telephone",
    "referrer_role": "home_care",
    "account": "Two carers did not come.",
    "allegations": [{"type": "neglect", "source": "provider_private", "location": "own_home"}],
}


@contextmanager
def asked_of(cases: int) -> Iterator[tuple[TestClient, str]]:
    """Give a client of a record with so many cases, its views made, and one of the cases."""
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account root hands PostgreSQL to must reach it
        told = {"HOLDFAST_DATA": str(folder / "data"), "HOLDFAST_DEVELOPMENT_IDENTITY": "1"}
        settings = read_settings(told)
        settings.data.mkdir()
        settings.data.chmod(0o755)
        make_master_key(settings)
        with Office(settings) as office:
            connect = partial(office.database.connect, "holdfast_projector")
            prepare(connect, every(office))
            here = ("127.0.0.1", 50000)
            with TestClient(create_app(office), base_url="http://127.0.0.1", client=here) as client:
                adult = _post(client, "/v1/persons", {"details": {"name": "Ann Example"}})
                made = [
                    _post(client, "/v1/cases", {"adult": adult, **_REFERRAL}) for _ in range(cases)
                ]
                for view in every(office):
                    with Follower(view, connect, unseal=office.record.unseal) as one:
                        one.catch_up()
                yield client, made[0]


def _post(client: TestClient, path: str, command: dict[str, Any]) -> str:
    answer = client.post(path, json={"command": command}, headers={"Idempotency-Key": str(uuid4())})
    answer.raise_for_status()
    return str(answer.json()["stream"])


def _timed(client: TestClient, path: str, headers: dict[str, str]) -> tuple[float, Response]:
    begun = perf_counter()
    answer = client.get(path, headers=headers)
    answer.raise_for_status()
    return (perf_counter() - begun) * 1000, answer


def run(cases: int) -> dict[str, Any]:
    """Ask each question in turns, and tell what the basis costs it."""
    found: dict[str, Any] = {"cases": cases, "load_before": round(os.getloadavg()[0], 1)}
    named = Basis.header
    with asked_of(cases) as (client, case):
        for path in (f"/v1/cases/{case}", f"/v1/cases/{case}/timeline", "/v1/cases", "/v1/policy"):
            took: dict[str, list[float]] = {"named": [], "unnamed": [], "again": []}
            sent = {HEADER: _timed(client, path, {})[1].headers[HEADER]}
            for _ in range(TIMES):
                took["named"].append(_timed(client, path, {})[0])
                took["again"].append(_timed(client, path, sent)[0])
                Basis.header = lambda _self: {}  # type: ignore[method-assign]  # as if nothing were named
                took["unnamed"].append(_timed(client, path, {})[0])
                Basis.header = named  # type: ignore[method-assign]
            mid = {name: median(times) for name, times in took.items()}
            found[path.replace(case, "CASE")] = {
                **{name: round(each, 2) for name, each in mid.items()},
                "ratio": round(mid["named"] / mid["unnamed"], 2),
                "again_ratio": round(mid["again"] / mid["unnamed"], 2),
            }
    return found


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    print(json.dumps(run(parser.parse_args().cases), indent=1))


if __name__ == "__main__":
    main()
