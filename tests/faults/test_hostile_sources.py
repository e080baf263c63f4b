"""robots.txt and sitemaps that flood, loop, lie or are cut; and an innocent site beside them."""

import gzip
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from models.clock import utc_now
from tests.faults.conftest import Checked
from tests.faults.support import attacks
from tests.faults.support.behaviours import endless, head, redirect, whole
from tests.faults.support.hostile_server import Behaviour, HostileServer
from tests.faults.support.length import pick
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.processes import below, shoot
from tests.faults.support.running import running
from tests.support.desk import Desk, Result, wait_for
from tests.support.site_server import XML, SiteServer, sitemap

DEAD = pick(20_000, 300_000)  # undated addresses that answer 404
PLAIN = "text/plain"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _crawl(desk: Desk, *words: str, **more: object) -> Result:
    with running(desk, "crawl", "discover", "-a", "site=hostile", *words, **more) as crawl:
        done = crawl.result(240)
    assert "Traceback" not in done.printed, done.err[-3000:]
    return done


def _add(desk: Desk, server: HostileServer, *maps: str) -> None:
    listed = ", ".join(f'"{server.url}{path}"' for path in maps)
    desk.write_site("hostile", f"{server.url}/", f"[sources]\nsitemaps = [{listed}]", delay=0)


def _robots(name: str) -> Behaviour:
    rules = b"User-agent: *\nDisallow: /forbidden/\n"
    return {
        "large": whole(rules + b"# and more of it\n" * (42 << 16) + b"Disallow: /\n", PLAIN),
        "endless": endless(head("200 OK", [], PLAIN) + rules, b"# and more of it\n" * 4096),
        "loop": redirect("/robots.txt"),
        "broken": whole(b"", PLAIN, "503 Service Unavailable"),
    }[name]


@pytest.mark.parametrize(
    "name", pick(["large", "loop", "broken"], ["large", "endless", "loop", "broken"])
)
def test_a_robots_txt_out_of_order_ends_in_a_decision_that_is_written_down(
    name: str, tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    with HostileServer() as server:
        server.pages["/robots.txt"] = _robots(name)
        server.pages |= {f"/{path}": whole(attacks.page(1)) for path in ("news/1", "forbidden/2")}
        urls = [f"{server.url}/news/1", f"{server.url}/forbidden/2"]
        server.pages["/sitemap.xml"] = whole(sitemap(urls).encode(), XML)
        _add(desk, server, "/sitemap.xml")
        done = _crawl(desk, DOWNLOAD_TIMEOUT=5, RETRY_TIMES=0)
        came = {path: outcome for path, (outcome, _) in desk.outcomes().items()}
        if name in {"large", "endless"}:  # RFC 9309: the first 500 KiB are read
            assert came == {"/news/1": "stored", "/forbidden/2": "robots"}
            assert server.sent["/robots.txt"] < 50 << 20
        elif name == "broken":  # RFC 9309: nothing may be fetched
            assert not server.asked("/news/1") and not server.asked("/forbidden/2")
            assert "robots.txt" in done.printed
        else:  # RFC 9309: after five redirects it may count as not there
            assert came == {"/news/1": "stored", "/forbidden/2": "stored"}, done.err
            assert "robots.txt: more than 5 redirects: no rules" in done.err
        assert len(server.asked("/robots.txt")) <= 18
        checked(1)


def test_sitemaps_that_loop_lie_or_are_cut_hold_up_nothing(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    with HostileServer() as server, HostileServer() as foreign:
        here = server.url
        server.pages |= {f"/news/{n}": whole(attacks.page(n)) for n in range(4)}
        foreign.pages["/news/9"] = whole(attacks.page(9))
        packed = gzip.compress(sitemap([f"{here}/news/0"] * 500).encode())
        indexes = {"/a.xml": ["/a.xml", "/b.xml"], "/b.xml": ["/a.xml", "/b.xml"]}
        for path, names in indexes.items():
            inner = "".join(f"<sitemap><loc>{here}{name}</loc></sitemap>" for name in names)
            index = f"<sitemapindex {XMLNS}>{inner}</sitemapindex>"
            server.pages[path] = whole(index.encode(), XML)
        server.pages |= {
            "/cut.xml.gz": whole(packed[: len(packed) // 2], "application/gzip"),
            "/foreign.xml": whole(
                sitemap([f"{foreign.url}/news/9", "file:///etc/passwd", "//", f"{here}/news/1"])
                .encode(), XML,
            ),
            "/entities.xml": attacks.bombs()["entities"][0],
            "/honest.xml": whole(sitemap(f"{here}/news/{n}" for n in (2, 3)).encode(), XML),
        }  # fmt: skip
        _add(desk, server, "/a.xml", "/cut.xml.gz", "/foreign.xml", "/entities.xml", "/honest.xml")
        _crawl(desk, DOWNLOAD_TIMEOUT=5, RETRY_TIMES=0)
        came = {path: outcome for path, (outcome, _) in desk.outcomes().items()}
        assert {came[f"/news/{n}"] for n in (1, 2, 3)} == {"stored"}
        assert foreign.log == []
        assert max(len(server.asked(path)) for path in indexes) <= 2
        checked(5)


def test_three_articles_of_today_come_before_thousands_of_dead_addresses(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    with HostileServer() as server:
        server.pages |= {f"/news/{n}": whole(attacks.page(n)) for n in range(3)}
        today = utc_now() - timedelta(hours=2)
        dated = "".join(
            f"<url><loc>{server.url}/news/{n}</loc><lastmod>{today:%Y-%m-%dT%H:%M:%SZ}</lastmod>"
            "</url>" for n in range(3)
        )  # fmt: skip
        dead = (f"{server.url}/archive/{n}" for n in range(DEAD))
        server.pages["/old.xml"] = whole(sitemap(dead).encode(), XML)
        server.pages["/new.xml"] = whole(f"<urlset {XMLNS}>{dated}</urlset>".encode(), XML)
        _add(desk, server, "/old.xml", "/new.xml")
        _crawl(desk, "-a", "limit=60")
        pages = [a.path for a in server.log if a.path.startswith(("/news/", "/archive/"))]
        assert {path for path in pages[:50] if path.startswith("/news/")} == {
            "/news/0", "/news/1", "/news/2",
        }  # fmt: skip
        checked(3)


def test_an_innocent_site_beside_a_hostile_one_is_as_fast_as_alone(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    desk = Desk(tmp_path, sqlite_url, 1)
    with HostileServer() as server, SiteServer() as site:
        paper = Newspaper(site, 12)
        paper.add_to(desk, delay=1.0)  # the default
        harm = {**attacks.bombs(), "flood": attacks.protocol()["endless-body"]}
        server.pages |= {f"/{name}": behaviour for name, (behaviour, _) in harm.items()}
        urls = [server.url + path for path in server.pages]
        server.pages["/sitemap.xml"] = whole(sitemap(urls).encode(), XML)
        _add(desk, server, "/sitemap.xml")
        with running(desk, "visit", "--jobs", "2", DOWNLOAD_TIMEOUT=5, RETRY_TIMES=0) as visit:
            count = "select count(*) from v1_articles where site = 'paper'"
            wait_for(lambda: desk.tuples(count) == [(paper.pages,)])
            for process in below(visit.pid):  # the hostile site has had its time
                shoot(process.pid)
            visit.kill()
        times = [asked.at for asked in site.log if asked.path.startswith("/news/")]
        assert len(times) == paper.pages
        gaps = [later - sooner for sooner, later in pairwise(times)]
        assert sum(gaps) / len(gaps) < 1.1
        checked(1)
