"""Pages shown in the machine's Chromium, through our proxy, without a crawl."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from scrapy.settings import Settings

from crawler.browser.browsers import Browsers
from crawler.browser.chromium import require_browser
from crawler.browser.documents import Document, Rendered
from crawler.browser.faults import BrowserMissing
from crawler.browser.traffic import Traffic
from crawler.middlewares.refusals import RefusedAddress
from crawler.settings import WINNOW_CHROMIUM
from models.urls import origin_of
from tests.support.cannot_run import cannot_run

MOST = 1_000_000  # bytes
AGENT = "winnow/test"
Result = TypeVar("Result")


def chromium() -> str:
    """Its path; the test cannot run where it, or the extra, is missing."""
    try:
        return require_browser(Settings({"WINNOW_CHROMIUM": WINNOW_CHROMIUM}))
    except BrowserMissing as missing:
        cannot_run(str(missing))


async def only(allowed: str, origin: tuple[str, int]) -> Sequence[str]:
    """A guard that lets the browser connect to the origin of one URL and to no other."""
    if origin != origin_of(allowed):
        raise RefusedAddress(f"{origin[0]}:{origin[1]} is not {allowed}")
    return [origin[0]]


def document(url: str, html: str, **headers: str) -> Document:
    """A page as it was fetched."""
    given = {"content-type": "text/html; charset=utf-8", **headers}
    return Document(url, given, html.encode(), AGENT)


async def shown(
    browsers: Browsers, url: str, html: str, most: int = MOST, **headers: str
) -> tuple[Rendered, Traffic]:
    """What becomes of a page that may ask its own origin for more."""
    traffic = Traffic(most)
    page = document(url, html, **headers)
    rendered = await browsers.render(chromium(), page, traffic, partial(only, url), most)
    return rendered, traffic


def in_browser(work: Callable[[Browsers], Awaitable[Result]], pages: int | None = None) -> Result:
    """What `work` returns, which gets a browser that is ended after it."""
    chromium()

    async def do() -> Result:
        browsers = Browsers() if pages is None else Browsers(pages)
        try:
            return await work(browsers)
        finally:
            await browsers.close()

    return asyncio.run(do())


def render(url: str, html: str, most: int = MOST, **headers: str) -> tuple[Rendered, Traffic]:
    """One page in a browser of its own."""
    return in_browser(lambda browsers: shown(browsers, url, html, most, **headers))


def render_each(url: str, pages: Mapping[str, str]) -> dict[str, tuple[Rendered, Traffic]]:
    """The HTML of several pages by their names, shown at once at the addresses URL/NAME."""

    async def work(browsers: Browsers) -> list[tuple[Rendered, Traffic]]:
        made = (shown(browsers, f"{url}/{name}", html) for name, html in pages.items())
        return await asyncio.gather(*made)

    return dict(zip(pages, in_browser(work), strict=True))


def is_main(command: str) -> bool:
    """Is it the process of a browser that starts its others?"""
    return "--remote-debugging-pipe" in command and "--type=" not in command


def main_process() -> int:
    """The number of the browser's process below ours: the first of those that look like it.

    The others are those that it has just forked.
    """
    return min(n for n, command in processes_below(os.getpid()).items() if is_main(command))


def processes_below(pid: int) -> dict[int, str]:
    """The processes that descend from one, by number: their command lines; none that is dead."""
    parents, commands = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile
            continue
        if fields[0] not in {"Z", "X"}:
            parents[int(stat.parent.name)] = int(fields[1])
            commands[int(stat.parent.name)] = command
    below, found = {pid}, {}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
        found.update({child: commands[child] for child in more})
    return found
