"""What the demo sites' sources name: their articles, and the traps that real sources hold."""

from datetime import datetime
from email.utils import format_datetime
from html import escape

from crawler.demo.press import Paper, Text

_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def news_sitemap(paper: Paper, base: str, now: datetime) -> str:
    """A news sitemap: articles with titles and dates, and URLs that are none."""
    entries = [
        f"<url><loc>{base}{text.path}</loc><news:news><news:publication><news:name>"
        f"{paper.masthead}</news:name><news:language>{text.language}</news:language>"
        f"</news:publication><news:publication_date>{(now - text.age).isoformat()}"
        f"</news:publication_date><news:title>{escape(text.title)}</news:title></news:news></url>"
        for text in paper.texts
    ]
    return _urlset(entries + [f"<url><loc>{base}{path}</loc></url>" for path in HARBOUR_TRAPS])


def sitemap(texts: tuple[Text, ...], base: str, now: datetime, also: tuple[str, ...]) -> str:
    """A plain sitemap with the days of change."""
    entries = [
        f"<url><loc>{base}{text.path}</loc><lastmod>{now - text.age:%Y-%m-%d}</lastmod></url>"
        for text in texts
    ]
    return _urlset(entries + [f"<url><loc>{base}{path}</loc></url>" for path in also])


def sitemap_index(base: str, paths: tuple[str, ...]) -> str:
    """A sitemap of sitemaps."""
    entries = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)
    return f'<?xml version="1.0"?><sitemapindex xmlns="{_SITEMAP}">{entries}</sitemapindex>'


def rss(paper: Paper, base: str, now: datetime) -> str:
    """A feed whose links carry trackers, one article twice, and a gallery without a text."""
    links = [
        (text.title, f"{text.path}?utm_source=rss&utm_medium=feed", text) for text in paper.texts
    ]
    newest = paper.texts[0]
    links.append((newest.title, f"{newest.path}?utm_source=mail#top", newest))
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{base}{escape(path)}</link>"
        f"<pubDate>{format_datetime(now - text.age)}</pubDate></item>"
        for title, path, text in links
    )
    gallery = f"<item><title>The harvest in pictures</title><link>{base}{GALLERY}</link></item>"
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{paper.masthead}</title>'
        f"<link>{base}/</link>{items}{gallery}</channel></rss>"
    )


MOVED = "/n/1042"  # redirects to an article
MISSING = "/news/regatta-cancelled"
TABLES = "/files/tide-tables.pdf"
DRAFT = "/drafts/next-week"  # robots.txt forbids it
GALLERY = "/gallery/harvest"
WITHDRAWN = "/de/rueckruf"
SECTION = "/de/"
BROKEN = "/fr/panne"

HARBOUR_TRAPS = (MOVED, MISSING, TABLES, DRAFT, "/amp/news/tide-mill")


def _urlset(entries: list[str]) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{_SITEMAP}" '
        f'xmlns:news="{_NEWS}">{"".join(entries)}</urlset>'
    )
