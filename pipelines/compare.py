"""The comparing stage of a dry run: what would change, in the place where pages are stored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import Any, Final

from scrapy import signals
from scrapy.crawler import Crawler

from models.articles.change_kind import reads_alike
from models.articles.revisions import Facts, facts
from models.items import Article, KnownPage, Page
from models.text import plain, words
from pipelines.drops import ElsewhereYet, ReadsAsItDid, Refused, Unreadable
from pipelines.stage import Stage

LARGEST: Final = 5  # differences that are kept whole, to be shown


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What a page says, or why it says nothing."""

    title: str | None
    text: str = field(repr=False)
    refused: str | None = None  # why the stored copy would stay
    facts: tuple[str, ...] = ()  # what readers select by: authors and the time, a line each


NOTHING: Final = ArticleText(None, "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One article that would read in another way."""

    url: str
    url_id: int
    kind: str  # new | changed | grown | shrunk | emptied
    before: ArticleText
    after: ArticleText

    @property
    def size(self) -> int:
        """Words that only one of the two has."""
        old, new = (
            Counter(words(" ".join([one.title or "", *one.facts, one.text])))
            for one in (self.before, self.after)
        )
        return (old - new).total() + (new - old).total()


@dataclass(slots=True)
class Comparison:
    """What would become of one site's articles."""

    site: str
    read: int = 0
    same: int = 0
    refused: int = 0  # differences that the accept stage would not let through
    kinds: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)  # captures, one line each
    largest: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference | None) -> None:
        """Takes one page in; None: it reads as it does now, or is no article as before."""
        self.read += 1
        if difference is None:
            self.same += 1
            return
        self.kinds[difference.kind] += 1
        self.refused += difference.after.refused is not None
        self.largest = nlargest(LARGEST, [*self.largest, difference], key=lambda d: d.size)


class ComparePipeline(Stage):
    """Article -> Article: compared with what is stored; nothing is written."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.dropped, signals.item_dropped)
        self.found = Comparison("")

    def open_spider(self) -> None:
        """Starts the comparison of a site."""
        self.found = Comparison(self.run.site.name)

    def process_item(self, item: Article) -> Article:
        """Compares a page that would be stored."""
        self.found.add(difference(item.page, _before(item.known), _after(item)))
        return item

    def dropped(self, item: Page | Article, exception: Exception) -> None:
        """Compares a page that a stage refused."""
        page = item.page if isinstance(item, Article) else item
        if isinstance(exception, ReadsAsItDid):
            self.found.add(None)
        elif isinstance(exception, Unreadable | ElsewhereYet):
            copy = page.capture_id
            self.found.unreadable.append(f"capture {copy} of {page.url}: {exception.reason}")
        elif isinstance(exception, Refused):
            after = ArticleText(None, "", exception.reason)
            if isinstance(item, Article) and item.text:
                after = replace(_after(item), refused=exception.reason)
            self.found.add(difference(page, _before(exception.known), after))


def difference(page: Page, before: ArticleText | None, after: ArticleText) -> Difference | None:
    """How a page's article would differ; None if it would not, or if it is none as before."""
    url, url_id = page.url, page.url_id
    if before is None:
        return Difference(url, url_id, "new", NOTHING, after) if after.text else None
    if not after.text:
        return Difference(url, url_id, "emptied", before, after)
    alike = reads_alike(before.title, before.text, after.title, after.text)
    if alike and before.facts == after.facts:
        return None
    old, new = len(words(before.text)), len(words(after.text))
    kind = "grown" if new > old else "shrunk" if new < old else "changed"
    return Difference(url, url_id, kind, before, after)


def _before(known: KnownPage | None) -> ArticleText | None:
    if known is None:
        return None
    return ArticleText(known.title, known.text, facts=_lines(known.facts))


def _after(item: Article) -> ArticleText:
    title = item.metadata.title and plain(item.metadata.title)
    return ArticleText(title, item.text or "", facts=_lines(facts(item.metadata)))


def _lines(columns: Mapping[str, Any]) -> tuple[str, ...]:
    """Authors and time, as people read them."""
    said = Facts.of(columns)
    lines = [f"by {', '.join(said.authors)}"] if said.authors else []
    if said.published_at is not None:
        form = "%Y-%m-%d" if said.published_precision == "day" else "%Y-%m-%d %H:%M UTC"
        lines.append(f"published {said.published_at.strftime(form)}")
    return tuple(lines)
