"""Log lines that a person can read: an item's address in place of the item."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Response

from crawler.extensions.log import OneLine, OwnFaultsOnce
from models.errors import OwnFault
from pipelines.drops import NoContent
from tests.factories import make_article, make_page

SPIDER: Any = SimpleNamespace(name="discover")
PAGE = make_page(body=b"x" * 9_999)


def shown(line: Any) -> str:
    return str(line["msg"] % line["args"])


def test_a_dropped_page_is_its_address_and_the_reason() -> None:
    line = OneLine().dropped(PAGE, NoContent("nothing left"), None, SPIDER)
    assert shown(line) == "dropped https://example.test/a: nothing left"


def test_a_stored_page_is_its_address() -> None:
    line = OneLine().scraped(make_article(page=PAGE), Response("https://x.test"), SPIDER)
    assert shown(line) == "stored https://example.test/a"


def test_a_page_that_a_stage_failed_on_is_its_address() -> None:
    line = OneLine().item_error(PAGE, ValueError("odd"), None, SPIDER)
    assert "https://example.test/a" in shown(line) and "xxx" not in shown(line)


def test_tracebacks_of_our_own_faults_are_left_out_by_one_filter_for_all_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handler = logging.NullHandler()
    monkeypatch.setattr(logging.root, "handlers", [handler])
    for _ in range(3):
        OwnFaultsOnce.attach()
    (only,) = handler.filters
    assert isinstance(only, OwnFaultsOnce)
    shown = [only.filter(_record(fault)) for fault in (OwnFault("disk"), ValueError("page"))]
    assert shown == [False, True]


def _record(fault: Exception) -> logging.LogRecord:
    info = (type(fault), fault, None)
    return logging.LogRecord("scrapy", logging.ERROR, __file__, 1, "a stage failed", (), info)
