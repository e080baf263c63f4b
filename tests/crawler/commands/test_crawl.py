"""scrapy crawl: the run's articles as a feed, and the arguments of each spider."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, scrapy
from tests.support.site_server import SiteServer, article, feed

FERRY = [
    "The night ferry between the port and the island will sail again from the first of June.",
    "Two crossings a night are planned, one each way, leaving at a quarter past ten.",
    "The board has leased an old grain carrier and paid for new cabins and a kitchen.",
    "Tickets will cost twenty-four crowns for a seat, with islanders paying half of that.",
]
HEAD = (
    '<meta property="article:published_time" content="2026-05-24T08:30:00+02:00">'
    '<meta name="author" content="Ada Lind">'
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A site of one article and one empty page."""
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site:
        story = site.page("/ferry", article("=Ferry opens", FERRY, more=HEAD))
        empty = site.page("/empty", "<html><body></body></html>")
        site.page("/rss", feed([(story, "Ferry"), (empty, "Empty")]))
        desk.write_site("loop", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        yield desk


def test_the_articles_of_a_run_are_a_feed(desk: Desk) -> None:
    desk.crawl("loop", "discover", "-O", "out.jsonl", "-O", "out.csv")
    [line] = (desk.folder / "out.jsonl").read_text().splitlines()
    item = json.loads(line)
    [row] = desk.rows("SELECT * FROM v1_articles")
    for name in item.keys() - {"outcome", "authors", "tags", "published_at", "fetched_at"}:
        assert item[name] == row[name], name
    assert item["outcome"] == "stored"
    assert item["authors"] == ["Ada Lind"] == json.loads(row["authors"])
    assert item["published_at"] == "2026-05-24T06:30:00+00:00"
    [cells] = csv.DictReader((desk.folder / "out.csv").open(newline=""))
    assert cells["title"] == "'=Ferry opens"
    assert cells["authors"] == '["Ada Lind"]'
    desk.crawl("loop", "recrawl", "-o", "out.jsonl")
    first, second = map(json.loads, (desk.folder / "out.jsonl").read_text().splitlines())
    assert (first["outcome"], second["outcome"]) == ("stored", "unchanged")


def test_a_feed_on_stdout_has_the_summary_beside_it(desk: Desk) -> None:
    done = desk.type("crawl", "discover", "-a", "site=loop", "-o", "-:jsonl")
    assert json.loads(done.out)["title"] == "=Ferry opens"
    assert "\ndiscover loop: 2 URLs" in "\n" + done.err


def test_a_feed_that_cannot_be_is_misuse(desk: Desk) -> None:
    desk.write_site("second", "http://127.0.0.1:9/")
    (desk.folder / "plain").write_text("no folder")
    for words, said in (
        (["site=loop", "-O", "out.unknown"], "unknown"),
        (["site=loop", "-O", "plain/out.jsonl"], "plain/out.jsonl: "),
        (["site=all", "-O", "out.jsonl"], "write -o"),
        (["site=loop", "-a", "dry_run=1", "-O", "out.jsonl"], "leave out -o and -O"),
    ):
        done = desk.type("crawl", "reextract", "-a", *words, code=2)
        assert said in done.err and done.err.count("\n") == 1


def test_the_help_describes_the_arguments_of_each_spider(sqlite_url: str) -> None:
    said = " ".join(scrapy(sqlite_url, "crawl", "--help").out.split())
    assert "site (the site's name, as in NAME.toml), limit (the most URLs of the run)" in said
    assert re.search(r"recrawl also since \(.*urls \(a file with one URL a line\)", said)
    assert "dry_run (1: print what would change, write nothing)" in said
