"""The page's scores, with what a story's head, end and posts show.

Lines that are read as metadata go, and so do calls behind the last sentence; the times of a live
blog stay.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from models.items import Metadata
from pipelines.boilerplate import classify
from pipelines.boilerplate.closing import closing
from pipelines.extraction import posts, vocabulary
from pipelines.extraction.blocks import Outline
from pipelines.extraction.signatures import signatures
from pipelines.extraction.spans import ends_sentence, size

_DOUBT: Final = 0.5  # log-odds against a paragraph that goes on with a kept one
_BRIEF: Final = 3  # kept texts, up to which the page model knows little of a page
_SENTENCE: Final = 6  # words of such a paragraph
_LINKED: Final = 0.2  # share of its characters in links, at most


class Edged(NamedTuple):
    """Scores by piece, masks of hints by piece, and the numbers of the times of posts."""

    scores: list[float]
    hints: list[int]
    times: frozenset[int]


def with_edges(
    outline: Outline,
    scores: Sequence[float],
    hints: Sequence[int],
    kinds: Sequence[str],
    metadata: Metadata,
) -> Edged:
    """The scores of a page's pieces, and the hints that give the reasons."""
    found, masks = list(scores), list(hints)
    never = [mask & classify.NONE > 0 for mask in hints]
    _keep_next_paragraphs(outline, found, hints, kinds)
    times, headings = posts.restored(outline, found, never)
    for i in (*times, *headings):
        found[i] = max(found[i], classify.GIVEN)
    days = [at.date() for at in (metadata.published_at, metadata.modified_at) if at]
    for i in signatures(outline, metadata.authors, days, metadata.language):
        found[i] = min(found[i], 0.0) - classify.NEVER
    for i in closing(outline, found, kinds, metadata.authors):
        found[i] -= classify.NEVER
        masks[i] |= vocabulary.ASKS
    return Edged(found, masks, frozenset(times))


def _keep_next_paragraphs(
    outline: Outline, scores: list[float], hints: Sequence[int], kinds: Sequence[str]
) -> None:
    """In a brief, a sentence that nothing speaks against, beside a kept one, is kept."""
    if sum(score > 0 for score in scores) > _BRIEF:
        return
    for i in range(1, len(scores)):
        piece, before = outline.pieces[i], outline.pieces[i - 1]
        one, other = (outline.containers[of.container] for of in (piece, before))
        if (
            -_DOUBT < scores[i] <= 0 < scores[i - 1]
            and kinds[i] == "paragraph"
            and not hints[i]
            and one.parent == other.parent
            and one.step == other.step
            and ends_sentence(piece)
            and size(piece) >= _SENTENCE
            and piece.linked <= _LINKED * len(piece.text)
        ):
            scores[i] = classify.GIVEN
