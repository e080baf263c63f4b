"""What a site has taught, as its page shows it: texts, DOM paths and templates, with examples."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from crawler.reports.site_memory import distinct_texts
from models.crawl.run_notes import urls_by_number
from models.evidence import SAMPLE
from models.memory import learned
from models.memory.learned import LearnedBlock, LearnedPath, TaughtTemplate
from models.memory.learned_templates import LEAST
from models.templates import usable
from models.urls import path_and_query

SHOWN: Final = 25  # texts, and as many DOM paths
TEMPLATES: Final = 10
EXAMPLES: Final = 2  # pages of each


@dataclass(frozen=True, slots=True)
class ExamplePage:
    """A page that shows what was learned."""

    url_id: int
    path: str  # of its URL


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text that the site repeats."""

    learned: LearnedBlock
    pages: str
    examples: tuple[ExamplePage, ...]


@dataclass(frozen=True, slots=True)
class ShownPath:
    """A DOM path, and how much of what stands there is of articles."""

    learned: LearnedPath
    pages: str
    examples: tuple[ExamplePage, ...]


@dataclass(frozen=True, slots=True)
class ShownTemplate:
    """A template, and whether pages can be read off it."""

    key: int
    status: str
    body: str | None  # DOM path of the article's text
    pages: str
    recent: int
    of_recent: int
    since: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownMemory:
    """All of it, as far as it is shown."""

    texts: tuple[ShownText, ...]
    paths: tuple[ShownPath, ...]
    templates: tuple[ShownTemplate, ...]
    more_templates: int


def shown_memory(conn: Connection, site_id: int) -> ShownMemory:
    """The texts on most pages, the DOM paths with most words, and the templates."""
    texts = distinct_texts(learned.learned_blocks(conn, site_id, 2 * SHOWN))[:SHOWN]
    paths = learned.learned_paths(conn, site_id, SHOWN)
    templates = learned.learned_templates(conn, site_id)
    keys = [text.block_id for text in texts] + [path.path_id for path in paths]
    pages = learned.example_pages(conn, site_id, keys, EXAMPLES)
    urls = urls_by_number(conn, {page for some in pages.values() for page in some})

    def examples(key: int) -> tuple[ExamplePage, ...]:
        return tuple(_examples(pages.get(key, ()), urls))

    return ShownMemory(
        tuple(ShownText(text, _count(text.pages), examples(text.block_id)) for text in texts),
        tuple(ShownPath(path, _count(path.pages), examples(path.path_id)) for path in paths),
        tuple(map(_template, templates[:TEMPLATES])),
        max(0, len(templates) - TEMPLATES),
    )


def _examples(pages: Iterable[int], urls: dict[int, str]) -> Iterable[ExamplePage]:
    return (ExamplePage(page, path_and_query(urls[page])) for page in pages if page in urls)


def _template(one: TaughtTemplate) -> ShownTemplate:
    body = None
    try:
        template = usable(one.state)
    except ValueError as fault:
        status = f"cannot be read ({fault}), so its pages are searched"
    else:
        body = None if template is None else template.body
        status = f"{one.pages} of the {LEAST} pages that it takes"
        if template is not None:
            status = "learned" + (f", {one.agreed} comparisons agree" if one.agreed else "")
    pages = _count(one.pages)
    return ShownTemplate(
        one.key, status, body, pages, one.recent, one.of_recent, one.since, one.seen_at
    )


def _count(pages: int) -> str:
    return f"{pages}+" if pages >= SAMPLE else str(pages)
