"""Checks of settings, before a command begins."""

from typing import TYPE_CHECKING

from models.errors import UsageError

if TYPE_CHECKING:
    from scrapy.settings import Settings


def require_settings(project: "Settings") -> None:
    """Raises UsageError for an invalid value of a setting that all commands share."""
    workers = str(project["WINNOW_WORKERS"])
    if not workers.isdecimal():
        raise UsageError(f"WINNOW_WORKERS: {workers!r}: write a number of processes, 0 or more")
    search = project.get("WINNOW_SEARCH", "on")
    if search not in {"on", "off"}:
        raise UsageError(f"WINNOW_SEARCH: {search!r}: write on or off")
    require_proxy(project.get("WINNOW_PROXY"))


def require_proxy(written: object) -> None:
    """Raises UsageError for an invalid WINNOW_PROXY, before anything is fetched."""
    if written:
        from crawler.middlewares.proxy import proxy_of

        proxy_of(written)
