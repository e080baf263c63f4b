"""What an installation needs, by the model: machines, the database, storage, network, broker."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Final, NamedTuple

from benchmarks.scaling.fleet import BATCH, Fleet
from benchmarks.scaling.model import Load, load
from benchmarks.scaling.storage import archive_a_day, bytes_after
from benchmarks.scaling.workload import GZIP, SECONDS_A_DAY, peak, sites

BUSY: Final = 0.6  # of a core in the busiest hours: above it waits grow fast
SAMPLE: Final = 2_000  # sites of which the formulas are summed up, by quantiles
MEMORY_OF_A_SITE: Final = 2.6e6  # bytes, of a site that is visited: 524 MB for 200 at once
MEMORY_OF_A_CORE: Final = 150e6  # bytes, of its visiting process and its extraction process
A_SOURCE: Final = 20_000  # bytes of a feed or a sitemap on the wire
OF_HEADERS: Final = 1_500  # bytes of a request and its answer
MONTH: Final = 30


class Scenario(NamedTuple):
    """An installation."""

    sites: int
    articles: int  # a month


SCENARIOS: Final = (
    Scenario(2_000, 600_000),
    Scenario(10_000, 10_000_000),
    Scenario(100_000, 10_000_000),
)


def load_of(scenario: Scenario, tick: float) -> Load:
    """The load of the whole, from that of some of its sites."""
    part = min(SAMPLE, scenario.sites)
    share = part / scenario.sites
    found = load(sites(part, scenario.articles / MONTH * share), Fleet(1, tick=tick))
    scaled = {
        name: getattr(found, name) / share
        for name in ("readings", "visits", "new", "unchanged", "changed", "uploads")
    }
    return replace(found, sites=scenario.sites, **scaled)


def table(tick: float) -> Iterator[str]:
    """The needs of all scenarios, side by side."""
    loads = [load_of(scenario, tick) for scenario in SCENARIOS]
    heads = [f"{s.sites:,} sites" for s in SCENARIOS]
    yield f"{'':46}" + "".join(f"{head:>16}" for head in heads)
    columns = [dict(needs(one, tick)) for one in loads]
    for name in columns[0]:
        yield f"{name:46}" + "".join(f"{column[name]:>16,.4g}" for column in columns)


def needs(one: Load, tick: float) -> Iterator[tuple[str, float]]:
    """Each need by name, with its unit."""
    busiest = peak()
    cpu, server = one.total("cpu") / SECONDS_A_DAY, one.total("server_cpu") / SECONDS_A_DAY
    at_once = one.batches(tick) * one.batch / SECONDS_A_DAY * BATCH
    yield "articles a day", one.new
    yield "visits a day", one.visits
    yield "of these, read the sources", one.readings
    yield "requests a day", one.requests
    yield "pages a day, new and looked at again", one.pages
    yield "minutes from publication to stored, mean", one.latency / 60
    yield "cores of workers, mean", cpu
    yield f"cores of workers, busiest hours {BUSY:.0%} busy", ceil(cpu * busiest / BUSY)
    yield "sites at once, mean", at_once
    slots = ceil(max(at_once * busiest / BUSY, BATCH) / BATCH) * BATCH
    yield "sites at once, busiest hours", slots
    cores = ceil(cpu * busiest / BUSY)
    yield "memory of workers, GB", (slots * MEMORY_OF_A_SITE + cores * MEMORY_OF_A_CORE) / 1e9
    yield "cores of the database server, mean", server
    yield "transactions that write, a second, mean", one.total("commits") / SECONDS_A_DAY
    yield "transactions that write, busiest hours", one.total("commits") / SECONDS_A_DAY * busiest
    yield "transactions that read, a second, mean", one.total("reads") / SECONDS_A_DAY
    yield "rows written a second, mean", one.total("rows") / SECONDS_A_DAY
    yield "write-ahead log, GB a day", one.total("wal") / 1e9
    held = bytes_after(one, 365)
    yield "SQL after a year, GB", sum(held.values()) / 1e9
    yield "of it, search index", held["v1_search"] / 1e9
    yield "of it, runs and outcomes", (held["runs"] + held["outcomes"]) / 1e9
    yield "bytes of SQL an article, after a year", sum(held.values()) / (one.new * 365)
    yield "archive, GB a day", archive_a_day(one) / 1e9
    yield "archive, TB a year", archive_a_day(one) * 365 / 1e12
    yield "uploads (PUTs, objects) a month, million", one.uploads * MONTH / 1e6
    wire = one.pages * (GZIP.mean + OF_HEADERS) + one.readings * (2 * A_SOURCE + OF_HEADERS)
    yield "from the sites, Mbit/s, mean", wire * 8 / SECONDS_A_DAY / 1e6
    yield "from the sites, Mbit/s, busiest hours", wire * 8 / SECONDS_A_DAY / 1e6 * busiest
    yield "broker messages a second", one.batches(tick) / SECONDS_A_DAY
