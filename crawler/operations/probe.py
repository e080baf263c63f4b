"""One look at a site that nobody has added yet: what names its pages, and where it leads."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.sources.reader import SourceReader
from crawler.sources.store import InMemorySourceStore
from models.crawl.run import Run
from models.errors import OwnFault
from models.sites.config import Scope, Site, Sources, default_hosts


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source that could be read."""

    kind: str
    url: str
    links: int  # to pages in scope
    newest: datetime | None  # of the dates that it gives them


@dataclass(slots=True)
class Probed:
    """What one look found."""

    home: str  # where the start leads
    sources: list[FoundSource] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)  # one line each
    ours: OwnFault | None = None  # what kept us from looking, as a proxy that is down


def probe(settings: Settings, start: str, *, private: bool) -> Probed:
    """Asks the site for its sources, as any crawl would: guarded, slowly, obeying robots.txt.

    Runs a crawl in this process: once a process.
    """
    settings = settings.copy()
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    settings.set("EXTENSIONS", {}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    found = Probed(home=start)
    crawler = process.create_crawler(_ProbeSpider)
    run = process.crawl(crawler, site=_site(start, private), found=found)
    process.start()
    fault = run.exception() if run.done() and not run.cancelled() else None
    if fault := fault or found.ours:
        raise fault
    return found


class _ProbeSpider(Spider):
    name = "probe"
    handle_httpstatus_list = (304, *range(400, 600))

    def __init__(self, site: Site, found: Probed) -> None:
        super().__init__()
        self.run = Run(run_id=0, kind="probe", site=site, site_id=0, owner="")
        self._found = found

    async def start(self) -> AsyncIterator[Request]:
        """Reads the sources; no page is asked for."""
        reader = SourceReader(self.crawler, self.run.site, InMemorySourceStore())
        try:
            await reader.read_all()
        except OwnFault as fault:
            self._found.ours = fault
            return
        self._found.home, self._found.faults = reader.home, reader.faults
        self._found.sources += [
            FoundSource(taken.kind, source.url, taken.links, taken.newest)
            for source, taken in reader.read
            if not taken.sources or taken.links
        ]
        pages: tuple[Request, ...] = ()
        for page in pages:
            yield page


def _site(start: str, private: bool) -> Site:
    scope = Scope(hosts=default_hosts(start), private=private)
    return Site(name="probe", path=Path(), start=start, sources=Sources(), scope=scope)
