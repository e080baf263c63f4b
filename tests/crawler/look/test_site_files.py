"""Which sites are visited."""

from pathlib import Path

from crawler.look.site_files import SiteFiles


def test_sites_with_and_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "one.toml").touch()
    (tmp_path / "two.toml").touch()
    (tmp_path / "notes.txt").touch()
    files = SiteFiles.of(tmp_path)
    assert [files.lacks(site) for site in ("one", "notes", "gone")] == [False, True, True]
    assert files.without_run(["one", "gone"]) == ["two"]


def test_without_any_file_another_machine_has_them(tmp_path: Path) -> None:
    files = SiteFiles.of(tmp_path / "none")
    assert not files.lacks("one")
    assert files.without_run(["one"]) == []


def test_sites_whose_file_says_that_nothing_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "on.toml").write_text('start = "https://on.example/"\n')
    (tmp_path / "off.toml").write_text('enabled = false\nstart = "https://off.example/"\n')
    files = SiteFiles.of(tmp_path)
    assert [files.disables(site) for site in ("on", "off", "gone")] == [False, True, False]
    assert files.without_run([]) == ["on"]
    assert files.disabled() == {"off"}
