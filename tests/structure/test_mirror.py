"""Every module has a test of its own name, in the same folder below tests/."""

from pathlib import Path

from tests.structure.source import ROOT, modules

# a module, or a folder with all in it, and why it has no test file of its own
EXEMPT = {
    "crawler/settings.py": "names and numbers; tests/test_operating.py compares them with docs",
    "migrations/versions": "history; tests/migrations/test_migrations.py goes up and down it",
    "migrations/env.py": "Alembic's entry point; every test of migrations runs it",
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
