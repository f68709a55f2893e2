"""Making a view anew: a table beside the one in use, filled by COPY, indexed last, then swapped.

People keep reading the old table meanwhile, and its follower keeps following. Only the swap takes
the projection's row of `views.generation`, under which every writer works: a follower that wakes
after it finds the new number and goes on from there. A crash leaves at most a table nobody shows,
which the next rebuild removes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from psycopg import Connection, sql

from domain.refusal import Refused
from projections import figures
from projections.batch import Poison, Unseal, advance, asked, open_passages, read, recall, tail
from projections.comparing import Verified, as_made, compare
from projections.health import REBUILD, lock_of
from projections.projection import Key, Projection, Row, Seen
from projections.seldom import few_collections
from projections.table import Table

Connect: TypeAlias = Callable[[], Connection[Any]]
Progress: TypeAlias = Callable[[int, int], None]  # events folded, events to fold
CHUNK: Final = 2000  # events folded, then written, at a time
CATCH_UP: Final = 1000  # events a batch once the new table has its indexes
_SCHEMA: Final = Path(__file__).with_name("schema")
_INSTALL: Final = 0x48465653


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A new generation: where it stands, and how many events made it.

    `poison` is the event it could not fold, if any.
    """

    number: int
    position: int
    events: int
    poison: Poison | None = None


def prepare(connect: Connect, projections: tuple[Projection, ...]) -> None:
    """Make what is missing: the followers' own tables, and an empty view of each projection.

    `connect` opens an autocommit connection as the projector. Any start may call it.
    """
    with connect() as conn, conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_INSTALL,))
        for file in sorted(_SCHEMA.glob("*.sql")):
            conn.execute(file.read_bytes())
        for projection in projections:
            if generation(conn, projection.name) is None:
                table = Table(projection, 1)
                table.drop(conn)
                table.create(conn)
                table.index(conn, table.quick_indexes + table.slow_indexes)
                _show(conn, table, 0, None)
        figures.install(conn)


def generation(
    conn: Connection[Any], name: str, *, lock: bool = False
) -> tuple[int, int, int | None] | None:
    """The number and code version of the generation shown, and the position it stands at.

    The position is None where the server crashed and emptied an unlogged view.
    """
    query = "SELECT number, version FROM views.generation WHERE projection = %s"
    locked = "SELECT number, version FROM views.generation WHERE projection = %s FOR UPDATE"
    row = conn.execute(locked if lock else query, (name,), prepare=True).fetchone()
    if row is None:
        return None
    # Read after the lock was granted: what the other writer committed is seen.
    at = conn.execute(
        'SELECT "position" FROM views.tracking WHERE application = %s UNION ALL'
        ' SELECT "position" FROM views.tracking_unlogged WHERE application = %s',
        (name, name),
        prepare=True,
    ).fetchone()
    return int(row[0]), int(row[1]), None if at is None else int(at[0])


def otherwise(conn: Connection[Any], projections: Iterable[Projection]) -> list[str]:
    """What is read of the views and is not as it was made, in words; no row is compared.

    Views that are not all of their table, figures that count otherwise, and a view that says it
    came further than the log: what is recorded up to there would never come into it.
    """
    found, came = list[str](), dict[str, int]()
    for projection in projections:
        with conn.transaction():  # and until then no other generation is shown
            shown = generation(conn, projection.name, lock=True)
            if shown is None or shown[1] != projection.version:
                continue
            if not as_made(conn, Table(projection, shown[0])):
                found.append(
                    f"the view {projection.name} is not defined as it was made: rebuild it"
                )
        if shown[2] is not None:
            came[projection.name] = shown[2]
    end = tail(conn, "cases")  # after all of them: more is recorded meanwhile
    found += [
        f"the view {name} says that it came to position {at} of {end}: rebuild it"
        for name, at in came.items()
        if at > end
    ]
    remedy = "drop it, and `holdfast rebuild` of any view makes it anew"
    words = f"is not defined as it was made: {remedy}"
    found += [f"{name} {words}" for name in figures.altered(conn)]
    return found


def shown_generations(conn: Connection[Any], names: Collection[str]) -> dict[str, int]:
    """The number of the generation that is shown of each of some views, by name in order."""
    query = (
        "SELECT projection, number FROM views.generation WHERE projection = ANY(%s)"
        " ORDER BY projection"
    )
    return {name: int(number) for name, number in conn.execute(query, (list(names),), prepare=True)}


def track(conn: Connection[Any], projection: Projection, position: int) -> None:
    """Write how far a projection has come, in the transaction of what it made."""
    table = sql.Identifier("views", "tracking" if projection.history else "tracking_unlogged")
    conn.execute(
        sql.SQL(
            'INSERT INTO {} (application, "position") VALUES (%s, %s)'
            ' ON CONFLICT (application) DO UPDATE SET "position" = excluded."position"'
        ).format(table),
        (projection.name, position),
        prepare=True,
    )


