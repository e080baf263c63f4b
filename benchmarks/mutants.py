"""Small deliberate faults in the core, and whether each module's own quick tests catch them.

`python -m benchmarks.mutants [MODULE …] [--count N] [--all]`: each fault is made in a copy of the
project, one at a time, chosen by a seed of the module's name; the tests of the module's own name
(and those that `TESTS` adds) run on it, on SQLite. Exit 1 if a fault survives that is not in
`EQUIVALENT`.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from benchmarks.equivalent_mutants import EQUIVALENT
from benchmarks.faults import Mutant, chosen

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
    "models/crawl/fair_share.py",
    "models/crawl/url_shape.py",
    "models/crawl/queues.py",
    "models/crawl/waiting.py",
    "models/db/faults.py",
    "models/duplicates/clusters.py",
    "models/articles/article_update.py",
    "models/articles/revisions.py",
    "models/scheduling/revisit_policy.py",
    "models/scheduling/visit_policy.py",
    "crawler/operations/absolute_monitors.py",
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
    "models/crawl/queues.py": ("tests/models/crawl/test_waiting.py",),
    "models/crawl/waiting.py": ("tests/crawler/reports/test_why.py",),
    "models/articles/article_update.py": (
        "tests/models/articles/test_articles.py",
        "tests/test_revisions.py",
    ),
    "models/articles/revisions.py": ("tests/models/articles/test_articles.py",),
}


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
    tests = [*([str(own)] if (tree / own).exists() else []), *TESTS.get(module, ())]
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
    for name in ("hypothesis.strategies", "scrapy.utils.test", "sqlalchemy.dialects.sqlite"):
        import_module(name)


def _fails(tree: Path, tests: list[str]) -> bool:
    """Whether the tests fail on the copied tree, or do not end in time."""
    child = os.fork()
    if child == 0:
        _run_tests(tree, tests)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _run_tests(tree: Path, tests: list[str]) -> None:
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
