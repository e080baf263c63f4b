"""Bylines in a page's text, for pages whose JSON-LD and meta name no person."""

import re
from collections.abc import Iterator, Set
from itertools import chain, islice

from lxml.html import HtmlElement

from pipelines.metadata.credits import says_by, without_by
from pipelines.metadata.head import Head
from pipelines.metadata.markup import text_of
from pipelines.metadata.names import is_conjunction, leading_names, looks_personal

_MAX_LOOKED_AT = 300
_MAX_SENTENCE = 240  # characters of a byline that says where and when, too
_MAX_BYLINE = 120  # characters; longer texts are about the author, or no byline
_LONGEST_LABEL = 24  # characters
_MAX_SIGNED = 80
_MAX_LINE = 300  # with section and date; what ends as a sentence does is one
_ENDS = ".!?…。！？।؟"
_SOON = 120  # elements below the heading: a byline, not a teaser's
_SIGNED_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "a", "li", "address", "em")
_APART = frozenset({"nav", "footer", "aside"})
_NAMES = ("uthor", "yline", "utor", "uteur")  # in a class, whatever its first letter's case
_AUTHORS = ("/author", "/autor", "/auteur")  # in the address of a link
_MARK = re.compile(r"author(?!i[sz])|byline|autor(?!i[sz])|auteur", re.IGNORECASE)
# In the head of an article, other names of classes that publishers have for it; in lower case,
# of which a search takes a fifth of the time that one in either case takes.
_HEAD_MARK = re.compile(
    r"author(?!i[sz])|byline|autor(?!i[sz])|auteur|verfasser|writer|reporter|journalis|kolumnis|"
    r"columnis|skribent|forfatt|författ|kirjoittaja|toimittaja|yazar|muhabir|penulis|contributor|"
    r"kontributor|schrijver|szerzo|tac-?gia|redactor|redakt[eoø]r|vcard|signature|(?:^|[\s_-])firma"
)
_PERSON_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|a|i)?|auteurs?|writers?|reporters?|journalists?|columnists?|"
    r"toimittajat?|kirjoittajat?|skribent(?:er)?|forfatter(?:e)?|journalist(?:er|en|es)?|autorzy|avtor|"
    r"journalistes?|periodistas?|firmas?|colaboradores|muhabir(?:ler)?|szerzok?|people|person|persons|profiles?|profil|staff|team|contributors?|yazar(?:lar)?|penulis|"
    r"redakt\w+|by|u|user|users)/.",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"comment|related|teaser|card|promo|sidebar|footer|recommend|popular", re.I)
_ABOUT = re.compile(r"bio|image|img|photo|avatar|social|follow|title|job|role|desc|box|date|time")


def bylines(tree: HtmlElement, others: Set[HtmlElement] = frozenset()) -> Iterator[tuple[str, ...]]:
    """The texts of each byline, in document order; elements side by side are one byline.

    `others`: elements of further stories, which are left out.
    """
    marked = [one for one in islice(_candidates(tree), _MAX_LOOKED_AT) if _is_mark(one)]
    marked = [element for element in marked if element not in others]
    outer = {parent for element in marked for parent in element.iterancestors()}
    group: list[str] = []
    row: HtmlElement | None = None
    for element in marked:
        text = element.get("content") or text_of(element)
        if element in outer or not text or len(text) > _MAX_BYLINE:
            continue
        here = _row(element)
        if group and here is not row:
            yield tuple(group)
            group = []
        row = here
        group.append(text)
    if group:
        yield tuple(group)


def _candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    """What may be marked as an author's; XPath takes three times as long to say it."""
    roots = (tree, *tree.itersiblings())  # a broken page may have several
    for element in chain.from_iterable(root.iter("*") for root in roots):
        get = element.get
        if not (
            ((own := get("class")) and any(map(own.__contains__, _NAMES)))
            or ((link := get("href")) and any(map(link.__contains__, _AUTHORS)))
            or get("itemprop") == "author"
            or "author" in get("rel", "")
        ):
            continue
        if get("itemprop") is not None or not _is_apart(element):
            yield element


def _is_apart(element: HtmlElement) -> bool:
    return element.tag in _APART or next(element.iterancestors(*_APART), None) is not None


