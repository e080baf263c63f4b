"""The small server that `scrapy demo` crawls over real HTTP: the bundled sites on the loopback."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from crawler.demo import sources
from crawler.demo.press import Paper, article_page, front_page

HTML = "text/html; charset=utf-8"
XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class SiteServer:
    """One site on a free port of 127.0.0.1, until the block ends; `paper` may be changed."""

    def __init__(self, paper: Paper, now: datetime) -> None:
        self.paper = paper
        self.gone: set[str] = set()  # paths that the site has withdrawn
        self._now = now
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.reply))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply(self, path: str) -> Reply:
        """The answer to a path; 404 for what the site does not have, 410 for what it withdrew."""
        path = path.partition("?")[0]
        if path in self.gone:
            return Reply(b"<h1>410 Gone</h1>", status=410)
        page = self._pages().get(path)
        return page() if page else Reply(b"<h1>404 Not found</h1>", status=404)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _pages(self) -> dict[str, Callable[[], Reply]]:
        paper, url, now = self.paper, self.url, self._now
        pages = {
            text.path: lambda text=text: _html(article_page(paper, text, url, now))
            for text in paper.texts
        }
        return pages | _OWN[paper.name](paper, url, now)


Pages = dict[str, Callable[[], Reply]]


def _harbour_post(paper: Paper, url: str, now: datetime) -> Pages:
    rules = f"User-agent: *\nDisallow: /drafts/\n\nSitemap: {url}/news-sitemap.xml\n"
    bridge = paper.text("bridge-repairs").path
    mill = paper.text("tide-mill")
    return {
        "/": lambda: _html(front_page(paper, paper.texts, None)),
        "/robots.txt": lambda: Reply(rules.encode(), "text/plain"),
        "/news-sitemap.xml": lambda: _xml(sources.news_sitemap(paper, url, now)),
        "/amp/news/tide-mill": lambda: _html(article_page(paper, mill, url, now)),
        sources.MOVED: lambda: Reply(b"", status=301, headers={"Location": bridge}),
        sources.TABLES: lambda: Reply(b"%PDF-1.4\n% tide tables\n%%EOF\n", "application/pdf"),
    }


def _valley_courier(paper: Paper, url: str, now: datetime) -> Pages:
    pictures = "".join(f'<img src="/images/{n}.jpg" alt="">' for n in range(12))
    gallery = (
        f"<html><head><title>The harvest in pictures</title></head><body>{pictures}</body></html>"
    )
    return {
        "/": lambda: _html(front_page(paper, paper.texts, "/feed.rss")),
        "/feed.rss": lambda: Reply(
            sources.rss(paper, url, now).encode(), "application/rss+xml; charset=utf-8"
        ),
        sources.GALLERY: lambda: _html(gallery),
    }


def _leuchtturm(paper: Paper, url: str, now: datetime) -> Pages:
    german = tuple(text for text in paper.texts if text.language == "de")
    french = tuple(text for text in paper.texts if text.language == "fr")
    index = sources.sitemap_index(url, ("/sitemap-de.xml", "/sitemap-fr.xml"))
    more_german, more_french = (sources.SECTION, sources.WITHDRAWN), (sources.BROKEN,)
    return {
        "/": lambda: _html(front_page(paper, paper.texts, None)),
        "/robots.txt": lambda: Reply(b"User-agent: *\nAllow: /\n", "text/plain"),
        "/sitemap.xml": lambda: _xml(index),
        "/sitemap-de.xml": lambda: _xml(sources.sitemap(german, url, now, more_german)),
        "/sitemap-fr.xml": lambda: _xml(sources.sitemap(french, url, now, more_french)),
        sources.SECTION: lambda: _html(front_page(paper, german, None)),
        sources.WITHDRAWN: lambda: Reply(b"<h1>410</h1>", status=410),
        sources.BROKEN: lambda: Reply(b"<h1>Panne</h1>", status=500),
    }


_OWN = {
    "harbour-post": _harbour_post,
    "valley-courier": _valley_courier,
    "leuchtturm": _leuchtturm,
}


def _html(page: str) -> Reply:
    return Reply(page.encode())


def _xml(document: str) -> Reply:
    return Reply(document.encode(), XML)


def _handler(answer: Callable[[str], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = answer(self.path)
            etag = f'"{sha256(reply.body).hexdigest()[:16]}"'
            if reply.status == 200 and self.headers.get("If-None-Match") == etag:
                reply = Reply(b"", status=304)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            if reply.status in (200, 304):
                self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """The demo prints what the crawl says, not what the server hears."""

    return Handler
