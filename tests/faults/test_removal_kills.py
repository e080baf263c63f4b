"""`erase` and `sites remove --articles` killed at dangerous moments: typed again, they end."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

import pytest
from sqlalchemy import make_url

from tests.databases import SERVERS, AtHead
from tests.faults.conftest import Checked
from tests.faults.support.length import pick
from tests.support import traces
from tests.support.desk import Desk
from tests.support.erased_page import MARK, crawled, records
from tests.support.site_server import SiteServer
from tests.support.town import found

BLANKING = "models.archive.blanking"
REMOVAL = "crawler.operations.site_removal"
ROWS = f"{REMOVAL}:site_removal"


class Moment(NamedTuple):
    """When a command is killed."""

    at: str  # module:function
    call: int = 1
    after: bool = False  # once it has returned
    leaves_partial: bool = False  # a WARC file that was being written


ERASING = {
    "in the transaction": Moment("models.erasures.removal:changes.enqueue", after=True),
    "between commit and archive": Moment("crawler.operations.erase_archive:clear"),
    "in the middle of a WARC file": Moment(f"{BLANKING}:_copy", after=True, leaves_partial=True),
    "after a record of the same length": Moment(
        f"{BLANKING}:_copy", 2, after=True, leaves_partial=True
    ),
    "before the file is synced": Moment(f"{BLANKING}:os.fsync", leaves_partial=True),
    "before the rename": Moment(f"{BLANKING}:os.fsync", after=True, leaves_partial=True),
    "after the rename": Moment(f"{BLANKING}:sync_folder"),
    "between two WARC files": Moment("models.archive.rewriting:blank", 2),
    "before it is done": Moment("crawler.operations.erase_archive:tombstones.finish"),
}
REMOVING = {
    "before the file is away": Moment("crawler.operations.sites.remove_articles:take_away"),
    "once it is away": Moment("crawler.operations.sites.remove_articles:take_away", after=True),
    "in the first transaction": Moment(f"{ROWS}.remove_some", after=True),
    "between two batches": Moment(f"{REMOVAL}:_Pace.keep_up"),
    "in the second transaction": Moment(f"{ROWS}.remove_some", 2, after=True),
    "between articles and archive": Moment(f"{REMOVAL}:_remove_files"),
    "between two WARC files": Moment(f"{REMOVAL}:remove_file", 2),
    "between archive and addresses": Moment(f"{ROWS}.remove_urls"),
    "among the addresses": Moment(f"{ROWS}.remove_urls", 2, after=True),
    "before the runs": Moment(f"{ROWS}.remove_runs"),
    "among the runs": Moment(f"{ROWS}.remove_runs", 2, after=True),
    "before the site's row": Moment(f"{ROWS}.remove_site"),
    "in the last transaction": Moment(f"{ROWS}.remove_site", after=True),
    "after the last transaction": Moment(f"{REMOVAL}:tidy"),
}
ERASING_ON_SERVERS = pick(["between commit and archive"], [*ERASING])
REMOVING_ON_SERVERS = pick(["in the second transaction"], [*REMOVING])
TEXTS = "select site, url, title, text from v1_articles where {} order by url"
OTHERS = "site = 'echo'"


class World(NamedTuple):
    """Two sites that were crawled: town, with a page that is to be erased, and echo."""

    desk: Desk
    page: str
    site: str  # the origin of town


def made(folder: Path, url: str) -> World:
    """The two, with three runs of the first."""
    desk = Desk(folder, url)
    with SiteServer() as site, SiteServer() as echo:
        page = crawled(desk, site)
        found(desk, echo, 3, "echo")
        return World(desk, page, site.url)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, at_head: AtHead) -> Iterator[World]:
    """One on SQLite, which each test copies."""
    folder = tmp_path_factory.mktemp("town")
    with at_head.database("sqlite", folder) as url:
        yield made(folder, url)


@pytest.fixture
def world(template: World, tmp_path: Path) -> World:
    """A copy of it of the test's own."""
    shutil.copytree(template.desk.folder, tmp_path / "copy")
    name = Path(str(make_url(template.desk.url).database)).name
    desk = Desk(tmp_path / "copy", f"sqlite:///{tmp_path / 'copy' / name}")
    return template._replace(desk=desk)


@pytest.mark.parametrize("moment", ERASING.values(), ids=[*ERASING])
def test_a_killed_erasure_ends_when_it_is_typed_again(
    world: World, moment: Moment, checked: Checked
) -> None:
    _erase(world, moment)
    checked(1)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("name", ERASING_ON_SERVERS)
