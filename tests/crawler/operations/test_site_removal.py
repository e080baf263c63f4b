"""What a removal of a site does beside its rows; tests/faults/test_removal_kills.py kills it."""

from pathlib import Path

import pytest

from crawler.operations import site_removal
from crawler.operations.site_hold import held
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.errors import SiteBusy
from models.sites.leases import LEASES
from tests.factories import known_site, store_text


def test_the_site_is_held_for_as_long_as_the_work_takes(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for number in range(3):
            store_text(conn, number, "Of the harbour")
    monkeypatch.setattr(site_removal.site_removal, "BATCH", 1)
    clock = iter(range(0, 10_000, 100))  # each look at it is 100 seconds later
    monkeypatch.setattr(site_removal, "monotonic", lambda: next(clock))
    said: list[str] = []

    def progress(line: str) -> None:
        said.append(line)
        with sqlite.transaction() as conn:
            conn.execute(LEASES.update().values(owner="another"))

    with held(sqlite, site_id, "example") as hold, pytest.raises(SiteBusy, match="taken over"):
        site_removal.remove(sqlite, ArchivePlaces(tmp_path), hold, progress)
    assert said == ["articles removed: 1"]
    with sqlite.reading() as conn:
        assert site_removal.site_removal.count(conn, site_id).articles == 1


def test_empty_folders_go_and_files_are_named(tmp_path: Path) -> None:
    for folder in ("gone/2025", "gone/2026", "kept/2026"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kept/2026/run.warc.gz").touch()
    assert site_removal.tidy(ArchivePlaces(tmp_path), {"gone", "kept", "never"}) == [
        "kept/2026/run.warc.gz"
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
