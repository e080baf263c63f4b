"""Pages that are no article: walls in front of one, error pages, lists of links."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from models.items import Block
from pipelines.extractors.blocks import Outline

_WALLS: Final = (
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
_COMPILED: Final = tuple((name, re.compile(pattern)) for name, pattern in _WALLS)
_SHORT: Final = 120  # words; a page with more of an article has let us in
_SCANT: Final = 400  # words on the whole page: a wall has little else
_HOMES: Final = frozenset({"", "index.html", "index.php", "index.htm", "home", "home.html"})
_HOME_PROSE: Final = 300  # words of prose that make even a site's root an article
_LIST_LINKS: Final = 0.5  # share of a listing's words that stand in links


def wall(title: str, texts: list[str], kept_words: int, all_words: int) -> str | None:
    """consent, challenge, login, paywall or error where such a page stands for the article."""
    if kept_words > _SHORT or all_words > 6 * _SCANT:
        return None
    whole = " ".join([title, *texts]).casefold()[:20_000]
    head = f"{title} {' '.join(texts[:6])}".casefold()
    for name, pattern in _COMPILED:
        scope = whole if all_words <= _SCANT or name == "paywall" else head
        if pattern.search(scope):
            return name
    return None


def is_article(page: Outline, blocks: Sequence[Block], url: str) -> bool:
    """Whether the page tells one story: prose of its own, not a list of links to others'."""
    prose = [
        (len(piece.tokens), piece.linked / len(piece.text))
        for piece, block in zip(page.pieces, blocks, strict=True)
        if block.kept
    ]
    total = sum(count for count, _ in prose)
    if not total:
        return False
    linked = sum(count * share for count, share in prose) / total
    if urlsplit(url).path.strip("/") in _HOMES and total < _HOME_PROSE:
        return False
    return linked < _LIST_LINKS
