"""The search index: the words of each article that readers see, kept by whatever stores articles.

On SQLite `v1_search` is a table of FTS5, whose rows are known by `rowid`, the article's number. The
ASCII tokenizer takes terms as they are. PostgreSQL has places of terms and no text (tsvector);
MariaDB has the terms as a text, under a FULLTEXT index.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    MetaData,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    select,
)

from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, ids_after, is_current
from models.articles.search_forms import stored
from models.articles.search_terms import terms
from models.db.database import WITHOUT_SEARCH, Database
from models.db.keys import among
from models.db.statements import insert_ignore, upsert
from models.db.types import MARIADB, Key, SearchTerms, column, table

BATCH: Final = 200  # articles that `fill` looks at in one transaction


SEARCH: Final = table(
    "v1_search",
    column("article_id", Key, primary_key=True, autoincrement=False, comment="of v1_articles"),
    column("words", SearchTerms, comment="words of title and text, in the database's form"),
    comment="Words of the articles that readers see, to search by.",
)
# the same table as SQLite has it: FTS5 finds rows by rowid alone
FTS5: Final = Table(
    "v1_search",
    MetaData(),
    Column("rowid", BigInteger, primary_key=True),
    Column("article_id", BigInteger),
    Column("words", Text),
)
# FTS5 takes commands as rows of a column that is named as the table is
_COMMANDS: Final = Table("v1_search", MetaData(), Column("v1_search", Text))


class Gaps(NamedTuple):
    """In what the index differs from the articles."""

    missing: int  # articles without their words
    left_over: int  # words of articles that readers do not see, or that are gone


def number(dialect: str) -> ColumnElement[int]:
    """The column by which entries are found fast: the article's number."""
    return FTS5.c.rowid if dialect == "sqlite" else SEARCH.c.article_id


def add(conn: Connection, article_id: int, title: str | None, text: str) -> None:
    """Indexes an article that was just stored, unless WINNOW_SEARCH is off."""
    if is_on(conn):
        _write(conn, [(article_id, title, text)], anew=True)


def put(conn: Connection, article_id: int, title: str | None, text: str) -> None:
    """Indexes what an article says now; with WINNOW_SEARCH off, what it said is removed."""
    if is_on(conn):
        _write(conn, [(article_id, title, text)], anew=False)
    else:
        remove(conn, [article_id])


def remove(conn: Connection, article_ids: Collection[int]) -> None:
    """Removes the words of these articles, if they have any; with WINNOW_SEARCH off as well."""
    if article_ids:
        conn.execute(_removal(conn.dialect.name), {"ids": sorted(article_ids)})


def rewrite(conn: Connection) -> None:
    """Writes SQLite's index anew: words of removed entries stay in it until its parts are merged.

    Takes some seconds for 100,000 articles. The servers clean up by themselves.
    """
    if conn.dialect.name == "sqlite":
        conn.execute(insert(_COMMANDS).values(v1_search="optimize"))


def is_on(conn: Connection) -> bool:
    """Whether what is stored through this connection is indexed."""
    return not conn.get_execution_options().get(WITHOUT_SEARCH)


def gaps(conn: Connection) -> Gaps:
    """Counts what is missing and what is left over."""
    entry = number(conn.dialect.name)
    missing = select(func.count()).select_from(ARTICLES).where(*_unindexed(entry))
    return Gaps(
        int(conn.execute(missing).scalar_one()),
        int(conn.execute(select(func.count()).select_from(_stray(entry).subquery())).scalar_one()),
    )


def fill(database: Database, progress: Callable[[int], None] = lambda _: None) -> Gaps:
    """Indexes every article that is missing, removes what is left over; returns what it did.

    In batches, each a transaction: stopped, it adds the rest the next time. `progress` is told the
    number of the last article of each batch.
    """
    added, after = 0, 0
    while found := database.patiently(partial(_fill, after=after)):
        added, after = added + found.added, found.last
        progress(after)
    removed = 0
    while some := database.patiently(_sweep):
        removed += some
    return Gaps(added, removed)


class _Filled(NamedTuple):
    added: int
    last: int  # the number of the last article that was looked at


def _fill(conn: Connection, after: int) -> _Filled | None:
    """Indexes those of the next articles that are missing; None after the last article.

    They are locked, as their writers lock them.
    """
    numbers = ids_after(conn, after, BATCH)
    if not numbers:
        return None
    query = (
        select(ARTICLES.c.article_id, REVISIONS.c.title, REVISIONS.c.text)
        .join(REVISIONS, is_current())
        .where(ARTICLES.c.article_id.between(numbers[0], numbers[-1]))
        .where(*_unindexed(number(conn.dialect.name)))
        .with_for_update(of=ARTICLES)
    )
    rows = [(row.article_id, row.title, row.text) for row in conn.execute(query)]
    _write(conn, rows, anew=False)
    return _Filled(len(rows), numbers[-1])


def _sweep(conn: Connection) -> int:
    gone = list(conn.scalars(_stray(number(conn.dialect.name)).limit(BATCH)))
    remove(conn, gone)
    return len(gone)


def _unindexed(entry: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    indexed = exists().where(entry == ARTICLES.c.article_id)
    return ARTICLES.c.refused_at.is_(None), ~indexed


def _stray(entry: ColumnElement[int]) -> Any:
    seen = exists().where(ARTICLES.c.article_id == entry, ARTICLES.c.refused_at.is_(None))
    return select(entry.label("article_id")).where(~seen)


def _write(conn: Connection, rows: Iterable[tuple[int, str | None, str]], *, anew: bool) -> None:
    dialect = conn.dialect.name
    form = "mysql" if dialect in MARIADB else dialect
    made = [
        {"article_id": article_id, "words": stored(form, terms(title, text))}
        for article_id, title, text in rows
    ]
    if not made:
        return
    if dialect == "sqlite":
        conn.execute(_fts5(anew=anew), [{"rowid": row["article_id"], **row} for row in made])
    elif anew:
        insert_ignore(conn, SEARCH, made)
    else:
        upsert(conn, SEARCH, made, ["words"])


@lru_cache(maxsize=2)
def _fts5(*, anew: bool) -> Insert:
    # FTS5 knows no ON CONFLICT, and replaces the words of a row that is there
    return insert(FTS5) if anew else insert(FTS5).prefix_with("OR REPLACE")


@lru_cache(maxsize=3)
def _removal(dialect: str) -> Delete:
    if dialect == "sqlite":
        return delete(FTS5).where(among(FTS5.c.rowid, "ids"))
    return delete(SEARCH).where(among(SEARCH.c.article_id, "ids"))
