"""The webhook trigger: who is let in, what a request becomes, what it is answered."""

import json
from typing import Any

import msgspec
import pytest

from hub.errors import NotFound, Unavailable
from hub.testing.clock import ScriptedClock
from hub.testing.triggers import RecordingContext
from hub.triggers.base import WebhookReply
from hub.triggers.webhook import WebhookTrigger
from hub.triggers.webhook_hook import Hook
from hub.triggers.webhook_registry import UNKNOWN, WebhookRegistry, WebhookTaken
from tests.triggers.webhook_address import LONG_ID, TOKEN, Address


async def test_a_request_is_accepted_once_its_event_is_kept(address: Address) -> None:
    await address.open()
    reply = await address.call()
    (seen,) = address.context.observations
    assert reply == WebhookReply(status=202, body={"event": f"event-{seen.key}", "accepted": True})


async def test_an_event_that_cannot_be_kept_is_answered_so(address: Address) -> None:
    await address.open()
    address.context.failure = Unavailable("The disk is full.")
    reply = await address.call()
    assert reply.status == 503
    assert "The disk is full." in reply.body["error"]["message"]


async def test_an_error_in_the_hub_is_not_the_callers_fault(address: Address) -> None:
    await address.open()
    address.context.failure = NotFound("There is no such automation.")
    assert (await address.call()).status == 503


async def test_wrong_token_wrong_method_and_unknown_id_are_answered_alike(
    address: Address,
) -> None:
    await address.open()
    replies = [
        await address.call(to="no-such-id"),
        await address.call(token="wrong"),
        await address.call(token=None),
        await address.call(headers={"authorization": f"Basic {TOKEN}"}),
        await address.call(token="\udcff"),
        await address.call(method="DELETE"),
        await address.call(method="GET"),
        await address.call(b"x" * (1 << 21), token="wrong"),
    ]
    assert replies == [UNKNOWN] * 8
    assert address.context.observations == []


async def test_a_generated_id_needs_no_token(address: Address) -> None:
    await address.open(webhook_id=LONG_ID, token=None)
    assert (await address.call(to=LONG_ID, token=None)).status == 202


async def test_a_method_that_is_allowed_is_taken(address: Address) -> None:
    await address.open(allowed_methods=["GET"])
    assert (await address.call(method="GET")).status == 202
    assert (await address.call(method="POST")) == UNKNOWN


async def test_variables_hold_the_request_without_credentials(address: Address) -> None:
    await address.open()
    headers = {"content-type": "application/json; charset=utf-8", "cookie": "a=b", "x-from": "me"}
    await address.call(b'{"image": "https://example.org/a.png"}', headers=headers)
    variables = address.variables()
    variables.pop("delivery_id")
    assert variables == {
        "webhook_id": "new-photo",
        "json": {"image": "https://example.org/a.png"},
        "text": None,
        "data": {},
        "files": {},
        "query": {"q": "1"},
        "headers": {"content-type": "application/json; charset=utf-8", "x-from": "me"},
        "method": "POST",
        "remote": "192.168.1.7",
    }


async def test_form_fields_become_data(address: Address) -> None:
    await address.open()
    form = b"prompt=a+caf%C3%A9&empty=&prompt=second"
    await address.call(form, headers={"content-type": "application/x-www-form-urlencoded"})
    assert address.variables()["data"] == {"prompt": "a café", "empty": ""}


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain", "a café".encode(), "a café"),
        ("text/plain; charset=ISO-8859-1", b"a caf\xe9", "a café"),
        ("text/plain; charset=nonsense", b"\xff{", "\ufffd{"),
        ("text/plain", b"", None),
    ],
)
async def test_a_text_is_neither_json_nor_form(
    address: Address, content_type: str, body: bytes, text: str | None
) -> None:
    await address.open()
    await address.call(body, headers={"content-type": content_type})
    seen = address.variables()
    assert (seen["text"], seen["json"], seen["data"]) == (text, None, {})


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"a": 1,\n "b": }', "line 2, column 7"),
        (b"", "line 1, column 1"),
        (b"[NaN]", "NaN is no JSON number"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b"[" * 100_000, "cannot be read"),
        (b"9" * 5000, "cannot be read"),
    ],
)
async def test_says_where_json_breaks(address: Address, body: bytes, sentence: str) -> None:
    await address.open()
    reply = await address.call(body, headers={"content-type": "application/vnd.api+json"})
    assert reply.status == 400
    assert sentence in reply.body["error"]["message"]
    assert address.context.observations == []


