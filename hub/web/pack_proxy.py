"""Passes requests on to the routes of node packs, which a worker answers.

The hub's own routes come first: only what none of them answers is looked for among the packs'. The
worker is handed no credentials of the hub, and can set none. Nothing is kept in memory on the way.
"""

import asyncio
from collections.abc import Mapping

from aiohttp import ClientError, ClientResponse, ClientSession, web
from multidict import CIMultiDict
from yarl import URL

from hub.engine.pack_additions import BASE, PackServerAway, Place
from hub.web import editor
from hub.web.door import HEADERS, without_token
from hub.web.errors import Handler
from hub.web.pack_socket import is_upgrade, join_sockets
from hub.web.parts import parts_of

SECONDS_BETWEEN_LOOKS = 15.0
CREDENTIALS = {"authorization", "cookie", "set-cookie"}
SAID_BY_US = {"server", *(name.lower() for name in HEADERS)}
OF_ONE_CONNECTION = {
    *("connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding"),
    *("proxy-authenticate", "proxy-authorization", "proxy-connection", "upgrade"),
}


@web.middleware
async def answer_from_packs(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Have a pack answer what the hub itself does not."""
    found = _found(request) if _is_left(request) else None
    if found is None:
        return await handler(request)
    place, url = found
    session = place.session
    headers = _passed_on(request.headers)
    if is_upgrade(request):
        return await join_sockets(request, session, url, headers)
    forwarding = asyncio.create_task(_forward(request, session, url, headers))
    try:
        # A client that leaves is noticed where something is sent to it; a pack may be silent.
        while not forwarding.done() and _is_there(request):
            await asyncio.wait([forwarding], timeout=SECONDS_BETWEEN_LOOKS)
    finally:
        forwarding.cancel()
    return await forwarding


def _is_left(request: web.Request) -> bool:
    """Whether it is none of the hub's own addresses, or only perhaps a part of the editor."""
    resource = request.match_info.route.resource
    is_part = resource is not None and resource.canonical in editor.PARTS
    return is_part or request.match_info.http_exception is not None


def _found(request: web.Request) -> tuple[Place, URL] | None:
    """Where a worker has what was asked for. ComfyUI has each route of a pack twice, and both are
    below its editor too."""
    additions, asked = parts_of(request).engine.additions, request.rel_url
    for prefix in ("", "/api", "/editor", "/editor/api"):
        path = asked.path_safe.removeprefix(prefix)
        if place := additions.find(request.method, path):
            url = URL.build(
                scheme=BASE.scheme,
                host=BASE.raw_host or "",
                path=asked.raw_path.removeprefix(prefix),
                query_string=without_token(asked.raw_query_string),
                encoded=True,
            )
            return place, url
    return None


async def _forward(
    request: web.Request, session: ClientSession, url: URL, headers: CIMultiDict[str]
) -> web.StreamResponse:
    body = request.content if request.body_exists else None
    try:
        answer = await session.request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        )
    except (ClientError, TimeoutError) as error:
        raise PackServerAway from error
    async with answer:
        return await _pass_back(request, answer)


async def _pass_back(request: web.Request, answer: ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(
        status=answer.status, reason=answer.reason, headers=_passed_on(answer.headers)
    )
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
    except ClientError:  # the worker has gone, and half an answer must not look like a whole one
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


def _passed_on(headers: Mapping[str, str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    left_out = OF_ONE_CONNECTION | CREDENTIALS | SAID_BY_US | named
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in left_out
    )


def _is_there(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()
