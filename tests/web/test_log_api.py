"""The log over the hub's own API and ComfyUI's, read and live."""

import asyncio
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import structlog
from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType, WSServerHandshakeError

from hub.app import Hub
from hub.notices import PackMessageSent
from hub.records.access import Role
from tests.web.client import Client
from tests.web.locked import PASSWORD, Visitor, locked_hub, visitor

log = structlog.get_logger()


async def until_told(socket: ClientWebSocketResponse, text: str) -> dict[str, Any]:
    """The first message that holds the text."""
    async for message in socket:
        if text in message.data:
            told: dict[str, Any] = message.json()
            return told
    raise AssertionError(f"the socket was closed before {text!r} came")


async def subscribe(visitor: Visitor, client: str, *, enabled: bool = True) -> int:
    body = {"clientId": client, "enabled": enabled}
    async with visitor.session.patch("/internal/logs/subscribe", json=body) as response:
        return response.status


async def test_the_last_lines_are_listed(client: Client, hub: Hub) -> None:
    log.warning("for the page", run=7)
    _, told = await client.get("/api/hub/log")
    assert told["lines"][-1] | {"at": "", "number": 0} == {
        "number": 0,
        "at": "",
        "level": "warning",
        "text": "[warning] for the page run=7\n",
    }
    _, after = await client.get(f"/api/hub/log?after={told['lines'][-1]['number']}")
    assert after == {"lines": []}


async def test_comfyuis_editor_reads_it_as_text_and_in_lines(client: Client) -> None:
    log.warning("for the editor")
    _, text = await client.get("/internal/logs")
    _, raw = await client.get("/internal/logs/raw")
    assert text.endswith("[warning] for the editor\n")
    assert raw["entries"][-1]["m"] == "[warning] for the editor\n"
    assert set(raw) == {"entries", "size"}


async def test_it_is_sent_as_it_is_written(client: Client) -> None:
    log.info("before")
    async with client.session.ws_connect("/api/hub/log/live") as socket:
        first = await until_told(socket, "before")
        log.info("after")
        then = await until_told(socket, "after")
    assert then["lines"][0]["number"] == first["lines"][-1]["number"] + 1


async def test_a_client_of_comfyuis_hears_it_while_it_wants_to(hub: Hub) -> None:
    async with visitor(hub) as anna, anna.session.ws_connect("/ws?clientId=me") as socket:
        await until_told(socket, "status")
        assert await subscribe(anna, "me") == 200
        log.info("while it listens")
        told = await until_told(socket, "while it listens")
        assert told["type"] == "logs"
        assert set(told["data"]) == {"entries", "size"}
        await subscribe(anna, "me", enabled=False)
        log.info("while it does not")
        await subscribe(anna, "me")
        log.info("when it does again")
        assert "does not" not in str(await until_told(socket, "does again"))
        assert await subscribe(anna, "nobody") == 200


async def test_only_admins_see_it(config: Path) -> None:
    async with locked_hub(config) as hub:
        for name, role in (("anna", Role.ADMIN), ("bert", Role.OPERATOR)):
            await hub.door.accounts.add(name, PASSWORD, role)
        async with visitor(hub) as anna, visitor(hub) as bert:
            await anna.log_in("anna")
            await bert.log_in("bert")
            for path in ("/api/hub/log", "/internal/logs", "/internal/logs/raw"):
                assert (await bert.ask("GET", path))[0] == 403
            with pytest.raises(WSServerHandshakeError):
                await bert.session.ws_connect("/api/hub/log/live")
            assert await subscribe(bert, "me") == 403
            async with (
                bert.session.ws_connect("/ws?clientId=me") as his,
                anna.session.ws_connect("/ws?clientId=me") as hers,
            ):
                await subscribe(anna, "me")  # which names his socket, too
                for text in ("for admins", "for admins again"):  # two turns of the loop
                    log.info(text)
                    await until_told(hers, text)
                last = PackMessageSent(payload=b'{"type": "last"}', binary=False, client="me")
                hub.notices.publish(last)
                heard = [(await his.receive_json())["type"]]
                while heard[-1] != "last":
                    heard.append((await his.receive_json())["type"])
                assert "logs" not in heard


async def test_who_is_no_admin_any_more_hears_no_more(config: Path) -> None:
    async with locked_hub(config) as hub, visitor(hub) as anna, visitor(hub) as carl:
        for visiting, name in ((anna, "anna"), (carl, "carl")):
            await hub.door.accounts.add(name, PASSWORD, Role.ADMIN)
            await visiting.log_in(name)
        async with carl.session.ws_connect("/api/hub/log/live") as socket:
            log.info("for admins")
            await until_told(socket, "for admins")
            path, role = "/api/hub/users/carl/role", {"role": "viewer"}
            changing = asyncio.create_task(anna.ask("POST", path, role))
            message = await socket.receive()
            while message.type is WSMsgType.TEXT:
                message = await socket.receive()
            assert (message.data, await changing) == (WSCloseCode.POLICY_VIOLATION, ANY)
