"""What is asked for as a further page: little that is none, nothing without end."""

from collections.abc import Iterator

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article
from tests.support.story_paper import SHAPES, TITLES, Paper, next_only, row, whole
from tests.support.town import story

NEXT = '<link rel="next" href="/news/port{}">'


@pytest.fixture
def paper(desk: Desk) -> Iterator[Paper]:
    with SiteServer() as site:
        yield Paper(desk, site)


def not_joined(paper: Paper, *more: str) -> None:
    paper.crawl("/news/port")
    assert {path: said for path, said in paper.stored().items() if path not in more} == {
        "/news/port": (whole(1), 0)
    }


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


def test_a_site_with_pages_of_comments_is_not_asked_for_each(paper: Paper) -> None:
    stories = [f"/news/{n}00" for n in range(5)]
    for n, path in enumerate(stories):
        for at in (path, f"{path}?cp=2"):
            paper.show(at, n, f'<a href="{path}?cp=2">2</a>', title=f"Story {n} of the port")
    paper.crawl(*stories)
    assert len(paper.stored()) == 5
    assert len([asked for asked in paper.site.log if asked.path.endswith("cp=2")]) == 3


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


def test_a_page_that_reserves_what_is_obeyed_is_missing_and_else_the_whole_is_reserved(
    paper: Paper,
) -> None:
    shape, facts = SHAPES[0][2], "select tdm_reservation, robots_directives, tdm_source from"
    paper.show("/news/port", 1, more=NEXT.format("?page=2"))
    reserves = {"TDM-Reservation": "1", "X-Robots-Tag": "noarchive"}
    page = article(TITLES["en"], story(2))
    paper.site.pages[shape(2)] = Reply(page.encode(), headers=reserves)
    sources = f'[sources]\nsitemaps = ["{paper.site.url}/sitemap.xml"]'
    paper.name("/news/port")
    paper.desk.write_site("paper", paper.site.url + "/", sources, delay=0)
    paper.desk.crawl("paper", WINNOW_OBEY_RIGHTS="noarchive")
    assert paper.stored() == {"/news/port": (whole(1), 1)}
    assert paper.desk.tuples(f"{facts} v1_articles") == [(None, None, None)]
    kept = "select count(*) from v1_captures where url like '%%page=2'"
    assert paper.desk.tuples(kept) == [(0,)]
    paper.desk.crawl("paper", "recrawl")
    assert paper.stored() == {"/news/port": (whole(1, 2), 0)}
    reserved = [(1, "noarchive", "header")]
    assert paper.desk.tuples(f"{facts} v1_articles") == reserved
    paper.desk.crawl("paper", "reextract")
    assert paper.desk.tuples(f"{facts} v1_articles") == reserved


def test_a_page_that_robots_txt_forbids_is_missing(paper: Paper) -> None:
    shape = SHAPES[0][2]
    robots = b"User-agent: *\nDisallow: /news/port?page=3\n"
    paper.site.pages["/robots.txt"] = Reply(robots, content_type="text/plain")
    next_only(paper, shape, 3)
    paper.crawl("/news/port")
    assert paper.stored() == {"/news/port": (whole(1, 2), 1)}
    assert paper.site.asked(shape(3)) == []
