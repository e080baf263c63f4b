"""A made-up site whose pages have one template, in several languages, and what it teaches."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from models.items import Extraction, Hint
from models.memory.learned_templates import LEAST
from models.sites.config import ExtractionRules
from models.templates import TemplatePage, TemplateState, combined, pack, unpack_page
from pipelines.boilerplate.observation import page_hash
from pipelines.kept_text import text_alone
from pipelines.page_reader import ReadPage, read_page
from pipelines.templates.reading_off import SiteTemplates
from tests.support.tales import STORIES

LAST: Final = (1 << 63) - 1  # the hash of a page that is no sample
SURE: Final = 1_000  # agreements in a row
LANGUAGES: Final = tuple(STORIES)
SPACELESS: Final = frozenset({"ja"})
FIRST_DAY: Final = date(2026, 5, 12)
BY: Final = "Anna Lund"


@dataclass(frozen=True)
class Look:
    """How the pages of a template are built: the names of their boxes, and boxes of one's own."""

    body: str = "story-text"
    article: str = "story"
    side: str = "more"
    by: str = "by"
    lead: str = ""  # HTML before the first paragraph
    tail: str = ""  # HTML behind the last paragraph, inside the body
    after: str = ""  # HTML behind the article
    head: str = "h1"


PLAIN: Final = Look()


def told(language: str, key: object, count: int = 6, length: int = 40) -> tuple[str, ...]:
    """Paragraphs that no other key has, of the words of a tale in the language."""
    dice = random.Random(f"{language} {key}")
    tale = STORIES[language]
    source = " ".join((*tale.paragraphs, *tale.more))
    if language in SPACELESS:
        letters = [letter for letter in source if letter not in " 。、"]

        def part() -> str:
            return "".join(dice.choices(letters, k=length))

        return tuple(f"{part()}、{part()}。" for _ in range(count))
    words = [word.strip(",.;।،") for word in source.split()]
    end = "।" if language == "hi" else "."
    lines = []
    for _ in range(count):
        parts = dice.choices(words, k=length)
        half = length // 2
        lines.append(f"{' '.join(parts[:half])}, {' '.join(parts[half:])}{end}".capitalize())
    return tuple(lines)


MORE: Final = told("en", "more", 9)  # paragraphs that no page of the site has


def headline(language: str, key: object) -> str:
    """A headline that no other key has."""
    (line,) = told(language, f"headline {key}", 1, 7)
    return line.rstrip(".।。")


@dataclass(frozen=True)
class MadePage:
    """One page: its address, its bytes, and the text that it should give."""

    url: str
    html: bytes
    paragraphs: tuple[str, ...]
    title: str

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def story(
    number: int,
    language: str = "en",
    look: Look = PLAIN,
    *,
    body: str | None = None,
    count: int = 6,
    title: str | None = None,
) -> MadePage:
    """Page `number` of the site; `body` is HTML in the place of its own paragraphs."""
    tale, lines = STORIES[language], told(language, number, count)
    name = headline(language, number) if title is None else title
    day = FIRST_DAY + timedelta(days=number % 200)
    inner = "".join(f"<p>{line}</p>" for line in lines) if body is None else body
    teasers = "".join(
        f'<li><a href="/{language}/{n}">{headline(language, ("other", n))}</a></li>'
        for n in range(number * 4, number * 4 + 5)
    )
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in tale.names)
    top = f"<{look.head}>{name}</{look.head}>" if name else ""
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<title>{name}</title><meta property="og:type" content="article">'
        f'<meta name="author" content="{BY}">'
        f'<meta property="article:published_time" content="{day.isoformat()}T08:00:00Z"></head>'
        f'<body><header class="top"><nav><ul>{menu}</ul></nav></header>'
        f'<main><article class="{look.article}">{top}'
        f'<p class="{look.by}">{BY}</p><time class="when">{day.isoformat()}</time>'
        f'<div class="{look.body}">{look.lead}{inner}{look.tail}</div></article>'
        f'<aside class="{look.side}"><h2>{tale.other}</h2><ul>{teasers}</ul></aside>'
        f'{look.after}</main><footer class="foot"><p>© 2026 {tale.names[0]}</p></footer>'
        "</body></html>"
    )
    url = f"https://paper.test/{language}/story-{number}.html"
    return MadePage(url, html.encode(), lines if body is None else (), name)


def read(
    page: MadePage, templates: SiteTemplates | None = None, rules: ExtractionRules | None = None
) -> ReadPage:
    """The page by the page reader; without templates by search."""
    return read_page(
        page.html, "utf-8", page.url, Hint(), rules, templates=templates or SiteTemplates()
    )


def both(
    page: MadePage, templates: SiteTemplates, rules: ExtractionRules | None = None
) -> list[str]:
    """The texts of both ways of reading: off the templates, and by search."""
    ways = read(page, templates, rules), read(page, None, rules)
    return [text_alone(found.extraction) for found in ways]


def lesson_of(page: MadePage, rules: ExtractionRules | None = None) -> TemplatePage:
    """What a page shows of its template when it is searched."""
    taught = SiteTemplates(teaches=True, page_hash=page_hash(page.url))
    lesson = read(page, taught, rules).lesson
    assert lesson is not None and lesson.page is not None
    return unpack_page(lesson.page)


def learned(
    pages: Iterable[MadePage], rules: ExtractionRules | None = None, agreed: int = SURE
) -> SiteTemplates:
    """The templates that these pages teach, for a page that is no sample."""
    shown: dict[int, list[TemplatePage]] = {}
    taught = SiteTemplates(teaches=True)
    for page in pages:
        found = read(page, taught, rules)
        if found.lesson is not None and found.lesson.page is not None:
            mine = shown.setdefault(found.extraction.template_key, [])
            mine.append(unpack_page(found.lesson.page))
    states = tuple(
        TemplateState(key, agreed, None, pack(combined(key, those)))
        for key, those in sorted(shown.items())
        if len(those) >= LEAST
    )
    return SiteTemplates(states, LAST, teaches=True)


def taught_by(
    language: str = "en", look: Look = PLAIN, count: int = 10, rules: ExtractionRules | None = None
) -> SiteTemplates:
    """What the first pages of a site teach."""
    return learned([story(n, language, look) for n in range(count)], rules)


def words_of(page: Extraction) -> Sequence[str]:
    """The paragraphs that the page alone keeps."""
    return text_alone(page).split("\n\n")


def changed(page: MadePage, old: str, new: str) -> MadePage:
    """The page with another piece of HTML in the place of one."""
    html = page.html.decode()
    assert old in html
    return replace(page, html=html.replace(old, new, 1).encode())
