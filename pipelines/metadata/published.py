"""When an article was published and changed: a page's candidates, the most trusted first."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from lxml.html import HtmlElement

from models.dates import (
    Moment,
    believable,
    date_in_url,
    parse_date,
    possible_dates,
)
from models.items import Hint
from pipelines.metadata.guessed_dates import guess, written_in
from pipelines.metadata.head import Head
from pipelines.metadata.instants import Candidate, best_of, offset_of
from pipelines.metadata.jsonld import PageNodes
from pipelines.metadata.markup import Markup, TimeTag

_PUBLISHED = (  # folded, as Markup keeps them
    "articlepublishedtime", "datepublished", "ogpublishedtime", "ogarticlepublishedtime",
    "parselypubdate", "sailthrudate", "cxenseparsepublishtime", "cxenseparserecspublishtime",
    "cxenseparserecspublishedtime", "articlepublished", "articlepublisheddate", "publishdate",
    "publicationdate", "publishedtime", "publisheddate", "published", "pubdate",
    "articledateoriginal", "originalpublicationdate", "dcdateissued", "dctermsissued",
    "dctermscreated", "dcdatecreated", "datecreated", "dcdate", "dctermsdate", "date",
    "ogpubdate", "citationpublicationdate",
)  # fmt: skip
_MODIFIED = (
    "articlemodifiedtime", "datemodified", "ogupdatedtime", "ogmodifiedtime",
    "ogarticlemodifiedtime", "dctermsmodified", "dcdatemodified", "lastmodified", "lastmod",
)  # fmt: skip


class PageDates(NamedTuple):
    """What the dates of a page are read from."""

    tree: HtmlElement
    url: str
    markup: Markup
    nodes: PageNodes
    hint: Hint
    newest: datetime | None  # when the page was fetched; much later dates are none
    language: str | None  # as the page declares it, with its country
    head: Callable[[], Head]


class Published(NamedTuple):
    """When a page was published: an instant, or midnight UTC of a day."""

    source: str
    at: datetime
    precision: str  # 'time' | 'day'
    offset: int | None  # minutes east of UTC, where the page writes its own time


def published_at(page: PageDates) -> Published | None:
    """From JSON-LD, meta, <time>, hint, the article's head, URL, and at last htmldate."""
    readings = list(stated_moments(page))
    found = _certain(readings, page.newest)
    best = best_of(found)
    if best is None and not any(two for _, (_, *two) in readings):
        best = guess(page.tree, page.url, page.newest, page.head())  # or it would toss a coin
    if best is None:
        return None
    source, moment = best
    return Published(source, moment.at, moment.precision, offset_of(best, found))


def modified_at(
    markup: Markup, nodes: PageNodes, hint: Hint, newest: datetime | None
) -> tuple[str, datetime] | None:
    """The last change and its source; only an instant counts, a day alone is too coarse."""
    stated = [
        *(("jsonld", text) for text in nodes.texts("dateModified")),
        *(("meta", text) for text in markup.meta(*_MODIFIED)),
    ]
    for source, text in stated:
        moment = parse_date(text)
        if moment and moment.zoned and believable(moment.at, newest):
            return source, moment.at
    if hint.modified_at and believable(hint.modified_at, newest):
        return hint.source or "hint", hint.modified_at.astimezone(UTC)
    return None


def _certain(
    found: Sequence[tuple[str, tuple[Moment, ...]]], newest: datetime | None
) -> list[Candidate]:
    """The believable candidates; of one that may be two days, the one that another names too."""
    named = {day for _, readings in found if len(readings) == 1 for day in _days(readings[0])}
    certain = []
    for source, readings in found:
        possible = [m for m in readings if believable(m.at, newest)]
        agreed = [m for m in possible if _days(m) & named] if len(possible) > 1 else possible
        if len(agreed) == 1:
            certain.append((source, agreed[0]))
    return certain


def _days(moment: Moment) -> set[date]:
    return {moment.at.date(), moment.wall.date()}


def stated_moments(page: PageDates) -> Iterator[tuple[str, tuple[Moment, ...]]]:
    """What each field says, by `possible_dates`; the page's head is read only if it must be."""
    exact = False
    for source, text in _declared(page):
        if readings := possible_dates(text, page.language):
            exact = exact or (readings[0].zoned and believable(readings[0].at, page.newest))
            yield source, readings
    if exact:
        return
    for text in _times(page.markup, page.head()):
        if readings := possible_dates(text, page.language):
            yield "time", readings
    if page.hint.published_at:
        hinted = _hinted(page.hint.published_at, page.hint.published_precision)
        yield page.hint.source or "hint", (hinted,)
    written = list(written_in(page.head(), page.language))
    # a page that says when it was changed, too, may say that first
    dated = sorted((one for one, marked in written if marked), key=lambda one: one[0].wall)
    yield from (("text", moments) for moments in dated)
    if day := date_in_url(page.url):
        yield "url", (day,)
    yield from (("text", moments) for moments, marked in written if not marked)


def _declared(page: PageDates) -> Iterator[tuple[str, str]]:
    for text in page.nodes.texts("datePublished", "dateCreated", "uploadDate"):
        yield "jsonld", text
    for text in page.markup.meta(*_PUBLISHED):
        yield "meta", text


def _times(markup: Markup, head: Head) -> Iterator[str]:
    """The <time> that is marked as that of publishing, and the first in the article's head."""
    others = head.others
    marked = [
        tag
        for tag in markup.times
        if tag.marked and tag.element not in others and not head.is_teaser(tag.element)
    ]
    tags = {tag.element: tag for tag in markup.times}
    own = (tags[element] for element in head.elements if element in tags)
    near = [tag for tag in own if not head.is_teaser(tag.element)]
    beside = _with_those_beside(near) if near else []
    for tag in [*marked[:1], *sorted(beside, key=_wall)[:1]]:
        yield _said(tag)


def _said(tag: TimeTag) -> str:
    return tag.stamp if parse_date(tag.stamp) else tag.text or tag.stamp


def _wall(tag: TimeTag) -> datetime:
    """By what tags side by side are sorted: what was published is not younger than its change."""
    moment = parse_date(_said(tag))
    return moment.wall if moment else datetime.max


def _with_those_beside(tags: Sequence[TimeTag]) -> list[TimeTag]:
    """The first tag, and those that follow it in its row."""
    line = tags[0].element
    parent = line.getparent()
    if parent is not None and parent.tag in ("span", "p", "li", "dd"):
        line = parent
    row = {line, *line.itersiblings()}
    return [tag for tag in tags if not row.isdisjoint((tag.element, tag.element.getparent()))]


def _hinted(at: datetime, precision: str | None) -> Moment:
    wall = at.astimezone(UTC).replace(tzinfo=None)
    return Moment(wall, timedelta(0), has_time=precision != "day")
