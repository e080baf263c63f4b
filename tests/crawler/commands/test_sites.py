"""scrapy sites: a site is looked at, and its file written, listed, shown and checked."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db.database import Database
from models.memory.learned_templates import LEAST
from tests.support.desk import Desk
from tests.support.observations import Taught
from tests.support.site_server import SiteServer, article, feed, sitemap
from tests.support.taught_templates import teach


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, f"sqlite:///{tmp_path}/none.db")


def test_add_writes_what_named_pages_and_says_what_to_type(site: SiteServer, desk: Desk) -> None:
    url = site.page("/2026/05/24/ferry-line-opens", article("Ferry line opens", ["Words."]))
    site.page("/robots.txt", f"Sitemap: {site.url}/map.xml\nSitemap: {site.url}/empty.xml\n")
    site.page("/map.xml", sitemap([url]))
    site.page("/empty.xml", sitemap([]))
    site.page("/rss", feed([(url, "Ferry line opens")]))
    site.page("/", f'<html><body><h2><a href="{url}">Ferry line opens again today</a></h2>')
    done = desk.type("sites", "add", site.url, "--name", "loop", "--private", DOWNLOAD_DELAY=0)
    assert done.err == ""
    assert "next, type: scrapy crawl discover -a site=loop" in done.out
    written = tomllib.loads((desk.folder / "sites/loop.toml").read_text())
    assert written["start"] == site.url + "/"
    assert written["sources"] == {
        "sitemaps": [f"{site.url}/map.xml"],
        "feeds": [f"{site.url}/rss"],
        "sections": [f"{site.url}/"],
    }
    assert written["scope"] == {"private": True}
    again = desk.here("sites", "add", site.url, "--name", "loop", "--private")
    assert again.code == 2
    assert "there is a site 'loop' already" in again.err
    assert f"loop                 {site.url}/" in desk.here("sites", "list").out
    assert f"feeds       {site.url}/rss" in desk.here("sites", "show", "loop").out
    assert desk.here("sites", "check").out == "1 site well\n"


def test_a_label_is_shown_with_the_worker_that_serves_it(desk: Desk) -> None:
    desk.write_site("paper", "https://paper.example/", '[fetch]\nlabel = "de"')
    shown = desk.here("sites", "show", "paper").out
    assert "label       de: visited by `scrapy worker --label de`\n" in shown
    assert json.loads(desk.here("sites", "show", "paper", "--json").out)["label"] == "de"
    desk.write_site("plain", "https://plain.example/")
    assert "\nlabel " not in desk.here("sites", "show", "plain").out


def test_add_refuses_a_private_address_that_nobody_named_as_such(
    site: SiteServer, desk: Desk
) -> None:
    done = desk.type("sites", "add", site.url, "--name", "loop", code=2)
    assert "if you mean it, add --private" in done.err
    assert site.log == []


def test_add_refuses_a_site_that_forbids_all(site: SiteServer, desk: Desk) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    done = desk.type(
        "sites", "add", site.url, "--name", "loop", "--private", DOWNLOAD_DELAY=0, code=1
    )
    assert "robots.txt forbids it; nothing was written" in done.err
    assert not (desk.folder / "sites").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "ftp://x.test/"], "not an http or https URL"),
        (["add"], "which address? type: scrapy sites add"),
        (["shwo"], "unknown: 'shwo'"),
        (["show", "nowhere"], "no site 'nowhere'"),
        (["memory", "loop", "--limit", "0"], "--limit 0: write 1 or more"),
        (["add", "http://x.test/", "--nmae", "x"], "unknown option '--nmae'"),
    ],
)
def test_misuse_is_one_line(desk: Desk, words: list[str], said: str) -> None:
    done = desk.here("sites", *words)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_name_that_does_not_resolve_is_one_line(desk: Desk) -> None:
    done = desk.type("sites", "add", "http://nosuchsite.invalid/", code=1)
    assert "nosuchsite.invalid does not resolve; nothing was written" in done.err
    assert done.err.count("\n") == 1


def test_check_names_every_mistake_with_its_line(desk: Desk) -> None:
    desk.write_site("good", "http://127.0.0.1:9/")
    desk.write_site("bad", "http://127.0.0.1:9/", '[sources]\nfeds = ["http://x.test/"]\n')
    done = desk.here("sites", "check")
    assert done.code == 2
    assert "bad.toml" in done.err
    assert "'feeds'" in done.err
    assert desk.here("sites", "check", "good").code == 0


def test_a_template_is_shown_and_forgotten_by_its_id(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, database_url)
    desk.write_site("example", "http://127.0.0.1:9/")
    teach(Taught(database), range(LEAST), template=12)
    assert desk.here("sites", "memory", "example").out.startswith(f"template 12: {LEAST} pages")
    done = desk.here("sites", "forget", "example", "--template", "12")
    assert (done.code, done.err) == (0, "")
    assert "forgot template 12" in done.out
    assert "template 12" not in desk.here("sites", "memory", "example").out
    again = desk.here("sites", "forget", "example", "--template", "12")
    assert (again.code, again.out, again.err.count("\n")) == (2, "", 1)
    assert "no template 12; its templates are listed by: scrapy sites memory example" in again.err


@pytest.mark.parametrize("damage", ["learned = x'00'", "agreed = -1", "agreed = 'abc'"])
def test_a_template_that_cannot_be_read_is_one_line(
    sqlite: Database, sqlite_url: str, tmp_path: Path, damage: str
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    desk.write_site("example", "http://127.0.0.1:9/")
    teach(Taught(sqlite), range(LEAST), template=12)
    desk.execute(f"update learned_templates set {damage}")
    done = desk.here("sites", "memory", "example")
    assert (done.code, done.err) == (0, "")
    assert "scrapy sites forget example --template 12" in done.out.splitlines()[0]


@pytest.mark.parametrize("option", ["--block", "--like", "--template"])
def test_an_id_that_is_given_twice_is_refused(desk: Desk, option: str) -> None:
    desk.write_site("example", "http://127.0.0.1:9/")
    done = desk.here("sites", "forget", "example", option, "12", option, "13")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"{option} takes one id, not 12 and 13; type the command once for each" in done.err
