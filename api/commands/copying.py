"""`holdfast backup`, `restore`, and `keys backup`, `keys restore`, `keys rotate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from api import copies, rotating
from api.commands import show
from api.commands.desk import at_desk
from api.commands.following import connector
from api.commands.keeping import CORRUPT, heads_of
from api.commands.options import Asking
from api.keys import log_keys
from api.office import Office
from api.settings import read_settings
from api.views import every
from domain import stored
from domain.erasure import Erasures, lost, restorings_told
from domain.record.backup import Manifest, Tell
from domain.record.migration import LOGS
from domain.record.verification import Report, verify
from domain.refusal import Refused
from projections.rebuild import prepare, rebuild

_OLDER: Final = (
    "The older copy was overwritten where it lay. A file system that keeps what was (copy on "
    "write, snapshots, a journal of data), a disk that moves its blocks, or a backup of that place "
    "may still hold it: with the master key it opens what was forgotten since."
)
_LOG_KEY: Final[dict[copies.LogKey, str]] = {
    "none": (
        "The key that signs heads is not in this copy: put log.key back from where its copy is "
        "kept, or the next heads are signed by a new one, which outsiders have to be told of."
    ),
    "put back": "The key that signs heads (log.key) is in its place again.",
    "there": "The key that signs heads (log.key) lay in its place already.",
    "another": (
        "In the place of log.key is another key than the one in this copy, and it was left there: "
        "heads are signed by it from now on, which outsiders have to be told of."
    ),
}


@contextmanager
def _telling() -> Iterator[copies.Telling]:
    """One bar after the other."""
    with ExitStack() as stack:

        def telling(what: str) -> Tell:
            stack.pop_all().close()
            return stack.enter_context(show.progress(what))

        yield telling


def backup(folder: Path, keys: Path | None, *, json: bool) -> None:
    """Write a backup of the logs, and then the newest copy of the keyring where one is asked for.

    In this order: keys that the logs lack do no harm, and passages without a key do.
    """
    with at_desk(Asking()) as desk, _telling() as telling:
        if keys is not None:
            copies.refuse_for_keys(desk.office.settings, keys.absolute())
            _refuse_both(folder.absolute(), keys.absolute())
        manifest = copies.back_up(desk.office.settings, desk.office, folder, telling=telling)
        if keys is not None:
            copies.copy_keys(desk.office.settings, desk.office.database, desk.office.wrapping, keys)
    if json:
        show.as_json({"made": manifest.made, "epoch": manifest.epoch, "heads": _heads(manifest)})
        return
    show.say(f"The backup is complete: {manifest.rows} rows, none of a key or a draft.")
    for head in _heads(manifest):
        show.say(f"  tree head, to keep elsewhere and give to --head later: {head}")
    if keys is None:
        show.say(
            "Now the keys: `holdfast keys backup FILE`, in a place apart. Without them "
            "nothing that was sealed opens."
        )


def _refuse_both(folder: Path, file: Path) -> None:
    if folder.parent in file.parents:
        raise Refused(
            "together",
            "L9",
            "The copy of the keyring would lie beside the backup: name a place "
            "apart, best on another machine or medium.",
        )


def _heads(manifest: Manifest) -> list[str]:
    return [f"{log}:{size}:{root.hex()}" for log, (size, root) in manifest.logs.items()]


def restore(folder: Path, keys: Path, heads: Sequence[str], *, json: bool) -> int:
    """Restore a backup and the newest keyring, then make every view anew. Returns 6 for a lack."""
    settings, kept = read_settings(), heads_of(heads)
    with _telling() as telling:
        done = copies.restore(settings, folder, keys, heads=kept, say=show.tell, telling=telling)
    # From here on it is a record like any other: what is cut short now is made up for by a start.
    with Office(settings, say=show.tell) as office:
        reports = []
        lives = office.lives()
        erasures = Erasures(office.record)
        accounts = {
            "cases": erasures.accounts(),
            "readings": restorings_told(office.readings.log, lives),
        }
        for log in LOGS:
            with (
                show.progress(f"opening {log}") as tell,
                office.database.connect("holdfast_writer") as conn,
            ):
                reports.append(
                    verify(
                        conn,
                        log,
                        catalogue=stored,
                        keyring=office.keyring,
                        erased=erasures.until,
                        lost=partial(lost, office.readings.log, lives),
                        accounts=accounts[log],
                        progress=tell,
                        ours=log_keys(settings),
                    )
                )
        prepare(connector(office), every(office))
        for view in every(office):
            with show.progress(view.name) as tell:
                rebuild(view, connector(office), unseal=office.record.unseal, progress=tell)
        again = copies.to_record_again(settings, done.keys.unrecorded)
    well = all(one.ok for one in reports)
    if json:
        show.as_json(
            {
                "ok": well,
                "made": done.manifest.made,
                "heads": _heads(done.manifest),
                "forgotten": sum(one.forgotten for one in reports),
                "lost": sum(one.lost for one in reports),
                "missing": sum(one.missing for one in reports),
                "erased_since": [str(one) for one in done.keys.unrecorded],
                "to_record_again": [str(one) for one in again],
                "log_key": done.log_key,
            }
        )
    else:
        _say(done, reports, again)
    return 0 if well else CORRUPT


def _say(done: copies.Restored, reports: Sequence[Report], again: Sequence[UUID]) -> None:
    show.say(f"Restored as it was on {done.manifest.made}, to the sizes and roots it had then.")
    for one in reports:
        since = one.size - done.manifest.logs[one.log][0]
        more = f" ({since} of them recorded by this restoring and its start)" if since else ""
        gone = f"{one.forgotten} passages lawfully forgotten"
        show.say(f"  {one.log}: {one.size} entries{more}, {gone}.")
        if one.lost:
            show.say(f"  {one.lost} more went by erasures recorded after the backup.")
        for problem in one.problems:
            show.say(f"  wrong: {problem}")
    if any(one.missing for one in reports):
        show.say(
            "Keys are missing: this copy of the keyring is older than the backup. `holdfast "
            "keys restore` with a newer copy puts them back."
        )
    show.say(_LOG_KEY[done.log_key])
    _say_unrecorded(done.keys.unrecorded, again)
    show.say("What was recorded after the backup is not here: ask for it where it was sent.")


def _say_unrecorded(erased: Sequence[UUID], again: Sequence[UUID]) -> None:
    """Which erasures the log lacks; only what it speaks of can be erased in it once more."""
    if again:
        show.say(
            f"Forgotten since the log ends, and kept so; {len(again)} erasure(s) are to be "
            "approved and recorded again, so that the record says it:"
        )
        for one in again:
            show.say(f"  {one}")
    if nowhere := [one for one in erased if one not in again]:
        show.say(
            f"Of {len(nowhere)} more that was forgotten nothing is in this record, and nothing is "
            "to be done:"
        )
        for one in nowhere:
            show.say(f"  {one}")


def keys_backup(file: Path, *, json: bool) -> None:
    """Write the newest copy of the keyring in place of the older one."""
    with at_desk(Asking()) as desk:
        there = file.absolute().exists()
        head = copies.copy_keys(
            desk.office.settings, desk.office.database, desk.office.wrapping, file
        )
        signs = desk.office.settings.log_key_file.exists()
    if json:
        show.as_json({"epoch": head.epoch, "made": head.made, "log_key": signs, **head.counts})
        return
    show.say(
        f"The newest copy of the keyring (epoch {head.epoch}, {head.counts['data']} keys, all of "
        "them wrapped by the master key, which is not in it) is written. Make it anew after each "
        "backup of the database. After each erasure it is made anew by itself, as long as it can "
        "be reached here; `holdfast retention` says where it could not be."
    )
    if signs:
        show.say("The key that signs the record's heads (log.key) is in it, wrapped alike.")
    else:
        show.say("No head was signed yet: make it anew once one was, for the key that signs.")
    if there:
        show.say(_OLDER)


def keys_restore(file: Path, *, json: bool) -> None:
    """Put the newest copy of the keyring back."""
    settings = read_settings()
    done = copies.restore_keys(settings, file, say=show.tell)
    log_key = copies.put_back_log_key(settings, file)
    again = copies.to_record_again(settings, done.unrecorded)
    if json:
        show.as_json(
            {
                "log_key": log_key,
                "epoch": done.epoch,
                "added": done.added,
                "dropped": done.dropped,
                "erased_since": [str(one) for one in done.unrecorded],
                "to_record_again": [str(one) for one in again],
            }
        )
        return
    show.say(f"The keyring of epoch {done.epoch} is back: {done.added} keys that were missing.")
    show.say(_LOG_KEY[log_key])
    if done.dropped:
        show.say(
            f"{done.dropped} keys that were here are not in it: what they opened is forgotten."
        )
    _say_unrecorded(done.unrecorded, again)
    show.say("Run `holdfast verify`: it names every passage whose key is missing.")


def keys_rotate(file: Path) -> None:
    """Wrap the keyring by another master key."""
    done = rotating.rotate(read_settings(), file, say=show.tell)
    show.say("Done." if done else "This was done before: the new key file opens this record.")
    show.say(
        "Keep the new file: name it in HOLDFAST_MASTER_KEY_FILE, or put it in the old one's place. "
        "Keep a copy of it elsewhere. The old key file opens nothing here any more; but it opens "
        "older copies of the keyring: make the copy anew (`holdfast keys backup`), then destroy "
        "the old key file."
    )
