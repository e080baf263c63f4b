"""What may become the current revision: a refetch never replaces a good copy with a worse one."""

from dataclasses import dataclass
from typing import Final

from models.text import words

# A shorter text is an edit down to this share of the old one; below it, it is a broken page far
# more often than an article cut to a third.
LEAST_SHARE: Final = 0.4
SHORT: Final = 60  # words; under this, a share says nothing
MANY: Final = 3  # so many other pages of the site with the same text: it is the site's, not theirs


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the page already."""

    text: str
    withdrawn: bool = False


def worse_than(known: Known, text: str) -> str | None:
    """Why `text` does not replace what is known; None where it may."""
    before, after = len(words(known.text)), len(words(text))
    if before >= SHORT and after < before * LEAST_SHARE:
        return f"{after} words, where the stored copy has {before}; pass accept=1 to take it"
    return None


def furniture(same_text_elsewhere: int) -> str | None:
    """Why the text is the site's and not the article's; None where it may be the article's."""
    if same_text_elsewhere >= MANY:
        return f"the same text stands on {same_text_elsewhere} other pages of the site"
    return None
