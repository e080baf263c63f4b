"""A page that a known site never showed before, in an article's place. Pure: values in, a bool out.

The first copy of an interstitial that no list has stands under another title than its article, and
at DOM paths where the site has no articles. A new template has the article's title; another story
at the same address, the site's places.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from models.articles.change_kind import change_between
from models.items import Article
from models.text import count_spoken, folded_words
from pipelines.metadata.slugs import slug_of

LONGEST: Final = 300  # words of the longest texts that ask for consent; special pages have more
KNOWN: Final = 3  # pages that the site's memory must know before it tells what is unfamiliar
_PLACE: Final = 0.5  # share of the words at a DOM path that other pages keep: articles stand there
_ALIKE: Final = 0.25  # how like a page's titles are to a stored title, or to its address
_TOLD: Final = 0.5  # share of an address's words that a text has, if it is of that address
_FITS: Final = 0.4  # how well titles fit the addresses of a site that names its pages by them
_MOSTLY: Final = 0.75  # of the site's pages, if it does


class Headed(NamedTuple):
    """A page that the site's memory knows: its address and title."""

    url: str
    title: str


def may_be_unfamiliar(new: Article) -> bool:
    """Whether nothing of what a page keeps stands where the site's other articles do.

    And whether its title is not the article's, as far as the page by itself tells.
    """
    if count_spoken(new.text or "") > LONGEST or not _is_out_of_place(new):
        return False
    return _is_retitled(new) or _may_be_misnamed(new)


def is_unfamiliar(new: Article, known: Sequence[Headed]) -> bool:
    """Whether that is so of a page of a site of which the memory knows these pages."""
    if len(known) < KNOWN:
        return False
    return _is_retitled(new) or (_may_be_misnamed(new) and _names_by_title(known))


def _is_out_of_place(new: Article) -> bool:
    if new.classification is None:
        return False
    kinds = {block.position: block.kind for block in new.extraction.blocks}
    kept = [one for one in new.classification.blocks if one.keep]
    texts = [one for one in kept if kinds.get(one.position) != "heading"]
    return bool(texts) and all(_place_kept(one.evidence) < _PLACE for one in texts)


def _place_kept(evidence: Mapping[str, object]) -> float:
    share = evidence.get("place_kept")  # as classification has it; without a DOM path's pages none
    return share if isinstance(share, float) else 0.0


def _is_retitled(new: Article) -> bool:
    """Whether title and text are others than the stored copy's, or than the source's headline."""
    stored, signs = new.stored, new.extraction.signs
    if stored is None or (new.known is not None and new.known.refused_at is not None):
        return signs.unlike is True and not signs.story
    named = set(folded_words(stored.title or ""))
    if not named or signs.unlike is False:
        return False
    if len(named.intersection(folded_words(" ".join(_titles(new))))) >= _ALIKE * len(named):
        return False
    change = change_between(stored.title, stored.text, new.metadata.title, new.text or "")
    return change == "rewrite"


def _may_be_misnamed(new: Article) -> bool:
    """Whether the words of a page's address stand in none of its titles, and hardly in its text."""
    signs = new.extraction.signs
    if new.stored is not None or signs.story or signs.unlike is not None:
        return False
    slug = slug_of(new.page.url)
    if not slug.words or any(slug.fit(title) >= _ALIKE for title in _titles(new)):
        return False
    told = slug.words.intersection(folded_words(new.text or ""))
    return len(told) < _TOLD * len(slug.words)


def _names_by_title(known: Sequence[Headed]) -> bool:
    fitting = sum(slug_of(page.url).fit(page.title) >= _FITS for page in known)
    return fitting >= _MOSTLY * len(known)


def _titles(new: Article) -> list[str]:
    return [*new.extraction.signs.titles, new.metadata.title or ""]
