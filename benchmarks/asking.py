"""Make the mutants of a tree, and ask its tests about one after another (mutmut 3 makes them).

mutmut's own runner has pytest collect the tests anew for every mutant, by thousands of names, and
learns alone which test reaches what: nine tenths of a run. Here one process collects them once and
runs none; each mutant is asked in a fork of it, so its caches hold nothing of the original, by the
tests that reach its function, the nearest and quickest first, until one fails. What only makes the
values of a module ran before any test did: such a mutant is asked in a process of its own.

Run within the copied tree, as `mutation.py` does:
`python -m benchmarks.asking make WORKERS`, then
`python -m benchmarks.asking ask NAMES ANSWERS WORKERS SECONDS`. NAMES is a JSON list, asked in its
order; ANSWERS gets a JSON line `[name, outcome]` for each as it is answered.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

import pytest
from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from benchmarks.outcomes import KILLED, SURVIVED, TIMEOUT, UNREACHED

# A mutant may take so much longer than its tests do without it: a loop that never ends is noticed.
PATIENCE: Final = 4
LEAST: Final = 20  # seconds of the processor
# It may also wait for what never comes, and then uses none: so many times as long by the clock.
BY_THE_CLOCK: Final = 6
_STEP: Final = 0.01  # seconds between looks at who has ended


def make(workers: int) -> None:
    """Write the tree's mutants into `mutants/`, as mutmut does before it asks."""
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.store_lines_covered_by_tests()
    mutmut.create_mutants(workers)


@dataclass
class Asker:
    """A plugin of pytest that asks about mutants in place of running each test once."""

    names: Sequence[str]
    answers: Path
    workers: int
    deadline: float  # of time.monotonic
    reach: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    takes: dict[str, float] = field(default_factory=dict)
    on_loading: frozenset[str] = frozenset()  # the functions that ran as modules were loaded

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which test reaches which function, then ask about each mutant until time ends."""
        self.on_loading = frozenset(state()._stats)  # noqa: SLF001 — mutmut's count
        state()._stats.clear()  # noqa: SLF001
        set_mutant_under_test("")
        self._learn(session)
        left = list(reversed(self.names))
        running: dict[int, tuple[str, float]] = {}
        with self.answers.open("a", encoding="utf-8") as said:

            def answer(name: str, outcome: str) -> None:
                said.write(json.dumps([name, outcome]) + "\n")
                said.flush()

            while (left or running) and time.monotonic() < self.deadline:
                while left and len(running) < self.workers:
                    name = left.pop()
                    begun = self._begun(session, name)
                    if begun is None:
                        answer(name, UNREACHED)
                    else:
                        running[begun[0]] = name, begun[1]
                for child, (name, end) in list(running.items()):
                    ended, status = os.waitpid(child, os.WNOHANG)
                    if ended:
                        del running[child]
                        answer(name, _outcome(status))
                    elif time.monotonic() > end:
                        os.kill(child, signal.SIGKILL)
                time.sleep(_STEP)
        for child in running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return True

    def _begun(self, session: pytest.Session, name: str) -> tuple[int, float] | None:
        """Begin to ask about a mutant: the process, and when it is at its end; None of no test."""
        nodes = self._nearest(name)
        anew = not nodes and _function(name) in self.on_loading
        if not nodes and not anew:
            return None
        seconds = PATIENCE * sum(self.takes[node] for node in nodes or self.takes) + LEAST
        child = os.fork()
        if child == 0 and anew:
            _ask_anew(session, name, seconds)
        if child == 0:
            by_name = {one.nodeid: one for one in session.items}
            _ask(session, [by_name[node] for node in nodes], name, seconds)
        return child, time.monotonic() + BY_THE_CLOCK * seconds

    def _nearest(self, name: str) -> list[str]:
        """The tests that reach a mutant's function: those of a like name first, then the quick."""
        function, stem = _function(name), _stem(name)
        return sorted(
            self.reach.get(function, ()),
            key=lambda node: (stem not in node.partition("::")[0], self.takes[node], node),
        )

    def _learn(self, session: pytest.Session) -> None:
        """Run every test once, file by file among the workers. Raises UsageError if one fails."""
        files: dict[Path, list[pytest.Item]] = defaultdict(list)
        for one in session.items:
            files[one.path].append(one)
        shares: list[list[pytest.Item]] = [[] for _ in range(min(self.workers, len(files)))]
        for items in sorted(files.values(), key=len, reverse=True):
            min(shares, key=len).extend(items)
        with tempfile.TemporaryDirectory() as name:
            told = [Path(name) / str(number) for number in range(len(shares))]
            children = []
            for share, path in zip(shares, told, strict=True):
                child = os.fork()
                if child == 0:
                    _reached(session, share, path)
                children.append(child)
            ended = [os.waitpid(child, 0)[1] for child in children]
            if any(ended):
                raise pytest.UsageError("a test fails without any mutant")
            for path in told:
                for node, seconds, functions in json.loads(path.read_text("utf-8")):
                    self.takes[node] = seconds
                    for function in functions:
                        self.reach[function].add(node)


