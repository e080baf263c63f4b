"""Who writes a table, and who reads the tables of another folder: found in the syntax trees."""

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from migrations.schema import metadata
from tests.structure.source import dotted, modules, tree_of

HELPERS = {"insert_ignore", "insert_numbers", "upsert"}  # the table is their second argument
WRITES = {"insert", "update", "delete", *HELPERS}
# Beside the one module that writes a table: who else does, and why
ALSO_WRITES = {
    "models/retention.py": "what is kept for how long is one policy, and removes from many tables",
    "models/old_runs.py": "the part of that policy that is about runs",
    "models/erasures/removal.py": "what goes of an erased page is one list, to be read as one",
    "models/erasures/site_removal.py": "what goes of a site is one list, to be read as one",
    "models/duplicates/clusters.py": "an index entry and its cluster are two halves of one row",
}
# the tables of a sample are handed to it by their owner
HANDED_OVER = {"models/memory/samples.py"}
# who reads tables of another folder, and why
READS_ACROSS = {
    "models/retention.py": "what may go hangs on what still needs it",
    "models/old_runs.py": "a run goes when nothing refers to it",
    "models/erasures/targets.py": "a page is all that any folder knows of it",
    "models/erasures/removal.py": "what goes of an erased page is one list, to be read as one",
    "models/erasures/site_removal.py": "what goes of a site is one list, to be read as one",
    "models/fleet/handouts.py": "a site whose visit has begun waits for no worker",
    "models/archive/copies_to_read.py": "counts the pages of a site that have a whole copy",
    "models/articles/rows.py": "a number is given out once, also if its article was erased",
    "models/articles/known_pages.py": "what is stored of a page names its archived copy",
    "models/articles/former_urls.py": "two addresses are one page where two articles are one story",
    "models/articles/refusals.py": "what a text is found to be hangs on where else it stands",
    "models/articles/documents.py": "an article, as duplicate search reads it, names its site",
    "models/articles/search_newest.py": "a search for each story once asks which are originals",
    "models/scheduling/revisit_policy.py": "when to look again follows from what runs found",
    "models/scheduling/visit_policy.py": "a site's pace is the pace of its articles",
    "models/monitoring/run_metrics.py": "the figures of a run are of all that it touched",
    "models/monitoring/repeated_errors.py": "what a page came to in the runs before",
    "models/monitoring/examples.py": "picks the pages and articles that a red monitor is about",
    "models/monitoring/run_endings.py": "a site that never had an article never worked",
    "models/monitoring/wrong_templates.py": "what a run noticed counts until another mends it",
    "models/monitoring/alerts.py": "an alert names its site",
    "models/monitoring/site_metrics.py": "the figures of all sites, for a few statements",
    "models/archive/known_files.py": "whether a file is written is said by its run",
    "models/monitoring/spools.py": "a file waits since its run was over, as large as its captures",
    "models/monitoring/publication.py": "gaps between what the visits of a site found",
}


def folder_of(path: Path) -> str:
    return path.parent.as_posix()


def table_of(node: ast.expr, module: Any) -> Table | None:
    """The table that an expression names."""
    if isinstance(node, ast.Attribute) and node.attr == "c":
        return table_of(node.value, module)
    named = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
    return named if isinstance(named, Table) else None


def written_in(path: Path) -> Iterator[Table | None]:
    """The table of each insert, update and delete in a module; None where none can be seen."""
    module = importlib.import_module(dotted(path))
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name) and function.id in WRITES:
            argument = 1 if function.id in HELPERS else 0
            yield table_of(node.args[argument], module)
        elif isinstance(function, ast.Attribute) and function.attr in WRITES:
            found = table_of(function.value, module)
            if found is not None:
                yield found


def code() -> Iterator[Path]:
    for path in modules():
        if "versions" not in path.parts and path.name not in {"__init__.py", "env.py"}:
            yield path


def test_one_module_writes_a_table() -> None:
    writers: dict[str, set[str]] = defaultdict(set)
    for path in code():
        for table in written_in(path):
            if table is not None and path.as_posix() not in ALSO_WRITES:
                writers[table.name].add(path.as_posix())
    assert {name: sorted(paths) for name, paths in writers.items() if len(paths) > 1} == {}


def test_only_models_write_tables_and_each_write_says_which() -> None:
    for path in code():
        tables = list(written_in(path))
        if tables:
            assert path.parts[0] == "models", path
        if path.as_posix() not in HANDED_OVER and path.name != "statements.py":
            assert None not in tables, path


def test_whoever_also_writes_does() -> None:
    for path in map(Path, ALSO_WRITES):
        assert any(table is not None for table in written_in(path)), path


def test_nothing_is_written_by_sql_in_a_string() -> None:
    statement = re.compile(r"\s*(insert into|update \w+ set|delete from|truncate) ", re.IGNORECASE)
    found = [
        f"{path}:{node.lineno}"
        for path in code()
        if path.parts[0] != "migrations"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and statement.match(node.value)
    ]
    assert found == []


def test_only_views_and_a_few_read_the_tables_of_another_folder() -> None:
    homes = _homes()
    across = {
        path.as_posix()
        for path in code()
        for name in _imported(path)
        if isinstance(table := _as_table(path, name), Table)
        and homes[table.name] != folder_of(path)
    }
    assert across == set(READS_ACROSS)


def test_every_table_is_declared_in_models() -> None:
    homes = _homes()
    assert set(homes) == {table.name for table in metadata.sorted_tables}
    assert {home.split("/")[0] for home in homes.values()} == {"models"}


def _homes() -> dict[str, str]:
    """The folder in which each table is declared."""
    homes = {}
    for path in modules("models"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "table":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    homes[first.value] = folder_of(path)
    return homes


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            yield from (alias.asname or alias.name for alias in node.names)


def _as_table(path: Path, name: str) -> Any:
    return getattr(importlib.import_module(dotted(path)), name, None)
