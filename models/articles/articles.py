"""Articles kept: found the same, revised, given back, withdrawn.

A page that goes back to what it said before goes back to that revision's number, so that one
which alternates between two texts has two revisions for ever, and readers still hear of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from models.articles import classifications, extractions, revisions
from models.articles.change_kind import change_between, content_hash
from models.articles.revisions import RevisionRow
from models.articles.rows import ArticleRow, StoredArticle, locked, read, stored_query
from models.db import changes
from models.db.changes import Change
from models.duplicates import index
from models.items import Article, Classification

# made once, for speed
_NEW: Final = insert(ArticleRow)
_CURRENT: Final = stored_query().where(ArticleRow.url_id == bindparam("url"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article that was to be kept."""

    article_id: int
    revision: int
    outcome: str  # stored | revised | unchanged


@dataclass(frozen=True, slots=True)
class _Arrival:
    article: Article
    text: str
    digest: str
    now: datetime
    reextracted: bool


def current(conn: Connection, url_id: int) -> StoredArticle | None:
    """The article of a URL, or None."""
    rows = conn.execute(_CURRENT, {"url": url_id}).mappings()
    return next((StoredArticle(**row) for row in rows), None)


def get(conn: Connection, article_id: int, *, lock: bool = False) -> StoredArticle | None:
    """An article by its number, or None; with `lock`, nobody else changes it until the commit."""
    if lock:
        locked(conn, article_id=article_id)
    found = read(conn, stored_query().where(ArticleRow.article_id == article_id))
    return found[0] if found else None


def articles_of(
    conn: Connection, site_id: int, after_id: int = 0, limit: int = 500
) -> list[StoredArticle]:
    """A site's articles by article_id, from the first after `after_id`; at most `limit`."""
    wanted = stored_query().where(ArticleRow.site_id == site_id, ArticleRow.article_id > after_id)
    return read(conn, wanted.order_by(ArticleRow.article_id).limit(limit))


