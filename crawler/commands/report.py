"""scrapy report: sites as one HTML file, to mail or to publish."""

import argparse
import sys
from collections.abc import Iterable
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.clock import utc_now
from models.errors import UsageError


class Command(WinnowCommand):
    """Writes one file that needs nothing else; reads the views alone."""

    usage: ClassVar[str] = "OUT.html [--site NAME]"
    summary: ClassVar[str] = "Write how the sites do as one HTML file, to mail or to publish"
    details: ClassVar[str] = (
        "Writes how the sites do as one HTML file: no script, no pictures to fetch. An account"
        " that may only read the v1_ views can make it. OUT - writes to stdout. It needs the extra"
        " winnow[look]."
    )
    example: ClassVar[str] = "scrapy report sites.html --site example --site another"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --site."""
        super().add_options(parser)
        parser.add_argument(
            "--site", metavar="NAME", action="append", default=[],
            help="this site only; may be given more than once",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Writes, then says so on stderr. Raises UsageError."""
        from crawler.look.extra import require_extra

        if len(args) != 1:
            raise UsageError(f"write to which file? type: {self.example}")
        require_extra("report")
        from crawler.look.static_report import report_html
        from crawler.reports.site_report import site_report
        from migrations.revision import require_current

        database = self.database()
        try:
            if database.is_missing:
                require_current(database)
            # no look at the revision: an account that reads views may not read its table
            with database.reading() as conn:
                report = site_report(conn, opts.site, utc_now())
        finally:
            database.close()
        written = _write(args[0], report_html(report))
        sites = f"{len(report.sites)} site{'' if len(report.sites) == 1 else 's'}"
        rows = f", {report.left_out} of them as a row only" if report.left_out else ""
        print(f"report of {sites}{rows}: {written:,} bytes", file=sys.stderr)
        return EXIT_OK


def _write(out: str, pieces: Iterable[str]) -> int:
    """Writes the page; returns how many bytes."""
    from crawler.operations.whole_file import whole_file

    page = "".join(pieces).encode()
    if out == "-":
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
    else:
        with whole_file(out, f"write to stdout: scrapy report - > {out}") as file:
            file.write(page)
    return len(page)