def rebuild(
    projection: Projection,
    connect: Connect,
    *,
    log: str = "cases",
    unseal: Unseal | None = None,
    progress: Progress | None = None,
) -> Rebuilt:
    """Fold the whole log into a new generation and show it in place of the old.

    A projection that cannot fold an event keeps its old generation, unless that is of other code
    or empty: then the new one is shown, up to that event.

    Raises:
        Refused: somebody else is rebuilding it.
    """
    with connect() as conn, rebuilding(conn, projection.name):
        old = generation(conn, projection.name)
        number = 1 if old is None else old[0] + 1
        table = Table(projection, number)
        _sweep(conn, projection, keep=None if old is None else old[0])
        with connect() as reader:
            built = build(table, conn, reader, log=log, unseal=unseal, progress=progress)
        if built.poison and old and old[1] == projection.version and (old[2] or 0) > 0:
            table.drop(conn)
            return built
        position = built.position
        while built.poison is None:
            with conn.transaction():
                step = advance(conn, table, log, position, limit=CATCH_UP, unseal=unseal)
            position = step.reached
            if not step.more:
                break
        with conn.transaction():
            shown = generation(conn, projection.name, lock=True)
            if built.poison is None:
                step = advance(conn, table, log, position, limit=CATCH_UP, unseal=unseal)
                position = step.reached
            _show(conn, table, position, None if shown is None else shown[1])
        _sweep(conn, projection, keep=number)
        return Rebuilt(number=number, position=position, events=built.events, poison=built.poison)


def verify(
    projection: Projection,
    connect: Connect,
    *,
    log: str = "cases",
    unseal: Unseal | None = None,
    progress: Progress | None = None,
) -> Verified:
    """Rebuild a view up to where it stands, in a table nobody sees, and compare every version.

    What is compared is what people read. The view's follower goes on meanwhile: what it writes
    after that position is left out. Only a view without history has no past to compare, so its
    follower waits.
    """
    # The lock is the reader's: the table is made by the other connection, and committed.
    with (
        connect() as conn,
        connect() as reader,
        rebuilding(conn, projection.name),
        nullcontext() if projection.history else reader.transaction(),
    ):
        shown = generation(reader, projection.name, lock=not projection.history)
        if shown is None or shown[2] is None:
            raise Refused("no-view", "projections", "there is no such view: rebuild it first")
        live, fresh = Table(projection, shown[0]), Table(projection, shown[0] + 1)
        _sweep(conn, projection, keep=shown[0])
        try:
            fill(fresh, conn, reader, log=log, upto=shown[2], unseal=unseal, progress=progress)
            return compare(conn, live, fresh, upto=shown[2])
        finally:
            _sweep(conn, projection, keep=shown[0])


@contextmanager
def rebuilding(conn: Connection[Any], name: str) -> Iterator[None]:
    """Hold the lock of whoever rebuilds a projection."""
    row = conn.execute("SELECT pg_try_advisory_lock(%s, %s)", (REBUILD, lock_of(name))).fetchone()
    if row is None or not row[0]:
        raise Refused("rebuilding", "projections", f"{name} is being rebuilt by another process")
    try:
        yield
    finally:
        if not conn.closed:
            conn.execute("SELECT pg_advisory_unlock(%s, %s)", (REBUILD, lock_of(name)))


def build(
    table: Table,
    conn: Connection[Any],
    reader: Connection[Any],
    *,
    log: str,
    upto: int | None = None,
    unseal: Unseal | None = None,
    progress: Progress | None = None,
) -> Rebuilt:
    """Make and fill a table from the log, then its indexes, half of them by each connection."""
    built = fill(table, conn, reader, log=log, upto=upto, unseal=unseal, progress=progress)
    with ThreadPoolExecutor(max_workers=1) as beside:
        slow = beside.submit(table.index, reader, table.slow_indexes)
        table.index(conn, table.quick_indexes)
        slow.result()
    with conn.transaction():
        # What the planner asks (how many versions are present ones) a small sample tells, and the
        # server's own analysis comes later. Not beside the indexes: it would wait for them.
        conn.execute("SET LOCAL default_statistics_target = 20")
        conn.execute(sql.SQL("ANALYZE {}").format(table.id))
    return built


