"""The sentences that the source holds, by its syntax tree: each as a text with :data:`HOLE` for every value that is filled in."""

import ast
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["HOLE", "HOME", "Said", "calls", "folder", "sentences_of"]

HOLE = "\0"
HOME = Path(__file__).resolve().parents[1] / "piiscan"


class Said(NamedTuple):
    """A sentence, or (``text`` is ``None``) an expression whose words stand elsewhere."""

    file: str
    line: int
    expression: str
    text: str | None


def folder() -> Iterator[tuple[str, ast.Module]]:
    """Every module of piiscan, by its path in the package."""
    for path in sorted(HOME.rglob("*.py")):
        yield path.relative_to(HOME).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def sentences_of(node: ast.expr, scope: ast.AST, asked: frozenset[str] = frozenset()) -> list[str] | None:
    """What an expression may say; ``None`` when its words stand elsewhere.

    :param scope: the function or module in which its names are given their values.
    :param asked: names that are being looked up already.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(chosen) for chosen in itertools.product(*(_part(part, scope, asked) for part in parts))]
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            found = [sentences_of(side, scope, asked) for side in (one, other)]
            return [text for texts in found for text in texts or (HOLE,)] if any(found) else None
        case ast.BinOp(op=ast.Add(), left=one, right=other):
            left, right = sentences_of(one, scope, asked), sentences_of(other, scope, asked)
            if left is None and right is None:
                return None
            return [first + last for first in left or [HOLE] for last in right or [HOLE]]
        case ast.Name(id=name) if name not in asked:
            given = [sentences_of(value, scope, asked | {name}) for value in _values(scope).get(name, ())]
            known = [text for texts in given if texts for text in texts]
            return None if not known or None in given else known
    return None


def _part(part: ast.expr, scope: ast.AST, asked: frozenset[str]) -> list[str]:
    if isinstance(part, ast.FormattedValue):
        if part.conversion in {-1, ord("s")} and part.format_spec is None and not isinstance(part.value, ast.Constant):
            return sentences_of(part.value, scope, asked) or [HOLE]
        return [HOLE]
    return sentences_of(part, scope, asked) or [HOLE]


@cache
def _values(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """What each name of a function or module is given."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[*_, ast.Name(id=name)], value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value):
                found.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.setdefault(name, []).append(value)
    return found


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Every call with the innermost function it stands in (the module, outside of functions)."""
    yield from _calls(tree, tree)


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        if isinstance(child, ast.Call):
            yield child, scope
        yield from _calls(child, inner)
