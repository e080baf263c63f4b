"""Articles over several pages: one article with the text whole, each page archived."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Asked, Reply, SiteServer, article
from tests.support.story_paper import SHAPES, TITLES, Paper, Shape, next_only, row, whole
from tests.support.town import story


@pytest.fixture
def paper(desk: Desk) -> Iterator[Paper]:
    with SiteServer() as site:
        yield Paper(desk, site)


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


@pytest.mark.parametrize(("language", "word", "shape"), SHAPES[:3])
def test_an_edit_of_a_later_page_is_seen_where_the_first_is_as_it_was(
    paper: Paper, language: str, word: str, shape: Shape
) -> None:
    """The server has an ETag for each page, and answers 304 to whoever knows it."""

    def known(asked: Asked, body: bytes) -> Reply:
        etag = f'"{sha256(body).hexdigest()}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        return Reply(body, headers={"ETag": etag})

    def show(number: int, said: int) -> None:
        paper.show(shape(number), said, row(shape, 2, word), TITLES[language], language=language)
        page = paper.site.pages[shape(number)]
        assert isinstance(page, Reply)
        paper.site.pages[shape(number)] = partial(known, body=page.body)

    show(1, 1)
    show(2, 2)
    paper.crawl(shape(1))
    show(2, 3)
    paper.desk.crawl("paper", "recrawl")
    assert paper.stored() == {shape(1): (whole(1, 3), 0)}
    assert paper.desk.tuples("select revision from v1_articles") == [(2,)]
    paper.desk.crawl("paper", "recrawl")
    assert paper.desk.tuples("select revision from v1_articles") == [(2,)]


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
