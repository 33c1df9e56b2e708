"""Completion webhooks: whoever asked for a run may want to be told of its end.

The delivery is written by the transaction that ends the run. So it exists exactly once, whatever
happens to the hub between that end and the first attempt.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from hub.clock import Clock
from hub.config.problems import closest
from hub.deliveries.courier import Courier
from hub.errors import Invalid
from hub.notices import Notice, Notices, NoticesLost, RunFinished
from hub.records.delivery import Delivery
from hub.records.output import Output
from hub.records.run import Run
from hub.storage.deliveries import Deliveries, insert_delivery
from hub.storage.outputs import outputs_of_runs

WEBHOOK = "webhook"  # where it stands in what travels with a run
_NAMESPACE = uuid.UUID("5a1c1d1e-3a83-4a0f-8d0c-6b1f4a0e9d57")


class CompletionWebhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be told when a run has ended."""

    url: Annotated[
        str,
        Meta(description="Where to post it.", pattern="^https?://[^/]", max_length=2000),
    ]
    secret: Annotated[
        str | None,
        Meta(
            description="Sign it, as Standard Webhooks says, with this secret of `deliveries:"
            " secrets:` in hub.yaml."
        ),
    ] = None


class NoSuchSecret(Invalid):
    """A webhook is to be signed with a secret that nobody knows."""

    def __init__(self, name: str, known: Mapping[str, str]) -> None:
        near = closest(name, known)
        hint = f"Did you mean {near!r}?" if near else "`deliveries: secrets:` has them."
        super().__init__(f"hub.yaml has no secret {name!r} for deliveries. {hint}")


def checked_webhook(given: Any, secrets: Mapping[str, str]) -> CompletionWebhook:
    """Raises `Invalid` for what is no webhook, or one that could not be signed."""
    try:
        webhook = msgspec.convert(given, CompletionWebhook)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:  # half a letter, as JSON has it
        raise Invalid(
            f'`webhook` must be like {{"url": "https://…", "secret": "name"}}: {error}.'
        ) from error
    if webhook.secret is not None and webhook.secret not in secrets:
        raise NoSuchSecret(webhook.secret, secrets)
    return webhook


class Completions:
    """Makes the deliveries. `shape` says what is told of a run and its outputs."""

    def __init__(
        self,
        *,
        courier: Courier,
        deliveries: Deliveries,
        notices: Notices,
        clock: Clock,
        shape: Callable[[Run, list[Output]], dict[str, Any]],
    ) -> None:
        self._courier = courier
        self._deliveries = deliveries
        self._notices = notices
        self._clock = clock
        self._shape = shape

    def record(self, connection: Connection, run: Run) -> None:
        """Part of the transaction that ends `run`."""
        given = run.extra.get(WEBHOOK)
        if given is None:
            return
        now = self._clock.now()
        told = self._shape(run, outputs_of_runs(connection, [run.id]))
        delivery = Delivery(
            id=_delivery_id(run),
            url=given["url"],
            secret=given["secret"],
            content={"json": {"type": "RunFinished", "run": told}},
            created_at=now,
            due_at=now,
        )
        insert_delivery(connection, delivery)

    async def serve(self) -> None:
        """Have the courier take up what was recorded, until cancelled."""
        with self._notices.subscribe(only=_asks_for_delivery) as subscription:
            async for notice in subscription:
                match notice:
                    case RunFinished(run=run):
                        self._courier.take_up(_delivery_id(run))
                    case NoticesLost():
                        for delivery in await self._deliveries.pending():
                            self._courier.take_up(delivery.id)


def _asks_for_delivery(notice: Notice) -> bool:
    return isinstance(notice, RunFinished) and WEBHOOK in notice.run.extra


def _delivery_id(run: Run) -> str:
    return str(uuid.uuid5(_NAMESPACE, run.id))
