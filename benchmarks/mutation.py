"""Mutation testing of what matters most: the rules and stages, the record's proofs, the views.

`python -m benchmarks.mutation` breaks one place at a time (mutmut 3) and asks the quick tests that
reach it. It works on a copy in a temporary folder, writes benchmarks/MUTATION.md and fails below a
floor. A mutant that changes only the words of a message is left out: tests hold the code and the
rule of a refusal, never its sentence. Why a mutant that survived cannot be noticed is written into
survivors.csv, which the page quotes; one without a reason there is a test that is missing. mutmut
changes what stands in functions; tables of values at the top of a module and what a decorated
function does (properties, caches) it leaves alone.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from csv import DictReader
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.outcomes import KILLED, SURVIVED, TIMEOUT, UNASKED, UNREACHED
from domain.record.server import EmbeddedServer, ServerSettings
from domain.stages import STAGES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SPLIT = re.compile(r"^( *)def (x[\w]+?__mutmut_(?:orig|\d+))\(", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Modules, the tests that answer for them, and the share of mutants these must notice."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    floor: float


RULES = (
    *("when", "calendar", "stage", "monitoring", "concern"),
    *("duty", "conclusion", "correction", "plan"),
)
# Every other stage of a case, and what makes one case of them.
PROCEDURE = (
    *(name for name in STAGES if name not in RULES),
    *("case", "cleared", "corrected", "finding", "joined"),
)
GROUPS = {
    "rules": Group(
        modules=tuple(f"domain/{name}.py" for name in RULES),
        tests=("tests/spec",),
        floor=0.9,
    ),
    "procedure": Group(
        modules=(*(f"domain/{name}.py" for name in PROCEDURE), "domain/jurisdictions/*.py"),
        tests=("tests/spec",),
        floor=0.9,
    ),
    "record": Group(
        modules=tuple(
            f"domain/record/{name}.py"
            for name in ("encoding", "envelope", "merkle", "sealing", "deciding", "appending")
        ),
        tests=tuple(
            f"tests/record/{name}.py"
            for name in (
                "test_encoding",
                "test_encoding_shapes",
                "test_merkle",
                "test_sealing",
                "test_log",
                "test_keyring",
                "test_verification",
                "test_deciding",
                "test_deciding_together",
                "test_fence",
                "proof/test_proofs",
            )
        ),
        floor=0.8,
    ),
    "views": Group(
        modules=(
            *(f"projections/{name}.py" for name in ("caseload", "reviews", "chronology")),
            "projections/returns/*.py",
            "projections/returns/england/*.py",
        ),
        tests=tuple(
            f"tests/projections/test_{name}.py"
            for name in (
                "caseload",
                "reviews",
                "chronology",
                "returns",
                "returns_by_place",
                "returns_corrected",
                "returns_counted",
                "returns_laws",
                "returns_tables",
                "brought_forward",
                "joined",
                "caseload_reopened",
                "chronology_entries",
                "reviews_answered",
            )
        ),
        floor=0.7,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One broken place: where, what stood there, what stands there now, and what came of it."""

    name: str
    file: str
    line: int
    before: str
    after: str
    outcome: str = UNASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Every mutant of a group, and those that were drawn, with what came of them."""

    every: list[Mutant]
    asked: list[Mutant]


class _Wordless(ast.NodeTransformer):
    """A function without its sentences: two that differ in nothing else are equal to a rule."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        said = isinstance(node.value, str) and " " in node.value
        return ast.Constant("said") if said else node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.exc, ast.Call):
            node.exc.args = [
                ast.Constant("said")
                if isinstance(one, ast.JoinedStr)
                or (isinstance(one, ast.Constant) and one.value is None)
                else one
                for one in node.exc.args
            ]
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        self.generic_visit(node)
        # The last arm of a closed union: mypy proves that nothing comes there.
        node.cases = [one for one in node.cases if "assert_never" not in ast.dump(one.body[0])]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "cast" and node.args:
            node.args[0] = ast.Constant("type")  # read by nobody at run time
        return node


def _rule(source: str) -> str:
    """What a function does, without its name and its sentences."""
    tree = ast.parse(re.sub(r"def \w+\(", "def it(", source.strip(), count=1))
    return ast.dump(_Wordless().visit(tree))


def mutants(tree: Path, group: Group) -> Iterator[Mutant]:
    """Every mutant of a generated tree that changes more than words."""
    files = sorted({one for pattern in group.modules for one in tree.glob(pattern)})
    for file in files:
        name = file.relative_to(tree).as_posix()
        made = tree / "mutants" / name
        meta = made.with_name(made.name + ".meta")
        if not meta.exists():
            continue  # nothing in it that a mutant could change
        keys = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        sources = _functions(made.read_text("utf-8"))
        original = file.read_text("utf-8").splitlines()
        for key in keys:
            short = key.rpartition(".")[2]
            stood = sources[re.sub(r"\d+$", "orig", short)]
            stands = sources[short]
            if _rule(stood) == _rule(stands):
                continue
            line, before, after = _difference(stood, stands)
            begins = _begins(original, short)
            yield Mutant(name=key, file=name, line=begins + line, before=before, after=after)


