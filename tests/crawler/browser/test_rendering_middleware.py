"""Crawls of a site whose text comes by JavaScript: what is fetched, archived, read and refused."""

import gzip
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.operations.command import EXIT_FAILED, EXIT_USAGE
from models.archive.warc import RENDERED_BY
from tests.support.browsing import chromium
from tests.support.desk import Desk
from tests.support.forward_proxy import ForwardProxy
from tests.support.script_site import LINES, SHELL, describe, put_up
from tests.support.site_server import XML, Reply, SiteServer, article, redirect, sitemap


def records(desk: Desk) -> bytes:
    files = sorted((desk.folder / "archive").rglob("*.warc.gz"))
    return b"".join(gzip.decompress(file.read_bytes()) for file in files)


def test_stories_that_scripts_load_become_articles_and_are_read_again_without_a_browser(
    desk: Desk,
) -> None:
    chromium()
    with SiteServer() as site:
        paths = put_up(site)
        describe(desk, site)
        desk.crawl("isle")
        assert {path: o for path, (o, _) in desk.outcomes().items()} == dict.fromkeys(
            paths, "stored"
        )
        texts = {row["url"]: row for row in desk.rows("select url, title, text from v1_articles")}
        for path, (title, lines) in zip(paths, LINES.items(), strict=True):
            row = texts[site.url + path]
            assert row["title"] == f"{title} {title}"
            assert row["text"].split("\n\n") == lines
        archived = records(desk)
        assert archived.count(f"{RENDERED_BY}: Chromium ".encode()) == 3
        assert LINES["паром"][0].encode() in archived and b"Loading" not in archived
        asked = len(site.log)
        nowhere = {"PATH": "/nowhere", "WINNOW_CHROMIUM": "/nowhere/chromium"}
        desk.environment |= nowhere
        result = desk.crawl("isle", "reextract")
        assert "3 unchanged" in result.out
        assert len(site.log) == asked


def test_a_known_page_is_shown_again_though_its_shell_has_not_changed(desk: Desk) -> None:
    chromium()
    with SiteServer() as site:
        paths = put_up(site)
        describe(desk, site)
        desk.crawl("isle")
        lines = [*LINES["mill"][:3], "The bread was sold out within an hour, the baker told us."]
        story = json.dumps({"title": "mill mill", "lines": lines})
        site.page(f"/api{paths[0]}", story, content_type="application/json")
        desk.crawl("isle", "recrawl")
        assert {path: o for path, (o, _) in desk.outcomes("recrawl").items()} == {
            paths[0]: "revised", paths[1]: "unchanged", paths[2]: "unchanged",
        }  # fmt: skip
        assert not any("if-none-match" in asked.headers for asked in site.asked(paths[0]))


def test_links_that_scripts_make_on_the_front_page_are_found(desk: Desk) -> None:
    chromium()
    with SiteServer() as site:
        paths = put_up(site)
        del site.pages["/sitemap.xml"]
        describe(desk, site, sources=False)
        desk.crawl("isle")
        assert set(paths) <= set(desk.outcomes())


def test_where_scripts_lead_the_crawl_asks_by_its_own_rules(desk: Desk) -> None:
    chromium()
    leads = "<!doctype html><html><body><script>location.href = '{}'</script></body></html>"
    with SiteServer() as site, SiteServer() as other:
        site.page("/robots.txt", "User-agent: *\nDisallow: /no/", content_type="text/plain")
        site.page("/good", article("The mill", LINES["mill"]))
        wanted = {
            "/leads-to-another": ("/good", "duplicate_url"),
            "/leads-to-a-forbidden-one": ("/no/way", "robots"),
            "/leads-inside": (f"{other.url}/x", "refused_address"),
            "/leads-away": ("http://elsewhere.example/", "out_of_scope"),
            "/leads-round": ("/leads-round?again", "redirect_loop"),
        }
        for path, (to, _) in wanted.items():
            site.page(path, leads.format(to))
        site.page("/leads-round?again", leads.format("/leads-round"))
        site.page("/sitemap.xml", sitemap(site.url + path for path in wanted), content_type=XML)
        describe(desk, site)
        desk.crawl("isle")
        outcomes = {path: outcome for path, (outcome, _) in desk.outcomes().items()}
        assert outcomes == {
            **{path: outcome for path, (_, outcome) in wanted.items()}, "/good": "stored",
        }  # fmt: skip
        assert site.asked("/no/way") == [] and other.log == []


def test_what_is_no_page_is_not_shown(desk: Desk) -> None:
    chromium()
    with SiteServer() as site:
        paths = {"/gone": "gone", "/picture": "bad_type", "/away": "out_of_scope"}
        site.pages["/gone"] = Reply(SHELL.encode(), 404)
        site.pages["/picture"] = Reply(b"\x89PNG" + bytes(2_000), content_type="text/html")
        site.pages["/away"] = redirect("http://elsewhere.example/")
        site.page("/sitemap.xml", sitemap(site.url + path for path in paths), content_type=XML)
        describe(desk, site)
        desk.crawl("isle")
        assert {path: o for path, (o, _) in desk.outcomes().items()} == paths
        assert site.asked("/app.js") == []


