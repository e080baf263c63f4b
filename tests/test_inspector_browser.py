"""The page inspector in Chromium: clicks, the whole rule loop, and pages that mean harm."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from models.db.database import Database
from models.outcomes import Outcome
from tests.support.archived_pages import STORY, archive_page
from tests.support.look_browser import NARROW, WIDE, Shown, browser, shown
from tests.support.look_server import look_server
from tests.support.site_server import SiteServer

PAGES = 12


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@contextmanager
def inspecting(chrome: Browser, url: str, folder: Path, width: int = WIDE) -> Iterator[Shown]:
    """A tab of a server over the database and what the folder has."""
    with look_server(url, folder) as server, shown(chrome, server, width=width) as tab:
        yield tab


@pytest.fixture
def site(sqlite: Database, tmp_path: Path) -> Path:
    """A site of articles with a partner's advert each, and its file."""
    for number in range(1, PAGES + 1):
        archive_page(sqlite, tmp_path / "archive", number=number)
    (tmp_path / "sites").mkdir()
    toml = tmp_path / "sites" / "example.toml"
    toml.write_text('# ours\nstart = "https://example.test/"\n')
    return toml


def texts(database: Database) -> list[str]:
    with database.reading() as conn:
        return [row.text for row in conn.exec_driver_sql("SELECT text FROM v1_articles")]


def test_from_a_bad_page_to_the_mended_archive(
    chrome: Browser, sqlite: Database, sqlite_url: str, tmp_path: Path, site: Path
) -> None:
    began = time.monotonic()
    with inspecting(chrome, sqlite_url, tmp_path) as tab:
        page = tab.page
        tab.open("/article/1")
        copy = page.frame_locator("#copy")
        expect(copy.locator(".partner-box p")).to_have_attribute("data-winnow-fate", "kept")
        tab.keep("inspector")
        copy.locator(".partner-box p").click()
        chosen = page.locator("#chosen")
        expect(chosen).to_contain_text("Kept: reads like article text")
        expect(chosen.locator("#selector")).to_have_value(".partner-box")
        expect(chosen.locator(".matches").first).to_contain_text(f"on {PAGES} of {PAGES}")
        expect(copy.locator(".partner-box p")).to_have_class(re.compile("winnow-chosen"))
        chosen.get_by_role("button", name="Remove: show what would change").click()
        rules = page.locator("#rules")
        said = f"{PAGES} of {PAGES} articles would change: {PAGES} shrunk"
        expect(rules.get_by_role("status")).to_contain_text(said, timeout=30_000)
        expect(rules.locator(".difference")).to_have_count(5)
        rules.locator(".difference summary").first.click()
        expect(rules.locator(".difference del").first).to_contain_text("Sea boots")
        tab.keep("inspector-preview")
        assert tab.faults() == []
        rules.get_by_role("button", name="Write to example.toml").click()
        expect(rules.locator(".file")).to_contain_text('+remove = [".partner-box"]')
        assert site.read_text().startswith("# ours\n")
        rules.get_by_role("button", name="Apply: re-extract the site").click()
        expect(rules.get_by_role("status")).to_contain_text("reextract example", timeout=30_000)
        rules.get_by_role("button", name="Show the page as it is now").click()
        expect(copy.locator(".partner-box p")).to_have_attribute("data-winnow-fate", "rule-removed")
        copy.locator(".partner-box p").click()
        expect(chosen).to_contain_text("Removed: a rule of the site's TOML file removes it")
        tab.keep("inspector-mended")
        assert tab.complaints == []
    assert not any("Sea boots" in text for text in texts(sqlite))
    assert time.monotonic() - began < 60


def test_a_rule_is_taken_back(chrome: Browser, sqlite_url: str, tmp_path: Path, site: Path) -> None:
    before = site.read_text()
    with inspecting(chrome, sqlite_url, tmp_path) as tab:
        tab.open("/page/1")
        tab.page.locator('.clean [data-text="3"]').click()
        tab.page.get_by_role("button", name="Remove: show what would change").click()
        tab.page.get_by_role("button", name="Write to example.toml").click(timeout=30_000)
        tab.page.get_by_role("button", name="Undo").click()
        expect(tab.page.locator("#rules").get_by_role("status")).to_contain_text("Taken back")
    assert site.read_text() == before


def test_a_mistake_is_said_in_place(
    chrome: Browser, sqlite_url: str, tmp_path: Path, site: Path
) -> None:
    with inspecting(chrome, sqlite_url, tmp_path) as tab:
        tab.open("/page/1")
        tab.page.frame_locator("#copy").locator(".lead").click()
        tab.page.locator("#selector").fill("p[")
        tab.page.locator("#selector").blur()
        expect(tab.page.locator("#covers")).to_have_text("'p[' is not a CSS selector")
        tab.page.get_by_role("button", name="Remove: show what would change").click()
        status = tab.page.locator("#rules").get_by_role("status")
        expect(status).to_contain_text("is no CSS selector")
        site.unlink()
        tab.page.locator("#selector").fill(".lead")
        tab.page.get_by_role("button", name="Remove: show what would change").click()
        expect(status).to_contain_text("the site's file is needed")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_inspector_is_accessible(
    chrome: Browser, sqlite_url: str, tmp_path: Path, site: Path, width: int
) -> None:
    with inspecting(chrome, sqlite_url, tmp_path, width) as tab:
        tab.open("/page/1")
        tab.page.keyboard.press("Tab")
        tab.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.page.locator('.texts [data-text="0"]').press("Enter")
        expect(tab.page.locator("#chosen")).to_contain_text("Removed: a cookie or consent notice")
        assert tab.faults_in_both_schemes(f"inspector-{width}") == []
        assert tab.overflow <= 0 and tab.complaints == []


