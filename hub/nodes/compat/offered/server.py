"""`PromptServer.instance`, as packs know it.

Routes are collected but not served yet, and messages are not passed on yet; the log says so.
"""

import logging
from typing import Any

from aiohttp import web as web

from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import running

log = logging.getLogger(__name__)
__getattr__ = not_yet("server")


class PromptServer:
    """The one instance is made with this module."""

    instance: "PromptServer"

    def __init__(self) -> None:
        self.routes = web.RouteTableDef()
        self.client_id: str | None = None
        self.loop = installed().loop

    @property
    def last_node_id(self) -> str | None:
        context = running()
        return context.node if context else None

    def send_sync(self, event: str, data: Any, sid: str | None = None) -> None:
        log.info("A pack's message %s is not passed on: the hub does not do that yet.", event)

    def send_progress_text(self, text: str, node_id: str, sid: str | None = None) -> None:
        self.send_sync("progress_text", text, sid)


PromptServer.instance = PromptServer()
