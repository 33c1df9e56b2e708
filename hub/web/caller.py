"""Where a request comes from, and what its sender takes this hub for.

Behind a proxy only its headers tell; they count only if each proxy on the way is trusted, since
anybody can write them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network

from aiohttp import web

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """`address` is the caller's own as far as is known; with `may_be_anybody` it is only that of a
    proxy that is not trusted. `scheme` and `host` are those of the address that was asked for."""

    address: str
    came_through_proxy: bool = False
    may_be_anybody: bool = False
    scheme: str = "http"
    host: str = ""

    @property
    def is_at_this_machine(self) -> bool:
        return not self.came_through_proxy and is_loopback(self.address)


def caller_of(request: web.Request, trusted: Sequence[str]) -> Caller:
    """What is known of the sender of a request."""
    remote, headers = request.remote or "", request.headers
    scheme, host = "https" if request.secure else "http", headers.get("Host", "")
    if not any(name in headers for name in _FORWARDED):
        return Caller(address=remote, scheme=scheme, host=host)
    if is_trusted(remote, trusted):
        scheme = _last(headers, "X-Forwarded-Proto") or scheme
        host = _last(headers, "X-Forwarded-Host") or host
    address, is_known = _origin(remote, headers, trusted)
    return Caller(
        address=address,
        came_through_proxy=True,
        may_be_anybody=not is_known,
        scheme=scheme,
        host=host,
    )


def _origin(remote: str, headers: Mapping[str, str], trusted: Sequence[str]) -> tuple[str, bool]:
    """The first address, from the nearest on, that is no trusted proxy; and whether there is one
    that a trusted proxy told of."""
    hops = [hop.strip() for hop in headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and is_trusted(remote, trusted):
        remote = hops.pop()
        if not is_trusted(remote, trusted):
            return remote, True
    return remote, False


def _last(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").rpartition(",")[2].strip()


def is_trusted(remote: str, trusted: Sequence[str]) -> bool:
    """Whether it is the address of a proxy whose word counts."""
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in trusted)


@lru_cache  # every request asks
def is_loopback(address: str) -> bool:
    """Whether only programs of this machine have it."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
