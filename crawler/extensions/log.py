"""Log lines that a person can read: what was dropped in one line, never a whole page."""

from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult


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


def _address(item: Any) -> str:
    page = getattr(item, "page", item)
    return str(getattr(page, "url", page))
