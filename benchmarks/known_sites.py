"""Generated known sites: the first wall that no list has, and the first page of a new template.

Each site has eight briefs in one place and one language. Its walls have the shapes of vendors, and
words that nobody wrote: each is spelled backwards, so that no phrase of ours is met.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from benchmarks.recurring import evidence_of
from benchmarks.wall_pages import PLACES, SHAPES, WORDING, brief_in
from models.articles.change_kind import content_hash
from models.evidence import Evidence
from models.items import Article, Extraction, Hint, KnownPage, Page
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.interstitials import instead
from pipelines.duplicates.near_key import near_key
from pipelines.kept_text import text_of
from pipelines.page_reader import extract
from pipelines.unfamiliar import Headed, is_unfamiliar, may_be_unfamiliar

PAGES: Final = 8  # of each site
# these name the story that they stand before: what is left of it is for other rules
_OF_STORY: Final = frozenset(
    {"meter behind a broken lead", "meter behind a lead", "consent over an article's head"}
)
_NOW: Final = datetime(2026, 11, 26, tzinfo=UTC)


class Shown(NamedTuple):
    """What became of one page of a known site."""

    name: str
    wall: bool
    refused: bool


def shown(languages: Iterable[str] = WORDING) -> Iterator[Shown]:
    """Walls and honest pages of the sites, each as the first of its kind there."""
    draw = random.Random(11)
    for language in languages:
        for place in PLACES:
            yield from _of_site(_Site(language, place, draw))


class _Site:
    def __init__(self, language: str, place: str, draw: random.Random) -> None:
        self.language, self.place, self.draw = language, place, draw
        said = WORDING[language]
        # eight titles, of two of the paper's each
        both = [f"{one} – {other}" for one in said["titles"] for other in said["titles"]]
        self.titles = draw.sample(both, PAGES + 1)
        pages = [brief_in(language, place, title, draw) for title in self.titles[:PAGES]]
        urls = [_address(n, title) for n, title in enumerate(self.titles[:PAGES], 1)]
        read = [
            (n, url, _read(html, url, Hint()))
            for n, (url, html) in enumerate(zip(urls, pages, strict=True), 1)
        ]
        self.evidence = evidence_of(read)
        self.known = [Headed(url, title) for url, title in zip(urls, self.titles, strict=False)]
        self.first = read[0][2]


def _of_site(site: _Site) -> Iterator[Shown]:
    title = site.titles[PAGES]
    url = _address(PAGES + 1, title)
    hints = {"feed": Hint(title, source="feed"), "sitemap": Hint()}
    for other in PLACES:
        for name, hint in hints.items():
            html = brief_in(site.language, other, title, site.draw)
            yield Shown(
                f"{site.language} {name} brief", False, _refused(site, html, url, hint, None)
            )
    edited = brief_in(site.language, PLACES[0], site.titles[0], site.draw)
    again = _stored(site)
    yield Shown(
        f"{site.language} brief in a new template", False,
        _refused(site, edited, again.url, hints["sitemap"], again),
    )  # fmt: skip
    for name, html in unknown_walls(site.language):
        for source, hint in hints.items():
            yield Shown(
                f"{site.language} {source} {name}", True, _refused(site, html, url, hint, None)
            )
        yield Shown(
            f"{site.language} stored {name}", True,
            _refused(site, html, again.url, Hint(), again),
        )  # fmt: skip


def unknown_walls(language: str) -> Iterator[tuple[str, str]]:
    """Each shape, by its name, with words that no list has."""
    said = WORDING[language]
    for name, (kind, make) in SHAPES.items():
        if name not in _OF_STORY:
            title, text = (_unknown(words) for words in said["walls"][kind])
            yield name, make(language, title, f"{text} {_unknown(said['bar'])}", said)


def _unknown(text: str) -> str:
    return " ".join(word[::-1] for word in text.split())


def _address(number: int, title: str) -> str:
    slug = "-".join("".join(c if c.isalnum() else " " for c in title).casefold().split())
    return f"https://paper.example/news/{slug}-{number}"


def _read(html: str, url: str, hint: Hint) -> Extraction:
    return extract(html.encode(), "utf-8", url, hint, None, _NOW)


def _stored(site: _Site) -> KnownPage:
    text = text_of(site.first, classify(site.first, Evidence(), 1))
    url, title = site.known[0]
    return KnownPage(
        1, 1, 1, 1, 1, url, title, text, content_hash(title, text), {}, None, _NOW, _NOW, _NOW,
        None, None, None, None, "", None, None,
    )  # fmt: skip


def _refused(site: _Site, html: str, url: str, hint: Hint, known: KnownPage | None) -> bool:
    number = known.url_id if known else PAGES + 1
    found = _read(html, url, hint)
    classified = classify(found, site.evidence, number)
    if not found.is_article or instead(found, [block.keep for block in classified.blocks]):
        return True
    page = Page(1, number, "paper", url, url, 200, (), b"", _NOW, hint)
    text = text_of(found, classified)
    item = Article(page, found, found.metadata, known, text, classification=classified)
    return may_be_unfamiliar(item) and is_unfamiliar(item, site.known)


def near_walls(language: str) -> Iterator[tuple[int | None, int | None]]:
    """The keys of two copies of each wall, with what no two answers have in common."""
    for title, text in WORDING[language]["walls"].values():
        told = [
            near_key(_unknown(title), f"{_unknown(text)}{more}", f"https://paper.example/{slug}")
            for slug, more in (
                ("news/ferry-late", " ID 8f3a2b11 203.0.113.7 14:27:11 /news/ferry-late"),
                ("news/oak-felled", " ID 77b1c9d0 198.51.100.23 09:03:58 /news/oak-felled"),
            )
        ]
        yield told[0], told[1]
