"""A page that many redirect to: what was stored of it is refused, and they are asked for again."""

from collections.abc import Iterator

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Asked, Reply, SiteServer, article, feed, redirect
from tests.support.town import story

SLUGS = ("ferry-late", "council-votes", "oak-felled", "school-shut", "bakery-opens", "rain-ahead")
ARTICLES = "select url from v1_articles order by article_id"
OUTCOMES = "select url, outcome, reason from v1_outcomes"
# a page's path, title and text, in words that no list of ours has
WALLS = {
    "fi": ("/tervetuloa", "Tervetuloa", "Valitse, miten tietojasi saa tallentaa tällä sivulla."),
    "el": ("/kalos-irthate", "Καλώς ήρθατε", "Διαλέξτε πώς θα φυλάμε τα στοιχεία της επίσκεψης."),
    "th": ("/yindee", "ยินดีต้อนรับ", "โปรดเลือกวิธีที่เว็บไซต์นี้เก็บข้อมูลการเยี่ยมชมของท่าน"),
    "ar": ("/marhaba", "مرحبا بكم", "اختر كيف نحفظ بيانات زيارتك قبل أن تتابع القراءة هنا."),
    "ka": ("/shesvla", "მოგესალმებით", "აირჩიეთ როგორ შევინახოთ თქვენი ვიზიტის მონაცემები."),
}


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        server.page("/", "<html><title>The Daily Loop</title></html>")
        yield server


def name(site: SiteServer, *slugs: str, headline: str | None = None) -> None:
    """What the site's source names: a feed with headlines, or a sitemap."""
    urls = [f"{site.url}/news/{slug}" for slug in slugs]
    if headline is not None:
        named = feed([(url, headline) for url in urls]).encode()
        site.pages["/s"] = Reply(named, content_type="application/rss+xml")
        return
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.pages["/s"] = Reply(
        f"<urlset xmlns='{space}'>{listed}</urlset>".encode(), content_type="application/xml"
    )


def write(desk: Desk, site: SiteServer, kind: str = "sitemaps") -> None:
    desk.upgrade()
    desk.write_site("paper", site.url + "/", f'[sources]\n{kind} = ["{site.url}/s"]', delay=0)


def wall_at(site: SiteServer, language: str, *slugs: str, way_back: bool) -> str:
    """Every slug redirects to one page of a site; its address."""
    path, title, said = WALLS[language]
    page = (
        f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>"
        f"<p>{said}</p><p>{said[::-1]}</p></main></body></html>"
    )
    for slug in slugs:
        to = f"{path}?next=/news/{slug}" if way_back else path
        site.pages[f"/news/{slug}"] = redirect(to)
        site.page(to, page)
    return site.url + path


@pytest.mark.slow  # crawls
@pytest.mark.parametrize("language", WALLS)
@pytest.mark.parametrize("way_back", [False, True])
def test_nothing_of_a_page_that_all_lead_to_is_left(
    desk: Desk, site: SiteServer, language: str, way_back: bool
) -> None:
    write(desk, site)
    name(site, *SLUGS)
    target = wall_at(site, language, *SLUGS, way_back=way_back)
    desk.crawl("paper", code=3)
    assert desk.tuples(ARTICLES) == []
    found = {url: (outcome, reason) for url, outcome, reason in desk.tuples(OUTCOMES)}
    asked = {url: came for url, came in found.items() if "/news/" in url.partition("?")[0]}
    assert {outcome for outcome, _ in asked.values()} == {"blocked"}
    assert all(why.startswith(f"redirects to {target}, as ") for _, why in asked.values())
    assert {outcome for outcome, _ in found.values()} == {"blocked"}
    waiting = "select count(*) from urls where state = 'found' and owner is null"
    assert desk.tuples(waiting) == [(len(SLUGS),)]  # asked again later


@pytest.mark.slow  # crawls
def test_stored_articles_that_lead_there_stay_and_come_to_no_other_address(
    desk: Desk, site: SiteServer
) -> None:
    write(desk, site)
    name(site, *SLUGS)
    for number, slug in enumerate(SLUGS):
        site.page(f"/news/{slug}", article(f"Story {number}", story(number, 1)))
    desk.crawl("paper")
    before = desk.tuples(ARTICLES)
    wall_at(site, "fi", *SLUGS, way_back=False)
    desk.crawl("paper", "recrawl")
    assert desk.tuples(ARTICLES) == before
    assert len(before) == len(SLUGS)


@pytest.mark.slow  # crawls
def test_an_article_with_its_source_s_headline_stays(desk: Desk, site: SiteServer) -> None:
    headline = "Night of the flood"
    write(desk, site, "feeds")
    name(site, *SLUGS, headline=headline)
    for slug in SLUGS:
        site.pages[f"/news/{slug}"] = redirect("/flood")
    site.page("/flood", article(headline, story(1, 1)))
    desk.crawl("paper")
    assert desk.tuples(ARTICLES) == [(f"{site.url}/flood",)]


@pytest.mark.slow  # crawls
def test_pages_that_moved_one_by_one_are_articles(desk: Desk, site: SiteServer) -> None:
    write(desk, site)
    name(site, *SLUGS)

    def show(asked: Asked) -> Reply:
        number = int(asked.path.rpartition("=")[2])
        return Reply(article(f"Story {number}", story(number, 1)).encode())

    for number, slug in enumerate(SLUGS):
        site.pages[f"/news/{slug}"] = redirect(f"/story.php?id={number}")
        site.pages[f"/story.php?id={number}"] = show
    desk.crawl("paper")
    assert len(desk.tuples(ARTICLES)) == len(SLUGS)
