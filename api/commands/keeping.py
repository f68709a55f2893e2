"""`holdfast verify` and `rebuild`: the record read again, and the views made anew from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from cryptography.x509 import Certificate

from api.commands import show
from api.commands.desk import Desk, at_desk
from api.commands.following import connector, follower, named, stopped, up_to_date
from api.commands.options import Asking
from api.filing import ill_kept
from api.keys import log_keys
from api.views import every
from api.witnessing import authority_of_time
from domain import stored
from domain.erasure import Erasures, lost, restorings_told
from domain.quorum import in_words
from domain.record.lawful import Forgettings
from domain.record.log import Unavailable
from domain.record.papers import Papers, verify_documents
from domain.record.proof.anchoring import looked_at
from domain.record.proof.checking import Publication
from domain.record.proof.exporting import amiss_in
from domain.record.proof.publishing import CHECKPOINT, Folder
from domain.record.relations import VIEWS, strange, unanswered
from domain.record.verification import Report, verify
from domain.refusal import Corrupt, Refused
from projections.comparing import Verified
from projections.rebuild import otherwise, prepare

LOGS: Final = {"cases": "The record of cases", "readings": "The log of readings"}
CORRUPT: Final = 6
AMISS: Final = 7  # the record holds; what was kept is not whole, or vouched for otherwise, or left
_ROOT_BYTES: Final = 32
_NO_VIEWS: Final = "that what people read in the views is what the record says: --views compares it"


def prove(
    asking: Asking, *, heads: Sequence[str], against: Sequence[str], views: bool, json: bool
) -> int:
    """Read both logs again and say what that shows.

    Returns 6 where something is wrong; else 7 where a folder that was kept is not whole, or was
    vouched for by another key or policy, or a restoring left behind what was published (the table
    is in `README.txt` of each export, 3).

    Raises:
        Refused: a head is none, or a folder no export, or the one that is published in.
    """
    kept = heads_of(heads)
    _refuse_no_export(against)
    with at_desk(asking) as desk:
        _refuse_own(against, desk.office.settings.proof)
        desk.viewed("verification")
        halves = {one: amiss_in(Path(one)) for one in against}
        erasures = Erasures(desk.office.record)
        reports = [_verify(desk, name, kept.get(name, {}), halves, erasures) for name in LOGS]
        papers = _documents(desk, erasures)
        compared = _views(desk) if views else {}
        beside = _answered(desk) if views else _beside(desk)
        beside += _otherwise(desk)
        beside += _filings(desk)
    well = all(one.ok for one in reports) and all(one.equal for one in compared.values())
    well = well and papers.ok and not beside
    if json:
        answer = {
            "ok": well,
            "logs": [_report(one) for one in reports],
            "documents": dataclasses.asdict(papers),
            "views": {
                name: {**dataclasses.asdict(one), "equal": one.equal}
                for name, one in compared.items()
            },
            "beside_views": beside,
            "not_shown": [] if views else [_NO_VIEWS],
        }
        show.as_json(answer)
    else:
        for report in reports:
            _say(report)
        _say_documents(papers)
        _say_views(compared)
        for words in beside:
            show.say(f"  wrong: {words}")
    if not well:
        return CORRUPT
    return AMISS if any(one.amiss or one.behind for one in reports) else 0


def _verify(
    desk: Desk,
    log: str,
    heads: Mapping[int, bytes],
    against: Mapping[str, Sequence[tuple[str, str]]],
    erasures: Erasures,
) -> Report:
    """Read a log again; `against` are folders that were kept, with what is amiss in each."""
    own = Publication("the published folder", Folder(desk.office.settings.proof / log), kept=False)
    elsewhere = [Publication(one, Folder(Path(one) / log), kept=True) for one in against]
    for one in elsewhere:
        halves = [half for half in against[one.name] if _about(half[0]) == log]
        for path, what in halves[:1]:
            more = f" (and {len(halves) - 1} more)" if len(halves) > 1 else ""
            one.amiss.append(f"{one.name} is not whole: {path} {what}{more}")
    with (
        show.progress(f"verifying {log}") as tell,
        desk.office.database.connect("holdfast_writer") as conn,
    ):
        keyring, lives = desk.office.keyring, desk.office.lives()
        accounts = {
            "cases": erasures.accounts(),
            "readings": restorings_told(desk.office.readings.log, lives),
        }
        report = verify(
            conn,
            log,
            catalogue=stored,
            keyring=keyring,
            erased=erasures.until,
            lost=partial(lost, desk.office.readings.log, lives),
            accounts=accounts[log],
            heads=heads,
            published=[own, *elsewhere],
            ours=log_keys(desk.office.settings),
            progress=tell,
        )
        stamps = looked_at(conn, log, _roots(desk))
    for words in stamps.wrong:
        report.blame("stamps", words)
    report.proved += stamps.found
    if log == "readings":
        report.proved += in_words(desk.office.readings.log)
    report.not_proved += stamps.not_shown
    return report


def _roots(desk: Desk) -> Sequence[Certificate]:
    """By which roots time-stamps are believed; none where the settings name none that can be."""
    with suppress(Refused):
        time = authority_of_time(desk.office.settings)
        return () if time is None else time[1]
    return ()


def _refuse_no_export(against: Sequence[str]) -> None:
    for one in against:
        if not any((Path(one) / log / CHECKPOINT).is_file() for log in LOGS):
            words = "--against names a folder in which this record's proof was published."
            raise Refused("option", "usage", words)


def _refuse_own(against: Sequence[str], published: Path) -> None:
    """What is published here was not kept elsewhere: it shows nothing of the record. Refused."""
    for one in against:
        folder, own = Path(one).resolve(), published.resolve()
        same = any(_same(folder / log / CHECKPOINT, own / log / CHECKPOINT) for log in LOGS)
        if same or folder.is_relative_to(own):
            words = (
                "--against names the folder in which this record publishes: whoever changes the "
                "record changes that too. Name an export that was kept elsewhere."
            )
            raise Refused("option", "usage", words)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _about(path: str) -> str:
    """With which log a file of an export is told: what is of neither with the first."""
    log = path.partition("/")[0]
    return log if log in LOGS else next(iter(LOGS))


def _documents(desk: Desk, erasures: Erasures) -> Papers:
    office = desk.office
    lives = office.lives()
    with show.progress("verifying documents"):
        return verify_documents(
            office.documents,
            office.pool,
            office.readings.log,
            partial(
                Forgettings,
                office.keyring,
                erasures.until,
                len(lives) > 1,
                partial(lost, office.readings.log, lives),
            ),
            cases=office.record.log,
            naming=stored.naming_documents(),
        )


def _say_documents(papers: Papers) -> None:
    holds = "each is what was kept" if papers.ok else f"{len(papers.problems)} problem(s)"
    gone = f", {papers.forgotten} forgotten" if papers.forgotten else ""
    show.say(f"Documents: {papers.count}{gone}; {holds}.")
    if papers.first is not None:
        show.say(f"  the first is that of position {papers.first} of the log of readings.")
    for problem in papers.problems:
        show.say(f"  wrong: {problem}")
    for sentence in papers.proved:
        show.say(f"  found: {sentence}")
    for sentence in papers.not_proved:
        show.say(f"  not shown: {sentence}")


def _say_views(compared: Mapping[str, Verified]) -> None:
    for name, one in compared.items():
        same = "is what the record says" if one.equal else "differs from the record: rebuild it"
        show.say(f"The view {name} {same} ({one.rows} versions to position {one.position}).")
        if not one.as_made:
            show.say("  wrong: it is not defined as it was made")
        for words in one.beside:
            show.say(f"  wrong: {words}, and was not made so")
        if one.only_live or one.only_rebuilt:
            at = "" if one.first_position is None else f", of position {one.first_position}"
            show.say(
                f"  wrong: {one.only_live} versions only people read, {one.only_rebuilt} only the"
                f" record gives; the first is that of {'/'.join(one.first_key)}{at}"
            )
    if not compared:
        show.say(f"  not shown: {_NO_VIEWS}")


def heads_of(texts: Sequence[str]) -> dict[str, dict[int, bytes]]:
    """`cases:1204:9f86…`, as an earlier run printed it, by log and size. Raises Refused."""
    found: dict[str, dict[int, bytes]] = {}
    for text in texts:
        log, _, rest = text.partition(":")
        size, _, root = rest.partition(":")
        try:
            head = int(size), bytes.fromhex(root)
            if log not in LOGS or len(head[1]) != _ROOT_BYTES:
                raise ValueError  # noqa: TRY301 — told with what else is no head
        except ValueError:
            raise Refused(
                "option", "usage", "--head is a tree head as this command prints it: log:size:root."
            ) from None
        found.setdefault(log, {})[head[0]] = head[1]
    return found


def _views(desk: Desk) -> dict[str, Verified]:
    up_to_date(desk.office, every(desk.office))
    compared = {}
    for projection in every(desk.office):
        with follower(desk.office, projection) as one, show.progress(projection.name) as tell:
            compared[projection.name] = one.verify(tell)
    return compared


def _beside(desk: Desk) -> list[str]:
    """What stands on a view or its table and can hide rows: looked for, if nothing is compared."""
    with desk.office.database.connect("holdfast_writer") as conn:
        found = strange(conn, VIEWS)
    return [f"{one.words}, and was not made so: rebuild the view" for one in found]


def _otherwise(desk: Desk) -> list[str]:
    """What of the views is defined otherwise than it was made, or says what cannot be."""
    with desk.office.database.connect("holdfast_projector") as conn:
        return otherwise(conn, every(desk.office))


def _filings(desk: Desk) -> list[str]:
    """Which returns are kept otherwise than their entries say."""
    with suppress(Corrupt):  # where these cannot be read the log's own verification says so
        return ill_kept(desk.office)
    return []


def _answered(desk: Desk) -> list[str]:
    """What the index of readings leaves out: asked for each reference, which takes its time."""
    with desk.office.database.connect("holdfast_writer") as conn:
        found = unanswered(conn)
    return [] if found is None else [f"the index readings_named gives {found}: REINDEX it"]


def _report(report: Report) -> dict[str, Any]:
    return {**dataclasses.asdict(report), "root": report.root.hex(), "head": _head(report)}


def _head(report: Report) -> str:
    return f"{report.log}:{report.size}:{report.root.hex()}"


def _say(report: Report) -> None:
    """Say first what was found and what it rests on: without a head, on the database's own word."""
    show.say(f"{_verdict(report)}: {report.size} entries, {report.passages} passages.")
    if report.ok and report.kept is None:
        show.say(
            "  NOT SHOWN: that no rows were rewritten together with their leaves. Only a tree head "
            "kept elsewhere, from before, finds that: give it as "
            f"--head {report.log}:SIZE:ROOT."
        )
    for problem in report.problems:
        show.say(f"  wrong: {problem}")
    for words in report.amiss:
        show.say(f"  amiss, not with the record: {words}")
    for words in report.behind:
        show.say(f"  left behind: {words}")
    if report.forgotten:
        show.say(f"  {report.forgotten} passages were lawfully forgotten.")
    if report.lost:
        show.say(f"  {report.lost} passages went by erasures that this restored log lost.")
    for sentence in report.proved:
        show.say(f"  found: {sentence}")
    for sentence in report.not_proved:
        show.say(f"  not shown: {sentence}")
    show.say(f"  tree head, to keep elsewhere and give to --head later: {_head(report)}")


