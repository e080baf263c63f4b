"""The local folder of an archive; test_captures.py has what a killed run leaves in it."""

from pathlib import Path

import pytest

from models.archive.captures import CaptureArchive
from models.archive.local_folder import files_of, mend, require_writable
from models.errors import ArchiveUnwritable
from tests.factories import make_page


def test_files_of_dead_runs_are_mended_besides_those_of_a_spool(tmp_path: Path) -> None:
    names = []
    for run in (1, 2, 3):
        archive = CaptureArchive(tmp_path, run)
        names.append(archive.append(make_page()).file)
        archive.close()
        with (tmp_path / names[-1]).open("ab") as file:
            file.write(b"half a record")
    assert files_of(tmp_path, [2, 1, 1]) == names[:2]
    assert mend(tmp_path, [1, 2], {names[0]}) == [tmp_path / names[1]]
    assert b"half" in (tmp_path / names[0]).read_bytes()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    require_writable(tmp_path / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnwritable, match="cannot be written"):
        require_writable(tmp_path / "file")
