"""Where files are put that are published: what is asked of a folder, or of what stands for one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Place(Protocol):
    """A file that was put is there whole, or not at all, whatever happens."""

    def get(self, path: str) -> bytes | None:
        """What lies there; None where nothing does."""
        ...

    def under(self, path: str) -> list[str]:
        """The files that lie in a folder and in those within, by their paths from the place."""
        ...

    def put(self, path: str, raw: bytes) -> None:
        """Put a file, durable when this returns; within `together`, when that ends."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Put several, in whatever order they come to be there."""
        ...

    def drop(self, path: str) -> None:
        """Take away a folder of files that nobody needs."""
        ...

    def move(self, path: str, to: str) -> None:
        """Give a file or folder another name, if it is there and nothing has that name."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Have it for oneself: whoever else writes there has to wait."""
        ...
