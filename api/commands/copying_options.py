"""How backups and copies of keys are asked for: their options. What they do imports more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import Json


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Then the newest copy of the keyring, in a place apart."),
    ] = None,
    json: Json = False,
) -> None:
    """Write a verified backup of the logs and documents; no key and no draft is in it."""
    from api.commands import copying  # noqa: PLC0415 — loaded when it is asked for

    copying.backup(folder, keys, json=json)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A backup.")],
    *,
    keys: Annotated[Path, typer.Option(metavar="FILE", help="The newest copy of the keyring.")],
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="LOG:SIZE:ROOT", help="A tree head kept elsewhere; may be repeated."),
    ] = None,
    json: Json = False,
) -> None:
    """Restore a backup into an empty place, with the newest keyring; exits with 6 for a lack.

    The master key is in its place before. What was forgotten after the backup stays forgotten.
    """
    from api.commands import copying  # noqa: PLC0415 — loaded when it is asked for

    raise typer.Exit(copying.restore(folder, keys, head or (), json=json))


def keys_backup(
    file: Annotated[Path, typer.Argument(help="Where the one copy lies, apart from any backup.")],
    *,
    json: Json = False,
) -> None:
    """Write the newest copy of the keyring in place of the older one, and destroy that."""
    from api.commands import copying  # noqa: PLC0415 — loaded when it is asked for

    copying.keys_backup(file, json=json)


def keys_restore(
    file: Annotated[Path, typer.Argument(help="The newest copy of the keyring.")],
    *,
    json: Json = False,
) -> None:
    """Put the newest copy of the keyring back into a record that lost its own, or is older."""
    from api.commands import copying  # noqa: PLC0415 — loaded when it is asked for

    copying.keys_restore(file, json=json)


def keys_rotate(
    file: Annotated[Path, typer.Argument(metavar="NEW", help="The new key file; made if absent.")],
) -> None:
    """Change the master key; the log and the rows stay as they are."""
    from api.commands import copying  # noqa: PLC0415 — loaded when it is asked for

    copying.keys_rotate(file)
