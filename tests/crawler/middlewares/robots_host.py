"""A host whose robots.txt is answered by a function, without a network."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.robots import RobotsMiddleware
from tests.crawler.middlewares.fakes import make_crawler


class Host:
    """A crawler whose downloads of robots.txt are answered by a function."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.asked: list[Request] = []
        self.told: list[Any] = []
        self.crawler = make_crawler(delay=0.5, ROBOTSTXT_USER_AGENT="winnow")
        self.crawler.engine.download_async = self._download
        self.crawler.signals = SimpleNamespace(send_catch_log_async=self._tell)
        self.middleware = RobotsMiddleware.from_crawler(self.crawler)
        self._answer = answer

    def ask(self, *urls: str, meta: dict[str, Any] | None = None) -> list[Any]:
        """What becomes of requests for these URLs that are made at once."""

        async def all_of_them() -> list[Any]:
            requests = [Request(url, meta=meta) for url in urls]
            made = [self.middleware.process_request(request) for request in requests]
            return await asyncio.gather(*made, return_exceptions=True)

        return asyncio.run(all_of_them())

    async def _download(self, request: Request) -> Response:
        self.asked.append(request)
        await asyncio.sleep(0)
        return self._answer(request)

    async def _tell(self, signal: object, **said: Any) -> None:
        self.told.append(said["robotparser"])
