"""Whether a copy may replace what is stored of its page. Pure: texts in, a refusal out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from models.addresses import other_pages
from models.articles.change_kind import change_between
from models.items import DATED_BY_PAGE, Article, Extraction, SameText
from models.text import count_words
from models.urls import same_page
from pipelines.cuts import was_cut
from pipelines.drops import Paywalled, Refused, Repeated, Worse

# An edit leaves more than this share of a text; below it, what came is a broken page far more
# often than an article cut to a third.
LEAST_SHARE: Final = 0.4
SHORT: Final = 60  # words; of a shorter text, a share says nothing
MANY: Final = 3  # other titles or pages with the same text: it is the site's, no article's
UNSAID: Final = 2  # other pages, if this one does not say itself that it is an article
UNLIKE: Final = 1  # other pages, if this one does not have the headline that its source gave


def refusal(
    new: Article, others: Sequence[SameText], before: Extraction | None = None
) -> Refused | None:
    """Why a copy may not become the current revision; None where it may.

    `others`: pages of the site that have its text, but for those that are the same page at
    another URL. `before`: the stored copy's blocks, where the new text `is_beginning` of it.
    """
    known, title, text = new.stored, new.metadata.title or "", new.text or ""
    repeated = repetition(new, others)
    if repeated is not None:
        return repeated
    if known is not None and not was_refused(new):
        reason = worse_than(known.text, text) or lacks_pages(new)
        if reason is not None:
            return Worse(reason)
        if new.page.archived is None and was_cut(known.text, new, before):
            return Paywalled(
                f"cut at a call to subscribe: {count_words(text)} words, where the stored copy has"
                f" {count_words(known.text)}; --accept takes it"
            )
    if known is None or not others or was_refused(new):
        return None
    if change_between(known.title, known.text, title, text) == "rewrite":
        reason = f"another text altogether, which {others[0].url} has too; --accept takes it"
        return Repeated(reason, replaced=True)
    return None


def repetition(new: Article, others: Sequence[SameText]) -> Repeated | None:
    """Why a text that other pages of the site have is no article; None where it may be one.

    Copies of one article are few, have its headline, or addresses of one page. Texts near each
    other, of two days by their own markup, are two articles.
    """
    title, signs = new.metadata.title or "", new.extraction.signs
    titles = {other.title for other in others if other.title != title and not other.near}
    if len(titles) >= MANY:
        return Repeated(
            f"the same text stands under {len(titles)} other titles of the site; --accept takes it",
            titled=True,
        )
    own = new.metadata.canonical_url
    day = own_date(new)
    others = [
        other
        for other in others
        if not (own and same_page(own, other.url))
        and not (other.near and dated_apart(day, other.published_at))
    ]
    pages = other_pages(new.page.final_url, [other.url for other in others])
    if signs.unlike is False:
        return None
    most = UNLIKE if signs.unlike else MANY if signs.story else UNSAID
    if pages and any(other.refused for other in others):
        most = 1
    if pages < most:
        return None
    near = any(other.near for other in others)
    said = "the same title with nearly the same text" if near else "the same text"
    return Repeated(
        f"{said} stands under {pages} other addresses of the site; --accept takes it", near=near
    )


def own_date(new: Article) -> datetime | None:
    """The date of publication that a page gives in its markup; an interstitial gives none."""
    metadata = new.metadata
    is_own = metadata.sources.get("published_at") in DATED_BY_PAGE
    return metadata.published_at if is_own else None


def dated_apart(one: datetime | None, other: datetime | None) -> bool:
    """Whether two pages say that they are of two days: this week's draw is not last week's."""
    return one is not None and other is not None and one.date() != other.date()


def was_refused(new: Article) -> bool:
    """Whether what is stored of the page was found to be no article, and protects nothing."""
    return new.known is not None and new.known.refused_at is not None


def lacks_pages(new: Article) -> str | None:
    """Why a copy that lacks pages of its story is worse than the stored one, which is whole."""
    if not new.metadata.partial or new.known is None or new.known.facts.get("partial"):
        return None
    before, after = count_words(new.known.text), count_words(new.text or "")
    if after >= before:
        return None
    return (
        f"pages are missing: {after} words, where the stored copy has {before}; --accept takes it"
    )


def worse_than(known: str, text: str) -> str | None:
    """Why `text` is too short to replace what is known of a page; None where it is not."""
    before, after = count_words(known), count_words(text)
    if before >= SHORT and after < before * LEAST_SHARE:
        return f"{after} words, where the stored copy has {before}; --accept takes it"
    return None
