"""Pages of nearly ten megabytes, one after another: the crawl and its workers stay small."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.faults.conftest import Checked
from tests.faults.support.behaviours import whole
from tests.faults.support.hostile_server import HostileServer
from tests.faults.support.length import dice, pick
from tests.faults.support.processes import resident
from tests.faults.support.running import running
from tests.support.desk import Desk, wait_for
from tests.support.site_server import XML, sitemap

SIZE = 8_900_000  # bytes; a body may have 10 MB
MOST_MEMORY = 600 << 20  # bytes resident, of the crawl and its two workers together
KINDS = {
    "one-word": (b"<p>", b"x"),
    "one-paragraph": (b"<p>", b"word next "),
    "paragraphs": (b"", b"<p>a"),
    "headings": (b"", b"<h1>news"),
    "items": (b"<ul>", b"<li>one"),
    "cells": (b"<table><tr>", b"<td>1"),
    "nested": (b"", b"<div>"),
    "bold": (b"<p>", b"<b><i>"),
    "dots": (b"<p>", b". "),
    "references": (b"<p>", b"&amp;"),
    "linked-data": (b'<script type="application/ld+json">{"headline":"', b"long "),
}


def test_the_memory_of_a_crawl_is_bounded_whatever_is_sent(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    chance, held = dice(1), [0]
    with HostileServer() as server:
        pages = dict(_pages())
        order = sorted(pages)
        chance.shuffle(order)
        order = order[: pick(3, len(order))] * pick(1, 4)
        for number, kind in enumerate(order):
            server.pages[f"/{kind}/{number}"] = whole(pages[kind])
        urls = [server.url + path for path in server.pages]
        server.pages["/sitemap.xml"] = whole(sitemap(urls).encode(), XML)
        desk = Desk(tmp_path, sqlite_url, workers=2)
        sources = f'[sources]\nsitemaps = ["{server.url}/sitemap.xml"]'
        desk.write_site("large", f"{server.url}/", sources, delay=0)
        with running(desk, "crawl", "discover", "-a", "site=large") as crawl:

            def ended() -> bool:
                with suppress(ProcessLookupError):
                    held.append(resident(crawl.pid))
                return crawl.ended()

            wait_for(ended, 240)
            done = crawl.result()
    assert "Traceback" not in done.printed, done.err[-3000:]
    assert len(desk.outcomes()) == len(order)
    print(f"at most {max(held) >> 20} MB")  # noqa: T201 - pytest captures it
    assert max(held) < MOST_MEMORY
    checked(len(order))


def _pages() -> Iterator[tuple[str, bytes]]:
    for kind, (begin, part) in KINDS.items():
        yield kind, b"<html><body><article>" + begin + part * (SIZE // len(part))
