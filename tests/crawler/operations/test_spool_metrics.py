"""Metrics of what waits for its upload; tests/crawler/reports/test_spools.py reads them all."""

from crawler.operations.spool_metrics import families
from models.monitoring.spools import Spool
from tests.factories import NOW


def test_each_host_has_its_samples() -> None:
    found = list(families([Spool("beech", 2, 300, NOW), Spool("oak", 1, 4, NOW)]))
    samples = [(one.name, one.labels["host"], one.value) for f in found for one in f.samples]
    assert samples == [
        ("winnow_spool_files", "beech", 2),
        ("winnow_spool_files", "oak", 1),
        ("winnow_spool_bytes", "beech", 300),
        ("winnow_spool_bytes", "oak", 4),
        ("winnow_spool_oldest_timestamp_seconds", "beech", NOW.timestamp()),
        ("winnow_spool_oldest_timestamp_seconds", "oak", NOW.timestamp()),
    ]
    assert [family.samples for family in families([])] == [[], [], []]
