"""How much of a text is right: F1 over words."""

from collections import Counter

from models.text import words


def f1(found: str, truth: str) -> float:
    """Over words as multisets, case folded; single characters in scripts without spaces. 0 to 1."""
    ours, theirs = Counter(words(found)), Counter(words(truth))
    both = (ours & theirs).total()
    whole = ours.total() + theirs.total()
    return 2 * both / whole if whole else 1.0
