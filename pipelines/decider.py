"""Decides what becomes of a page: reads what is known, returns values, writes nothing."""

import logging
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import documents
from models.articles.change_kind import content_hash
from models.articles.extraction_codec import unpack
from models.blocks import Classification
from models.crawl.run import Run
from models.db.writer import Writer
from models.duplicates.index import TextKeys
from models.evidence import Evidence, Observation
from models.items import Article, Extraction, KnownPage, Refresh, SameText, Sketch
from models.memory import templates
from models.memory.cache import EvidenceCache, other_pages
from models.text import plain
from pipelines.acceptance import own_date, refusal, was_refused, worse_than
from pipelines.boilerplate.classify import RULE, classify
from pipelines.boilerplate.condense import condensed
from pipelines.boilerplate.observation import observation_of
from pipelines.cuts import is_beginning
from pipelines.drops import Blocked, NoContent, Repeated, RepeatedText
from pipelines.duplicates.near_key import near_key
from pipelines.duplicates.sketch import sketch
from pipelines.kept_text import text_alone, text_of
from pipelines.unfamiliar import Headed, is_unfamiliar, may_be_unfamiliar

# What unpacking a corrupt row can raise; it is reported, and the page left as it is.
UNREADABLE: Final = (ValueError, KeyError, TypeError, IndexError, zlib.error)
SAME_TEXT: Final = 100  # articles with the same text that are looked at; more say nothing more
RECENT: Final = 2_000  # texts of this run that are remembered: longer than storing one takes

_log = logging.getLogger(__name__)


class _Passed(NamedTuple):
    """A copy that this run accepted, and that may not be stored yet."""

    url_id: int
    same: SameText
    before: str | None  # content_hash of what was stored of it


class Decider:
    """Strips a page of its site's boilerplate, and decides if the copy may be stored."""

    def __init__(self, writer: Writer, run: Run) -> None:
        self._writer, self._run = writer, run
        self._cache = EvidenceCache(run.site_id)
        self._passed: OrderedDict[TextKeys, list[_Passed]] = OrderedDict()  # of one text each

    async def strip(self, item: Article) -> Article:
        """The article with its text, by the site's memory and rules; and the stored copy's.

        Raises NoContent where nothing is left.
        """
        page = item.page
        known = item.known
        alone = item.observation or observation_of(
            page.url, page.url_id, page.fetched_at, item.extraction
        )
        look_up = partial(self._evidence, of=alone, is_known=known is not None)
        shown, evidence = await self._writer.read(look_up)
        rules = self._run.site.extraction
        classified = classify(item.extraction, evidence, page.url_id, rules)
        text = plain(text_of(item.extraction, classified))
        if not text:
            raise NoContent(_nothing_left(classified))
        is_new = known is None or known.text != text or known.refused_at is not None
        # What says what readers see needs no refresh; an archived copy is the stored one itself.
        same = known is None or known.content_hash == content_hash(item.metadata.title, text)
        again = None if same or page.archived else known
        refresh = await self._refresh(again) if again is not None else None
        return replace(
            item,
            text=text,
            classification=classified,
            observation=replace(shown, classified_on=other_pages(evidence)),
            sketch=_sketch(item.metadata.title, text, item.extraction, page.final_url)
            if is_new or refresh is not None
            else None,
            refresh=refresh,
            corrupt=frozenset(self._cache.corrupt),
        )

    async def accept(self, item: Article) -> Article:
        """The same article; raises Worse, Paywalled or Blocked if the stored copy is better.

        Also Repeated, if the text is no article's.
        """
        stored = item.stored
        same = stored is not None and stored.text == item.text
        if same and was_refused(item):
            raise Blocked("the text that was refused before, in place of an article's")
        if item.sketch is None or same:
            return item
        if may_be_unfamiliar(item) and is_unfamiliar(
            item, await self._writer.read(self._known_pages)
        ):
            raise Blocked(
                "another title than its article's, and a text where the site has none;"
                " --accept takes it"
            )
        found = TextKeys(item.sketch.body_key, item.sketch.near_key)
        others = await self._writer.read(partial(self._same_text, item=item, keys=found))
        # nothing is awaited from here on: of two interstitials at once, the later sees the earlier
        here = [one for keys in _parted(found) for one in self._passed.get(keys, ())]
        refused = refusal(item, [*others, *_others(here, item)], _before(item))
        if isinstance(refused, Repeated):
            keys = found if refused.near else found._replace(near_key=None)
            refused.text = RepeatedText(
                keys, item.page.final_url, refused.titled, own_date(item), refused.replaced
            )
        if refused is not None:
            raise refused
        for keys in _parted(found):
            self._remember(keys, item)
        return item

    async def _refresh(self, known: KnownPage) -> Refresh | None:
        """The stored copy as it reads today; None where it says what it said.

        What the memory has learned since, an edited rule and a better extractor all change how
        a page reads, and none of it is an edit by the publisher.
        """
        extraction = known.reread or stored_extraction(known)
        if extraction is None:
            return None
        shown = observation_of(known.url, known.url_id, known.fetched_at, extraction)
        evidence = await self._writer.read(partial(self._cache.evidence, of=shown))
        classified = classify(extraction, evidence, known.url_id, self._run.site.extraction)
        text = plain(text_of(extraction, classified))
        reread = known.reread is not None
        title = extraction.metadata.title if reread else known.title
        digest = content_hash(title, text)
        if not text or digest == known.content_hash or (reread and worse_than(known.text, text)):
            return None
        made = _sketch(title, text, extraction, known.url)
        return Refresh(title, text, digest, extraction, classified, made, reread)

    def _evidence(
        self, conn: Connection, of: Observation, *, is_known: bool
    ) -> tuple[Observation, Evidence]:
        """What the site's memory says of a page, which counts from now on."""
        if is_known:
            of = self._cache.shown_before(conn, of)
        evidence = self._cache.evidence(conn, of)
        self._cache.add_page(of)
        return of, evidence

    def _known_pages(self, conn: Connection) -> list[Headed]:
        recent = templates.recent_pages(conn, self._run.site_id)
        return [Headed(*one) for one in documents.titles(conn, recent)]

    def _same_text(self, conn: Connection, item: Article, keys: TextKeys) -> list[SameText]:
        """The site's other articles with the new text, but for the same page at another URL."""
        known = (item.known, item.refresh)
        said = {one.content_hash for one in known if one is not None and not was_refused(item)}
        site_id, url_id = self._run.site_id, item.page.url_id
        return documents.with_text(conn, site_id, keys, url_id, said, SAME_TEXT)

    def _remember(self, keys: TextKeys, item: Article) -> None:
        same = SameText(
            item.page.final_url,
            item.metadata.title or "",
            near=keys.near_key is not None,
            published_at=own_date(item),
        )
        before = item.stored.content_hash if item.stored else None
        passed = self._passed.setdefault(keys, [])
        if len(passed) < SAME_TEXT:
            passed.append(_Passed(item.page.url_id, same, before))
        if len(self._passed) > RECENT:
            self._passed.popitem(last=False)


