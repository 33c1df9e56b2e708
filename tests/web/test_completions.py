"""Completion webhooks: of runs of workflows and of prompts, signed, and once."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from tests.deliveries.receiver import Receiver, receiving
from tests.web.client import Client
from tests.web.configuration import SETTINGS, plain_graph

PLAIN = "/api/hub/workflows/plain/run"
SECRET = "a secret of the owner's"
OWN = f"deliveries: {{allow_private: true, secrets: {{mine: {SECRET}}}}}\n"


@pytest.fixture
def config(config: Path) -> Path:
    (config / "hub.yaml").write_text(SETTINGS + OWN)
    return config


@asynccontextmanager
async def running(config: Path) -> AsyncIterator[tuple[Hub, Client]]:
    made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
    async with made as hub, Client(hub.address) as client:
        yield hub, client


async def told_by(receiver: Receiver) -> tuple[dict[str, str], dict[str, Any]]:
    await receiver.arrived.wait()
    [(headers, body)] = receiver.received
    return headers, json.loads(body)


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()
    return hmac.compare_digest(headers["webhook-signature"], f"v1,{digest}")


async def test_the_end_of_a_run_is_posted_and_signed(client: Client) -> None:
    async with receiving() as receiver:
        webhook = {"url": receiver.url, "secret": "mine"}
        _, answer = await client.post(PLAIN, {"webhook": webhook, "wait": True})
        headers, told = await told_by(receiver)
    assert is_signed(headers, receiver.received[0][1])
    assert told == {"type": "RunFinished", "run": answer["run"]}
    assert told["run"]["outputs"][0]["name"] == "plain_00001_.png"


async def test_a_prompt_may_have_a_webhook_too(client: Client) -> None:
    async with receiving() as receiver:
        extra = {"webhook": {"url": receiver.url}}
        run = await client.run(plain_graph(fake="fail"), extra_data=extra)
        headers, told = await told_by(receiver)
    assert "webhook-signature" not in headers
    assert (told["run"]["id"], told["run"]["state"]) == (run["id"], "failed")


async def test_what_was_not_posted_before_the_hub_stopped_is_posted_by_the_next(
    config: Path,
) -> None:
    async with receiving(*[503] * 8) as receiver:  # the next tries it too, at once or later
        async with running(config) as (_, client):
            await client.post(PLAIN, {"webhook": {"url": receiver.url}, "wait": True})
            await told_by(receiver)
        [left] = await _pending_after(config)
        assert (left.url, left.content["json"]["type"]) == (receiver.url, "RunFinished")


async def _pending_after(config: Path) -> list[Any]:
    async with running(config) as (hub, _):
        return await hub.books.deliveries.pending()


async def test_a_webhook_that_could_not_be_used_is_refused_at_once(client: Client) -> None:
    wrong: list[Any] = [
        {"url": "ftp://a/b"},
        {"url": "http://a/", "secret": "theirs"},
        {"url": "http://a/", "more": 1},
        {},
        "http://a/",
    ]
    for webhook in wrong:
        status, _ = await client.post(PLAIN, {"webhook": webhook})
        assert status == 400
        body = {"prompt": plain_graph(), "extra_data": {"webhook": webhook}}
        status, answer = await client.post("/prompt", body)
        assert (status, answer["error"]["type"]) == (400, "invalid_webhook")


async def test_the_same_key_makes_one_prompt(client: Client) -> None:
    key = {"Idempotency-Key": "1"}
    _, one = await client.post("/prompt", {"prompt": plain_graph()}, **key)
    _, two = await client.post("/prompt", {"prompt": plain_graph()}, **key)
    assert one == two
    other = {"prompt": plain_graph(filename_prefix="other")}
    status, answer = await client.post("/prompt", other, **key)
    assert (status, answer["error"]["type"]) == (409, "KeyReused")
