"""Which IP addresses a crawl may connect to. Pure: it looks nothing up."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Address blocks that people use at home or in an office: RFC 1918, RFC 4193, loopback.
_OWNABLE = tuple(
    ip_network(block)
    for block in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
)
# Addresses at which clouds hand out credentials; the IPv6 one is within fc00::/7.
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200")))
_NAT64 = IPv6Network("64:ff9b::/96")
_LAST_32_BITS = 0xFFFFFFFF


def literal(host: str) -> Address | None:
    """The address that a URL's host spells, in any form that resolvers accept; None for a name.

    Decimal, octal, hexadecimal and short forms are addresses too: 2130706433, 0x7f.1, 127.1.
    """
    bare = host.strip("[]").rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        pass
    if not bare or not (bare[0].isdigit() and bare.isascii()) or " " in bare:
        return None
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def embedded(address: Address) -> Address:
    """The IPv4 address within an IPv6 one (mapped, compatible, 6to4, Teredo, NAT64), or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or 1 < int(address) <= _LAST_32_BITS:
        return IPv4Address(int(address) & _LAST_32_BITS)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def is_public(address: Address) -> bool:
    """Whether the address is reachable from the internet, so not inside some network."""
    real = embedded(address)
    return real.is_global and not (real.is_multicast or real.is_reserved or real in _METADATA)


def is_ownable(address: Address) -> bool:
    """Whether `private = true` may open it: private or loopback, never link-local or metadata."""
    real = embedded(address)
    if real in _METADATA:
        return False
    return any(real.version == block.version and real in block for block in _OWNABLE)
