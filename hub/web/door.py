"""The door: only this machine, only our own pages.

A page of another site can make a browser send requests here. Its `Origin` gives it away; and if it
points its own name at 127.0.0.1 (DNS rebinding), the `Host` does. Programs send no `Origin`.
"""

from functools import lru_cache
from ipaddress import ip_address

from aiohttp import web

from hub.web.errors import Forbidden, Handler

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class ForeignHost(Forbidden):
    """The request was meant for another name than this hub's."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This hub answers on this machine only, and {host!r} is not its address. "
            "Use http://127.0.0.1 with its port."
        )


class ForeignOrigin(Forbidden):
    """A page of another site sent the request."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"Pages of {origin!r} may not talk to this hub.")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in what comes to our own address, and from our own pages or no page at all."""
    host = request.headers.get("Host", "")
    if not is_own_address(host, _port(request)):
        raise ForeignHost(host)
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        raise ForeignOrigin(origin)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler: security headers for every answer."""
    response.headers.update(HEADERS)


@lru_cache(maxsize=64)
def is_own_address(host: str, port: int) -> bool:
    """Whether a Host header is `localhost` or a loopback address, with our port."""
    name, _, given = host.rpartition(":")
    if given != str(port):
        return False
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def _port(request: web.Request) -> int:
    assert request.transport is not None, "a request that is being handled has a connection"
    port: int = request.transport.get_extra_info("sockname")[1]
    return port
