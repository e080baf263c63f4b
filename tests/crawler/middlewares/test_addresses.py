"""Which addresses are public, which a site may open, in every form that a URL can spell."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.addresses import embedded, is_ownable, is_public, literal

INSIDE = [
    "127.0.0.1",
    "10.0.0.5",
    "172.16.9.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "::127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::a9fe:a9fe",
]
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_decimal_and_hexadecimal_hosts_are_the_same_address(number: int) -> None:
    assert literal(str(number)) == literal(hex(number)) == IPv4Address(number)


@pytest.mark.parametrize(
    "spelling",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1."],
)
def test_every_form_that_a_resolver_takes_is_an_address(spelling: str) -> None:
    assert literal(spelling) == ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "name", ["", "example.test", "1.example.test", "127.0.0.1 x", "１27.0.0.1", "999.1.1.1", "[]"]
)
def test_a_name_is_no_address(name: str) -> None:
    assert literal(name) is None


def test_brackets_are_part_of_the_url_and_not_of_the_address() -> None:
    assert literal("[::1]") == ip_address("::1")


@pytest.mark.parametrize(
    ("written", "inner"),
    [
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("::10.0.0.5", "10.0.0.5"),
        ("2002:0a00:0005::", "10.0.0.5"),
        ("64:ff9b::a00:5", "10.0.0.5"),
        ("2001:0:5ef5:79fd:0:0:f5ff:fffa", "10.0.0.5"),
        ("::2", "0.0.0.2"),
        ("::ffff:ffff", "255.255.255.255"),
        ("::1", "::1"),
        ("::", "::"),
        ("::1:0:0", "::1:0:0"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("10.0.0.5", "10.0.0.5"),
    ],
)
def test_an_ipv4_address_within_an_ipv6_one_is_found(written: str, inner: str) -> None:
    assert embedded(ip_address(written)) == ip_address(inner)


@given(st.integers(2, 2**32 - 1).map(IPv4Address))
def test_an_address_is_treated_alike_however_it_is_wrapped(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        assert is_public(ip_address(wrapped)) == is_public(address)
        assert is_ownable(ip_address(wrapped)) == is_ownable(address)


@pytest.mark.parametrize(
    ("address", "public", "ownable"),
    [
        ("9.255.255.255", True, False),
        ("10.0.0.0", False, True),
        ("10.255.255.255", False, True),
        ("11.0.0.0", True, False),
        ("172.15.255.255", True, False),
        ("172.16.0.0", False, True),
        ("172.31.255.255", False, True),
        ("172.32.0.0", True, False),
        ("192.168.255.255", False, True),
        ("192.169.0.0", True, False),
        ("169.254.0.1", False, False),
        ("169.254.169.254", False, False),
        ("100.100.100.200", False, False),
        ("100.64.0.1", False, False),
        ("224.0.0.1", False, False),
        ("240.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("0.0.0.0", False, False),
        ("::1", False, True),
        ("fc00::1", False, True),
        ("fe00::1", False, False),
        ("fe80::1", False, False),
        ("ff02::1", False, False),
        ("fd00:ec2::254", False, False),
        ("2606:4700::1111", True, False),
    ],
)
def test_both_sides_of_each_block(address: str, public: bool, ownable: bool) -> None:
    assert is_public(ip_address(address)) is public
    assert is_ownable(ip_address(address)) is ownable
