"""A batch in a worker: what is due is visited, once, and what is not visited goes back."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.fleet import batch_round, group_turn
from crawler.fleet.batch import Batch, Group
from crawler.fleet.batch_round import BatchRound
from crawler.fleet.fitness import VERSION
from crawler.fleet.worker_means import WorkerMeans
from models.clock import utc_now
from models.db.database import Database
from models.db.owners import new_owner
from models.fleet import handouts, host_holds, workers
from models.scheduling import run_lifecycle
from models.sites import registry
from models.sites.config import load_site
from tests.crawler.fleet.means import visits_of, worker_means
from tests.databases import AtHead
from tests.factories import known_site
from tests.support.tcp_proxy import TcpProxy

Log = pytest.LogCaptureFixture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sites"
    made.mkdir()
    for name in ("a", "b", "c"):
        write(made, name, f"https://{name}.test/")
    for name in ("twin-a", "twin-b"):
        write(made, name, "https://twin.test/")
    return made


def write(folder: Path, name: str, start: str, delay: float = 0.01) -> None:
    (folder / f"{name}.toml").write_text(f'start = "{start}"\n[fetch]\ndelay = {delay}\n')


@pytest.fixture
def means(sqlite: Database, folder: Path) -> Iterator[WorkerMeans]:
    with worker_means(sqlite, folder) as made:
        yield made


def handed(means: WorkerMeans, *groups: Group, **more: Any) -> Batch:
    """A batch that was handed out."""
    batch = Batch("b1", groups, VERSION, utc_now(), **more)
    with means.database.transaction() as conn:
        handouts.hand_out(conn, batch.number, batch.label, batch.sites, batch.asked_at)
    return batch


def run(means: WorkerMeans, batch: Batch) -> bool:
    return means.run(BatchRound(means, batch).run())


def outstanding(means: WorkerMeans) -> frozenset[str]:
    with means.database.reading() as conn:
        return handouts.outstanding(conn, utc_now())


def test_the_sites_of_a_batch_are_visited_at_once(
    means: WorkerMeans, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "crawler.fleet"):
        assert run(means, handed(means, Group(("a",)), Group(("b",)), Group(("c",))))
    assert visits_of(means).most_at_once == 3
    assert sorted(caplog.messages) == [f"run 7: visit {name}: made up" for name in "abc"]
    assert outstanding(means) == frozenset()
    assert means.row.under_way == 0


def test_no_more_at_once_than_the_worker_has_room_for(sqlite: Database, folder: Path) -> None:
    with worker_means(sqlite, folder, jobs=1) as means:
        run(means, handed(means, Group(("a",)), Group(("b",)), Group(("c",))))
        assert visits_of(means).most_at_once == 1


def test_sites_that_share_a_host_take_turns_and_nobody_else_has_it(means: WorkerMeans) -> None:
    group = Group(("twin-a", "twin-b"))
    assert run(means, handed(means, group, Group(("a",))))
    log = [line for line in visits_of(means).log if line.startswith("twin")]
    assert log == ["twin-a begins", "twin-a ends", "twin-b begins", "twin-b ends"]
    with means.database.transaction() as conn:
        assert host_holds.release(conn, ["twin.test"], means.owner) == 0, "it was given back"


def test_a_host_that_another_worker_holds_is_left_for_the_next_time(
    means: WorkerMeans, caplog: pytest.LogCaptureFixture
) -> None:
    batch = handed(means, Group(("twin-a",), ("twin-b",)))
    now = utc_now()
    with means.database.transaction() as conn:
        host_holds.hold(conn, ["twin.test"], "elsewhere:1:ab", now + timedelta(minutes=1), now)
    with caplog.at_level(logging.INFO, "crawler.fleet"):
        assert run(means, batch)
    assert visits_of(means).log == []
    assert "twin-a: twin.test is held by elsewhere:1:ab until" in caplog.messages[0]
    assert outstanding(means) == frozenset()


def test_a_host_whose_other_site_is_being_visited_is_left_for_the_next_time(
    means: WorkerMeans, folder: Path
) -> None:
    """As after a kill, whose visiting processes still end."""
    with means.database.transaction() as conn:
        twin = load_site(folder, "twin-b")
        run_lifecycle.begin(conn, twin, "visit", new_owner(), utc_now())
    assert run(means, handed(means, Group(("twin-a",), ("twin-b",))))
    assert visits_of(means).log == []


def test_what_is_not_due_any_more_is_skipped(means: WorkerMeans) -> None:
    batch = handed(means, Group(("a",)), Group(("b",)))
    with means.database.transaction() as conn:
        registry.schedule(conn, known_site(conn, "a"), utc_now() + timedelta(hours=1))
    assert run(means, batch)
    assert visits_of(means).log == ["b begins", "b ends"]


def test_now_visits_what_was_not_visited_since_it_was_asked_for(means: WorkerMeans) -> None:
    first = handed(means, Group(("a",)), now=True)
    assert run(means, first)
    assert run(means, handed(means, Group(("a",)), now=True))
    again = handed(means, Group(("a",)), now=True)
    assert run(means, replace(again, asked_at=first.asked_at)), "it came once more, and late"
    assert visits_of(means).log == ["a begins", "a ends"] * 2


def test_a_batch_that_comes_once_more_costs_no_visit(
    means: WorkerMeans, caplog: pytest.LogCaptureFixture
) -> None:
    batch = handed(means, Group(("a",)))
    assert run(means, batch)
    with caplog.at_level(logging.INFO, "crawler.fleet"):
        assert run(means, batch)
    assert caplog.messages == ["batch b1 came once more: nothing is left of it"]
    assert visits_of(means).log == ["a begins", "a ends"]


def twice(first: WorkerMeans, again: WorkerMeans, batch: Batch, said: str, log: Log) -> list[bool]:
    """What becomes of a batch that is delivered once more while the first has it under way."""

    async def both() -> list[bool]:
        begun = asyncio.ensure_future(BatchRound(first, batch).run())
        while not visits_of(first).log:
            await asyncio.sleep(0.01)
        later = asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(BatchRound(again, batch).run(), again._loop)
        )
        while said not in log.text:
            await asyncio.sleep(0.01)
        assert not begun.done()
        assert outstanding(first) == {"twin-a"}, "it counts as handed out meanwhile"
        return [await begun, await later]

    visits_of(first).seconds = 1.0
    return first.run(both())


def test_a_batch_that_comes_to_another_while_it_is_under_way_waits(
    means: WorkerMeans, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: Log
) -> None:
    """As where the broker lost sight of a worker that lives."""
    monkeypatch.setattr(batch_round, "_LOOK", 0.01)
    batch = handed(means, Group(("twin-a",), ("twin-b",)))
    said = f"batch b1 is under way at {means.owner}, which is waited for"
    with (
        caplog.at_level(logging.INFO, "crawler.fleet"),
        worker_means(means.database, folder) as another,
    ):
        assert twice(means, another, batch, said, caplog) == [True, True]
        assert visits_of(another).log == []
    assert visits_of(means).log == ["twin-a begins", "twin-a ends"]
    assert caplog.messages[-1] == "batch b1 came once more: nothing is left of it"


def test_a_batch_that_comes_to_the_same_worker_while_it_is_under_way_takes_no_place(
    means: WorkerMeans, caplog: Log
) -> None:
    batch = handed(means, Group(("twin-a",), ("twin-b",)))
    said = "batch b1 came once more: it is under way here"
    with caplog.at_level(logging.INFO, "crawler.fleet"):
        assert twice(means, means, batch, said, caplog) == [True, True]
    assert visits_of(means).log == ["twin-a begins", "twin-a ends"]
    assert outstanding(means) == frozenset()


def test_a_batch_of_a_dead_worker_is_visited_when_it_comes_once_more(means: WorkerMeans) -> None:
    batch = handed(means, Group(("a",)))
    with means.database.transaction() as conn:
        handouts.take(conn, batch.number, "elsewhere:1:ab", [])
    assert run(means, batch)
    assert visits_of(means).log == ["a begins", "a ends"]


def test_a_site_that_was_disabled_meanwhile_is_no_fault(
    means: WorkerMeans, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    batch = handed(means, Group(("a",)), Group(("b",)))
    (folder / "a.toml").write_text('enabled = false\nstart = "https://a.test/"\n')
    with caplog.at_level(logging.INFO, "crawler.fleet"):
        assert run(means, batch)
    assert visits_of(means).log == ["b begins", "b ends"]
    assert ("INFO", "a is not visited: it was disabled after it was handed out") in [
        (record.levelname, record.getMessage()) for record in caplog.records
    ]
    assert outstanding(means) == frozenset()


def test_a_site_whose_file_is_not_here_is_told(
    means: WorkerMeans, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert run(means, handed(means, Group(("a",)), Group(("nowhere",))))
    assert visits_of(means).log == ["a begins", "a ends"]
    assert f"nowhere is not visited here: {folder} has no nowhere.toml; give this" in caplog.text
    assert outstanding(means) == set(), "the next hand-out may find another worker"


def test_nothing_begins_after_the_time_of_the_call(means: WorkerMeans) -> None:
    assert run(means, handed(means, Group(("a",)), until=utc_now()))
    assert visits_of(means).log == []
    assert outstanding(means) == frozenset(), "handed out again by the next call"


def test_a_worker_that_stops_gives_back_what_it_did_not_begin(
    sqlite: Database, folder: Path
) -> None:
    with worker_means(sqlite, folder, jobs=1) as means:
        batch = handed(means, Group(("a",)), Group(("b",)), Group(("c",)))
        visits_of(means).codes = {"a": 1}

        async def work() -> None:
            batch_done = asyncio.ensure_future(BatchRound(means, batch).run())
            while not visits_of(means).log:
                await asyncio.sleep(0.01)
            means.processes.stopping = True
            assert await batch_done

        means.run(work())
        assert visits_of(means).log == ["a begins", "a ends"]
        assert outstanding(means) == frozenset()
        assert not run(means, batch), "the next one is for another worker"


def test_another_version_refuses_the_batch_and_all_work(sqlite: Database, folder: Path) -> None:
    ended: list[bool] = []
    with worker_means(sqlite, folder) as means:
        means.on_end(lambda: ended.append(True))
        batch = replace(handed(means, Group(("a",))), version="9.9")
        assert not run(means, batch)
        assert means.refusal is not None and "handed out by Winnow 9.9" in means.refusal
        assert ended == [True]
        assert visits_of(means).log == [] and outstanding(means) == {"a"}
    with sqlite.reading() as conn:
        assert [worker.refused for worker in workers.known(conn)] == [means.refusal]


def test_a_visit_that_was_killed_is_put_off(means: WorkerMeans) -> None:
    visits_of(means).codes = {"a": -9}
    assert run(means, handed(means, Group(("a",))))
    with means.database.reading() as conn:
        (site,) = registry.known_sites(conn, "a")
    assert site.failures == 1 and site.next_due_at is not None


def test_a_database_that_is_away_is_waited_for(
    tmp_path: Path, folder: Path, at_head: AtHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "patience", 0.2)
    monkeypatch.setattr(batch_round, "_PAUSE", 0.05)
    with (
        at_head.database("postgresql", tmp_path) as url,
        TcpProxy(url) as proxy,
        worker_means(Database.open(proxy.url), folder) as means,
    ):
        batch = handed(means, Group(("a",)))
        proxy.refuse()

        async def work() -> bool:
            round_done = asyncio.ensure_future(BatchRound(means, batch).run())
            while proxy.refused < 3:
                await asyncio.sleep(0.01)
            proxy.admit()
            return await round_done

        assert means.run(work())
        assert visits_of(means).log == ["a begins", "a ends"]
        assert outstanding(means) == frozenset()


def test_a_database_that_stays_away_sends_the_batch_back(
    tmp_path: Path, folder: Path, at_head: AtHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "patience", 0.1)
    monkeypatch.setattr(batch_round, "WAIT", 0.2)
    monkeypatch.setattr(batch_round, "_PAUSE", 0.05)
    with (
        at_head.database("postgresql", tmp_path) as url,
        TcpProxy(url) as proxy,
        worker_means(Database.open(proxy.url), folder) as means,
    ):
        batch = handed(means, Group(("a",)))
        proxy.refuse()
        assert not run(means, batch)
        assert visits_of(means).log == []
        proxy.admit()


def test_who_was_asked_just_now_is_left_alone_for_its_delay(
    means: WorkerMeans, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a run that was killed; and so is the second site of a host."""
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    for name, delay in (("a", 3.0), ("b", 5.0), ("twin-b", 7.0)):
        start = f"https://{'twin' if name == 'twin-b' else name}.test/"
        write(folder, name, start, delay)
    with means.database.transaction() as conn:
        run_of_a = run_lifecycle.begin(
            conn, load_site(folder, "a"), "visit", "host:1:ab", utc_now()
        )
        run_lifecycle.abort(conn, run_of_a, "killed", utc_now())
    monkeypatch.setattr(group_turn, "wait", waited)
    batch = handed(means, Group(("a",)), Group(("b",)), Group(("twin-a", "twin-b")))
    assert run(means, batch)
    assert sorted(waits) == [3.0, 7.0]
