"""Whether a link leads to an article or to a listing, by its URL and text alone."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from models.text import words
from models.urls import is_home_path, url_key

_FILE_POINTS: Final = -9  # a picture, a PDF, a front page
_SURE: Final = -4  # points up to which a link is no article, whatever its text
ENOUGH: Final = 3  # points from which a link counts as an article

_FILE: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|pdf|zip|gz|mp[34]|m4a|avi|mov|docx?|xlsx?"
    r"|pptx?|epub|exe|apk|dmg|ics|txt|woff2?)$",
    re.I,
)
_PAGE: Final = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|story|amp)$", re.I)
_DATE: Final = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:[0-3]?\d))?(?=[/_-]|$)")
_NUMBER: Final = re.compile(r"(?<!\d)\d{5,19}(?!\d)")
_CODE: Final = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,40}", re.I)
# names of the parameter that has a page's number
_PAGE_NUMBERS: Final = frozenset({"p", "id", "article", "articleid", "story", "storyid", "newsid"})
_ERROR: Final = re.compile(r"[45]\d\d")  # a status, as in `?error=404`
# path segments that content systems and newsrooms use for lists of articles
_SECTION_WORDS: Final = """
tag tags category categories kategorie categoria categorie topic topics thema themen tema temas
section sections rubrik ressort label
"""
# and those for anything else but articles
_SERVICE_WORDS: Final = """
author authors autor autoren auteur auteurs profile profiles search suche recherche buscar
login signin signup register registration account konto subscribe
subscription subscriptions abo abonnement newsletter newsletters about about-us contact contact-us
kontakt contacto privacy privacy-policy datenschutz cookies cookie-policy terms terms-of-use
terms-of-service terms-and-conditions impressum imprint legal agb faq help hilfe feed feeds rss
sitemap wp-admin wp-login.php wp-content cart shop store jobs careers karriere advertise
advertising mediadaten podcast podcasts epaper e-paper app apps
user users member members comments cdn-cgi
"""
_ARTICLE_WORDS: Final = """
article articles artikel articulo articolo story stories news post posts noticia noticias
actualite content read newsstory
"""
# these hold articles as well as lists of articles
_EITHER: Final = frozenset({"archive", "archives", "page", "pages"})
_SERVICE: Final = frozenset(_SERVICE_WORDS.split())
_LISTING: Final = _SERVICE | frozenset(_SECTION_WORDS.split())
_ARTICLE: Final = frozenset(_ARTICLE_WORDS.split())
_WIDE_CHARACTER: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def points(url: str, text: str, *, heading: bool = False, aside: bool = False) -> int:
    """Points for an article; `ENOUGH` or more is one.

    `heading`: the link is a heading, or in one. `aside`: it is in a menu or footer.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [s for s in path.casefold().split("/") if s]
    if _FILE.search(path) or not (segments or parts.query):
        return _FILE_POINTS
    score = _of_path(path, segments) + _of_text(text)
    queried = parse_qsl(parts.query.casefold())
    if any(name in _PAGE_NUMBERS and value.isdigit() for name, value in queried):
        score += 2
    return score + (2 if heading else 0) - (3 if aside else 0)


def is_article_link(url: str, text: str, *, heading: bool = False, aside: bool = False) -> bool:
    """Whether the link has points enough for an article."""
    return points(url, text, heading=heading, aside=aside) >= ENOUGH


def is_listing(url: str) -> bool:
    """Whether the URL alone shows that it is no article: a tag, an author, terms of use."""
    return _FILE_POINTS < points(url, "") <= _SURE


def is_service(url: str) -> bool:
    """Whether the URL alone shows a page about the site or its readers, or a file: no list."""
    path = unquote(urlsplit(url).path)
    words_of_path = _PAGE.sub("", path.casefold()).split("/")
    return _FILE.search(path) is not None or not _SERVICE.isdisjoint(words_of_path)


def is_home(url: str) -> bool:
    """Whether the URL is a site's front page, by its path."""
    return not urlsplit(url).query and is_home_path(url)


def is_front_page(url: str, asked: str, start: str) -> bool:
    """Whether a redirect away from `asked` leads to the site's front page: `/?error=404` too.

    `/?p=4410` and `/index.php?id=77` are pages, not the front page.
    """
    parts = urlsplit(url)
    moved = urlsplit(asked).path != parts.path and not _names_page(parts.query, asked)
    return url_key(url) == url_key(start) or is_home(url) or (is_home_path(url) and moved)


def _names_page(query: str, asked: str) -> bool:
    """Whether a query names a page by a number: neither an error's, nor that of what was asked."""
    for name, value in parse_qsl(query.casefold()):
        number = value.isdigit() or _CODE.fullmatch(value) is not None
        if number and (name in _PAGE_NUMBERS or not (_ERROR.fullmatch(value) or value in asked)):
            return True
    return False


def _of_path(path: str, segments: list[str]) -> int:
    if not segments:
        return 0
    last = _PAGE.sub("", segments[-1])
    if last in _ARTICLE and len(segments) > 2:
        last = segments[-2]  # /sport/some-slug-123456/article
    score = 1 if _PAGE.search(segments[-1]) and last not in ("index", "default") else 0
    dated = _DATE.search(path)
    if dated:
        rest = path[dated.end() :].strip("/")
        score += 4 if rest else -2
    slug = len([w for w in re.split(r"[-_.+ ]+", last) if w and not w.isdigit()])
    score += 3 if slug >= 5 else 2 if slug >= 3 else 0
    if _NUMBER.search(last):
        score += 2
    elif _CODE.fullmatch(last) and len(segments) > 1:
        score += 1
    if any(s in _LISTING for s in segments):
        score -= 4
    elif any(s in _EITHER for s in segments):
        score -= 1 if _NUMBER.search(last) or slug >= 3 else 4
    elif any(s in _ARTICLE for s in segments[:-1]):
        score += 1
    if len(segments) == 1 and slug <= 2 and not dated and not _NUMBER.search(last):
        score -= 1  # /politics
    return score


def _of_text(text: str) -> int:
    count = len(words(text))
    if len(_WIDE_CHARACTER.findall(text)) * 2 > count:
        count //= 2
    return 2 if count >= 5 else 1 if count >= 3 else -1
