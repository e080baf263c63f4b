"""A report as one HTML page that stands alone: no script, no picture, no address of a server."""

from collections.abc import Iterator
from typing import Final

from crawler.look.sparkline import sparkline
from crawler.look.templating import FOLDER, environment
from crawler.reports.site_report import SECTIONS, Report

ROW_DAYS: Final = 30
WEEK: Final = 7


def report_html(report: Report) -> Iterator[str]:
    """The page, in pieces."""
    style = (FOLDER / "static" / "look.css").read_text(encoding="utf-8")
    yield from (
        environment()
        .get_template("report.html")
        .generate(
            report=report,
            style=style,
            most=SECTIONS,
            row_days=ROW_DAYS,
            charts={name: sparkline(days[-ROW_DAYS:]) for name, days in report.days.items()},
            weeks={s.site.site: sparkline(s.days, WEEK) for s in report.sections},
        )
    )