def head_bylines(head: Head) -> Iterator[tuple[str, ...]]:
    """The texts of bylines in an article's head, where more is one than elsewhere on a page."""
    marked = [element for element in head.elements if _is_head_mark(element)]
    outer = {parent for element in marked for parent in element.iterancestors()}
    found: list[str] = []
    for element in marked:
        whole = _sentence(element)
        if element in outer and not whole:
            continue
        if not head.is_teaser(element):
            found.extend(whole or _texts(element))
    if found:
        yield tuple(found)
    labelled = [near for element in head.elements if (near := _labelled(element)) is not None]
    if labelled:
        yield tuple(chain.from_iterable(map(_texts, labelled)))


def signed_lines(tree: HtmlElement, others: Set[HtmlElement] = frozenset()) -> Iterator[str]:
    """Short texts soon after the first heading that begin with "By", in some language."""
    below = -1
    for element in tree.iter(*_SIGNED_TAGS):
        if element.tag == "h1" or below >= 0:
            below += 1
        if below > _SOON:
            return
        if below >= 0 and element not in others and _is_signed(element.text or ""):
            text = " ".join(text_of(element).split())
            if len(text) <= _MAX_SIGNED or (len(text) <= _MAX_LINE and text[-1] not in _ENDS):
                yield leading_names(text)


def _is_signed(text: str) -> bool:
    """Whether a text begins as a byline does, or is such a beginning before a link."""
    first = text.split(maxsplit=3)[:3]
    lead = (" ".join(first[:count]) for count in range(1, len(first) + 1))
    return any(says_by(part) for part in lead)


def _is_head_mark(element: HtmlElement) -> bool:
    named = {*element.get("itemprop", "").split(), *element.get("property", "").split()}
    if {"author", "creator", "schema:author", "dc:creator"} & named:
        return True
    if "author" in element.get("rel", "").split() or element.tag in ("cite", "address"):
        return True
    own = element.get("class", "")
    if element.tag in ("img", "time") or (_ABOUT.search(own) and "vcard" not in own):
        return False
    return bool(_HEAD_MARK.search(own.lower()) or _PERSON_LINK.search(element.get("href", "")))


def _labelled(element: HtmlElement) -> HtmlElement | None:
    """What stands beside an element that says "by" or "author" alone: <dt>Author</dt><dd>NAME."""
    own, between = (element.text or "").strip(), (element.tail or "").strip()
    if not 0 < len(own) <= _LONGEST_LABEL or len(element) or between not in ("", ":"):
        return None
    near = element.getnext()
    is_label = without_by(f"{own}{between} x y") == "x y"
    return near if is_label and near is not None and isinstance(near.tag, str) else None


def _texts(element: HtmlElement) -> list[str]:
    """The names that an element says: those marked as such in it, or its text."""
    inner = element.xpath(".//*[@itemprop='name']")
    texts = [named.get("content") or text_of(named) for named in inner]
    texts = texts or [element.get("content") or text_of(element)]
    return [
        text if len(text) <= _MAX_BYLINE and "\n" in text else leading_names(text)
        for text in texts
        if text and len(text) <= _MAX_SENTENCE
    ]


def _sentence(element: HtmlElement) -> list[str]:
    """The linked names of "Written by A and B in C on 3 May": those that follow "by" alone."""
    names: list[str] = []
    before = element.text or ""
    for child in element:
        text = text_of(child)
        joined = is_conjunction(before) if names else says_by(before)
        if child.tag == "a" and joined and looks_personal(text):
            names.append(text)
        elif names or text:
            break
        before = child.tail or ""
    return names


def _is_mark(element: HtmlElement) -> bool:
    own = element.get("class", "")
    if not isinstance(element.tag, str) or element.tag in ("script", "img", "link", "meta"):
        return False
    named = element.get("itemprop") == "author" or "author" in element.get("rel", "").split()
    linked = re.search(r"/(?:authors?|autor(?:en|es|a|i)?|auteurs?)/.", element.get("href", ""))
    if not (named or linked or _MARK.search(own)) or _ABOUT.search(own):
        return False
    nearby = [element, *list(element.iterancestors())[:6]]
    return not any(_ELSEWHERE.search(near.get("class", "")) for near in nearby)


def _row(element: HtmlElement) -> HtmlElement:
    """What holds one author beside another: the list, or the parent of single links."""
    parent = element.getparent()
    item = parent if parent is not None and parent.tag in ("li", "span") else element
    above = item.getparent()
    return above if above is not None else item
