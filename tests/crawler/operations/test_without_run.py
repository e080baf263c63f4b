"""Scrapy's own commands do what its manual says: guarded, polite, and nothing is written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.browsing import chromium
from tests.support.desk import ROOT
from tests.support.site_server import Reply, SiteServer, article, redirect

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."]
FERRY = "/2026/05/ferry"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone who types commands in an empty folder, with a folder of sites beside it."""

    here: Path
    sites: Path

    def owns(self, site: SiteServer) -> None:
        """Writes a file for the site that opens its private address."""
        text = f'start = "{site.url}/"\n[scope]\nprivate = true\n[fetch]\ndelay = 0\n'
        (self.sites / "loop.toml").write_text(text)

    def type(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Types `scrapy WORDS`; no traceback, and no file is left behind."""
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words, "-s", "DOWNLOAD_DELAY=0"],
            cwd=self.here,
            env={
                **os.environ,
                "SCRAPY_SETTINGS_MODULE": "crawler.settings",
                "PYTHONPATH": f"{ROOT}:{self.here.parent}",
                "WINNOW_SITES_DIR": str(self.sites),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert list(self.here.iterdir()) == []
        return done


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    made = Visitor(tmp_path / "here", tmp_path / "sites")
    made.here.mkdir()
    made.sites.mkdir()
    return made


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        server.page("/robots.txt", "User-agent: *\nDisallow: /drafts\n")
        server.page(FERRY, article("Ferry line opens", WORDS))
        server.page("/drafts/1", article("Draft", WORDS))
        yield server


def test_fetch_prints_what_the_server_sent(visitor: Visitor, site: SiteServer) -> None:
    visitor.owns(site)
    done = visitor.type("fetch", site.url + FERRY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == article("Ferry line opens", WORDS)
    assert [asked.path for asked in site.log] == ["/robots.txt", FERRY]
    headers = visitor.type("fetch", "--headers", site.url + FERRY).stdout
    assert "> User-Agent: winnow/" in headers and "< Content-Type: text/html" in headers


@pytest.mark.parametrize("command", ["fetch", "view", "parse", "shell"])
def test_a_private_address_is_refused_in_one_line(
    command: str, visitor: Visitor, site: SiteServer
) -> None:
    more = ["-c", "response"] if command == "shell" else []
    done = visitor.type(command, site.url + FERRY, *more)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"scrapy {command}: {site.url}{FERRY}: refused_address: ")
    assert site.log == []


def test_a_redirect_from_one_site_opens_no_private_address_of_another(
    visitor: Visitor, site: SiteServer
) -> None:
    with SiteServer() as other:
        visitor.owns(site)
        text = f'start = "{other.url}/"\n[scope]\nprivate = true\n'
        (visitor.sites / "other.toml").write_text(text)
        site.pages["/moved"] = redirect(other.page("/inside", "secret"))
        done = visitor.type("fetch", site.url + "/moved")
        assert (done.returncode, done.stdout, other.log) == (1, "", [])
        assert "refused_address" in done.stderr


def test_robots_txt_is_obeyed(visitor: Visitor, site: SiteServer) -> None:
    visitor.owns(site)
    done = visitor.type("fetch", site.url + "/drafts/1")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "/robots.txt forbids it" in done.stderr
    assert [asked.path for asked in site.log] == ["/robots.txt"]


def test_view_opens_the_page_in_the_browser(visitor: Visitor, site: SiteServer) -> None:
    visitor.owns(site)
    done = visitor.type("view", site.url + FERRY, BROWSER="echo OPENED %s")
    assert done.returncode == 0
    assert "OPENED file://" in done.stdout


def test_parse_shows_the_page_that_discover_makes(visitor: Visitor, site: SiteServer) -> None:
    visitor.owns(site)
    done = visitor.type("parse", "--nocolour", "--spider=discover", site.url + FERRY)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"'url': '{site.url}{FERRY}'" in done.stdout
    assert "'site': 'loop'" in done.stdout
    assert "# Requests" in done.stdout
    assert "repairs" not in done.stdout  # the bytes of the page


def test_parse_says_what_else_an_answer_is(visitor: Visitor, site: SiteServer) -> None:
    visitor.owns(site)
    site.pages["/report"] = Reply(b"%PDF-1.7 ...", content_type="application/pdf")
    done = visitor.type("parse", "--nocolour", site.url + "/report")
    assert done.returncode == 0
    assert "bad_type: a PDF" in done.stderr


def test_parse_and_fetch_check_what_was_typed(visitor: Visitor) -> None:
    url = "https://example.com/1"
    for words, said in (
        (["fetch", "--spider=discovr", url], "did you mean 'discover'?"),
        (["parse", "--spider=recrawl", "-a", "limt=3", url], "did you mean 'limit'?"),
        (["parse", "--pipelines", url], "which needs a run"),
        (["parse"], "which URL?"),
        (["shell", "--spider=discover"], "a spider needs the URL of a page"),
        (["shell", "./none.html"], "No such file"),
    ):
        done = visitor.type(*words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), words
        assert said in done.stderr


def test_the_shell_has_the_response(visitor: Visitor, site: SiteServer, tmp_path: Path) -> None:
    visitor.owns(site)
    title = "response.css('h1::text').get()"
    done = visitor.type("shell", site.url + FERRY, "-c", title)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Ferry line opens\n", "")
    named = visitor.type("shell", "--spider=discover", site.url + FERRY, "-c", "spider.run.kind")
    assert named.stdout == "discover\n"
    page = tmp_path / "saved.html"
    page.write_text(article("Saved", WORDS))
    assert visitor.type("shell", str(page), "-c", title).stdout == "Saved\n"


def test_settings_and_spiders_are_listed(visitor: Visitor) -> None:
    assert visitor.type("settings", "--get", "BOT_NAME").stdout == "winnow\n"
    assert visitor.type("list").stdout.split() == ["discover", "recrawl", "reextract", "visit"]


def test_a_generated_spider_finds_pages_of_its_own(visitor: Visitor, site: SiteServer) -> None:
    package = visitor.here.parent / "mine"
    package.mkdir()
    (package / "__init__.py").touch()
    host = site.url.removeprefix("http://")
    made = visitor.type("genspider", "ferries", site.url, "-s", "NEWSPIDER_MODULE=mine")
    assert "Created spider 'ferries' using template 'basic'" in made.stdout
    assert host in (package / "ferries.py").read_text()
    visitor.owns(site)
    site.page("/", f'<a href="{FERRY}">Ferry</a> <a href="http://elsewhere.test/">Else</a>')
    url = f"sqlite:///{visitor.here.parent}/winnow.db"
    settings = {
        "WINNOW_DATABASE_URL": url,
        "WINNOW_ARCHIVE_DIR": str(package),
        "WINNOW_WORKERS": "0",
    }
    assert visitor.type("db", "upgrade", **settings).returncode == 0
    done = visitor.type(
        "crawl", "ferries", "-a", "site=loop", "-s", "SPIDER_MODULES=mine", **settings
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("discover loop: 1 URL: ")
    elsewhere = (package / "ferries.py").read_text().replace(site.url, "http://elsewhere.test/")
    (package / "ferries.py").write_text(elsewhere)
    done = visitor.type(
        "crawl", "ferries", "-a", "site=loop", "-s", "SPIDER_MODULES=mine", **settings
    )
    assert done.returncode == 1
    why = "host elsewhere.test is not in [scope] hosts"
    assert done.stderr == (
        "scrapy crawl: no source could be read: http://elsewhere.test/: out_of_scope:"
        f" {why}; all runs: scrapy runs\n"
    )


def test_a_page_is_parsed_as_its_scripts_leave_it(visitor: Visitor) -> None:
    chromium()
    with SiteServer() as site:
        visitor.owns(site)
        with (visitor.sites / "loop.toml").open("a") as toml:
            toml.write("browser = true\n")
        site.page(FERRY, f"<p>Wait.</p><script>document.body.append('{WORDS[0]}')</script>")
        done = visitor.type("parse", "--spider=discover", site.url + FERRY)
        assert (done.returncode, "'rendered_by': 'Chromium " in done.stdout) == (0, True)
        words = ("parse", "--spider=discover", site.url + FERRY)
        missing = visitor.type(*words, PATH="/nowhere")
        assert missing.returncode == 2
        assert "apt-get install chromium" in missing.stderr
        broken = visitor.type(*words, WINNOW_CHROMIUM=str(Path("/bin/false")))
        assert "/bin/false does not start" in broken.stderr
