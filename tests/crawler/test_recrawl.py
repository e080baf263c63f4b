"""recrawl: a file of URLs with rubbish in it, and copies that the gate would refuse."""

from pathlib import Path

import pytest

from crawler.spiders.listed import read_list
from models.errors import UsageError
from tests.desk import Desk
from tests.site_server import SiteServer, article
from tests.town import found


def test_bad_lines_are_told_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# what was wrong\n\nhttps://example.com/a\nnot a URL\n"
        b"javascript:alert(1)\n\xff\xfe\nhttp://[::1\n  https://example.com/b  \r\n"
    )
    listed = read_list(str(path))
    assert listed.urls == ((3, "https://example.com/a"), (8, "https://example.com/b"))
    assert [fault.removeprefix(f"{path}:").partition(":")[0] for fault in listed.faults] == [
        "4", "5", "6", "7",
    ]  # fmt: skip


def test_a_file_without_any_url_is_misuse(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("rubbish\n")
    with pytest.raises(UsageError, match=r"no URL in it; .*urls\.txt:1: "):
        read_list(str(path))
    with pytest.raises(UsageError, match="absent"):
        read_list(str(tmp_path / "absent"))


def test_a_file_names_pages_and_accept_takes_what_looks_worse(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site:
        found(desk, site, 3)
        site.page("/news/1", article("Cut", ["The server broke off after these words."]))
        urls = tmp_path / "urls.txt"
        lines = [f"{site.url}/news/1", "rubbish", "https://elsewhere.test/x", f"{site.url}/news/2"]
        urls.write_text("\n".join(lines))
        done = desk.type("crawl", "recrawl", "-a", f"urls={urls}", "-a", "site=town")
        assert f"{urls}:2: " in done.stderr
        assert f"{urls}:3: https://elsewhere.test/x: " in done.stderr
        came = {path: outcome for path, (outcome, _) in desk.outcomes("recrawl").items()}
        assert came == {"/news/1": "worse", "/news/2": "not_modified"}
        desk.type("crawl", "recrawl", "--accept", "-a", "site=town", "-a", "match=/news/1$")
        assert desk.outcomes("recrawl") == {"/news/1": ("revised", "")}
