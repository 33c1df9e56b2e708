"""The web application in which packs answer requests, on a Unix socket that the hub alone uses."""

import logging
import re
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.engine.messages import HOOKS_PATH, PackServer
from hub.engine.worker.node_code import NodeRaised, call, wait_for
from hub.nodes.compat.prompt_hooks import PromptHooks
from hub.records.node_pack import PackRoute

LARGEST_BODY = 100 << 20  # as ComfyUI
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


class PackApp:
    """`routes` is the table that packs' decorators fill; they may also add to `app` itself.

    State: `_registered` counts what was taken from the table, `_known` are routes that were told.
    """

    def __init__(self, routes: web.RouteTableDef, hooks: PromptHooks) -> None:
        self.app = web.Application(client_max_size=LARGEST_BODY, middlewares=[answer_errors])
        self.app.router.add_post(HOOKS_PATH, hooks.answer)
        self._routes = routes
        self._hooks = hooks
        self._registered = 0
        self._known: set[web.AbstractRoute] = set(self.app.router.routes())
        self._runner: web.AppRunner | None = None

    def take_new_routes(self) -> tuple[tuple[PackRoute, ...], tuple[str, ...]]:
        """What was added since the last time, and in a sentence each what could not be."""
        problems = self._register(self._routes[self._registered :])
        self._registered = len(self._routes)
        new = [route for route in self.app.router.routes() if route not in self._known]
        self._known.update(new)
        return tuple(map(_described, new)), problems

    async def start(self, *, has_routes: bool) -> PackServer | None:
        """Answer requests; None if no pack wants any, or they cannot be answered."""
        if not has_routes and not self._hooks:
            return None
        for place, handler in enumerate(self.app.on_startup):
            self.app.on_startup[place] = _on_its_own(handler)
        self._runner = web.AppRunner(self.app, access_log=None)
        try:
            await wait_for(self._runner.setup())
            # A private folder of the system's: a socket's name must be short, and data folders
            # may lie deep. The hub removes it when this process has ended.
            path = str(Path(tempfile.mkdtemp(prefix="hub-"), "packs"))
            await web.UnixSite(self._runner, path).start()
        except (NodeRaised, OSError):
            log.exception("Routes and prompt hooks of node packs cannot be served")
            return None
        return PackServer(socket=path, prompt_hooks=bool(self._hooks))

    def _register(self, definitions: Sequence[web.AbstractRouteDef]) -> tuple[str, ...]:
        problems = []
        for definition in definitions:
            try:
                call(definition.register, self.app.router)
            except NodeRaised as raised:
                problems.append(f"A route of it is left out: {raised.error}")
        return tuple(problems)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a pack raises is for the log; the client is told that it happened."""
    try:
        return await wait_for(handler(request))
    except NodeRaised as raised:
        if isinstance(raised.error, web.HTTPException):
            raise raised.error from None
        words = "A node pack failed to answer %s %s"
        log.error(words, request.method, request.path, exc_info=raised.error)  # noqa: TRY400
        if request.writer.output_size and request.transport is not None:
            request.transport.abort()  # half an answer must not look like a whole one
        kind = type(raised.error).__name__
        message = f"The node pack's code for {request.path} failed ({kind}); the log has details."
        return web.json_response(
            {"error": {"type": "PackRouteFailed", "message": message}}, status=500
        )


def _described(route: web.AbstractRoute) -> PackRoute:
    resource = route.resource
    assert resource is not None, "a route of a router has a resource"
    info: dict[str, Any] = dict(resource.get_info())
    if "pattern" in info:
        pattern = info["pattern"].pattern
    elif "directory" in info:
        pattern = f"{re.escape(info['prefix'])}/.*"
    else:
        pattern = re.escape(info.get("path", resource.canonical))
    return PackRoute(method=route.method, path=resource.canonical, pattern=pattern)


def _on_its_own(handler: Callable[[web.Application], Awaitable[object]]) -> Any:
    """A start-up handler that costs only itself when it fails."""

    async def start(app: web.Application) -> None:
        try:
            await wait_for(handler(app))
        except NodeRaised as raised:
            words = "What a node pack does at the start of its routes failed"
            log.error(words, exc_info=raised.error)  # noqa: TRY400

    return start
