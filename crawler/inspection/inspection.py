"""Everything that is known of one page: its history, its texts and their fates, its metadata."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from crawler.inspection.current_reading import current_reading
from models.archive import captures
from models.archive.places import ArchivePlaces
from models.archive.reader import Capture, load
from models.articles import known_pages
from models.articles.extraction_codec import unpack
from models.crawl import frontier
from models.errors import ArchiveError, ExtractionFailed, LeadsElsewhere
from models.items import CaptureRef, Hint, KnownPage
from models.outcomes import Outcome
from models.sites.config import Site
from pipelines.decider import UNREADABLE
from pipelines.inspection.page_fates import Decision, TextFate, not_read, page_fates
from pipelines.inspection.page_texts import PageTexts, page_texts
from pipelines.metadata.alternatives import Alternative

_NOTHING: Final = PageTexts((), ())
_ENDED: Final = (Outcome.EXTRACT_TIMEOUT, Outcome.EXTRACT_CRASH)


@dataclass(frozen=True, slots=True)
class MetadataField:
    """One field of an article's metadata, its source, and the page's other values for it."""

    name: str
    value: str
    source: str  # '' if unknown
    others: tuple[Alternative, ...]  # those that lost, the most trusted first


@dataclass(frozen=True, slots=True)
class Inspection:
    """One page, as `scrapy why` and the inspector show it."""

    history: Mapping[str, Any] = field(repr=False)  # as of reports.why
    url_id: int
    capture_id: int | None  # the archived copy shown, if any
    fault: str | None  # why the copy cannot be shown or read
    fates: tuple[TextFate, ...] = field(repr=False)
    is_stored: bool  # True: fates of the stored article; False: the page as it reads now
    metadata: tuple[MetadataField, ...]
    urls: Mapping[int, str] = field(repr=False)  # of the pages that the evidence names, by url_id

    @property
    def site(self) -> str:
        """The site's name."""
        return str(self.history["site"])


class PageReader:
    """Reads pages for inspection: from one archive, with the sites of one folder."""

    def __init__(self, archive: ArchivePlaces, sites: Mapping[str, Site]) -> None:
        self._archive, self._sites = archive, sites

    def inspect(
        self, conn: Connection, history: Mapping[str, Any], capture_id: int | None = None
    ) -> Inspection:
        """A page by its history; the copy that its article was read from, else the newest.

        An archive that is gone, or a copy that cannot be read, is a `fault` in the result.
        """
        url_id = history["url_id"]
        article = history["article"]
        stored = None if article is None else known_pages.get(conn, article["article_id"])
        ref, fault = self._chosen(conn, history, stored, capture_id)
        copy, texts = None, _NOTHING
        hint = next((lease.hint for lease in frontier.peek(conn, [url_id])), Hint())
        if stored is None and history["outcome"] in _ENDED:
            # in a worker, with a limit of time and memory; here it has none
            fault = f"the extractor was ended on this page ({history['outcome']}): it is not read"
        elif ref is not None:
            try:
                copy = load(ref, self._archive)
                texts = page_texts(copy.body, copy.charset, copy.final_url, hint, copy.fetched_at)
            except (ArchiveError, ExtractionFailed) as wrong:
                fault = str(wrong)
        is_stored = stored is not None and (ref is None or ref.capture_id == stored.capture_id)
        fates: list[TextFate] = []
        if is_stored and stored is not None:
            fates, damaged = _stored_fates(stored, article, texts)
            fault = fault or damaged
        elif copy is not None and texts.texts:
            fates, led = self._now(conn, history["site"], copy, url_id, hint, texts)
            fault = fault or led
        return Inspection(
            history=history,
            url_id=url_id,
            capture_id=None if ref is None else ref.capture_id,
            fault=fault,
            fates=tuple(fates),
            is_stored=is_stored,
            metadata=tuple(_metadata(article, stored, texts.metadata)),
            urls=_addresses(conn, fates),
        )

    def copy(self, conn: Connection, capture_id: int) -> Capture:
        """An archived copy. Raises ArchiveError if it is gone or damaged."""
        return captures.read(conn, self._archive, capture_id)

    def _chosen(
        self,
        conn: Connection,
        history: Mapping[str, Any],
        stored: KnownPage | None,
        capture_id: int | None,
    ) -> tuple[CaptureRef | None, str | None]:
        """The copy to show, or the reason why no copy can be shown."""
        wanted = capture_id
        if wanted is None and stored is not None:
            if stored.copy is not None:
                return stored.copy, None
            return None, "the archived copy that the article was read from is gone: pruned"
        newest = [one["capture_id"] for one in history["captures"]]
        wanted = wanted if wanted is not None else max(newest, default=None)
        if wanted is None:
            return None, "the page was never fetched"
        found = captures.refs(conn, [wanted]).get(wanted)
        return found, None if found else f"the archived copy {wanted} is gone: pruned"

    def _now(
        self,
        conn: Connection,
        site: str,
        copy: Capture,
        url_id: int,
        hint: Hint,
        texts: PageTexts,
    ) -> tuple[list[TextFate], str | None]:
        """The page as it reads today, by its site's memory and rules; or why it cannot be read."""
        rules = self._sites[site].extraction if site in self._sites else None
        try:
            found = current_reading(conn, site, copy, url_id, hint, rules)
        except LeadsElsewhere as led:
            return not_read(texts.texts), f"the page leads its readers on at once, to {led.target}"
        return page_fates(found.extraction, found.decisions, texts.texts), None


def _stored_fates(
    stored: KnownPage, article: Mapping[str, Any], texts: PageTexts
) -> tuple[list[TextFate], str | None]:
    """The fates of the stored blocks, or the reason why they are unknown."""
    if stored.packed is None:
        return [], "the article's blocks are not stored"
    try:
        extraction = unpack(stored.packed)
    except UNREADABLE as fault:
        return [], (
            f"the article's stored blocks cannot be read ({type(fault).__name__}: {fault});"
            " to mend it: scrapy crawl reextract"
        )
    decisions = [
        Decision(row["position"], action, row["reason"], row["evidence"])
        for action in ("removed", "restored")
        for row in article[action]
    ]
    return page_fates(extraction, decisions, texts.texts), None


def _metadata(
    article: Mapping[str, Any] | None, stored: KnownPage | None, given: Sequence[Alternative]
) -> Iterator[MetadataField]:
    """Title, authors and date of the stored article; without one, the page's first values."""
    for name in ("title", "authors", "published_at"):
        found = [one for one in given if one.field == name]
        if article is None or stored is None:
            first = found[0] if found else Alternative(name, "", "")
            yield MetadataField(name, first.value, first.source, tuple(found[1:]))
            continue
        value = _value(article, name)
        source = str((stored.facts["field_sources"] or {}).get(name, ""))
        others = tuple(one for one in found if one.value != value)
        yield MetadataField(name, value, source, others)


def _value(article: Mapping[str, Any], name: str) -> str:
    if name == "authors":
        return ", ".join(article["authors"])
    if name == "title":
        return article["title"] or ""
    at = article["published_at"]
    if at is None:
        return ""
    day_only = article["published_precision"] == "day"
    return str(at.strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M UTC"))


def _addresses(conn: Connection, fates: Iterable[TextFate]) -> dict[int, str]:
    wanted = {page for fate in fates for page in fate.evidence.get("seen_on", ())}
    return {lease.url_id: lease.url for lease in frontier.peek(conn, sorted(wanted))}
