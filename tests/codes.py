"""Which findings the rules can raise, and which tests name each: by reading both, not by running.

A code is what the first argument of `found` can be: a literal, or what reaches the name there by an
assignment, a loop, a condition or a helper of the same module. A test names one as raised, or as
not, where it expects that in the rulebook's words or compares with it; what stands in a constant, a
parameter or a loop of the test is read too. That the tests pass is for whoever runs them to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DOMAIN: Final = ROOT / "domain"
SPEC: Final = ROOT / "tests" / "spec"
CODE: Final = re.compile(r"[a-z]+[0-9]*(?:_[a-z0-9]+)+")
_EXPECTED: Final = {"then_finding": True, "then_no_finding": False}


@dataclass(slots=True)
class Named:
    """The tests that name a code as raised, and as not raised."""

    raised: set[str] = field(default_factory=set)
    not_raised: set[str] = field(default_factory=set)


def codes(folder: Path = DOMAIN) -> dict[str, str]:
    """Every code the rules can raise, with the module that does.

    Raises:
        ValueError: the first argument of `found` is nothing that can be read here.
    """
    every: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        module = _Module(path)
        for function in module.every:  # those of classes too
            for call in _calls(function, "found"):
                values = set(module.values(call.args[0], function))
                if not values:
                    raise ValueError(f"{path.name}:{call.lineno}: no code can be read here")
                every.update(dict.fromkeys(values, path.name))
    return every


def named(known: Iterable[str], folder: Path = SPEC) -> dict[str, Named]:
    """The tests below a folder that name each of these codes."""
    found = {code: Named() for code in known}
    for path in sorted(folder.rglob("test_*.py")):
        module = _Module(path)
        for name, function in module.functions.items():
            for code, raised in _expected(module, function):
                if code in found:
                    side = found[code].raised if raised else found[code].not_raised
                    side.add(f"{path.relative_to(folder).as_posix()}::{name}")
    return found


def lacking(found: Mapping[str, Named]) -> dict[str, str]:
    """The codes that no test names as raised, or as not raised: each with which."""
    sides = {code: (one.raised, one.not_raised) for code, one in sorted(found.items())}
    return {
        code: " and ".join(
            said for said, tests in zip(("raised", "not raised"), both, strict=True) if not tests
        )
        for code, both in sides.items()
        if not all(both)
    }


# --------------------------------------------------------------------------- what a test expects


def _expected(module: _Module, function: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """What a test, or a helper of one, expects to be raised (True) and not."""
    for node in ast.walk(function):
        for value, raised in _said(node):
            yield from ((code, raised) for code in module.values(value, function))


def _said(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """What an expression says to be raised or not: in the rulebook's words, or by comparing.

    `code in …` and `… == [code]` say that it is, `code not in …` and `not … & {code}` that it is
    not.
    """
    match node:
        case ast.Call(func=called, args=[value, *_]):
            yield from ((value, raised) for raised in _words(called))
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as operator]):
            yield left, isinstance(operator, ast.In)
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            yield from ((left, True), (right, True))
        case ast.UnaryOp(op=ast.Not(), operand=ast.BinOp(op=ast.BitAnd(), right=right)):
            yield right, False
        case _:
            pass


def _words(called: ast.AST) -> Iterator[bool]:
    """Whether a call is of `then_finding` or `then_no_finding`; both where a test chooses."""
    match called:
        case ast.Attribute(attr=name) if name in _EXPECTED:
            yield _EXPECTED[name]
        case ast.IfExp(body=body, orelse=other):
            yield from (*_words(body), *_words(other))
        case _:
            pass


# ------------------------------------------------------------------------- what a name can hold


class _Each(ast.AST):
    """Any row of what a loop goes through, to tell it from what is assigned."""

    def __init__(self, rows: ast.AST) -> None:
        super().__init__()
        self.rows = rows


class _Module:
    """One file: its functions, and what a name in one of them can hold."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text("utf-8"))
        body = tree.body
        self.every = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        self.functions = {one.name: one for one in body if isinstance(one, ast.FunctionDef)}
        self._constants = {name: (value, at) for name, value, at in _bound(body)}
        self._following = set[tuple[str, str]]()

    def values(self, node: ast.AST, function: ast.FunctionDef) -> Iterator[str]:
        """Every code that an expression can be, or holds."""
        match node:
            case ast.Constant(value=str(text)) if CODE.fullmatch(text):
                yield text
            case ast.Name(id=name):
                yield from self._held(name, function)
            case _:
                for one in _parts(node):
                    yield from self.values(one, function)

    def _held(self, name: str, function: ast.FunctionDef) -> Iterator[str]:
        """What a name of a function can hold; one that leads back to itself is followed once."""
        if (function.name, name) in self._following:
            return
        self._following.add((function.name, name))
        local = [(value, at) for one, value, at in _bound(ast.walk(function)) if one == name]
        parameters = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        if name in parameters:
            yield from self._given(name, parameters.index(name), function)
        elif not local and name in self._constants:
            local = [self._constants[name]]
        for value, at in local:
            yield from self._picked(value, at, function)
        self._following.discard((function.name, name))

    def _picked(self, value: ast.AST, at: int | None, function: ast.FunctionDef) -> Iterator[str]:
        """What stands at a place of a value, or of each row that a loop goes through."""
        match value:
            case _Each(rows=rows):
                for row in self._rows(rows, function):
                    yield from self._picked(row, at, function)
            case ast.IfExp(body=body, orelse=other):
                yield from self._picked(body, at, function)
                yield from self._picked(other, at, function)
            case ast.Tuple(elts=elements) | ast.List(elts=elements) if at is not None:
                yield from (
                    code for one in elements[at : at + 1] for code in self.values(one, function)
                )
            case _ if at is None:
                yield from self.values(value, function)
            case _:
                pass

    def _rows(self, value: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
        """The rows of what a loop goes through: literals, constants, and what a helper gives."""
        match value:
            case ast.Tuple(elts=rows) | ast.List(elts=rows) | ast.Set(elts=rows):
                for one in rows:
                    inside = (
                        self._rows(one.value, function) if isinstance(one, ast.Starred) else [one]
                    )
                    yield from inside
            case ast.Dict(keys=keys):
                yield from (one for one in keys if one is not None)
            case ast.Name(id=name):
                yield from self._rows_of(name, function)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items")):
                match self._constants.get(name):
                    case (ast.Dict(keys=keys, values=values), None):
                        pairs = zip(keys, values, strict=True)
                        yield from (_row(key, one) for key, one in pairs if key is not None)
                    case _:
                        pass
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                yield from self._rows_from(self.functions[name])
            case _:
                pass

    def _rows_of(self, name: str, function: ast.FunctionDef) -> Iterator[ast.AST]:
        """The rows of a name: of what it was made, and what was appended to it."""
        local = [value for one, value, _ in _bound(ast.walk(function)) if one == name]
        made, _ = self._constants.get(name, (ast.Pass(), None))
        for value in local or [made]:
            if not isinstance(value, _Each):
                yield from self._rows(value, function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.append":
                yield node.args[0]

    def _rows_from(self, helper: ast.FunctionDef) -> Iterator[ast.AST]:
        """The rows that a helper yields, or returns."""
        for node in ast.walk(helper):
            match node:
                case ast.Yield(value=ast.AST() as row):
                    yield row
                case ast.Return(value=ast.AST() as rows):
                    yield from self._rows(rows, helper)
                case _:
                    pass

    def _given(self, name: str, place: int, function: ast.FunctionDef) -> Iterator[str]:
        """What a parameter is given: by each call in the module, and by parametrize."""
        for caller in self.functions.values():
            for call in _calls(caller, function.name):
                given = [*call.args[place : place + 1]]
                given += [one.value for one in call.keywords if one.arg == name]
                yield from (code for one in given for code in self.values(one, caller))
        for mark in function.decorator_list:
            match mark:
                case ast.Call(func=ast.Attribute(attr="parametrize"), args=[told, rows, *_]):
                    names = _names(told)
                    at = names.index(name) if name in names and len(names) > 1 else None
                    for row in self._rows(rows, function) if name in names else ():
                        inner = row if not isinstance(row, ast.Call) else _row(*row.args)
                        yield from self._picked(inner, at, function)
                case _:
                    pass


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What an expression can be, or holds: its branches, members, keys and values."""
    match node:
        case ast.IfExp(body=body, orelse=other):
            yield from (body, other)
        case ast.Tuple(elts=members) | ast.List(elts=members) | ast.Set(elts=members):
            yield from members
        case ast.Starred(value=inner) | ast.Subscript(value=inner):
            yield inner
        case ast.Dict(keys=keys, values=values):
            yield from (one for one in (*keys, *values) if one is not None)
        case _:
            pass


def _bound(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.AST, int | None]]:
    """Each name that is assigned or looped over, what to, and its place in a row."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from (one for target in targets for one in _targets(target, value))
            case ast.AnnAssign(target=target, value=ast.AST() as value):
                yield from _targets(target, value)
            case ast.For(target=target, iter=rows) | ast.comprehension(target=target, iter=rows):
                yield from _targets(target, _Each(rows))
            case _:
                pass


def _targets(target: ast.AST, value: ast.AST) -> Iterator[tuple[str, ast.AST, int | None]]:
    match target:
        case ast.Name(id=name):
            yield name, value, None
        case ast.Tuple(elts=elements):
            for at, one in enumerate(elements):
                if isinstance(one, ast.Name):
                    yield one.id, value, at
        case _:
            pass


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function by its name, with at least one argument."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called), args=[_, *_]) if called == name:
                yield node
            case _:
                pass


def _row(*elements: ast.expr) -> ast.AST:
    """One row of these; of one element, that element."""
    alone = 1
    return elements[0] if len(elements) == alone else ast.Tuple(elts=list(elements), ctx=ast.Load())


def _names(told: ast.AST) -> list[str]:
    """The names that parametrize gives: one, a row of them, or a text with commas."""
    match told:
        case ast.Constant(value=str(text)):
            return [one.strip() for one in text.split(",")]
        case ast.Tuple(elts=names) | ast.List(elts=names):
            return [str(one.value) for one in names if isinstance(one, ast.Constant)]
        case _:
            return []
