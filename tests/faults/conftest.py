"""Faults: what a test checked is counted, and told as one table at the end of `make faults`."""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Checked = Callable[[int], None]


@pytest.fixture
def checked(record_property: Callable[[str, object], None]) -> Checked:
    """Adds to the number of cases that a test has checked, which the table shows."""
    return lambda number: record_property("checked", number)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One row a test file: its title, the cases checked, the tests by result."""
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for result in ("passed", "failed", "skipped", "error"):
        for report in terminalreporter.getreports(result):
            if "tests/faults/" in report.nodeid and report.when in {"call", "setup"}:
                counts = results[report.nodeid.partition("::")[0]]
                counts[result] += 1
                cases = [number for name, number in report.user_properties if name == "checked"]
                counts["cases"] += sum(cases) if cases else int(report.when == "call")
    if not results:
        return
    terminalreporter.section("faults")
    terminalreporter.write_line(f"{'cases':>6} {'passed':>7} {'failed':>7} {'skipped':>8}  what")
    for path, counts in sorted(results.items()):
        failed = counts["failed"] + counts["error"]
        terminalreporter.write_line(
            f"{counts['cases']:>6} {counts['passed']:>7} {failed:>7} {counts['skipped']:>8}"
            f"  {_title(path)}"
        )


def _title(path: str) -> str:
    """The first line of a test file, which says what it is about."""
    lines = (Path(__file__).parents[2] / path).read_text("utf-8").splitlines()
    return lines[0].strip('"') if lines else path
