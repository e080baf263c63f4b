"""CSS selectors for one text of a page: short, of stable names, tested on the page itself. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction.selectors import select
from pipelines.extraction.steps import stable_name
from pipelines.inspection.page_fates import TextFate
from pipelines.inspection.page_texts import elements

_LEVELS: Final = 6  # elements above the text that may give a selector
_TESTED: Final = 120  # candidates
_NEAR: Final = 12  # of the candidates, for the fast way
_OFFERED: Final = 4
_A_TEXT: Final = 4  # characters that a selector may be longer, to cover one text less
_NAMERS: Final = ("itemprop", "data-testid", "data-component", "data-module", "role", "aria-label")
_LONGEST: Final = 60  # characters of an attribute's value
_QUOTED: Final = 6  # words by which a text without a name of its own is found,
_MOST_QUOTED: Final = 40  # and characters
_NAME: Final = re.compile(r"[\w-]+")  # no class of a build's, such as md:px-0
_TELLING: Final = frozenset({"aside", "footer", "nav", "form", "figcaption", "header", "address"})
_NEVER: Final = frozenset({"html", "body"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A selector that finds a text, and what else it finds on its page."""

    selector: str
    covers: tuple[int, ...]  # numbers of the texts that it decides, the asked one among them
    kept_words: int  # of these, words of other texts that the article has
    removed_words: int  # words of other texts that it does not have

    @property
    def by_words(self) -> bool:
        """Whether it rests on what the text says, as nothing around it has a name."""
        return ":contains(" in self.selector


class SelectorFinder:
    """Finds selectors for the texts of one page; what one of them finds is looked up once."""

    def __init__(self, tree: HtmlElement, fates: Sequence[TextFate]) -> None:
        """`tree` is as `parse` made it, `fates` are those of its texts."""
        self._tree, self._fates = tree, fates
        self._elements = elements(tree)
        self._places = {element: number for number, element in enumerate(self._elements)}
        self._texts_of: dict[int, list[int]] = {}
        for fate in fates:
            if fate.element is not None:
                self._texts_of.setdefault(fate.element, []).append(fate.number)
        self._covers: dict[str, tuple[int, ...]] = {}

    def suggestions(self, number: int, *, keep: bool) -> list[Suggestion]:
        """Selectors to keep, or to remove, the text `number`; the best first, at most four.

        Better: fewer words of other texts that would change, names before quoted words, short
        before long.
        """
        best: dict[tuple[int, ...], Suggestion] = {}
        for found in self._found(number, islice(self._candidates(number), _TESTED)):
            known = best.get(found.covers)
            if known is None or _cost(found, keep=keep) < _cost(known, keep=keep):
                best[found.covers] = found
        return sorted(best.values(), key=lambda found: _cost(found, keep=keep))[:_OFFERED]

    def place(self, numbers: Sequence[int]) -> Suggestion | None:
        """A selector for neighbouring texts by the names nearest to the first, found faster.

        None without a name. Better: finds them all, no text of another fate, and few others.
        """
        first, wanted = numbers[0], set(numbers)
        near = islice(self._candidates(first, quoted=False), _NEAR)

        def cost(found: Suggestion) -> tuple[int, int, int, int]:
            missed = len(wanted.difference(found.covers))
            return found.kept_words, missed, len(found.covers), len(found.selector)

        return min(self._found(first, near), key=cost, default=None)

    def covered(self, selector: str) -> tuple[int, ...]:
        """The numbers of the texts that a rule with this selector decides."""
        if selector not in self._covers:
            found: set[int] = set()
            for element in select(self._tree, selector):
                for inner in element.iter():
                    found.update(self._texts_of.get(self._places[inner], ()))
            self._covers[selector] = tuple(sorted(found))
        return self._covers[selector]

    def _candidates(self, number: int, *, quoted: bool = True) -> Iterator[str]:
        element = self._fates[number].element
        if element is None:
            return iter(())
        text = self._fates[number].text if quoted else ""
        return _candidates(self._elements[element], text)

    def _found(self, number: int, candidates: Iterable[str]) -> Iterator[Suggestion]:
        """Those that find the text."""
        for selector in dict.fromkeys(candidates):
            covers = self.covered(selector)
            if number in covers:
                yield _suggestion(selector, covers, self._fates, number)


def _suggestion(
    selector: str, covers: tuple[int, ...], fates: Sequence[TextFate], number: int
) -> Suggestion:
    others = [fates[n] for n in covers if n != number]
    return Suggestion(
        selector,
        covers,
        sum(one.words for one in others if one.is_kept),
        sum(one.words for one in others if not one.is_kept),
    )


def _cost(found: Suggestion, *, keep: bool) -> tuple[int, bool, int, str]:
    changed = found.removed_words if keep else found.kept_words
    return (
        changed,
        found.by_words,
        len(found.selector) + _A_TEXT * len(found.covers),
        found.selector,
    )


def _candidates(element: HtmlElement, text: str) -> Iterator[str]:
    """Selectors that may find the element, by its names and those of the elements around it."""
    path = [element, *(e for e in element.iterancestors() if e.tag not in _NEVER)][: _LEVELS + 1]
    named = [list(_by_names(e)) for e in path]
    yield from named[0]
    own = element.tag
    for names in named[1:]:
        yield from names
        for name in names:
            yield f"{name} > {own}"
            yield f"{name} {own}"
            yield from (f"{name} {inner}" for inner in named[0])
    quoted = _quoted(text)
    if quoted:
        around = next((names[0] for names in named[1:] if names), None)
        yield f'{own}:contains("{quoted}")'
        if around:
            yield f'{around} {own}:contains("{quoted}")'


def _by_names(element: HtmlElement) -> Iterator[str]:
    """Selectors of an element alone: by its id, classes, other names, a telling tag."""
    if _is_stable(identity := element.get("id") or ""):
        yield f"#{_escaped(identity)}"
    classes = [name for name in (element.get("class") or "").split() if _is_stable(name)]
    for name in classes[:4]:
        yield f".{_escaped(name)}"
        yield f"{element.tag}.{_escaped(name)}"
    if len(classes) > 1:
        yield "".join(f".{_escaped(name)}" for name in classes[:2])
    for name in _NAMERS:
        value = element.get(name)
        if value and len(value) <= _LONGEST and '"' not in value and "\\" not in value:
            yield f'[{name}="{value}"]'
    if element.tag in _TELLING:
        yield element.tag


def _is_stable(name: str) -> bool:
    """Whether a name is likely to stand there tomorrow, and on other pages."""
    return _NAME.fullmatch(name) is not None and stable_name(name) == name


def _quoted(text: str) -> str:
    """The first words of a text, as they can be quoted: in one line, without signs."""
    quoted = ""
    for word in text.split()[:_QUOTED]:
        longer = f"{quoted} {word}".strip()
        if '"' in word or "\\" in word or (quoted and len(longer) > _MOST_QUOTED):
            break
        quoted = longer
    return quoted[:_MOST_QUOTED]


def _escaped(name: str) -> str:
    """A name as CSS writes it."""
    escaped = "".join(c if c.isalnum() or c in "-_" else f"\\{c}" for c in name)
    return f"\\3{escaped[0]} {escaped[1:]}" if escaped[0].isdecimal() else escaped
