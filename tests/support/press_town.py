"""Papers of one town, each on an address of the loopback of its own: what a list of sites names."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from tests.support.site_server import Reply, SiteServer, article, feed
from tests.support.town import story


class PressTown:
    """Servers by name; `paper` puts one up with a front page and articles."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.all: dict[str, SiteServer] = {}

    def server(self, name: str) -> SiteServer:
        """A server of its own, with nothing on it."""
        host = f"127.0.8.{len(self.all) + 1}"
        self.all[name] = self._stack.enter_context(SiteServer(host))
        return self.all[name]

    def paper(self, name: str, pages: int = 3) -> SiteServer:
        """A paper with so many articles, all on its front page and in the feed at /rss."""
        site = self.server(name)
        urls = put_articles(site, "news", range(pages))
        site.page("/rss", rss(site.url, urls), content_type="application/xml")
        site.page("/", front(urls, '<link rel="alternate" type="application/rss+xml" href="/rss">'))
        return site

    def requests(self) -> int:
        """How many requests all servers had."""
        return sum(len(site.log) for site in self.all.values())


@contextmanager
def press_town() -> Iterator[PressTown]:
    """Servers that are gone afterwards."""
    with ExitStack() as stack:
        yield PressTown(stack)


def put_articles(site: SiteServer, section: str, numbers: Iterable[int]) -> list[str]:
    """Articles below /SECTION/; returns their URLs."""
    title = "The night ferry sails again"
    return [
        site.page(
            f"/{section}/2026/05/night-ferry-sails-again-{n}", article(f"{title} {n}", story(n))
        )
        for n in numbers
    ]


def front(urls: Iterable[str], head: str = "", menu: str = "") -> str:
    """A page that lists articles."""
    listed = "".join(
        f'<h2><a href="{url}">The night ferry sails again today</a></h2>' for url in urls
    )
    return f"<html><head>{head}</head><body><nav>{menu}</nav>{listed}</body></html>"


def rss(home: str, urls: Iterable[str]) -> str:
    """A feed that says which site it is of."""
    whole = feed((url, "The night ferry sails again") for url in urls)
    return whole.replace("<channel>", f"<channel><link>{home}/</link>", 1)


def gone(status: int) -> Reply:
    """An answer without a page."""
    return Reply(b"no", status)
