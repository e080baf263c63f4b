"""What `scrapy demo` prints of its database: outcomes, one page before and after, copies, SQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html

from models.errors import WinnowError

WIDTH = 100

QUERIES = (
    "SELECT site, language, word_count, title FROM v1_articles ORDER BY published_at DESC",
    "SELECT outcome, count(*) FROM v1_outcomes GROUP BY outcome ORDER BY 2 DESC",
    "SELECT reason, count(*), min(excerpt) FROM v1_removed_blocks GROUP BY reason ORDER BY 2 DESC",
    "SELECT article_id, revision, change, title FROM v1_revisions WHERE revision > 1",
)
_PYTHON = (
    "import sqlite3, sys; "
    "[print(*row, sep=' | ') for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]"
)


def heading(words: str) -> str:
    """A line that opens a part of the output."""
    return f"\n== {words} {'=' * (WIDTH - len(words) - 4)}"


def outcomes(database: sqlite3.Connection) -> Iterator[str]:
    """Every run, and every URL that it touched with its outcome and reason."""
    runs = database.execute("SELECT run_id, kind, site, urls, status FROM v1_runs ORDER BY run_id")
    for run_id, kind, site, urls, status in runs.fetchall():
        yield f"\n{site}, {kind}: {urls} URLs, {status}"
        rows = database.execute(
            "SELECT outcome, url, reason, http_status FROM v1_outcomes WHERE run_id = ?"
            " ORDER BY outcome <> 'stored', outcome, url",
            (run_id,),
        )
        for outcome, url, reason, http_status in rows:
            why = reason or (f"HTTP {http_status}" if http_status and http_status != 200 else "")
            yield _cut(f"  {outcome:<15} {_path(url):<34} {_without_origin(why, url)}".rstrip())


def before_and_after(database: sqlite3.Connection, url: str, html: str) -> Iterator[str]:
    """The text of a page line by line: `+` what was kept, `-` what was removed and why."""
    row = database.execute(
        "SELECT article_id, title, text FROM v1_articles WHERE url = ?", (url,)
    ).fetchone()
    if row is None:
        raise WinnowError(f"{url} is not in v1_articles; its outcome above says why")
    article_id, title, text = row
    removed = database.execute(
        "SELECT excerpt, reason FROM v1_removed_blocks WHERE article_id = ?", (article_id,)
    ).fetchall()
    lines = list(_lines(html))
    kept = [line for line in lines if line in text]
    yield f"  {url}\n  {title}"
    yield (
        f"  the page: {len(lines)} pieces of text, {sum(map(len, lines)):,} characters;"
        f" the article: {len(kept)} paragraphs, {len(text):,} characters\n"
    )
    for line in lines:
        reason = next((why for excerpt, why in removed if line in excerpt or excerpt in line), "")
        yield (
            f"  + {_cut(line, 78)}"
            if line in text
            else f"  - {_cut(line, 70):<70} {reason}".rstrip()
        )


def copies(database: sqlite3.Connection) -> Iterator[str]:
    """Each cluster of more than one article: the original first, then its copies."""
    rows = database.execute(
        "SELECT c.cluster_id, c.is_original, c.similarity, c.reason, a.site, a.title, a.word_count"
        " FROM v1_clusters c JOIN v1_articles a USING (article_id)"
        " WHERE c.cluster_id IN"
        " (SELECT cluster_id FROM v1_clusters GROUP BY cluster_id HAVING count(*) > 1)"
        " ORDER BY c.cluster_id, c.is_original DESC"
    ).fetchall()
    if not rows:
        yield "  none"
    for _, is_original, similarity, reason, site, title, words in rows:
        mark = "original" if is_original else f"  copy, {similarity:.0%} alike ({reason})"
        yield _cut(f"  {mark:<34} {site}: {title} ({words} words)")


def changes(database: sqlite3.Connection) -> Iterator[str]:
    """What the reader's cursor says of articles that were not just new."""
    rows = database.execute(
        "SELECT n.change_id, n.kind, a.site, a.title, n.revision FROM v1_changes n"
        " JOIN v1_articles a USING (article_id) WHERE n.kind NOT IN ('new', 'clustered')"
        " ORDER BY n.change_id"
    )
    for change_id, kind, site, title, revision in rows:
        yield _cut(f"  change {change_id}: {kind}, {site}: {title} (revision {revision})")


def sql_to_try(database: Path, python: str) -> Iterator[str]:
    """Queries, and the two ways to put them to the kept database."""
    yield from (f"  {query};" for query in QUERIES)
    yield f"\n  with the sqlite3 shell:\n  sqlite3 -box {database} '{QUERIES[1]}'"
    yield f"  with Python alone:\n  {python} -c \"{_PYTHON}\" \\\n    {database} '{QUERIES[1]}'"


def _lines(html: str) -> Iterator[str]:
    seen: dict[str, None] = {}
    for element in lxml.html.document_fromstring(html).iter():
        if element.tag in ("title", "script", "style"):
            continue
        for piece in (element.text, element.tail):
            line = " ".join((piece or "").split())
            if len(line) > 2 and line not in seen:
                seen[line] = None
                yield line


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _without_origin(reason: str, url: str) -> str:
    parts = urlsplit(url)
    return reason.replace(f"{parts.scheme}://{parts.netloc}", "")


def _cut(line: str, width: int = WIDTH) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"
