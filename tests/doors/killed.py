"""Copies and keys changed by a process that is killed, with nothing unwound, at a step it names.

    python -m tests.doors.killed STEP backup DIR | keys FILE | restore DIR FILE | rotate FILE

The settings are those of the environment. A step that does not come lets it end in order.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from api import copies, rotating
from api.office import Office
from api.settings import read_settings


def main() -> None:
    """Do what is asked, and die where it is said."""
    at, what, *paths = sys.argv[1:]
    settings, files = read_settings(), [Path(one) for one in paths]

    def step(name: str) -> None:
        if name == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "restore":
        folder, keys = files
        copies.restore(settings, folder, keys, heads={}, say=lambda _line: None, step=step)
    elif what == "rotate":
        rotating.rotate(settings, files[0], step=step)
    else:
        with Office(settings) as office:
            if what == "backup":
                copies.back_up(settings, office, files[0], step=step)
            else:
                copies.copy_keys(settings, office.database, office.wrapping, files[0], step=step)


if __name__ == "__main__":
    main()
