"""`webhook.post` in a whole hub, to a server on this machine."""

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.records.firing import Firing, FiringState, Step
from hub.testing.clock import ScriptedClock
from tests.automations.recorded import recorded, until_ended
from tests.automations.started import Start, ended, post
from tests.deliveries.receiver import receiving

ALLOWING = "deliveries: {allow_private: true, secrets: {shop: whsec_c2hvcA==}}\n"


@pytest.fixture
def allowing(tmp_path: Path, start: Start) -> Start:
    """A hub that may post to this machine."""
    with (tmp_path / "hub.yaml").open("a") as file:
        file.write(ALLOWING)
    return start


def posting(data: str) -> str:
    return f"  actions:\n    - {{action: webhook.post, data: {{{data}}}}}\n"


async def outcome(start: Start, automation: str, **body: Any) -> tuple[Firing, dict[str, Step]]:
    async with start(automation) as hub:
        await ended(hub, 1, body)
        return await recorded(hub)


async def test_what_templates_give_is_sent_and_the_answer_is_the_result(allowing: Start) -> None:
    data = 'url: "{{ trigger.json.url }}", json: {n: "{{ trigger.json.n + 1 }}"}'
    async with receiving(content={"id": 5}) as receiver:
        firing, steps = await outcome(allowing, posting(data), url=receiver.url, n=1)
    assert firing.state is FiringState.SUCCEEDED
    result = steps["actions/0"].result
    assert (result["status"], result["attempts"], result["answer"]) == (200, 1, {"id": 5})
    headers, body = receiver.received[0]
    assert json.loads(body) == {"n": 2}
    assert headers["webhook-id"] == result["id"]


async def test_it_is_signed_with_the_named_secret(allowing: Start) -> None:
    data = 'url: "{{ trigger.json.url }}", text: hello, secret: shop'
    async with receiving() as receiver:
        await outcome(allowing, posting(data), url=receiver.url)
    headers, body = receiver.received[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    digest = hmac.digest(b"shop", signed.encode(), hashlib.sha256)
    assert headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


async def test_outputs_go_along(allowing: Start) -> None:
    automation = """  actions:
    - {action: workflow.run, data: {workflow: card}, response_variable: result}
    - action: webhook.post
      data: {url: "{{ trigger.json.url }}", json: {n: 1}, attach: "{{ result.outputs }}"}
"""
    async with receiving() as receiver:
        _, steps = await outcome(allowing, automation, url=receiver.url)
    (_, body) = receiver.received[0]
    (output,) = steps["actions/0"].result["outputs"]
    assert Path(output["path"]).read_bytes() in body
    assert b'name="json"' in body


async def test_what_is_given_up_fails_the_step_and_can_be_requeued(allowing: Start) -> None:
    data = 'url: "{{ trigger.json.url }}", attempts: 1'
    async with receiving(500) as receiver, allowing(posting(data)) as hub:
        await ended(hub, 1, {"url": receiver.url})
        firing, _ = await recorded(hub)
        assert firing.state is FiringState.FAILED
        assert "given up after 1 attempt: the answer was 500" in str(firing.reason)
        (dead,) = await listed(hub, state="dead")
        assert f"hub deliveries requeue {dead['id']}" in str(firing.reason)
        async with aiohttp.ClientSession(hub.address) as session:
            path = f"/api/hub/deliveries/{dead['id']}/requeue"
            assert (await session.post(path)).status == 200
            await hub.courier.wait(dead["id"])
            assert (await session.post(path)).status == 409
        (delivered,) = await listed(hub)
    assert (delivered["state"], delivered["attempts"]) == ("delivered", 1)
    assert "headers" not in delivered


async def test_what_was_answered_last_is_there_for_steps_after_a_failure(allowing: Start) -> None:
    automation = """  actions:
    - action: webhook.post
      data: {url: "{{ trigger.json.url }}"}
      continue_on_error: true
      response_variable: reply
    - if: "{{ reply.status == 404 }}"
      then: {stop: "{{ reply.answer.why }}: {{ reply.error }}"}
"""
    async with receiving(404, content={"why": "no such order"}) as receiver:
        firing, steps = await outcome(allowing, automation, url=receiver.url)
    assert str(firing.reason).startswith("no such order: Posting to")
    result = steps["actions/0"].result
    assert (result["status"], result["attempts"]) == (404, 1)


async def test_without_an_answer_there_is_no_status(allowing: Start) -> None:
    automation = """  actions:
    - action: webhook.post
      data: {url: "http://127.0.0.1:1", attempts: 1}
      continue_on_error: true
      response_variable: reply
    - stop: "status {{ reply.status }}"
"""
    firing, _ = await outcome(allowing, automation)
    assert firing.reason == "status None"


async def listed(hub: Hub, **query: str) -> list[dict[str, Any]]:
    """What the API tells of deliveries."""
    async with (
        aiohttp.ClientSession(hub.address) as session,
        session.get("/api/hub/deliveries", params=query) as response,
    ):
        found: list[dict[str, Any]] = (await response.json())["deliveries"]
        return found


async def test_an_unknown_state_is_refused(allowing: Start) -> None:
    async with (
        allowing(posting("url: 'http://localhost'")) as hub,
        aiohttp.ClientSession(hub.address) as session,
        session.get("/api/hub/deliveries?state=lost") as response,
    ):
        assert response.status == 400


async def test_a_restart_goes_on_with_the_delivery_that_a_step_waits_for(allowing: Start) -> None:
    automation = posting('url: "{{ trigger.json.url }}", backoff: 1h, text: "{{ now() }}"')
    clock = ScriptedClock()
    async with receiving(500) as receiver:
        async with allowing(automation, clock=clock) as hub:
            await post(hub, url=receiver.url)
            await until_tried(hub)
        later = ScriptedClock(clock.now() + timedelta(hours=2))
        async with allowing(automation, clock=later) as hub:
            with hub.notices.subscribe() as subscription:
                (firing,) = await hub.books.firings.page()
                if firing.ended_at is None:
                    assert await until_ended(subscription) is FiringState.SUCCEEDED
            _, steps = await recorded(hub)
    assert steps["actions/0"].result["attempts"] == 2
    (first, one), (second, other) = receiver.received
    assert (first["webhook-id"], one) == (second["webhook-id"], other)


async def until_tried(hub: Hub) -> None:
    """Until a first attempt is noted."""
    while not any(d.attempts for d in await hub.books.deliveries.page()):  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.01)


