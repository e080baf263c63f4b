"""What a request to take a page out is about: all addresses, articles and copies of that page.

Addresses are of one page where it moved, where one says that the other is its canonical one, or
where a run found that they show the same; further pages of a story are part of it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, func, or_, select

from models.archive.capture_parts import CAPTURE_PARTS
from models.archive.captures import CAPTURES
from models.articles import rows as article_rows
from models.articles.former_urls import FORMER_URLS
from models.articles.revisions import OTHER_NAME, REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.crawl import frontier
from models.crawl.run_rows import OUTCOMES, RUNS
from models.crawl.url_rows import URLS
from models.duplicates.tables import CLUSTER_MEMBERS
from models.erasures.tombstones import LARGEST
from models.items import WarcLocation
from models.outcomes import Outcome
from models.sites.registry import SITES
from models.urls import url_key

_MOST: Final = 10  # pages that are one by their own word; of more, the word is a template's mistake
_SAME: Final = ("the same page as {url} (article %", "part of {url}", "whole text of {url}")
_ESCAPE: Final = "\\"


@dataclass(frozen=True, slots=True)
class Target:
    """A page with all that is stored of it."""

    site_id: int
    site: str
    url: str  # as it is requested
    article_id: int | None  # of the article at that URL, or that moved from it
    url_ids: frozenset[int]
    urls: dict[bytes, str] = field(repr=False)  # addresses by url_key
    articles: dict[int, int]  # current revision by article_id
    revisions: int  # of these articles
    captures: dict[int, WarcLocation] = field(repr=False)  # by capture_id
    copies: tuple[str, ...]  # URLs of other pages with this text, which stay

    @property
    def files(self) -> list[str]:
        """The WARC files that its copies are in."""
        return sorted({place.file for place in self.captures.values()})


def find(conn: Connection, name: str) -> Target | None:
    """What is stored of a page, by a URL in any spelling or an article's number; None: nothing.

    Raises ValueError for what is no URL.
    """
    row = _row(conn, name)
    return None if row is None else _target(conn, row)


def warc_files(conn: Connection, site: str) -> list[str]:
    """Names of all files of the archive in which a site has copies."""
    query = (
        select(CAPTURES.c.warc_file)
        .join(RUNS, RUNS.c.run_id == CAPTURES.c.run_id)
        .join(SITES, SITES.c.site_id == RUNS.c.site_id)
        .where(SITES.c.name == site)
        .distinct()
    )
    return sorted(conn.scalars(query))


def _row(conn: Connection, name: str) -> Row[Any] | None:
    """The row of `urls` that is meant."""
    if name.isdecimal():
        number = int(name)
        if number > LARGEST:
            return None
        stored = article_rows.find(conn, ARTICLES.c.article_id == number)
        return None if stored is None else frontier.get(conn, stored.url_id)
    found = frontier.find(conn, name)
    if found is not None:
        return found
    claims = and_(REVISIONS.c.canonical_url == name, OTHER_NAME)
    query = select(ARTICLES.c.url_id).join(REVISIONS, is_current())
    named = conn.scalars(query.where(or_(REVISIONS.c.url == name, claims)).limit(2)).all()
    # a canonical link that several pages share names none of them
    return frontier.get(conn, named[0]) if len(named) == 1 else None


def _target(conn: Connection, row: Row[Any]) -> Target:
    url_ids, articles, captures = _closure(conn, row)
    names = {url_key(url): url for url in _addresses(conn, url_ids, captures)}
    number = next((a for a, (url_id, _) in articles.items() if url_id == row.url_id), None)
    return Target(
        site_id=row.site_id,
        site=conn.execute(select(SITES.c.name).where(SITES.c.site_id == row.site_id)).scalar_one(),
        url=row.url,
        article_id=min(articles, default=None) if number is None else number,
        url_ids=frozenset(url_ids),
        urls=names | {url_key(row.url): row.url},
        articles={a: revision for a, (_, revision) in sorted(articles.items())},
        revisions=_count_revisions(conn, articles),
        captures=captures,
        copies=_copies(conn, articles),
    )


def _closure(
    conn: Connection, row: Row[Any]
) -> tuple[set[int], dict[int, tuple[int, int]], dict[int, WarcLocation]]:
    """url_ids; url_id and revision of the articles; places of the captures."""
    asked: set[int] = set()
    new = {row.url_id}
    articles: dict[int, tuple[int, int]] = {}
    captures: dict[int, WarcLocation] = {}
    while new:
        asked |= new
        found = _articles_at(conn, new)
        articles |= found
        captures |= _captures_of(conn, new)
        more = {url_id for url_id, _ in found.values()}
        more |= _former(conn, found) | _parts(conn, captures)
        more |= _claiming(conn, row.site_id, new) | _found_same(conn, row.site_id, new)
        new = more - asked
    return asked, articles, captures


def _articles_at(conn: Connection, url_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Articles of these URLs, or that moved away from them."""
    moved = select(FORMER_URLS.c.article_id).where(FORMER_URLS.c.url_id.in_(sorted(url_ids)))
    query = select(ARTICLES.c.article_id, ARTICLES.c.url_id, ARTICLES.c.revision)
    here = or_(ARTICLES.c.url_id.in_(sorted(url_ids)), ARTICLES.c.article_id.in_(moved))
    return {row[0]: (row[1], row[2]) for row in conn.execute(query.where(here))}


