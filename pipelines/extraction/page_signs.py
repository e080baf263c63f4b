"""What speaks for a page's being the article that its source names, besides its text."""

from collections.abc import Iterable, Sequence
from typing import Final

from lxml.html import HtmlElement

from models.items import DATED_BY_PAGE, Hint, Metadata, Signs
from models.text import folded_words, one_line

_HEADINGS: Final = 3
_LONGEST: Final = 300  # characters of a title that are looked at
# Sources that give a story's headline; the text of a link may be "read more".
_HEADLINED: Final = frozenset({"feed", "news_sitemap"})
_ALIKE: Final = 0.25  # share of the words of its source's title that a page's own titles have
_TOLD: Final = 0.5  # the same, of the text


def own_titles(tree: HtmlElement) -> tuple[str, ...]:
    """The titles that stand on the page: <title>, og:title, the first headings; each once."""
    titles: list[str] = []
    social: list[str] = []
    headings: list[str] = []
    for element in tree.iter("title", "meta", "h1"):
        if element.tag == "meta":
            if (element.get("property") or element.get("name") or "").lower() == "og:title":
                social.append(element.get("content") or "")
        elif element.tag == "title":
            titles.append(element.text or "")
        elif len(headings) < _HEADINGS:
            headings.append(element.text_content())
    found = [*titles[:1], *social, *headings]
    lines = (one_line(title[: 4 * _LONGEST])[:_LONGEST] for title in found)
    return tuple(dict.fromkeys(filter(None, lines)))


def signs_of(
    titles: Sequence[str], declared: bool, metadata: Metadata, hint: Hint, texts: Iterable[str]
) -> Signs:
    """`declared`: it declares itself an article; `texts`: what would be kept of it."""
    dated = metadata.sources.get("published_at") in DATED_BY_PAGE
    story = declared or dated or bool(metadata.authors)
    return Signs(tuple(titles), story, _is_unlike(titles, hint, texts))


def _is_unlike(titles: Iterable[str], hint: Hint, texts: Iterable[str]) -> bool | None:
    named = set(folded_words(hint.title or ""))
    if len(named) < 2 or hint.source not in _HEADLINED:
        return None
    if len(named.intersection(folded_words(" ".join(titles)))) >= _ALIKE * len(named):
        return False
    return len(named.intersection(folded_words(" ".join(texts)))) < _TOLD * len(named)
