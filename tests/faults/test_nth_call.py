"""The n-th database call of a crawl fails: the next runs hold all, whichever call it was."""

from pathlib import Path

import pytest

from tests.databases import KINDS, AtHead
from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.failing_names import OF_KIND
from tests.faults.support.length import LONG, dice
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.running import running
from tests.support.desk import Desk
from tests.support.site_server import SiteServer

PAGES = 5
CALLS = 120  # a crawl of so few pages makes more
_CHANCE = dice(1)
CASES = (
    [(kind, how, n) for kind in KINDS for how in OF_KIND[kind] for n in range(1, CALLS, 9)]
    if LONG
    else [("sqlite", how, _CHANCE.randrange(20, CALLS)) for how in OF_KIND["sqlite"]]
)


@pytest.mark.parametrize(("kind", "how", "number"), CASES)
def test_a_call_that_fails_loses_nothing(
    kind: str, how: str, number: int, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url, SiteServer() as site:
        desk, paper, met = Desk(tmp_path, url), Newspaper(site, PAGES), tmp_path / "met"
        paper.add_to(desk)
        desk.use_settings(
            "tests.faults.support.failing_calls",
            WINNOW_FAULT_CALL=str(number), WINNOW_FAULT_HOW=how, WINNOW_FAULT_MET=str(met),
        )  # fmt: skip
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            done = crawl.result()
        assert met.exists(), f"the run made fewer than {number} calls"
        assert done.code in ((0,) if how != "broken" else (0, 1)), done.err[-3000:]
        assert "Traceback" not in done.printed, done.err[-3000:]
        # a page whose outcome is database_error waits an hour: the clock of the next run is later
        desk.use_settings("crawler.settings", WINNOW_NOW="2036-01-01T00:00:00Z")
        paper.until_quiet(desk)
        assert faults(desk, paper.texts) == []
        checked(1)
