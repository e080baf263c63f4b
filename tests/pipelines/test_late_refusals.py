"""A text that a site shows in place of its articles, in no list of ours, known by repetition."""

from collections.abc import Iterator

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, feed
from tests.support.town import story

ARTICLES = "select url, title from v1_articles order by article_id"
OUTCOMES = "select outcome, count(*) from v1_outcomes group by outcome order by outcome"
CHANGES = "select article_id, kind from v1_changes order by change_id"
# in languages that no list of ours has: title, text
UNKNOWN = {
    "fi": ("Tervetuloa", "Ennen kuin jatkat, valitse miten tietojasi saa tallentaa tällä sivulla."),
    "el": ("Καλώς ήρθατε", "Πριν προχωρήσετε, διαλέξτε πώς θα φυλάμε τα στοιχεία της επίσκεψης."),
    "th": ("ยินดีต้อนรับ", "ก่อนดำเนินการต่อ โปรดเลือกวิธีที่เว็บไซต์นี้เก็บข้อมูลการเยี่ยมชมของท่าน"),
    "ka": ("მოგესალმებით", "სანამ გააგრძელებთ, აირჩიეთ როგორ შევინახოთ თქვენი ვიზიტის მონაცემები."),
}
SLUGS = ("ferry-late", "council-votes", "oak-felled", "school-shut", "bakery-opens", "rain-ahead")


def wall(language: str) -> str:
    """What is sent in place of every page."""
    title, text = UNKNOWN[language]
    return (
        f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>"
        f"<p>{text}</p><p>{text[::-1]}</p><form><button>OK</button></form></main></body></html>"
    )


def changing(language: str, slug: str) -> str:
    """The same, with what no two answers of such a page have in common."""
    at = SLUGS.index(slug)
    told = f"ID 8f3a{at}b11c9d04e7 203.0.113.{at} 26.11.2026 14:2{at}:59 /news/{slug}"
    return wall(language).replace("</main>", f"<p>{told}</p></main>")


class Paper:
    """A site whose source names a page for each slug."""

    def __init__(self, desk: Desk, site: SiteServer, *, headlines: bool) -> None:
        self.desk, self.site, self._headlines = desk, site, headlines
        desk.upgrade()
        site.page("/", "<html><title>The Daily Loop</title></html>")
        name = "feeds" if headlines else "sitemaps"
        desk.write_site("paper", site.url + "/", f'[sources]\n{name} = ["{site.url}/s"]', delay=0)

    def name(self, *slugs: str) -> None:
        """What the source names from now on."""
        urls = [f"{self.site.url}/news/{slug}" for slug in slugs]
        if self._headlines:
            items = [(url, f"Headline of {url.rpartition('/')[2]}") for url in urls]
            self.site.pages["/s"] = Reply(feed(items).encode(), content_type="application/rss+xml")
            return
        listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        self.site.pages["/s"] = Reply(
            f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</urlset>".encode(),
            content_type="application/xml",
        )

    def show(self, page: str, *slugs: str) -> None:
        for slug in slugs:
            self.site.page(f"/news/{slug}", page)

    def crawl(self, spider: str = "discover", *, red: bool = False, accept: bool = False) -> None:
        self.desk.crawl("paper", spider, *["--accept"] * accept, code=3 if red else 0)

    def stored(self) -> list[str]:
        return [url.rpartition("/")[2] for url, _ in self.desk.tuples(ARTICLES)]


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        yield server


@pytest.mark.slow  # crawls
@pytest.mark.parametrize("language", UNKNOWN)
@pytest.mark.parametrize("headlines", [True, False])
def test_on_the_first_run_nothing_of_an_unknown_wall_is_left(
    desk: Desk, site: SiteServer, language: str, headlines: bool
) -> None:
    paper = Paper(desk, site, headlines=headlines)
    paper.name(*SLUGS)
    paper.show(wall(language), *SLUGS)
    paper.crawl(red=True)
    assert paper.stored() == []
    assert dict(desk.tuples(OUTCOMES)) == {"blocked": len(SLUGS)}
    reasons = [reason for (reason,) in desk.tuples("select reason from v1_outcomes")]
    why = "not the one that its source names" if headlines else "5 other addresses of the site"
    assert any(why in reason for reason in reasons)


@pytest.mark.slow  # crawls
@pytest.mark.parametrize("language", UNKNOWN)
def test_a_wall_that_differs_in_numbers_and_addresses_is_found_on_the_first_run_too(
    desk: Desk, site: SiteServer, language: str
) -> None:
    paper = Paper(desk, site, headlines=False)
    paper.name(*SLUGS)
    for slug in SLUGS:
        paper.show(changing(language, slug), slug)
    paper.crawl(red=True)
    assert paper.stored() == []
    assert dict(desk.tuples(OUTCOMES)) == {"blocked": len(SLUGS)}
    why = desk.type("why", f"{site.url}/news/{SLUGS[0]}").out
    assert "the same title with nearly the same text stands under" in why


@pytest.mark.slow  # crawls
def test_a_column_of_each_day_is_an_article_though_only_its_numbers_differ(
    desk: Desk, site: SiteServer
) -> None:
    paper = Paper(desk, site, headlines=False)
    paper.name(*SLUGS)
    for day, slug in enumerate(SLUGS, 1):
        text = f"High water is at {day}:4{day} in the harbour of Marlby, and low water at 9:1{day}."
        dated = f"<meta property='article:published_time' content='2026-11-0{day}T06:00:00Z'>"
        page = article("Tides at Marlby", [text, f"The ferry leaves at {day + 6}:00 from pier 2."])
        paper.show(page.replace("</head>", f"{dated}</head>"), slug)
    paper.crawl()
    assert sorted(paper.stored()) == sorted(SLUGS)