def fill(
    table: Table,
    conn: Connection[Any],
    reader: Connection[Any],
    *,
    log: str,
    upto: int | None = None,
    unseal: Unseal | None = None,
    progress: Progress | None = None,
) -> Rebuilt:
    """Make a table and fill it from the log, in one transaction of `conn`."""
    last = tail(reader, log) if upto is None else upto
    projection = table.projection
    filling = _Filling(table, _lasting(projection, reader, log, last), unseal)
    with conn.transaction(), few_collections():
        table.create(conn)
        with conn.cursor() as cursor, cursor.copy(table.copy_frozen) as out:
            for gathered in _chunks(reader, projection, log, last):
                out.write(filling.take(gathered))
                if progress is not None:
                    progress(filling.reached, last)
                if filling.poison is not None:
                    break
            for text in filling.rest():
                out.write(text)
    position = last if filling.poison is None else filling.poison.position - 1
    return Rebuilt(
        number=table.number, position=position, events=filling.events, poison=filling.poison
    )


class _Filling:
    """A rebuild in memory: the rows that may still change, and the text of the other versions."""

    def __init__(self, table: Table, lasting: set[Key] | None, unseal: Unseal | None) -> None:
        self._table = table
        self._lasting = lasting
        self._unseal = unseal
        self._rows: dict[Key, Row] = {}
        self._since: dict[Key, int] = {}
        self.events = 0
        self.reached = 0
        self.poison: Poison | None = None

    def take(self, gathered: list[Seen]) -> str:
        """Fold a chunk of events; the text of the versions that are finished with it."""
        projection, encode, lines = self._table.projection, self._table.encode, list[str]()
        fold, lasting, history = projection.fold, self._lasting, projection.history
        rows, since, current = self._rows, self._since, self._rows.get
        seen, self.poison = open_passages(projection, gathered, self._unseal)
        for one in seen:
            try:
                changes = fold(one, current)
            except Exception as error:  # noqa: BLE001 — whatever it is, it stops this one alone
                self.poison = Poison(one.position, f"{one.name}.v{one.shape}", type(error).__name__)
                break
            position = one.position
            for key, row in changes:
                before = current(key)
                if before is not None:
                    if row == before:
                        continue
                    if history:
                        lines.append(encode(key, before, since[key], position))
                    if row is None:
                        del rows[key], since[key]
                if row is None:
                    continue
                if lasting is None or key in lasting:
                    rows[key], since[key] = row, position
                else:
                    lines.append(encode(key, row, position, None))
            self.reached = position
            self.events += 1
        return "".join(lines)

    def rest(self) -> Iterator[str]:
        """The versions that are still so at the end."""
        encode, lines = self._table.encode, list[str]()
        for key, row in self._rows.items():
            lines.append(encode(key, row, self._since[key], None))
            if len(lines) == CHUNK:
                yield "".join(lines)
                lines.clear()
        yield "".join(lines)


def _chunks(
    reader: Connection[Any], projection: Projection, log: str, last: int
) -> Iterator[list[Seen]]:
    """The events a projection reads, in order, in chunks; the server reads on while one is folded.

    Pipelined and not in a thread of its own, which would wait for the interpreter at every packet.
    """
    with reader.pipeline():
        coming = asked(reader, projection, log, 0, min(CHUNK, last))
        for start in range(0, last, CHUNK):
            seen = [Seen(row) for row in coming.fetchall()]
            recall(reader, projection, log, seen)
            after = start + CHUNK
            if after < last:
                coming = asked(reader, projection, log, after, min(after + CHUNK, last))
            yield seen


def _lasting(
    projection: Projection, reader: Connection[Any], log: str, last: int
) -> set[Key] | None:
    """The keys of rows that may change after the event that made them; None: all of them."""
    if projection.revisits is None:
        return None
    narrowed = [
        name for name in projection.stored_names if name.rpartition(".v")[0] in projection.revisits
    ]
    keys: set[Key] = set()
    for row in read(reader, log, 0, last, narrowed):
        try:
            keys.update(projection.touches(Seen(row)))
        except Exception:  # noqa: BLE001, S112 — the fold will meet it at its place, and say so
            continue
    return keys


def _show(conn: Connection[Any], table: Table, position: int, version: int | None) -> None:
    """Put a generation in its projection's place; `version` is the code of the one shown before."""
    projection, same = table.projection, version == table.projection.version
    if not same:  # before the view is locked: whoever makes views takes this lock first
        conn.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_INSTALL,))
    table.show(conn, replace=same)
    if not same:
        figures.install(conn)  # they went with the view
    conn.execute(
        "INSERT INTO views.generation (projection, number, version) VALUES (%s, %s, %s)"
        " ON CONFLICT (projection) DO UPDATE"
        " SET number = excluded.number, version = excluded.version",
        (projection.name, table.number, projection.version),
    )
    track(conn, projection, position)


def _sweep(conn: Connection[Any], projection: Projection, *, keep: int | None) -> None:
    """Remove every generation but one; what a crash left behind goes with the old."""
    rows = conn.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'views' AND tablename ~ %s",
        (f"^{projection.name}_g[0-9]+$",),
    ).fetchall()
    for (name,) in rows:
        if keep is None or name != f"{projection.name}_g{keep}":
            conn.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("views", name)))
