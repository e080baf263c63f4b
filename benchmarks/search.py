"""How long a search takes among many articles, and what the index costs a crawl.

    python -m benchmarks.search [--articles 100000] [--database URL] [--keep FILE] [--check]
    python -m benchmarks.search --cost

The database is filled first, unless `--keep FILE` names a SQLite file that was filled before, or
the database has tables. Words are as frequent as in a language (Zipf); an eighth of the articles
is in Han. `--cost` crawls small pages through all stages into SQLite, and indexes them once more.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from sqlalchemy import delete

from benchmarks.look_archive import fill
from benchmarks.look_size import Size
from crawler.reports.search_results import Choice, search
from migrations.revision import current_revision
from migrations.upgrade import upgrade
from models.articles import search_index
from models.articles.search_query import parse
from models.clock import utc_now
from models.db.database import Database
from tests.support.small_site import html, url_of
from tests.support.stage_run import StageRun

MOST: Final = 100.0  # ms, of a question's median
SHARE: Final = 0.05  # of a crawl's CPU
TIMES: Final = 7  # the first is not counted: it compiles statements
VOCABULARY: Final = 50_000
HAN: Final = 3_000  # characters
PAGES: Final = 300


def word(rank: int) -> str:
    """The word of a rank: syllables, shorter for the more frequent."""
    made = ""
    while True:
        rank, place = divmod(rank, 85)
        made += "bcdfghjklmnprstvw"[place % 17] + "aeiou"[place // 17]
        if not rank:
            return made


def han(rank: int) -> str:
    """The character of a rank."""
    return chr(0x4E00 + rank)


@dataclass(frozen=True, slots=True)
class WordedSize(Size):
    """A database whose texts have words as a language has them."""

    def text_of(self, article: int) -> str:
        """300 words, or 600 characters of Han."""
        chance = random.Random(article)
        if article % 8 == 0:
            signs = [han(int(HAN ** chance.random())) for _ in range(600)]
            return "\n\n".join("".join(signs[k : k + 100]) + "。" for k in range(0, 600, 100))
        words = [word(int(VOCABULARY ** chance.random())) for _ in range(300)]
        return "\n\n".join(" ".join(words[k : k + 50]) for k in range(0, 300, 50))


QUESTIONS: Final = {
    "a word of every article": word(1),
    "two words of most articles": f"{word(2)} {word(3)}",
    "a word of a tenth of them": word(300),
    "a rare word": word(30_000),
    "a common and a rare word": f"{word(1)} {word(30_000)}",
    "a phrase of common words": f'"{word(1)} {word(2)}"',
    "a phrase of rare words": f'"{word(3_000)} {word(1)}"',
    "a beginning": f"{word(300)}*",
    "a word without another": f"{word(300)} -{word(40)}",
    "a common pair of Han": han(1) + han(2),
    "four characters of Han": han(1) + han(2) + han(3) + han(4),
    "one character of Han": han(700),
    "nothing": "qqqqq",
}


def main(words: Sequence[str] | None = None) -> int:
    """Prints the median of each question; exit code 1 with `--check` if one is too slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--database", metavar="URL", help="an empty one; else a SQLite file")
    parser.add_argument("--keep", metavar="FILE", help="a SQLite file; filled if it is not there")
    parser.add_argument("--cost", action="store_true", help="the index's share of a crawl's CPU")
    parser.add_argument("--check", action="store_true", help=f"fail above {MOST:.0f} ms or 5 %%")
    given = parser.parse_args(words)
    with TemporaryDirectory() as folder:
        if given.cost:
            share = asyncio.run(cost(Path(folder)))
            return int(given.check and share > SHARE)
        file = given.keep or f"{folder}/search.db"
        database = Database.open(given.database or f"sqlite:///{Path(file).resolve()}")
        try:
            _prepare(database, given.articles, given.sites)
            times = dict(measure(database))
        finally:
            database.close()
    slow = [name for name, ms in times.items() if ms > MOST]
    if given.check and slow:
        print(f"above {MOST:.0f} ms: {', '.join(slow)}", file=sys.stderr)
        return 1
    return 0


def _prepare(database: Database, articles: int, sites: int) -> None:
    """Fills a database that has no tables yet."""
    if current_revision(database) is None:
        began = perf_counter()
        upgrade(database)
        fill(database, WordedSize(articles, sites, utc_now()))
        print(f"filled in {perf_counter() - began:.0f} s", flush=True)


def measure(database: Database) -> Iterator[tuple[str, float]]:
    """Milliseconds of each question, snippets included; the median of some."""
    for choice in (Choice(20), Choice(20, site="site-2"), Choice(20, unique=True)):
        of = "of a site" if choice.site else "each story once" if choice.unique else ""
        for name, question in QUESTIONS.items():
            times, shown = [], 0
            for _ in range(TIMES + 1):
                began = perf_counter()
                with database.reading() as conn:
                    shown = len(search(conn, parse(question), choice).found)
                times.append(1000 * (perf_counter() - began))
            label = ", ".join(filter(None, (name, of)))
            print(f"{median(times[1:]):8.1f} ms  {shown:3} shown  {label}", flush=True)
            yield label, median(times[1:])


async def cost(folder: Path) -> float:
    """The CPU of indexing over that of a crawl which indexes too, both a page."""
    url = f"sqlite:///{folder / 'cost.db'}"
    database = Database.open(url)
    upgrade(database)
    run = await StageRun.begin(url, str(folder / "archive"), "recrawl")
    pages = await run.claim({url_of(number): html(number) for number in range(PAGES)})
    began = process_time()
    for page in pages:
        await run.take(page)
    await run.close_stages()
    crawl = process_time() - began
    await run.end()
    with database.transaction() as conn:
        conn.execute(delete(search_index.FTS5))
    began = process_time()
    done = search_index.fill(database)
    indexing = process_time() - began
    database.close()
    pages_ms, index_ms = 1000 * crawl / PAGES, 1000 * indexing / done.missing
    print(f"a page {pages_ms:.2f} ms of CPU, its words {index_ms:.2f}: {index_ms / pages_ms:.3f}")
    return index_ms / pages_ms


if __name__ == "__main__":
    sys.exit(main())
