"""Where callers of a webhook may be, and how often they may call."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from hub.clock import Clock

_RATE = re.compile(r"(\d+)\s*(?:/|per)\s*(s|sec|second|m|min|minute|h|hour|d|day)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
Network = IPv4Network | IPv6Network
# This machine, private networks (RFC 1918, RFC 4193), and neighbours on the same wire.
_LOCAL: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def network(text: str) -> Network:
    """Raises `ValueError` with a sentence."""
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is neither an address nor a network such as 192.168.0.0/16."
        ) from None


@lru_cache(maxsize=1024)
def is_local(remote: str) -> bool:
    """Whether the caller is in the hub's own network."""
    return is_within(remote, _LOCAL)


def is_within(remote: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in networks)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds."""

    count: int
    seconds: int


def rate(text: str) -> Rate:
    """`10/min` and the like. Raises `ValueError` with a sentence."""
    match = _RATE.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no rate: write it as 10/min, or with s, h or day.")
    return Rate(int(match[1]), _SECONDS[match[2][0]])


@dataclass(slots=True)
class Meter:
    """Counts calls against a rate: as many at once as it allows, then as fast as it allows.

    State: `_left` calls, fractions included, as of the moment `_at` (monotonic).
    """

    rate: Rate
    clock: Clock
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at = float(self.rate.count), self.clock.monotonic()

    def wait_for(self) -> int:
        """0 if the call may come now, and counts; else in how many whole seconds it may."""
        now, speed = self.clock.monotonic(), self.rate.count / self.rate.seconds
        self._left = min(self.rate.count, self._left + (now - self._at) * speed)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0
        return int((1 - self._left) / speed) + 1
