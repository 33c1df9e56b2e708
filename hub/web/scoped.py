"""Routes that say which scope they need: `read.get(path, handler)`.

A route that says nothing is for admins only. Routes for the public look after themselves: whoever
asks is not looked at, so that a webhook may have credentials of its own.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from hub.records.access import Scope
from hub.web.bodies import Body

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
_MARK, _BODY = "__scope__", "__body__"


class Scoped:
    """Makes routes that need one scope; None is for the public."""

    def __init__(self, scope: Scope | None) -> None:
        self._scope = scope

    def get(self, path: str, handler: Answering, *, allow_head: bool = True) -> web.RouteDef:
        return web.get(path, self._marked(handler), allow_head=allow_head)

    def post(self, path: str, handler: Answering, *, body: Body = Body.ORDINARY) -> web.RouteDef:
        return web.post(path, self._marked(handler, body))

    def put(self, path: str, handler: Answering, *, body: Body = Body.ORDINARY) -> web.RouteDef:
        return web.put(path, self._marked(handler, body))

    def patch(self, path: str, handler: Answering) -> web.RouteDef:
        return web.patch(path, self._marked(handler))

    def delete(self, path: str, handler: Answering) -> web.RouteDef:
        return web.delete(path, self._marked(handler))

    def _marked(self, handler: Answering, body: Body = Body.ORDINARY) -> Answering:
        """A handler of its own for each route, since one may serve several."""

        @wraps(handler)
        async def answering(request: web.Request) -> web.StreamResponse:
            return await handler(request)

        setattr(answering, _MARK, self._scope)
        setattr(answering, _BODY, body)
        return answering


public = Scoped(None)
read = Scoped(Scope.READ)
run = Scoped(Scope.RUN)
admin = Scoped(Scope.ADMIN)


def says_scope(handler: object) -> bool:
    """Whether the route of this handler says what it needs."""
    return hasattr(handler, _MARK)


def needed_scope(handler: object) -> Scope | None:
    """What the route of this handler needs; None is for the public."""
    scope: Scope | None = getattr(handler, _MARK, Scope.ADMIN)
    return scope


def body_of(handler: object) -> Body:
    """What kind of body the route of this handler takes; those of node packs are passed on as they
    come."""
    body: Body = getattr(handler, _BODY, Body.FILE)
    return body
