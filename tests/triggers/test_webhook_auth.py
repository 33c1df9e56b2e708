"""Who is let in: credentials, signatures of services, addresses and rates."""

import base64
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.testing.clock import ScriptedClock
from hub.triggers.webhook_registry import UNKNOWN
from hub.triggers.webhook_signing import (
    GithubScheme,
    PlainScheme,
    Scheme,
    SlackScheme,
    StandardScheme,
    StripeScheme,
)
from tests.triggers.webhook_address import LONG_ID, Address

BODY = b'{"id": "evt_1", "event_id": "Ev1", "text": "hello"}'
OLD, NEW = "b2xkLW9sZC1vbGQtb2xk", "bmV3LW5ldy1uZXctbmV3"  # base64 too, for those who want it
SCHEMES: dict[str, tuple[Scheme, dict[str, Any]]] = {
    "github": (GithubScheme(), {}),
    "stripe": (StripeScheme(), {}),
    "slack": (SlackScheme(), {}),
    "standard_webhooks": (StandardScheme(), {}),
    "hmac": (PlainScheme(header="X-Sign"), {"header": "X-Sign"}),
    "hmac with a time": (
        PlainScheme(header="X-Sign", encoding="base64", timestamp_header="X-Time"),
        {"header": "X-Sign", "encoding": "base64", "timestamp_header": "X-Time"},
    ),
    "hmac with a prefix": (
        PlainScheme(header="X-Sign", algorithm="sha512", prefix="v="),
        {"header": "X-Sign", "algorithm": "sha512", "prefix": "v="},
    ),
}
TIMED = [name for name in SCHEMES if name not in ("github", "hmac", "hmac with a prefix")]


async def open_for(address: Address, name: str, *secrets: str, **more: Any) -> Scheme:
    """Let a webhook with that kind of signature listen."""
    scheme, options = SCHEMES[name]
    auth = {"type": name.partition(" ")[0], "secret": list(secrets or [NEW]), **options}
    await address.open(token=None, auth=auth, **more)
    return scheme


def signed(
    address: Address, scheme: Scheme, secret: str = NEW, *, body: bytes = BODY, late: int = 0
) -> dict[str, str]:
    """The headers of a request, sent so many seconds ago."""
    at = int(address.clock.now().timestamp()) - late
    headers = scheme.sign(secret, body, at=at, delivery="delivery-1")
    lower = {name.lower(): value for name, value in headers.items()}
    return {**lower, "content-type": "application/json"}


@pytest.mark.parametrize("name", SCHEMES)
async def test_what_is_signed_is_let_in(address: Address, name: str) -> None:
    scheme = await open_for(address, name)
    reply = await address.call(BODY, token=None, headers=signed(address, scheme))
    assert reply.status == 202
    headers = address.variables()["headers"]
    assert not any("sign" in header for header in headers)


@pytest.mark.parametrize("name", SCHEMES)
async def test_what_is_signed_otherwise_is_unknown(address: Address, name: str) -> None:
    scheme = await open_for(address, name)
    right = signed(address, scheme)
    replies = [
        await address.call(BODY + b" ", token=None, headers=right),
        await address.call(BODY, token=None, headers=signed(address, scheme, OLD)),
        await address.call(BODY, token=None),
        await address.call(BODY, token=None, headers=dict.fromkeys(right, "nonsense")),
        await address.call(BODY, token=None, headers=dict.fromkeys(right, "")),
    ]
    assert replies == [UNKNOWN] * 5
    assert address.context.observations == []


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize(("late", "is_let_in"), [(290, True), (310, False), (-310, False)])
async def test_a_signature_is_good_for_five_minutes(
    address: Address, name: str, late: int, is_let_in: bool
) -> None:
    scheme = await open_for(address, name)
    reply = await address.call(BODY, token=None, headers=signed(address, scheme, late=late))
    assert (reply.status == 202) is is_let_in


@pytest.mark.parametrize("name", SCHEMES)
async def test_two_secrets_are_good_while_one_replaces_the_other(
    address: Address, name: str
) -> None:
    scheme = await open_for(address, name, OLD, NEW)
    for secret in (OLD, NEW):
        headers = signed(address, scheme, secret)
        assert (await address.call(BODY, token=None, headers=headers)).status == 202


