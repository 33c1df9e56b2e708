"""By which names the hub may be called: a foreign name pointed here is a trick (DNS rebinding)."""

import re
import socket
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\[\]:@/\s]+)(?::(?P<port>[0-9]{1,5}))?")


def is_own_name(host: str, names: tuple[str, ...]) -> bool:
    """Whether a Host header is an address, `localhost`, this machine's own name, or one of these.

    For where everybody logs in. No name server is needed for an address, so none can lie; and the
    port may be another one, because it may be forwarded.
    """
    parsed = _HOST.fullmatch(host)
    if parsed is None:
        return False
    name = parsed["name"].lower().rstrip(".")
    own = {"localhost", *_machine_names(), *(each.lower() for each in names)}
    return name in own or _address(name) is not None


@lru_cache(maxsize=64)
def is_own_address(host: str, port: int) -> bool:
    """Whether a Host header is `localhost` or a loopback address, with our port."""
    name, _, given = host.rpartition(":")
    if given != str(port):
        return False
    if name.lower() == "localhost":
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


@cache
def _machine_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    first = name.partition(".")[0]
    return frozenset({name, first, f"{first}.local"})
