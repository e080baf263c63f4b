"""The way of chunks over a broker that is killed and comes back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.fleet.chunk_post import ChunkPost
from models.errors import BrokerFault
from tests.support.brokers import rabbit_node, redis_server


@pytest.fixture(params=[redis_server, rabbit_node], ids=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[Any]:
    make: Callable[[], AbstractContextManager[Any]] = request.param
    with make() as made:
        yield made


@pytest.mark.slow
def test_a_chunk_is_sent_again_once_the_broker_is_back(
    broker: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings({"WINNOW_BROKER_URL": broker.url})
    post = ChunkPost.opened(settings, "a test")
    post.send("winnow.read", "one", {"chunk": []})
    assert post.waiting() == 1
    assert post.listen(0.05) == []
    broker.stop()
    for call in (
        lambda: post.listen(5.0),
        post.waiting,
        lambda: post.send("winnow.read", "two", {"chunk": []}),
        lambda: ChunkPost.opened(settings, "a test"),
    ):
        with pytest.raises(BrokerFault, match="cannot be reached"):
            call()
    post.close()
    broker.start()
    again = ChunkPost.opened(settings, "a test")
    before = again.waiting()  # RabbitMQ has kept it
    again.send("winnow.read", "one", {"chunk": []})
    assert again.waiting() == before + 1
    again.close()
    assert capsys.readouterr().err == ""  # no library says more than we do
