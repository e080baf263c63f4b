"""Several processes that store and cluster copies of the same stories at once, some killed."""

import multiprocessing
import random
import time
from collections import defaultdict
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from benchmarks.newsroom import NOW, Told, made_up, place, store, sweep
from models.db.database import Database

_SPAWN: Final = multiprocessing.get_context("spawn")


class Outcome(NamedTuple):
    """What became of the groups."""

    split: int  # groups that did not end as one cluster
    mixed: int  # clusters that hold more than one group
    kills: int
    seconds: float


def race(url: str, groups: int, writers: int = 4, kills: int = 0, seed: int = 1) -> Outcome:
    """Each writer stores one copy of every group, all in the same order, and clusters it."""
    began = time.monotonic()
    chance, killed = random.Random(seed), 0
    alive = {n: _start(url, n, groups) for n in range(writers)}
    while alive:
        time.sleep(chance.uniform(0.3, 0.9))
        if killed < kills:
            victim = chance.choice(sorted(alive))
            if alive[victim].is_alive():
                alive[victim].kill()
                alive[victim].join()
                killed += 1
                alive[victim] = _start(url, victim, groups)
        for n, process in list(alive.items()):
            if not process.is_alive():
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"writer {n} ended with {process.exitcode}")
                del alive[n]
    database = Database.open(url)
    try:
        sweep(database)  # as the next run does
        split, mixed = _misplaced(database, groups)
    finally:
        database.close()
    return Outcome(split, mixed, killed, time.monotonic() - began)


def copy_of(group: int, writer: int) -> str:
    """The writer's copy of a group's story: a paragraph lost, a line added; the first whole."""
    told = made_up(group, 200).split("\n\n")
    if writer:
        del told[writer % len(told)]
        told.append(f"Edited for the readers of paper number {writer}.")
    return "\n\n".join(told)


def clusters(conn: Connection) -> list[set[int]]:
    """The clusters of two and more, as sets of articles."""
    held: dict[int, set[int]] = defaultdict(set)
    for cluster_id, article_id in conn.execute(
        text("select cluster_id, article_id from v1_clusters")
    ):
        held[cluster_id].add(article_id)
    return list(held.values())


def originals(conn: Connection) -> set[int]:
    """The articles that clusters of two and more have as their originals."""
    query = text("select article_id from v1_clusters where is_original = 1")
    return set(conn.scalars(query))


def _start(url: str, writer: int, groups: int) -> BaseProcess:
    process = _SPAWN.Process(target=_write, args=(url, writer, groups))
    process.start()
    return process


def _write(url: str, writer: int, groups: int) -> None:
    database = Database.open(url)
    for group in range(_stored(database, writer), groups):
        told = Told(
            f"paper{writer}.test",
            f"https://paper{writer}.test/{group}",
            f"Story {group}",
            copy_of(group, writer),
            NOW,
        )
        article_id = database.patiently(partial(store, told=told))
        place(database, [article_id])
    database.close()


def _stored(database: Database, writer: int) -> int:
    with database.reading() as conn:
        counted = conn.execute(
            text("select count(*) from v1_articles where site = :site"),
            {"site": f"paper{writer}.test"},
        )
        return int(counted.scalar_one())


def _misplaced(database: Database, groups: int) -> tuple[int, int]:
    with database.reading() as conn:
        found = conn.execute(text("select cluster_id, url from v1_articles")).all()
    clusters_of: dict[int, set[int]] = defaultdict(set)
    groups_of: dict[int, set[int]] = defaultdict(set)
    for cluster_id, url in found:
        group = int(url.rsplit("/", 1)[1])
        clusters_of[group].add(cluster_id)
        groups_of[cluster_id].add(group)
    split = sum(len(clusters_of[group]) != 1 for group in range(groups))
    return split, sum(len(held) > 1 for held in groups_of.values())
