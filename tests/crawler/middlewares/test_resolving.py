"""The browser's names are resolved as the crawl's own are, and refused for the same reasons."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from crawler.middlewares.guard import GuardMiddleware, Origin, _Receiver
from crawler.middlewares.refusals import RefusedAddress
from crawler.middlewares.resolving import addresses_of
from tests.crawler.middlewares.fakes import make_crawler, resolved, resolver


def guard(names: Any, *own: Origin) -> GuardMiddleware:
    made = GuardMiddleware(make_crawler())
    made._resolver, made._own = names, frozenset(own)
    return made


class Names:
    """The guard's resolver, where the network answers with addresses that the test gives."""

    def __init__(self, *addresses: str, opened: Sequence[Origin] = ()) -> None:
        self.guards = resolver(*opened)
        self.addresses = addresses
        self.asked: list[Origin] = []

    def resolveHostName(self, receiver: Any, name: str, port: int) -> None:  # noqa: N802
        """As PublicOnlyResolver's, which hands the answers through its own receiver."""
        self.asked.append((name, port))
        between = _Receiver(receiver, self.guards, (name, port))
        between.resolutionBegan(None)
        for address in resolved(*self.addresses):
            between.addressResolved(address)
        between.resolutionComplete()


def ask(names: Names, origin: Origin, *own: Origin) -> Sequence[str]:
    return asyncio.run(addresses_of(guard(names.guards, *own), names, origin))


def test_a_public_name_has_its_addresses() -> None:
    names = Names("93.184.216.34", "2606:2800:220:1::1")
    assert ask(names, ("cdn.example", 443)) == ["93.184.216.34", "2606:2800:220:1::1"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_with_an_inside_address_among_others_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddress, match="not a public address"):
        ask(Names("93.184.216.34", address), ("rebinds.example", 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "::1", "169.254.169.254"])
def test_an_inside_address_is_refused_and_not_looked_up(host: str) -> None:
    names = Names(host)
    with pytest.raises(RefusedAddress):
        ask(names, (host, 80))
    assert names.asked == []


def test_a_name_without_an_address_has_none() -> None:
    assert ask(Names(), ("nowhere.example", 443)) == []


def test_a_site_reaches_its_own_private_origin_and_not_that_of_another() -> None:
    own = ("127.0.0.1", 8080)
    assert ask(Names("127.0.0.1", opened=[own]), own, own) == ["127.0.0.1"]
    named = ("intranet.example", 80)
    with pytest.raises(RefusedAddress, match="another site's"):
        ask(Names("10.0.0.1", opened=[named]), named)
