"""`hub webhook send`: a request as a service would send it, signed, to try a webhook out."""

import asyncio
import base64
import mimetypes
import secrets
import uuid
from pathlib import Path

import aiohttp
from rich.markup import escape

from hub.automations.automation import Automation
from hub.automations.loading import read_configuration
from hub.cli.connection import HubWentAway
from hub.cli.console import out
from hub.clock import SystemClock
from hub.errors import Invalid, NoSuch, Unavailable
from hub.storage.data_lock import address_of_running_hub
from hub.triggers.webhook import WebhookTrigger
from hub.triggers.webhook_auth import Auth, BasicAuth, BearerAuth, HmacAuth, SignedAuth
from hub.triggers.webhook_signing import (
    GithubScheme,
    Scheme,
    SlackScheme,
    StandardScheme,
    StripeScheme,
)

SCHEMES: dict[str, type[Scheme]] = {
    "github": GithubScheme,
    "stripe": StripeScheme,
    "slack": SlackScheme,
    "standard_webhooks": StandardScheme,
}


class HubNotRunning(Unavailable):
    """A request is to be sent, and there is nobody to take it."""

    def __init__(self) -> None:
        super().__init__("No hub runs on this configuration: start one with `hub serve`.")


def new_id() -> None:
    """An id that cannot be guessed: 256 bits."""
    out.print(secrets.token_hex(32), highlight=False, soft_wrap=True)


async def send(
    config: Path, webhook: str, file: Path, *, sent_as: str | None, content_type: str | None
) -> int:
    """Send the file's bytes; 0 if they were accepted."""
    configuration = await asyncio.to_thread(read_configuration, config)
    trigger = _find(configuration.automations, webhook)
    address = address_of_running_hub(configuration.folders.data)
    if address is None:
        raise HubNotRunning
    body = await asyncio.to_thread(file.read_bytes)
    kind = content_type or mimetypes.guess_type(file.name)[0] or "application/json"
    headers = {"Content-Type": kind, **_credentials(trigger.caller, body, sent_as)}
    return await _post(f"{address}/api/webhook/{trigger.webhook_id}", body, headers)


def _find(automations: list[Automation], webhook: str) -> WebhookTrigger:
    """By its own id, or that of its automation. Raises `NoSuch`."""
    for automation in automations:
        for trigger in automation.triggers:
            names = (automation.id, getattr(trigger, "webhook_id", None))
            if isinstance(trigger, WebhookTrigger) and webhook in names:
                return trigger
    raise NoSuch("webhook", webhook, "Name a webhook_id, or an automation that has one.")


def _credentials(caller: Auth, body: bytes, sent_as: str | None) -> dict[str, str]:
    match caller:
        case BearerAuth(token=[token, *_]) if sent_as is None:
            return {"Authorization": f"Bearer {token}"}
        case BasicAuth(username=username, password=[password, *_]) if sent_as is None:
            pair = base64.b64encode(f"{username}:{password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case SignedAuth(secret=[secret, *_]):
            scheme = caller.scheme() if sent_as is None else _scheme(sent_as, caller)
            now = int(SystemClock().now().timestamp())
            return scheme.sign(secret, body, at=now, delivery=str(uuid.uuid4()))
    if sent_as is not None:
        raise Invalid("This webhook checks no signature: send without --as.")
    return {}


def _scheme(name: str, caller: SignedAuth) -> Scheme:
    if name == "hmac" and isinstance(caller, HmacAuth):
        return caller.scheme()
    if name not in SCHEMES:
        raise NoSuch("service", name, f"There are {', '.join(SCHEMES)}.")
    return SCHEMES[name]()


async def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            out.print(
                f"{response.status} {escape(response.reason or '')}",
                highlight=False,
                soft_wrap=True,
            )
            if response.content_type.startswith(("text/", "application/json")):
                out.print((await response.text()).strip(), markup=False, soft_wrap=True)
            return 0 if response.status < 400 else 1
    except aiohttp.ClientError as error:
        raise HubWentAway(url.rpartition("/api/")[0]) from error
