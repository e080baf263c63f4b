"""What tests build: every field has a default, so that a test names only what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from models.articles import articles, known_pages
from models.articles.articles import Stored
from models.blocks import Block, BlockClassification, Classification
from models.crawl import frontier, runs
from models.items import Article, Extraction, KnownPage, Link, Metadata, Page
from models.sites import registry
from models.sites.config import Scope, Site, Sources
from pipelines.duplicates.near_key import near_key
from pipelines.duplicates.sketch import sketch

NOW = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
TEXT = "The harbour froze on Monday.\n\nBoats stay where they are until the thaw."


def make_key(words: str) -> int:
    """A 63-bit key, as blocks and places have."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) >> 1


def make_site(name: str = "example", **parts: Any) -> Site:
    """A site on NAME.test."""
    values: dict[str, Any] = {
        "name": name,
        "path": Path(f"{name}.toml"),
        "start": f"https://{name}.test/",
        "sources": Sources(),
        "scope": Scope(hosts=frozenset({f"{name}.test", f"www.{name}.test"})),
    }
    return Site(**values | parts)


def make_page(**parts: Any) -> Page:
    """A fetched page of https://example.test/a."""
    values: dict[str, Any] = {
        "run_id": 1,
        "url_id": 1,
        "site": "example",
        "url": "https://example.test/a",
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "body": b"<html><body><p>The harbour froze.</p></body></html>",
        "fetched_at": NOW,
        "charset": "utf-8",
    }
    values |= parts
    return Page(**{"final_url": values["url"], **values})


def make_block(text: str = "The harbour froze on Monday.", **parts: Any) -> Block:
    """A kept paragraph."""
    path = str(parts.get("dom_path", "article>p"))
    values: dict[str, Any] = {
        "position": 0,
        "text": text,
        "kind": "paragraph",
        "dom_path": path,
        "key": make_key(text),
        "loose_key": 0,
        "dom_path_key": make_key(path),
        "kept": True,
        "score": 1.5,
    }
    return Block(**values | parts)


def make_blocks(texts: Sequence[str], **parts: Any) -> tuple[Block, ...]:
    """Blocks in order, alike but for their text."""
    return tuple(make_block(text, position=n, **parts) for n, text in enumerate(texts))


def make_metadata(**parts: Any) -> Metadata:
    """A dated, signed page's word on itself."""
    values: dict[str, Any] = {
        "title": "Harbour frozen",
        "authors": ("Ada Lind",),
        "published_at": datetime(2026, 11, 20, 8, 15, tzinfo=UTC),
        "published_precision": "time",
        "language": "en",
        "tags": ("weather",),
        "sources": {"title": "jsonld", "published_at": "jsonld"},
    }
    return Metadata(**values | parts)


def make_extraction(**parts: Any) -> Extraction:
    """What extraction made of a page of two paragraphs."""
    values: dict[str, Any] = {
        "blocks": make_blocks(TEXT.split("\n\n")),
        "metadata": make_metadata(),
        "extractor": "winnow/1",
        "template_key": make_key("template"),
    }
    return Extraction(**values | parts)


def make_classification(
    blocks: Sequence[BlockClassification] = (), certainty: float = 0.9
) -> Classification:
    """The classification of a page."""
    return Classification(tuple(blocks), certainty)


def make_block_classification(position: int = 0, **parts: Any) -> BlockClassification:
    """A block removed because other pages repeat it."""
    values: dict[str, Any] = {"keep": False, "changed": True, "reason": "repeated"}
    return BlockClassification(position=position, **values | parts)


def make_article(
    text: str = TEXT, *, title: str | None = "Harbour frozen", url_id: int = 1, **parts: Any
) -> Article:
    """A clean article on its way to the store; `page` and `metadata` may be given whole."""
    metadata = replace(parts.pop("metadata", make_metadata()), title=title)
    page = parts.pop("page", make_page(url=f"https://example.test/{url_id}"))
    values: dict[str, Any] = {
        "extraction": make_extraction(metadata=metadata),
        "classification": make_classification(),
    }
    return Article(
        page=replace(page, url_id=url_id), metadata=metadata, text=text, **values | parts
    )


def make_known(text: str = TEXT, title: str = "Harbour frozen", **parts: Any) -> KnownPage:
    """What is stored of the page of https://example.test/1."""
    values: dict[str, Any] = {
        "article_id": 1, "site_id": 1, "url_id": 1, "version": 1, "revision": 1,
        "url": "https://example.test/1", "title": title, "text": text, "content_hash": "",
        "facts": {}, "capture_id": None, "fetched_at": NOW, "first_seen_at": NOW, "seen_at": NOW,
        "withdrawn_at": None, "refused_at": None, "packed": None, "template_key": None,
        "basis": "", "observed": None, "copy": None,
    }  # fmt: skip
    return KnownPage(**values | parts)


def known_site(conn: Connection, name: str = "example") -> int:
    """The number of a site that the database knows."""
    return registry.ensure_site(conn, make_site(name), NOW)


def known_url(conn: Connection, site_id: int, url: str = "https://example.test/1") -> int:
    """The number of a URL that a feed has named."""
    frontier.add_links(conn, site_id, [Link(url, "feed")], NOW)
    row = frontier.find(conn, url)
    assert row is not None
    return int(row.url_id)


def open_run(conn: Connection, site_id: int, kind: str = "discover") -> int:
    """The number of a run under way."""
    return runs.open_run(conn, kind, site_id, "test:1:ab", NOW)


def decided(conn: Connection, article: Article) -> Article:
    """An article with what is stored of its page and the sketch of a new text, as from strip."""
    known = known_pages.of_url(conn, article.page.url_id)
    is_new = article.text is not None and (known is None or known.text != article.text)
    if article.text is None or not is_new:
        return replace(article, known=known, sketch=None)
    near = near_key(article.metadata.title, article.text, article.page.final_url)
    return replace(article, known=known, sketch=sketch(article.text)._replace(near_key=near))


def store_article(
    conn: Connection,
    site_id: int,
    article: Article,
    now: datetime = NOW,
    *,
    reextracted: bool = False,
) -> Stored:
    """Stores an article on what is stored of its page now, as strip and store do."""
    ready = decided(conn, article)
    old = [sketch(ready.known.text)] if ready.known is not None and ready.sketch else []
    stored = articles.store(conn, site_id, ready, old, now, reextracted=reextracted)
    if stored is None:
        raise AssertionError("nobody else writes here")
    return stored


def store_text(conn: Connection, n: int, title: str | None, text: str | None = None) -> int:
    """Stores an article of page n; returns its number."""
    site_id, url = known_site(conn), f"https://example.test/news/story-{n}"
    article = make_article(
        text or f"Text of {n}.",
        title=title,
        page=make_page(url=url),
        url_id=known_url(conn, site_id, url),
    )
    return store_article(conn, site_id, article).article_id
