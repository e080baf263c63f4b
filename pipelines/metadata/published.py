"""When an article was published and changed: the page's claims in the order they are trusted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from models.items import Hint
from pipelines.metadata.dates import (
    EARLIEST,
    Moment,
    believable,
    best_candidate,
    date_in_url,
    parse_date,
)
from pipelines.metadata.jsonld import PageNodes, texts
from pipelines.metadata.markup import Markup

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
_LATEST_GUESS = datetime(2099, 1, 1, tzinfo=UTC)  # for htmldate, where no fetch bounds it

Claim = tuple[str, Moment]


def published_at(
    tree: HtmlElement,
    url: str,
    markup: Markup,
    nodes: PageNodes,
    hint: Hint,
    newest: datetime | None,
) -> Claim | None:
    """When the page was published and who says so: JSON-LD, meta, <time>, hint, URL, htmldate."""
    claims = [c for c in _candidates(url, markup, nodes, hint) if believable(c[1], newest)]
    return best_candidate(claims) or _guess(tree, url, newest)


def modified_at(
    markup: Markup, nodes: PageNodes, hint: Hint, newest: datetime | None
) -> tuple[str, datetime] | None:
    """The last change, where it is told as an instant; a mere day would say it too exactly."""
    claims = [
        *(("jsonld", text) for value in nodes.values("dateModified") for text in texts(value)),
        *(("meta", text) for text in markup.meta(*_MODIFIED)),
    ]
    for source, text in claims:
        moment = parse_date(text)
        if moment and moment.zoned and believable(moment, newest):
            return source, moment.at
    told = hint.modified_at and _hinted(hint.modified_at, "time")
    return (hint.source or "hint", told.at) if told and believable(told, newest) else None


def _candidates(url: str, markup: Markup, nodes: PageNodes, hint: Hint) -> Iterator[Claim]:
    for source, text in _texts(markup, nodes):
        if moment := parse_date(text):
            yield source, moment
    if hint.published_at:
        yield hint.source or "hint", _hinted(hint.published_at, hint.published_precision)
    if day := date_in_url(url):
        yield "url", day


def _texts(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, str]]:
    for value in nodes.values("datePublished", "dateCreated", "uploadDate"):
        for text in texts(value):
            yield "jsonld", text
    for text in markup.meta(*_PUBLISHED):
        yield "meta", text
    marked = [tag for tag in markup.times if tag.marked]
    near = [tag for tag in markup.times if tag.after_heading]
    for tag in [*marked[:1], *near[:1], *markup.times[:1]]:
        yield "time", tag.stamp or tag.text


def _hinted(at: datetime, precision: str | None) -> Moment:
    wall = at.astimezone(UTC).replace(tzinfo=None)
    return Moment(wall, timedelta(0), has_time=precision != "day")


def _guess(tree: HtmlElement, url: str, newest: datetime | None) -> Claim | None:
    """What htmldate reads between the lines: slow, a day at best, so asked last."""
    found = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url=url,
        min_date=EARLIEST.replace(tzinfo=None),
        max_date=((newest or _LATEST_GUESS) + timedelta(days=2)).replace(tzinfo=None),
    )
    moment = parse_date(found) if found else None
    return ("htmldate", moment) if moment and believable(moment, newest) else None
