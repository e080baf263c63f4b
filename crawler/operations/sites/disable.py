"""`scrapy sites disable` and `enable`: whether a site is fetched, as its file says."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, tell
from models.errors import UsageError


def _options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--why", of=["disable"], metavar="TEXT", help="a note for its file, in one line"
    )


def _disable(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from models.clock import utc_now
    from models.sites.enabled import disabled, is_disabled

    path = _file(command, args, "disable")
    if is_disabled(path) and opts.why is None:
        again = f"to fetch it again: scrapy sites enable {path.stem}"
        tell(
            command,
            opts,
            f"{path.stem} is disabled already; {again}",
            _document(path, enabled=False),
        )
        return EXIT_OK
    why = _note(opts.why)
    _change(path, lambda text: disabled(text, f"since {utc_now():%Y-%m-%d}{why}"))
    next_step = f"scrapy sites enable {path.stem}"
    line = f"{path.stem} is disabled, its articles stay; next: {next_step}"
    tell(command, opts, line, _document(path, enabled=False))
    return EXIT_OK


def _enable(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from models.sites import enabled

    path = _file(command, args, "enable")
    document = _document(path, enabled=True)
    if not enabled.is_disabled(path):
        tell(command, opts, f"{path.stem} is enabled already", document)
        return EXIT_OK
    _change(path, enabled.enabled)
    tell(command, opts, f"{path.stem} is enabled; next: scrapy visit {path.stem}", document)
    return EXIT_OK


def _document(path: Path, *, enabled: bool) -> dict[str, Any]:
    return {"site": path.stem, "enabled": enabled}


def _file(command: WinnowCommand, args: Words, word: str) -> Path:
    """The site's file. Raises UsageError, with the nearest name for one that is not there."""
    from models.sites.config import load_site

    if len(args) != 1:
        raise UsageError(f"which site? type: scrapy sites {word} NAME")
    return load_site(sites_folder(command), args[0]).path


def _note(why: str | None) -> str:
    """What follows the date. Raises UsageError for what is no line of text."""
    from models.sites.enabled import MOST

    words = (why or "").strip()
    if not words.isprintable() or len(words) > MOST:
        raise UsageError(f"--why: write one line of at most {MOST} characters")
    return f": {words}" if words else ""


def _change(path: Path, edit: Callable[[str], str]) -> None:
    """Edits the file, and reads it again as every run does.

    Raises SiteConfigError if it cannot be written, or is not what was meant.
    """
    from models.sites.config import load_site
    from models.sites.file_text import read_file, write_file

    before = read_file(path)
    write_file(path, before.digest, edit(before.text))
    load_site(path.parent, path.stem)


DISABLE: Final = Subcommand(
    "disable NAME [--why TEXT]", _disable, _options, has_json=True, has_quiet=True
)
ENABLE: Final = Subcommand("enable NAME", _enable, has_json=True, has_quiet=True)
