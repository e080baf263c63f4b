"""scrapy look: the database and the archive as pages in the browser."""

import argparse
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.look.state import Look
    from models.db.database import Database

_DEFAULT_PORT = 8765


class Command(WinnowCommand):
    """Serves pages on 127.0.0.1 and opens the browser, until Ctrl-C."""

    usage: ClassVar[str] = "[SITE|URL] [--port N] [--no-open]"
    summary: ClassVar[str] = "Look at sites, pages and what was kept of them, in the browser"
    details: ClassVar[str] = (
        "Serves pages over the database and the archive on 127.0.0.1 and opens the browser. The"
        " one line that it prints is the address, with the token that admits a browser. Ctrl-C"
        " ends it. It needs the extra winnow[look]."
    )
    example: ClassVar[str] = "scrapy look https://example.com/news/1"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --port and --no-open."""
        super().add_options(parser)
        parser.add_argument(
            "--port", type=_port, default=_DEFAULT_PORT, metavar="N",
            help=f"of 127.0.0.1; 0: any free one ({_DEFAULT_PORT})",
        )  # fmt: skip
        parser.add_argument("--no-open", action="store_true", help="open no browser")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serves until a signal; exit code 0. Raises UsageError for an unknown site or URL."""
        from crawler.look.extra import require_extra

        if len(args) > 1:
            raise UsageError(f"type: scrapy look {self.usage}")
        require_extra("look")
        from crawler.look.app import create_app
        from crawler.look.opening import open_browser, path_of
        from crawler.look.server import listen, serve

        with self.ready_database() as database:
            path = path_of(database, args[0]) if args else "/"
            with listen(opts.port) as listener:
                look = self.state(database, listener.getsockname()[1])
                app, address = create_app(look), look.address(path)
                print(address, flush=True)
                if not opts.no_open:
                    open_browser(address)
                app = create_app(look)
                serve(app, listener, app.state.rules.jobs.stop_all)
        return EXIT_OK

    def state(self, database: "Database", port: int) -> "Look":
        """What the pages share, with a new token."""
        from crawler.look.state import Look
        from models.archive.places import ArchivePlaces

        settings = {
            name: str(value)
            for name, value in self.project.items()
            if name.startswith("WINNOW_") and value is not None
        }
        return Look(
            database=database,
            sites_dir=Path(self.setting("WINNOW_SITES_DIR")),
            archive=ArchivePlaces.of(self.project),
            settings=settings,
            token=secrets.token_urlsafe(32),
            port=port,
        )


def _port(word: str) -> int:
    if not word.isdecimal() or len(word) > 5 or int(word) > 65_535:
        raise argparse.ArgumentTypeError(f"{word!r}: write a port, 0 to 65535")
    return int(word)
