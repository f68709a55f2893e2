"""Only I1 to I16 refuse what somebody did; else a refusal is of form, law, access or running.

`refusals_rest_on.csv` has a row for whatever the code can refuse: its code, the rule it cites, and
of which kind that is. Bad practice is in none of them: it is recorded and criticised (A.3).
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.raised import refusals

RULES = ("I1", "I16")
HERE: Final = Path(__file__).parent
TABLE: Final = HERE / "refusals_rest_on.csv"
ROOMS: Final = ("domain", "api", "projections")
INVARIANT: Final = re.compile(r"I([1-9]|1[1-6])", re.ASCII)  # I10 is withdrawn, and refuses nothing
ANY: Final = "*"  # a code made of the name of what is wrong, such as a setting of the database
# What a rule that is no invariant rests on, by the kind of its refusals.
OTHERS: Final[Mapping[str, Mapping[str, str]]] = {
    "form": {
        "C.4": "a file to be taken in, or a period asked for, that cannot be read as one",
        "policy": "a policy that names a limit or a day no nation has",
        "usage": "an option or a file of the command line",
        "R165": "a copy of which no machine can say what is left out",
    },
    "law": {
        "L9": "erasure: what was forgotten stays so, and the keys that make it so are kept apart",
        "L14": "erasure: by an approval of whoever decides it, for exactly that, in its time",
        "L17": "a legal hold stands over it",
        "L22": "a manifest of what is given out names each entry once",
        "L29": "one case is of one adult",
    },
    "access": {
        "authority": "who may ask for what (E)",
        "L7": "the case is restricted",
    },
    "running": {
        "L9": "the keys, and the copies of them",
        "backup": "a copy of the record to be written or brought back",
        "clock": "the time of this machine cannot be believed",
        "demonstration": "the made-up authority goes into an empty record alone",
        "projections": "the views are being made",
        "start-up": "a setting or a database that is not as it has to be",
    },
}


@cache
def table() -> tuple[tuple[str, str, str], ...]:
    """Give the rows: code, rule, kind."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple((row["code"], row["rule"], row["kind"]) for row in csv.DictReader(file))


def refused_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the code and the rule of every refusal a module makes, also by a function of its own."""
    made = {  # a function that makes one of the code it is given, and by which rule
        one.name: rule
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef)
        for code, rule in map(_words, _calls(one, "Refused"))
        if code is None and rule is not None and one.args.args and one.args.args[0].arg == "code"
    }
    constants = {
        target.id: one.value
        for one in tree.body
        if isinstance(one, ast.AnnAssign | ast.Assign) and isinstance(one.value, ast.Tuple)
        for target in ([one.target] if isinstance(one, ast.AnnAssign) else one.targets)
        if isinstance(target, ast.Name)
    }
    for call in _calls(tree, "Refused"):
        code, rule = _words(call)
        if code is not None and rule is not None:
            yield code, rule
        elif isinstance(call.args[0], ast.Starred) and isinstance(call.args[0].value, ast.Name):
            first, second, *_ = constants[call.args[0].value.id].elts
            yield ast.literal_eval(first), ast.literal_eval(second)
        else:
            assert made, ast.unparse(call)
    for name, rule in made.items():
        for call in _calls(tree, name):
            yield _words(call)[0] or ANY, rule


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name:
            yield one


def _words(call: ast.Call) -> tuple[str | None, str | None]:
    told = [
        one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
        for one in (*call.args[:2],)
    ]
    return (told[0] if told else None), (told[1] if len(told) > 1 else None)


def every_refusal() -> set[tuple[str, str]]:
    """Give whatever the code can refuse."""
    rooms = Path(__file__).parents[3]
    if (
        rooms.name == "mutants"
    ):  # what is read is the code, and not what was made of it to be broken
        rooms = rooms.parent
    files = (file for room in ROOMS for file in sorted((rooms / room).rglob("*.py")))
    return {
        one for file in files for one in refused_in(ast.parse(file.read_text(encoding="utf-8")))
    }


def test_whatever_is_refused_stands_in_the_table() -> None:
    """Nothing is refused that the table does not have, and it has nothing that is not refused."""
    rows = [(code, rule) for code, rule, _kind in table()]
    assert len(set(rows)) == len(rows)
    assert set(rows) == every_refusal()
    assert {(one.code, one.rule) for one in refusals()} <= set(rows)


def test_only_the_invariants_refuse_what_somebody_did() -> None:
    """A refusal cites I1 to I16, or is plainly of another kind than practice (A.3)."""
    for code, rule, kind in table():
        if kind == "integrity":
            assert INVARIANT.fullmatch(rule), f"{code} is of integrity and cites {rule}"
        else:
            assert rule in OTHERS[kind], f"{code} cites {rule}, which is no rule of {kind}"
    assert not any(INVARIANT.fullmatch(rule) for rules in OTHERS.values() for rule in rules)


def test_no_refusal_of_a_command_is_of_running() -> None:
    """What the rulebook can refuse is of integrity, form or law: never of how this is run."""
    kinds = {(code, rule): kind for code, rule, kind in table()}
    told = {kinds[one.code, one.rule] for one in refusals()}
    assert told == {"integrity", "form", "law"}


def test_a_refusal_by_a_function_is_seen() -> None:
    """The law finds what is refused through a function or a constant of its module."""
    text = """
_SAID = ("third", "I3", "words")
def _no(code, words):
    return Refused(code, "I2", words)
def decide():
    raise Refused("first", "I1", "words")
    raise _no("second", "words")
    raise Refused(*_SAID)
"""
    found = {*refused_in(ast.parse(text))}
    assert found == {("first", "I1"), ("second", "I2"), ("third", "I3")}
