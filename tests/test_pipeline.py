"""The pipeline, end to end: discover, edit, recrawl; and what a later run makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, feed

STORIES = {
    "ferry": [
        "The night ferry between the port and the island will sail again from the first of June.",
        "Two crossings a night are planned, one each way, leaving at a quarter past ten.",
        "The board has leased an old grain carrier and paid for new cabins and a kitchen.",
        "Tickets will cost twenty-four crowns for a seat, with islanders paying half of that.",
    ],
    "library": [
        "Visitors to the new library have been asking who is practising the organ upstairs.",
        "On windy afternoons the copper ribs of the roof hum a low and steady note together.",
        "The architect said that she had not planned it and would never have dared to do so.",
        "An engineer is to measure in the autumn gales how loud the roof can really become.",
    ],
    "herring": [
        "Boats under twelve metres will be allowed to land a third of the herring this year.",
        "Skippers had argued that the old rule left them tied up by the middle of September.",
        "The owners of the large trawlers voted against the plan and may yet go to court.",
        "The institute will count the stock again in the spring before anything is renewed.",
    ],
}


@dataclass(frozen=True, slots=True)
class Town:
    """A desk, and the site whose pages it reads."""

    desk: Desk
    site: SiteServer


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site of three stories with a feed, crawled once."""
    desk = Desk(tmp_path_factory.mktemp("pipeline"), workers=2)
    desk.upgrade()
    with SiteServer() as site:
        for name, paragraphs in STORIES.items():
            page = article(name.title(), paragraphs).encode()
            site.pages[f"/{name}"] = Reply(page, headers={"ETag": f'"{name}-1"'})
        _feed(site, list(STORIES))
        desk.write_site("town", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.crawl("town")
        yield Town(desk, site)


def test_discover_stores_each_page_that_the_feed_names(town: Town) -> None:
    assert {path: came[0] for path, came in town.desk.outcomes().items()} == {
        f"/{name}": "stored" for name in STORIES
    }
    rows = town.desk.rows("SELECT url, title, text, revision FROM v1_articles")
    assert {row["title"] for row in rows} == {name.title() for name in STORIES}
    for row in rows:
        name = row["url"].rpartition("/")[2]
        assert row["text"].split("\n\n") == STORIES[name]
        assert row["revision"] == 1


def test_the_default_pace_and_agent_are_honest(town: Town) -> None:
    agents = {asked.headers["user-agent"] for asked in town.site.log}
    assert len(agents) == 1 and next(iter(agents)).startswith("winnow/")


def test_a_second_discover_asks_for_no_page_again(town: Town) -> None:
    before = len(town.site.asked("/ferry"))
    town.desk.crawl("town")
    assert len(town.site.asked("/ferry")) == before
    assert town.desk.outcomes() == {}


def test_what_a_feed_no_longer_names_is_still_fetched(town: Town) -> None:
    late = ["The tide mill is to make electricity for two hundred homes, ninety years later."] * 2
    town.site.pages["/mill"] = Reply(b"", 503, headers={"Retry-After": "0"})
    _feed(town.site, [*STORIES, "mill"])
    town.desk.crawl("town", "discover", "-s", "RETRY_TIMES=0", code=1)
    assert town.desk.outcomes()["/mill"][0] == "http_error"
    town.site.page("/mill", article("Mill", [*late, *STORIES["ferry"][:1]]))
    _feed(town.site, list(STORIES))
    (row,) = town.desk.rows("SELECT state, not_before FROM urls WHERE url LIKE '%/mill'")
    assert row["state"] == "found" and row["not_before"]  # it is tried again, later


def test_a_recrawl_sees_edits_and_withdrawals_and_leaves_the_rest(town: Town) -> None:
    edited = [*STORIES["ferry"][:3], "Tickets will cost thirty crowns, the board said later."]
    page = article("Ferry", edited).encode()
    town.site.pages["/ferry"] = Reply(page, headers={"ETag": '"ferry-2"'})
    town.site.pages["/library"] = Reply(b"gone", 410)
    town.desk.crawl("town", "recrawl")
    came = {path: outcome for path, (outcome, _) in town.desk.outcomes("recrawl").items()}
    assert came["/ferry"] == "revised"
    assert came["/library"] == "gone"
    assert came["/herring"] in {"not_modified", "unchanged"}
    (row,) = town.desk.rows("SELECT text, revision FROM v1_articles WHERE url LIKE '%/ferry'")
    assert row["text"].split("\n\n") == edited
    assert row["revision"] == 2
    kinds = town.desk.rows("SELECT kind FROM v1_changes ORDER BY change_id")
    assert "revised" in {row["kind"] for row in kinds}


def test_a_default_site_is_asked_once_a_second(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site:
        for name, paragraphs in STORIES.items():
            site.page(f"/{name}", article(name.title(), paragraphs))
        _feed(site, list(STORIES))
        toml = f'start = "{site.url}/"\n[sources]\nfeeds = ["{site.url}/rss"]\n'
        desk.sites.mkdir()
        (desk.sites / "slow.toml").write_text(f"{toml}[scope]\nprivate = true\n")
        desk.crawl("slow")
        assert len(desk.outcomes()) == len(STORIES)
        assert min(site.gaps()) > 0.8  # as it arrives: a busy machine delays one more than the next


def _feed(site: SiteServer, names: list[str]) -> None:
    items = [(f"{site.url}/{name}", name.title()) for name in names]
    site.pages["/rss"] = Reply(feed(items).encode(), content_type="application/rss+xml")
