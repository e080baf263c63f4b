"""What a page says of itself: title, authors, dates and more, each with where it was said."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from models.items import Hint, Metadata
from models.text import one_line
from pipelines.extractors.authors import split_names
from pipelines.extractors.dates import (
    EARLIEST,
    Moment,
    believable,
    best_claim,
    date_in_url,
    parse_date,
)
from pipelines.extractors.jsonld import PageNodes, bare_url, page_nodes, texts
from pipelines.extractors.language import primary_tag
from pipelines.extractors.markup import Markup, absolute, bylines, read_markup
from pipelines.extractors.titles import tidy, uncut, without_site

_MAX_DESCRIPTION = 5_000
_MAX_TAGS = 50
_MAX_TAG = 100
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:recs:published_time", "article.published", "publish-date", "publishdate",
    "publish_date", "published", "pubdate", "article_date_original", "originalpublicationdate",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "date", "last-modified-date-original", "og:pubdate", "release_date",
)
_MODIFIED = (
    "article:modified_time", "datemodified", "og:updated_time", "og:modified_time",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revised",
)
_AUTHORS = (
    "author", "parsely-author", "sailthru.author", "article:author", "og:article:author",
    "article:author_name", "dc.creator", "dcterms.creator", "cxenseparse:author", "byl",
    "authors", "article.author", "citation_author",
)  # fmt: skip

Found = tuple[str, Any]  # where it was said, and what


def read_metadata(
    tree: HtmlElement, url: str, hint: Hint, *, newest: datetime | None = None
) -> Metadata:
    """Reads a parsed page (which is not changed) at `url`, of which a source said `hint`.

    `newest` is when the page was fetched (aware): no date is believed that is later by more
    than two days. A date without a time or a zone is a day, at midnight UTC. Never raises for
    what a page holds.
    """
    return _Reader(tree, url, hint, newest).read()