def count(conn: Connection, site_id: int, most: int) -> int:
    """How many articles a site has; `most` where it has more."""
    some = select(ArticleRow.article_id).where(ArticleRow.site_id == site_id).limit(most)
    return int(conn.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def of_urls(conn: Connection, url_ids: Collection[int]) -> list[StoredArticle]:
    """The articles of these URLs, by article_id; URLs without one are left out."""
    wanted = stored_query().where(ArticleRow.url_id.in_(sorted(url_ids)))
    return read(conn, wanted.order_by(ArticleRow.article_id))


def same_text(
    conn: Connection, site_id: int, title: str | None, text: str | None
) -> list[StoredArticle]:
    """The site's articles that now have this very title and text, oldest first."""
    if text is None:
        return []
    wanted = stored_query().where(
        RevisionRow.content_hash == content_hash(title, text), ArticleRow.site_id == site_id
    )
    return read(conn, wanted.order_by(ArticleRow.article_id))


def keep(
    conn: Connection,
    site_id: int,
    article: Article,
    now: datetime,
    *,
    reextracted: bool = False,
) -> Kept:
    """Keeps an article: its row, revision, extraction, verdicts, and word to the readers.

    `reextracted` says that the page is an archived one that was read again: another text is a
    revision marked so, and its facts count wholly. Raises ValueError without a text.
    """
    if article.text is None:
        raise ValueError(f"{article.page.url}: an article without text; strip fills it in")
    digest = content_hash(article.metadata.title, article.text)
    came = _Arrival(article, article.text, digest, now, reextracted)
    known = locked(conn, url_id=article.page.url_id)
    if known is None:
        return _keep_first(conn, site_id, came)
    if known["content_hash"] == digest:
        return _keep_same(conn, known, came)
    return _keep_other(conn, known, came)


def retext(
    conn: Connection,
    article_id: int,
    text: str,
    classification: Classification,
    now: datetime,
) -> bool:
    """Gives the current revision the text of a new classification; True if the text differs."""
    known = locked(conn, article_id=article_id)
    if known is None:
        return False
    extraction = extractions.load(conn, [article_id]).get(article_id)
    if extraction is not None:
        classifications.replace(conn, article_id, extraction.blocks, classification)
    values = revisions.wording(known["title"], text)
    revisions.amend(
        conn, article_id, known["revision"], {**values, "certainty": classification.certainty}
    )
    if values["content_hash"] == known["content_hash"]:
        return False
    _move(conn, article_id, {"updated_at": now})
    _tell(conn, article_id, known["revision"], ["revised"], now)
    return True


def withdraw(conn: Connection, url_id: int, now: datetime) -> bool:
    """Notes that the site no longer has the page; its text stays. False where that is known."""
    known = locked(conn, url_id=url_id)
    if known is None or known["withdrawn_at"] is not None:
        return False
    _move(conn, known["article_id"], {"withdrawn_at": now, "updated_at": now})
    _tell(conn, known["article_id"], known["revision"], ["withdrawn"], now)
    return True


def found_again(conn: Connection, url_id: int, now: datetime) -> bool:
    """Notes that the site still has the page as it is stored; True where it was withdrawn."""
    known = locked(conn, url_id=url_id)
    if known is None:
        return False
    back = known["withdrawn_at"] is not None
    moved = {"withdrawn_at": None, "updated_at": now} if back else {}
    _move(conn, known["article_id"], {"fetched_at": now, **moved})
    _tell(conn, known["article_id"], known["revision"], ["restored"] * back, now)
    return back


def _keep_first(conn: Connection, site_id: int, came: _Arrival) -> Kept:
    row = {
        "site_id": site_id,
        "url_id": came.article.page.url_id,
        "revision": 1,
        "first_seen_at": came.now,
        "fetched_at": came.article.page.fetched_at,
        "updated_at": came.now,
    }
    key = conn.execute(_NEW, row).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the article no number")
    article_id, extraction = int(key[0]), came.article.extraction
    revisions.write(conn, article_id, 1, came.article, came.text, "first", came.now)
    extractions.keep(conn, article_id, extraction)
    classifications.write(conn, article_id, extraction.blocks, came.article.classification)
    _tell(conn, article_id, 1, ["new"], came.now)
    return Kept(article_id, 1, "stored")


def _keep_same(conn: Connection, known: RowMapping, came: _Arrival) -> Kept:
    """The wording is as stored: mends its facts, and brings a withdrawn article back."""
    article_id, revision = known["article_id"], known["revision"]
    mended = _mend(conn, dict(known), known["first_seen_at"], came)
    if mended or came.reextracted:
        _judge_anew(conn, article_id, came)
    back = _is_back(known, came)
    moved = {"updated_at": came.now} if back or mended else {}
    _move(conn, article_id, {**_seen(known, came), **moved})
    told = bool(revisions.REPORTED & mended.keys())
    kinds = ["restored"] * back + ["revised"] * told
    _tell(conn, article_id, revision, kinds, came.now)
    return Kept(article_id, revision, "revised" if told else "unchanged")


def _keep_other(conn: Connection, known: RowMapping, came: _Arrival) -> Kept:
    """The wording is another: a new revision, or the earlier one that said the same."""
    article_id, title = known["article_id"], came.article.metadata.title
    earlier = revisions.saying(conn, article_id, came.digest)
    if earlier is not None:
        revision = int(earlier["revision"])
        _mend(conn, dict(earlier), known["first_seen_at"], came)
    else:
        revision = revisions.highest(conn, article_id) + 1
        change = change_between(known["title"], known["text"], title, came.text)
        change = "reextract" if came.reextracted else change
        revisions.write(conn, article_id, revision, came.article, came.text, change, came.now)
    _judge_anew(conn, article_id, came)
    moved = {"revision": revision, "updated_at": came.now}
    _move(conn, article_id, {**_seen(known, came), **moved})
    kinds = ["restored"] * _is_back(known, came) + ["revised"]
    _tell(conn, article_id, revision, kinds, came.now)
    return Kept(article_id, revision, "revised")


def _mend(
    conn: Connection, said: Mapping[str, Any], seen_at: datetime, came: _Arrival
) -> dict[str, Any]:
    """Takes over what a copy of the same wording knows better.

    The revision is of that copy from then on: read again, the one before would undo it.
    """
    facts = revisions.facts(came.article.metadata)
    mended = revisions.corrections(said, facts, seen_at, wholly=came.reextracted)
    if mended or said["capture_id"] is None:  # pruned: it needs one that is still there
        of_it = {**mended, "capture_id": came.article.page.capture_id or said["capture_id"]}
        revisions.amend(conn, said["article_id"], said["revision"], of_it)
    return mended


def _judge_anew(conn: Connection, article_id: int, came: _Arrival) -> None:
    extraction = came.article.extraction
    extractions.keep(conn, article_id, extraction)
    classifications.replace(conn, article_id, extraction.blocks, came.article.classification)


def _is_back(known: RowMapping, came: _Arrival) -> bool:
    # a page from the archive says nothing of whether the site has it now
    return known["withdrawn_at"] is not None and not came.reextracted


def _seen(known: RowMapping, came: _Arrival) -> dict[str, Any]:
    back = {"withdrawn_at": None} if _is_back(known, came) else {}
    return {"fetched_at": max(known["seen_at"], came.article.page.fetched_at), **back}


def _move(conn: Connection, article_id: int, values: Mapping[str, Any]) -> None:
    conn.execute(update(ArticleRow).where(ArticleRow.article_id == article_id).values(dict(values)))


def _tell(
    conn: Connection, article_id: int, revision: int, kinds: Sequence[str], now: datetime
) -> None:
    changes.enqueue(conn, [Change(article_id, revision, kind) for kind in kinds], now)
    if not {"new", "revised"}.isdisjoint(kinds):
        index.mark_pending(conn, article_id)