@pytest.mark.parametrize(
    ("name", "delivery"),
    [
        ("github", "delivery-1"),
        ("standard_webhooks", "delivery-1"),
        ("stripe", "evt_1"),
        ("slack", "Ev1"),
    ],
)
async def test_a_service_that_delivers_twice_makes_one_event(
    address: Address, name: str, delivery: str
) -> None:
    scheme = await open_for(address, name)
    for _ in range(2):
        await address.call(BODY, token=None, headers=signed(address, scheme))
    assert address.variables()["delivery_id"] == delivery


async def test_githubs_own_example_is_let_in(address: Address) -> None:
    await open_for(address, "github", "It's a Secret to Everybody")
    code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": f"sha256={code}", "content-type": "text/plain"}
    assert (await address.call(b"Hello, World!", token=None, headers=headers)).status == 202


async def test_the_example_of_standard_webhooks_is_let_in(address: Address) -> None:
    address.clock = ScriptedClock(datetime.fromtimestamp(1614265330, UTC))
    address.context.clock = address.clock
    await open_for(address, "standard_webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "content-type": "application/json",
    }
    reply = await address.call(b'{"test": 2432232314}', token=None, headers=headers)
    assert reply.status == 202


async def test_slacks_version_and_time_are_signed_with_the_body(address: Address) -> None:
    await open_for(address, "slack", "8f742231b10e8888abcd99yyyzzz85a5")
    at = int(address.clock.now().timestamp())
    code = hmac.digest(b"8f742231b10e8888abcd99yyyzzz85a5", b"v0:%d:a=1" % at, "sha256").hex()
    headers = {
        "x-slack-signature": f"v0={code}",
        "x-slack-request-timestamp": str(at),
        "content-type": "application/x-www-form-urlencoded",
    }
    assert (await address.call(b"a=1", token=None, headers=headers)).status == 202
    assert address.variables()["data"] == {"a": "1"}


async def test_a_name_and_password_are_known(address: Address) -> None:
    auth = {"type": "basic", "username": "me", "password": ["pass:wörd"]}
    await address.open(token=None, auth=auth)
    right = base64.b64encode("me:pass:wörd".encode()).decode()
    wrong = base64.b64encode(b"me:other").decode()
    assert (await address.call(token=None, headers=basic(right))).status == 202
    for value in (wrong, "no base64", ""):
        assert await address.call(token=None, headers=basic(value)) == UNKNOWN


def basic(value: str) -> dict[str, str]:
    return {"authorization": f"Basic {value}"}


async def test_two_tokens_are_good_while_one_replaces_the_other(address: Address) -> None:
    await address.open(token=None, auth={"type": "bearer", "token": ["old", "new"]})
    replies = [await address.call(token=token) for token in ("old", "new", "newer")]
    assert [reply.status for reply in replies] == [202, 202, 404]


@pytest.mark.parametrize(
    ("remote", "is_let_in"),
    [
        ("127.0.0.1", True),
        ("192.168.1.7", True),
        ("::ffff:10.1.2.3", True),
        ("fe80::1", True),
        ("8.8.8.8", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
async def test_only_the_hubs_own_network_is_let_in_unless_said_otherwise(
    address: Address, remote: str, is_let_in: bool
) -> None:
    await address.open()
    await address.open(webhook_id=LONG_ID, local_only=False)
    assert (await address.call(remote=remote) != UNKNOWN) is is_let_in
    assert (await address.call(to=LONG_ID, remote=remote)).status == 202


async def test_who_comes_through_a_proxy_that_nobody_trusts_is_not_local(
    address: Address,
) -> None:
    await address.open()
    assert await address.call(remote="127.0.0.1", may_be_anybody=True) == UNKNOWN


async def test_listed_addresses_are_let_in_and_no_others(address: Address) -> None:
    await address.open(allow=["203.0.113.0/24", "2001:db8::5"])
    remotes = ("203.0.113.9", "2001:db8::5", "192.168.1.7", "2001:db8::6")
    replies = [await address.call(remote=remote) for remote in remotes]
    assert [reply.status for reply in replies] == [202, 202, 404, 404]


async def test_more_requests_than_the_rate_allows_have_to_wait(address: Address) -> None:
    await address.open(rate_limit="2/min")
    statuses = [(await address.call()).status for _ in range(3)]
    assert statuses == [202, 202, 429]
    await address.clock.advance(30)
    again = [await address.call() for _ in range(2)]
    assert [reply.status for reply in again] == [202, 429]
    assert again[1].headers == {"Retry-After": "31"}


async def test_strangers_use_up_no_rate(address: Address) -> None:
    await address.open(rate_limit="1/min")
    for _ in range(5):
        await address.call(token="wrong")
    assert (await address.call()).status == 202
