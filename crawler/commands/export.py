"""scrapy export: articles as JSONL, CSV or Parquet."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.errors import UsageError

if TYPE_CHECKING:
    from models.db.database import Database


class Command(WinnowCommand):
    """Writes the articles of v1_articles to a file or the standard output."""

    usage: ClassVar[str] = (
        "[--format jsonl|csv|parquet] [--out FILE] [--site NAME] [--since TIME] [--unique]"
    )
    summary: ClassVar[str] = "Write articles as JSONL, CSV or Parquet"
    example: ClassVar[str] = "scrapy export --site example --since 2026-01-01 --out articles.csv"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --format, --out, --site, --since, --unique and --quiet."""
        from crawler.reports.export import FORMATS

        super().add_options(parser)
        parser.add_argument("--format", metavar="NAME", help=f"{', '.join(FORMATS)}; else by FILE")
        parser.add_argument(
            "--out", metavar="FILE", help="written whole or not at all; default: stdout"
        )
        parser.add_argument("--site", metavar="NAME", help="articles of this site only")
        parser.add_argument("--since", metavar="TIME", help="new or changed since, e.g. 2026-01-31")
        parser.add_argument("--unique", action="store_true", help="each story once: its original")
        add_quiet(self, parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Writes, then says how many on stderr. Raises UsageError."""
        from crawler.reports import export

        if args:
            raise UsageError(f"takes no words: {' '.join(args)}; type: {self.example}")
        form = _form(opts.format, opts.out)
        with self.ready_database() as database:
            choice = export.Choice(
                site_named(database, opts.site), since_time(opts.since), opts.unique
            )
            with _opened(opts.out) as out:
                written = export.FORMATS[form](export.articles(database, choice), out)
        self.inform(f"articles written to {opts.out or 'stdout'}: {written}", sys.stderr)
        return EXIT_OK


def _form(named: str | None, out: str | None) -> str:
    from crawler.reports.export import FORMATS

    form = named or (Path(out).suffix.lstrip(".").lower() if out else "jsonl")
    if form not in FORMATS:
        raise UsageError(f"no format {form!r}; --format takes {', '.join(FORMATS)}")
    if form == "parquet" and out is None:
        raise UsageError("Parquet is not for a terminal; say --out FILE")
    return form


def site_named(database: "Database", name: str | None) -> str | None:
    """The name, if the database has such a site; UsageError with the nearest one if not."""
    from models.sites import registry
    from models.text import nearest

    if name is None:
        return None
    with database.reading() as conn:
        known = sorted(registry.names(conn).values())
    if name in known:
        return name
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"it has: {', '.join(known) or 'none yet'}"
    raise UsageError(f"the database has no site {name!r}; {hint}")


def since_time(words: str | None) -> datetime | None:
    """The time that --since says, aware; UTC if it names no zone. Raises UsageError."""
    if words is None:
        return None
    try:
        since = datetime.fromisoformat(words)
    except ValueError as wrong:
        raise UsageError(f"--since {words}: write 2026-01-31 or 2026-01-31T12:00Z") from wrong
    return since if since.tzinfo else since.replace(tzinfo=UTC)


@contextmanager
def _opened(out: str | None) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is whole, or the standard output."""
    from crawler.operations.whole_file import whole_file

    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with whole_file(out, f"leave --out away, and write > {out}") as file:
        yield file
