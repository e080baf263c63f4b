"""One page that many URLs redirect to is no page of any of them, whatever it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.crawl.shared_targets import MANY, MANY_TO_STORY, SharedTargets, without_way_back
from models.crawl.url_rows import UrlLease
from models.items import Hint

SITE = "https://example.test"
SLUGS = ("ferry-late", "council-votes", "oak-felled", "school-shut", "bakery-opens", "rain-ahead")


def lease(number: int, path: str, *, stored: bool = False) -> UrlLease:
    return UrlLease(number, SITE + path, Hint(), 0, None, None, stored)


def blocked(target: str, *paths: str) -> list[bool]:
    """Whether each of these paths is blocked, if all redirect to `target`."""
    shared = SharedTargets()
    found = [shared.add(lease(n, path), target) for n, path in enumerate(paths, 1)]
    return [reason is not None for reason in found]


@pytest.mark.parametrize("path", ["/hyväksy", "/موافقة", "/同意", "/сайт/вход", "/kultur/"])
def test_the_third_page_that_leads_to_one_is_blocked(path: str) -> None:
    paths = [f"/news/{slug}" for slug in SLUGS]
    late = len(SLUGS) - MANY + 1
    assert blocked(SITE + path, *paths) == [False] * (MANY - 1) + [True] * late


def test_the_reason_names_the_target_and_how_many_lead_there() -> None:
    shared = SharedTargets()
    for number, slug in enumerate(SLUGS[:2]):
        shared.add(lease(number, f"/news/{slug}"), f"{SITE}/in?to=/news/{slug}")
    last = shared.add(lease(9, f"/news/{SLUGS[2]}"), f"{SITE}/in?to=/news/{SLUGS[2]}")
    assert last == f"redirects to {SITE}/in, as 2 other pages do"


def test_the_addresses_of_one_page_count_once() -> None:
    spelled = ["/a/story-123456", "/b/story-123456", "/print/123456", "/123456?ref=feed"]
    assert blocked(f"{SITE}/elsewhere", *spelled) == [False] * 4


def test_an_address_like_an_article_s_may_gather_more_pages() -> None:
    paths = [f"/live/{chr(97 + n) * 9}" for n in range(MANY_TO_STORY)]
    found = blocked(f"{SITE}/news/the-night-of-the-flood-live", *paths)
    assert found == [False] * (MANY_TO_STORY - 1) + [True]


@given(st.integers(2, 30))
def test_a_site_that_moves_as_a_whole_is_blocked_nowhere(pages: int) -> None:
    shared = SharedTargets()
    for number in range(pages):
        old = lease(number, f"/news/{number}")
        assert shared.add(old, f"{SITE}/story.php?id={number}") is None


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("/in?next=/news/1", "/in"),
        ("/in?url=https%3A%2F%2Fexample.test%2Fnews%2F1%3Fa%3Db&lang=fi", "/in?lang=fi"),
        ("/in?to=https%253A%252F%252Fexample.test%252Fnews%252F1", "/in"),
        ("/index.php?id=1", "/index.php?id=1"),
        ("/story?id=1#top", "/story?id=1"),
    ],
)
def test_the_way_back_is_no_part_of_a_target(url: str, bare: str) -> None:
    assert without_way_back(SITE + url, f"{SITE}/news/1") == SITE + bare


def test_an_article_that_leads_there_is_not_among_what_is_blocked_late() -> None:
    shared = SharedTargets()
    for number, slug in enumerate(SLUGS, 1):
        shared.add(lease(number, f"/news/{slug}", stored=number == 1), f"{SITE}/in")
    [found] = shared.found()
    assert (found.urls, found.pages, found.early) == ([f"{SITE}/in"], len(SLUGS), [2])