async def test_json_that_comes_as_a_form_is_json_all_the_same(address: Address) -> None:
    await address.open()
    form = {"content-type": "application/x-www-form-urlencoded"}  # as curl has it for -d
    await address.call(b' {"title": "a=b&c"}', headers=form)
    assert address.variables()["json"] == {"title": "a=b&c"}
    assert address.variables()["data"] == {}


async def test_a_form_may_begin_with_a_brace(address: Address) -> None:
    await address.open()
    form = {"content-type": "application/x-www-form-urlencoded"}
    await address.call(b"{title=a", headers=form)
    assert (address.variables()["json"], address.variables()["data"]) == (None, {"{title": "a"})


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff=1", b"&".join([b"a=1"] * 1001)])
async def test_a_form_that_cannot_be_read_is_refused(address: Address, body: bytes) -> None:
    await address.open()
    reply = await address.call(body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert reply.status == 400


async def test_a_body_over_the_limit_is_refused(address: Address) -> None:
    await address.open(max_body=10)
    text = {"content-type": "text/plain"}
    assert (await address.call(b"x" * 10, headers=text)).status == 202
    assert (await address.call(b"x" * 11, headers=text)).status == 413


async def test_json_may_come_in_pieces_up_to_the_limit(address: Address) -> None:
    await address.open(max_body=10)
    as_json = {"content-type": "application/json"}
    assert (await address.call(headers=as_json, pieces=[b'{"a"', b": 12}"])).status == 202
    assert address.variables()["json"] == {"a": 12}
    assert (await address.call(headers=as_json, pieces=[b'{"a"', b": 1234}"])).status == 413


async def test_the_same_delivery_again_is_the_same_event(address: Address) -> None:
    await address.open(idempotency="X-Delivery")
    first = await address.call(headers={"x-delivery": "17"})
    again = await address.call(headers={"x-delivery": "17"})
    assert first == again
    assert address.variables()["delivery_id"] == "17"


async def test_deliveries_without_an_id_are_events_of_their_own(address: Address) -> None:
    await address.open(idempotency="X-Delivery")
    replies = [await address.call(), await address.call(headers={"x-delivery": " "})]
    assert len({json.dumps(reply.body) for reply in replies}) == 2


async def test_the_address_is_gone_when_the_trigger_stops(address: Address) -> None:
    await address.open()
    await address.close()
    assert await address.call() == UNKNOWN


def test_two_triggers_cannot_have_one_address() -> None:
    trigger = WebhookTrigger(webhook_id=LONG_ID)
    context = RecordingContext(clock=ScriptedClock())
    registry = WebhookRegistry()
    registry.register(LONG_ID, Hook(trigger, context))
    with pytest.raises(WebhookTaken, match="4f4f…") as raised:
        registry.register(LONG_ID, Hook(trigger, context))
    assert LONG_ID not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"webhook_id": "short"}, "at least 8"),
        ({"webhook_id": "with space"}, "nothing else"),
        ({"webhook_id": "new-photo"}, "the address is the only secret"),
        ({"webhook_id": LONG_ID, "token": ""}, "`token` is empty"),
        ({"webhook_id": LONG_ID, "allowed_methods": []}, "`allowed_methods` is empty"),
        ({"webhook_id": LONG_ID, "allowed_methods": ["DELETE"]}, "DELETE"),
        ({"webhook_id": LONG_ID, "locally": True}, "unknown field `locally`"),
        ({"webhook_id": LONG_ID, "auth": {"type": "none"}, "token": "x"}, "give one of them"),
        ({"webhook_id": "new-photo", "auth": {"type": "none"}}, "the address is the only secret"),
        ({"webhook_id": LONG_ID, "auth": {"type": "github", "secret": [""]}}, "`secret` is empty"),
        ({"webhook_id": LONG_ID, "allow": ["here"]}, "neither an address nor a network"),
        ({"webhook_id": LONG_ID, "rate_limit": "often"}, "is no rate"),
        ({"webhook_id": LONG_ID, "response": {"output": True}}, "goes with `respond: wait`"),
    ],
)
def test_refuses_settings_with_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert({"trigger": "webhook", **options}, WebhookTrigger)
