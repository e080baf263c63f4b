"""Whether two texts are one story: read off the texts themselves, never off their sketches.

The thresholds were chosen on hand-labelled pairs of real news; docs/duplicates.md has the
figures, and which halves they were held out on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from pipelines.duplicates.differences import Differences
from pipelines.duplicates.sketch import SHORTEST, shingles, tokens

NEAR: Final = 0.45  # Jaccard of shingles from which two texts are one
CONTAINED: Final = 0.8  # share of the shorter's shingles that stand in the longer
LEAST_RATIO: Final = 0.4  # of lengths; a shorter copy is an excerpt
SAME_TITLE: Final = 0.8  # share of the shorter title's words that stand in the other
TITLED_JACCARD, TITLED_CONTAINED = 0.3, 0.6  # what suffices under one title in two days
TITLED_TOKENS: Final = 60
NUMBERED: Final = 120  # tokens; a shorter text is told from its template's others by numbers
SAME_NUMBERS: Final = 0.8  # share of the shorter's numbers that stand in the other
DATED: Final = 250  # tokens; a shorter text is told from its template's others by its date
ONE_DAY, TWO_DAYS = timedelta(hours=24), timedelta(hours=48)
QUOTED_FROM: Final = 0.25  # of the longer; a passage that starts later is quoted, not the story
ALIKE: Final = 0.9  # Jaccard; so much is shared neither with a template nor with half a page
EXCERPT_TOKENS: Final = 40
EXCERPT_RATIO: Final = 0.8  # a longer "excerpt" is a variant that a guard held apart

OTHER_NUMBERS, DAYS_APART = "other numbers", "published days apart"
TEMPLATE: Final = "another item of its template"


class Kind(StrEnum):
    """What two texts are to each other."""

    EXACT = "exact"  # the same tokens
    NEAR = "near"  # one story, edited
    EXCERPT = "excerpt"  # the shorter is a part of the longer: linked, never merged
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two texts are: the kind, the measures behind it, and the reason."""

    kind: Kind
    jaccard: float  # 0..1, of five-token shingles
    containment: float  # 0..1, of the shorter's shingles in the longer
    reason: str

    @property
    def same(self) -> bool:
        """Whether the two belong in one cluster."""
        return self.kind in (Kind.EXACT, Kind.NEAR)

    @property
    def similar(self) -> bool:
        """Whether the two are linked at all."""
        return self.kind != Kind.DIFFERENT


@dataclass(frozen=True)
class ComparedText:
    """A text prepared for comparison: tokenised once, compared with many."""

    title: str
    text: str
    published_at: datetime | None  # aware; at midnight where only the day is known

    @cached_property
    def tokens(self) -> list[str]:
        """The text's tokens, in order."""
        return tokens(self.text)

    @cached_property
    def runs(self) -> list[int]:
        """The hash of each shingle, in order."""
        return shingles(self.tokens)

    @cached_property
    def shingles(self) -> frozenset[int]:
        """The distinct shingles."""
        return frozenset(self.runs)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The distinct tokens with a digit in them."""
        return frozenset(t for t in set(self.tokens) if any(c.isdigit() for c in t))

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The distinct words of the title."""
        return frozenset(tokens(self.title))


def same_story(
    a_title: str,
    a_text: str,
    a_date: datetime | None,
    b_title: str,
    b_text: str,
    b_date: datetime | None,
) -> Similarity:
    """How alike two articles are; symmetric. The dates are both aware or both naive."""
    return compare(ComparedText(a_title, a_text, a_date), ComparedText(b_title, b_text, b_date))


def compare(a: ComparedText, b: ComparedText) -> Similarity:
    """How alike two prepared texts are; symmetric, linear in their lengths."""
    # ties by the words themselves: the result must not depend on which of two comes first
    short, long = sorted((a, b), key=lambda text: (len(text.tokens), text.tokens))
    if not short.tokens:
        return Similarity(Kind.DIFFERENT, 0.0, 0.0, "no text")
    if short.tokens == long.tokens:
        return Similarity(Kind.EXACT, 1.0, 1.0, "equal text")
    shared = len(short.shingles & long.shingles)
    jaccard = shared / (len(short.shingles) + len(long.shingles) - shared)
    containment = shared / min(len(short.shingles), len(long.shingles))
    kind, reason = _kind(short, long, jaccard, containment)
    return Similarity(kind, jaccard, containment, reason)