def stored_extraction(known: KnownPage, *, warn: bool = True) -> Extraction | None:
    """The extraction that is stored of a page; None, and a warning, if it cannot be read."""
    if known.packed is None:
        return None
    try:
        return condensed(unpack(known.packed))
    except UNREADABLE as fault:
        _log.log(
            logging.WARNING if warn else logging.DEBUG,
            "article %d: its stored blocks cannot be read (%s: %s); its text stays as it is."
            " To mend it: scrapy crawl reextract",
            known.article_id,
            type(fault).__name__,
            fault,
        )
        return None


def _nothing_left(classified: Classification) -> str:
    said = "nothing is left of the page's text without the site's boilerplate"
    ruled = sum(block.reason == RULE and not block.keep for block in classified.blocks)
    return f"{said}; [extraction] of its file removes {ruled} texts" if ruled else said


def _before(item: Article) -> Extraction | None:
    """The stored copy's blocks, if the new text is its beginning: only then do they matter."""
    stored, known = item.stored, item.known
    if stored is None or known is None or not is_beginning(stored.text, item.text or ""):
        return None
    return known.reread or stored_extraction(known)


def _sketch(title: str | None, text: str, extraction: Extraction, url: str) -> Sketch:
    return sketch(text)._replace(near_key=near_key(title, text_alone(extraction), url))


def _parted(keys: TextKeys) -> list[TextKeys]:
    """Each of the keys by itself."""
    both = (TextKeys(keys.body_key, None), TextKeys(None, keys.near_key))
    return [one for one in both if any(key is not None for key in one)]


def _others(passed: Sequence[_Passed], item: Article) -> list[SameText]:
    """Other pages of this run with the same text, but for what was one page before the edit.

    Those with the very text first, which are near it as well.
    """
    stored = item.stored
    found: dict[int, SameText] = {}
    for one in passed:
        if stored is None or one.before != stored.content_hash:
            found.setdefault(one.url_id, one.same)
    found.pop(item.page.url_id, None)
    return list(found.values())
