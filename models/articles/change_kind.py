"""How one wording of an article differs from another. Pure: texts in, a word out."""

import re
from collections import Counter
from typing import Final

from models import text as texts

KINDS: Final = ("first", "typo", "update", "rewrite", "headline", "reextract")
FEW_WORDS: Final = 3  # a slip of the pen touches no more words than this, on either side
SMALL_SHARE: Final = 0.1  # of all words: in a text of ten words, three are no slip
_NUMBER: Final = re.compile(r"[-−]?[$€£¥]?\s?\d+(?:[.,:]\d+)*\s?[%°€$£¥]?")
REWRITTEN: Final = 0.5  # more than half of the words came or went


def content_hash(title: str | None, text: str) -> str:
    """64 hex digits of the SHA-256 of title and text, as the database holds them."""
    return texts.content_hash(f"{texts.clean(title or '')}\n\n{texts.clean(text)}")


def change_between(title: str | None, text: str, new_title: str | None, new_text: str) -> str:
    """'headline', 'typo', 'update' or 'rewrite': how far the new wording is from the old.

    A few other words are a typo, but never a number: "3 dead" that becomes "5 dead" is news.
    """
    if text == new_text:
        return "headline" if (title or "") != (new_title or "") else "update"
    was, now = f"{title or ''}\n{text}", f"{new_title or ''}\n{new_text}"
    old, new = texts.words(was), texts.words(now)
    if old == new and _numbers(was) == _numbers(now):
        return "typo"  # punctuation, case or paragraphs
    before, after = Counter(old), Counter(new)
    gone, come = before - after, after - before
    share = (gone.total() + come.total()) / max(1, len(old) + len(new))
    if share > REWRITTEN:
        return "rewrite"
    slip = _is_slip(gone, come, share) and _numbers(was) == _numbers(now)
    return "typo" if slip else "update"


def _numbers(text: str) -> list[str]:
    """The figures of a text with what they are of: -5 is not 5, and $5 not €5."""
    return ["".join(number.split()) for number in _NUMBER.findall(text)]


def _is_slip(gone: Counter[str], come: Counter[str], share: float) -> bool:
    if not gone and not come:
        return False  # the same words in another order: paragraphs moved
    if gone.total() > FEW_WORDS or come.total() > FEW_WORDS or share > SMALL_SHARE:
        return False
    return not any(any(sign.isnumeric() for sign in word) for word in (*gone, *come))
