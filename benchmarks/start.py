"""How long a start takes: `python -m benchmarks.start [--repeats N]`, printed as JSON.

Each repeat takes a new data folder and runs `holdfast demo` on it twice, as `make demo` does once
its packages are installed: from the start of the process to the moment it says where it is, and
`/ready` answers 200. The first start makes the database and loads the demonstration; the second
goes on with it. What installing takes is the registry's and the network's affair and not in it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HOLDFAST = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())", "demo"]
ROOT = Path(__file__).parents[1]
LIMIT_S = 900.0


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 — OK
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def started(data: Path) -> tuple[float, float]:
    """Start on a data folder and stop again: seconds until it was of use, seconds to stop."""
    port = _free_port()
    settings = {"HOLDFAST_DATA": str(data), "HOLDFAST_PORT": str(port)}
    unset = {"DATABASE_URL": "", "HOLDFAST_DEMO": ""}
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 — our own program
        HOLDFAST, cwd=ROOT, env={**os.environ, **unset, **settings}, stderr=subprocess.DEVNULL
    )
    try:
        while not _ready(port):
            if process.poll() is not None or time.monotonic() - began > LIMIT_S:
                sys.exit("the demonstration did not start: run `holdfast demo` to see why")
            time.sleep(0.02)
        took = time.monotonic() - began
        process.send_signal(signal.SIGINT)
        stopping = time.monotonic()
        process.wait(60)
        return took, time.monotonic() - stopping
    finally:
        process.kill()
        process.wait()


def run(repeats: int) -> dict[str, Any]:
    """Every figure in seconds, in the order it was taken, and what it was taken on."""
    found: dict[str, list[float]] = {"first_s": [], "second_s": [], "stop_s": []}
    before = os.getloadavg()[0]
    for _ in range(repeats):
        with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
            Path(name).chmod(0o755)  # the account root hands PostgreSQL to must reach it
            for which in ("first_s", "second_s"):
                took, stop = started(Path(name) / "data")
                found[which].append(round(took, 2))
            found["stop_s"].append(round(stop, 2))
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **found,
        "load_before": round(before, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="how long a start takes")
    parser.add_argument("--repeats", type=int, default=1)
    print(json.dumps(run(parser.parse_args().repeats), indent=1))
