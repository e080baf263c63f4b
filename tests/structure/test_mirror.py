"""Every module has a test of its own name, in the same folder below tests/."""

from pathlib import Path

from tests.structure.source import ROOT, modules

# a module, or a folder with all in it, and why it has no test file of its own
EXEMPT = {
    "crawler/settings.py": "names and numbers; tests/test_operating.py compares them with docs",
    "crawler/fleet/read_task.py": "tests/test_fleet_reextract.py has a worker read",
    "crawler/fleet/keys_task.py": "tests/test_fleet_reextract.py has a worker make keys",
    "crawler/demo": "one story, told by tests/crawler/commands/test_demo.py",
    "crawler/browser/documents.py": "values without logic; tests/crawler/browser/ shows them",
    "crawler/commands/fetch.py": "tests/crawler/operations/test_without_run.py types it",
    "crawler/commands/parse.py": "tests/crawler/operations/test_without_run.py types it",
    "crawler/commands/shell.py": "tests/crawler/operations/test_without_run.py types it",
    "crawler/commands/view.py": "tests/crawler/operations/test_without_run.py types it",
    "crawler/commands/worker.py": "tests/test_fleet_faults.py types it",
    "crawler/fleet/group_turn.py": "test_batch_round.py beside has hosts that are held",
    "crawler/fleet/visit_task.py": "tests/test_fleet_faults.py sends it messages",
    "crawler/fleet/worker.py": "tests/test_fleet_faults.py sends it signals",
    "crawler/fleet/worker_means.py": "test_batch_round.py beside has batches done with them",
    "crawler/operations/due_visit.py": "test_visit_due.py beside visits by it",
    "crawler/operations/killed_visits.py": "test_visit_due.py beside has visits killed",
    "crawler/operations/visiting_start.py": "tests/crawler/spiders/test_visit.py is visited by it",
    "crawler/commands/health.py": "tests/crawler/operations/test_health_check.py types it",
    "crawler/commands/visit.py": "tests/crawler/spiders/test_visit.py types it as cron does",
    "crawler/reports/article_facts.py": "a value without logic",
    "crawler/middlewares/erased.py": "tests/test_erasing.py has each way to an erased page tried",
    "crawler/operations/archive_status.py": "tests/crawler/commands/test_archive.py asks for it",
    "crawler/operations/archive_text.py": "tests/crawler/commands/test_archive.py reads it",
    "crawler/operations/progress_line.py": "tests/crawler/commands/test_archive.py sees it",
    "models/archive/moving.py": "tests/crawler/operations/test_archive_move.py kills it",
    "models/archive/reach.py": "tests/test_remote_erasing.py has files in other spools",
    "models/archive/removing.py": "tests/models/archive/test_old_files.py removes by it",
    "crawler/operations/erase_archive.py": "tests/crawler/operations/test_erase.py kills it",
    "crawler/operations/erase_text.py": "tests/test_erasing.py reads what is printed",
    "crawler/operations/sites/removed_file.py": "tests/crawler/operations/sites/test_remove.py",
    "crawler/operations/database.py": "tests/crawler/commands/test_db.py types each of its words",
    "crawler/operations/sites/subcommand.py": "a value without logic",
    "crawler/operations/sites/add.py": "tests/crawler/commands/test_sites.py types it",
    "crawler/operations/sites/listing.py": "tests/crawler/commands/test_sites.py types it",
    "crawler/operations/sites/memory.py": "tests/crawler/commands/test_sites.py types it",
    "crawler/operations/probe.py": "tests/crawler/operations/sites/test_importing.py probes sites",
    "crawler/operations/sites/import_table.py": "tests/crawler/operations/sites/test_importing.py",
    "crawler/operations/sites/rules_report.py": "test_import_rules.py beside reads what it prints",
    "crawler/extensions/outcome_writer.py": "tests/crawler/extensions/test_history.py writes by it",
    "crawler/runs/redirect_target.py": "tests/crawler/spiders/test_discover.py is redirected",
    "crawler/sources/reader.py": "tests/crawler/spiders/test_discover.py reads real sources",
    "crawler/spiders/base.py": "abstract: the tests of the four spiders are its tests",
    "migrations/base": "history; tests/migrations/test_upgrade.py goes up and down it",
    "migrations/versions": "history; tests/migrations/test_upgrade.py goes up and down it",
    "migrations/env.py": "Alembic's entry point; every test of migrations runs it",
    "migrations/column_types.py": "history; tests/migrations/test_upgrade.py compares the outcome",
    "models/articles/article_update.py": "tests/models/articles/test_articles.py stores through it",
    "models/articles/corrections.py": "tests/models/articles/test_revisions.py corrects by it",
    "models/articles/rows.py": "tables; tests/models/articles/test_articles.py reads them",
    "models/blocks.py": "values without logic; tests/models/test_items.py sends them to a worker",
    "models/crawl/run.py": "a value without logic",
    "models/crawl/run_rows.py": "tables; tests/migrations/test_upgrade.py compares them",
    "models/duplicates/tables.py": "tables; tests/migrations/test_upgrade.py compares them",
    "models/views/article_views.py": "columns; tests/models/views/test_catalog.py reads each",
    "models/views/run_views.py": "columns; tests/models/views/test_catalog.py reads each",
    "models/erasures/removal.py": "tests/test_erasing.py looks for what it left",
    "models/sites/toml_reader.py": "tests/models/sites/test_config.py reads files through it",
    "models/xpath/positions.py": "tests/models/xpath/test_conditions.py asks lxml",
    "models/xpath/texts.py": "tests/models/xpath/test_conditions.py asks lxml",
    "models/xpath/tokens.py": "tests/models/xpath/test_parser.py reads all through it",
    "pipelines/extract.py": "joins what has tests; tests/test_template_crawls.py reads its log",
    "pipelines/worker.py": "tests/pipelines/test_pool.py works, kills and starves it",
}


def mirrored(path: Path) -> Path:
    return Path("tests") / path.with_name(f"test_{path.name}")


def exempt(path: Path) -> str | None:
    for entry in EXEMPT:
        if path.as_posix() == entry or path.as_posix().startswith(f"{entry}/"):
            return entry
    return None


def test_every_module_has_a_test_of_its_own_name() -> None:
    missing = [
        path.as_posix()
        for path in modules()
        if path.name != "__init__.py" and not exempt(path) and not (ROOT / mirrored(path)).exists()
    ]
    assert missing == []


def test_what_is_exempt_exists_and_has_no_test_meanwhile() -> None:
    for entry in EXEMPT:
        assert (ROOT / entry).exists(), entry
        assert not (ROOT / mirrored(Path(entry))).exists(), entry


def test_every_test_below_a_package_is_of_a_module() -> None:
    """A test of several modules stands at the top of tests/, one of a module beside its name."""
    strays = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        inside = path.relative_to(ROOT / "tests")
        module = inside.with_name(inside.name.removeprefix("test_"))
        nested = len(inside.parts) > 1 and (ROOT / inside.parts[0]).is_dir()
        if nested and inside.parts[0] != "structure" and not (ROOT / module).exists():
            strays.append(path.relative_to(ROOT).as_posix())
    assert strays == []
