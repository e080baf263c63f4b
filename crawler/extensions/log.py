"""Log lines that a person can read: what was dropped in one line, never a whole page."""

import logging
from contextvars import ContextVar
from typing import Any, Final

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import BaseSettings

from models.db.faults import own_fault

SITE: Final[ContextVar[str]] = ContextVar("site", default="")  # that the line is about
RUN: Final[ContextVar[int]] = ContextVar("run", default=0)  # its run, of a site's visit; 0: none


class OneLine(LogFormatter):
    """Scrapy's lines, with an item's address in place of the item."""

    def dropped(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """One line a dropped page."""
        line = super().dropped(_address(item), exception, response, spider)
        line["msg"] = "dropped %(item)s: %(exception)s"
        return line

    def scraped(self, item: Any, response: Response | Any, spider: Spider) -> LogFormatterResult:
        """One line a stored page."""
        line = super().scraped(_address(item), response, spider)
        line["msg"] = "stored %(item)s"
        return line

    def item_error(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """One line a page that a stage failed on."""
        return super().item_error(_address(item), exception, response, spider)


class OwnFaultsOnce(logging.Filter):
    """Leaves out the traceback of each page that a fault of ours met: the run tells it once."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        fault = record.exc_info[1] if record.exc_info else None
        return record.levelno < logging.WARNING or own_fault(fault) is None

    @classmethod
    def attach(cls) -> None:
        """To all that the log is written to, once, however many runs a process has."""
        for handler in logging.root.handlers:
            if not any(isinstance(one, cls) for one in handler.filters):
                handler.addFilter(cls())


class NamesSite(logging.Formatter):
    """A line that says which of the sites in this process it is about, where that is known.

    In a fleet it names the worker and the run too.
    """

    def __init__(self, form: str | None = None, dates: str | None = None, worker: str = "") -> None:
        super().__init__(form, dates)
        self._worker = worker

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line, with the site before the message."""
        about = SITE.get()
        if self._worker:
            run = f"run {RUN.get()}" if RUN.get() else ""
            about = " ".join(filter(None, (self._worker, about, run)))
        if about:
            record.message = f"{about}: {record.message}"
        return super().formatMessage(record)


def log_handler(settings: BaseSettings) -> logging.Handler:
    """Where the settings send the log: their file, or stderr."""
    if not settings["LOG_FILE"]:
        return logging.StreamHandler()
    mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
    return logging.FileHandler(settings["LOG_FILE"], mode, settings["LOG_ENCODING"])


def log_for_many(settings: BaseSettings, worker: str = "") -> None:
    """Sends the log where the settings say, with each line's site; once a process.

    `worker`: of a fleet, which each line names too. Scrapy's own handler is made anew by each
    crawl.
    """
    if not settings.getbool("LOG_ENABLED"):
        logging.root.addHandler(logging.NullHandler())
        return
    handler = log_handler(settings)
    handler.setFormatter(NamesSite(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"], worker))
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.addHandler(handler)
    logging.root.setLevel(settings["LOG_LEVEL"])  # what is not written is not made either


def _address(item: Any) -> str:
    page = getattr(item, "page", item)
    return str(getattr(page, "url", page))
