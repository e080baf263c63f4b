"""Queues: their names by label, and how much waits in them."""

import pytest
from scrapy.settings import Settings

from crawler.fleet.app import make_app
from crawler.fleet.queues import Queues, queue_of, waiting
from tests.support.brokers import rabbit, redis_server


def test_a_worker_takes_what_has_no_label_and_what_has_one_of_its_own() -> None:
    assert Queues().named("winnow.visit") == ["winnow.visit"]
    assert Queues(("de", "fr")).named("q") == ["q", "q.de", "q.fr"]
    assert Queues(("de",), only_labels=True).named("q") == ["q.de"]
    assert (queue_of("q", ""), queue_of("q", "de")) == ("q", "q.de")


@pytest.mark.parametrize("broker", [redis_server, rabbit])
def test_what_waits_is_counted_and_an_empty_queue_is_none_of_a_fault(broker: object) -> None:
    with broker() as server:  # type: ignore[operator]
        app = make_app(Settings({"WINNOW_BROKER_URL": server.url}))
        assert waiting(app, ["a", "b"]) == {"a": 0, "b": 0}
        for _ in range(3):
            app.send_task("any", queue="b")
        assert waiting(app, ["a", "b"]) == {"a": 0, "b": 3}
