"""A spool keeps its name, whichever host has it."""

from pathlib import Path

import pytest

from models.archive import spool_host
from models.archive.spool_host import host_of, named


def test_the_first_host_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = tmp_path / "spool"
    monkeypatch.setattr(spool_host, "this_host", lambda: "beech")
    assert host_of(spool) == "beech"
    assert not spool.exists(), "whoever only reads writes nothing"
    assert named(spool) == "beech"
    monkeypatch.setattr(spool_host, "this_host", lambda: "oak")
    assert named(spool) == host_of(spool) == "beech"
    assert host_of(tmp_path / "another") == "oak"
    assert [path.name for path in spool.iterdir()] == [".spool-host"]


def test_what_is_no_folder_is_nobody_s_spool(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    assert host_of(tmp_path / "file") == spool_host.this_host()
