"""What sibling pages are written with: paragraphs, titles and names of real pages, by language."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from typing import Final

from benchmarks.pages import SETS, Sample, samples
from models.text import count_words, one_line, sentences
from pipelines.metadata.detection import detected
from pipelines.metadata.scripts import script_of

LONGEST: Final = 150  # words of a paragraph
FEWEST: Final = 500  # paragraphs of a language, so that no site need say one twice
_PARAGRAPH: Final = (12, LONGEST)
_TITLE: Final = (5, 16)
_HEADING: Final = (2, 9)
_LINE: Final = (3, 24)  # of an interview
_FOR_LINES: Final = 5  # every so many articles, one lends short lines, and no paragraphs
_ENDS: Final = frozenset(".!?…")
_OPENING: Final = "\"'“„”‚‘’»«¿¡([$€£"
_CLOSING: Final = "\"'”’»“)]"


@dataclass(frozen=True, slots=True)
class Donor:
    """A real article, as far as it can lend its words."""

    title: str  # empty: none is known
    paragraphs: tuple[str, ...] = field(repr=False)
    headings: tuple[str, ...] = field(repr=False)


def language_of(text: str) -> str | None:
    """The primary tag of a text's language."""
    return detected(text, script_of(text) or "Latin")


@cache
def donors() -> dict[str, tuple[Donor, ...]]:
    """The articles of all sets by their languages, of languages with FEWEST paragraphs and more.

    No two of them share a paragraph.
    """
    found: dict[str, list[Donor]] = defaultdict(list)
    said: set[str] = set()
    for sample in (sample for name in SETS for sample in samples(name)):
        language = language_of(sample.text)
        if language is not None:
            found[language].append(donor(sample, said))
    return {
        language: tuple(given)
        for language, given in found.items()
        if sum(len(one.paragraphs) for one in given) >= FEWEST
    }


def donor(sample: Sample, said: set[str]) -> Donor:
    """What a page's truth lends, without what is `said` already; adds to that."""
    lines = [one_line(line) for line in sample.text.split("\n")]
    new = [line for line in dict.fromkeys(lines) if line not in said]
    said.update(new)
    title = one_line(sample.title or "")
    return Donor(
        title if _fits(title, _TITLE) else "",
        tuple(
            line for line in new if _fits(line, _PARAGRAPH) and is_sentence(line) and _opens(line)
        ),
        tuple(line for line in new if _fits(line, _HEADING) and line[-1].isalnum()),
    )


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.rstrip(_CLOSING)[-1:] in _ENDS


def _opens(line: str) -> bool:
    """Whether a line begins as a sentence does, and not with a bullet."""
    return line.lstrip(_OPENING)[:1].isalnum()


def _fits(text: str, words: tuple[int, int]) -> bool:
    return words[0] <= count_words(text) <= words[1]


class Spent(Exception):
    """A language has no more paragraphs for a site."""


class Lender:
    """Lends a site its words, in the order of the articles that they are from.

    Paragraphs and titles each once, and then `Spent`; headings and short lines again from the
    start when all were lent.
    """

    def __init__(self, given: Iterable[Donor], draw: random.Random) -> None:
        whole = list(given)
        draw.shuffle(whole)
        parted = len(whole) // _FOR_LINES
        self._headings = cycle([line for one in whole for line in one.headings])
        self._lines = cycle([line for one in whole[:parted] for line in _lines(one)])
        self._titled = iter([one for one in whole[parted:] if one.title and one.paragraphs])
        self._others = iter([one for one in whole[parted:] if not one.title])
        self._spare: list[str] = []

    def title(self) -> str:
        """A title; what was told under it becomes part of others' stories."""
        title, _ = self.story(0, 0)
        return title

    def story(self, count: int, most: int) -> tuple[str, list[str]]:
        """A title and so many paragraphs of up to `most` words, of its article while it lasts."""
        article = next(self._titled, None)
        if article is None:
            raise Spent("titles")
        self._spare[:0] = article.paragraphs
        return article.title, self.paragraphs(count, most)

    def paragraphs(self, count: int, most: int) -> list[str]:
        """So many paragraphs of up to `most` words."""
        found: list[str] = []
        passed: list[str] = []
        while len(found) < count:
            if not self._spare:
                self._spare += self._more()
            paragraph = self._spare.pop(0)
            (found if count_words(paragraph) <= most else passed).append(paragraph)
        self._spare += passed
        return found

    def headings(self, count: int) -> list[str]:
        """So many headings of parts of a story."""
        return list(islice(self._headings, count))

    def lines(self, count: int) -> list[str]:
        """So many short sentences."""
        return list(islice(self._lines, count))

    def _more(self) -> tuple[str, ...]:
        """The paragraphs of an article whose title is not known, or else of another."""
        article = next(self._others, None) or next(self._titled, None)
        if article is None:
            raise Spent("paragraphs")
        return article.paragraphs


def _lines(article: Donor) -> Iterator[str]:
    for paragraph in article.paragraphs:
        for sentence in sentences(paragraph):
            if _fits(sentence, _LINE) and _opens(sentence) and is_sentence(sentence):
                yield sentence
