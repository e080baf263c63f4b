"""discover, end to end over real HTTP: every URL ends in one outcome, whatever it meets."""

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.support.desk import Desk, kill, wait_for
from tests.support.keep_stage import KEEP_ONLY
from tests.support.site_server import Reply, SiteServer, article, feed, flood, redirect, sitemap

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."] * 3


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    return Desk(tmp_path, sqlite_url, **KEEP_ONLY)


@pytest.fixture
def any_desk(tmp_path: Path, database_url: str) -> Desk:
    """On SQLite, PostgreSQL and MariaDB in turn."""
    return Desk(tmp_path, database_url, **KEEP_ONLY)


def put_articles(site: SiteServer, count: int) -> list[str]:
    paths = [f"/2026/05/story-number-{n}.html" for n in range(count)]
    return [site.page(path, article(f"Story number {path[-6]}", WORDS)) for path in paths]


def test_every_kind_of_source_is_found_and_read_once(site: SiteServer, desk: Desk) -> None:
    one, two, three, four = put_articles(site, 4)
    site.page("/robots.txt", f"User-agent: *\nSitemap: {site.url}/index.xml\n")
    inner = f"<sitemap><loc>{site.url}/inner.xml</loc></sitemap>"
    site.page("/index.xml", f"<sitemapindex>{inner}</sitemapindex>")
    site.page("/inner.xml", sitemap([one, two, f"{site.url}/tag/ferry", f"{two}?utm_source=x"]))
    site.page("/loop", feed([(two, "Two"), (three, "Three")]))
    alternate = '<link rel="alternate" type="application/rss+xml" href="/loop">'
    link = f'<h2><a href="{four}">The fourth story of this day</a></h2>'
    site.page("/", f"<html><head>{alternate}</head><body>{link}</body></html>")
    desk.write_site("loop", site.url + "/")
    done = desk.crawl("loop")
    assert done.err == ""
    assert done.out.startswith("discover loop: 4 URLs: 4 stored, 0 errors in ")
    assert set(desk.last_run().values()) == {"stored"}
    kinds = desk.tuples("select kind, named_by, links, error from sources order by kind, url")
    assert kinds == [
        ("feed", "alternate", 2, None),
        ("section", "site", 1, None),
        ("sitemap", "robots", 0, None),
        ("sitemap", "index", 3, None),
    ]
    assert len(site.asked("/robots.txt")) == 1
    again = desk.crawl("loop")
    assert again.out.startswith("discover loop: 0 URLs")


def test_each_trap_gets_its_outcome_and_none_ends_the_run(site: SiteServer, desk: Desk) -> None:
    [good] = put_articles(site, 1)
    traps: dict[str, tuple[Reply | None, str]] = {
        "/trap-a-pdf": (Reply(b"%PDF-1.7 ...", content_type="text/html"), "bad_type"),
        "/trap-json": (Reply(b"{}", content_type="application/json"), "bad_type"),
        "/trap-untyped": (Reply(article("No type", WORDS).encode(), content_type=""), "stored"),
        "/trap-empty": (Reply(b""), "no_content"),
        "/trap-gone": (None, "gone"),
        "/trap-500": (Reply(b"", 500), "http_error"),
        "/trap-204": (Reply(b"", 204), "http_error"),
        "/trap-large": (flood(3), "too_large"),
        "/trap-reset": (Reply(reset=True), "connection_error"),
        "/trap-slow": (Reply([b"x"] * 9, pause=1.0), "timeout"),
        "/trap-loop": (redirect("/trap-loop"), "redirect_loop"),
        "/trap-home": (redirect("/"), "not_article"),
        "/trap-out": (redirect("http://example.invalid/story"), "out_of_scope"),
        "/trap-inside": (redirect("http://127.0.0.1:1/story"), "refused_address"),
        "/trap-known": (redirect(good), "duplicate_url"),
        "/trap-moved": (redirect("/story-that-moved-here.html"), "duplicate_url"),
        "/private/trap": (Reply(b"<html>"), "robots"),
    }
    for path, (reply, _) in traps.items():
        if reply is not None:
            site.pages[path] = reply
    site.page("/story-that-moved-here.html", article("Moved", WORDS))
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.page("/sitemap.xml", sitemap([good, *(site.url + path for path in traps)]))
    site.page("/", "<html><body>Welcome")
    fetch = '[fetch]\ndelay = 0\nconcurrency = 8\nmax_bytes = "1MB"\n'
    desk.write_site("loop", site.url + "/", fetch)
    desk.crawl("loop", DOWNLOAD_TIMEOUT=3)
    outcomes = desk.last_run()
    wanted = {path: outcome for path, (_, outcome) in traps.items()}
    wanted |= {"/2026/05/story-number-0.html": "stored", "/story-that-moved-here.html": "stored"}
    assert outcomes == wanted
    [(urls, stored, status)] = desk.tuples("select urls, stored, status from v1_runs")
    assert (urls, stored, status) == (len(wanted), 3, "done")
    assert desk.tuples("select url from urls where owner is not null") == []
    reasons = dict(desk.tuples("select url, reason from v1_outcomes"))
    assert reasons[f"{site.url}/trap-moved"].startswith("redirects to ")
    assert reasons[f"{site.url}/trap-a-pdf"] == "a PDF, said to be text/html"


