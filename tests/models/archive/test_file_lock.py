"""A file is locked by one at a time, whatever became of it meanwhile."""

import threading
from pathlib import Path

from models.archive.file_lock import locked
from models.archive.spool import claimed


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with locked(tmp_path / "x") as there:
        assert not there


def test_the_second_waits_and_sees_what_the_first_did(tmp_path: Path) -> None:
    path, seen = tmp_path / "x", []
    path.write_text("old")

    def second() -> None:
        with locked(path) as there:
            seen.append(path.read_text() if there else None)

    with locked(path) as there:
        assert there
        with claimed(path) as ours:
            assert not ours, "an upload leaves it alone"
        thread = threading.Thread(target=second)
        thread.start()
        (tmp_path / "new").write_text("new")
        (tmp_path / "new").replace(path)
    thread.join()
    assert seen == ["new"]
    with locked(path):
        thread = threading.Thread(target=second)
        thread.start()
        path.unlink()
    thread.join()
    assert seen == ["new", None]
