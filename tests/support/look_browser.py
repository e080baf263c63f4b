"""Pages of the look application in the machine's Chromium: shown, photographed, checked by axe."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from crawler.browser.chromium import has_sandbox
from tests.support.browsing import chromium
from tests.support.look_server import LookServer

Scheme = Literal["light", "dark"]
SHOTS = "WINNOW_TEST_SCREENSHOTS"  # a folder; without it no picture is kept
BAD = {"serious", "critical"}
WIDE, NARROW = 1280, 400  # pixels


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium; the test cannot run where it is missing."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, chromium_sandbox=has_sandbox())
        try:
            yield opened
        finally:
            opened.close()


@dataclass
class Shown:
    """A page of the browser that was admitted, and what it complained of."""

    page: Page
    server: LookServer
    complaints: list[str] = field(default_factory=list)  # of the console, and uncaught faults

    def open(self, path: str) -> None:
        """Opens a path of the server; the page is loaded whole."""
        self.page.goto(self.server.look.origin + path)

    def keep(self, name: str) -> None:
        """Keeps a picture of the whole page, where the environment names a folder for it."""
        if folder := os.environ.get(SHOTS):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def faults_in_both_schemes(self, name: str) -> list[str]:
        """What axe finds in light, and of contrast in dark, where nothing else differs.

        Pictures are kept as NAME-light and NAME-dark.
        """
        found = []
        for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
            self.page.emulate_media(color_scheme=scheme)
            self.keep(f"{name}-{scheme}")
            found += [f"{scheme}: {fault}" for fault in self.faults(rules)]
        return found

    def faults(self, rules: Sequence[str] | None = None) -> list[str]:
        """What axe finds to be serious or critical, by some rules or all."""
        options: dict[str, list[str]] = {"resultTypes": ["violations"]}  # half of axe's time
        if rules is not None:
            options["runOnly"] = list(rules)
        found = Axe().run(self.page, options=options).response["violations"]
        return [
            f"{fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:200]}"
            for fault in found
            if fault["impact"] in BAD
        ]

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@contextmanager
def shown(
    opened: Browser, server: LookServer, scheme: Scheme = "light", width: int = WIDE
) -> Iterator[Shown]:
    """A tab that came by the address with the token."""
    context = opened.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        tab = Shown(page, server)
        page.on("console", lambda message: tab.complaints.append(message.text))
        page.on("pageerror", lambda fault: tab.complaints.append(str(fault)))
        page.goto(server.look.address("/"))
        yield tab
    finally:
        context.close()
