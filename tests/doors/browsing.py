"""A real browser and a real address, for what only a reader's eyes and keys can tell."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from tests.doors.conftest import Doors


# Not for the whole run: while it is open the thread has a running event loop, and a test of another
# module that needs one of its own would be refused.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the system's chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(shared: Doors) -> Iterator[str]:
    """Give the address at which the shared doors really listen."""
    config = uvicorn.Config(shared.client.app, host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)  # not without a pause: it would take its turns from the other thread
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