def _kind(
    short: ComparedText, long: ComparedText, jaccard: float, contained: float
) -> tuple[Kind, str]:
    if len(short.tokens) < SHORTEST:
        return Kind.DIFFERENT, "too short for other than equal text"
    reason = _near(short, long, jaccard, contained)
    held = _held_apart(short, long)
    if reason:
        held = _on_a_closer_look(short, long, jaccard, held)
    if reason and not held:
        return Kind.NEAR, reason
    if contained >= CONTAINED and held not in (OTHER_NUMBERS, TEMPLATE) and _is_part(short, long):
        return Kind.EXCERPT, "a part of the other"
    return Kind.DIFFERENT, held if reason and held else "too little shared"


def _near(short: ComparedText, long: ComparedText, jaccard: float, contained: float) -> str | None:
    """By what the two texts are alike enough to be one, before the guards are asked."""
    if jaccard >= NEAR:
        return "near-duplicate"
    if _ratio(short, long) < LEAST_RATIO:
        return None
    if contained >= CONTAINED and _starts(short, long) < QUOTED_FROM:
        return "shortened copy"
    titled = jaccard >= TITLED_JACCARD and contained >= TITLED_CONTAINED
    if titled and len(short.tokens) >= TITLED_TOKENS and _same_title(short, long):
        return "same title, rewritten in part"
    return None


def _held_apart(short: ComparedText, long: ComparedText) -> str | None:
    """Why alike texts are still two articles: items of one template differ in numbers and dates."""
    if len(short.tokens) < NUMBERED and short.numbers:
        known = len(short.numbers & long.numbers) / len(short.numbers)
        if known < SAME_NUMBERS:
            return OTHER_NUMBERS
    apart = _apart(short, long)
    if len(short.tokens) < DATED and apart is not None and apart >= TWO_DAYS:
        return DAYS_APART
    return None


def _on_a_closer_look(
    short: ComparedText, long: ComparedText, jaccard: float, held: str | None
) -> str | None:
    """Why texts that share much are still two articles: read off what they do not share."""
    if held == DAYS_APART or (held is None and jaccard >= ALIKE):
        return held
    differences = Differences(short.text, long.text)
    slots = differences.slots
    if slots.of_a_template or (slots.may_be_of_a_template and not _same_title(short, long)):
        return TEMPLATE
    if held is not None:
        # a template's items of one day differ in more than one place
        apart = _apart(short, long)
        corrected = slots.total == 1 and apart is not None and apart < ONE_DAY
        return None if corrected else held
    return "holds another story" if differences.holds_another_story else None


def _is_part(short: ComparedText, long: ComparedText) -> bool:
    return len(short.tokens) >= EXCERPT_TOKENS and _ratio(short, long) < EXCERPT_RATIO


def _ratio(short: ComparedText, long: ComparedText) -> float:
    return len(short.tokens) / len(long.tokens)


def _apart(short: ComparedText, long: ComparedText) -> timedelta | None:
    if short.published_at is None or long.published_at is None:
        return None
    return abs(short.published_at - long.published_at)


def _same_title(short: ComparedText, long: ComparedText) -> bool:
    apart, fewest = _apart(short, long), min(len(short.title_words), len(long.title_words))
    if apart is None or apart >= TWO_DAYS or fewest < 4:
        return False
    return len(short.title_words & long.title_words) >= SAME_TITLE * fewest


def _starts(short: ComparedText, long: ComparedText) -> float:
    """Where in the longer text the first shared shingle stands, 0..1."""
    at = next((i for i, run in enumerate(long.runs) if run in short.shingles), len(long.runs))
    return at / len(long.runs)
