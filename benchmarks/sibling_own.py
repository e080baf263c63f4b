"""What a story has of its own: a list or a table, a box amid it, questions that are bold."""

import random

import lxml.html
from lxml.html import HtmlElement

from benchmarks.sibling_drafts import Draft, Told
from benchmarks.wall_pages import WORDING


def add_own(page: Draft, draw: random.Random) -> None:
    """The list or table of a story, a box amid a story; as the kind of the page asks."""
    paragraphs = page.paragraphs
    after = draw.choice(paragraphs[:-1] or paragraphs)
    if page.plan.kind == "interview":
        for told in paragraphs[::2]:
            _make_strong(told.element)
    elif page.plan.kind == "list" and not any(
        told.kind in {"item", "table"} and told.inside for told in page.told
    ):
        made = _table(page.plan.items) if draw.random() < 0.5 else _list(page.plan.items, draw)
        after.unit.addnext(made[0].unit)
        at = page.told.index(after) + 1
        page.told[at:at] = made
    elif page.plan.kind == "box":
        after.unit.addnext(_box(page, draw))


def _box(page: Draft, draw: random.Random) -> HtmlElement:
    """A box in the body that is not the story: another's title, or a newsletter sign-up."""
    said = WORDING[page.language]
    if draw.random() < 0.5:
        markup = f"<p><strong>{said['related']}:</strong> <a href='/more'></a></p>"
        box = lxml.html.fragment_fromstring(markup)
        box[1].text = page.plan.others[0][0]
        return box
    markup = f"<div class='newsletter-box'><h4>Newsletter</h4><p>{said['aside']}</p></div>"
    return lxml.html.fragment_fromstring(markup)


def _make_strong(element: HtmlElement) -> None:
    strong = lxml.html.Element("strong")
    strong.text, element.text = element.text_content(), None
    for child in list(element):
        element.remove(child)
    element.append(strong)


def _list(items: tuple[str, ...], draw: random.Random) -> list[Told]:
    made = lxml.html.Element("ul")
    told = []
    for text in items[: draw.randint(4, 7)]:
        item = lxml.html.Element("li")
        item.text = text
        made.append(item)
        told.append(Told("item", item, made, text, True))
    return told


def _table(items: tuple[str, ...]) -> list[Told]:
    made = lxml.html.Element("table")
    lines = []
    for n, text in enumerate(items[:6]):
        row = lxml.html.Element("tr")
        cells = (*text.split()[:2], str(1200 + 37 * n), f"{n + 2}.{n}")
        for cell in cells:
            inner = lxml.html.Element("td")
            inner.text = cell
            row.append(inner)
        made.append(row)
        lines.append(" ".join(cells))
    return [Told("table", made, made, "\n".join(lines), True)]
