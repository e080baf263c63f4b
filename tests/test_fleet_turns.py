"""One sender at a time has its way to the broker, as the sites of one command come in turn."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from crawler.fleet.chunk_sender import ChunkSender, Work
from models.db.database import Database
from pipelines.page_pool import RunIsOver
from tests.crawler.fleet.made_broker import Broker, message
from tests.databases import AtHead
from tests.support.archived_pages import archive_page
from tests.support.brokers import redis_server
from tests.support.desk import Desk, wait_for
from tests.support.reread_world import worker


def test_a_sender_waits_until_the_one_before_it_has_closed_its_post() -> None:
    """As with the sites of one command: the libraries' connections are the process's own."""
    log: list[str] = []

    class Slow(Broker):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def open(self) -> Broker:
            log.append(f"{self.name} opens")
            return self

        def close(self) -> None:
            time.sleep(0.2)
            log.append(f"{self.name} closed")

    work = Work("double", message, "numbers")
    one, two = Slow("one"), Slow("two")
    first = ChunkSender(work, one.open, print)
    wait_for(lambda: log)
    first.close()
    second = ChunkSender(work, two.open, print)
    wait_for(lambda: "two opens" in log)
    second.close()
    wait_for(lambda: "two closed" in log)
    assert log == ["one opens", "one closed", "two opens", "two closed"]


def test_a_sender_that_is_closed_before_its_turn_answers_all_the_same() -> None:
    work, busy, late = Work("double", message, "numbers"), Broker(), Broker()
    first = ChunkSender(work, busy.open, print)
    wait_for(lambda: busy.opened)
    second = ChunkSender(work, late.open, print)
    answer = second.ask(1)
    second.close()
    with pytest.raises(RunIsOver):
        answer.result(timeout=30)
    first.close()
    assert late.opened == 0


SITES = 6
EACH = 45  # several chunks: with fewer the senders of two sites hardly ever meet


@pytest.mark.slow
def test_all_sites_are_read_one_after_the_other(tmp_path: Path, at_head: AtHead) -> None:
    with at_head.database("postgresql", tmp_path) as url, redis_server() as redis:
        desk = Desk(tmp_path, url)
        desk.environment["WINNOW_BROKER_URL"] = redis.url
        desk.sites.mkdir()
        database = Database.open(url)
        for number in range(SITES * EACH):
            name = f"site-{number % SITES}"
            archive_page(database, desk.folder / "archive", number=number + 1, site=name)
            (desk.sites / f"{name}.toml").write_text('start = "https://example.test/"\n')
        database.close()
        words = ("crawl", "reextract", "-a", "site=all", "--fleet", "--json")
        with worker(desk):
            dry = desk.type(*words, "-a", "dry_run=1").out.splitlines()
            read = [one for one in map(json.loads, dry) if one.get("done")]
            assert [one["read"] for one in read] == [EACH] * SITES
            desk.type(*words)
        runs = desk.tuples("select status from v1_runs where kind = 'reextract'")
        assert Counter(runs) == {("done",): SITES}
