"""The clock: the machine's, unless it is set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import clock
from models.errors import UsageError

ROOT = Path(__file__).parents[2]
SECOND = timedelta(seconds=1)


def test_it_is_the_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.SETTING, raising=False)
    assert abs(clock.utc_now() - datetime.now(UTC)) < SECOND


@pytest.mark.parametrize(
    "text", ["2031-02-03T04:05:06Z", "2031-02-03T05:05:06+01:00", "2031-02-03 04:05:06"]
)
def test_it_starts_where_it_was_set_and_runs_on(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(clock.SETTING, text)
    first = clock.utc_now()
    assert abs(first - datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)) < 10 * SECOND
    assert any(clock.utc_now() > first for _ in range(100_000))
    assert clock.utc_now() < first + 10 * SECOND


def test_what_is_no_time_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.SETTING, "tomorrow")
    with pytest.raises(UsageError, match=r"WINNOW_NOW='tomorrow' is no time; write 2026-"):
        clock.utc_now()


def test_nothing_else_asks_for_the_time() -> None:
    asks = [
        f"{path.relative_to(ROOT)}"
        for part in ("crawler", "pipelines", "models", "migrations")
        for path in sorted((ROOT / part).rglob("*.py"))
        if "datetime.now(" in path.read_text(encoding="utf-8")
    ]
    assert asks == ["models/clock.py"]
