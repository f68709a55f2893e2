"""What no file of ours may contain."""

from __future__ import annotations

import ast
import re

from tests.house.tracked import SOURCE, python, texts

# Who may ask the world what time it is, for a new identity, or how it is configured.
WORLDLY = {
    "api/clock.py": "the only source of time, identities and randomness",
    "api/settings.py": "the only reader of the environment",
    "domain/record/leaving.py": "waits for another process to stop, and records nothing",
    "domain/record/server.py": "waits for another process to start or stop, and records nothing",
}
WORLDLY_MODULES = {"time", "random", "secrets"}
WORLDLY_NAMES = {
    "os": {"environ", "environb", "getenv", "urandom"},
    "uuid": {"uuid1", "uuid4", "uuid6", "uuid7"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}

# Written in two halves, so that this file does not contain what it forbids.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
NOT_IMPLEMENTED = "NotImplemented" + "Error"
MACHINE = re.compile(r"(?<![\w.}-])/(?:work|root|home/\w+|Users/\w+)/|/tmp/" + r"brief")
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(host))
        for host in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("crates", "io"),
            ("proxy", "golang", "org"),
            ("rubygems", "org"),
        )
    )
)

AMBIGUOUS = re.compile(r"\bS" + r"ARs?\b")
# Where the three letters may stand alone, each with its reason.
AMBIGUOUS_ALLOWED: dict[str, str] = {}

NATIONS = {"england", "scotland", "wales", "northern ireland"}


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    """Name every line of ours in which the pattern is found."""
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def asked(node: ast.AST) -> list[str]:
    """Name what one node asks of the machine: the time, chance or the environment."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names if alias.name in WORLDLY_MODULES]
        case ast.ImportFrom(module=str(module)) if module in WORLDLY_MODULES:
            return [module]
        # From datetime come the classes, so only these two modules hand out the asking name itself.
        case ast.ImportFrom(module=("os" | "uuid") as module, names=names):
            return [f"{module}.{a.name}" for a in names if a.name in WORLDLY_NAMES[module]]
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
            return [f"{owner}.{name}"] if name in WORLDLY_NAMES.get(owner, ()) else []
        case _:
            return []


def test_time_chance_and_settings_come_in_by_one_door() -> None:
    """Only the clock, the settings and the server's launcher ask the machine anything."""
    found = [
        f"{name}:{getattr(node, 'lineno', 0)} {what}"
        for name, tree in python(*SOURCE)
        if name not in WORLDLY
        for node in ast.walk(tree)
        for what in asked(node)
    ]
    assert found == []


def test_nothing_is_left_for_later_in_the_source() -> None:
    """No file carries a note of unfinished work or a function that only says it is missing."""
    assert lines_matching(UNFINISHED) == []
    assert lines_matching(re.compile(NOT_IMPLEMENTED)) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    """No file names a folder of somebody's machine or the host of a package registry."""
    assert lines_matching(MACHINE) == []
    assert lines_matching(REGISTRIES) == []


def test_the_three_letters_never_stand_alone() -> None:
    """A review, a return and a subject access request are each called by their full name."""
    found = [
        line for line in lines_matching(AMBIGUOUS) if line.split(":")[0] not in AMBIGUOUS_ALLOWED
    ]
    assert found == []


def names_nation(node: ast.expr) -> bool:
    """Say whether an expression is the name of a nation, or a collection with one in it."""
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and part.value.casefold() in NATIONS
        for part in ast.walk(node)
    )


def test_no_code_asks_which_nation_it_is_in() -> None:
    """What differs between nations is a value in jurisdictions/, never a comparison."""
    found = []
    for name, tree in python(*SOURCE):
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                asks = any(names_nation(side) for side in (node.left, *node.comparators))
            elif isinstance(node, ast.MatchValue):
                asks = names_nation(node.value)
            else:
                continue
            if asks:
                found.append(f"{name}:{node.lineno}")
    assert found == []


def test_every_test_states_its_law() -> None:
    """Every test function says in a sentence what it proves."""
    silent = []
    for name, tree in python("tests/"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("test_"):
                law = ast.get_docstring(node) or ""
                if not law.split("\n\n")[0].rstrip().endswith("."):
                    silent.append(f"{name}:{node.lineno} {node.name}")
    assert silent == []
