"""What packs know as `PromptServer.instance`: their routes, their messages, their prompt hooks.

Routes are answered by a web application of this worker, on its loop; the hub passes requests on to
it (`hub.web.pack_proxy`). Messages go to the hub, which has the clients.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, ClassVar

from aiohttp import web

from hub.nodes.compat import pack_messages
from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.pack_app import PackApp
from hub.nodes.compat.pack_users import PackUsers
from hub.nodes.compat.prompt_hooks import PromptHooks
from hub.nodes.compat.prompt_queue import PromptQueueView
from hub.nodes.compat.running import running_attempt

log = logging.getLogger(__name__)
_missing = not_yet("server.PromptServer.instance")


class PromptServer:
    """The one instance is made with the module `server`, which packs import.

    `sockets` is always empty and `number` counts nothing: clients and queue are the hub's. They are
    here because packs look at them. To `supports` packs add words of their own.
    """

    instance: ClassVar["PromptServer"]

    def __init__(self) -> None:
        here = installed()
        self.routes = web.RouteTableDef()
        self.supports: list[str] = []
        self.sockets: dict[str, Any] = {}
        self.number = 0
        self.prompt_queue = PromptQueueView(here)
        self.user_manager = PackUsers(here.folders)
        self.hooks = PromptHooks()
        self.pack_app = PackApp(self.routes, self.hooks)
        here.pack_app = self.pack_app

    @property
    def app(self) -> web.Application:
        """What packs add routes, middlewares and start-up handlers to."""
        return self.pack_app.app

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        return installed().loop

    @property
    def client_id(self) -> str | None:
        """The client that posted the running prompt, or the last one."""
        return running_attempt().client

    @property
    def last_prompt_id(self) -> str | None:
        return running_attempt().run

    @property
    def last_node_id(self) -> str | None:
        return running_attempt().node

    def send_sync(self, event: str | int, data: Any, sid: str | None = None) -> None:
        """Say something to the client `sid`, or to all; never waits. A number says that `data` is
        bytes, or a picture, for ComfyUI's binary messages."""
        if isinstance(event, str):
            pack_messages.send_text(event, data, sid)
        else:
            pack_messages.send_binary(event, data, sid)

    def send_progress_text(self, text: str | bytes, node_id: str, sid: str | None = None) -> None:
        """Words shown on a node, to the client whose prompt is running if there is one."""
        pack_messages.send_progress_text(text, node_id, sid or self.client_id)

    async def send(self, event: str | int, data: Any, sid: str | None = None) -> None:
        self.send_sync(event, data, sid)

    async def send_json(self, event: str, data: Any, sid: str | None = None) -> None:
        self.send_sync(event, data, sid)

    async def send_bytes(self, event: int, data: Any, sid: str | None = None) -> None:
        self.send_sync(event, data, sid)

    def add_on_prompt_handler(self, handler: Callable[[Any], Any]) -> None:
        """Have `handler` see each posted prompt, and change it, before it is read."""
        self.hooks.add(handler)

    def trigger_on_prompt(self, json_data: Any) -> Any:
        return self.hooks.changed(json_data)

    def __getattr__(self, name: str) -> Any:
        return _missing(name)
