"""Where relative paths lead, for each folder that somebody may stand in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings
from sqlalchemy import make_url

from crawler.home import Home, as_typed, home_of, resolve, where, where_one_stands
from tests.support.desk import ROOT

OURS = "[settings]\ndefault = crawler.settings\n"
THEIRS = "[settings]\ndefault = shop.settings\n"


def folder(path: Path, cfg: str | None = None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    if cfg is not None:
        (path / "scrapy.cfg").write_text(cfg)
    return path


def test_the_nearest_scrapy_cfg_of_winnow_comes_first(tmp_path: Path) -> None:
    project = folder(tmp_path / "news", OURS)
    deep = folder(project / "crawler/sites")
    found = home_of({"WINNOW_HOME": str(tmp_path)}, deep)
    assert found == Home(project, is_project=True)
    assert found.sites == "crawler/sites"


@pytest.mark.parametrize("cfg", [None, THEIRS, "no [ini file", "[settings]\n", b"\xff\xfe".hex()])
def test_then_comes_winnow_home(tmp_path: Path, cfg: str | None) -> None:
    here = folder(tmp_path / "shop", cfg)
    found = home_of({"WINNOW_HOME": str(tmp_path / "news")}, here)
    assert found == Home(tmp_path / "news")
    assert found.sites == "sites"
    assert home_of({"WINNOW_HOME": "news"}, here).folder == here / "news"


def test_a_project_around_somebody_else_s_is_not_looked_for(tmp_path: Path) -> None:
    folder(tmp_path, OURS)
    inner = folder(tmp_path / "shop", THEIRS)
    assert home_of({"WINNOW_HOME": "/srv/news"}, inner).folder == Path("/srv/news")


def test_else_it_is_the_user_s_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert home_of({}, folder(tmp_path / "here")).folder == tmp_path / "data/winnow"


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///winnow.db", "sqlite:////home/news/winnow.db"),
        ("sqlite:///data/w.db?mode=ro&uri=true", "sqlite:////home/news/data/w.db?mode=ro&uri=true"),
        ("sqlite+pysqlite:///winnow.db", "sqlite+pysqlite:////home/news/winnow.db"),
        ("sqlite:////srv/winnow.db", "sqlite:////srv/winnow.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:///file:w.db?uri=true", "sqlite:///file:w.db?uri=true"),
        ("postgresql+psycopg://winnow@db/winnow", "postgresql+psycopg://winnow@db/winnow"),
        ("nonsense", "nonsense"),
    ],
)
def test_only_the_relative_file_of_a_database_is_resolved(url: str, resolved: str) -> None:
    assert Home(Path("/home/news")).url(url) == resolved


@pytest.mark.parametrize("name", ["a b", "100% news", "what?mode=ro", "%20", "a#b", "u@h:1", "é"])
def test_a_folder_of_any_name_holds_the_database(tmp_path: Path, name: str) -> None:
    url = Home(tmp_path / name).url("sqlite:///winnow.db?timeout=3")
    assert make_url(url).database == str(tmp_path / name / "winnow.db")
    assert make_url(url).query == {"timeout": "3"}


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30))
def test_what_is_resolved_once_stays(text: str) -> None:
    home = Home(Path("/home/news"))
    for resolved, given_text in ((home.path, text), (home.url, f"sqlite:///{text}")):
        try:
            once = resolved(given_text)
        except RuntimeError:  # "~nobody": Python knows no such user
            continue
        assert resolved(once) == once


def test_a_path_of_the_command_line_is_resolved_and_keeps_its_priority() -> None:
    settings = Settings({"WINNOW_HOME": "/home/news", "WINNOW_ARCHIVE_DIR": "s3://bucket/raw"})
    settings.set("WINNOW_ARCHIVE_SPOOL", "spool", "cmdline")
    settings.set("WINNOW_SITES_DIR", "towns", priority="cmdline")
    settings.set("WINNOW_DATABASE_URL", "sqlite:///w.db", priority="cmdline")
    resolve(settings)
    assert settings["WINNOW_SITES_DIR"] == "/home/news/towns"
    assert settings["WINNOW_DATABASE_URL"] == "sqlite:////home/news/w.db"
    assert settings["WINNOW_ARCHIVE_DIR"] == "s3://bucket/raw"
    assert settings["WINNOW_ARCHIVE_SPOOL"] == "/home/news/spool"
    assert settings.getpriority("WINNOW_SITES_DIR") == 40


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("/usr/bin/winnow", "winnow db: it is empty; type: winnow db upgrade"),
        ("/usr/bin/scrapy", "scrapy db: it is empty; type: scrapy db upgrade"),
    ],
)
def test_a_sentence_names_the_program_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    monkeypatch.setattr(sys, "argv", [program])
    assert as_typed("scrapy db: it is empty; type: scrapy db upgrade") == said


def test_another_project_s_package_of_our_name_is_one_line(tmp_path: Path) -> None:
    folder(tmp_path / "models")
    (tmp_path / "models/__init__.py").write_text("raise RuntimeError('not yours')")
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "runs"],
        env={
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        },
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"{tmp_path}/models for the package 'models'" in done.stderr
    assert "Type winnow instead of scrapy" in done.stderr


def test_a_home_that_is_not_used_is_said(tmp_path: Path) -> None:
    project, other = folder(tmp_path / "project", OURS), tmp_path / "other"
    settings = Settings(
        {
            "WINNOW_HOME": str(project),
            "WINNOW_DATABASE_URL": f"sqlite:///{project}/winnow.db",
            "WINNOW_ARCHIVE_DIR": f"{project}/archive",
        }
    )
    assert list(where(settings, {}, project)) == []
    assert list(where(settings, {"WINNOW_HOME": "../project"}, project)) == []
    [line] = where(settings, {"WINNOW_HOME": str(other)}, project)
    assert line == f"WINNOW_HOME={other} is ignored: this folder is in the project {project}"
    [line] = where(settings, {"WINNOW_HOME": str(project)}, tmp_path)
    assert line == f"database sqlite:///{project}/winnow.db, archive {project}/archive"


def test_a_folder_that_was_removed_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path / "gone"))
    assert where_one_stands() == tmp_path / "gone"
    (tmp_path / "gone").rmdir()
    with pytest.raises(SystemExit, match="winnow: the folder where you stand was removed"):
        where_one_stands()
