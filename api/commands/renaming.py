"""`holdfast timeline names`: the names put back into a timeline with pseudonyms, by its key."""

from __future__ import annotations

from pathlib import Path

from api.commands import show
from api.commands.exporting import write
from api.timelines.asked import KINDS
from api.timelines.naming import put_back, read_key
from domain.refusal import NotFound, Refused

_CHANGED = (
    "The file is no more as it was given out: each pseudonym is now the name or the reference it "
    "stands for, and what several people may be meant by was left as it is."
)


def put_names_back(file: Path, out: Path, key_file: Path | None) -> None:
    """Write a timeline with its names, for nobody but whoever may read them.

    Raises:
        NotFound: the file or its key is not there.
        Refused: one of them is not what it should be, or the other stands there already.
    """
    kind = file.suffix.lower().removeprefix(".")
    if kind not in KINDS or out.suffix.lower() != file.suffix.lower():
        words = f"Both files are to end alike, in one of {', '.join(KINDS)}."
        raise Refused("option", "usage", words)
    key = read_key(_read(key_file or file.with_name(f"{file.name}.key.json")))
    named = put_back(_read(file), kind, key)
    write(out, named.content, private=True)
    show.say(f"Written with names: {out}, readable by this account alone.")
    if not named.exact:
        show.say(_CHANGED)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise NotFound(f"There is no file {path.name} there that can be read.") from None
