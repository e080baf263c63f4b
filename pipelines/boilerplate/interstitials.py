"""Pages that are no article: interstitials, error pages, lists of links."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from models.blocks import Block
from models.urls import normalise
from pipelines.extraction.blocks import Outline

_INTERSTITIALS: Final = (
    (
        "challenge",
        r"checking your browser|just a moment\b|verify (?:that )?you are (?:a )?human|are you a "
        r"robot|unusual traffic|enable javascript and cookies to continue|access (?:to this page "
        r"has been )?denied|attention required|ddos protection|security check|pardon our "
        r"interruption|vérification de sécurité|request unsuccessful|please enable js|robot check",
    ),
    (
        "consent",
        r"(?:we|our partners|wir|nous|nosotros)\b.{0,200}(?:cookies|personal data|données "
        r"personnelles|personenbezogene)|before you continue|your privacy choices|zustimmung|mit "
        r"werbung (?:weiter)?lesen|weiter mit werbung|contentpass|accept (?:all )?cookies|"
        r"accepter et continuer|continuer sans accepter|gestionar? (?:las )?cookies",
    ),
    (
        "login",
        r"(?:log|sign) ?in to (?:continue|read|your)|please (?:log|sign) in|you must be logged in|"
        r"anmelden,? um|bitte (?:melden sie sich|einloggen)|connectez-vous pour|inicia sesión para|"
        r"accedi per",
    ),
    (
        "paywall",
        r"subscribe to (?:continue|read|unlock)|(?:to )?continue reading|subscribers? only|already "
        r"a subscriber|réservée? aux abonnés|pour lire la suite|weiterlesen mit|jetzt (?:weiter)?"
        r"lesen|nur für abonnenten|exclusivo para suscriptores|riservato agli abbonati|unlock this "
        r"article|create (?:a free )?account to (?:read|continue)",
    ),
    (
        "error",
        r"\b(?:404|410|500|502|503)\b.{0,40}(?:not found|error|unavailable|gateway)|page (?:you "
        r".{0,40})?(?:not found|cannot be found|could not be found|doesn.t exist|no longer exists)|"
        r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|"
        r"pagina non trovata|service unavailable|internal server error|bad gateway|"
        r"something went wrong|gone\.?$",
    ),
)
_COMPILED: Final = tuple((name, re.compile(pattern)) for name, pattern in _INTERSTITIALS)
_PAYWALL: Final = dict(_COMPILED)["paywall"]
_SHORT: Final = 120  # words; a page with more article text is the article
_SCANT: Final = 400  # words on the whole page: an interstitial has little else
_HOMES: Final = frozenset({"", "index.html", "index.php", "index.htm", "home", "home.html"})
_HOME_PROSE: Final = 300  # words of prose that make even a front page an article
_TEASER_LINK: Final = 0.8  # share of characters in links of a heading that links elsewhere
_TEASER_SHARE: Final = 0.6  # of the words of the texts that are kept
_TEASER_TEXTS: Final = 3  # under one linked heading: its summary, who wrote it, when
_EMPTY: Final = 60  # words outside of links: a footer has so many
_TEASER_WORDS: Final = 4  # a menu's links are shorter
_MANY: Final = 4  # teasers that no article has under it
_LIST_LINKS: Final = 0.5  # share of a listing's words that stand in links


def interstitial(title: str, texts: list[str], kept_words: int, all_words: int) -> str | None:
    """consent, challenge, login, paywall or error if such a page was sent for the article."""
    if kept_words > _SHORT or all_words > 6 * _SCANT:
        return None
    whole = " ".join([title, *texts]).casefold()[:20_000]
    head = f"{title} {' '.join(texts[:6])}".casefold()
    for name, pattern in _COMPILED:
        scope = whole if all_words <= _SCANT or name == "paywall" else head
        if pattern.search(scope):
            return name
    return None


def no_text(page: Outline, blocks: Sequence[Block]) -> str | None:
    """'empty' if a page has neither article text nor a list of links to articles.

    Such are pages that scripts fill, and templates that nothing was put into.
    """
    if any(block.kept for block in blocks):
        return None
    teasers = sum(
        len(piece.tokens) >= _TEASER_WORDS and piece.linked / len(piece.text) > _TEASER_LINK
        for piece in page.pieces
    )
    unlinked = sum(len(piece.tokens) for piece in page.pieces if not piece.linked)
    return "empty" if teasers < _MANY and unlinked < _EMPTY else None


def asks_to_subscribe(texts: Sequence[str]) -> bool:
    """Whether one of the texts asks to pay for the rest of a page."""
    return any(_PAYWALL.search(text.casefold()) for text in texts)


def is_article(page: Outline, blocks: Sequence[Block], url: str, declared: bool) -> bool:
    """Whether the page is one story: prose of its own, not a list of links to others.

    `declared`: the page declares itself an article. That excuses teasers but not a list of
    links, since many sites declare every page. Short articles stay articles.
    """
    links = [piece.linked / len(piece.text) for piece in page.pieces]
    kept = [i for i, block in enumerate(blocks) if block.kept]
    total = sum(len(page.pieces[i].tokens) for i in kept)
    if not total:
        return False
    teasers = _teasers(page, blocks, links, kept)
    if _is_home(url):
        return total >= _HOME_PROSE and not teasers
    linked = sum(len(page.pieces[i].tokens) * links[i] for i in kept) / total
    if linked >= _LIST_LINKS or all(blocks[i].kind == "heading" for i in kept):
        return False
    return not teasers or (declared and not _of_home(url))


def _is_home(url: str) -> bool:
    """Whether a URL is a front page's: what a query names, as in `/?p=4410`, is a page."""
    return _of_home(url) and not urlsplit(normalise(url)).query


def _of_home(url: str) -> bool:
    return urlsplit(url).path.strip("/").lower() in _HOMES


def _teasers(
    page: Outline, blocks: Sequence[Block], links: Sequence[float], kept: Sequence[int]
) -> bool:
    """Whether the kept texts are teasers: a few texts each under headings that link elsewhere."""
    under: set[int] = set()
    heads = 0
    for i, block in enumerate(blocks):
        if links[i] > _TEASER_LINK and _is_head(block):
            texts = _below(blocks, links, i)
            under.update(texts)
            heads += any(blocks[j].kept for j in texts)
    texts = [i for i in kept if blocks[i].kind != "heading" and links[i] < _LIST_LINKS]
    counts = {i: len(page.pieces[i].tokens) for i in texts}
    most = _TEASER_SHARE * sum(counts.values())
    return heads >= _MANY and sum(counts[i] for i in texts if i in under) >= most


def _below(blocks: Sequence[Block], links: Sequence[float], head: int) -> list[int]:
    """The first texts between a linked heading and the next heading."""
    found = []
    for i in range(head + 1, min(head + 1 + _TEASER_TEXTS, len(blocks))):
        if blocks[i].kind == "heading" or links[i] > _TEASER_LINK:
            break
        found.append(i)
    return found


def _is_head(block: Block) -> bool:
    return block.kind == "heading" or len(block.text) > 25
