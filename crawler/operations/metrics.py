"""The metrics of all sites in Prometheus' text format, printed or as a file."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.operations import fleet_metrics, spool_metrics
from crawler.operations.whole_file import whole_file
from crawler.reports import fleet, spools
from crawler.reports.fleet import Fleet
from migrations.revision import current_revision
from models.clock import utc_now
from models.db.database import Database
from models.monitoring import alerts, site_metrics
from models.monitoring.alert_receivers import IN_USE
from models.monitoring.alerts import Deliveries
from models.monitoring.health import STATES
from models.monitoring.site_metrics import LastRun, SiteMetrics
from models.monitoring.spools import Spool
from models.outcomes import ERRORS, Outcome

RESULTS: Final = ("stored", "revised", "unchanged", "refused", "errors")  # as v1_runs has them
_MODE: Final = 0o644  # node_exporter runs as another user
_RESULT: Final = {
    Outcome.STORED: "stored",
    Outcome.REVISED: "revised",
    Outcome.UNCHANGED: "unchanged",
    Outcome.NOT_MODIFIED: "unchanged",
    **dict.fromkeys(ERRORS, "errors"),
}
_OF_A_SITE: Final[tuple[tuple[str, str, Callable[[SiteMetrics], float | None]], ...]] = (
    ("articles", "Articles stored, withdrawn ones included.", lambda s: s.articles),
    ("new_articles", "Articles first seen in the last 24 hours.", lambda s: s.recent),
    ("usual_new_articles", "New articles in 24 hours, usually.", lambda s: s.usual_per_day),
    ("waiting_urls", "URLs that are known and not fetched yet.", lambda s: s.waiting),
    (
        "next_due_timestamp_seconds",
        "When the site is visited next.",
        lambda s: _seconds(s.next_due_at),
    ),
)
_OF_ITS_LAST_RUN: Final[tuple[tuple[str, str, Callable[[LastRun], float]], ...]] = (
    (
        "timestamp_seconds",
        "When the last run that read the site's sources ended.",
        lambda run: run.finished_at.timestamp(),
    ),
    (
        "duration_seconds",
        "How long that run took.",
        lambda run: (run.finished_at - run.started_at).total_seconds(),
    ),
    (
        "success",
        "1 if that run ended well, 0 if it failed or was killed.",
        lambda run: float(run.done),
    ),
)


@dataclass(frozen=True, slots=True, eq=False)  # a registry wants it hashable
class _Winnow(Collector):
    """All metrics of one moment."""

    sites: Sequence[SiteMetrics]
    receivers: Sequence[Deliveries]
    fleet: Fleet
    spools: Sequence[Spool]
    dialect: str
    revision: str
    now: datetime
    began: float  # of perf_counter

    def collect(self) -> Iterator[Metric]:
        """Families of metrics, in the order of the manual."""
        yield InfoMetricFamily("winnow", "The version.", {"version": version("winnow")})
        about = {"dialect": self.dialect, "revision": self.revision}
        yield InfoMetricFamily("winnow_database", "The database and its revision.", about)
        yield self._states()
        for name, said, value in _OF_A_SITE:
            yield _gauge(name, said, ((site.site, value(site)) for site in self.sites))
        runs = [(site.site, site.last_run) for site in self.sites if site.last_run]
        for name, said, measure in _OF_ITS_LAST_RUN:
            yield _gauge(f"last_run_{name}", said, ((site, measure(run)) for site, run in runs))
        yield from self._urls()
        yield from self._alerts()
        yield from fleet_metrics.families(self.fleet)
        yield from spool_metrics.families(self.spools)
        yield GaugeMetricFamily(
            "winnow_metrics_timestamp_seconds", "When these were read.", self.now.timestamp()
        )
        took = perf_counter() - self.began
        yield GaugeMetricFamily(
            "winnow_metrics_duration_seconds", "How long it took to read these.", took
        )

    def _states(self) -> Metric:
        family = GaugeMetricFamily(
            "winnow_site_state",
            "1 for the state that the site is in, 0 for the others.",
            labels=["site", "state"],
        )
        for site in self.sites:
            for state in STATES:
                family.add_metric([site.site, state], float(site.state == state))
        return family

    def _urls(self) -> Iterator[Metric]:
        """Of each site by result, of all by outcome: a site has no more series than needed."""
        by_site = GaugeMetricFamily(
            "winnow_site_last_run_urls",
            "URLs of the last run that read the site's sources, by result.",
            labels=["site", "result"],
        )
        total: Counter[str] = Counter()
        for site in self.sites:
            if site.last_run is not None:
                total.update(site.last_run.urls)
                results = _results(site.last_run)
                for result in RESULTS:
                    by_site.add_metric([site.site, result], results[result])
        yield by_site
        by_outcome = GaugeMetricFamily(
            "winnow_last_run_urls",
            "URLs of these runs of all sites, by outcome.",
            labels=["outcome"],
        )
        for outcome in Outcome:
            by_outcome.add_metric([outcome], total[outcome])
        yield by_outcome

    def _alerts(self) -> Iterator[Metric]:
        labels = ["receiver", "address"]
        waiting = GaugeMetricFamily(
            "winnow_alerts_waiting", "Alerts that the receiver has not got yet.", labels=labels
        )
        failures = GaugeMetricFamily(
            "winnow_alert_failures", "Deliveries to it that failed in a row.", labels=labels
        )
        for one in self.receivers:
            waiting.add_metric([str(one.receiver_id), one.shown], one.waiting)
            failures.add_metric([str(one.receiver_id), one.shown], one.failures)
        yield waiting
        yield failures


def text_of(database: Database, visited: Callable[[str], bool], now: datetime) -> bytes:
    """The metrics in the text format; of sites for which `visited` says so."""
    began = perf_counter()
    with database.reading() as conn:
        sites = [one for one in site_metrics.of_sites(conn, now) if visited(one.site)]
        receivers = alerts.deliveries(conn, now - IN_USE)
        workers = fleet.read(conn, now)
    revision = current_revision(database) or ""
    registry = CollectorRegistry()
    about = (database.dialect, revision, now, began)
    registry.register(_Winnow(sites, receivers, workers, spools.read(database), *about))
    return generate_latest(registry)


def write(database: Database, visited: Callable[[str], bool], out: str | None) -> None:
    """Prints the metrics, or writes the file `out`, which is whole whenever it is read.

    Raises UsageError if it cannot be written.
    """
    text = text_of(database, visited, utc_now())
    if out is None:
        sys.stdout.write(text.decode())
        return
    with whole_file(out, "type: scrapy health --prometheus > FILE") as file:
        file.write(text)
        os.fchmod(file.fileno(), _MODE)


def _gauge(name: str, said: str, values: Iterable[tuple[str, float | None]]) -> Metric:
    """A number for each site, but for those of which it is not known."""
    family = GaugeMetricFamily(f"winnow_site_{name}", said, labels=["site"])
    for site, value in values:
        if value is not None:
            family.add_metric([site], value)
    return family


def _results(run: LastRun) -> Counter[str]:
    results: Counter[str] = Counter()
    for outcome, urls in run.urls.items():
        results[_RESULT.get(Outcome(outcome), "refused")] += urls
    return results


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
