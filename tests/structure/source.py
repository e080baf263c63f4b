"""The project's own source, as its structure is tested: files, modules, syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("crawler", "migrations", "models", "pipelines")


def modules(*packages: str) -> Iterator[Path]:
    """Modules of the packages (default: all four), relative to the project's folder."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT)


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file of the project."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    """The name by which a module is imported."""
    return ".".join(path.with_suffix("").parts)
