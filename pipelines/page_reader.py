"""A page's bytes into an Extraction: read off where its template says, else searched."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.errors import LeadsElsewhere
from models.items import Extraction, Hint, Metadata, StoryPages
from models.sites.config import ExtractionRules
from models.templates import Lesson, pack_page
from models.text import count_words, words
from pipelines.boilerplate import interstitials
from pipelines.boilerplate.condense import condensed
from pipelines.boilerplate.listings import is_article
from pipelines.extraction import selectors
from pipelines.extraction.declared_text import DeclaredText, declared_text
from pipelines.extraction.extractor_votes import agreement, extractor_votes
from pipelines.extraction.hidden_sources import Source
from pipelines.extraction.main_content import NAME
from pipelines.extraction.meta_refresh import Refresh, leads_to
from pipelines.extraction.narrowing import narrow
from pipelines.extraction.page_signs import own_titles, signs_of
from pipelines.extraction.story_pages import story_pages
from pipelines.extraction.tree import parse
from pipelines.extraction.whole_outline import prepared, whole_outline
from pipelines.metadata.page_metadata import read_page_metadata
from pipelines.page_blocks import MeasuredPage, blocks_of, measure, scored, see
from pipelines.templates.learning import body_path, template_key, template_page
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import ReadOff, SiteTemplates, read_off

EXTRACTOR: Final = f"winnow/3 {NAME}"
_FEWEST_WORDS: Final = 40  # of an article; "you are being redirected" has fewer, in any language
_SAME: Final = 0.995  # of their words, as F1, that both ways of reading a page must share
_NO_TEMPLATES: Final = SiteTemplates()


class ReadPage(NamedTuple):
    """A page as it reads, how, and what that teaches of its template."""

    extraction: Extraction
    searched: Searched | None = None  # why; None: it was read off, or nobody asked
    lesson: Lesson | None = None  # None: it teaches nothing


class _Declared(NamedTuple):
    """What a page gives besides its texts."""

    url: str
    hint: Hint
    rules: ExtractionRules | None
    led: Refresh | None
    metadata: Metadata
    ruled: bool
    titles: tuple[str, ...]
    pages: StoryPages
    text: DeclaredText
    sources: Sequence[Source]


def extract(
    body: bytes,
    charset: str | None,
    url: str,
    hint: Hint,
    site_rules: ExtractionRules | None,
    fetched_at: datetime | None = None,
) -> Extraction:
    """What the page alone gives: its blocks, classified by the page alone, and its metadata.

    Blocks that no site's memory and no rule can keep are `removed` already.
    `charset` is the Content-Type header's label; dates much later than `fetched_at` are ignored.
    Raises ExtractionFailed if the body is empty or not HTML, LeadsElsewhere for a redirect.
    """
    return read_page(body, charset, url, hint, site_rules, fetched_at).extraction


def read_page(
    body: bytes,
    charset: str | None,
    url: str,
    hint: Hint,
    site_rules: ExtractionRules | None,
    fetched_at: datetime | None = None,
    templates: SiteTemplates = _NO_TEMPLATES,
) -> ReadPage:
    """As `extract`; a page that has one of the site's `templates` is read off it."""
    tree = parse(body, charset)
    led = leads_to(tree, url)
    if led is not None and led.at_once:
        raise LeadsElsewhere(led.url)
    page = read_page_metadata(tree, url, hint, newest=fetched_at)
    ruled = selectors.mark(tree, site_rules) if site_rules else False
    declared = _Declared(
        url, hint, site_rules, led, page.metadata, ruled, own_titles(tree),
        story_pages(tree, url, page.metadata.canonical_url), declared_text(tree),
        prepared(tree, page.article_body),
    )  # fmt: skip
    off = _read_off(tree, declared, templates) if templates.asked else None
    if isinstance(off, ReadOff) and not templates.samples(off.state):
        found = off.extraction
        if led is None or _can_be_read(found):
            return ReadPage(found)
        raise LeadsElsewhere(led.url)
    return _searched(tree, declared, templates, off)


def _read_off(
    tree: HtmlElement, declared: _Declared, templates: SiteTemplates
) -> ReadOff | Searched:
    """The page as its template has it, else why it is searched."""
    found = read_off(
        tree, declared.url, declared.text, declared.sources, declared.metadata, declared.ruled,
        templates, has_rules=bool(declared.rules),
    )  # fmt: skip
    if isinstance(found, Searched):
        return found
    basis = f"{found.extraction.extractor} {_rules_of(declared.rules)} {found.state.key}"
    whole = _whole(found.measured, declared, found.extraction, basis)
    if whole.interstitial is not None or not whole.is_article:
        return Searched.NO_ARTICLE
    return found._replace(extraction=found.with_boxes(condensed(whole)))


