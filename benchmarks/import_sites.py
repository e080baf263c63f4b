"""What `scrapy sites import` costs: many sites from one OPML, each of which answers late.

    uv run python -m benchmarks.import_sites [--sites 500] [--delay 0.3] [--check]

A server in a process of its own is the sites, each an address of the loopback. The import runs
twice; the second run finds all known. CPU is that of the command and its processes, wall time is
that of the machine as it is: run it alone. `sites list` is timed against `scrapy version`.
`--check` compares with the limits below, and fails if one is passed.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from models.sites.toml_template import site_toml, write_site_toml

ROOT: Final = Path(__file__).parents[1]
MOST_SECONDS: Final = 600.0  # for 500 sites
MOST_CPU: Final = 0.5  # seconds a site
MOST_AGAIN: Final = 10.0  # seconds, if all are known
MOST_LIST: Final = 1.0  # seconds of CPU above start-up, for `sites list` of LISTED sites
LISTED: Final = 2000
ARTICLES: Final = 12


class Cost(NamedTuple):
    """What a command took, in seconds."""

    wall: float
    cpu: float
    code: int
    err: str


def main() -> int:
    """Prints the figures; returns 1 if `--check` finds one beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--delay", type=float, default=0.3, help="seconds before each answer")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; cores: {os.cpu_count()}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        ours, theirs = Pipe()
        server = Process(target=_serve, args=(theirs, options.delay), daemon=True)
        server.start()
        port = ours.recv()
        opml = folder / "sites.opml"
        opml.write_text(opml_of(options.sites, port), encoding="utf-8")
        first = _scrapy(folder, "sites", "import", str(opml), "--private")
        again = _scrapy(folder, "sites", "import", str(opml), "--private")
        server.terminate()
        start_up = _scrapy(folder, "version")
        _write_sites(folder / "sites")
        listed = _scrapy(folder, "sites", "list")
    each = first.cpu / options.sites
    above = listed.cpu - start_up.cpu
    print(first.err.strip())
    print(f"import: {first.wall:.0f} s, {first.cpu:.0f} s of CPU, {each:.3f} s a site")
    print(again.err.strip())
    print(f"again:  {again.wall:.1f} s, {again.cpu:.1f} s of CPU")
    print(f"list:   {above:.2f} s of CPU above start-up, {LISTED} sites")
    limits = (
        (first.code == 0 and f"imported {options.sites}, " in first.err, "not all were imported"),
        (again.code == 0 and "imported 0, " in again.err, "something was new the second time"),
        (first.wall <= MOST_SECONDS, f"more than {MOST_SECONDS:g} s"),
        (each <= MOST_CPU, f"more than {MOST_CPU:g} s of CPU a site"),
        (again.wall <= MOST_AGAIN, f"more than {MOST_AGAIN:g} s the second time"),
        (above <= MOST_LIST, f"more than {MOST_LIST:g} s of CPU for `sites list`"),
    )
    broken = [words for is_kept, words in limits if not is_kept]
    for words in broken:
        print(f"beyond the limit: {words}")
    return 1 if options.check and broken else 0


def opml_of(sites: int, port: int) -> str:
    """An OPML of so many sites; every fifth has no address but its feed's."""
    outlines = []
    for number in range(sites):
        site = f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/"
        page = "" if number % 5 == 0 else f' htmlUrl="{site}"'
        outlines.append(f'<outline text="Site {number}" xmlUrl="{site}feed.xml"{page}/>')
    return f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>'


def _scrapy(folder: Path, *words: str) -> Cost:
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "PYTHONPATH": str(ROOT),
        "WINNOW_SITES_DIR": str(folder / "sites"),
        "WINNOW_DATABASE_URL": f"sqlite:///{folder}/winnow.db",
    }
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, done.returncode, done.stderr)


def _write_sites(folder: Path) -> None:
    """Files as `sites add` writes them, so that there are LISTED."""
    for number in range(LISTED - len(list(folder.glob("*.toml")))):
        start = f"https://www.site{number}.example/"
        text = site_toml(f"site{number}", start, feeds=[f"{start}feed"], sections=[start])
        write_site_toml(folder, f"site{number}", text)


def _serve(parent: Connection, delay: float) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _answer(reader, writer, delay), "0.0.0.0", 0, backlog=512
        )
        parent.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            host = head.lower().split(b"host: ", 1)[1].split(b"\r\n", 1)[0].decode()
            await asyncio.sleep(delay)
            body, kind = _page(path, host)
            status = "200 OK" if body else "404 Not Found"
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                .encode() + body
            )  # fmt: skip
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _page(path: str, host: str) -> tuple[bytes, str]:
    stories = [
        f"http://{host}/2026/05/2{n % 10}/the-ferry-sails-again-{n}" for n in range(ARTICLES)
    ]
    if path == "/feed.xml":
        items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in stories)
        text = f'<rss version="2.0"><channel><link>http://{host}/</link>{items}</channel></rss>'
        return text.encode(), "application/rss+xml"
    if path == "/":
        links = "".join(f'<h2><a href="{url}">The ferry sails again</a></h2>' for url in stories)
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        filler = "<p>Words and words.</p>" * 2000  # as long as front pages are
        return f"<html><head>{feed}</head><body>{links}{filler}</body></html>".encode(), "text/html"
    return b"", "text/plain"


if __name__ == "__main__":
    sys.exit(main())