def _functions(text: str) -> dict[str, str]:
    """Each generated function's source by its name, unindented."""
    found = {}
    starts = list(SPLIT.finditer(text))
    for match in starts:
        indent = len(match[1])
        body = [text[match.start() : text.index("\n", match.start())]]
        for line in text[match.start() :].splitlines()[1:]:
            if (
                line.strip()
                and len(line) - len(line.lstrip()) <= indent
                and line.lstrip()[0] != ")"
            ):
                break
            body.append(line)
        found[match[2]] = "\n".join(line[indent:] for line in body)
    return found


def _difference(stood: str, stands: str) -> tuple[int, str, str]:
    """The first line after the name in which two functions differ: its number, before, after."""
    old, new = stood.splitlines(), stands.splitlines()
    for number in range(1, max(len(old), len(new))):
        before = old[number].strip() if number < len(old) else ""
        after = new[number].strip() if number < len(new) else ""
        if before != after:
            return number, before, after
    return 0, old[0].strip(), re.sub(r"x\w+__mutmut_\d+", "it", new[0].strip())


def _begins(original: Sequence[str], short: str) -> int:
    """The line (from 1) on which the function of a mutant begins."""
    path = re.sub(r"__mutmut_\d+$", "", short)
    owner, name = path[2:].split("ǁ") if path.startswith("xǁ") else (None, path[2:])
    seen = owner is None
    for number, line in enumerate(original, 1):
        seen = seen or line.startswith(f"class {owner}")
        if seen and re.match(rf"\s*(async )?def {re.escape(name)}\(", line):
            return number
    return 1


# ------------------------------------------------------------------------------------- the run


