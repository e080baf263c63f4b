"""What every source file keeps to: its length, its opening, what it never does."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.structure.source import ROOT, modules, tree_of

LONGEST = 250  # lines
# Tests of one module, in the order of its functions and with helpers that all of them use: in two
# files, the helpers would stand twice. No module is that long.
LONG = {
    "tests/models/articles/test_articles.py",
    "tests/models/crawl/test_frontier.py",
    "tests/crawler/spiders/test_discover.py",
    "tests/models/sites/test_config.py",
    "tests/pipelines/metadata/test_page_metadata.py",
    "tests/pipelines/test_reclassify.py",
    "tests/crawler/fleet/test_batch_round.py",
}


def test_no_file_is_too_long_to_be_read() -> None:
    files = [*modules(), *modules("benchmarks", "tests")]
    lengths = {p.as_posix(): (ROOT / p).read_text("utf-8").count("\n") for p in files}
    assert {path for path, lines in lengths.items() if lines > LONGEST} == LONG


def test_an_init_file_holds_a_docstring_and_no_code() -> None:
    for path in modules():
        if path.name == "__init__.py":
            body = tree_of(path).body
            assert len(body) == 1 and ast.get_docstring(tree_of(path)), path


def test_every_module_opens_with_a_docstring() -> None:
    files = [*modules(), *modules("benchmarks")]
    assert [p for p in files if not ast.get_docstring(tree_of(p))] == []


def test_no_fault_is_caught_and_forgotten() -> None:
    assert [place for path in modules() for place in _forgotten(path)] == []


def test_nothing_is_executed_that_was_data() -> None:
    found = {
        path.as_posix()
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"exec", "eval"}
    }
    assert found == set()


def test_no_test_sleeps_to_let_something_happen() -> None:
    """A test waits for what it waits for (`wait_for`); a server's pause is no wait of the test."""
    found = [
        f"{path}:{node.lineno}"
        for path in modules("tests")
        if "sleep" in (ROOT / path).read_text("utf-8")
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
        for node in _own(function)
        if isinstance(node, ast.Call) and _name(node.func) in {"time.sleep", "sleep"}
    ]
    assert found == []


def _name(called: ast.expr) -> str:
    return ast.unparse(called) if isinstance(called, ast.Name | ast.Attribute) else ""


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a test, without those of functions in it: they may play a slow writer."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
            yield from _own(node)


def _forgotten(path: Path) -> list[str]:
    """Handlers of every fault (`except:`, `except Exception:`) whose body does nothing."""
    return [
        f"{path}:{node.lineno}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(part, ast.Pass | ast.Continue) for part in node.body)
    ]
