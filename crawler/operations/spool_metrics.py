"""Metrics of what waits in spools for its upload."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily, Metric

from models.monitoring.spools import Spool


def families(spools: Sequence[Spool]) -> Iterator[Metric]:
    """Of each host in whose spool something waits."""
    files = GaugeMetricFamily(
        "winnow_spool_files", "WARC files that wait for their upload.", labels=["host"]
    )
    size = GaugeMetricFamily(
        "winnow_spool_bytes", "Bytes of these, as far as the database knows.", labels=["host"]
    )
    since = GaugeMetricFamily(
        "winnow_spool_oldest_timestamp_seconds",
        "When the run of the oldest of them was over.",
        labels=["host"],
    )
    for spool in spools:
        files.add_metric([spool.host], spool.files)
        size.add_metric([spool.host], spool.bytes)
        since.add_metric([spool.host], spool.since.timestamp())
    yield from (files, size, since)
