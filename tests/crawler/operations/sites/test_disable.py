"""scrapy sites disable and enable, as typed: nothing fetches the site, and all else goes on."""

import json
import re
from collections.abc import Iterator

import pytest
from scrapy.settings import Settings

from crawler.commands.visit import Command
from crawler.operations.command import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from crawler.operations.visits import VisitResult
from tests.support.desk import Desk
from tests.support.site_server import SiteServer, article, feed

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."] * 3


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        url = server.page("/2026/05/24/story", article("A story", WORDS))
        server.page("/rss", feed([(url, "A story")]))
        yield server


def test_a_disabled_site_is_not_fetched_and_says_so_everywhere(
    site: SiteServer, desk: Desk
) -> None:
    path = desk.write_site("paper", f"{site.url}/", f'[sources]\nfeeds = ["{site.url}/rss"]\n')
    before = path.read_text()
    desk.crawl("paper")
    asked = len(site.log)
    off = desk.here("sites", "disable", "paper", "--why", "relaunch, see mail of Ada")
    assert off.code == EXIT_OK and off.out.endswith("next: scrapy sites enable paper\n")
    line, _, rest = path.read_text().partition("\n")
    assert re.fullmatch(
        r"enabled = false  # since \d{4}-\d\d-\d\d: relaunch, see mail of Ada", line
    )
    assert rest == before
    for spider in ("discover", "recrawl", "visit"):
        refused = desk.crawl("paper", spider, code=EXIT_USAGE)
        assert refused.err.count("\n") == 1
        assert refused.err.endswith(
            "is disabled in " + str(path) + "; type: scrapy sites enable paper\n"
        )
    for words in (("visit", "--now"), ("visit", "paper", "--now")):
        silent = desk.type(*words)
        assert silent.printed == ""
    desk.crawl("paper", "reextract")
    assert len(site.log) == asked
    assert "  disabled\n" in desk.here("sites", "list").out
    assert "disabled    nothing is fetched" in desk.here("sites", "show", "paper").out
    desk.execute("update site_health set state = 'red', reason = 'no article'")
    health = desk.here("health")
    assert (health.code, " disabled " in health.out) == (EXIT_OK, True)
    assert json.loads(desk.here("health", "--json").out)[0]["disabled"] is True
    assert desk.tuples("select count(*) from v1_articles") == [(1,)]
    on = desk.here("sites", "enable", "paper")
    assert on.out == "paper is enabled; next: scrapy visit paper\n"
    assert path.read_text() == before
    assert desk.here("health").code != EXIT_OK
    desk.type("visit", "paper", "--now")
    assert len(site.log) > asked


def test_what_is_typed_twice_changes_nothing_and_a_note_may_be_added(desk: Desk) -> None:
    path = desk.write_site("paper", "https://example.test/")
    assert desk.here("sites", "enable", "paper").out == "paper is enabled already\n"
    desk.here("sites", "disable", "paper")
    once = path.read_text()
    assert re.match(r"enabled = false  # since [\d-]+\n", once)
    again = desk.here("sites", "disable", "paper")
    assert again.code == EXIT_OK and "is disabled already" in again.out
    assert path.read_text() == once
    desk.here("sites", "disable", "paper", "--why", "moved")
    assert path.read_text().count("enabled = false") == 1 and ": moved\n" in path.read_text()


def test_a_site_that_is_disabled_while_it_waits_for_its_visit_is_no_error(desk: Desk) -> None:
    path = desk.write_site("paper", "https://example.test/")
    command = Command()
    command.settings = Settings({"WINNOW_SITES_DIR": str(desk.sites)})
    result = VisitResult("paper", EXIT_USAGE, "paper is disabled")
    assert not command._is_removed(result)
    path.write_text(f"enabled = false\n{path.read_text()}")
    assert command._is_removed(result)
    assert not command._is_removed(VisitResult("paper", EXIT_FAILED, "failed"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("disable",), "which site?"),
        (("enable",), "which site?"),
        (("disable", "papr"), "did you mean 'paper'?"),
        (("disable", "../paper"), "no site '../paper'"),
        (("disable", "paper", "--why", "two\nlines"), "--why: write one line"),
        (("disable", "paper", "--why", "x" * 301), "at most 300 characters"),
        (("enable", "paper", "--why", "x"), "--why is an option of"),
    ],
)
def test_bad_words_are_one_line_and_the_file_is_as_it_was(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    path = desk.write_site("paper", "https://example.test/")
    before = path.read_bytes()
    done = desk.here("sites", *words)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert said in done.err and done.err.count("\n") == 1
    assert path.read_bytes() == before
