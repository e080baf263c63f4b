"""What a site offered and what SQL and the archive hold, compared row by row."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator

from models.archive import captures
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.errors import ArchiveError
from tests.support.desk import Desk

Texts = Mapping[str, Sequence[str]]


def faults(desk: Desk, texts: Texts, refused: Collection[str] = ()) -> list[str]:
    """Each difference in a line; none where all is as it must be after runs that ended.

    `texts`: the paragraphs of each page that is an article, by URL; `refused`: URLs of others.
    """
    return [
        *_outcomes(desk, {*texts, *refused}),
        *_articles(desk, texts),
        *_changes(desk),
        *_leftovers(desk),
        *_archive(desk),
    ]


def _outcomes(desk: Desk, offered: set[str]) -> Iterator[str]:
    """Each offered URL is a row that waits for nothing, and has an outcome with its reason."""
    states = dict(desk.tuples("select url, state from urls"))
    rows = desk.tuples("select url, outcome, reason from v1_outcomes")
    for url in sorted(offered):
        if states.get(url) != "done":
            yield f"{url}: its state is {states.get(url)!r}, not 'done'"
    for url in sorted(offered - {row[0] for row in rows}):
        yield f"{url}: has no outcome"
    for url, outcome, reason in rows:
        if outcome not in {"stored", "revised", "unchanged", "not_modified"} and not reason:
            yield f"{url}: {outcome} without a reason"
    stored = Counter(url for url, outcome, _ in rows if outcome == "stored")
    yield from (f"{url}: stored {times} times" for url, times in stored.items() if times > 1)
    for run, urls, parts in desk.tuples(
        "select run_id, urls, stored + revised + unchanged + refused + errors from v1_runs"
    ):
        if urls != parts:
            yield f"run {run}: {urls} URLs, but outcomes add up to {parts}"


def _articles(desk: Desk, texts: Texts) -> Iterator[str]:
    """Each article is there once, with its own text, at its first revision."""
    rows = desk.tuples("select url, text, revision, withdrawn_at from v1_articles")
    times = Counter(row[0] for row in rows)
    for url in sorted({*texts, *times}):
        wanted = 1 if url in texts else 0
        if times[url] != wanted:
            yield f"{url}: {times[url]} articles, not {wanted}"
    for url, stored, revision, withdrawn in rows:
        if url in texts and stored.split("\n\n") != list(texts[url]):
            yield f"{url}: another text is stored: {stored[:80]!r}"
        if revision != 1 or withdrawn is not None:
            yield f"{url}: revision {revision}, withdrawn {withdrawn}"
    for article, revision, times_ in desk.tuples(
        "select article_id, revision, count(*) from v1_revisions"
        " group by article_id, revision having count(*) > 1"
    ):
        yield f"article {article}: revision {revision} stands {times_} times"


def _changes(desk: Desk) -> Iterator[str]:
    """A reader of the feed learns of each article: first that it is new, and once."""
    rows = desk.tuples("select change_id, article_id, revision, kind from v1_changes order by 1")
    first: dict[int, str] = {}
    for change, article, revision, kind in rows:
        if first.setdefault(article, kind) != "new":
            yield f"change {change}: article {article} begins with {first[article]}"
        if revision is None:
            yield f"change {change}: names no revision"
    new = Counter(article for _, article, _, kind in rows if kind == "new")
    yield from (
        f"article {article}: new {times} times" for article, times in new.items() if times > 1
    )
    articles = {row[0] for row in desk.tuples("select article_id from v1_articles")}
    if articles != set(first):
        yield f"articles {sorted(articles ^ set(first))} are in the feed or stored, not both"
    ids = [row[0] for row in rows]
    [(counter,)] = desk.tuples("select value from change_counter")
    if ids != list(range(1, counter + 1)):
        yield f"change numbers are {ids[:3]}..{ids[-3:]}, {len(ids)} of {counter}"


def _leftovers(desk: Desk) -> Iterator[str]:
    """No run goes on, and nothing is held."""
    for run, status in desk.tuples("select run_id, status from v1_runs where status = 'running'"):
        yield f"run {run} is still {status}"
    for (owner,) in desk.tuples("select owner from leases"):
        yield f"a site is still held by {owner}"
    for (url,) in desk.tuples("select url from urls where owner is not null"):
        yield f"{url}: still leased"


def _archive(desk: Desk) -> Iterator[str]:
    """Each capture is readable as recorded, and each file by any WARC reader."""
    folder = desk.folder / "archive"
    for path in sorted(folder.rglob("*.warc.gz")):
        yield from _warc_faults(path)
    database = Database.open(desk.url)
    try:
        with database.reading() as conn:
            for (number,) in conn.execute(text("select capture_id from v1_captures")).all():
                try:
                    captures.read(conn, ArchivePlaces(folder), number)
                except ArchiveError as fault:
                    yield f"capture {number}: {fault}"
            lost: list[Any] = conn.execute(
                text("select article_id from v1_revisions where capture_id is null")
            ).all()
            yield from (f"article {row[0]}: a revision without its copy" for row in lost)
    finally:
        database.close()


def _warc_faults(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                record.content_stream().read()
                if record.digest_checker.passed is False:
                    yield f"{path.name}: {record.digest_checker.problems}"
    except Exception as fault:  # noqa: BLE001 - whatever warcio says, the file is not valid
        yield f"{path.name}: {fault}"
