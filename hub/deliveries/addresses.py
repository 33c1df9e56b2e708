"""Which addresses may be reached: looked at in the last moment, when a socket is made for one.

By then names are resolved and odd spellings of numbers read, so what is looked at is what is
connected to, whatever a name server says the next time.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class PrivateAddress(OSError):
    """An address of this machine or the local network, which may not be reached."""

    def __init__(self) -> None:
        super().__init__(
            "it is an address of this machine or the local network; "
            "`deliveries: allow_private: true` in hub.yaml would allow that"
        )


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet at large. Names do not."""
    try:
        address = _inner(ip_address(text))
    except ValueError:
        return False
    return address.is_global and not address.is_multicast


def public_socket(address: Any) -> socket.socket:
    """A socket for an address as `getaddrinfo` gives it. Raises `PrivateAddress`."""
    family, kind, protocol, _, (host, *_) = address
    if not is_public(host):
        raise PrivateAddress
    return socket.socket(family, kind, protocol)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address within an IPv6 one, for those that are ways to reach one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