def _copied(group: Group, to: Path) -> None:
    """Copy what git keeps, and say in its pyproject what is to be mutated and asked."""
    listed = subprocess.run(
        ("git", "ls-files", "-z"),  # noqa: S607 — the workshop's git, as a reader would call it
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    said = {
        "source_paths": ["domain", "projections"],
        "only_mutate": list(group.modules),
        "also_copy": ["api", "benchmarks"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-m", "not long"],
        "pytest_add_cli_args_test_selection": list(group.tests),
    }
    with (to / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{key} = {json.dumps(value)}\n" for key, value in said.items())


def _asking(tree: Path, server: Path, *told: object, seconds: float) -> str:
    """Run a step of `asking.py` in the tree, for so long at most; what it said last."""
    command = [sys.executable, "-m", "benchmarks.asking", *map(str, told)]
    environment = {**os.environ, "HOLDFAST_TEST_SERVER": str(server)}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 — our own arguments
            command, cwd=tree, env=environment, stdout=said, stderr=said, start_new_session=True
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        return said.read().decode("utf-8", "replace").replace("\r", "\n")[-3000:]


def drawn(every: Sequence[Mutant], *, sample: int, least: int, seed: int) -> list[Mutant]:
    """Draw a sample of mutants: of each module so many at least, and the rest among all of them.

    Those of each module come first, one of every module in turn, so that time that ends early
    leaves no module out; the others in an order of chance.
    """
    chance = random.Random(seed)  # noqa: S311 — which places are broken is no secret
    mixed = chance.sample(every, len(every))
    turns = dict[str, int]()
    first, rest = list[tuple[int, Mutant]](), list[Mutant]()
    for one in mixed:
        turns[one.file] = turn = turns.get(one.file, -1) + 1
        if turn < least:
            first.append((turn, one))
        else:
            rest.append(one)
    each = [one for _, one in sorted(first, key=lambda it: it[0])]
    return [*each, *rest[: max(0, sample - len(each))]]


def run(
    group: Group, *, sample: int, least: int, seed: int, seconds: float, workers: int
) -> Result:
    """Break a sample of a group's places, as `drawn`: time may leave some unasked.

    Raises:
        SystemExit: there are no mutants; says what was said last.
    """
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="holdfast-mutants-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account root hands PostgreSQL to must reach it
        tree = folder / "tree"
        tree.mkdir()
        _copied(group, tree)
        told = _asking(tree, folder, "make", workers, seconds=seconds)
        every = sorted(mutants(tree, group), key=lambda one: one.name)
        if not every:
            raise SystemExit(f"mutmut made no mutants:\n{told}")
        chosen = drawn(every, sample=sample, least=least, seed=seed)
        names, answers = folder / "names.json", folder / "answers.jsonl"
        names.write_text(json.dumps([one.name for one in chosen]), "utf-8")
        answers.touch()
        with EmbeddedServer(ServerSettings(root=folder / "server")):
            left = max(1.0, deadline - time.monotonic())
            told = _asking(tree, folder, "ask", names, answers, workers, left, seconds=left + 60)
        outcomes = dict(json.loads(line) for line in answers.read_text("utf-8").splitlines())
        if not outcomes:  # the other groups are asked all the same; this one is below its floor
            print(f"no mutant was asked:\n{told}", flush=True)
    asked = [replace(one, outcome=outcomes.get(one.name, UNASKED)) for one in chosen]
    return Result(every=every, asked=asked)


# ---------------------------------------------------------------------------------- the report


def score(asked: Sequence[Mutant]) -> float:
    """The share of the mutants asked that some test noticed."""
    answered = [one for one in asked if one.outcome != UNASKED]
    return sum(one.outcome in (KILLED, TIMEOUT) for one in answered) / max(1, len(answered))


def reasons() -> Mapping[tuple[str, str, str], str]:
    """Why no test can notice a mutant, as survivors.csv says: by file, what stood, what stands."""
    with (HERE / "survivors.csv").open(encoding="utf-8", newline="") as file:
        return {(one["file"], one["before"], one["after"]): one["why"] for one in DictReader(file)}


def _row(name: str, every: Sequence[Mutant], asked: Sequence[Mutant]) -> str:
    counts = Counter(one.outcome for one in asked)
    answered = len(asked) - counts[UNASKED]
    cells = (counts[outcome] for outcome in (KILLED, TIMEOUT, SURVIVED, UNREACHED))
    share = f"{100 * score(asked):.0f} %" if answered else "-"
    return f"| {name} | {len(every)} | {answered} | {' | '.join(map(str, cells))} | {share} |"


HEAD = """# Mutation testing

What it is, and how to run it: the head of `mutation.py`. Each group says by what it was asked last.
Places: mutants there are, without those that change only words.
Asked: drawn by the seed, some of every module first, and reached in time.
"""


def section(name: str, result: Result, how: str) -> str:
    """A group on the page: a row a module, then each mutant nobody noticed, and why if known."""
    explained = reasons()
    floor = GROUPS[name].floor
    lines = [
        f"## {name}: {100 * score(result.asked):.1f} % noticed, at least {100 * floor:.0f} %",
        "",
        f"`{how}` on Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| module | places | asked | failed | timed out | survived | no test | noticed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for file in sorted({one.file for one in result.every}):
        every = [one for one in result.every if one.file == file]
        lines.append(_row(file, every, [one for one in result.asked if one.file == file]))
    lines += [_row("all", result.every, result.asked), ""]
    missed = [one for one in result.asked if one.outcome in (SURVIVED, UNREACHED)]
    for one in sorted(missed, key=lambda one: (one.file, one.line, one.name)):
        why = "" if one.outcome == SURVIVED else " (no test)"
        known = explained.get((one.file, one.before, one.after))
        told = "" if known is None else f": {known}"
        lines.append(f"- {one.file}:{one.line}{why} `{one.before}` → `{one.after}`{told}")
    return "\n".join(lines).rstrip() + "\n"


def page(kept: str, sections: Mapping[str, str]) -> str:
    """The page with these sections; those of groups that were not asked stand as they are kept."""
    stood = dict[str, str]()
    for text in kept.split("\n## ")[1:]:
        stood[text.partition(":")[0]] = f"## {text.rstrip()}\n"
    every = {**stood, **sections}
    return "\n".join([HEAD, *(every[name] for name in GROUPS if name in every)])


def main() -> None:
    """Read the options, run each group, write the page, fail below a floor."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation")
    parser.add_argument("--sample", type=int, default=500, help="mutants of each group")
    parser.add_argument("--least", type=int, default=5, help="mutants of each module, first")
    parser.add_argument("--minutes", type=float, default=45, help="for all groups together")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(GROUPS), help="this group alone")
    parser.add_argument("--modules", nargs="+", help="with --only: these, kept on no page")
    parser.add_argument("--tests", nargs="+", help="with --only: these, kept on no page")
    options = parser.parse_args()
    if (options.modules or options.tests) and not options.only:
        parser.error("--modules and --tests are of one group: say --only")
    names = [options.only] if options.only else list(GROUPS)
    deadline = time.monotonic() + 60 * options.minutes
    results = {}
    for number, name in enumerate(names):
        seconds = (deadline - time.monotonic()) / (len(names) - number)
        group = GROUPS[name]
        results[name] = run(
            replace(
                group,
                modules=tuple(options.modules or group.modules),
                tests=tuple(options.tests or group.tests),
            ),
            sample=options.sample,
            least=options.least,
            seed=options.seed,
            seconds=seconds,
            workers=options.workers,
        )
        print(f"{name}: {100 * score(results[name].asked):.1f} % noticed", flush=True)
    how = f"python -m benchmarks.mutation --sample {options.sample} --least {options.least}"
    how += f" --seed {options.seed}"
    if options.only:
        how += f" --only {options.only}"
    sections = {name: section(name, one, how) for name, one in results.items()}
    if options.modules or options.tests:
        print("\n".join(sections.values()))
    else:
        kept = HERE / "MUTATION.md"
        kept.write_text(page(kept.read_text("utf-8"), sections), "utf-8")
    below = [name for name in names if score(results[name].asked) < GROUPS[name].floor]
    if below:
        sys.exit(f"below the floor: {', '.join(below)}; benchmarks/MUTATION.md says where")


if __name__ == "__main__":
    main()
