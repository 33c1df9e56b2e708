"""Whose page made a browser send a request, and what an answer tells the browser of that (CORS).

A page of another site gives itself away by its `Origin`, or by what the browser says of the site
(`Sec-Fetch-Site`). `server: cors:` says whose pages may come in all the same.
"""

import re
from collections.abc import Sequence
from enum import StrEnum, auto

from aiohttp import hdrs, web

ANY_ORIGIN = "*"
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]+")
_SITES = {"same-origin", "none"}
_READING = {"GET", "HEAD"}
_SECONDS_TO_REMEMBER = "600"
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_READABLE = "Content-Disposition, ETag, Retry-After"


class Page(StrEnum):
    """Whose page sent a request: our `OWN` or none at all; one of an origin that is `LISTED` counts
    like our own; of a `STRANGER` that `*` lets in counts what it shows by itself, a token, and not
    what its browser adds or where it runs; one that is `REFUSED` counts for nothing."""

    OWN = auto()
    LISTED = auto()
    STRANGER = auto()
    REFUSED = auto()


def page_of(request: web.Request, host: str, origins: Sequence[str]) -> Page:
    """`host` is what the sender takes this hub for, `origins` are those that may come in."""
    origin = request.headers.get(hdrs.ORIGIN)
    if _is_of_our_site(request) and origin in (None, f"http://{host}", f"https://{host}"):
        return Page.OWN
    if (origin or referring_origin(request)) in origins:
        return Page.LISTED
    return Page.STRANGER if ANY_ORIGIN in origins else Page.REFUSED


def referring_origin(request: web.Request) -> str | None:
    """Who shows a picture of ours tells no `Origin`, but where it is shown."""
    found = _ORIGIN.match(request.headers.get(hdrs.REFERER, ""))
    return found[0] if found else None


def is_preflight(request: web.Request) -> bool:
    """Whether a browser asks if its page may send a request. It shows no credentials for that."""
    return (
        request.method == hdrs.METH_OPTIONS
        and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
    )


def preflight_answer(request: web.Request) -> web.Response:
    """What the page asks for: it is the request itself that is looked at."""
    wanted = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS, "")
    return web.Response(
        headers={
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: wanted,
            hdrs.ACCESS_CONTROL_MAX_AGE: _SECONDS_TO_REMEMBER,
        }
    )


def cors_headers(request: web.Request, page: Page) -> dict[str, str]:
    """That the page may read the answer. A cache must not hand it to pages of another origin."""
    headers: dict[str, str] = {hdrs.VARY: "Origin"}
    if page in (Page.LISTED, Page.STRANGER) and (origin := request.headers.get(hdrs.ORIGIN)):
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _READABLE
    if page is Page.LISTED:
        headers[hdrs.ACCESS_CONTROL_ALLOW_CREDENTIALS] = "true"
    return headers


def _is_of_our_site(request: web.Request) -> bool:
    """As far as the browser tells; or somebody follows a link of another site to here, which only
    shows something."""
    if request.headers.get("Sec-Fetch-Site", "none") in _SITES:
        return True
    return request.method in _READING and request.headers.get("Sec-Fetch-Mode") == "navigate"
