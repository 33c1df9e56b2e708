"""The courier: sends deliveries until they get there, or are given up.

What is to be sent is on disk before the first attempt, and how it went after each; so a restart
goes on, with the same id, and at the moment that was due. Between an attempt that got there and the
note of it the hub may be killed: then it is sent again, and the receiver knows it by its id.

State: `_arrived` are the ids of those that are to be sent, `_under_way` of those that have a task;
`_waiters` futures of those who wait for one to end.
"""

import asyncio
import dataclasses
from datetime import timedelta
from random import Random

import aiohttp
import structlog

from hub.clock import Clock
from hub.config.delivery_settings import DeliverySettings
from hub.deliveries.addresses import public_socket
from hub.deliveries.body import body_of
from hub.deliveries.posting import Outcome, post
from hub.deliveries.signature import signature_headers
from hub.errors import Conflict, HubError
from hub.notices import DeliveryEnded, Notices
from hub.records.delivery import Delivery, DeliveryState
from hub.storage.deliveries import Deliveries

log = structlog.get_logger()
LONGEST_PAUSE = 3600.0  # seconds
_AT_ONCE = 8


class NotDead(Conflict):
    """Only what was given up can be sent anew."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(
            f"Delivery {delivery.id} is {delivery.state.value}; only dead ones can be requeued."
        )


class Courier:
    """Sends deliveries."""

    def __init__(
        self,
        deliveries: Deliveries,
        settings: DeliverySettings,
        *,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._deliveries = deliveries
        self._settings = settings
        self._notices = notices
        self._clock = clock
        self._arrived: asyncio.Queue[str] = asyncio.Queue()
        self._under_way: set[str] = set()
        self._waiters: dict[str, list[asyncio.Future[Delivery]]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def serve(self) -> None:
        """Send what is there and what comes, until cancelled."""
        factory = None if self._settings.allow_private else public_socket
        connector = aiohttp.TCPConnector(socket_factory=factory)
        jar = aiohttp.DummyCookieJar()
        async with (
            aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session,
            asyncio.TaskGroup() as tasks,
        ):
            for delivery in await self._deliveries.pending():
                self.take_up(delivery.id)
            while True:
                identity = await self._arrived.get()
                if identity not in self._under_way:
                    self._under_way.add(identity)
                    work = self._take_care(session, identity)
                    tasks.create_task(work, name=f"delivery {identity}")

    @property
    def waiting(self) -> int:
        """How many have not ended."""
        return len(self._under_way)

    async def send(self, delivery: Delivery) -> Delivery:
        """Put it on disk and send it; the one that is there already, if it is."""
        known = await self._deliveries.add(delivery)
        if not known.state.ended:
            self.take_up(known.id)
        return known

    def take_up(self, delivery: str) -> None:
        """Send one that is on disk."""
        self._arrived.put_nowait(delivery)

    async def wait(self, delivery: str) -> Delivery:
        """The delivery once it has ended. Raises `NotFound`."""
        waiter: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(delivery, []).append(waiter)
        known = await self._deliveries.get(delivery)
        return known if known.state.ended else await waiter

    async def requeue(self, delivery: str) -> Delivery:
        """Send a dead one anew, with all its attempts. Raises `NotFound`, `NotDead`."""
        dead = await self._deliveries.get(delivery)
        if dead.state is not DeliveryState.DEAD:
            raise NotDead(dead)
        anew = dataclasses.replace(
            dead,
            state=DeliveryState.PENDING,
            attempts=0,
            ended_at=None,
            due_at=self._clock.now(),
        )
        await self._deliveries.put(anew)
        self.take_up(anew.id)
        return anew

    async def _take_care(self, session: aiohttp.ClientSession, identity: str) -> None:
        try:
            self._answer(identity, await self._see_through(session, identity))
        except HubError as error:  # the database: a restart or whoever waits takes it up again
            log.warning("a delivery is left for later", delivery=identity, reason=str(error))
            self._answer(identity, error)

    def _answer(self, identity: str, outcome: Delivery | HubError) -> None:
        self._under_way.discard(identity)
        for waiter in self._waiters.pop(identity, ()):
            if waiter.done():
                continue
            if isinstance(outcome, HubError):
                waiter.set_exception(outcome)
            else:
                waiter.set_result(outcome)

    async def _see_through(self, session: aiohttp.ClientSession, identity: str) -> Delivery:
        delivery = await self._deliveries.get(identity)  # it may have ended meanwhile
        while not delivery.state.ended:
            while (rest := (delivery.due_at - self._clock.now()).total_seconds()) > 0:
                await self._clock.sleep(rest)
            async with self._room:
                outcome = await self._attempt(session, delivery)
            delivery = self._after(delivery, outcome)
            await self._deliveries.put(delivery)
        self._notices.publish(
            DeliveryEnded(delivery=delivery.id, state=delivery.state.value, reason=delivery.reason)
        )
        return delivery

    async def _attempt(self, session: aiohttp.ClientSession, delivery: Delivery) -> Outcome:
        secret = None
        if delivery.secret is not None:
            secret = self._settings.secrets.get(delivery.secret)
            if secret is None:
                reason = f"hub.yaml has no secret {delivery.secret!r} for deliveries"
                return Outcome(reason=reason, is_final=True)
        try:
            body = await body_of(delivery)
        except HubError as error:
            return Outcome(reason=str(error), is_final=True)
        now = self._clock.now()
        headers = signature_headers(delivery.id, now, body.content, secret)
        return await post(session, delivery, body, headers, now)

    def _after(self, delivery: Delivery, outcome: Outcome) -> Delivery:
        now = self._clock.now()
        tried = dataclasses.replace(
            delivery,
            attempts=delivery.attempts + 1,
            status=outcome.status,
            reason=outcome.reason,
            answer=outcome.answer,
        )
        if outcome.reason is None:
            return dataclasses.replace(tried, state=DeliveryState.DELIVERED, ended_at=now)
        if outcome.is_final or tried.attempts >= tried.most_attempts:
            return dataclasses.replace(tried, state=DeliveryState.DEAD, ended_at=now)
        pause = max(_pause(tried), min(outcome.retry_after, LONGEST_PAUSE))
        return dataclasses.replace(tried, due_at=now + timedelta(seconds=pause))


def _pause(delivery: Delivery) -> float:
    """Doubles with each attempt, and is spread by a fifth, so that not all come at once.

    The same delivery has the same pauses.
    """
    chance = Random(f"{delivery.id} {delivery.attempts}")  # noqa: S311 - guards nothing
    spread = chance.uniform(0.8, 1.2)
    doubled = delivery.backoff * 2.0 ** min(delivery.attempts - 1, 30)
    return min(doubled * spread, LONGEST_PAUSE)
