"""Many small sites, a server each, and what `visit` left of them in the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.support.processes import Process, below
from tests.support.desk import Desk
from tests.support.site_server import SiteServer, article, sitemap
from tests.support.town import story


class Servers:
    """A server for each site, as each has a robots.txt of its own."""

    def __init__(self) -> None:
        self.all: dict[str, SiteServer] = {}

    def add(self, desk: Desk, name: str, pages: int = 1, **more: object) -> SiteServer:
        """A site with so many articles, and its file."""
        server = self.all[name] = SiteServer()
        server.__enter__()
        urls = [
            server.page(f"/{name}/{n}", article(f"{name} {n}", story(n)), **more)
            for n in range(pages)
        ]
        server.page("/map.xml", sitemap(urls), content_type="application/xml")
        self.write(desk, name)
        return server

    def write(self, desk: Desk, name: str, path: str = "/map.xml", delay: float = 0.01) -> None:
        """The site's file."""
        url = self.all[name].url
        desk.write_site(name, f"{url}/", f'[sources]\nsitemaps = ["{url}{path}"]\n', delay)


@contextmanager
def many_sites() -> Iterator[Servers]:
    """Servers that are gone afterwards."""
    made = Servers()
    try:
        yield made
    finally:
        for server in made.all.values():
            server.__exit__()


def visiting(pid: int) -> list[Process]:
    """The visiting processes of a `scrapy visit`."""
    return [process for process in below(pid) if "crawler.operations.visiting" in process.command]


def runs(desk: Desk) -> dict[tuple[str, str], int]:
    """How many runs by site and status."""
    rows = desk.tuples("select site, status, count(*) from v1_runs group by 1, 2")
    return {(site, status): count for site, status, count in rows}


def left_behind(desk: Desk) -> list[int]:
    """Leases, claims and runs that nobody holds any more, of which there should be none."""
    return [
        desk.tuples(query)[0][0]
        for query in (
            "select count(*) from leases",
            "select count(*) from urls where owner is not null",
            "select count(*) from runs where status = 'running'",
        )
    ]
