"""A town's news site whose stories have editions, crawled once, for tests of what time does."""

import random
from dataclasses import dataclass
from itertools import count

from tests.support.desk import Desk
from tests.support.site_server import Asked, Reply, SiteServer, article, feed, sitemap

WHO = [
    "council",
    "minister",
    "ferry",
    "harbour",
    "school",
    "farmer",
    "union",
    "hospital",
    "museum",
    "court",
    "team",
    "baker",
]
DID = [
    "approved",
    "rejected",
    "opened",
    "measured",
    "repaired",
    "postponed",
    "counted",
    "sold",
    "painted",
    "leased",
]
WHAT = [
    "bridge",
    "budget",
    "orchard",
    "railway",
    "herring",
    "library",
    "timetable",
    "tower",
    "contract",
    "bakery",
]
WHEN = [
    "on Monday",
    "after the storm",
    "before the vote",
    "last spring",
    "without a word",
    "at noon",
]
WHY = [
    "because costs had doubled",
    "as the report had asked",
    "to the surprise of many",
    "for good",
]


@dataclass(frozen=True, slots=True)
class Town:
    """A desk, and the site whose pages it reads."""

    desk: Desk
    site: SiteServer


def story(number: int, edition: int = 1) -> list[str]:
    """The paragraphs of a page; each edition has another last one."""
    tell = random.Random(number)
    paragraphs = [_paragraph(tell) for _ in range(5)]
    return [*paragraphs[:-1], _paragraph(random.Random(number * 1000 + edition))]


def _paragraph(tell: random.Random) -> str:
    return " ".join(
        f"The {tell.choice(WHO)} {tell.choice(DID)} {tell.randrange(2, 900)} parts of the"
        f" {tell.choice(WHAT)} {tell.choice(WHEN)}, {tell.choice(WHY)}."
        for _ in range(4)
    )


def show(site: SiteServer, number: int, edition: int = 1) -> None:
    """Puts an edition up; two pages of three have an ETag, the others another advert each time."""
    asked = count()
    etag = {"ETag": f'"{number}-{edition}"'} if number % 3 else {}

    def answer(_: Asked) -> Reply:
        headline = f"Story {number} of the {WHO[number % 12]} and the {WHAT[number % 10]}"
        page = article(headline, story(number, edition)).replace("</main>", _noise(next(asked)))
        return Reply(page.encode(), headers=etag)

    site.pages[f"/news/{number}"] = answer


def _noise(visit: int) -> str:
    """What stands under each article and is none of it: a counter, an advert, a newsletter."""
    price = 19 + visit * 7
    return (
        f'<p class="counter">Read {1000 + visit * 13} times</p>'
        f'<aside class="advert"><p>Boots for {price} crowns, only {price % 5 + 1} days.</p></aside>'
        "<p>Sign up for our newsletter and get the news of the harbour every morning.</p></main>"
    )


def found(desk: Desk, site: SiteServer, pages: int, name: str = "town") -> None:
    """Puts the first edition of so many stories up, and has them discovered."""
    for number in range(pages):
        show(site, number)
    items = [(f"{site.url}/news/{n}", f"Story {n}") for n in range(pages)]
    site.pages["/rss"] = Reply(feed(items).encode(), content_type="application/rss+xml")
    site.page("/", "<html><title>The Daily Loop</title><a href='/news/1'>Story</a></html>")
    desk.write_site(name, site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]', delay=0)
    desk.crawl(name)


def put_up_reports(server: SiteServer, pages: int) -> None:
    """Puts up so many articles, and a sitemap that names them."""
    urls = [
        server.page(
            f"/2026/05/story-number-{n}.html", article(f"Report {n} of the ferry", story(n))
        )
        for n in range(pages)
    ]
    server.page("/robots.txt", f"User-agent: *\nSitemap: {server.url}/map.xml\n")
    server.page("/map.xml", sitemap(urls))
