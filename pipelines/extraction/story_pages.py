"""Which links of a page lead to the other pages of its story, by their addresses. Pure.

A link counts if its address differs from the page's own in a number alone, and its text is that
number, or it is declared as the next page. Words are not needed, so any language will do.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml.html import HtmlElement

from models.items import StoryPages
from models.text import one_line
from models.urls import same_page
from pipelines.extraction import vocabulary
from pipelines.extraction.page_addresses import (
    Numbers,
    is_view,
    page_numbers,
    story_parts,
    without_number,
)

_MOST_LINKS: Final = 3_000
_LONGEST: Final = 40  # characters of a text such as "Next page"; a headline is longer
_LONGEST_URL: Final = 2_000
_NEAR: Final = 15  # elements between a view of the whole story and a link to one of its pages
_MOST_VIEWS: Final = 2
_ABOVE: Final = 6  # elements above a link whose names are looked at
_DIGITS: Final = re.compile(r"\d+")
_NEIGHBOURS: Final = frozenset({"next", "prev"})
_NAMES: Final = ("class", "id", "role", "aria-label")


class _Link(NamedTuple):
    url: str  # absolute
    rel: frozenset[str]
    text: str  # in one line, cut
    label: int | None  # the only number of its text
    element: HtmlElement


class _Numbered(NamedTuple):
    link: _Link
    numbers: Numbers


def story_pages(tree: HtmlElement, url: str, canonical: str | None) -> StoryPages:
    """The other pages of the story at `url`; none of another story of a row of stories.

    `canonical`: the address that the page declares as its own.
    """
    addresses = list(_addresses(tree, url))
    numbers = {to: page_numbers(url, to) for _, to in addresses}
    if not any(numbers.values()):  # as on nearly all pages
        return StoryPages()
    links = [
        _link(element, to)
        for element, to in addresses
        if not same_page(to, url) and not _is_foreign(element)
    ]
    alike = _of_one_story(
        [_Numbered(link, pair) for link in links if (pair := numbers[link.url]) is not None]
    )
    if not alike:
        return StoryPages()
    offset = _offset(alike)
    own = _own_number(alike, offset)
    pages: dict[int, str] = {}
    for one in alike:
        number = _number(one, own, offset)
        if number is not None and number != own:
            pages.setdefault(number, one.link.url)
    if own > 1:
        return _later_page(url, own, pages, alike, links, canonical)
    labels = [one.link.label for one in alike if one.link.label in pages]
    pages.pop(1, None)
    if 2 not in pages:
        return StoryPages()
    return StoryPages(
        further=tuple(sorted(pages.items())),
        last=max((label for label in labels if label), default=0),
        views=tuple(_views(tree, links, url, alike)),
        texts=_texts(links, pages),
    )


def _of_one_story(alike: list[_Numbered]) -> list[_Numbered]:
    """Those links that agree on the page's own number; a story's number is no page's.

    "/news/12" is the first page of "/news/12?page=2", not the one before "/news/13".
    """
    first = [one for one in alike if one.numbers.own is None]
    if any(_number(one, 1, _offset(first)) == 2 for one in first):
        return first
    owns = Counter(one.numbers.own for one in alike if one.numbers.own is not None)
    if not owns:
        return []
    (own, _), *_ = owns.most_common(1)
    return [one for one in alike if one.numbers.own == own]


def _later_page(
    url: str, own: int, pages: dict[int, str], alike: list[_Numbered], links: list[_Link],
    canonical: str | None,
) -> StoryPages:  # fmt: skip
    """What a page that is not the first says: which that is, and what comes next."""
    named = [one for one in alike if one.link.label == 1 or _is_back(one, own)]
    first, sure = pages.get(1), any(one.link.label == 1 for one in alike)
    if canonical is not None and (pair := page_numbers(url, canonical)) and pair.other is None:
        first, sure = canonical, True
    if first is None and named:
        first, sure = without_number(url, named[0].link.url), False
    further = tuple(sorted((number, to) for number, to in pages.items() if number > own))
    labels = [one.link.label for one in alike if one.link.label in pages]
    return StoryPages(
        number=own, first=first, sure=sure and first is not None, further=further,
        last=max((label for label in labels if label), default=0), texts=_texts(links, pages),
    )  # fmt: skip


def _is_back(one: _Numbered, own: int) -> bool:
    """Whether a link is declared as the page before this one."""
    if "prev" not in one.link.rel and "previous" not in one.link.rel:
        return False
    return one.numbers.other in (None, own - 1, own - 2)


def _offset(alike: list[_Numbered]) -> int:
    return int(any(_counts_from_zero(one) for one in alike))


def _counts_from_zero(one: _Numbered) -> bool:
    """Whether the addresses count from nought: "2" leads to "?page=1"."""
    number, label = one.numbers.other, one.link.label
    return number is not None and label is not None and label == number + 1 and label > 1


def _own_number(alike: list[_Numbered], offset: int) -> int:
    """The number of the page itself: 1 unless its address has one that another lacks or exceeds."""
    own = next((one.numbers.own for one in alike if one.numbers.own is not None), None)
    if own is None:
        return 1
    if own + offset > 1:
        return own + offset
    # pages that count from nought, so that "?page=1" is the second
    back = any(_is_back(one, own) and one.numbers.other is None for one in alike)
    return 2 if own == 1 and back else 1


def _number(one: _Numbered, own: int, offset: int) -> int | None:
    """Which page of the story a link leads to; None if nothing but its address says so."""
    link, number = one.link, one.numbers.other
    if number is None:
        return 1 if link.label in (1, None) and own > 1 else None
    if "next" in link.rel:
        return own + 1
    page = number + offset
    if link.label is not None:
        return page if link.label == page else None
    added = one.numbers.own is None  # page 2 of a story whose address has no number
    short = bool(link.text) and len(link.text) <= _LONGEST and not _DIGITS.search(link.text)
    return 2 if short and added and page <= 2 and own == 1 else None


def _texts(links: list[_Link], pages: dict[int, str]) -> tuple[str, ...]:
    """What links to these pages say besides numbers; each once."""
    urls = set(pages.values())
    said = (link.text for link in links if link.url in urls)
    return tuple(dict.fromkeys(text for text in said if any(map(str.isalpha, text))))


def _views(
    tree: HtmlElement, links: list[_Link], url: str, alike: list[_Numbered]
) -> Iterator[str]:
    """Addresses that may show the whole story, which stand beside the links to its pages."""
    places = {
        element: 0 if element.tag == "link" else place
        for place, element in enumerate(tree.iter("*"))
    }
    row = [place for one in alike if (place := places[one.link.element])]
    near = (
        link.url
        for link in links
        if link.label is None
        and is_view(url, link.url)
        and any(abs(places[link.element] - place) <= _NEAR for place in row)
    )
    return islice(dict.fromkeys(near), _MOST_VIEWS)


def _addresses(tree: HtmlElement, url: str) -> Iterator[tuple[HtmlElement, str]]:
    """Links that may lead to pages of the story at `url`, and where each leads."""
    story = story_parts(url)
    if story is None:
        return
    root = None
    seen = 0
    for element in tree.iter("a", "link"):
        href = (element.get("href") or "").strip()
        if not href or href[0] == "#":
            continue
        if element.tag == "link" and _NEIGHBOURS.isdisjoint(_rel(element)):
            continue
        if (seen := seen + 1) > _MOST_LINKS:
            return
        if story.absent(href):
            continue
        if root is None:  # hardly any page has a link that gets here
            base = next((b.get("href") for b in tree.iter("base") if b.get("href")), "")
            root = _joined(url, base) or url
        if (to := _joined(root, href)) is not None:
            yield element, to


def _link(element: HtmlElement, url: str) -> _Link:
    text = "" if element.tag == "link" else str(element.text_content())[: 8 * _LONGEST]
    text = one_line(text)
    numbers = _DIGITS.findall(text)
    label = int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) < 3 else None
    return _Link(url, _rel(element), text, label, element)


def _rel(element: HtmlElement) -> frozenset[str]:
    return frozenset(element.get("rel", "").lower().split())


def _joined(url: str, href: str) -> str | None:
    try:
        joined = urljoin(url, href).partition("#")[0]
    except ValueError:
        return None
    usual = joined.startswith(("http://", "https://")) and len(joined) <= _LONGEST_URL
    return joined if usual else None


def _is_foreign(element: HtmlElement) -> bool:
    """Whether a link stands among comments."""
    if element.tag == "link":
        return False
    above = islice((element, *element.iterancestors()), _ABOVE)
    names = (" ".join(one.get(name, "") for name in _NAMES) for one in above)
    return any(vocabulary.of_names(name) & vocabulary.COMMENT for name in names if name.strip())
