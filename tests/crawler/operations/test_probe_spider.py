"""One look at a site: what names its pages, as `sites add` writes it down."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.press_town import PressTown, front, press_town, put_articles, rss
from tests.support.site_server import SiteServer, sitemap

MENU = "".join(f'<a href="/{name}/">{name.title()}</a>' for name in ("news", "sport", "arts"))
SERVICES = '<a href="/login">Log in</a><a href="/team/">Who we are</a>'


@pytest.fixture
def town() -> Iterator[PressTown]:
    with press_town() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def add(desk: Desk, url: str) -> tuple[str, dict[str, Any]]:
    """What `sites add` printed, and the sources that it wrote."""
    done = desk.type(
        "sites", "add", url, "--name", "paper", "--private", DOWNLOAD_DELAY=0, RETRY_ENABLED=0
    )
    written = tomllib.loads((desk.sites / "paper.toml").read_text(encoding="utf-8"))
    return done.out, {"start": written["start"], **written["sources"]}


def without_sources(site: SiteServer) -> list[str]:
    """A paper of 29 articles that has neither sitemap nor feed: its front page names four."""
    sections = {"news": range(10), "sport": range(10, 20), "arts": range(20, 29)}
    urls = [url for name, numbers in sections.items() for url in put_articles(site, name, numbers)]
    for name in sections:
        own = [url for url in urls if f"/{name}/" in url]
        site.page(f"/{name}/", front(own, menu=MENU))
    site.page("/", front(urls[:4], menu=MENU + SERVICES))
    site.page("/team/", front(urls[:4], menu=MENU))  # names nothing that the front page does not
    return urls


def test_a_paper_without_sitemap_or_feed_keeps_all_its_articles(
    town: PressTown, desk: Desk
) -> None:
    site = town.server("paper")
    urls = without_sources(site)
    said, sources = add(desk, site.url)
    assert sources["sections"] == [
        f"{site.url}{path}" for path in ("/", "/news/", "/sport/", "/arts/")
    ]
    assert "hint: no sitemap or feed: each run sees what 4 pages name" in said
    assert site.asked("/login") == []
    desk.hurry("paper")
    desk.upgrade()
    desk.crawl("paper")
    stored = desk.tuples("SELECT count(*) FROM v1_articles")
    assert stored == [(len(urls),)]
    assert len(urls) == 29


def test_a_section_page_that_names_the_front_pages_stories_at_dead_addresses_is_none(
    town: PressTown, desk: Desk
) -> None:
    site = town.server("paper")
    urls = put_articles(site, "news", range(6))
    relative = [url.removeprefix(f"{site.url}/") for url in urls]
    site.page("/", front(relative, menu=MENU))
    for name in ("news", "sport"):
        site.page(f"/{name}/", front(relative, menu=MENU))  # /sport/news/2026/..., a 404
    late = put_articles(site, "arts", range(6, 9))
    site.page("/arts/", front([*relative, *late], menu=MENU))
    _, sources = add(desk, site.url)
    assert sources["sections"] == [f"{site.url}/", f"{site.url}/arts/"]


def test_a_feed_that_names_as_much_as_the_front_page_needs_no_sections(
    town: PressTown, desk: Desk
) -> None:
    site = town.paper("paper", pages=12)
    site.page("/", front(put_articles(site, "news", range(12)), menu=MENU))
    said, sources = add(desk, site.url)
    assert sources == {
        "start": f"{site.url}/", "feeds": [f"{site.url}/rss"], "sections": [f"{site.url}/"],
    }  # fmt: skip
    assert "hint" not in said
    assert site.asked("/sport/") == []


def test_an_index_is_written_down_and_not_the_sitemaps_of_today(
    town: PressTown, desk: Desk
) -> None:
    site = town.server("paper")
    urls = put_articles(site, "news", range(12))
    site.page("/robots.txt", f"Sitemap: {site.url}/index.xml\n")
    entries = "".join(f"<sitemap><loc>{site.url}/map-{n}.xml</loc></sitemap>" for n in range(1, 3))
    site.page("/index.xml", f"<sitemapindex>{entries}</sitemapindex>")
    for n in range(1, 3):
        site.page(f"/map-{n}.xml", sitemap(urls[6 * n - 6 : 6 * n]))
    site.page("/", front(urls[:1]))
    _, sources = add(desk, site.url)
    assert sources["sitemaps"] == [f"{site.url}/index.xml"]


def test_a_feed_finds_its_site(town: PressTown, desk: Desk) -> None:
    site = town.paper("paper")
    urls = put_articles(site, "news", range(3))
    site.page("/other.xml", rss(site.url, urls), content_type="application/xml")
    _, sources = add(desk, f"{site.url}/other.xml")
    assert sources["start"] == f"{site.url}/"
    assert sources["feeds"] == [f"{site.url}/other.xml", f"{site.url}/rss"]
    again = desk.type("sites", "add", f"{site.url}/rss", "--private", code=2)
    assert f"{site.url}/rss is there already: site 'paper'" in again.err
    assert len(site.asked("/robots.txt")) == 1


def test_a_site_whose_front_page_is_missing_is_found_by_its_robots_txt(
    town: PressTown, desk: Desk
) -> None:
    site = town.server("paper")
    site.page("/robots.txt", f"Sitemap: {site.url}/map.xml\n")
    site.page("/map.xml", sitemap(put_articles(site, "news", range(2))))
    _, sources = add(desk, site.url)  # its front page is a 404
    assert sources == {"start": f"{site.url}/", "sitemaps": [f"{site.url}/map.xml"]}
