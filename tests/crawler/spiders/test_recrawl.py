"""recrawl: a file of URLs with rubbish in it, and copies that acceptance would refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.runs.url_list import read_url_list
from models.errors import UsageError
from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, redirect
from tests.support.town import Town, found, show


def test_bad_lines_are_told_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# what was wrong\n\nhttps://example.com/a\nnot a URL\n"
        b"javascript:alert(1)\n\xff\xfe\nhttp://[::1\n  https://example.com/b  \r\n"
    )
    listed = read_url_list(str(path))
    assert listed.urls == ((3, "https://example.com/a"), (8, "https://example.com/b"))
    assert [fault.removeprefix(f"{path}:").partition(":")[0] for fault in listed.faults] == [
        "4", "5", "6", "7",
    ]  # fmt: skip


def test_a_file_without_any_url_is_misuse(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("rubbish\n")
    with pytest.raises(UsageError, match=r"no URL in it; .*urls\.txt:1: "):
        read_url_list(str(path))
    with pytest.raises(UsageError, match="absent"):
        read_url_list(str(tmp_path / "absent"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site of eight stories, crawled once."""
    desk = Desk(tmp_path_factory.mktemp("recrawl"))
    desk.upgrade()
    with SiteServer() as site:
        found(desk, site, 8)
        yield Town(desk, site)


def test_a_page_that_a_file_names_twice_is_asked_for_once(town: Town, tmp_path: Path) -> None:
    urls, page = tmp_path / "urls.txt", f"{town.site.url}/news/1"
    urls.write_text(f"{page}\n{page}\n{page}?utm_source=mail\n")
    done = town.desk.type("crawl", "recrawl", "-a", f"urls={urls}")
    assert done.err == "" and "recrawl town: 1 URL: 1 not_modified" in done.out
    wrong = town.desk.type("crawl", "recrawl", "-a", f"urls={urls}", "-a", "match=x", code=2)
    assert "leave out -a match" in wrong.err


def test_the_front_page_is_one_whatever_its_query(town: Town) -> None:
    town.site.pages["/news/2"] = redirect("/?status=404")
    town.desk.crawl("town", "recrawl", "-a", "match=/news/2$")
    assert town.desk.outcomes("recrawl")["/news/2"][0] == "gone"
    gone = town.desk.rows("SELECT url FROM v1_articles WHERE withdrawn_at IS NOT NULL")
    assert [row["url"].rpartition("/")[2] for row in gone] == ["2"]


def test_a_page_that_is_gone_for_a_moment_is_not_withdrawn(town: Town) -> None:
    path, well = "/news/4", town.site.pages["/news/4"]
    gone = iter([Reply(b"", 404)])
    town.site.pages[path] = lambda asked: next(gone, None) or well(asked)
    town.desk.crawl("town", "recrawl", "-a", "match=/news/4$")
    assert town.desk.outcomes("recrawl") == {path: ("unchanged", "")}
    kinds = "SELECT kind FROM v1_changes JOIN v1_articles USING (article_id) WHERE url LIKE ?"
    assert town.desk.rows(kinds, f"%{path}") == [{"kind": "new"}]


def test_a_site_that_is_gone_whole_is_out_of_order(town: Town) -> None:
    pages, gone = (
        dict(town.site.pages),
        "SELECT count(*) AS n FROM v1_articles WHERE withdrawn_at > 0",
    )
    before = town.desk.rows(gone)
    for number in range(8):
        town.site.pages[f"/news/{number}"] = Reply(b"", 404)
    done = town.desk.type("crawl", "recrawl", "-a", "site=town", code=3)
    assert "8 of 8 articles are gone, which looks like an outage" in done.err
    assert {outcome for outcome, _ in town.desk.outcomes("recrawl").values()} == {"gone"}
    assert town.desk.rows(gone) == before
    town.desk.type("crawl", "recrawl", "--accept", "-a", "site=town", code=3)
    assert town.desk.rows(gone) == [{"n": 8}]
    town.site.pages.update(pages)
    town.desk.crawl("town", "recrawl", "--accept")
    (left,) = town.desk.rows(gone)
    assert left["n"] <= 1  # what another test took down


def test_an_edited_rule_is_not_the_publishers_edit(town: Town) -> None:
    """Not even where the page is fetched again before the archive is read again."""
    path = town.desk.sites / "town.toml"
    plain = path.read_text()
    path.write_text(f'{plain}\n[extraction]\nremove = ["article p:last-of-type"]\n')
    show(town.site, 6, edition=2)  # its last paragraph is another, and not read any more
    town.desk.crawl("town", "recrawl", "-a", "match=/news/[36]$")
    came = town.desk.outcomes("recrawl")
    assert {path: outcome for path, (outcome, _) in came.items()} == {
        "/news/3": "unchanged", "/news/6": "unchanged",
    }  # fmt: skip
    said = "SELECT change FROM v1_revisions JOIN v1_articles USING (article_id) WHERE url LIKE ?"
    for number in (3, 6):
        kinds = town.desk.rows(f"{said} ORDER BY v1_revisions.revision", f"%/news/{number}")
        assert [row["change"] for row in kinds] == ["first", "reextract"]
    path.write_text(plain)


def test_a_file_names_pages_and_accept_takes_what_looks_worse(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site:
        found(desk, site, 3)
        site.page("/news/1", article("Story 1", ["The server broke off after these words."]))
        urls = tmp_path / "urls.txt"
        lines = [f"{site.url}/news/1", "rubbish", "https://elsewhere.test/x", f"{site.url}/news/2"]
        urls.write_text("\n".join(lines))
        done = desk.type("crawl", "recrawl", "-a", f"urls={urls}", "-a", "site=town")
        assert f"{urls}:2: " in done.err
        assert f"{urls}:3: https://elsewhere.test/x: " in done.err
        came = {path: outcome for path, (outcome, _) in desk.outcomes("recrawl").items()}
        assert came == {"/news/1": "worse", "/news/2": "not_modified"}
        desk.type("crawl", "recrawl", "--accept", "-a", "site=town", "-a", "match=/news/1$")
        assert desk.outcomes("recrawl") == {"/news/1": ("revised", "")}
