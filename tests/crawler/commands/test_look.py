"""scrapy look, typed: its one line, its end, and what it refuses."""

import http.client
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.settings import Settings

from crawler.commands.look import Command
from crawler.look.security import cookie_name
from crawler.look.server import listen
from models.archive.places import ArchivePlaces
from models.db.database import Database
from tests.factories import known_site, known_url
from tests.support.desk import Desk, kill


@contextmanager
def looking(desk: Desk, *words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command under way, and the address that it printed."""
    with desk.running("look", "--no-open", "--port", "0", *words) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().rstrip("\n")


def status(address: str, cookie: str = "") -> tuple[int, str]:
    """The status of a page, and where it leads."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        query = f"?{parts.query}" if parts.query else ""
        connection.request("GET", f"{parts.path}{query}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        return answer.status, answer.getheader("location") or ""
    finally:
        connection.close()


def admission(address: str) -> str:
    parts = urlsplit(address)
    assert parts.port is not None
    return f"{cookie_name(parts.port)}={parts.query.removeprefix('token=')}"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_alone_and_ends_well(desk: Desk, how: signal.Signals) -> None:
    with looking(desk) as (process, address):
        assert urlsplit(address).hostname == "127.0.0.1"
        assert status(address) == (303, "/")
        assert status(address.partition("?")[0]) == (403, "")
        assert status(address.partition("?")[0], admission(address)) == (200, "")
        ended = kill(process, how)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_it_ends_at_once_while_a_page_is_loading(desk: Desk) -> None:
    file = desk.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as lock:
        lock.execute("pragma journal_mode=delete")  # so that a writer keeps readers out
        with looking(desk) as (process, address):
            root, cookie = address.partition("?")[0], admission(address)
            assert status(root, cookie) == (200, "")
            lock.execute("begin exclusive")
            asking = threading.Thread(target=quietly, args=(root, cookie), daemon=True)
            asking.start()
            asking.join(1)
            assert asking.is_alive()  # the page waits for the database, for 30 s
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 0
            assert process.stderr is not None
            assert process.stderr.read() == ""


def quietly(address: str, cookie: str) -> None:
    try:
        status(address, cookie)
    except (OSError, http.client.HTTPException):
        return  # the server ended under it, as the test wants


def test_a_site_and_a_url_open_at_their_pages(desk: Desk) -> None:
    database = Database.open(desk.url)
    with database.transaction() as conn:
        known_url(conn, known_site(conn), "https://example.test/1")
    database.close()
    for word, path in (("example", "/site/example"), ("https://EXAMPLE.test/1#x", "/page/1")):
        with looking(desk, word) as (process, address):
            assert status(address) == (303, path)
            kill(process, signal.SIGTERM)


def test_a_port_that_is_taken_is_one_line(desk: Desk) -> None:
    with listen(0) as listener:
        port = str(listener.getsockname()[1])
        said = desk.here("look", "--no-open", "--port", port)
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"scrapy look: port {port} of 127.0.0.1 is taken;"
        " name another: --port N, or any free one: --port 0\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "no run of a site 'nobody' yet"),
        (("https://example.test/none",), "no run has seen the URL https://example.test/none"),
        (("ftp://example.test/",), "ftp"),
        (("a", "b"), "type: scrapy look [SITE|URL] [--port N] [--no-open]"),
        (("--frob",), "unknown option '--frob'"),
    ],
)
def test_what_it_cannot_open_is_one_line(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk.here("look", "--no-open", "--port", "0", *words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.printed
    assert said in done.err


@pytest.mark.parametrize("port", ["x", "65536", "-1"])
def test_a_port_is_a_number(desk: Desk, port: str) -> None:
    done = desk.here("look", f"--port={port}")
    assert (done.code, done.out) == (2, "")
    assert "write a port, 0 to 65535" in done.err


def test_a_database_that_is_not_at_head_is_one_line(desk: Desk) -> None:
    desk.execute("update alembic_version set version_num = '0001'")
    done = desk.here("look", "--no-open", "--port", "0")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "is at revision 0001" in done.err


def test_pages_get_the_settings_of_the_command(desk: Desk) -> None:
    made = Settings()
    made.setmodule("crawler.settings")
    mine = {"WINNOW_DATABASE_URL": desk.url, "WINNOW_SITES_DIR": "s", "WINNOW_ARCHIVE_DIR": "a"}
    made.setdict(mine, priority="cmdline")
    command = Command()
    command.settings = made
    database = Database.open(desk.url)
    one, other = command.state(database, 1), command.state(database, 1)
    database.close()
    assert (one.sites_dir, one.archive, one.port) == (Path("s"), ArchivePlaces(Path("a")), 1)
    assert mine.items() <= one.settings.items()
    assert all(name.startswith("WINNOW_") for name in one.settings)
    assert len(one.token) >= 43
    assert one.token != other.token