def test_a_stage_that_breaks_costs_its_own_page_only(site: SiteServer, desk: Desk) -> None:
    [good] = put_articles(site, 1)
    bad = site.page("/2026/05/bad.html", "<html>break the stage")
    site.page("/map.xml", sitemap([good, bad]))
    desk.write_site("loop", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n')
    desk.crawl("loop", traceback=True)
    assert set(desk.last_run().values()) == {"stored", "extract_crash"}
    query = "select reason from v1_outcomes where outcome = 'extract_crash'"
    assert desk.tuples(query) == [("RuntimeError: the stage broke",)]


def test_a_page_that_a_stage_refuses_again_waits_twice_as_long(
    site: SiteServer, desk: Desk
) -> None:
    wall = site.page("/2026/05/wall.html", "<html>a wall")
    site.page("/map.xml", sitemap([wall]))
    desk.write_site("loop", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n')
    for minutes in (10, 20):
        desk.crawl("loop")
        assert set(desk.last_run().values()) == {"blocked"}
        [(wait,)] = desk.tuples(
            "select (julianday(not_before) - julianday('now')) * 1440 from urls"
        )
        assert minutes - 3 < wait < minutes + 1
        desk.execute("update urls set not_before = null")


def test_a_source_that_fails_stops_no_other_and_is_reported(site: SiteServer, desk: Desk) -> None:
    one, two = put_articles(site, 2)
    site.page("/cut", feed([(one, "One"), (two, "Two")])[:-30])
    site.page("/html.xml", "<!doctype html><html><body>Not here")
    desk.write_site(
        "loop",
        site.url + "/",
        f'[sources]\nfeeds = ["{site.url}/none", "{site.url}/cut"]\n'
        f'sitemaps = ["{site.url}/html.xml"]\n',
    )
    done = desk.crawl("loop")
    assert "1 stored" in done.out
    assert "3 sources failed" in done.out
    assert "/none: HTTP 404" in done.out
    assert "/html.xml: an HTML page, not a sitemap" in done.out
    errors = dict(desk.tuples("select url, error from sources"))
    assert errors[f"{site.url}/cut"] == "cut short after 1 entries"


def test_what_a_feed_named_once_is_fetched_next_time(site: SiteServer, any_desk: Desk) -> None:
    urls = put_articles(site, 5)
    any_desk.write_site("loop", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]\n')
    site.page("/rss", feed([(url, "A story") for url in urls]))
    assert any_desk.crawl("loop", "discover", "-a", "limit=2").out.startswith(
        "discover loop: 2 URLs"
    )
    site.page("/rss", feed([]))
    assert any_desk.crawl("loop").out.startswith("discover loop: 3 URLs: 3 stored")
    assert any_desk.tuples("select count(*) from urls where outcome = 'stored'") == [(5,)]


def test_an_unchanged_source_is_asked_conditionally(site: SiteServer, desk: Desk) -> None:
    urls = put_articles(site, 2)
    desk.write_site("loop", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n')
    site.page("/map.xml", sitemap(urls), headers={"ETag": '"one"'})
    desk.crawl("loop")
    desk.crawl("loop")
    assert [asked.headers.get("if-none-match") for asked in site.asked("/map.xml")] == [
        None,
        '"one"',
    ]


def test_a_site_that_forbids_all_fails_in_one_line(site: SiteServer, desk: Desk) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    put_articles(site, 1)
    desk.write_site("loop", site.url + "/")
    done = desk.crawl("loop", code=1)
    assert done.err.startswith("scrapy crawl: no source could be read: ")
    assert "robots.txt forbids it" in done.err
    assert done.err.count("\n") == 1
    assert [asked.path for asked in site.log] == ["/robots.txt"]
    assert desk.tuples("select status from v1_runs") == [("failed",)]


def test_a_killed_run_is_aborted_and_the_next_one_ends_its_work(
    site: SiteServer, desk: Desk
) -> None:
    urls = put_articles(site, 9)
    site.page("/map.xml", sitemap(urls))
    more = f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n[fetch]\ndelay = 1\n'
    desk.write_site("loop", site.url + "/", more)
    with desk.running("crawl", "discover", "-a", "site=loop") as process:
        wait_for(lambda: len(desk.tuples("select 1 from outcomes")) >= 2)
        kill(process, signal.SIGKILL)
    desk.write_site("loop", site.url + "/", more.replace("delay = 1", "delay = 0"))
    done_before = len(desk.tuples("select 1 from outcomes"))
    assert done_before < 9
    done = desk.crawl("loop")
    assert done.out.startswith(f"discover loop: {9 - done_before} URLs")
    runs = desk.tuples("select status, urls from v1_runs order by run_id")
    assert runs == [("aborted", done_before), ("done", 9 - done_before)]
    assert desk.tuples("select count(*) from urls where outcome = 'stored'") == [(9,)]


def test_a_stopped_run_says_so_and_gives_back_what_is_left(site: SiteServer, desk: Desk) -> None:
    urls = put_articles(site, 300)
    site.page("/map.xml", sitemap(urls))
    more = f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n[fetch]\ndelay = 0.4\n'
    desk.write_site("loop", site.url + "/", more)
    with desk.running("crawl", "discover", "-a", "site=loop") as process:
        wait_for(lambda: len(desk.tuples("select 1 from outcomes")) >= 2)
        busy = desk.crawl("loop", code=4)
        assert "loop is held by" in busy.err
        done = kill(process, signal.SIGTERM)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "stopped by SIGINT or SIGTERM" in done.err
    assert desk.tuples("select count(*) from urls where owner is not null") == [(0,)]
    assert desk.tuples("select status from v1_runs where run_id = 1") == [("failed",)]
    assert desk.tuples("select count(*) from leases") == [(0,)]


def test_pages_known_are_asked_for_again_with_their_validators(
    site: SiteServer, desk: Desk
) -> None:
    urls = put_articles(site, 3)
    site.page("/2026/05/story-number-0.html", article("One", WORDS), headers={"ETag": '"a"'})
    site.page("/map.xml", sitemap(urls))
    desk.write_site("loop", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n')
    desk.crawl("loop")
    del site.pages["/2026/05/story-number-2.html"]
    desk.crawl("loop", "recrawl")
    assert desk.last_run() == {
        "/2026/05/story-number-0.html": "not_modified",
        "/2026/05/story-number-1.html": "stored",
        "/2026/05/story-number-2.html": "gone",
    }
    listed = desk.folder / "urls.txt"
    long = "/" + "a" * 8000  # Scrapy drops those of more than 2083 characters unless told not to
    listed.write_text(f"# one\n{urls[1]}\nrubbish\n\n{urljoin(urls[1], long)}\n")
    desk.type("crawl", "recrawl", "-a", f"urls={listed}")
    assert desk.last_run() == {"/2026/05/story-number-1.html": "stored", long: "gone"}
    desk.crawl("loop", "recrawl", "-a", "match=number-[01]", "-a", "limit=1")
    assert len(desk.last_run()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["discover", "-a", "site=lop"], "did you mean 'loop'?"),
        (["discover"], "which site? type: scrapy crawl discover -a site=NAME"),
        (["discover", "-a", "site=loop", "-a", "limt=3"], "did you mean 'limit'?"),
        (["discover", "-a", "site=loop", "-a", "limit=few"], "not a number of URLs"),
        (["recrawl", "-a", "site=loop", "-a", "since=spring"], "not a date; write 2026-05-24"),
        (["recrawl", "-a", "site=loop", "-a", "match=("], "-a match=("),
        (["recrawl", "-a", "urls=/no/such/file"], "-a urls=/no/such/file"),
        (["discovr", "-a", "site=loop"], "did you mean 'discover'?"),
    ],
)
def test_misuse_is_one_line_with_the_next_step(desk: Desk, words: list[str], said: str) -> None:
    desk.write_site("loop", "http://127.0.0.1:9/")
    done = desk.here("crawl", *words)
    assert done.code == 2
    assert done.err.startswith("scrapy crawl: ")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_database_that_is_not_at_head_names_the_command(tmp_path: Path) -> None:
    desk = Desk(tmp_path, f"sqlite:///{tmp_path}/new.db")
    desk.write_site("loop", "http://127.0.0.1:9/")
    done = desk.crawl("loop", code=2)
    assert "type: scrapy db upgrade" in done.err


def test_the_news_of_today_comes_before_a_flood_of_dead_pages(site: SiteServer, desk: Desk) -> None:
    dead = [f"{site.url}/dead/{n}" for n in range(3000)]
    news = put_articles(site, 3)
    lastmod = "</loc><lastmod>2026-05-01</lastmod><loc>"
    site.page("/news.xml", sitemap(f"{url}{lastmod}" for url in news).replace("<loc></loc>", ""))
    site.page("/all.xml", sitemap(dead))
    named = f'sitemaps = ["{site.url}/all.xml", "{site.url}/news.xml"]'
    desk.write_site("flooded", site.url + "/", f"[sources]\n{named}\n", delay=0)
    desk.crawl("flooded", code=3)  # most of what it names is gone: that is told
    pages = [a.path for a in site.log if a.path.startswith(("/dead/", "/2026/"))]
    assert {urljoin(site.url, path) for path in pages[:50]} >= set(news)
    assert len(pages) <= 260, "two hundred tries, and what was under way"
    assert desk.tuples("select count(*) > 2900 from urls where state = 'found'") == [(1,)]


def test_a_source_whose_addresses_are_all_on_other_hosts_has_failed(
    site: SiteServer, desk: Desk
) -> None:
    site.page("/map.xml", sitemap(["https://www.example.test/2026/05/story.html"]))
    desk.write_site("moved", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
    done = desk.crawl("moved", code=1)  # it was the only source
    assert "1 addresses, all on hosts that are not in [scope] hosts" in done.out + done.err
    [(error, failures)] = desk.tuples("select error, failures from sources")
    assert "www.example.test" in error and failures == 1


@pytest.mark.parametrize(
    ("more", "titles"),
    [
        ("", ["Ferry", "Late"]),
        ("", ["渡轮晚点", "橡树"]),
        ('[sources]\nsections = ["{url}/"]', ["Паром", "Дуб упал"]),
    ],
)
def test_links_that_none_of_was_taken_are_said_with_what_to_do(
    site: SiteServer, desk: Desk, more: str, titles: list[str]
) -> None:
    links = [f"<h2><a href='/n/7{n}'>{title}</a></h2>" for n, title in enumerate(titles)]
    site.page("/", f"<html><body><nav><a href='/about'>Us</a></nav>{''.join(links)}</body></html>")
    for n, title in enumerate(titles):
        site.page(f"/n/7{n}", article(title, WORDS))
    desk.write_site("short", site.url + "/", more.format(url=site.url))
    done = desk.crawl("short", code=1)
    assert "2 links seen, none taken" in done.out and "[scope] include" in done.out
    errors = desk.tuples("select error from sources where kind = 'section'")
    assert "2 links seen, none taken" in errors[0][0]
    desk.write_site("short", site.url + "/", '[scope]\nprivate = true\ninclude = ["/n/"]')
    assert "2 URLs" in desk.crawl("short").out


def test_two_files_of_one_host_are_said_in_one_clear_line(site: SiteServer, desk: Desk) -> None:
    site.page("/map.xml", sitemap(put_articles(site, 2)))
    for name in ("paper", "twin"):
        desk.write_site(name, site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
    desk.crawl("paper")
    desk.crawl("twin")
    said = desk.type("health", "twin", code=0).out
    assert "its pages are those of paper, of the same host: keep one file" in said


def test_pages_that_lead_on_by_themselves_are_followed_like_redirects(
    site: SiteServer, tmp_path: Path, sqlite_url: str
) -> None:
    desk = Desk(tmp_path, sqlite_url)  # all stages: the page is read to see where it leads
    story = site.page("/2026/05/story-number-1.html", article("Story number 1", WORDS))

    def leading_to(url: str) -> str:
        return f'<html><head><meta http-equiv="Refresh" content="0; url={url}"></head></html>'

    away = "https://elsewhere.test/2026/05/a-story.html"
    led = {
        "/old/1": (leading_to("/old/2"), "duplicate_url"),
        "/old/2": (leading_to(story), "duplicate_url"),
        "/old/away": (leading_to(away), "out_of_scope"),
        "/old/home": (leading_to("/"), "not_article"),
        "/old/ring-a": (leading_to("/old/ring-b"), "duplicate_url"),
        "/old/ring-b": (leading_to("/old/ring-a"), "redirect_loop"),
    }
    urls = {path: site.page(path, body) for path, (body, _) in led.items()}
    for n in range(12):
        site.page(f"/hop/{n}", leading_to(f"/hop/{n + 1}"))
    named = [urls["/old/1"], urls["/old/away"], urls["/old/home"], urls["/old/ring-a"]]
    site.page("/map.xml", sitemap([*named, f"{site.url}/hop/0"]))
    desk.write_site("led", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
    desk.crawl("led")
    outcomes = desk.last_run()
    assert outcomes.pop("/2026/05/story-number-1.html") == "stored"
    hops = [outcomes.pop(f"/hop/{n}") for n in range(9)]
    assert hops == ["duplicate_url"] * 8 + ["redirect_loop"]
    assert outcomes == {path: outcome for path, (_, outcome) in led.items()}
    assert len(site.asked("/2026/05/story-number-1.html")) == 1