def _verdict(report: Report) -> str:
    name = LOGS[report.log]
    if not report.ok:
        return f"{name} has {report.problem_count} problem(s){_first(report)}"
    if report.kept is not None:
        return f"{name} is consistent, and still contains the tree of {report.kept} entries kept"
    return f"{name} is consistent in itself"


def _first(report: Report) -> str:
    """Where the record stops being as it was, as far as that is known."""
    if report.first is None:
        return ""
    low, high = report.first
    return f", the first at position {low}" if low == high else f", the first in {low} to {high}"


def rebuild(asking: Asking, names: Sequence[str], *, json: bool) -> None:
    """Make views anew, one after the other, while people go on reading the old ones.

    Raises:
        Refused: a name is no projection's, or somebody is rebuilding it already.
        Unavailable: an event cannot be folded.
    """
    answers = []
    with at_desk(asking) as desk:
        projections = named(names, every(desk.office))
        prepare(connector(desk.office), tuple(projections))
        troubles: list[Unavailable] = []
        for projection in projections:
            with follower(desk.office, projection) as one, show.progress(projection.name) as tell:
                built = one.rebuild(tell)
            if built.poison is not None:
                troubles.append(stopped(projection.name, built.poison))
            answers.append((projection.name, built.events, built.position))
    if json:
        show.as_json(
            [dict(zip(("view", "events", "position"), one, strict=True)) for one in answers]
        )
    else:
        show.table("Made anew", ("View", "Events", "To position"), answers)
    if troubles:
        raise troubles[0]
