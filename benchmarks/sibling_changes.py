"""Changes of a site's template, made to a sibling page before it is written out."""

import zlib
from collections.abc import Callable
from copy import deepcopy
from typing import Final

import lxml.html
from lxml.html import HtmlElement

from benchmarks.sibling_drafts import Draft, Told, between, copies, holds, set_text
from benchmarks.sibling_plans import call_of, paywall_of

_ASIDE: Final = 10  # words of an element that may hold the story instead
_LISTED: Final = 12  # items of a list


def renamed(page: Draft) -> None:
    """The containers of the story have other names: those around it, and of its paragraphs."""
    around = [*page.body.iterancestors("div", "section", "article", "main"), page.body]
    for told in page.told:
        if told.inside:
            inner = (element for element, _ in between(told.element, told.unit))
            around += [told.unit, *inner]
    for element in dict.fromkeys(around):
        for name in ("class", "id"):
            if element.get(name):
                element.set(name, " ".join(map(_other_name, element.get(name).split())))


def moved(page: Draft) -> None:
    """Moves the story's container into the sidebar, or to the end of a page without one."""
    place = _sidebar(page)
    page.body.tail = None
    place.insert(0, page.body)


def swapped(page: Draft) -> None:
    """The story is in a container of its own; the former one has other stories' beginnings."""
    former = page.body
    told = [one for one in page.told if one.inside]
    usual = deepcopy(told[0].element)
    made = lxml.html.Element("section", {"class": "story-text"})
    for child in list(former):
        made.append(child)
    for title, said in page.plan.others:
        heading = lxml.html.fragment_fromstring("<h3><a href='/other'>x</a></h3>")
        heading[0].text = title
        text = deepcopy(usual)
        set_text(text, said, None)
        former.extend([heading, text])
    former.addnext(made)
    page.body = made


def call(page: Draft) -> None:
    """Amid each story stands a paragraph that asks readers to subscribe."""
    paragraphs = page.paragraphs
    _put_behind(paragraphs[(len(paragraphs) - 1) // 2], call_of(page.language))


def wrapped(page: Draft) -> None:
    """Each paragraph is in a `div` of its own."""
    for told in page.paragraphs:
        wrapper = lxml.html.Element("div", {"class": "text-block"})
        told.element.addprevious(wrapper)
        wrapper.tail, told.element.tail = told.element.tail, None
        wrapper.append(told.element)
        if told.unit is told.element:
            told.unit = wrapper


def cut(page: Draft) -> None:
    """The story ends after its first paragraph; a call to subscribe follows in its container."""
    first = page.paragraphs[0]
    behind = page.told.index(first) + 1
    for told in page.told[behind:]:
        if told.inside and told.unit.getparent() is not None:
            told.unit.drop_tree()
    page.told = page.told[:behind] + [told for told in page.told[behind:] if not told.inside]
    _put_behind(first, paywall_of(page.language))


def listed(page: Draft) -> None:
    """Behind the first paragraph of each story stands a list of names and numbers."""
    first = page.paragraphs[0]
    words = [word for told in page.paragraphs for word in told.text.split()]
    made = lxml.html.Element("ul", {"class": "results"})
    items = []
    for number in range(_LISTED):
        item = lxml.html.Element("li")
        item.text = f"{' '.join(words[7 * number : 7 * number + 2])}, {17 + number}"
        made.append(item)
        items.append(Told("item", item, made, item.text, True))
    first.unit.addnext(made)
    at = page.told.index(first) + 1
    page.told[at:at] = items


def headed(page: Draft) -> None:
    """The story's first paragraph stands right behind the headline, in the box of that."""
    title = next((told for told in page.told if told.kind == "title"), None)
    if title is None:
        return
    first = page.paragraphs[0]
    made = lxml.html.Element("p", {"class": "standfirst"})
    made.text = first.text
    first.unit.drop_tree()
    title.element.addnext(made)
    page.told.remove(first)
    told = Told("paragraph", made, made, first.text, False)
    page.told.insert(page.told.index(title) + 1, told)


CHANGES: Final[dict[str, Callable[[Draft], None]]] = {
    "renamed": renamed,
    "moved": moved,
    "swapped": swapped,
    "call": call,
    "wrapped": wrapped,
    "cut": cut,
    "listed": listed,
    "headed": headed,
}


def _put_behind(told: Told, text: str) -> None:
    """A paragraph like this one, behind it."""
    for _, element in copies(told, 1):
        set_text(element, text, None)


def _other_name(name: str) -> str:
    return f"n{zlib.crc32(name.encode()):08x}"


def _sidebar(page: Draft) -> HtmlElement:
    """The page's aside, or an element beside the story or beside what is around it."""
    around = (page.body, *page.body.iterancestors())
    beside = (
        element
        for inner in around
        for element in (
            *inner.itersiblings("div", "section"),
            *inner.itersiblings("div", "section", preceding=True),
        )
    )
    for element in (*page.root.iter("aside"), *beside):
        long = len(element.text_content().split()) >= _ASIDE
        inside = page.body in element.iterancestors()
        if long and not inside and element not in around and not holds(element, page.told):
            return element
    made = lxml.html.Element("div", {"class": "secondary"})
    page.root.find("body").append(made)
    return made