def _function(name: str) -> str:
    """The function that a mutant is one of."""
    return str(mangled_name_from_mutant_name(name.replace("__init__.", "")))


def _stem(name: str) -> str:
    """The name of the module that a mutant stands in."""
    return _function(name).rpartition(".")[0].rpartition(".")[2]


def _reached(session: pytest.Session, items: Sequence[pytest.Item], path: Path) -> NoReturn:
    """In a fork: what each test reaches, and how long it takes."""
    set_mutant_under_test("stats")
    told = []
    try:
        for node, seconds in _run(items):
            told.append((node, seconds, sorted(state()._stats)))  # noqa: SLF001 — mutmut's count
            state()._stats.clear()  # noqa: SLF001
        path.write_text(json.dumps(told), "utf-8")
    finally:  # what belongs to the process this was forked from is not a fork's to tidy
        os._exit(1 if session.testsfailed or sys.exc_info()[0] else 0)


def _ask_anew(session: pytest.Session, name: str, seconds: float) -> NoReturn:
    """In a fork: load everything again with a mutant; the tests whose path names it come first."""
    set_mutant_under_test(name.replace("__init__.", ""))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    paths = dict.fromkeys(str(one.path) for one in session.items)
    near = sorted(paths, key=lambda path: _stem(name) not in path)
    marked = ("-m", str(session.config.option.markexpr))
    told = ("-m", "pytest", "--rootdir=.", "-x", "-q", "-p", "no:cacheprovider", *marked, *near)
    os.execv(sys.executable, (sys.executable, *told))  # noqa: S606 — our own arguments


def _ask(
    session: pytest.Session, items: Sequence[pytest.Item], name: str, seconds: float
) -> NoReturn:
    """In a fork: run the tests of a mutant until one fails."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, int(used + seconds) + 2))
    set_mutant_under_test(name.replace("__init__.", ""))
    try:
        for _ in _run(items):
            if session.testsfailed:
                os._exit(1)
    except BaseException:  # noqa: BLE001 — a mutant that ends pytest itself is noticed
        os._exit(1)
    os._exit(0)


def _run(items: Sequence[pytest.Item]) -> Iterable[tuple[str, float]]:
    """Run tests in order, and say of each how long it took."""
    # Loaded here: pytest wants to rewrite it first. What one mutant made it fail with is not to
    # help against another.
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415

    set_hypothesis_home_dir(tempfile.mkdtemp(dir=os.environ.get("HOLDFAST_ASKING")))
    for item, following in zip(items, [*items[1:], None], strict=True):
        begun = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        yield item.nodeid, time.monotonic() - begun


def _outcome(status: int) -> str:
    if os.WIFSIGNALED(status):
        return TIMEOUT if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else KILLED
    return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED


def main() -> None:
    """Do one of the two steps; exit with pytest's code."""
    step, *told = sys.argv[1:]
    if step == "make":
        make(int(told[0]))
        return
    names, answers, workers, seconds = told
    selection = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    asker = Asker(
        names=json.loads(Path(names).read_text("utf-8")),
        answers=Path(answers).resolve(),
        workers=int(workers),
        deadline=time.monotonic() + float(seconds),
    )
    with tempfile.TemporaryDirectory(prefix="holdfast-asking-") as folder:
        os.environ["HOLDFAST_ASKING"] = folder
        mutmut.setup_source_paths()
        os.chdir("mutants")
        set_mutant_under_test("stats")  # which functions run as modules are loaded
        raise SystemExit(pytest.main(["--rootdir=.", "-q", *selection], plugins=[asker]))


if __name__ == "__main__":
    main()