def _searched(
    tree: HtmlElement, declared: _Declared, templates: SiteTemplates, off: ReadOff | Searched | None
) -> ReadPage:
    """The page by search, and what it teaches of its template."""
    measured = _measured(tree, declared.sources, declared.text, declared.url)
    found = scored(measured, declared.metadata)
    blocks = blocks_of(measured, found, declared.ruled)
    body = body_path(
        measured.dom_paths,
        [len(p.tokens) * b.kept for p, b in zip(measured.outline.pieces, blocks, strict=True)],
    )
    bare = Extraction(
        blocks, declared.metadata, EXTRACTOR, template_key(body, measured.outline),
        agreement=_agreement(measured, [block.kept for block in blocks]),
    )  # fmt: skip
    whole = _whole(measured, declared, bare, basis_of(declared.rules))
    if declared.led is not None and not _can_be_read(whole):
        raise LeadsElsewhere(declared.led.url)
    short = condensed(whole)
    agrees = _agree(off.extraction, short) if isinstance(off, ReadOff) else None
    shown = None
    if templates.wants(short.template_key, agrees) and whole.interstitial is None:
        shown = template_page(measured, found, blocks, short, declared.metadata)
    other = off.state.key if isinstance(off, ReadOff) else None
    compared = None if other == short.template_key else other
    lesson = Lesson(pack_page(shown) if shown else None, whole.basis, agrees, compared)
    why = Searched.SAMPLE if isinstance(off, ReadOff) else off
    if why is not None and why is not Searched.SAMPLE:
        why = templates.why(why, short.template_key)
    return ReadPage(short, why, lesson if lesson.page or agrees is not None else None)


def _whole(measured: MeasuredPage, declared: _Declared, bare: Extraction, basis: str) -> Extraction:
    """The extraction with all that is said of the page as a whole."""
    kept = [block.kept for block in bare.blocks]
    texts = [block.text for block in bare.blocks if block.kept]
    story = declared.text.story
    whole = replace(
        bare,
        is_article=is_article(measured.outline, bare.blocks, declared.url, story),
        basis=basis,
        signs=signs_of(declared.titles, story, declared.metadata, declared.hint, texts),
        pages=declared.pages,
    )
    shown = interstitials.instead(whole, kept)
    shown = shown or interstitials.no_text(measured.outline, bare.blocks)
    return replace(whole, interstitial=shown)


def measured(tree: HtmlElement, article_body: str = "", url: str = "") -> MeasuredPage:
    """The features of a parsed page's pieces. The tree is used up: most elements are removed.

    `article_body`: the JSON-LD's, of a page whose text is free to read; `url`: the page's own.
    """
    declared = declared_text(tree)
    return _measured(tree, prepared(tree, article_body), declared, url)


def _measured(
    tree: HtmlElement, sources: Sequence[Source], declared: DeclaredText, url: str
) -> MeasuredPage:
    page, elements = whole_outline(tree, sources)
    seen = see(page, elements, declared, url)
    narrow(page, elements)
    return measure(seen, extractor_votes(tree, page))


def _can_be_read(page: Extraction) -> bool:
    """Whether there is an article for those who are not led away."""
    kept = sum(count_words(block.text) for block in page.blocks if block.kept)
    return page.is_article and page.interstitial is None and kept >= _FEWEST_WORDS


def basis_of(site_rules: ExtractionRules | None) -> str:
    """This extractor and these rules, as a word: the same basis reads a page the same way."""
    return f"{EXTRACTOR} {_rules_of(site_rules)}"


def is_current(basis: str) -> bool:
    """Whether a stored basis is of today's extractor, off a template or by search."""
    return basis.split(" ", maxsplit=1)[0] == EXTRACTOR.split(" ")[0]


def _rules_of(site_rules: ExtractionRules | None) -> str:
    return blake2b(repr(site_rules).encode(), digest_size=8).hexdigest() if site_rules else "-"


def _agreement(measured: MeasuredPage, kept: Sequence[bool]) -> float | None:
    """The mean agreement of both votes with the blocks kept; None without blocks."""
    if not kept:
        return None
    page, votes = measured.outline, measured.votes
    first = agreement(page, kept, [share > 0.5 for share in votes.kept])
    second = agreement(page, kept, votes.dense)
    return round((first + second) / 2, 3)


def _agree(one: Extraction, other: Extraction) -> bool:
    """Whether two readings of a page keep the same words."""
    first, second = map(_kept_words, (one, other))
    total = first.total() + second.total()
    return 2 * (first & second).total() >= _SAME * total


def _kept_words(page: Extraction) -> Counter[str]:
    return Counter(word for block in page.blocks if block.kept for word in words(block.text))
