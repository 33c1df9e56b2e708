"""The node packs, and what became of them."""

import msgspec
from aiohttp import web

from hub.web.json_text import answer
from hub.web.parts import parts_of


async def list_packs(request: web.Request) -> web.Response:
    """GET /api/hub/packs: as the last worker to start reported them."""
    packs = parts_of(request).engine.packs
    return answer({"packs": [msgspec.to_builtins(pack) for pack in packs]})
