"""How one wording of an article differs from another. Pure: texts in, a word out."""

import re
from collections import Counter
from typing import Final

from models import text as texts
from models.articles import spelling

KINDS: Final = ("first", "typo", "update", "rewrite", "headline", "reextract")
_NUMBER: Final = re.compile(r"[-−]?[$€£¥]?\s?\d+(?:[.,:]\d+)*\s?[%°€$£¥]?")
REWRITTEN: Final = 0.5  # more than half of the words came or went


def content_hash(title: str | None, text: str) -> str:
    """64 hex digits of the SHA-256 of title and text, as the database holds them."""
    return texts.content_hash(f"{texts.clean(title or '')}\n\n{texts.clean(text)}")


def reads_alike(title: str | None, text: str, new_title: str | None, new_text: str) -> bool:
    """Whether two wordings differ at most in what nobody sees: white space, soft hyphens and so on.

    Then a better reading of a page is no other text, and readers need not hear of it.
    """
    return _seen(title, text) == _seen(new_title, new_text)


def _seen(title: str | None, text: str) -> tuple[str, str]:
    return "".join(texts.plain(title or "").split()), "".join(texts.plain(text).split())


def change_between(title: str | None, text: str, new_title: str | None, new_text: str) -> str:
    """'headline', 'typo', 'update' or 'rewrite': how far the new wording is from the old.

    A typo says nothing new: punctuation, case, paragraphs, accents, or slips inside a few words.
    "3 dead" that becomes "5 dead" is news, and so is another name or a *not*.
    """
    if text == new_text:
        return "headline" if (title or "") != (new_title or "") else "update"
    was, now = f"{title or ''}\n{text}", f"{new_title or ''}\n{new_text}"
    same_numbers = _numbers(was) == _numbers(now)
    if same_numbers and spelling.only_respelt(title or "", new_title or "", text, new_text):
        return "typo"
    old, new = texts.words(was), texts.words(now)
    before, after = Counter(old), Counter(new)
    differing = (before - after).total() + (after - before).total()
    return "rewrite" if differing > REWRITTEN * (len(old) + len(new)) else "update"


def _numbers(text: str) -> list[str]:
    """The figures of a text with what they are of: -5 is not 5, and $5 not €5."""
    return ["".join(number.split()) for number in _NUMBER.findall(text)]
