"""`holdfast receipt` and `export-proof`: what an outsider needs to hold the record to its word."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.basis import release
from api.commands import show
from api.commands.desk import Desk, at_desk
from api.commands.keeping import AMISS, CORRUPT
from api.commands.options import Asking
from api.proving import INTEGRATOR, proved, up_to_date
from api.routes.door import READING, THROUGH_RESTRICTION
from api.routes.people import restricted_among
from api.witnessing import policy_of
from domain.access import HeadGiven, ProofGiven
from domain.authority import ROLES
from domain.record.migration import LOGS
from domain.record.proof.exporting import MANIFEST, VERIFIER, Exported, export, foreign
from domain.record.proof.publishing import Busy
from domain.record.proof.strict import b64
from domain.refusal import Refused
from domain.words import Digest, Slug, named

_OURS: Final = frozenset({*LOGS, "verify.py", "README.txt"})  # of one that was broken off
_NAMED: Final = 5  # of what is strange in a folder


def receipt(asking: Asking, log: str, position: int, out: str | None) -> None:
    """Print a receipt, or put it and its entry into a folder.

    Raises:
        NotFound: nothing was recorded at this position.
        Unavailable: no head covers it yet.
        Refused: there is no such log, or the folder cannot be written.
    """
    if log not in LOGS:
        raise Refused("option", "usage", f"--log is one of {', '.join(LOGS)}.")
    with at_desk(asking) as desk:
        text, entry = proved(desk.office, log, position)
    if out is None:
        show.say(text.decode().removesuffix("\n"))
        return
    folder = Path(out)
    name = folder / f"{log}-{position}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, raw in ((".tlog-proof", text), (".entry", entry)):
            name.with_name(name.name + suffix).write_bytes(raw)
    except OSError as error:
        raise Refused(
            "file", "usage", f"This folder cannot be written ({error.strerror}): name another."
        ) from None
    show.say(f"Wrote {name}.tlog-proof and {name}.entry.")


def given(recipient: str | None, purpose: str | None) -> Slug:
    """To whom an export with entries goes. Raises Refused where that, or what for, is left out."""
    if recipient is None or purpose is None:
        words = (
            "--with-entries gives all that was recorded away: say to whom (--recipient AGENCY) and "
            "what for (--purpose)."
        )
        raise Refused("option", "usage", words)
    try:
        return named(recipient)
    except ValueError as error:
        raise Refused("option", "usage", f"--recipient: {error}") from None


def export_proof(asking: Asking, place: str, recipient: Slug | None, *, json: bool) -> int:
    """Write the proof of both logs, as they are now, into a folder; with entries for a recipient.

    Returns 0, or 6 where a time-stamp that is none of the head it is kept for was left out.

    Raises:
        Refused: the folder holds something else, or cannot be written.
        Unavailable: whoever leads has not made a head in time.
        Corrupt: the record does not go on from what the folder holds.
    """
    folder, contents = Path(place), recipient is not None
    _refuse_another(folder)
    with at_desk(asking) as desk:
        _refuse_the_published(folder, desk.office.settings.proof)
        if contents:
            _refuse_unentitled(desk)
        desk.viewed("proof_handed_over" if contents else "export")
        heads = {log: up_to_date(desk.office, log) for log in LOGS}
        try:
            with (
                show.progress("exporting the proof") as tell,
                desk.office.database.connect(INTEGRATOR) as conn,
            ):
                done = export(
                    conn,
                    folder,
                    heads,
                    authority=desk.office.authority,
                    release=release(),
                    contents=contents,
                    policy=policy_of(desk.office.settings),
                    published=desk.office.settings.proof,
                    progress=lambda _log, now, whole: tell(now, whole),
                )
        except Busy:
            words = "Another process is writing in this folder: ask again once it is done."
            raise Refused("file", "usage", words) from None
        except OSError as error:
            raise Refused(
                "file", "usage", f"This folder cannot be written ({error.strerror}): name another."
            ) from None
        if recipient is not None:
            _tell(desk, recipient, done)
    _say(done, folder, json=json)
    return CORRUPT if done.left_out else 0


def _tell(desk: Desk, recipient: Slug, done: Exported) -> None:
    """Record to whom what was given, beside the trace that was left before."""
    record, readings = (
        HeadGiven(
            incarnation=int(head.origin.rpartition("/")[2]),
            size=head.size,
            root=Digest(head.root.hex()),
        )
        for head in (done.heads["cases"], done.heads["readings"])
    )
    event = ProofGiven(
        recipient=recipient,
        purpose=desk.reader.purpose,
        manifest=Digest(done.manifest.hex()),
        record=record,
        readings=readings,
    )
    desk.office.viewed(desk.actor, [event], desk.reader.purpose)


def _refuse_unentitled(desk: Desk) -> None:
    """Give all that was recorded of all cases to an auditor alone, restricted ones among them.

    They cannot be left out: a proof of what the entries say is one of all of them. Raises Refused.
    """
    if not desk.may("entries"):
        who = ", ".join(ROLES[one] for one in ROLES if one in READING["entries"])
        words = (
            f"This role may not be given what every entry holds. Who may: {who} (--role). Without "
            "--with-entries the proof says nothing about anybody, and anybody may have it."
        )
        raise Refused("not_permitted", "authority", words)
    with desk.office.pool.connection() as conn:
        rows = conn.execute(
            "SELECT DISTINCT stream FROM record.cases WHERE name LIKE 'processing-restricted.v%'"
        )
        ever = [stream for (stream,) in rows]
    closed = restricted_among(desk.reader, ever)
    if closed:
        words = (
            f"Reading is restricted in {len(closed)} cases, and what every entry holds has theirs: "
            f"it is given to --purpose {', '.join(sorted(THROUGH_RESTRICTION))} alone."
        )
        raise Refused("restricted", "L7", words)


def _refuse_the_published(folder: Path, published: Path) -> None:
    """A manifest beside what goes on growing would soon name what is not there. Raises Refused."""
    if folder.resolve() == published.resolve():
        words = "The service publishes in this folder, and goes on there: name another."
        raise Refused("file", "usage", words)


def _refuse_another(folder: Path) -> None:
    """What lies there and is no export stays as it is. Raises Refused."""
    try:
        found = {one.name for one in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise Refused(
            "file", "usage", f"This folder cannot be read ({error.strerror}): name another."
        ) from None
    # What begins with a point is of an export that was killed, or is under way.
    names = {one for one in found if not one.startswith(".")}
    if names and MANIFEST not in names and not names <= _OURS:
        raise Refused("file", "usage", "There is something else in this folder: name an empty one.")
    strange = foreign(folder)
    if strange:
        told = ", ".join(strange[:_NAMED]) + (" and more" if len(strange) > _NAMED else "")
        raise Refused(
            "file",
            "usage",
            f"No export wrote what lies in this folder as {told}: take it away, or name an empty "
            "folder. Nothing was changed.",
        )


def _say(done: Exported, folder: Path, *, json: bool) -> None:
    if json:
        heads = {
            log: {**dataclasses.asdict(head), "root": b64(head.root), "note": head.note.decode()}
            for log, head in done.heads.items()
        }
        told = {"folder": str(folder), "files": done.files, "heads": heads}
        show.as_json({**told, "left_out": dict(done.left_out)})
        return
    for log, head in done.heads.items():
        show.say(f"{log}: {head.size} entries, root {b64(head.root)}, {head.origin}")
    for path, why in done.left_out.items():
        show.say(
            f"Left out: {path}, since {why}. The rest is whole, and its {MANIFEST} says what was "
            "left out. Find out who put it in its place: only the database's owner can"
        )
    show.say(f"{done.files} files. To check them, anywhere: python {folder / 'verify.py'} {folder}")


def verify_published(
    target: str, *, against: Sequence[str] = (), of_a_database: bool, json: bool
) -> int:
    """Have a published proof checked by the verifier of one file, as an outsider does.

    `against` are exports kept from before, which it has to go on from.

    Returns what `README.txt` of each export has in its table (3): 0 where it holds, 6 where
    something does not, 7 where what was kept is not whole or was vouched for otherwise, 2 where
    there is nothing to verify.

    Raises:
        Refused: something was asked that is `of_a_database`.
    """
    if of_a_database:
        words = "--head and --views are of a record's database: leave out the folder."
        raise Refused("option", "usage", words)
    asked = [sys.executable, str(VERIFIER / "verify.py"), target, *(["--json"] if json else [])]
    asked += [f"--against={one}" for one in against]
    code = subprocess.run(asked, check=False).returncode  # noqa: S603 — our own program
    return {0: 0, 1: CORRUPT, 7: AMISS}.get(code, 2)
