"""A site with stories over several pages, in several shapes of address."""

from collections.abc import Callable, Mapping, Sequence

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, sitemap
from tests.support.town import story

TITLES = {
    "en": "The harbour that would not freeze",
    "de": "Der Hafen, der nicht zufrieren wollte",
    "ar": "الميناء الذي رفض أن يتجمد في الشتاء",
    "ja": "凍らなかった港の長い冬の記録",
    "ru": "Гавань, которая не хотела замерзать",
    "hi": "वह बंदरगाह जो जमना नहीं चाहता था",
}
STORED = "select url, text, partial from v1_articles order by url"
Shape = Callable[[int], str]  # a page's number: its path


class Paper:
    """A site with stories over several pages."""

    def __init__(self, desk: Desk, site: SiteServer) -> None:
        self.desk, self.site = desk, site
        desk.upgrade()
        site.page("/", "<html><title>The Daily Loop</title></html>")

    def crawl(self, *named: str) -> None:
        """Crawls the pages that the sitemap names."""
        self.name(*named)
        sources = f'[sources]\nsitemaps = ["{self.site.url}/sitemap.xml"]'
        self.desk.write_site("paper", self.site.url + "/", sources, delay=0)
        self.desk.crawl("paper")

    def name(self, *paths: str) -> None:
        listed = sitemap([self.site.url + path for path in paths])
        self.site.pages["/sitemap.xml"] = Reply(listed.encode(), content_type="application/xml")

    def show(
        self, path: str, number: int, links: str = "", title: str = TITLES["en"], more: str = "",
        language: str = "en",
    ) -> None:  # fmt: skip
        """A page of a story with links behind its text."""
        page = article(title, story(number), language, more)
        self.site.page(path, page.replace("</article>", f"{links}</article>"))

    def stored(self) -> Mapping[str, tuple[str, int]]:
        """Text and `partial` of each article, by path."""
        rows = self.desk.tuples(STORED)
        return {url.removeprefix(self.site.url): (text, part) for url, text, part in rows}

    def outcome(self, path: str, kind: str = "discover") -> tuple[str, str | None]:
        found = self.desk.outcomes(kind)[path]
        return found[0], found[1]


def whole(*numbers: int) -> str:
    return "\n\n".join(paragraph for number in numbers for paragraph in story(number))


def row(shape: Shape, pages: int, word: str = "{}") -> str:
    links = (f'<a href="{shape(n)}">{word.format(n)}</a>' for n in range(1, pages + 1))
    return f"<div class=bar>{' '.join(links)}</div>"


SHAPES: Sequence[tuple[str, str, Shape]] = [
    ("en", "{}", lambda n: "/news/port" + (f"?page={n}" if n > 1 else "")),
    ("de", "Seite {}", lambda n: "/a/hafen" + (f",seite-{n}" if n > 1 else "") + ".html"),
    ("ar", "{}", lambda n: "/news/8184" + (f"/{n}" if n > 1 else "")),
    ("ja", "{}ページ", lambda n: "/kiji/8184" + (f"_{n}" if n > 1 else "") + ".html"),
    ("ru", "Стр. {}", lambda n: "/index.php?id=77" + (f"&p={n}" if n > 1 else "")),
    ("hi", "{}", lambda n: f"/khabar/bandar/{n}"),
]


def next_only(paper: Paper, shape: Shape, pages: int) -> None:
    """A story whose pages declare the next one, and the one before, in their head."""
    for number in range(1, pages + 1):
        after = f'<link rel="next" href="{shape(number + 1)}">' if number < pages else ""
        before = f'<link rel="prev" href="{shape(number - 1)}">' if number > 1 else ""
        paper.show(shape(number), number, more=after + before)