def _former(conn: Connection, article_ids: Collection[int]) -> set[int]:
    """The URLs that these articles had before."""
    theirs = FORMER_URLS.c.article_id.in_(sorted(article_ids))
    return set(conn.scalars(select(FORMER_URLS.c.url_id).where(theirs)))


def _captures_of(conn: Connection, url_ids: Collection[int]) -> dict[int, WarcLocation]:
    columns = (CAPTURES.c.warc_file, CAPTURES.c.warc_offset, CAPTURES.c.warc_length)
    query = select(CAPTURES.c.capture_id, *columns)
    rows = conn.execute(query.where(CAPTURES.c.url_id.in_(sorted(url_ids))))
    return {row[0]: WarcLocation(*row[1:]) for row in rows}


def _parts(conn: Connection, capture_ids: Collection[int]) -> set[int]:
    """The URLs of the further pages that go with these copies."""
    query = (
        select(CAPTURES.c.url_id)
        .join(CAPTURE_PARTS, CAPTURE_PARTS.c.part_id == CAPTURES.c.capture_id)
        .where(CAPTURE_PARTS.c.capture_id.in_(sorted(capture_ids)))
    )
    return set(conn.scalars(query))


def _claiming(conn: Connection, site_id: int, url_ids: Collection[int]) -> set[int]:
    """The URLs of the site's articles that say one of these is their canonical one."""
    query = (
        select(ARTICLES.c.url_id)
        .join(REVISIONS, is_current())
        .where(REVISIONS.c.canonical_url.in_(_names(conn, url_ids)), OTHER_NAME)
        .where(ARTICLES.c.site_id == site_id)
    )
    found = set(conn.scalars(query)) - set(url_ids)
    return found if len(found) <= _MOST * len(url_ids) else set()


def _found_same(conn: Connection, site_id: int, url_ids: Collection[int]) -> set[int]:
    """URLs of which a run said that they are these pages, or parts of them: they have copies."""
    said = [
        OUTCOMES.c.reason.like(form.format(url=_escaped(url)), escape=_ESCAPE)
        for url in _names(conn, url_ids)
        for form in _SAME
    ]
    query = (
        select(OUTCOMES.c.url_id)
        .join(RUNS, RUNS.c.run_id == OUTCOMES.c.run_id)
        .where(RUNS.c.site_id == site_id, OUTCOMES.c.outcome == Outcome.DUPLICATE_URL, or_(*said))
    )
    return set(conn.scalars(query))


def _names(conn: Connection, url_ids: Collection[int]) -> list[str]:
    """These URLs as they are asked for, and as their articles were found after redirects."""
    these = sorted(url_ids)
    found = (
        select(REVISIONS.c.url)
        .join(ARTICLES, ARTICLES.c.article_id == REVISIONS.c.article_id)
        .where(ARTICLES.c.url_id.in_(these))
    )
    asked = conn.scalars(select(URLS.c.url).where(URLS.c.url_id.in_(these)))
    return sorted({*asked, *conn.scalars(found)})


def _escaped(url: str) -> str:
    for letter in (_ESCAPE, "%", "_"):
        url = url.replace(letter, _ESCAPE + letter)
    return url


def _addresses(
    conn: Connection, url_ids: Collection[int], captures: Collection[int]
) -> Iterator[str]:
    """Where the page was asked for, and where the answers came from."""
    yield from conn.scalars(select(URLS.c.url).where(URLS.c.url_id.in_(sorted(url_ids))))
    of_copies = CAPTURES.c.capture_id.in_(sorted(captures))
    yield from conn.scalars(select(CAPTURES.c.final_url).where(of_copies).distinct())


def _count_revisions(conn: Connection, articles: Collection[int]) -> int:
    query = select(func.count()).select_from(REVISIONS)
    return int(conn.scalar(query.where(REVISIONS.c.article_id.in_(sorted(articles)))) or 0)


def _copies(conn: Connection, articles: Collection[int]) -> tuple[str, ...]:
    """The addresses of the other articles in the clusters of these."""
    theirs: Sequence[int] = conn.scalars(
        select(CLUSTER_MEMBERS.c.cluster_id).where(
            CLUSTER_MEMBERS.c.article_id.in_(sorted(articles)),
            CLUSTER_MEMBERS.c.cluster_id.is_not(None),
        )
    ).all()
    query = (
        select(REVISIONS.c.url)
        .select_from(CLUSTER_MEMBERS)
        .join(ARTICLES, ARTICLES.c.article_id == CLUSTER_MEMBERS.c.article_id)
        .join(REVISIONS, is_current())
        .where(CLUSTER_MEMBERS.c.cluster_id.in_(sorted(set(theirs))))
        .where(CLUSTER_MEMBERS.c.article_id.not_in(sorted(articles)))
        .order_by(REVISIONS.c.url)
    )
    return tuple(conn.scalars(query))