@pytest.mark.slow  # crawls
def test_what_was_stored_before_it_was_known_is_refused_and_comes_back_with_its_text(
    desk: Desk, site: SiteServer
) -> None:
    paper = Paper(desk, site, headlines=False)
    paper.name(*SLUGS[:2])
    paper.show(wall("fi"), *SLUGS)
    paper.crawl()
    assert sorted(paper.stored()) == sorted(SLUGS[:2])  # two pages with one text may be copies
    assert desk.tuples("select count(*) from v1_clusters") == [(2,)]
    paper.name(*SLUGS[:3])
    paper.crawl()
    assert paper.stored() == []
    assert desk.tuples("select count(*) from v1_clusters") == [(0,)]
    refused = [row for row in desk.tuples(CHANGES) if row[1] == "refused"]
    assert refused == [(1, "refused"), (2, "refused")]
    why = desk.type("why", f"{site.url}/news/{SLUGS[0]}").out
    assert "2 other addresses of the site" in why
    assert "What was stored of it was refused on" in why
    page = article("Ferry late on Tuesday", story(1, 1))
    paper.show(page, SLUGS[0])
    paper.crawl("recrawl")
    assert paper.stored() == [SLUGS[0]]
    back = [kind for _, kind in desk.tuples(CHANGES)][-2:]
    assert back == ["restored", "revised"]


@pytest.mark.slow  # crawls
def test_a_wall_in_the_articles_own_place_leaves_none_of_them_with_its_text(
    desk: Desk, site: SiteServer
) -> None:
    paper = Paper(desk, site, headlines=False)
    paper.name(*SLUGS)
    for number, slug in enumerate(SLUGS):
        paper.show(article(f"The {slug} of today", story(number, 1)[:1]), slug)
    paper.crawl()
    title, text = UNKNOWN["el"]
    paper.show(article(title, [text, text[::-1], f"{text} {title}"]), *SLUGS)
    paper.crawl("recrawl", red=True)
    assert title not in [title for _, title in desk.tuples(ARTICLES)]
    assert "blocked" in dict(desk.tuples(OUTCOMES))


@pytest.mark.slow  # crawls
@pytest.mark.parametrize("language", UNKNOWN)
def test_the_first_unknown_wall_of_a_known_site_replaces_no_article(
    desk: Desk, site: SiteServer, language: str
) -> None:
    paper = Paper(desk, site, headlines=True)
    paper.name(*SLUGS[:5])
    for number, slug in enumerate(SLUGS[:5]):
        paper.show(article(f"Headline of {slug}", story(number, 1)[:1]), slug)
    paper.crawl()
    more = UNKNOWN[language][1] * (6 if language == "th" else 14)  # too long for its own list
    long = wall(language).replace("</main>", f"<p>{more}</p></main>")
    paper.show(long, SLUGS[0], SLUGS[5])
    paper.name(*SLUGS)
    paper.crawl()
    paper.crawl("recrawl")
    assert sorted(paper.stored()) == sorted(SLUGS[:5])
    assert UNKNOWN[language][0] not in [title for _, title in desk.tuples(ARTICLES)]
    reasons = {reason for (reason,) in desk.tuples("select reason from v1_outcomes")}
    assert any("where the site has none" in (reason or "") for reason in reasons)
    paper.crawl("recrawl", accept=True)
    assert UNKNOWN[language][0] in [title for _, title in desk.tuples(ARTICLES)]


@pytest.mark.slow  # crawls
def test_a_short_copy_under_another_title_is_worse_and_can_be_accepted(
    desk: Desk, site: SiteServer
) -> None:
    paper = Paper(desk, site, headlines=True)
    paper.name(*SLUGS[:2])
    for number, slug in enumerate(SLUGS[:2]):
        paper.show(article(f"Headline of {slug}", story(number, 1) * 3), slug)
    paper.crawl()
    paper.show(article("The Daily Loop: today", story(0, 1)[:1]), SLUGS[0])
    paper.crawl("recrawl")
    last = "select outcome from v1_outcomes order by run_id desc, outcome desc"
    assert [outcome for (outcome,) in desk.tuples(last)][:2] == ["worse", "unchanged"]
    paper.crawl("recrawl", accept=True)
    assert [outcome for (outcome,) in desk.tuples(last)][:2] == ["unchanged", "revised"]


@pytest.mark.slow  # crawls
def test_a_story_at_many_addresses_with_its_own_headline_stays_one_story(
    desk: Desk, site: SiteServer
) -> None:
    paper = Paper(desk, site, headlines=True)
    paper.name(*SLUGS)
    items = [(f"{site.url}/news/{slug}", "Ferry late on Tuesday") for slug in SLUGS]
    site.pages["/s"] = Reply(feed(items).encode(), content_type="application/rss+xml")
    paper.show(article("Ferry late on Tuesday", story(1, 1)), *SLUGS)
    paper.crawl()
    assert len(paper.stored()) == len(SLUGS)
    assert desk.tuples("select count(*) from v1_articles where duplicate_of is null") == [(1,)]
