"""Files of a store on the local disk."""

from pathlib import Path

import pytest

from models.archive import fetching
from models.archive.fetching import fetch, has_same
from models.archive.stores import FolderStore
from models.errors import ArchiveError

BODY = bytes(range(256)) * 10


def test_a_file_comes_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_PIECE", 1000)
    store, here = FolderStore(tmp_path / "store"), tmp_path / "here"
    (tmp_path / "file").write_bytes(BODY)
    store.put("a/2026/x.warc.gz", tmp_path / "file")
    assert fetch(store, "a/2026/x.warc.gz", here) == len(BODY)
    assert here.read_bytes() == BODY
    assert has_same(store, "a/2026/x.warc.gz", here)
    here.write_bytes(BODY[:-1] + b"x")
    assert not has_same(store, "a/2026/x.warc.gz", here)
    here.write_bytes(BODY[:-1])
    assert not has_same(store, "a/2026/x.warc.gz", here)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    with pytest.raises(ArchiveError, match="no such file"):
        fetch(store, "a/2026/x.warc.gz", tmp_path / "here")
    assert not has_same(store, "a/2026/x.warc.gz", tmp_path / "here")
