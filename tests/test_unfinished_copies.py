"""What a killed `archive move` copied in part goes with what cleans an archive up."""

import pytest

from tests.support.desk import Desk
from tests.support.erased_page import crawled
from tests.support.site_server import SiteServer


@pytest.mark.parametrize(
    "words",
    [
        ("erase", "{url}", "--why", "a letter"),
        ("sites", "remove", "town", "--articles", "--yes"),
        ("db", "prune", "-s", "WINNOW_KEEP_CAPTURES=1d"),
        ("archive", "move"),
    ],
    ids=lambda words: words[0],
)
def test_a_copy_that_nobody_finishes_goes(desk: Desk, words: tuple[str, ...]) -> None:
    with SiteServer() as site:
        url = crawled(desk, site)
        left = desk.folder / "archive/town/2025/run-000001-00001.warc.gz.arriving-0123456789abcdef"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"of a page that is to be erased")
        desk.type(*(word.format(url=url) for word in words))
    assert not left.exists()
