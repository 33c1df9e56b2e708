"""GET /ws: ComfyUI's WebSocket."""

import uuid

from aiohttp import web

from hub.notices import Notice, RunFinished
from hub.records.run import RunState
from hub.storage.runs import RunRepository
from hub.web.comfy_messages import messages_of, status
from hub.web.json_text import to_json
from hub.web.parts import parts_of
from hub.web.sockets import Send, serve_socket

LIMIT = 5000


async def send_messages(request: web.Request) -> web.WebSocketResponse:
    """Text messages in ComfyUI's order, for the client that `clientId` names."""
    parts = parts_of(request)
    client = request.query.get("clientId") or uuid.uuid4().hex
    with parts.notices.subscribe(LIMIT) as subscription:

        async def feed(send: Send) -> None:
            await send(to_json(status(parts.runs.remaining, sid=client)))
            async for notice in subscription:
                executed = await _executed(parts.books.runs, notice, client)
                for message in messages_of(notice, client, parts.runs.remaining, executed):
                    await send(to_json(message))

        return await serve_socket(request, feed)


async def _executed(runs: RunRepository, notice: Notice, client: str) -> list[str]:
    """The nodes that went right before something went wrong."""
    match notice:
        case RunFinished(run=run) if run.client == client and run.state is not RunState.SUCCEEDED:
            return [node.node for node in await runs.nodes(run.id)]
        case _:
            return []
