"""The rulebook: what `tests/spec` says, as a manual, and which tests prove which rule.

A test's law is its docstring; the rule numbers in it, as in "(R27, R28)", are its marker. Chapters
are folders, sections are files, paragraphs are tests. A test of many values says "each of R105 to
R126" and has a parameter whose id begins with each number: that case alone proves that rule.

    python -m tests.rulebook            coverage as JSON, each proving test run: `make rules`
    python -m tests.rulebook --write    tests/spec/RULEBOOK.md anew
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from domain.procedure import rules
from tests.criticised import table

TESTS: Final = Path(__file__).parent
ROOT: Final = TESTS.parent
BOOK: Final = TESTS / "spec" / "RULEBOOK.md"
CITED: Final = re.compile(r"\bR\d{1,3}\b")
EACH: Final = re.compile(r"\beach of R(\d{1,3}) to R(\d{1,3})\b")
# Rules that ask nothing of a record: each with why.
OUTSIDE: Final[Mapping[str, str]] = {
    "R142": "a cross-reference to another document of the source",
    "R149": "a cross-reference to another document of the source",
    "R176": "an authority's own paper forms; what they say is recorded by field, not by form",
    "R189": "what professionals understand is a matter of training, not of a record",
    "R190": "principles of advocacy; what follows from them stands in rules of their own",
    "R197": "a link to learning material outside the procedure",
}


_CRITICISED: Final = (
    "Reviews, inspectors and the ombudsman criticise these in records (procedure C.7). Each is",
    "planted in the demonstration, where the record itself says it, unasked",
    "(`tests/doors/test_demonstration_criticised.py`).",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One test: its node id, the law it states, and the rules it proves.

    `each` are those of them that are proved by the parameter that has their number, and no other.
    """

    node: str
    chapter: str
    section: str
    law: str
    rules: tuple[str, ...]
    each: frozenset[str]


def cited(text: str | None) -> tuple[str, ...]:
    """The rule numbers in a text, each once, in order."""
    return tuple(dict.fromkeys(CITED.findall(text or "")))


def ranged(text: str | None) -> tuple[str, ...]:
    """The rule numbers a text claims one by one, as in "each of R105 to R126", in order."""
    pairs = EACH.findall(" ".join((text or "").split()))
    return tuple(f"R{one}" for first, last in pairs for one in range(int(first), int(last) + 1))


def paragraphs(folder: Path = TESTS) -> Iterator[Paragraph]:
    """Every test below a folder, in the order it is read."""
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        title = (ast.get_docstring(tree) or path.stem.removeprefix("test_")).splitlines()[0]
        for one in tree.body:
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                law = " ".join((ast.get_docstring(one) or "").split("\n\n")[0].split())
                yield Paragraph(
                    node=f"{path.relative_to(ROOT).as_posix()}::{one.name}",
                    chapter=path.parent.name,
                    section=title.rstrip("."),
                    law=law,
                    rules=cited(
                        f"{ast.get_docstring(one)} {' '.join(ranged(ast.get_docstring(one)))}"
                    ),
                    each=frozenset(ranged(ast.get_docstring(one))),
                )


def book() -> str:
    """The text of RULEBOOK.md."""
    lines = [
        "# The rulebook",
        "",
        "What the record does, one sentence a test. Made by `make rules`; the tests are the text.",
    ]
    chapter = section = ""
    for one in paragraphs(TESTS / "spec"):
        if one.chapter != chapter:
            chapter, section = one.chapter, ""
            lines += ["", f"## {chapter.replace('_', ' ').capitalize()}"]
        if one.section != section:
            section = one.section
            lines += ["", f"### {section.replace('_', ' ').capitalize()}", ""]
        lines.append(f"- {one.law}")
    lines += ["", "## What reviews criticise", "", *_CRITICISED, "", *table()]
    return "\n".join(lines) + "\n"


class Outcomes:
    """A pytest plugin that keeps how each test ended, its parameters together and by rule."""

    def __init__(self) -> None:
        self.failed: set[str] = set()
        self.passed: set[str] = set()
        self.cases: set[tuple[str, str]] = set()  # of those that passed: the test and a number

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how a test, or a case of it, ended."""
        node, _, case = report.nodeid.partition("[")
        if report.failed:
            self.failed.add(node)
        elif report.when == "call" and report.passed:
            self.passed.add(node)
            self.cases |= {(node, number) for number in CITED.findall(case)}

    def proves(self, one: Paragraph, number: str) -> bool:
        """Whether a test ran, none of it failed, and the case of that rule was among it."""
        if number not in one.rules or one.node not in self.passed - self.failed:
            return False
        return number not in one.each or (one.node, number) in self.cases


def coverage() -> dict[str, Any]:
    """Which tests prove which rule: each run now, and counted only where it passed."""
    proving = [one for one in paragraphs() if one.rules]
    outcomes = Outcomes()
    # pytest speaks to stderr: stdout is the JSON alone.
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        pytest.main(["-q", "-p", "no:cacheprovider", *(one.node for one in proving)], [outcomes])
    finally:
        sys.stdout = out
    by_rule = {
        number: [one.node for one in proving if outcomes.proves(one, number)] for number in rules()
    }
    missing = [number for number, tests in by_rule.items() if not tests and number not in OUTSIDE]
    return {
        "rules": len(by_rule),
        "proved": sum(1 for tests in by_rule.values() if tests),
        "outside": dict(OUTSIDE),
        "missing": missing,
        "failed": sorted(outcomes.failed),
        "by_rule": {
            number: {"seed": rules()[number].seed, "rule": rules()[number].words, "tests": tests}
            for number, tests in by_rule.items()
        },
    }


def main() -> int:
    """Write the book, or print coverage; 1 where a test failed."""
    if "--write" in sys.argv[1:]:
        BOOK.write_text(book(), "utf-8")
        return 0
    found = coverage()
    print(json.dumps(found, indent=1, ensure_ascii=False))  # noqa: T201 — what it is asked for
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
