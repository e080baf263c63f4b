"""A new site's file, whatever the one who was looked at says of itself."""

from pathlib import Path

import pytest

from crawler.operations.probe_spider import FoundSource, Probed
from crawler.operations.sites.new_site import NewSites
from models.sites.config import load_site
from models.sites.import_lists import Wanted


@pytest.mark.parametrize(
    ("start", "opened"),
    [
        ("http://10.0.0.5:8000/", ("10.0.0.5", 8000)),
        ("http://10.0.0.5:9200/", None),
        ("http://10.0.0.6:8000/", None),
    ],
)
def test_a_feed_opens_no_private_address_but_its_own(
    tmp_path: Path, start: str, opened: tuple[str, int] | None
) -> None:
    feed = "http://10.0.0.5:8000/rss"
    found = Probed(start, [FoundSource("feed", feed, 12, None)])
    NewSites.of(tmp_path).write(Wanted(1, feed, name="paper", private=True), found)
    assert load_site(tmp_path, "paper").private_origin == opened


def test_a_name_under_which_the_database_has_another_site_is_taken(tmp_path: Path) -> None:
    start = "https://paper.example/"
    stored = {"paper": "https://paper.other.example/", "mine": "http://www.paper.example/"}
    sites = NewSites.of(tmp_path, stored)
    assert sites.why_taken("mine", start) == "", "a site that was removed may come back"
    assert sites.why_taken("paper", start).startswith("the database has articles of another site")
    found = Probed(start, [FoundSource("feed", f"{start}rss", 12, None)])
    assert sites.write(Wanted(1, start), found).name not in stored
