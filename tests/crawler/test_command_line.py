"""winnow VERB, as typed in a folder that has nothing to do with Winnow."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.desk import ROOT, Result
from tests.support.site_server import SiteServer, article, feed

WINNOW = Path(sys.executable).parent / "winnow"


@dataclass
class Shell:
    """A user's shell: a home of their own, no variable of ours, in the folder `here`."""

    home: Path
    here: Path
    environment: dict[str, str] = field(default_factory=dict)

    def type(self, *words: str) -> Result:
        bare = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        done = subprocess.run(
            [WINNOW, *words],
            env={**bare, "HOME": str(self.home), "WINNOW_WORKERS": "0", **self.environment},
            cwd=self.here, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    for name in ("home", "here"):
        (tmp_path / name).mkdir()
    return Shell(tmp_path / "home", tmp_path / "here")


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        yield server


def verbs(listed: str) -> set[str]:
    return set(re.findall(r"^  (\S+)", listed, re.MULTILINE))


@pytest.mark.parametrize("words", [(), ("--version",)])
def test_a_reader_that_has_gone_is_no_fault(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([WINNOW, *words], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_lists_our_verbs_and_none_for_starting_projects(shell: Shell) -> None:
    done = shell.type()
    ours = {path.stem for path in (ROOT / "crawler/commands").glob("*.py")} - {"__init__"}
    assert verbs(done.out) == ours | {"settings", "list"}
    assert {"crawl", "shell", "fetch", "parse"} <= ours
    assert not verbs(done.out) & {"startproject", "genspider", "runspider", "bench", "edit"}
    assert shell.type("--help").out == done.out
    assert re.fullmatch(r"winnow \d+\.\d+\.\d+\n", shell.type("--version").out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["vist"], "winnow: no verb 'vist'; did you mean 'visit'? `winnow` lists all\n"),
        (["startproject"], "winnow: no verb 'startproject'; `winnow` lists all\n"),
        (["--fast"], "winnow: no verb '--fast'; `winnow` lists all\n"),
        (["runs", "--fast"], "winnow runs: unknown option '--fast'; type: winnow runs --help\n"),
        (["settings", "-s", "A"], "Invalid -s value"),
    ],
)
def test_misuse_is_one_line(shell: Shell, words: list[str], said: str) -> None:
    done = shell.type(*words)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_the_user_s_data_folder_holds_all_wherever_one_stands(
    shell: Shell, site: SiteServer
) -> None:
    data = shell.home / ".local/share/winnow"
    missing = shell.type("runs")
    assert missing.code == 2
    assert f"{data}/winnow.db does not exist; type: winnow db upgrade" in missing.err
    assert f"{data}/winnow.db" in shell.type("db", "upgrade").out
    url = site.page("/2026/05/24/ferry", article("Ferry line opens", ["Words of the line."] * 9))
    site.page("/rss", feed([(url, "Ferry line opens")]))
    site.page("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/rss">')
    added = shell.type("sites", "add", site.url, "--name", "loop", "--private")
    assert f"wrote {data}/sites/loop.toml; next, type: winnow crawl" in added.out
    crawled = shell.type("crawl", "discover", "-a", "site=loop", "-s", "DOWNLOAD_DELAY=0")
    assert crawled.code == 0, crawled.printed
    assert f"database sqlite:///{data}/winnow.db, archive {data}/archive" in crawled.err
    assert list((data / "archive").rglob("*.warc.gz"))
    shell.here = shell.home
    assert "loop" in shell.type("runs").out
    assert list((shell.home.parent / "here").iterdir()) == []


def test_the_database_of_an_earlier_version_is_named(shell: Shell) -> None:
    (shell.here / "winnow.db").touch()
    done = shell.type("runs")
    assert done.err.endswith(f"; for the winnow.db of this folder, set WINNOW_HOME={shell.here}\n")
    shell.environment["WINNOW_HOME"] = str(shell.here)
    assert f"{shell.here}/winnow.db" in shell.type("runs").err


def test_help_names_the_program(shell: Shell) -> None:
    done = shell.type("visit", "--help")
    assert done.out.startswith("Usage\n=====\n  winnow visit [NAME ...]")
    assert "Example: winnow visit" in done.out
