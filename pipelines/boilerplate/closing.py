"""What stands behind an article's last sentence, in its own element: calls, and who wrote it.

Papers end their texts alike: a call to get the app, to write to the desk, to log in before one
comments; a few words about the author. Nothing in the markup parts them from the story.
"""

import re
from collections.abc import Sequence
from typing import Final

from models.text import words
from pipelines.extraction.blocks import Outline
from pipelines.extraction.call_words import asks_readers
from pipelines.extraction.spans import size

_MOST: Final = 6  # texts behind the last sentence
_ABOUT: Final = 70  # words about an author; a longer text that names one is the story
_LEAST: Final = 20  # words that an article has without them
_MARKED: Final = 0.9  # share of its characters, of a text that is all bold, italic or a link
_SHARE: Final = 0.6  # of what the page would keep, that must be left
# An agency or a paper that signs for its people begins so, and no person does.
_ARTICLES: Final = frozenset({"the", "la", "le", "el", "die", "der", "das", "il", "lo", "o", "het"})
_SHORTEST: Final = 2  # letters of a name in a script without capitals
_LEAD: Final = 3  # words that may stand before the name: `Der Autor`
# a quotation of three words; a shorter one is the name of a paper or a work
_SPEECH: Final = re.compile(
    '[“„«『「"](?:[^“”„«»「」『』"\\s]+\\s+){2}[^“”„«»「」『』"\\s]|[「『][^」』]{8}'
)


def closing(
    outline: Outline, scores: Sequence[float], kinds: Sequence[str], authors: Sequence[str]
) -> list[int]:
    """The numbers of the pieces behind the story; none if little would be left before them.

    `authors`: whom the page names as such.
    """
    kept = [i for i, score in enumerate(scores) if score > 0]
    people = (name for name in map(words, authors) if len(name) >= _SHORTEST)
    names = [name[-2:] for name in people if name[0] not in _ARTICLES]
    found: list[int] = []
    for i in reversed(kept[-_MOST - 1 :]):
        text = outline.pieces[i].text
        asks = asks_readers(text) or (kinds[i] != "heading" and _is_about(outline, i, names))
        if not asks and not (found and kinds[i] == "heading"):
            break
        found.append(i)
    found += [i for i in kept if i not in found and _calls_out(outline, i)]
    total = sum(size(outline.pieces[i]) for i in kept)
    left = total - sum(size(outline.pieces[i]) for i in found)
    return found if left >= max(_LEAST, _SHARE * total) else []


def _calls_out(outline: Outline, i: int) -> bool:
    """Whether a text amid the story is a call, and set apart: all bold, italic or a link, or in
    another element than paragraphs are."""
    piece = outline.pieces[i]
    container = outline.containers[piece.container]
    marked = max(piece.strong, piece.linked) >= _MARKED * len(piece.text)
    boxed = container.tag in ("div", "section") or "aside" in container.areas
    return (marked or boxed) and asks_readers(piece.text)


def _is_about(outline: Outline, i: int, names: Sequence[list[str]]) -> bool:
    """Whether a text is about one who wrote the article: it begins with the name, or nearly so."""
    piece = outline.pieces[i]
    if size(piece) > _ABOUT or _SPEECH.search(piece.text):
        return False
    tokens = piece.tokens
    return any(tokens[at : at + len(name)] == name for name in names for at in range(_LEAD + 1))