TINTS = {"kept": "rgb(227, 244, 230)", "removed": "rgb(251, 227, 225)",
         "unread": "rgb(238, 238, 238)"}  # fmt: skip
HOSTILE = """<html><head><title>Hostile</title><base href="{root}/">
<meta http-equiv="refresh" content="0; url={root}/refresh">
<link rel="stylesheet" href="{root}/a.css"><link rel="prefetch" href="{root}/prefetch">
<style>@import url({root}/import.css); body {{ background: url({root}/bg.png) }}
@font-face {{ font-family: x; src: url({root}/font) }} #own {{ color: rgb(1, 2, 3) }}
p {{ font-family: x; background: u\\72l({root}/escaped) }} * {{ display: none !important }}
html body [data-winnow-fate] {{ --tint: #000 !important; background: #000 !important }}
html {{ transform: scale(.1) !important }}</style>
<script>fetch("{root}/script"); parent.document.title = "taken"; top.location = "{root}/t"</script>
</head><body onload="parent.document.title='taken'" background="{root}/old.png">
<form action="{root}/form" id="f"><input name="q" autofocus onfocus="f.submit()">
<button>Go</button></form><iframe src="{root}/frame"></iframe>
<iframe srcdoc="<script>top.location='{root}/s'</script>"></iframe>
<object data="{root}/object"></object><embed src="{root}/embed">
<img src="{root}/img" srcset="{root}/srcset 2x" onerror="parent.document.title='taken'">
<video src="{root}/video" poster="{root}/poster" autoplay></video>
<audio src="{root}/audio" autoplay></audio>
<svg onload="parent.document.title='taken'"><image href="{root}/svg"/></svg>
<math><mtext><table><mglyph><style><img src=x onerror="parent.document.title='taken'"></style>
</mglyph></table></mtext></math>
<p>See <a id="link" href="{root}/link" ping="{root}/ping" target="_top">a link in the page</a></p>
<p id="own" style="background: url({root}/inline)">The harbour froze on Monday, and the ferry
stayed in Port Averil until the ice was broken by a tug from the mainland on Thursday.</p>
<div style="position: fixed; inset: 0; z-index: 9999; background: white">An overlay over all</div>
<p>{long}</p></body></html>"""


def test_a_page_that_means_harm_asks_for_nothing_and_changes_nothing(
    chrome: Browser, sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    long = "The ice is thick and carries a lorry by now. " * 2000
    with SiteServer() as outside:
        html = HOSTILE.format(root=outside.url, long=long)
        page = archive_page(sqlite, tmp_path / "archive", html, outcome=Outcome.NOT_ARTICLE)
        with inspecting(chrome, sqlite_url, tmp_path) as tab:
            asked: list[str] = []
            tab.page.on("request", lambda request: asked.append(request.url))
            tab.open(f"/page/{page.url_id}")
            title = tab.page.title()
            copy = tab.page.frame_locator("#copy")
            copy.locator("#own").click()
            expect(tab.page.locator("#chosen")).to_contain_text("The harbour froze")
            copy.locator("#link").click()
            tab.page.wait_for_timeout(500)
            assert all(url.startswith(tab.server.look.origin) for url in asked), asked
            assert tab.page.title() == title and "taken" not in title
            assert tab.page.url.endswith(f"/page/{page.url_id}")
            assert len(tab.page.frames) == 2
            color = copy.locator("#own").evaluate("one => getComputedStyle(one).cursor")
            assert color == "pointer"
            background = copy.locator("#own").evaluate(
                "one => getComputedStyle(one).backgroundColor"
            )
            fate = copy.locator("#own").get_attribute("data-winnow-fate")
            assert background == TINTS[fate or ""]
            tab.keep("inspector-hostile")
        assert outside.log == []


def test_a_page_of_ten_megabytes_is_shown_or_says_why_not(
    chrome: Browser, sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    many = "".join(
        f"<div><span>{n} words of a page that never ends</span></div>" for n in range(40_000)
    )
    comment = f"<!-- {'x' * 7_000_000} -->"
    large = archive_page(
        sqlite, tmp_path / "archive", STORY.format(title="Large").replace("<nav", f"{comment}<nav")
    )
    endless = archive_page(
        sqlite, tmp_path / "archive", f"<html><body>{many * 4}</body></html>", number=2,
        outcome=Outcome.TOO_LARGE,
    )  # fmt: skip
    with inspecting(chrome, sqlite_url, tmp_path) as tab:
        tab.open(f"/page/{large.url_id}")
        expect(tab.page.frame_locator("#copy").locator(".lead")).to_be_visible(timeout=10_000)
        tab.open(f"/page/{endless.url_id}")
        expect(tab.page.locator(".message").first).to_contain_text("no article has more than")
        assert tab.complaints == []
