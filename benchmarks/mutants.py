"""Small deliberate faults in the core, and whether each module's own quick tests catch them.

`python -m benchmarks.mutants [MODULE …] [--count N] [--all]`: each fault is made in a copy of the
project, one at a time, chosen by a seed of the module's name; the tests of the module's own name
(and those that `TESTS` adds) run on it, on SQLite. Exit 1 if a fault survives that is not in
`EQUIVALENT`.
"""

import argparse
import ast
import difflib
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.equivalent_mutants import EQUIVALENT

ROOT: Final = Path(__file__).parents[1]
COPIED: Final = (
    "crawler", "models", "pipelines", "migrations", "tests", "benchmarks", "docs", "pyproject.toml",
)  # fmt: skip
LIMIT: Final = 60  # seconds that the tests of one fault may take; one that takes longer is caught
COUNT: Final = 20
CORE: Final = (
    "models/urls.py",
    "models/crawl/frontier.py",
    "models/crawl/url_rows.py",
    "models/crawl/schedule.py",
    "models/duplicates/clusters.py",
    "models/articles/revisions.py",
    "pipelines/acceptance.py",
    "pipelines/duplicates/originals.py",
    *sorted(
        f"crawler/middlewares/{path.name}"
        for path in (ROOT / "crawler/middlewares").glob("*.py")
        if path.name != "__init__.py"
    ),
)
# tests of a module beside the file of its name
TESTS: Final = {
    "models/crawl/frontier.py": ("tests/models/crawl/test_url_rows.py",),
    "models/crawl/url_rows.py": ("tests/models/crawl/test_frontier.py",),
    "models/articles/revisions.py": ("tests/models/articles/test_articles.py",),
}
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


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a module's faults."""

    module: str
    tried: int
    caught: int
    equivalent: int
    survivors: tuple[Mutant, ...]


def main() -> int:
    """Prints the table and the survivors; the number of the latter decides the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=CORE, metavar="MODULE")
    parser.add_argument("--count", type=int, default=COUNT, help="faults a module")
    parser.add_argument("--all", action="store_true", help="every fault there is")
    given = parser.parse_args()
    _preload()
    print(f"{'module':<40} {'tried':>5} {'caught':>6} {'equivalent':>10} {'survived':>8}")
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = _copy(Path(folder))
        for module in given.modules:
            tally = try_module(tree, module, sys.maxsize if given.all else given.count)
            print(
                f"{module:<40} {tally.tried:>5} {tally.caught:>6} {tally.equivalent:>10}"
                f" {len(tally.survivors):>8}"
            )
            for mutant in tally.survivors:
                print("", *mutant.change, sep="\n    ", flush=True)
            survived += len(tally.survivors)
    return int(survived > 0)


def try_module(tree: Path, module: str, count: int) -> Tally:
    """Tries the module's faults one by one in the copied tree."""
    own = Path("tests") / Path(module).with_name(f"test_{Path(module).name}")
    tests = [str(own), *TESTS.get(module, ())]
    path = tree / module
    whole = path.read_text(encoding="utf-8")
    if _fails(tree, tests):
        raise SystemExit(f"{module}: its tests fail without a fault: {' '.join(tests)}")
    caught, survivors, same = 0, [], 0
    mutants = chosen(module, whole, count)
    try:
        for mutant in mutants:
            path.write_text(mutant.source, encoding="utf-8")
            if _fails(tree, tests):
                caught += 1
            elif mutant.change in EQUIVALENT.get(module, {}):
                same += 1
            else:
                survivors.append(mutant)
    finally:
        path.write_text(whole, encoding="utf-8")
    return Tally(module, len(mutants), caught, same, tuple(survivors))


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
    if isinstance(node, ast.ClassDef):
        return any(
            isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "__tablename__"
            for part in node.body
        )
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Table", "Column"}:
        return True
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or isinstance(
        node, ast.Import | ast.ImportFrom | ast.JoinedStr
    )


def _fault(node: ast.AST, way: int) -> ast.AST | None:  # noqa: PLR0911 - a table of kinds
    """The node with a fault of one of two ways; None if this way has none."""
    if isinstance(node, ast.Constant):
        return _other_constant(node.value, way)
    if way == 1:
        return ast.Pass() if isinstance(node, ast.Expr | ast.AugAssign | ast.Raise) else None
    match node:
        case ast.Compare(ops=[operator, *rest]) if type(operator) in _COMPARED:
            return ast.Compare(node.left, [_COMPARED[type(operator)](), *rest], node.comparators)
        case ast.BinOp(left, operator, right) if type(operator) in _COUNTED:
            return ast.BinOp(left, _COUNTED[type(operator)](), right)
        case ast.BoolOp(operator, values):
            return ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            return operand
        case ast.IfExp(test, body, other):
            return ast.IfExp(test, other, body)
        case ast.Return(value) if value is not None and not _is_none(value):
            return ast.Return(ast.Constant(None))
        case ast.Call(ast.Attribute(value, "desc" | "limit" | "order_by"), _, _):
            return value
        case ast.Call(ast.Name("min" | "max" as name), values, words):
            return ast.Call(ast.Name("max" if name == "min" else "min"), values, words)
    return None


def _other_constant(value: object, way: int) -> ast.AST | None:
    if isinstance(value, bool):
        return ast.Constant(not value) if way == 0 else None
    if isinstance(value, int | float):
        other = value + 1 if way == 0 else value * 2
        return ast.Constant(other) if other != value else None
    return None


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _copy(folder: Path) -> Path:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def _preload() -> None:
    """Imports what every run of tests imports, so that a forked one need not."""
    import hypothesis.strategies  # noqa: PLC0415
    import pytest  # noqa: PLC0415
    import scrapy.utils.test  # noqa: PLC0415
    import sqlalchemy.dialects.sqlite  # noqa: PLC0415

    assert hypothesis and pytest and scrapy and sqlalchemy


def _fails(tree: Path, tests: list[str]) -> bool:
    """Whether the tests fail on the copied tree, or do not end in time."""
    child = os.fork()
    if child == 0:
        _run_tests(tree, tests)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _run_tests(tree: Path, tests: list[str]) -> None:
    import pytest  # noqa: PLC0415

    signal.alarm(LIMIT)  # its default is death
    os.chdir(tree)
    for name in [name for name in sys.modules if name.split(".")[0] in COPIED]:
        del sys.modules[name]
    sys.path[:] = [str(tree), *(part for part in sys.path if part not in {"", str(ROOT)})]
    sys.dont_write_bytecode = True
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    quick = ["-m", "not slow", "-k", "not postgresql and not mariadb"]
    code = pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *quick, *tests])
    os._exit(int(code))


if __name__ == "__main__":
    sys.exit(main())
