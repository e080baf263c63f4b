"""How the demo ends: its own pages in the browser, and what to type for a site of one's own."""

import os
import sys
from pathlib import Path
from shlex import quote
from typing import Final

from crawler.demo import showing
from crawler.demo.typist import folder_settings
from crawler.home import PYTHON, as_typed

_OWN: Final = (
    ("uv run scrapy db upgrade", "creates the database"),
    (
        "uv run scrapy sites add https://example.com",
        "finds its sources, writes their TOML file, example.toml",
    ),
    ("uv run scrapy crawl discover -a site=example", "fetches what is new"),
    ("uv run scrapy look example", "shows what was kept of each page, why, and mends it"),
)


def tell(place: Path) -> None:
    """Prints what to type next."""
    print(showing.heading("a site of your own"))
    steps = [(as_typed(command), does) for command, does in _OWN]
    width = max(len(command) for command, _ in steps)
    for command, does in steps:
        print(f"  {command:<{width}}  # {does}")
    print(showing.heading("this demo in the browser"))
    settings = " ".join(f"{name}={quote(value)}" for name, value in folder_settings(place).items())
    print(as_typed(f"  {settings} \\\n    uv run scrapy look"))


def offer_browser(place: Path) -> None:
    """Asks at a terminal whether to look at the demo now; `scrapy look` takes this process over."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return
    try:
        answer = input("\nOpen it now? [y/N] ")
    except EOFError:
        return
    if answer.strip().lower() in {"y", "yes"}:
        environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            **folder_settings(place),
        }
        command = [*PYTHON, "scrapy", "look", "--port", "0"]
        os.execve(sys.executable, command, environment)  # noqa: S606 - our own command
