"""scrapy report: sites as one HTML file, to mail or to publish."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.clock import utc_now
from models.errors import UsageError, WinnowError

if TYPE_CHECKING:
    from crawler.reports.site_report import Report


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
        """Adds --site and --quiet."""
        super().add_options(parser)
        parser.add_argument(
            "--site", metavar="NAME", action="append", default=[],
            help="this site only; may be given more than once",
        )  # fmt: skip
        add_quiet(self, parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Writes, then says so on stderr. Raises UsageError."""
        from crawler.look.extra import require_extra

        if len(args) != 1:
            raise UsageError(f"write to which file? type: {self.example}")
        require_extra("report")
        from crawler.look.static_report import report_html

        report = self._report(opts.site)
        written = _write(args[0], report_html(report))
        sites = f"{len(report.sites)} site{'' if len(report.sites) == 1 else 's'}"
        rows = f", {report.left_out} of them as a row only" if report.left_out else ""
        self.inform(f"report of {sites}{rows}: {written:,} bytes", sys.stderr)
        return EXIT_OK

    def _report(self, names: Sequence[str]) -> "Report":
        """What the views say. The revision is looked at only where every account may: in a file."""
        from sqlalchemy.exc import DBAPIError

        from crawler.reports.site_report import site_report
        from migrations.revision import require_current
        from models.db.faults import own_fault

        database = self.database()
        try:
            if database.dialect == "sqlite":
                require_current(database)
            with database.reading() as conn:
                return site_report(conn, names, utc_now())
        except DBAPIError as fault:
            why = own_fault(fault)
            if why is None:
                raise
            raise WinnowError(why) from fault
        finally:
            database.close()


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
