"""`scrapy erase`: what is typed wrongly is one line, and nothing half done."""

from tests.support.desk import Desk
from tests.support.erased_page import PAGES, crawled
from tests.support.site_server import SiteServer


def test_bad_input_is_one_line_and_does_nothing(desk: Desk) -> None:
    with SiteServer() as site:
        url = crawled(desk, site)
    for words, said in (
        ((url,), "say why"),
        ((f"{url}-x", "--why", "x"), "nothing is known of"),
        (("4711", "--why", "x"), "nothing is known of 4711"),
        (("9" * 30, "--why", "x"), "nothing is known of 9"),
        ((url, url, "--why", "x"), "which URL"),
        (("mailto:x", "--why", "x"), "type: scrapy erase"),
        (("--list", "--again"), "give one of"),
        (("--again", "--dry-run"), "give one of"),
        ((f"{url}", "--undo"), "was not erased"),
    ):
        err = desk.type("erase", *words, code=2).err
        assert err.count("\n") == 1 and said in err, words
    assert desk.tuples("SELECT count(*) FROM v1_articles") == [(PAGES + 1,)]
    away = {"WINNOW_ARCHIVE_DIR": str(desk.folder / "nowhere")}
    err = desk.type("erase", url, "--why", "x", code=2, **away).err
    assert "is WINNOW_ARCHIVE_DIR right?" in err and err.count("\n") == 1
    assert desk.tuples("SELECT count(*) FROM erasures") == [(0,)]
