"""How often MariaDB's full-text index misses what was committed, with nothing of Winnow in it.

    python -m benchmarks.mariadb_moments [--url mysql+pymysql://root@127.0.0.1/test] [--rounds 4]

A plain table gets rows of 2,000 words in one transaction. Once that is committed, a new connection
asks for their words, one statement a transaction, and each row must be found. Now and then, in the
first seconds, a statement misses a row that the next one finds.
"""

import argparse
import random
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from sqlalchemy import Engine, create_engine, make_url, text

ROWS: Final = 100  # a round
VOCABULARY: Final = 60_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What one round asked for, and when it missed a row, in seconds after the commit."""

    questions: int
    missed: tuple[float, ...]
    again: int  # of these, missed by a second statement too


def main(arguments: Sequence[str]) -> int:
    """Prints a line for each round."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="mysql+pymysql://root@127.0.0.1/test")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--words", type=int, default=2_000, help="of a row")
    parser.add_argument("--seconds", type=float, default=4.0, help="of asking, a round")
    given = parser.parse_args(arguments)
    with _table(given.url) as engine:
        for number in range(given.rounds):
            asked = _round(engine, number, given.words, given.seconds)
            moments = ", ".join(f"{moment:.2f} s" for moment in asked.missed)
            print(
                f"{asked.questions} questions, missed {len(asked.missed)},"
                f" asked again {asked.again}  {moments}".rstrip()
            )
    return 0


@contextmanager
def _table(url: str) -> Iterator[Engine]:
    name = f"winnow_test_{secrets.token_hex(6)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"create database {name} character set utf8mb4"))
        engine = create_engine(make_url(url).set(database=name))
        try:
            with engine.begin() as made:
                made.execute(
                    text("create table t (id int primary key, words longtext, fulltext (words))")
                )
            yield engine
        finally:
            engine.dispose()
            conn.execute(text(f"drop database {name}"))
    admin.dispose()


def _round(engine: Engine, number: int, words: int, seconds: float) -> Asked:
    chance = random.Random(number)
    first = number * ROWS
    rows = [
        {"id": n, "words": " ".join([_name(n), *_some(chance, words)])}
        for n in range(first, first + ROWS)
    ]
    with engine.begin() as conn:
        conn.execute(text("insert into t values (:id, :words)"), rows)
    questions, again, missed = 0, 0, list[float]()
    committed = monotonic()
    while monotonic() - committed < seconds:
        wanted = chance.randrange(first, first + ROWS)
        questions += 1
        if not _finds(engine, wanted):
            missed.append(monotonic() - committed)
            again += not _finds(engine, wanted)
    return Asked(questions, tuple(missed), again)


def _finds(engine: Engine, row: int) -> bool:
    said = "select id from t where match (words) against (:name in boolean mode)"
    with engine.connect() as conn:  # a transaction, and so a snapshot, of its own
        return conn.execute(text(said), {"name": f"+{_name(row)}"}).scalars().all() == [row]


def _name(row: int) -> str:
    return f"row{row:06d}"


def _some(chance: random.Random, words: int) -> Iterator[str]:
    return (f"w{chance.randrange(VOCABULARY):06d}" for _ in range(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
