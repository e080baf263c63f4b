"""The addresses of a name, from the resolver that the crawl's own connections use."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

from crawler.middlewares.guard import GuardMiddleware, Origin


class _Receiver:
    """An IResolutionReceiver: the addresses, once all have come."""

    def __init__(self) -> None:
        self.addresses: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._came: list[str] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        """Nothing to do."""

    def addressResolved(self, address: IAddress) -> None:
        self._came.append(cast(Any, address).host)

    def resolutionComplete(self) -> None:
        if not self.addresses.done():  # nobody waits any more
            self.addresses.set_result(self._came)


async def addresses_of(guard: GuardMiddleware, resolver: Any, origin: Origin) -> Sequence[str]:
    """The addresses that may be connected to for `origin`; none if there is no such name.

    `resolver` is Twisted's for names, in a crawl the guard's own, which answers with addresses
    only if all of them may be used. Raises RefusedAddress.
    """
    guard.require(origin)
    receiver = _Receiver()
    resolver.resolveHostName(cast(IResolutionReceiver, receiver), origin[0], origin[1])
    found = await receiver.addresses
    guard.require(origin)  # which now knows what the answer was
    return found
