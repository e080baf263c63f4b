"""Articles over several pages: one article with the text whole, each page archived."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

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


@pytest.fixture
def paper(desk: Desk) -> Iterator[Paper]:
    with SiteServer() as site:
        yield Paper(desk, site)


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


@pytest.mark.parametrize(("language", "word", "shape"), SHAPES)
def test_numbered_links_under_a_story_lead_to_the_rest_of_it(
    paper: Paper, language: str, word: str, shape: Shape
) -> None:
    for number in (1, 2, 3):
        links = row(shape, 3, word)
        paper.show(shape(number), number, links, TITLES[language], language=language)
    paper.crawl(shape(1))
    assert paper.stored() == {shape(1): (whole(1, 2, 3), 0)}
    for number in (2, 3):
        part = ("duplicate_url", f"part of {paper.site.url}{shape(1)}")
        assert paper.outcome(shape(number)) == part
    copies = paper.desk.tuples("select number from capture_parts order by number")
    assert copies == [(2,), (3,)]


def next_only(paper: Paper, shape: Shape, pages: int) -> None:
    """A story whose pages declare the next one, and the one before, in their head."""
    for number in range(1, pages + 1):
        after = f'<link rel="next" href="{shape(number + 1)}">' if number < pages else ""
        before = f'<link rel="prev" href="{shape(number - 1)}">' if number > 1 else ""
        paper.show(shape(number), number, more=after + before)


def test_declared_next_pages_are_followed(paper: Paper) -> None:
    next_only(paper, SHAPES[0][2], 4)
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2, 3, 4), 0)}


def test_further_pages_that_a_source_names_are_no_articles(paper: Paper) -> None:
    shape = SHAPES[0][2]
    next_only(paper, shape, 3)
    paper.crawl(shape(3), shape(2))
    assert paper.stored() == {"/news/port": (whole(1, 2, 3), 0)}
    assert paper.outcome(shape(3)) == ("duplicate_url", f"part of {paper.site.url}/news/port")


def test_a_view_of_the_whole_story_is_preferred(paper: Paper) -> None:
    shape = SHAPES[0][2]
    links = row(shape, 3) + '<p><a href="/news/port?page=all">Auf einer Seite lesen</a></p>'
    for number in (1, 2, 3):
        paper.show(shape(number), number, links)
    page = article(TITLES["en"], [*story(1), *story(2), *story(3)])
    paper.site.page("/news/port?page=all", page)
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2, 3), 0)}
    said = ("duplicate_url", f"whole text of {paper.site.url}/news/port")
    assert paper.outcome("/news/port?page=all") == said
    assert paper.site.asked(shape(3)) == []


def test_a_story_of_which_a_page_is_missing_says_so_until_it_is_whole(paper: Paper) -> None:
    shape = SHAPES[0][2]
    for number in (1, 2, 3):
        paper.show(shape(number), number, row(shape, 3))
    lost = paper.site.pages.pop(shape(3))
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2), 1)}
    paper.site.pages[shape(3)] = lost
    paper.desk.crawl("paper", "recrawl")
    assert paper.stored() == {"/news/port": (whole(1, 2, 3), 0)}
    assert paper.desk.tuples("select change from v1_revisions where revision = 2") == [("update",)]
    del paper.site.pages[shape(2)]
    paper.desk.crawl("paper", "recrawl")
    assert paper.stored() == {"/news/port": (whole(1, 2, 3), 0)}
    assert paper.outcome("/news/port", "recrawl")[0] == "worse"


def test_an_archived_story_is_read_again_with_all_its_pages(paper: Paper) -> None:
    shape = SHAPES[1][2]
    for number in (1, 2, 3):
        paper.show(shape(number), number, row(shape, 4))
    paper.crawl(shape(1))
    before = paper.stored()
    assert before == {shape(1): (whole(1, 2, 3), 1)}
    asked = len(paper.site.log)
    paper.desk.crawl("paper", "reextract")
    assert paper.stored() == before and len(paper.site.log) == asked


# what only looks like a further page


def not_joined(paper: Paper, *more: str) -> None:
    paper.crawl("/news/port")
    assert {path: said for path, said in paper.stored().items() if path not in more} == {
        "/news/port": (whole(1), 0)
    }


NEXT = '<link rel="next" href="/news/port{}">'


def test_another_story_with_an_address_alike_is_none(paper: Paper) -> None:
    paper.show("/news/port", 1, more=NEXT.format("-2"))
    paper.show("/news/port-2", 2, title="Ferry prices rise again in spring")
    not_joined(paper)


def test_a_story_of_the_same_name_on_another_day_is_none(paper: Paper) -> None:
    day = '<meta property="article:published_time" content="2026-11-{}T08:00:00Z">'
    paper.show("/news/port", 1, more=NEXT.format("-2") + day.format(10))
    paper.show("/news/port-2", 2, more=day.format(11))
    paper.crawl("/news/port", "/news/port-2")
    assert paper.stored() == {"/news/port": (whole(1), 0), "/news/port-2": (whole(2), 0)}


def test_further_pages_of_comments_or_pictures_are_none(paper: Paper) -> None:
    shape = SHAPES[0][2]
    for number in (1, 2, 3):
        said = "".join(f"<p>Reader {n} thinks so.</p>" for n in range(number * 10, number * 10 + 5))
        paper.show(shape(number), 1, said + row(shape, 3))
    paper.crawl("/news/port")
    assert [part for _, part in paper.stored().values()] == [0]
    assert paper.site.asked(shape(3)) == []


def test_a_listing_with_numbers_is_no_story(paper: Paper) -> None:
    shape = SHAPES[0][2]
    for number in (1, 2):
        items = "".join(f'<li><a href="/s/{number}{n}">Headline {n}</a></li>' for n in range(30))
        paper.site.page(shape(number), f"<h1>News</h1><ul>{items}</ul>{row(shape, 9)}")
    paper.crawl("/news/port")
    assert paper.stored() == {} and paper.site.asked(shape(2)) == []


# hostile sites


def test_endless_pages_end_at_a_bound(paper: Paper) -> None:
    shape = SHAPES[0][2]
    next_only(paper, shape, 40)
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(*range(1, 21)), 1)}
    assert paper.site.asked(shape(21)) == []


def test_a_loop_of_pages_ends(paper: Paper) -> None:
    shape = SHAPES[0][2]
    paper.show("/news/port", 1, more=NEXT.format("?page=2"))
    paper.show(shape(2), 2, more=NEXT.format("") + NEXT.format("?page=2"))
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2), 0)}


def test_no_page_of_another_site_is_joined(paper: Paper) -> None:
    with SiteServer() as other:
        url = f"{other.url}/news/port?page=2"
        paper.show("/news/port", 1, more=f'<link rel="next" href="{url}"><a href="{url}">2</a>')
        other.page("/news/port?page=2", article(TITLES["en"], story(2)))
        not_joined(paper)
        assert other.log == []


def test_a_page_that_robots_txt_forbids_is_missing(paper: Paper) -> None:
    shape = SHAPES[0][2]
    robots = b"User-agent: *\nDisallow: /news/port?page=3\n"
    paper.site.pages["/robots.txt"] = Reply(robots, content_type="text/plain")
    next_only(paper, shape, 3)
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2), 1)}
    assert paper.site.asked(shape(3)) == []
