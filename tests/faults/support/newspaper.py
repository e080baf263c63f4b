"""An honest newspaper whose every text is known: what a crawl must hold in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.desk import Desk, Result
from tests.support.site_server import XML, Reply, SiteServer, article, sitemap
from tests.support.town import story

RUNS = 6  # until a site must be quiet: more are a loop


@dataclass(slots=True)
class Newspaper:
    """`pages` articles on a server, named by one sitemap."""

    site: SiteServer
    pages: int
    texts: dict[str, list[str]] = field(init=False)  # paragraphs by URL

    def __post_init__(self) -> None:
        self.texts = {f"{self.site.url}/news/{n}": story(n) for n in range(self.pages)}
        for number, (url, paragraphs) in enumerate(self.texts.items()):
            page = article(f"Report {number} of the county", paragraphs).encode()
            self.site.pages[url.removeprefix(self.site.url)] = Reply(page)
        listed = sitemap(self.texts).encode()
        self.site.pages["/sitemap.xml"] = Reply(listed, content_type=XML)
        self.site.page("/robots.txt", "User-agent: *\nDisallow:\n", content_type="text/plain")

    def add_to(self, desk: Desk, name: str = "paper", more: str = "", delay: float = 0) -> None:
        """Writes its TOML."""
        sources = f'[sources]\nsitemaps = ["{self.site.url}/sitemap.xml"]\n'
        desk.write_site(name, f"{self.site.url}/", sources + more, delay=delay)

    def asked(self) -> int:
        """How often pages were asked for."""
        return sum(asked.path.startswith("/news/") for asked in self.site.log)

    def until_quiet(
        self, desk: Desk, name: str = "paper", command: Callable[[], Result] | None = None
    ) -> list[Result]:
        """Crawls again and again until a run asks for no page; what the runs printed."""
        done = []
        for _ in range(RUNS):
            before = self.asked()
            done.append(command() if command else desk.crawl(name))
            if self.asked() == before:
                return done
        raise AssertionError(f"pages are still asked for after {RUNS} runs")
