"""What the documents point to is there: links, anchors, paths, tables, decisions."""

import re
from pathlib import Path

import pytest

from migrations.schema import metadata

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/*.md")])
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
# of a user, not of the project
EXAMPLES = re.compile(r"crawler/sites/\w+\.toml|NAME|/YEAR/")


def _name(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def _anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    prose = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", prose, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_relative_link_resolves(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_path_that_is_named_exists(document: Path) -> None:
    named = re.findall(
        r"`((?:crawler|pipelines|models|migrations|tests|benchmarks|docs)/[\w./-]*)`",
        document.read_text("utf-8"),
    )
    missing = [p for p in named if not (ROOT / p).exists() and not EXAMPLES.search(p)]
    assert missing == []


def test_every_table_has_its_owner_in_the_architecture() -> None:
    _, _, section = ARCHITECTURE.partition("## One table, one owner")
    rows = re.findall(r"^\| (`.+?`) \| (`.+?`) \|", section, re.M)
    tables = [name for cell, _ in rows for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(tables) == sorted(metadata.tables)
    owners = {owner for _, cell in rows for owner in re.findall(r"`([\w/]+)`", cell)}
    missing = {o for o in owners if not list((ROOT / "models").glob(f"{o}*"))}
    assert missing == set()


def test_decisions_are_one_series_and_listed() -> None:
    folder = ROOT / "docs/decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    listed = re.findall(r"\((\d{4}[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == records
    for name in records:
        heading = (folder / name).read_text("utf-8").split("\n", 1)[0]
        assert heading.startswith(f"# {int(name[:4])}. "), name
