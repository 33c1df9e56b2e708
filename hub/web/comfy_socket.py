"""GET /ws: ComfyUI's WebSocket."""

import uuid
from collections.abc import Iterator
from contextlib import aclosing

from aiohttp import web

from hub.notices import NodePreviewed, Notice, PackMessageSent, RunFinished
from hub.records.run import Origin, RunState
from hub.runs.service import Runs
from hub.storage.runs import RunRepository
from hub.web.comfy_audience import AUDIENCE
from hub.web.comfy_log import LogEar
from hub.web.comfy_messages import Message, executed_of, executing, messages_of, status
from hub.web.comfy_previews import PreviewKind, features
from hub.web.comfy_progress import ProgressStates
from hub.web.comfy_queue import running_prompts
from hub.web.json_text import to_json
from hub.web.parts import parts_of
from hub.web.sockets import Send, serve_socket


async def send_messages(request: web.Request) -> web.WebSocketResponse:
    """Messages in ComfyUI's order, for the client that `clientId` names; previews between them.

    Two sockets of one client both hear all, so that neither a reload nor a second tab loses any.
    """
    parts, audience = parts_of(request), request.app[AUDIENCE]
    client = request.query.get("clientId") or uuid.uuid4().hex
    previews = PreviewKind(features(parts.door.settings.max_body))
    with audience.listen(client) as subscription:

        async def feed(send: Send) -> None:
            for message in _greeting(parts.runs, client):
                await send(to_json(message))
            states = ProgressStates(parts.clock)
            async for notice in subscription:
                if isinstance(notice, PackMessageSent):
                    await send(notice.payload, binary=notice.binary)
                elif isinstance(notice, NodePreviewed):
                    await send(previews.message(notice), binary=True)
                executed = await _executed(parts.books.runs, notice)
                remaining = parts.runs.remaining_of(Origin.PROMPT)
                for message in messages_of(notice, remaining, executed, states):
                    await send(to_json(message))

        async def tell_of_others(send: Send) -> None:
            async with aclosing(audience.words_on_others(client)) as words:
                async for message in words:
                    await send(message)

        ear = LogEar(request, client)
        return await serve_socket(request, feed, tell_of_others, ear.feed, hear=previews.hear)


def _greeting(runs: Runs, client: str) -> Iterator[Message]:
    """How long the queue is; and to who comes back, which node his run has come to."""
    yield status(runs.remaining_of(Origin.PROMPT), sid=client)
    for run in running_prompts(runs):
        node = runs.current_node(run.id)
        if run.client == client and node is not None:
            yield executing(run, node)


async def _executed(runs: RunRepository, notice: Notice) -> list[str]:
    """The nodes that went right before something went wrong."""
    match notice:
        case RunFinished(run=run) if run.state is not RunState.SUCCEEDED:
            return executed_of(await runs.nodes(run.id))
        case _:
            return []
