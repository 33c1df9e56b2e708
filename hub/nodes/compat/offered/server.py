"""`PromptServer.instance`, as packs know it."""

from aiohttp import web as web

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.pack_messages import BinaryEventTypes as BinaryEventTypes
from hub.nodes.compat.prompt_server import PromptServer as PromptServer

__getattr__ = not_yet("server")

PromptServer.instance = PromptServer()
