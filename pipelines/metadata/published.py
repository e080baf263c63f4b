"""When an article was published and changed: a page's candidates, the most trusted first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement

from models.dates import EARLIEST, WIDEST_ZONE, Moment, believable, date_in_url, parse_date
from models.items import Hint
from pipelines.metadata.jsonld import PageNodes
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

Candidate = tuple[str, Moment]


def published_at(
    tree: HtmlElement,
    url: str,
    markup: Markup,
    nodes: PageNodes,
    hint: Hint,
    newest: datetime | None,
) -> Candidate | None:
    """When the page was published, and the source: JSON-LD, meta, <time>, hint, URL, htmldate."""
    found = _candidates(url, markup, nodes, hint)
    return _best(
        [(source, moment) for source, moment in found if believable(moment.at, newest)]
    ) or (_guess(tree, url, newest))


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


def _best(candidates: Sequence[Candidate]) -> Candidate | None:
    """The first; or, if it lacks time or zone, the first later one that completes it."""
    if not candidates or candidates[0][1].zoned:
        return candidates[0] if candidates else None
    first = candidates[0]
    return next((c for c in candidates if c[1].zoned and _completes(c[1], first[1])), first)


def _completes(instant: Moment, rough: Moment) -> bool:
    if not rough.has_time:
        return rough.wall.date() in (instant.wall.date(), instant.at.date())
    apart = instant.at.replace(tzinfo=None) - rough.wall
    quarters = apart / timedelta(minutes=15)
    same_minute = abs(quarters - round(quarters)) < 0.1  # zones differ by quarters of an hour
    return abs(apart) <= WIDEST_ZONE and same_minute


def _candidates(url: str, markup: Markup, nodes: PageNodes, hint: Hint) -> Iterator[Candidate]:
    for source, text in _texts(markup, nodes):
        if moment := parse_date(text):
            yield source, moment
    if hint.published_at:
        yield hint.source or "hint", _hinted(hint.published_at, hint.published_precision)
    if day := date_in_url(url):
        yield "url", day


def _texts(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, str]]:
    for text in nodes.texts("datePublished", "dateCreated", "uploadDate"):
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


def _guess(tree: HtmlElement, url: str, newest: datetime | None) -> Candidate | None:
    """What htmldate guesses from the text: slow and a day at best, so it comes last."""
    from htmldate import find_date  # noqa: PLC0415 - only workers need it, and crawls start quicker

    found = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url=url,
        min_date=EARLIEST.replace(tzinfo=None),
        max_date=((newest or _LATEST_GUESS) + timedelta(days=2)).replace(tzinfo=None),
    )
    moment = parse_date(found) if found else None
    return ("htmldate", moment) if moment and believable(moment.at, newest) else None
