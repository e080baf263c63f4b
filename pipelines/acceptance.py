"""Whether a copy may replace what is stored of its page. Pure: texts in, a refusal out."""

from collections.abc import Sequence
from typing import Final

from models.articles.change_kind import change_between
from models.items import Article, SameText
from models.text import count_words
from pipelines.boilerplate.interstitials import asks_to_subscribe
from pipelines.drops import Blocked, Paywalled, Refused, Worse

# An edit leaves more than this share of a text; below it, what came is a broken page far more
# often than an article cut to a third.
LEAST_SHARE: Final = 0.4
SHORT: Final = 60  # words; of a shorter text, a share says nothing
MANY: Final = 3  # other titles over the same text: it is the site's, an unknown interstitial
# A page that asks to subscribe and has only so much left, all of it known, was cut by a paywall.
_CUT: Final = 0.85
_KNOWN: Final = 0.9  # share of its words in paragraphs that the stored copy has too
_BEHIND: Final = 6  # blocks after the last that was kept, where a paywall would be


def refusal(new: Article, others: Sequence[SameText]) -> Refused | None:
    """Why a copy may not become the current revision; None where it may.

    `others`: pages of the site that have its text, but for those that are the same page at
    another URL.
    """
    known, title, text = new.stored, new.metadata.title or "", new.text or ""
    if known is not None:
        reason = worse_than(known.text, text)
        if reason is not None:
            return Worse(reason)
        if new.page.archived is None and was_cut(known.text, new):
            return Paywalled(
                f"cut at a call to subscribe: {count_words(text)} words, where the stored copy has"
                f" {count_words(known.text)}; --accept takes it"
            )
    titles = {other.title for other in others if other.title != title}
    if len(titles) >= MANY:
        return Blocked(
            f"the same text stands under {len(titles)} other titles of the site; --accept takes it"
        )
    if known is None or not others:
        return None
    if change_between(known.title, known.text, title, text) == "rewrite":
        return Blocked(f"another text altogether, which {others[0].url} has too; --accept takes it")
    return None


def worse_than(known: str, text: str) -> str | None:
    """Why `text` is too short to replace what is known of a page; None where it is not."""
    before, after = count_words(known), count_words(text)
    if before >= SHORT and after < before * LEAST_SHARE:
        return f"{after} words, where the stored copy has {before}; --accept takes it"
    return None


def was_cut(known: str, new: Article) -> bool:
    """Whether a copy is the beginning of what is known, and the page wants money for the rest."""
    text = new.text or ""
    if count_words(text) >= count_words(known) * _CUT:
        return False
    parts = text.split("\n\n")
    before = set(known.split("\n\n"))
    shared = sum(count_words(part) for part in parts if part in before)
    if shared < _KNOWN * count_words(text):
        return False
    return new.metadata.paywalled is True or asks_to_subscribe(_behind(new))


def _behind(new: Article) -> list[str]:
    """The texts that stand right after the last that was kept."""
    if new.classification is None:
        return []
    kept = [said.position for said in new.classification.blocks if said.keep]
    last = kept[-1] if kept else -1
    behind = range(last + 1, last + 1 + _BEHIND)
    return [block.text for block in new.extraction.blocks if block.position in behind]
