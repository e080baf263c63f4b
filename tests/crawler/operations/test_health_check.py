"""Monitors check a site after each run, from the database; what is red is printed by name."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.desk import Desk, Result, scrapy
from tests.support.site_server import Reply, SiteServer, article, feed

PLACES = ["harbour", "library", "orchard", "railway", "theatre", "market", "museum", "bridge",
          "school", "brewery"]  # fmt: skip
WALL = (
    '<!doctype html><html lang="en"><head><title>Before you continue</title></head><body>'
    "<main><h1>We value your privacy</h1><p>We and our 1,024 partners store and access "
    "information on your device, such as cookies, and process personal data. You can accept all "
    "cookies, or manage your preferences and reject those that are not necessary.</p>"
    "<button>Accept all cookies</button> <button>Manage preferences</button></main></body></html>"
)


@dataclass(frozen=True, slots=True)
class Town:
    desk: Desk
    site: SiteServer


def story(place: str) -> str:
    return article(
        f"The {place} opens again",
        [
            f"The {place} will open again in the first week of June, eleven years after it closed.",
            f"The board of the {place} has paid for a new roof and for a kitchen that was missing.",
            f"Islanders pay half of what visitors pay at the {place}, which some thought unfair.",
            f"The {place} expects to lose money until the third summer and has put some aside.",
        ],
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site of ten stories, discovered once."""
    desk = Desk(tmp_path_factory.mktemp("watch"))
    desk.upgrade()
    with SiteServer() as site:
        urls = [site.page(f"/{place}", story(place)) for place in PLACES]
        rss = feed([(url, url.rpartition("/")[2]) for url in urls])
        site.pages["/rss"] = Reply(rss.encode(), content_type="application/rss+xml")
        desk.write_site("town", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.crawl("town")
        yield Town(desk, site)


def health(desk: Desk, *words: str) -> Result:
    return scrapy(f"sqlite:///{desk.folder}/winnow.db", "health", *words)


def state(desk: Desk) -> tuple[str, str]:
    (row,) = desk.rows("SELECT state, reason FROM v1_site_health")
    return row["state"], row["reason"] or ""


def test_a_new_site_is_not_checked_before_it_has_a_history(town: Town) -> None:
    assert state(town.desk) == ("ok", "not judged yet: too few pages to know what is usual")


def test_a_wall_on_every_page_is_red_and_changes_no_article(town: Town) -> None:
    desk = town.desk
    texts = desk.rows("SELECT url, text, revision, content_hash FROM v1_articles ORDER BY url")
    last = desk.rows("SELECT max(change_id) AS last FROM v1_changes")
    for place in PLACES:
        town.site.page(f"/{place}", WALL)
    done = desk.type("crawl", "recrawl", "-a", "site=town", code=3)
    assert {outcome for outcome, _ in desk.outcomes("recrawl").values()} == {"blocked"}
    assert texts == desk.rows(
        "SELECT url, text, revision, content_hash FROM v1_articles ORDER BY url"
    )
    assert desk.rows("SELECT max(change_id) AS last FROM v1_changes") == last
    assert "town is red: 100% of 10 pages refused; usual: 0%, since run 2" in done.err
    assert town.site.url in done.err
    assert done.err.count("\n") == 1
    assert state(desk)[0] == "red"
    said = health(desk)
    assert (said.code, said.out.splitlines()[1].split()[:2]) == (3, ["town", "red"])


def test_an_alarm_is_noted_once_and_keeps_the_run_that_it_began_with(town: Town) -> None:
    town.desk.type("crawl", "recrawl", "-a", "site=town", code=3)
    assert "since run 2" in state(town.desk)[1]
    events = town.desk.rows("SELECT kind FROM site_events WHERE kind = 'health'")
    assert len(events) == 1


def test_what_is_accepted_is_usual_from_then_on(town: Town) -> None:
    assert health(town.desk, "town", "--accept").code == 0
    assert state(town.desk)[0] == "ok"


def test_a_site_that_nobody_ran_is_misuse(town: Town) -> None:
    said = health(town.desk, "twon")
    assert (said.code, said.err.count("\n")) == (2, 1) and "'twon'" in said.err
    assert health(town.desk, "--accept").code == 2


def test_an_empty_database_says_what_to_type(sqlite_url: str) -> None:
    assert "scrapy sites add" in scrapy(sqlite_url, "health").out


def test_pages_that_came_the_next_time_are_no_alarm(town: Town) -> None:
    """Each counts once, by its last outcome."""
    desk = town.desk
    desk.type("health", "town", "--accept")
    for place in PLACES:
        town.site.page(f"/{place}", story(place))
    desk.crawl("town", "recrawl")
    for place in PLACES[:4]:
        town.site.pages[f"/{place}"] = Reply(b"", 500)
    some = f"match=/({'|'.join(PLACES[:4])})$"
    desk.type("crawl", "recrawl", "-a", "site=town", "-a", some, code=1)
    for place in PLACES[:4]:
        town.site.page(f"/{place}", story(place))
    done = desk.type("crawl", "recrawl", "-a", "site=town", "-a", some)
    assert "red" not in done.err
    assert state(desk)[0] == "ok"