async def test_without_waiting_the_next_step_comes_at_once(allowing: Start) -> None:
    data = 'url: "{{ trigger.json.url }}", wait: false'
    async with receiving(500) as receiver:
        firing, steps = await outcome(allowing, posting(data), url=receiver.url)
    assert firing.state is FiringState.SUCCEEDED
    assert set(steps["actions/0"].result) == {"id"}


async def test_the_local_network_is_out_of_reach_by_default(start: Start) -> None:
    async with receiving() as receiver:
        firing, _ = await outcome(start, posting(f"url: '{receiver.url}'"))
    assert (firing.state, receiver.received) == (FiringState.FAILED, [])
    assert "this machine or the local network" in str(firing.reason)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("url: '{{ trigger.json.bad }}'", "must give an address that begins with https://"),
        ("url: 'http://x', file: '{{ trigger.json.file }}'", "lies outside the folders"),
        ("url: 'http://x', attach: '{{ [] }}'", "or a list of those is wanted"),
        ("url: 'http://x', headers: {a: '{{ trigger.json.lines }}'}", "its value a single line"),
    ],
)
async def test_what_makes_no_sense_fails_before_it_is_sent(
    start: Start, data: str, told: str
) -> None:
    body = {"bad": "ftp://x", "file": "hub.yaml", "lines": "a\r\nb: c"}
    firing, _ = await outcome(start, posting(data), **body)
    assert firing.state is FiringState.FAILED
    assert told in str(firing.reason)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("url: u, json: 1, text: a", "takes one of `json`, `form`, `text` and `file`"),
        ("url: u, text: a, attach: b", "`attach` goes with `form` or `json`, not with `text`"),
        ("url: 'http://u', secret: shopp", "has no 'shopp' (did you mean 'shop'?)"),
        ("url: 'ftp://x'", "must give an address that begins with https:// or http://"),
        ("url: 'http://u', headers: {'a b': c}", "The header 'a b' cannot be sent"),
        ("url: 'http://u', file: hub.yaml", "'hub.yaml' is not in the folders"),
    ],
)
async def test_mistakes_are_told_at_load(allowing: Start, data: str, told: str) -> None:
    async with allowing(posting(data), is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
