"""scrapy sites import: each site of a list is looked at, and what failed can be given again."""

import csv
import json
import signal
from pathlib import Path

import pytest

from models.sites.config import load_all, load_site
from tests.support.desk import Desk, kill, wait_for
from tests.support.giving_lists import QUICK, failed, give
from tests.support.press_town import PressTown, front, gone, put_articles, rss
from tests.support.probing import probe_all
from tests.support.site_server import Reply, sitemap


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, f"sqlite:///{tmp_path}/none.db")


def test_each_line_has_an_outcome_and_a_second_run_asks_nobody(town: PressTown, desk: Desk) -> None:
    page, fed, mapped = town.paper("page"), town.paper("fed"), town.paper("mapped")
    mapped.page("/map.xml", f"<urlset><url><loc>{mapped.url}/news/1</loc></url></urlset>")
    broken = town.server("broken")
    broken.pages.update({path: gone(500) for path in ("/", "/robots.txt")})
    lines = [
        "# papers", page.url, f"{page.url}/?utm_source=x", f"{fed.url}/rss",
        f"{mapped.url}/map.xml", broken.url, "not an address",
    ]  # fmt: skip
    done = give(desk, "\n".join(lines), "--json", code=1)
    said = {row["line"]: row for row in map(json.loads, done.out.splitlines())}
    assert {line: row["outcome"] for line, row in said.items()} == {
        2: "imported", 3: "known", 4: "imported", 5: "imported", 6: "failed", 7: "failed",
    }  # fmt: skip
    assert "500" in said[6]["reason"]
    assert done.err == "scrapy sites: imported 3, known 1, failed 2\n"
    sites = {site.start: site for site in load_all(desk.sites)[0]}
    assert set(sites) == {f"{one.url}/" for one in (page, fed, mapped)}
    assert sites[f"{fed.url}/"].sources.feeds == (f"{fed.url}/rss",)
    assert sites[f"{mapped.url}/"].sources.sitemaps == (f"{mapped.url}/map.xml",)
    assert all(site.scope.private for site in sites.values())
    asked = town.requests()
    again = give(desk, "\n".join(lines[:5]))
    assert (again.out, again.err) == ("", "scrapy sites: imported 0, known 4, failed 0\n")
    assert town.requests() == asked


def test_what_failed_can_be_given_again(town: PressTown, desk: Desk) -> None:
    well, later = town.paper("well"), town.paper("later")
    front_page = later.pages["/"]
    later.pages["/"] = gone(503)
    opml = (
        f'<opml><body><outline text="Later" htmlUrl="{later.url}" xmlUrl="{later.url}/rss"/>'
        f'<outline xmlUrl="{well.url}/rss"/></body></opml>'
    )
    left = desk.folder / "failed.csv"
    done = give(desk, opml, "--failed", str(left), code=1)
    assert done.out == ""
    rows = list(csv.DictReader(left.open(encoding="utf-8")))
    assert [(row["url"], row["outcome"], row["reason"]) for row in rows] == [
        (f"{later.url}/", "failed", f"{later.url}/: HTTP 503")
    ]
    later.pages["/"] = front_page
    done = desk.type("sites", "import", str(left), "--failed", str(left), **QUICK)
    assert done.err == "scrapy sites: imported 1, known 0, failed 0\n"
    site = next(site for site in load_all(desk.sites)[0] if site.start == f"{later.url}/")
    assert site.sources.feeds == (f"{later.url}/rss",)
    assert "\n# Later\n" in site.path.read_text(encoding="utf-8")


def test_a_site_that_trickles_ends_in_its_time_and_holds_up_no_other(town: PressTown) -> None:
    slow, well, other = town.paper("slow"), town.paper("well"), town.paper("other")
    index = "".join(f"<sitemap><loc>{slow.url}/map-{n}.xml</loc></sitemap>" for n in range(20))
    slow.page("/robots.txt", f"Sitemap: {slow.url}/index.xml\n")
    slow.page("/index.xml", f"<sitemapindex>{index}</sitemapindex>", content_type="application/xml")
    urls = put_articles(slow, "news", range(2))
    for number in range(20):
        drops = [piece.encode() for piece in (sitemap(urls)[:40], sitemap(urls)[40:])]
        slow.pages[f"/map-{number}.xml"] = Reply(drops, content_type="application/xml", pause=2)
    came = probe_all([slow.url, well.url, other.url], seconds=20.0, jobs=2)
    assert came[slow.url].faults[-1] == f"{slow.url}: not done after 20 s"
    assert f"{slow.url}/" in came[slow.url].sources  # what was read until then counts
    for site in (well, other):
        assert came[site.url].faults == []
        assert came[site.url].sources[f"{site.url}/rss"] == "feed"
        assert came[site.url].after < came[slow.url].after