def test_a_killed_erasure_ends_on_a_server_too(
    kind: str, name: str, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url:
        _erase(made(tmp_path, url), ERASING[name])
    checked(1)


@pytest.mark.parametrize("moment", REMOVING.values(), ids=[*REMOVING])
def test_a_killed_removal_of_a_site_ends_when_it_is_typed_again(
    world: World, moment: Moment, checked: Checked
) -> None:
    _remove(world, moment)
    checked(1)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("name", REMOVING_ON_SERVERS)
def test_a_killed_removal_of_a_site_ends_on_a_server_too(
    kind: str, name: str, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url:
        _remove(made(tmp_path, url), REMOVING[name])
    checked(1)


def _erase(world: World, moment: Moment) -> None:
    desk, archive = world.desk, world.desk.folder / "archive"
    others = desk.tuples(TEXTS.format("url not like '%%/77'"))
    pages = _pages(archive, lambda url: not url.endswith("/77"))
    command = ("erase", world.page, "--why", "a letter")
    _killed(desk, moment, *command)
    assert bool(_partial(archive)) == moment.leaves_partial
    assert desk.tuples(TEXTS.format("url not like '%%/77'")) == others
    assert _pages(archive, lambda url: not url.endswith("/77")) == pages
    desk.type(*command)
    assert traces.in_database(desk.url, MARK) == traces.in_files(desk.folder, MARK) == []
    assert desk.tuples(TEXTS.format("0 = 0")) == others
    assert _pages(archive, lambda _: True) == pages
    assert _partial(archive) == []
    assert desk.tuples("select count(*) from v1_changes where kind = 'erased'") == [(1,)]
    assert "erased on" in desk.type(*command).out
    assert desk.tuples("select * from leases") == []


def _remove(world: World, moment: Moment) -> None:
    desk, archive = world.desk, world.desk.folder / "archive"
    others = desk.tuples(TEXTS.format(OTHERS))
    pages = _pages(archive, lambda url: not url.startswith(f"{world.site}/"))
    numbers = {n for (n,) in desk.tuples("select article_id from v1_articles where site = 'town'")}
    command = ("sites", "remove", "town", "--articles", "--yes")
    _killed(desk, moment, *command)
    is_first = moment == REMOVING["before the file is away"]
    assert (desk.sites / "town.toml").exists() == is_first, "nothing may visit it any more"
    gone = numbers - {n for (n,) in desk.tuples("select article_id from articles")}
    erased = "select article_id from v1_changes where kind = 'erased' order by article_id"
    assert desk.tuples(erased) == [(n,) for n in sorted(gone)], "no batch is half done"
    assert desk.tuples(TEXTS.format(OTHERS)) == others
    assert desk.type("db", "check").code == 0
    desk.type(*command)
    assert desk.tuples(erased) == [(n,) for n in sorted(numbers)]
    assert traces.in_database(desk.url, MARK) == []
    assert traces.in_database(desk.url, world.site) == []
    assert traces.in_files(archive, world.site) == []
    assert desk.tuples("select name from sites") == [("echo",)]
    assert desk.tuples(TEXTS.format("0 = 0")) == others
    assert _pages(archive, lambda _: True) == pages
    assert sorted(path.name for path in desk.sites.iterdir()) == ["echo.toml", "town.toml.removed"]
    assert sorted(path.name for path in archive.iterdir()) == ["echo"]
    assert desk.tuples("select * from leases") == []


def _killed(desk: Desk, moment: Moment, *words: str) -> None:
    """Types a command that is killed at that moment."""
    environment = dict(desk.environment)
    desk.use_settings(
        "tests.faults.support.killing",
        WINNOW_KILL_AT=moment.at, WINNOW_KILL_CALL=str(moment.call),
        WINNOW_KILL_AFTER=str(int(moment.after)), WINNOW_SMALL_BATCHES="2",
    )  # fmt: skip
    desk.type(*words, code=-SIGKILL)
    desk.environment = environment


def _pages(archive: Path, wanted: Callable[[str], bool]) -> list[tuple[str, bytes]]:
    """Addresses and contents of the copies; every file of the archive is valid."""
    return [
        (url, body) for kind, url, body in records(archive) if kind == "response" and wanted(url)
    ]


def _partial(archive: Path) -> list[str]:
    return [path.name for path in archive.rglob("*") if path.suffix == ".erasing"]
