"""The values that pass through the pipeline: Page, Extraction, Article.

Every value is frozen, slotted and picklable; a stage returns `dataclasses.replace(...)`.
A field that is not known yet is None; its comment says which stage fills it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from models.blocks import Block, Classification, RemovedRun
from models.evidence import Observation

PRECISIONS: Final = ("time", "day")  # of a date of publication
DATED_BY_PAGE: Final = frozenset({"jsonld", "meta", "time", "text"})  # dates in the page itself


@dataclass(frozen=True, slots=True)
class Hint:
    """What the sitemap or feed that lists a URL says about the page; nothing of it is verified."""

    title: str | None = None
    published_at: datetime | None = None  # aware, UTC
    published_precision: str | None = None  # 'time' | 'day'
    modified_at: datetime | None = None  # aware, UTC
    source: str | None = None  # 'news_sitemap' | 'sitemap' | 'feed' | 'section' | ...


@dataclass(frozen=True, slots=True)
class Link:
    """A page's URL as a source lists it: in scope, not yet requested."""

    url: str
    found_by: str  # sitemap | news_sitemap | feed | section | redirect | canonical | urls_file
    found_in: str | None = None  # the source's URL
    hint: Hint = Hint()


@dataclass(frozen=True, slots=True)
class WarcLocation:
    """The location of a record in the archive."""

    file: str  # relative to the archive's folder, with '/'
    offset: int  # bytes from the file's start
    length: int  # bytes, compressed
    store: str | None = None  # address of the object storage that has the file; None: not uploaded
    host: str | None = None  # in whose spool it is, or was; both None: it is in the local folder


class Truncation(NamedTuple):
    """How a fetched copy is less than the page."""

    reason: str  # in words
    kind: str  # 'disconnect' | 'unspecified', of the WARC standard


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """One fetched copy as the database knows it; its bytes are in the archive."""

    capture_id: int
    url_id: int
    run_id: int
    final_url: str
    status: int
    fetched_at: datetime
    location: WarcLocation
    body_hash: bytes = field(repr=False)  # SHA-256
    body_size: int  # bytes, decompressed


class StoryPart(NamedTuple):
    """A further page of a story, in the archive."""

    number: int  # of the page; 0: a view of the whole story
    copy: CaptureRef | None  # None: it is missing


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched copy of a page, as bytes; an `archived` one's are read where it is parsed."""

    run_id: int
    url_id: int
    site: str  # the site's name
    url: str  # as requested
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # as received, without those of the transfer coding
    body: bytes = field(repr=False)
    fetched_at: datetime  # aware, UTC
    hint: Hint = Hint()
    charset: str | None = None  # from the Content-Type header
    truncation: Truncation | None = None  # None: it came whole
    rendered_by: str | None = None  # the browser whose DOM `body` is; None: what the site sent
    capture_id: int | None = None  # filled in by archive
    archived: CaptureRef | None = None  # where the bytes are
    came_from: int | None = None  # url_id of the URL that redirected here


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself. `sources` maps each field's name to where it was found."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # aware, UTC; at midnight UTC where precision is 'day'
    published_precision: str | None = None  # 'time' | 'day'
    published_offset: int | None = None  # minutes east of UTC, as the page writes published_at
    modified_at: datetime | None = None  # aware, UTC
    language: str | None = None  # BCP 47, lower-case primary tag
    description: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    paywalled: bool | None = None
    canonical_url: str | None = None  # the page's claim; believed only within the same site
    partial: bool | None = None  # True: further pages of the story are missing
    robots_directives: str | None = None  # of the page and its headers, comma separated, sorted
    tdm_reservation: bool | None = None  # True: text and data mining is reserved (W3C TDMRep)
    tdm_policy: str | None = None  # URL of what it is allowed for
    sources: Mapping[str, str] = field(default_factory=dict)


class Signs(NamedTuple):
    """What speaks for a page's being the article that its source names, besides its text."""

    titles: tuple[str, ...] = ()  # its own: <title>, og:title, the first headings
    story: bool = True  # it says itself that it is an article: declared, dated or signed
    unlike: bool | None = None  # its titles lack the words of its source's; None: that has none


