"""The metrics of a fleet in Prometheus' text format; none where no fleet is used."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from crawler.reports.fleet import STATES, Fleet


def families(fleet: Fleet) -> Iterator[Metric]:
    """Families of metrics, in the order of the manual.

    Workers are counted by host: their own names change with each start, and so would the series.
    """
    if not fleet.is_used:
        return
    yield _workers(fleet)
    yield from _sites(fleet)
    yield from _queue(fleet)


def _workers(fleet: Fleet) -> Metric:
    family = GaugeMetricFamily(
        "winnow_workers",
        "Workers of a host and version, by what they do.",
        labels=["host", "version", "state"],
    )
    found = Counter((w.host, w.version, fleet.state_of(w)) for w in fleet.workers)
    for host, version in sorted({key[:2] for key in found}):
        for state in STATES:
            family.add_metric([host, version, state], found[host, version, state])
    return family


def _sites(fleet: Fleet) -> Iterator[Metric]:
    under_way = GaugeMetricFamily(
        "winnow_worker_sites_under_way",
        "Sites that the workers of a host visit now.",
        labels=["host"],
    )
    most = GaugeMetricFamily(
        "winnow_worker_sites_at_most",
        "Sites that the workers of a host visit at once, at most.",
        labels=["host"],
    )
    for host in sorted({worker.host for worker in fleet.workers}):
        here = [w for w in fleet.workers if w.host == host and fleet.state_of(w) == "works"]
        under_way.add_metric([host], sum(worker.under_way for worker in here))
        most.add_metric([host], sum(worker.jobs for worker in here))
    yield under_way
    yield most


def _queue(fleet: Fleet) -> Iterator[Metric]:
    """Of each label that has sites waiting or a worker; empty: the sites without a label."""
    sites = GaugeMetricFamily(
        "winnow_handed_out_sites", "Sites that wait for a worker.", labels=["label"]
    )
    oldest = GaugeMetricFamily(
        "winnow_handed_out_oldest_timestamp_seconds",
        "Since when the first of them waits.",
        labels=["label"],
    )
    serving = GaugeMetricFamily(
        "winnow_handed_out_workers", "Workers that take the sites of a label.", labels=["label"]
    )
    for label in sorted({*fleet.queue, *(label for w in fleet.workers for label in w.labels)}):
        waiting = fleet.queue.get(label)
        if fleet.unread is None:
            sites.add_metric([label], waiting.sites if waiting else 0)
        if waiting is not None:
            oldest.add_metric([label], waiting.oldest.timestamp())
        serving.add_metric([label], fleet.serving(label))
    yield sites
    yield oldest
    yield serving
