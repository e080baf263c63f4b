"""scrapy sites export: OPML that a feed reader takes, and that is imported again."""

from pathlib import Path

import pytest

from models.sites.config import load_all
from models.sites.import_lists import read_list
from tests.support.desk import Desk
from tests.support.press_town import press_town


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, f"sqlite:///{tmp_path}/none.db")


def test_each_feed_is_an_outline_and_a_site_without_any_is_one_too(desk: Desk) -> None:
    desk.write_site("b", "https://b.example/")
    desk.write_site(
        "a",
        "https://a.example/x?y=1&z=2",
        '[sources]\nfeeds = ["https://f.example/1", "https://f.example/2"]\n',
    )
    done = desk.here("sites", "export")
    first, second = read_list(done.out.encode(), "out")
    assert first.address == "https://a.example/x?y=1&z=2"
    assert first.feeds == ("https://f.example/1", "https://f.example/2")
    assert (second.address, second.feeds, second.is_page) == ("https://b.example/", (), True)
    out = desk.folder / "sites.opml"
    assert desk.here("sites", "export", "--opml", str(out)).out == f"wrote 2 sites to {out}\n"
    assert out.read_text(encoding="utf-8") == done.out


def test_that_an_address_is_private_is_not_exported_and_said(desk: Desk) -> None:
    desk.write_site("inside", "http://10.0.0.1/")
    desk.write_site("public", "https://a.example/", "[scope]\nprivate = false\n")
    for words in ((), (str(desk.folder / "sites.opml"),)):
        done = desk.here("sites", "export", *words)
        assert (done.code, done.err.count("\n")) == (0, 1)
        assert "`private = true` of inside is not exported" in done.err
        assert "private" not in done.out
    (desk.sites / "inside.toml").unlink()
    assert desk.here("sites", "export").err == ""


def test_a_file_with_a_mistake_leaves_nothing_half_written(desk: Desk) -> None:
    desk.write_site("good", "https://a.example/")
    desk.write_site("bad", "https://b.example/", "[sources]\nfeds = []\n")
    out = desk.folder / "sites.opml"
    done = desk.here("sites", "export", str(out))
    assert (done.code, done.out) == (2, "")
    assert "bad.toml: line 3: unknown key 'feds'" in done.err
    assert "nothing was written" in done.err
    assert not out.exists()
    assert desk.here("sites", "export", "a", "b").code == 2


def test_what_is_exported_is_imported_into_an_empty_folder(tmp_path: Path) -> None:
    one, other = Desk(tmp_path / "one"), Desk(tmp_path / "other")
    one.folder.mkdir()
    other.folder.mkdir()
    quick = {"DOWNLOAD_DELAY": 0, "RETRY_ENABLED": 0}
    with press_town() as town:
        urls = [town.paper(name).url for name in ("first", "second")]
        (one.folder / "list").write_text("\n".join(urls))
        one.type("sites", "import", "list", "--private", **quick)
        town_paper = next(iter(one.sites.glob("*.toml"))).stem
        one.here("sites", "rename", town_paper, "paper-of-the-town")
        one.here("sites", "export", str(other.folder / "list"))
        other.type("sites", "import", "list", "--private", **quick)
    before, after = (
        {site.start: site.sources for site in load_all(desk.sites)[0]} for desk in (one, other)
    )
    names = [sorted(path.name for path in desk.sites.glob("*.toml")) for desk in (one, other)]
    assert names[0] == names[1] and "paper-of-the-town.toml" in names[0]
    assert len(before) == 2
    assert before == after
