"""A pack that adds to the server: routes of every kind, files for the editor, events, a hook."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import nodes  # type: ignore[import-not-found] # the worker offers it
from aiohttp import WSMsgType
from server import BinaryEventTypes, PromptServer, web  # type: ignore[import-not-found]

HERE = Path(__file__).parent
while (HERE / "closed").exists():  # for as long as a test wants the worker not to be ready
    time.sleep(0.01)
SERVER = PromptServer.instance
routes = SERVER.routes
tocking = asyncio.Event()
arriving = asyncio.Event()
started: list[str] = []


@routes.get("/extras/hello/{name}")  # type: ignore[untyped-decorator]
async def hello(request: web.Request) -> web.Response:
    """What arrived: the path, the query, and whether any credentials did."""
    secret = [name for name in ("Authorization", "Cookie", "X-Hop") if name in request.headers]
    answer = {"name": request.match_info["name"], "query": dict(request.query), "secret": secret}
    return web.json_response(answer, headers={"Set-Cookie": "session=stolen", "X-Extra": "yes"})


@routes.post("/extras/size")  # type: ignore[untyped-decorator]
async def size(request: web.Request) -> web.Response:
    """Counts a body as it comes."""
    total = 0
    async for chunk in request.content.iter_any():
        arriving.set()
        total += len(chunk)
    return web.json_response({"size": total})


@routes.get("/extras/arriving")  # type: ignore[untyped-decorator]
async def tell_arriving(request: web.Request) -> web.Response:
    """Answers once the first piece of a body is there."""
    await arriving.wait()
    return web.Response(text="some of it")


@routes.put("/extras/body")  # type: ignore[untyped-decorator]
@routes.patch("/extras/body")  # type: ignore[untyped-decorator]
@routes.delete("/extras/body")  # type: ignore[untyped-decorator]
async def body(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), headers={"X-Method": request.method})


@routes.get("/extras/ticks")  # type: ignore[untyped-decorator]
async def ticks(request: web.Request) -> web.StreamResponse:
    """A first event at once, a second when somebody asks for `/extras/tock`."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"data: tick\n\n")
    await tocking.wait()
    await response.write(b"data: tock\n\n")
    return response


@routes.get("/extras/silent")  # type: ignore[untyped-decorator]
async def silent(request: web.Request) -> web.StreamResponse:
    """Begins an answer and never goes on."""
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.Event().wait()
    return response


@routes.get("/extras/tock")  # type: ignore[untyped-decorator]
async def tock(request: web.Request) -> web.Response:
    tocking.set()
    return web.Response(text="set")


@routes.get("/extras/echo")  # type: ignore[untyped-decorator]
async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(protocols=("parrot",))
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data[::-1])
        elif message.data == "bye":
            await socket.close(code=4001)
        else:
            await socket.send_str(message.data.upper())
    return socket


@routes.get("/extras/raises")  # type: ignore[untyped-decorator]
async def raises(request: web.Request) -> web.Response:
    raise RuntimeError("a secret of the pack")


@routes.get("/extras/breaks")  # type: ignore[untyped-decorator]
async def breaks(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"half")
    raise RuntimeError("in the middle")


@routes.get("/extras/blocks")  # type: ignore[untyped-decorator]
async def blocks(request: web.Request) -> web.Response:
    hold(request.query["until"])
    return web.Response(text="done")


@routes.get("/extras/dies")  # type: ignore[untyped-decorator]
async def dies(request: web.Request) -> web.Response:
    os._exit(1)


@routes.view("/extras/view")
class Seen(web.View):  # type: ignore[misc] # mypy does not know the module `server`
    async def get(self) -> web.Response:
        return web.Response(text=SERVER.user_manager.get_request_user_id(self.request))


@routes.post("/prompt")  # type: ignore[untyped-decorator]
async def prompt(request: web.Request) -> web.Response:
    return web.Response(text="the hub's own route wins")


@routes.get("no-slash")  # type: ignore[untyped-decorator]
async def nowhere(request: web.Request) -> web.Response:
    return web.Response(text="there is no such address")


async def added(request: web.Request) -> web.Response:
    return web.json_response(started)