def test_xhtml_and_pages_without_a_type_are_shown_as_html(desk: Desk) -> None:
    chromium()
    kinds = {"/x": "application/xhtml+xml", "/none": "application/octet-stream"}
    with SiteServer() as site:
        put_up(site)
        for (path, kind), (title, lines) in zip(kinds.items(), LINES.items(), strict=False):
            story = json.dumps({"title": f"{title} {title}", "lines": lines})
            site.page(f"/api{path}", story, content_type="application/json")
            html = SHELL.replace("<html>", '<html xmlns="http://www.w3.org/1999/xhtml">')
            site.page(path, html, content_type=kind)
        site.page("/sitemap.xml", sitemap(site.url + path for path in kinds), content_type=XML)
        describe(desk, site)
        desk.crawl("isle")
        assert {path: o for path, (o, _) in desk.outcomes().items()} == dict.fromkeys(
            kinds, "stored"
        )


def test_a_page_that_hangs_ends_as_a_timeout_and_the_next_is_read(desk: Desk) -> None:
    chromium()
    with SiteServer() as site:
        site.page("/hangs", "<p>a</p><script src='/hangs.js'></script>")
        site.pages["/hangs.js"] = Reply(iter([b" "] * 400), pause=0.2)
        site.page("/reads", article("The mill", LINES["mill"]))
        site.page(
            "/sitemap.xml", sitemap([f"{site.url}/hangs", f"{site.url}/reads"]), content_type=XML
        )
        describe(desk, site)
        desk.crawl("isle")
        outcomes = desk.outcomes()
    assert outcomes["/reads"][0] == "stored"
    assert outcomes["/hangs"] == ("timeout", "the page was not ready in the browser in 30 s")


def test_a_visit_shows_pages_too(desk: Desk) -> None:
    chromium()
    with SiteServer() as site, SiteServer() as plain:
        put_up(site)
        plain.page("/a", article("The mill", LINES["mill"]))
        plain.page("/sitemap.xml", sitemap([f"{plain.url}/a"]), content_type=XML)
        describe(desk, site)
        desk.write_site("plain", f"{plain.url}/")
        desk.type("visit")
        found = desk.tuples("select site, count(*) from v1_articles group by site order by site")
    assert found == [("isle", 3), ("plain", 1)]


@pytest.mark.parametrize("words", [("crawl", "discover", "-a", "site=isle"), ("visit",)])
def test_without_chromium_a_line_says_what_to_install(desk: Desk, words: tuple[str, ...]) -> None:
    with SiteServer() as site:
        put_up(site)
        describe(desk, site)
        desk.environment["PATH"] = "/nowhere"
        result = desk.type(*words, code=EXIT_USAGE)
        assert "apt-get install chromium" in result.printed
        assert len(result.printed.strip().splitlines()) == 1
        assert site.log == []


def test_a_chromium_that_does_not_start_ends_the_run_and_costs_no_page(
    desk: Desk, tmp_path: Path
) -> None:
    chromium()
    program = tmp_path / "broken-chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with SiteServer() as site:
        put_up(site)
        describe(desk, site)
        result = desk.crawl("isle", code=EXIT_FAILED, WINNOW_CHROMIUM=str(program))
        assert str(program) in result.printed
        assert desk.outcomes() == {}
        desk.crawl("isle")
        assert set(desk.last_run().values()) == {"stored"}


def test_a_site_without_a_browser_loads_nothing_for_it(desk: Desk) -> None:
    with SiteServer() as site:
        put_up(site)
        describe(desk, site, browser=False)
        sitecustomize = desk.folder / "sitecustomize.py"
        sitecustomize.write_text(
            "import sys\n"
            "class No:\n"
            "    def find_spec(self, name, *more):\n"
            "        assert not name.startswith('playwright'), name\n"
            "sys.meta_path.insert(0, No())\n"
        )
        desk.environment["PYTHONPATH"] += f"{os.pathsep}{desk.folder}"
        desk.environment["PATH"] = "/nowhere"
        desk.crawl("isle")
        assert {outcome for outcome, _ in desk.outcomes().values()} == {"no_content"}


def test_what_a_page_in_the_browser_loads_passes_the_proxy_too(desk: Desk) -> None:
    chromium()
    with SiteServer() as site, ForwardProxy("me:s3cret") as proxy:
        paths = put_up(site)
        describe(desk, site)
        desk.environment["WINNOW_PROXY"] = proxy.url
        desk.crawl("isle")
        assert {path: o for path, (o, _) in desk.outcomes().items()} == dict.fromkeys(
            paths, "stored"
        )
        passed = {urlsplit(target).path for target in proxy.targets}
        assert {asked.path for asked in site.log} == passed
        assert {f"/api{path}" for path in paths} <= passed
        assert len(proxy.log) == len(site.log)
        assert b"s3cret" not in records(desk)
