"""Log lines that a person can read: what was dropped in one line, never a whole page."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult

from models.db.faults import own_fault


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


def _address(item: Any) -> str:
    page = getattr(item, "page", item)
    return str(getattr(page, "url", page))
