"""Room for what is fetched: gone at the end, that of a killed process too."""

from pathlib import Path

from models.archive.work_folder import work_folder


def test_each_has_a_folder_and_clears_away_those_of_the_dead(tmp_path: Path) -> None:
    dead = tmp_path / ".work/of-a-killed-process"
    dead.mkdir(parents=True)
    (dead / "fetched").write_bytes(b"x")
    with work_folder(tmp_path) as one:
        assert not dead.exists()
        (one / "fetched").write_bytes(b"x")
        with work_folder(tmp_path) as two:
            assert one != two
            assert (one / "fetched").exists(), "its process is at it"
        assert not two.exists()
    assert [*(tmp_path / ".work").iterdir()] == []
