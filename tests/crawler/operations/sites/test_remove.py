"""scrapy sites remove, as typed: the file goes, the articles stay."""

from pathlib import Path

import pytest

from crawler.operations.command import EXIT_OK, EXIT_USAGE
from tests.support.desk import Desk
from tests.support.site_server import SiteServer, article, feed

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."] * 3


def files(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.sites.iterdir())


def test_the_file_goes_and_the_articles_stay(desk: Desk) -> None:
    with SiteServer() as site:
        url = site.page("/2026/05/24/story", article("A story", WORDS))
        site.page("/rss", feed([(url, "A story")]))
        path = desk.write_site("paper", f"{site.url}/", f'[sources]\nfeeds = ["{site.url}/rss"]\n')
        text = path.read_text()
        desk.write_site("other", "https://example.test/")
        desk.crawl("paper")
        done = desk.here("sites", "remove", "paper")
        assert (done.code, done.err) == (EXIT_OK, "")
        assert "1 article of it stays in the database" in done.out
        assert files(desk) == ["other.toml", "paper.toml.removed"]
        assert (desk.sites / "paper.toml.removed").read_text() == text
        asked = len(site.log)
        refused = desk.crawl("paper", code=EXIT_USAGE)
        assert "no site 'paper'" in refused.err
        assert len(site.log) == asked
        assert desk.tuples("select site from v1_articles") == [("paper",)]
        assert "no TOML file names them any more: paper" in desk.here("health").out


def test_one_that_was_removed_before_is_not_written_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for n in range(3):
        desk.write_site("paper", f"https://example.test/{n}")
        done = desk.here("sites", "remove", "paper")
        assert done.code == EXIT_OK and "article" not in done.out
    assert files(desk) == ["paper.toml.removed", "paper.toml.removed-2", "paper.toml.removed-3"]
    assert not (tmp_path / "winnow.db").exists()


def test_a_file_with_mistakes_can_be_removed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write_site("paper", "https://example.test/").write_text("start = ")
    assert desk.here("sites", "remove", "paper").code == EXIT_OK
    assert files(desk) == ["paper.toml.removed"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which site?"),
        (("papr",), "did you mean 'paper'?"),
        (("../paper",), "no site '../paper'"),
        (("paper", "other"), "which site?"),
    ],
)
def test_bad_words_are_one_line(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    desk = Desk(tmp_path)
    desk.write_site("paper", "https://example.test/")
    done = desk.here("sites", "remove", *words)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert said in done.err and done.err.count("\n") == 1
    assert files(desk) == ["paper.toml"]
