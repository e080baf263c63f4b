"""Learned templates of a site that made pages teach, for tests of what people see of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from models.memory import learned_templates
from models.templates import ClosedBox, Lesson, PlaceUse, TemplatePage, pack_page
from tests.support.observations import Taught, teaches

BASIS: Final = "winnow/1 -"
BODY: Final = "article>div.story"
HEADS: Final = {"headline": "article>header>h1", "byline": "article>p.by"}
CLOSED: Final = {
    "article>aside.more": ClosedBox(262, "related"),
    "article>aside.more>ul": ClosedBox(253, "related"),
    "article>p.by": ClosedBox(21, "caption"),
    "header": ClosedBox(112, "navigation"),
}


def shown_page(
    words: int = 300,
    *,
    heads: Mapping[str, str] = HEADS,
    closed: Mapping[str, ClosedBox] = CLOSED,
    more: Mapping[str, tuple[int, int]] | None = None,
) -> TemplatePage:
    """A page with its text in BODY; `more`: texts, and those kept of them, at other DOM paths."""
    texts = {f"{BODY}>p": (9, 9), **(more or {})}
    uses = {path: {0: PlaceUse(n, kept, 2.0 * n, 2.0, 10 * n)} for path, (n, kept) in texts.items()}
    opened = frozenset({BODY, *texts})
    return TemplatePage(BODY, words, uses, dict(closed), opened, dict(heads))


def teach(
    site: Taught, pages: range, template: int = 7, *, agree: int = 0, basis: str = BASIS
) -> None:
    """Has pages teach a template, then so many comparisons agree."""
    for number in pages:
        lesson = Lesson(pack_page(shown_page(300 + number)), basis, None)
        site.remember(replace(teaches(number, {}, {7: (9, 9)}, template=template), lesson=lesson))
    agrees = Lesson(None, basis, True)
    with site.database.transaction() as conn:
        for _ in range(agree):
            page = teaches(pages[0], {}, template=template)
            learned_templates.teach(conn, site.site_id, page, agrees)
