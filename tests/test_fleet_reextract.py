"""Archived copies read by the workers of a fleet: nothing is stored otherwise than without one."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.fleet.chunk_sender import CHUNK
from tests.support.brokers import rabbit, redis_server
from tests.support.desk import Desk, kill, wait_for
from tests.support.object_storage import S3Server
from tests.support.reread_world import PAGES, copied, crawled, rows, wait_for_line, worker

REREAD = ("crawl", "reextract", "-a", "site=town")
DRY = (*REREAD, "-a", "dry_run=1")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with crawled(tmp_path_factory.mktemp("crawled")) as desk:
        yield desk


@pytest.fixture(scope="module")
def expected(
    site: Desk, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, list[str]]]:
    """What the command says and stores without a fleet: of a dry run, and of a true one."""
    with copied(site, tmp_path_factory.mktemp("alone")) as alone:
        said = alone.type(*DRY).out
        alone.type(*REREAD)
        assert set(alone.last_run().values()) == {"revised"}
        return said, rows(alone)


def test_a_killed_worker_costs_its_chunk_and_all_is_stored_as_without_a_fleet(
    site: Desk, expected: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    with redis_server() as redis, copied(site, tmp_path, redis.url) as desk:
        with desk.running(*REREAD, "--fleet") as command:
            with worker(desk) as one:
                before = wait_for_line(one, "archived copies read")
            # killed, with chunks in its hands
            with worker(desk) as other:
                out, err = command.communicate(timeout=120)
                log = before + kill(other, signal.SIGTERM).err
        assert command.returncode == 0, out + err
        assert f"{PAGES} URLs" in out and "no answer" in err and "sent again" in err
        assert rows(desk) == expected[1]
        counts = [int(n) for n in re.findall(r"(\d+) archived copies read", log)]
        assert PAGES <= sum(counts) <= PAGES + CHUNK


def test_by_rabbitmq_the_same_and_a_dry_run_says_the_same(
    site: Desk, expected: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    with rabbit() as broker, copied(site, tmp_path, broker.url) as desk, worker(desk) as one:
        before = rows(desk)
        assert desk.type(*DRY, "--fleet").out == expected[0]
        assert "town: dry run: " in wait_for_line(one, "archived copies read")
        assert rows(desk) == before
        desk.type(*REREAD, "--fleet")
        assert rows(desk) == expected[1]
        desk.type("db", "rebuild-duplicates")
        rebuilt = rows(desk)
        assert f"{PAGES} articles looked up" in desk.type("db", "rebuild-duplicates", "--fleet").out
        assert rows(desk) == rebuilt
        (desk.folder / "archive").rename(tmp_path / "elsewhere")
        failed = desk.type(*REREAD, "--fleet", "-a", "limit=1", code=1).err
        assert "as the worker on " in failed and f"sees the archive {desk.folder}" in failed


def test_workers_read_an_archive_on_object_storage_where_it_is(
    site: Desk, expected: tuple[str, dict[str, list[str]]], tmp_path: Path, s3: S3Server
) -> None:
    with redis_server() as redis, copied(site, tmp_path, redis.url) as desk:
        desk.environment |= {
            **s3.environment,
            "WINNOW_ARCHIVE_DIR": f"s3://{s3.bucket()}/pages",
            "WINNOW_ARCHIVE_SPOOL": str(desk.folder / "archive"),
        }
        desk.type("archive", "move")
        with worker(desk) as one:
            # the command itself reaches no storage: no copy passes through it
            desk.type(*REREAD, "--fleet", AWS_ENDPOINT_URL="http://127.0.0.1:9")
            kill(one, signal.SIGTERM)
        stored = rows(desk)
        assert len(stored.pop("warc_files")) > 0
        assert stored == {name: rows for name, rows in expected[1].items() if name != "warc_files"}


def test_without_a_worker_or_a_broker_it_waits_and_is_resumed(
    site: Desk, expected: tuple[str, dict[str, list[str]]], tmp_path: Path
) -> None:
    with redis_server() as redis, copied(site, tmp_path, redis.url) as desk:
        with desk.running(*REREAD, "--fleet") as command:
            wait_for_line(command, "no worker answers on queue winnow.read")
            redis.stop()
            away = wait_for_line(command, "archived copies wait: ")
            assert "the broker redis://127.0.0.1" in away and "cannot be reached" in away
            redis.start()  # what was sent is lost
            wait_for_line(command, "the broker answers again")
            with worker(desk):
                wait_for(lambda: desk.rows("SELECT 1 FROM v1_outcomes WHERE outcome = 'revised'"))
                stopped = kill(command, signal.SIGINT)
                assert {came for came, _ in desk.outcomes("reextract").values()} == {"revised"}
                desk.type(*REREAD, "--fleet")
        assert stopped.code == 1 and "what was left comes next time" in stopped.err
        assert "Traceback" not in stopped.err
        done = (
            "SELECT outcome FROM v1_outcomes JOIN v1_runs USING (run_id) WHERE kind = 'reextract'"
        )
        assert Counter(desk.tuples(done)) == {("revised",): PAGES}


def test_what_no_fleet_can_serve_is_one_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write_site("town", "http://127.0.0.1:9/")
    for words, said in (
        (("db", "rebuild-duplicates", "--fleet"), "SQLite"),
        (("crawl", "discover", "-a", "site=town", "--fleet"), "scrapy crawl reextract --fleet"),
        ((*REREAD, "--fleet"), "SQLite"),
    ):
        failed = desk.here(*words)
        assert failed.code == 2 and said in failed.err and failed.err.count("\n") == 1
    broken = {"WINNOW_DATABASE_URL": "postgresql+psycopg://a@127.0.0.1:9/a"}
    missing = desk.here(*REREAD, "--fleet", **broken)
    assert missing.code == 2 and "WINNOW_BROKER_URL" in missing.err
    away = desk.here(*REREAD, "--fleet", WINNOW_BROKER_URL="redis://127.0.0.1:9/0", **broken)
    assert away.code == 1 and "cannot be reached" in away.err and away.err.count("\n") == 1
