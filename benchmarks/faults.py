"""Small faults in a module's syntax tree: a comparison, a sign, a number, a statement left out."""

import ast
import difflib
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

_COMPARED: Final = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COUNTED: Final = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one fault."""

    module: str
    source: str
    change: tuple[str, ...]  # the lines that differ, each behind '-' or '+'


def chosen(module: str, source: str, count: int) -> list[Mutant]:
    """So many of a module's faults, by a seed that is the module's name."""
    tree = ast.parse(source)
    plain = ast.unparse(tree).splitlines()
    mutants = []
    for changed in _faulty(tree):
        text = ast.unparse(ast.fix_missing_locations(changed))
        lines = difflib.unified_diff(plain, text.splitlines(), n=0, lineterm="")
        change = tuple(
            f"{line[0]} {' '.join(line[1:].split())}" for line in list(lines)[2:] if line[0] in "+-"
        )
        if change:
            mutants.append(Mutant(module, text, change))
    picked = random.Random(module).sample(range(len(mutants)), min(count, len(mutants)))
    return [mutants[number] for number in sorted(picked)]


def _faulty(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies of the module, each with one fault in the code of a function or a constant."""
    places = list(_places(tree))
    for number in range(len(places)):
        for way in range(2):
            changed = deepcopy(tree)
            _, node, field, index = list(_places(changed))[number]
            held = getattr(node, field)
            fault = _fault(held if index is None else held[index], way)
            if fault is None:
                continue
            if index is None:
                setattr(node, field, fault)
            else:
                held[index] = fault
            yield changed


Place = tuple[ast.AST, ast.AST, str, int | None]


def _places(node: ast.AST) -> Iterator[Place]:
    """Every child that may be changed, with its parent, field and index."""
    for field, value in ast.iter_fields(node):
        if field in {"decorator_list", "annotation", "returns"}:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _is_declaration(child):
                continue
            yield child, node, field, index
            yield from _places(child)


def _is_declaration(node: ast.AST) -> bool:
    """Tables and docstrings: what they say is tested by migrations and readers."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "table":
        return True
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or isinstance(
        node, ast.Import | ast.ImportFrom | ast.JoinedStr
    )


def _fault(node: ast.AST, way: int) -> ast.AST | None:
    """The node with a fault of one of two ways; None if this way has none."""
    if isinstance(node, ast.Constant):
        return _other_constant(node.value, way)
    if way == 1:
        return ast.Pass() if isinstance(node, ast.Expr | ast.AugAssign | ast.Raise) else None
    made: ast.AST | None = None
    match node:
        case ast.Compare(ops=[operator, *rest]) if type(operator) in _COMPARED:
            made = ast.Compare(node.left, [_COMPARED[type(operator)](), *rest], node.comparators)
        case ast.BinOp(left, operator, right) if type(operator) in _COUNTED:
            made = ast.BinOp(left, _COUNTED[type(operator)](), right)
        case ast.BoolOp(operator, values):
            made = ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            made = operand
        case ast.IfExp(test, body, other):
            made = ast.IfExp(test, other, body)
        case ast.Return(value) if value is not None and not _is_none(value):
            made = ast.Return(ast.Constant(None))
        case ast.Call(ast.Attribute(value, "desc" | "limit" | "order_by"), _, _):
            made = value
        case ast.Call(ast.Name("min" | "max" as name), values, words):
            made = ast.Call(ast.Name("max" if name == "min" else "min"), values, words)
    return made


def _other_constant(value: object, way: int) -> ast.AST | None:
    if isinstance(value, bool):
        return ast.Constant(not value) if way == 0 else None
    if isinstance(value, int | float):
        other = value + 1 if way == 0 else value * 2
        return ast.Constant(other) if other != value else None
    return None


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
