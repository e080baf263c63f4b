"""The values of the pipeline: Page, Block, Extraction, Article, and the evidence of a site.

Each is frozen, slotted and picklable; a stage returns `dataclasses.replace(...)`. A field that is
not known yet is None; a comment names the stage that fills it in. Occurrences are named tuples:
each page makes thousands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple


@dataclass(frozen=True, slots=True)
class Hint:
    """What the sitemap or feed that named a URL declares about the page."""

    title: str | None = None
    published_at: datetime | None = None  # aware, UTC
    published_precision: str | None = None  # 'time' | 'day'
    modified_at: datetime | None = None  # aware, UTC
    source: str | None = None  # 'news_sitemap' | 'sitemap' | 'feed' | 'section' | ...


@dataclass(frozen=True, slots=True)
class Link:
    """A page's URL as a source names it, in scope, not yet fetched."""

    url: str
    found_by: str  # sitemap | news_sitemap | feed | section | redirect | canonical | urls_file
    found_in: str | None = None  # the source's URL
    hint: Hint = Hint()


@dataclass(frozen=True, slots=True)
class WarcLocation:
    """Where a record is."""

    file: str  # relative to the archive's folder, with '/'
    offset: int  # bytes from the file's start
    length: int  # bytes, compressed


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """One fetched copy as the database knows it: its bytes are still in the archive."""

    capture_id: int
    url_id: int
    run_id: int
    final_url: str
    status: int
    fetched_at: datetime
    location: WarcLocation
    body_hash: bytes = field(repr=False)  # SHA-256
    body_size: int  # bytes, decompressed


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched copy of a page, as bytes; nothing in it has been parsed.

    Of a copy from the archive the bytes are read where they are parsed: `body` is empty then.
    """

    run_id: int
    url_id: int
    site: str  # the site's name
    url: str  # as asked for
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # as received, less the transfer's own coding
    body: bytes = field(repr=False)
    fetched_at: datetime  # aware, UTC
    hint: Hint = Hint()
    charset: str | None = None  # of the Content-Type header, if it names one
    capture_id: int | None = None  # filled in by archive
    archived: CaptureRef | None = None  # where the bytes lie
    known_digest: bytes | None = field(default=None, repr=False)  # of the stored extraction


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text of a page, in document order, with its DOM path.

    `kept` is the classification by the page alone, without the site's memory: the memory never
    learns from its own results, so the order of pages does not matter.
    """

    position: int
    text: str  # NFC, spaces folded; `pre` and lists keep line breaks
    kind: str  # paragraph | heading | list | quote | caption | table | code | other
    dom_path: str  # path of tags and stable classes, e.g. 'article.story>div.body>p'
    key: int  # 63-bit hash of the normalised text (digits, case, dates folded)
    loose_key: int  # the same with names folded too; 0 where too little would be left
    dom_path_key: int  # 63-bit hash of `dom_path`
    kept: bool  # by the page alone
    score: float  # the page-level log-odds of being article text
    features: tuple[float, ...] = ()  # what classification by site needs besides evidence
    hint: str = ""  # the reason a page alone gives for removal: comment, related, advert, ...


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's metadata. `sources` maps each field's name to where it came from."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # aware, UTC; at midnight UTC where precision is 'day'
    published_precision: str | None = None  # 'time' | 'day'
    modified_at: datetime | None = None  # aware, UTC
    language: str | None = None  # BCP 47, lower-case primary tag
    description: str | None = None
    image_url: str | None = None
    tags: tuple[str, ...] = ()
    paywalled: bool | None = None
    canonical_url: str | None = None  # as the page declares it
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What extraction found on one page: enough to classify it again without parsing."""

    blocks: tuple[Block, ...] = field(repr=False)
    metadata: Metadata
    extractor: str  # name and version, e.g. 'winnow/1 trafilatura/2.3.1'
    template_key: int  # 63-bit hash of the page's skeleton: which template it was made with
    agreement: float | None = None  # 0..1, of the extractors that were asked on the text
    is_article: bool = True  # the article-or-listing test
    # sent for the article: 'consent' | 'challenge' | 'login' | 'paywall' | 'error', or 'empty'
    interstitial: str | None = None
    basis: str = ""  # by which extractor and rules it was read; what it found does not hold it


class Occurrence(NamedTuple):
    """One page with a text. Pages with the same fingerprint are copies of one article."""

    page: int  # url_id
    fingerprint: int  # 63-bit hash of the page's own article text
    order: int = 0  # the page's hash: samples hold the smallest


class DomPathOccurrence(NamedTuple):
    """How one page used a DOM path: words kept there by the page alone, and all words."""

    page: int
    fingerprint: int
    kept_words: int
    words: int
    order: int = 0  # as in Occurrence


# Pages that a site's memory keeps of each text and DOM path. Past 16 fingerprints no classification
# changes, and 16 rows bound what a text on every page of a million costs.
SAMPLE: Final = 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a site's memory holds about the blocks and DOM paths of one page, that page included.

    Each list is a sample of the pages (the `SAMPLE` smallest by page hash): complete while a text
    or path is rare, and always bounded.
    """

    blocks: Mapping[int, tuple[Occurrence, ...]] = field(default_factory=dict)  # by (loose) key
    dom_paths: Mapping[int, tuple[DomPathOccurrence, ...]] = field(default_factory=dict)
    revoked: frozenset[int] = frozenset()  # block keys that a person told the site to forget


@dataclass(frozen=True, slots=True)
class BlockClassification:
    """How one block was classified, and why."""

    position: int
    keep: bool
    changed: bool  # differs from the classification by the page alone
    # repeated|comment|related|advert|promo|cookie|navigation|caption|headline|rule|other
    reason: str
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classification:
    """The classification of one page's blocks, and how sure it is."""

    blocks: tuple[BlockClassification, ...]  # one a block, in order
    certainty: float  # 0..1: agreement and evidence together
    refused: str | None = None  # why the memory was not followed


@dataclass(frozen=True, slots=True)
class DomPathUse:
    """How one page used a DOM path: words kept there by the page alone, and all words."""

    path: str
    kept_words: int
    words: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page teaches its site: it depends on the page alone, never on the memory.

    Only `classified_on` does not: it lets the memory see that the page was judged on less than is
    known by the time it is stored.
    """

    page: int  # url_id
    page_hash: int  # 63 bits of the URL's key: the order in which samples are drawn
    fingerprint: int  # 63-bit hash of the page's own article text
    template_key: int
    fetched_at: datetime  # aware, UTC
    blocks: Mapping[int, str] = field(repr=False)  # key or loose key -> first 200 characters
    dom_paths: Mapping[int, DomPathUse] = field(repr=False)  # by dom_path_key
    classified_on: Mapping[int, int] = field(default_factory=dict, repr=False)  # key -> other pages


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article on its way to the store."""

    page: Page
    extraction: Extraction = field(repr=False)
    metadata: Metadata
    text: str | None = field(default=None, repr=False)  # filled in by strip
    classification: Classification | None = field(default=None, repr=False)  # filled in by strip
    observation: Observation | None = field(default=None, repr=False)  # filled in by strip
    article_id: int | None = None  # filled in by store
    revision: int | None = None  # filled in by store
    outcome: str | None = None  # filled in by store: stored | revised | unchanged
