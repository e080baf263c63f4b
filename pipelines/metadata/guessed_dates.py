"""Days that no field of a page declares: in its head's text, or found by htmldate."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement

from models.dates import EARLIEST, Moment, believable, parse_date, possible_dates
from pipelines.metadata.head import Head
from pipelines.metadata.markup import text_of

_LATEST_GUESS = datetime(2099, 1, 1, tzinfo=UTC)  # for htmldate, where no fetch bounds it
_LONGEST = 160  # characters of a text with the date
_BESIDE = 25  # letters that may stand beside a date in an unmarked text
_SHORTEST = 6  # characters of a date
_MARKED = re.compile(
    r"date|time|publi|byline|author|meta|posted|stamp|datum|fecha|data|tarih|dato|info|created",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")
_DIGIT = re.compile(r"\d")
_APART = ("nav", "aside", "footer")


def written_in(head: Head, language: str | None) -> Iterator[tuple[tuple[Moment, ...], bool]]:
    """The dates in the texts of an article's head: both readings, and whether a name marks them."""
    inside: set[HtmlElement] = set()
    named: set[HtmlElement] = set()
    for element in head.elements:
        if element in inside or element.tag == "time":
            continue
        text = text_of(element)
        if not _SHORTEST <= len(text) <= _LONGEST or not _DIGIT.search(text):
            continue
        names = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
        marked = bool(_MARKED.search(names)) or element in named
        if _dates_in_children(element) > 1:  # each is read by itself
            named.update(element.iterdescendants() if marked else ())
            continue
        letters = sum(map(str.isalpha, text))
        moments = possible_dates(text, language)
        if moments and (marked or letters <= _BESIDE) and not head.is_teaser(element):
            inside.update(element.iterdescendants())
            yield moments, marked


def _dates_in_children(element: HtmlElement) -> int:
    texts = [text_of(child) for child in element if isinstance(child.tag, str)]
    return sum(_YEAR.search(text) is not None for text in texts if _DIGIT.search(text))


def guess(
    tree: HtmlElement, url: str, newest: datetime | None, head: Head
) -> tuple[str, Moment] | None:
    """What htmldate finds, at first by its quick search: a day at best, and slow, so it comes last.

    Of its thorough search, the first of a month is none: so it writes what names no day.
    """
    from htmldate import find_date  # noqa: PLC0415 - only workers need it, and crawls start quicker

    own = _without_others(tree, head)
    for thorough in (False, True):
        found = find_date(
            own,
            extensive_search=thorough,
            original_date=True,
            url=url,
            min_date=EARLIEST.replace(tzinfo=None),
            max_date=((newest or _LATEST_GUESS) + timedelta(days=2)).replace(tzinfo=None),
        )
        moment = parse_date(found) if found else None
        if moment and believable(moment.at, newest) and not (thorough and moment.at.day == 1):
            return "htmldate", moment
    return None


def _without_others(tree: HtmlElement, head: Head) -> HtmlElement:
    """A copy without menus, what stands beside, every <time> outside of the head, other heads."""
    copy = deepcopy(tree)
    foreign = [
        twin
        for element, twin in zip(tree.iter(), copy.iter(), strict=True)
        if head.others and element in head.others
    ]
    foreign += [
        twin
        for element, twin in zip(
            tree.iter(*_APART, "time"), copy.iter(*_APART, "time"), strict=True
        )
        if element.tag != "time" or not head.holds(element)
    ]
    for twin in foreign:
        if twin.getparent() is not None:
            twin.drop_tree()
    return copy