class StoryPages(NamedTuple):
    """Where a page says that its story has other pages."""

    number: int = 1  # of this page
    first: str | None = None  # URL of the first page; None: this is it
    sure: bool = False  # `first` is named as such; else only a page before this one is
    further: tuple[tuple[int, str], ...] = ()  # numbers and URLs of later pages
    last: int = 0  # the largest number that is named; 0: none is
    views: tuple[str, ...] = ()  # URLs that may show the story as one page
    texts: tuple[str, ...] = ()  # of links to other pages of the story, with letters


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was extracted from one page: enough to classify it again without parsing."""

    blocks: tuple[Block, ...] = field(repr=False)  # those that some classification may keep
    metadata: Metadata
    extractor: str  # name and version, e.g. 'winnow/3 trafilatura/2.3.1'
    template_key: int  # 63-bit hash of the page's structure
    agreement: float | None = None  # 0..1, between the extractors that were used
    is_article: bool = True  # the article-or-listing test
    # instead of an article: 'consent', 'challenge', 'login', 'paywall', 'missing', 'error',
    # 'region', 'browser', 'parked', 'other', 'empty'
    interstitial: str | None = None
    basis: str = ""  # the extractor and rules that read it; not part of the digest
    removed: tuple[RemovedRun, ...] = field(default=(), repr=False)  # blocks that none can keep
    signs: Signs = field(default=Signs(), repr=False)  # of a copy just read: it is not stored
    pages: StoryPages = field(default=StoryPages(), repr=False)  # of a copy just read as well


class SameText(NamedTuple):
    """Another page of a site that has the text of a new copy."""

    url: str  # after redirects
    title: str
    refused: bool = False  # it was found to be no article
    near: bool = False  # but for numbers, codes and addresses; under the same title
    published_at: datetime | None = None  # as the page itself says in its markup


class Sketch(NamedTuple):
    """All that the near-duplicate index keeps of a text."""

    body_key: int | None  # 63 bits of all tokens; None where there are none
    tokens: int
    keys: tuple[int, ...]  # signed 32 bits, of the smallest shingle hashes; none if too short
    near_key: int | None = None  # 63 bits of title and short text, see `near_key`


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What is stored of a page: its article at the current revision. Loaded once, by extract."""

    article_id: int
    site_id: int
    url_id: int
    version: int  # counts the article's changes; store checks it under the lock
    revision: int
    url: str  # after redirects
    title: str | None
    text: str = field(repr=False)
    content_hash: str
    facts: Mapping[str, Any] = field(repr=False)  # columns of the revision: authors, dates, ...
    capture_id: int | None
    fetched_at: datetime  # of the copy that the revision was read from
    first_seen_at: datetime
    seen_at: datetime  # last found as it is stored
    withdrawn_at: datetime | None
    refused_at: datetime | None
    packed: bytes | None = field(repr=False)  # its extraction; None where there is none
    template_key: int | None
    basis: str  # by which extractor and rules it was read; '' if unknown
    observed: str | None  # digest of the observation that the site's memory holds of the page
    copy: CaptureRef | None  # the archived copy that it was read from
    reread: Extraction | None = field(default=None, repr=False)  # of that copy, as it reads today


@dataclass(frozen=True, slots=True)
class Refresh:
    """What the stored copy says today, by an edited rule, a better extractor or a wiser memory.

    `reread`: of the archived copy, so it becomes a revision marked reextract; else in place.
    """

    title: str | None
    text: str = field(repr=False)
    content_hash: str
    extraction: Extraction = field(repr=False)  # that was classified
    classification: Classification = field(repr=False)
    sketch: Sketch = field(repr=False)
    reread: bool


@dataclass(frozen=True, slots=True)
class Article:
    """An article on its way through the pipeline."""

    page: Page
    extraction: Extraction = field(repr=False)
    metadata: Metadata
    known: KnownPage | None = field(default=None, repr=False)  # None: nothing is stored of it
    text: str | None = field(default=None, repr=False)  # filled in by strip
    classification: Classification | None = field(default=None, repr=False)  # filled in by strip
    packed: bytes | None = field(default=None, repr=False)  # by extract: what SQL keeps of it
    observation: Observation | None = field(default=None, repr=False)  # by extract, whole by strip
    sketch: Sketch | None = field(default=None, repr=False)  # by strip, of a text that is new
    refresh: Refresh | None = field(default=None, repr=False)  # filled in by strip
    parts: int = 0  # by parts: further pages whose text it has, or a view of the whole
    corrupt: frozenset[int] = frozenset()  # keys of the memory that strip could not read
    article_id: int | None = None  # filled in by store
    revision: int | None = None  # filled in by store
    outcome: str | None = None  # filled in by store: stored | revised | unchanged

    @property
    def stored(self) -> Refresh | KnownPage | None:
        """What the stored copy says today: title, text and content_hash."""
        return self.refresh or self.known