async def begin(app: web.Application) -> None:
    started.append("begun")


async def fail(app: web.Application) -> None:
    raise RuntimeError("it cannot start")


routes.static("/extras/static", HERE / "static")
SERVER.app.router.add_get("/extras/added", added)
SERVER.app.add_routes([web.get("/extras/listed", added)])
SERVER.app.on_startup.append(fail)
SERVER.app.on_startup.append(begin)
nodes.EXTENSION_WEB_DIRS["extras-more"] = str(HERE / "static")


def change(request: dict[str, Any]) -> dict[str, Any]:
    """Changes a prompt that asks for it; another one holds the loop."""
    for node in request["prompt"].values():
        text = node["inputs"].get("text", "")
        if text == "hook me":
            node["inputs"]["text"] = "hooked"
        if text.startswith("hold until "):
            hold(text.removeprefix("hold until "))
    return request


def hold(path: str) -> None:
    """Keep the loop until there is a file of that name."""
    while not Path(path).exists():
        time.sleep(0.01)


def refuse(request: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("this hook never works")


SERVER.add_on_prompt_handler(refuse)
SERVER.add_on_prompt_handler(change)
SERVER.add_on_prompt_handler(lambda request: None)


class ExtrasSpeak:
    """Says its text in every way there is."""

    INPUT_TYPES = classmethod(
        lambda cls: {"required": {"text": ("STRING",)}, "hidden": {"me": "UNIQUE_ID"}}
    )
    RETURN_TYPES = ()
    FUNCTION = "speak"
    OUTPUT_NODE = True

    def speak(self, text: str, me: str) -> Any:
        SERVER.send_sync("extras.said", {"text": text, "path": HERE})
        SERVER.send_sync("extras.for_one", {"text": text}, SERVER.client_id)
        SERVER.send_sync("extras.circle", _circle())
        SERVER.send_progress_text(text, me)
        SERVER.send_sync(BinaryEventTypes.PREVIEW_IMAGE, b"picture", SERVER.client_id)
        queue = SERVER.prompt_queue
        assert queue.get_tasks_remaining() == 1
        assert queue.get_current_queue()[0][0][1] == SERVER.last_prompt_id
        return {"ui": {"text": [text, SERVER.client_id, SERVER.last_prompt_id]}}


class ExtrasFlood:
    """Says far more than anybody can take."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"count": ("INT", {"max": 1 << 30})}})
    RETURN_TYPES = ()
    FUNCTION = "flood"
    OUTPUT_NODE = True

    def flood(self, count: int) -> Any:
        for number in range(count):
            SERVER.send_sync("extras.flood", {"number": number})
        return {"ui": {"text": ["flooded"]}}


@SERVER.routes.post("/extras/queue")  # type: ignore[untyped-decorator]
async def queue(request: web.Request) -> web.Response:
    """Puts the graph into the queue under the id that is given."""
    given = await request.json()
    extra = {"client_id": given["client"], "api_key_comfy_org": "secret"}
    SERVER.prompt_queue.put((1, given["id"], given["graph"], extra, list(given["graph"])))
    return web.json_response({})


class ExtrasPicky:
    """Looks at its text before anything runs."""

    INPUT_TYPES = classmethod(
        lambda cls: {"required": {"text": ("STRING",), "unseen": ("INT", {"default": 0})}}
    )
    RETURN_TYPES = ()
    FUNCTION = "take"
    OUTPUT_NODE = True

    @classmethod
    async def VALIDATE_INPUTS(cls, text: str) -> bool | str:  # noqa: N802
        if text == "raise":
            raise ValueError("it was asked to")
        return "mind your words" if text == "rude" else text != "odd"

    def take(self, text: str, unseen: int) -> Any:
        return {"ui": {"text": [text]}}


def _circle() -> list[Any]:
    circle: list[Any] = []
    circle.append(circle)
    return circle


NODE_CLASS_MAPPINGS = {"ExtrasSpeak": ExtrasSpeak, "ExtrasFlood": ExtrasFlood}
NODE_CLASS_MAPPINGS |= {"ExtrasPicky": ExtrasPicky}
WEB_DIRECTORY = "web"
