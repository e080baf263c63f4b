"""What stages and extensions ask of the spider of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

from models.crawl.run import Run

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.crawl.url_rows import UrlLease
    from models.items import Page


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How a run's sources (of a re-extraction: captures) were read."""

    doing: str = ""  # what is read now, before the first URL; '' for nothing
    read: int = 0  # sources, also in part
    faults: tuple[str, ...] = ()  # sources that could not be read, one line each
    left_out: int = 0  # pages that another run held to the end
    to_read: int = 0  # captures in all; 0: they were not counted
    later: int = 0  # captures of the sites whose turn comes after this one's
    later_sites: int = 0
    # pages whose archived copy is still in the spool of a host, by its name
    elsewhere: Mapping[str, int] = field(default_factory=dict)


class RunSpider(Protocol):
    """A spider that crawls one site and records an outcome for each URL."""

    name: str
    run: Run
    leases: dict[int, "UrlLease"]  # URLs under way, by url_id
    unarchived: set[int]  # url_ids of pages that were asked for and are not archived yet
    is_ending: bool  # a fault of ours ends the run: nothing more is asked for

    @property
    def accepts(self) -> bool:
        """Whether a copy that is worse than the stored one replaces it."""

    @property
    def sources(self) -> SourceReport:
        """How the reading of sources went so far."""

    async def led_on(self, page: "Page", target: str) -> None:
        """Records that a page leads to another address by itself, and asks for that one."""

    def request(self, lease: "UrlLease") -> Any:
        """The request for a leased URL; its answer or failure completes the lease."""

    async def further_page(self, url: str) -> "Page | str":
        """Another page of a story, asked for now; or why there is none, in words."""

    def at_end(self, conn: "Connection", now: datetime, *, failed: bool) -> None:
        """The spider's last writes, in the transaction that ends the run."""


class Crawl(Protocol):
    """The part of Scrapy's Crawler that leads to its spider."""

    spider: object


def spider_of(crawler: object) -> RunSpider:
    """The crawler's spider, which has a run."""
    return cast(RunSpider, cast(Crawl, crawler).spider)


def has_run(crawler: object) -> bool:
    """Whether the crawl is recorded: Scrapy's own commands and plain spiders have no run."""
    run: Run | None = getattr(cast(Crawl, crawler).spider, "run", None)
    return run is not None and run.run_id > 0