def test_a_site_with_few_pages_has_a_hint(town: PressTown, desk: Desk) -> None:
    bare, fed = town.server("bare"), town.paper("fed")
    bare.page("/", front(put_articles(bare, "news", range(4))))
    hint = (
        "hint: no sitemap or feed: each run sees what one page names, now 4 links;"
        " add further pages that list articles to [sources] sections"
    )
    done = give(desk, f"{bare.url}\n{fed.url}\n")
    name = next(site.name for site in load_all(desk.sites)[0] if site.start == f"{bare.url}/")
    assert done.err == f"{name}: {hint}\nscrapy sites: imported 2, known 0, failed 0\n"
    for path in desk.sites.glob("*.toml"):
        path.unlink()
    done = give(desk, f"{bare.url}\n{fed.url}\n", "--json")
    said = {row["line"]: row["reason"] for row in map(json.loads, done.out.splitlines())}
    assert said == {1: hint, 2: None}
    assert done.err.count("\n") == 1


def test_two_lines_that_lead_to_one_site_are_one_site(town: PressTown, desk: Desk) -> None:
    paper = town.paper("paper")
    for port in ("a", "b"):
        paper.page(f"/{port}", front([]))
    opml = "".join(
        f'<outline htmlUrl="{paper.url}/{path}" xmlUrl="{paper.url}/rss?{path}"/>' for path in "ab"
    )
    for path in "ab":
        urls = put_articles(paper, path, range(2))
        paper.page(f"/rss?{path}", rss(paper.url, urls), content_type="application/xml")
    done = give(desk, f"<opml><body>{opml}</body></opml>", "--jobs", "1")
    assert done.err == "scrapy sites: imported 1, known 1, failed 0\n"
    (site,) = load_all(desk.sites)[0]
    assert set(site.sources.feeds) >= {f"{paper.url}/rss?a", f"{paper.url}/rss?b"}


def test_a_site_that_hangs_or_forbids_all_costs_only_itself(town: PressTown, desk: Desk) -> None:
    hangs, forbids, well = town.server("hangs"), town.server("forbids"), town.paper("well")
    hangs.pages["/robots.txt"] = Reply([b"x"], pause=30)
    forbids.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    empty = town.server("empty")
    empty.page("/", "<html><body><p>Nothing here.</p></body></html>")
    done = give(
        desk, f"{hangs.url}\n{forbids.url}\n{empty.url}\n{well.url}\n", code=1, DOWNLOAD_TIMEOUT=1
    )
    reasons = {row["url"]: row["reason"] for row in failed(done)}
    assert "cannot be read (no answer in time" in reasons[f"{hangs.url}/"]
    assert "robots.txt forbids it" in reasons[f"{forbids.url}/"]
    assert reasons[f"{empty.url}/"].endswith("no feed, sitemap or section names pages")
    assert len(load_all(desk.sites)[0]) == 1
    assert [asked.path for asked in forbids.log] == ["/robots.txt"]


def test_a_kill_loses_nothing_and_a_signal_says_what_is_left(town: PressTown, desk: Desk) -> None:
    well, slow = town.paper("well"), town.server("slow")
    slow.pages["/robots.txt"] = Reply([b"x"], pause=60)
    (desk.folder / "list").write_text(f"{well.url}\n{slow.url}\n")
    words = ("sites", "import", "list", "--private")
    for how, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 1)):
        slow.log.clear()
        process = desk.start(*words, **QUICK)
        wait_for(lambda: slow.log and list(desk.sites.glob("*.toml")))
        done = kill(process, how)
        assert done.code == code, done
        assert len(load_all(desk.sites)[0]) == 1
    assert "stopped before it was looked at" in done.out
    assert "stopped: imported 0, known 1, failed 1" in done.err


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        ([], "", "names no site"),
        ([], "<opml><body>\n<outline htmlUrl=", "list: line 2: the OPML is broken or cut here"),
        ([], "<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "it declares entities"),
        (["--jobs", "0"], "x.test", "--jobs 0: write 1 to 500"),
        (["--json", "--failed", "-"], "x.test", "both print"),
        (["more"], "x.test", "which file?"),
    ],
)
def test_misuse_is_one_line_and_nothing_is_written(
    desk: Desk, words: list[str], text: str, said: str
) -> None:
    (desk.folder / "list").write_text(text)
    done = desk.here("sites", "import", str(desk.folder / "list"), *words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert not desk.sites.exists()


def test_a_file_with_a_mistake_is_mended_first(town: PressTown, desk: Desk) -> None:
    desk.write_site("bad", "http://127.0.0.1:9/", "[sources]\nfeds = []\n")
    done = give(desk, f"{town.paper('paper').url}\n", code=2)
    assert "mend it first, so that no site is added twice" in done.err
    assert town.requests() == 0


def test_a_name_that_is_taken_fails_that_line_only(town: PressTown, desk: Desk) -> None:
    desk.write_site("one", "http://127.0.0.1:9/")
    paper = town.paper("paper")
    done = give(desk, f"url,name\n{paper.url},one\nx.invalid,two\n", code=1)
    reasons = [row["reason"] for row in failed(done)]
    assert reasons[0] == "there is a site 'one' already, another one; change the name"
    assert "x.invalid does not resolve" in reasons[1]
    assert load_site(desk.sites, "one").start == "http://127.0.0.1:9/"
