"""The door: only this machine, only our own pages.

A page of another site can make a browser send requests here. Its `Origin` gives it away; and if it
points its own name at 127.0.0.1 (DNS rebinding), the `Host` does. Programs send no `Origin`.
"""

from ipaddress import ip_address

from aiohttp import web

from hub.web.errors import Handler, error_answer

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in what comes to a loopback name, and from our own pages or no page at all."""
    host = request.headers.get("Host", "")
    if not is_loopback(host):
        message = f"This hub answers on this machine only; {host!r} is not one of its names."
        return error_answer(403, "ForeignHost", message)
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        message = f"Pages of {origin!r} may not talk to this hub."
        return error_answer(403, "ForeignOrigin", message)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler: security headers for every answer."""
    response.headers.update(HEADERS)


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine: `localhost` or a loopback address, any port."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
