"""What is remembered of requests, deliveries by template, and what is answered and when."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.errors import NotFound
from hub.triggers.base import Outcome, WebhookReply
from tests.triggers.webhook_address import Address

JSON = {"content-type": "application/json"}


async def test_the_latest_requests_are_listed_with_the_reason_of_refused_ones(
    address: Address,
) -> None:
    await address.open(rate_limit="2/min")
    await address.call(b'{"a": 1}', headers=JSON)
    await address.clock.advance(1)
    await address.call(token="wrong")
    await address.clock.advance(1)
    await address.call(b"{", headers=JSON)
    await address.clock.advance(1)
    await address.call(method="GET")
    listed = await address.registry.handler("new-photo").requests(10)
    assert [(each["state"], each["reason"][:26]) for each in listed] == [
        ("refused", "The method GET is not amon"),
        ("refused", "The body is not JSON: Expe"),
        ("refused", "The credentials or the sig"),
        ("accepted", ""),
    ]
    assert listed[-1]["json"] == {"a": 1}
    assert "correct horse" not in json.dumps(listed)


async def test_a_request_can_be_replayed_as_a_new_event(address: Address) -> None:
    await address.open()
    await address.call(b'{"a": 1}', headers=JSON)
    handler = address.registry.handler("new-photo")
    (first,) = await handler.requests(10)
    again = await handler.replay(first["event"])
    assert again.id != first["event"]
    assert again.variables["json"] == {"a": 1}
    with pytest.raises(NotFound):
        await handler.replay("no such event")


async def test_a_template_can_name_the_delivery(address: Address) -> None:
    await address.open(idempotency="{{ trigger.json.order }}-{{ trigger.json.kind }}")
    for _ in range(2):
        await address.call(b'{"order": 7, "kind": "print"}', headers=JSON)
    assert address.variables()["delivery_id"] == "7-print"


async def finished(address: Address, **outcome: Any) -> WebhookReply:
    """The answer once all is done, with that outcome."""
    address.outcomes.outcome = Outcome(
        **{"report": {"state": "succeeded"}, "output": None, **outcome}
    )
    calling = asyncio.create_task(address.call(b'{"name": "Ada"}', headers=JSON))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not calling.done()
    address.outcomes.ready.set()
    return await calling


async def test_who_waits_is_answered_with_the_report(address: Address) -> None:
    await address.open(respond="wait")
    report = {"state": "succeeded", "outputs": [{"name": "a.png"}]}
    assert await finished(address, report=report) == WebhookReply(status=200, body=report)


async def test_who_waits_for_what_fails_is_told_so(address: Address) -> None:
    await address.open(respond="wait", response={"template": "never"})
    report = {"state": "failed", "reason": "No memory."}
    assert await finished(address, report=report) == WebhookReply(status=500, body=report)


async def test_who_waits_can_be_answered_with_the_picture_itself(address: Address) -> None:
    await address.open(respond="wait", response={"output": True})
    reply = await finished(address, output=Path("out/a.png"))
    assert (reply.status, reply.file) == (200, Path("out/a.png"))


async def test_the_answer_can_be_a_template_with_a_code_and_headers(address: Address) -> None:
    response = {
        "template": "{{ trigger.json.name }}: {{ state }}",
        "code": 201,
        "headers": {"Content-Type": "text/markdown"},
    }
    await address.open(respond="wait", response=response)
    reply = await finished(address)
    assert (reply.status, reply.text) == (201, "Ada: succeeded")
    assert reply.headers == {"Content-Type": "text/markdown"}


async def test_who_waits_too_long_is_told_where_to_look(address: Address) -> None:
    await address.open(respond="wait", timeout=timedelta(seconds=30))
    calling = asyncio.create_task(address.call())
    await somebody_waits(address)
    await address.clock.advance(30)
    reply = await calling
    assert reply.status == 202
    assert reply.body["status"] == f"/api/hub/events/{reply.body['event']}"


async def test_what_happens_is_streamed_as_events(address: Address) -> None:
    await address.open(respond="stream")
    address.outcomes.ready.set()
    reply = await address.call()
    assert reply.headers["Content-Type"] == "text/event-stream"
    assert reply.stream is not None
    pieces = [piece async for piece in reply.stream]
    assert [piece.partition(b"\n")[0] for piece in pieces] == [b"event: accepted", b"event: ended"]


async def test_or_as_lines_of_json_until_the_time_is_over(address: Address) -> None:
    await address.open(respond="stream", timeout=timedelta(seconds=30))
    reply = await address.call(headers={"accept": "application/x-ndjson"})
    assert reply.stream is not None
    first = json.loads(await anext(reply.stream))
    waiting = asyncio.ensure_future(anext(reply.stream))
    await somebody_waits(address)
    await address.clock.advance(30)
    assert first["type"] == "accepted"
    assert json.loads(await waiting)["type"] == "timeout"
    assert [piece async for piece in reply.stream] == []


async def somebody_waits(address: Address) -> None:
    """Let everybody go on until one of them waits for time to pass."""
    while not address.clock.sleepers:  # noqa: ASYNC110 - clocks have no event
        await asyncio.sleep(0)
