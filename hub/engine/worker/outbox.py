"""Messages on their way to the hub."""

import asyncio
import logging
import socket
import uuid
from collections import deque
from contextlib import suppress
from threading import Lock

from hub.engine.messages import Batch, FromWorker, PackMessage, encode
from hub.engine.worker.vital_thread import end_process
from hub.wire import frame

SECONDS_BETWEEN_FRAMES = 0.02
MOST_OFFERED = 8 << 20
LEAST_CHARGE = 8 << 10

log = logging.getLogger(__name__)


class Outbox:
    """Collects what the worker has to say, so that a short run costs few frames.

    Any thread may tell and flush. What nobody flushes goes out after `SECONDS_BETWEEN_FRAMES`.
    `_offered` is how many bytes of what may be lost have come since the last frame; `_lost` says
    that some was.
    """

    def __init__(self, connection: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._boot = uuid.uuid4().hex
        self._messages: deque[FromWorker] = deque()
        self._is_due = False
        self._offered = 0
        self._lost = False
        self._lock = Lock()

    def tell(self, message: FromWorker) -> None:
        self._messages.append(message)
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon_threadsafe(
                self._loop.call_later, SECONDS_BETWEEN_FRAMES, self._send_what_is_due
            )

    def offer(self, message: PackMessage) -> None:
        """Tell what may be lost: a pack that says more than the hub takes fills no memory."""
        charge = max(len(message.payload), LEAST_CHARGE)
        if not self._offered or self._offered + charge <= MOST_OFFERED:
            self._offered += charge
            self.tell(message)
        elif not self._lost:
            self._lost = True
            log.warning("Packs send more messages than the hub takes; some of them are lost")

    def flush(self) -> None:
        """Waits while the hub does not keep up. A hub that has gone is the reader's affair.

        A worker whose connection was closed by a node can tell nobody what it does; it ends.
        """
        with self._lock:
            self._offered = 0
            messages = []
            while self._messages:
                messages.append(self._messages.popleft())
            if messages:
                batch = Batch(boot=self._boot, messages=tuple(messages))
                self._send(frame(encode(batch)))

    def _send(self, data: bytes) -> None:
        try:
            with suppress(ConnectionError):
                self._connection.sendall(data)
        except OSError as error:
            end_process(type(error), error, error.__traceback__)

    def _send_what_is_due(self) -> None:
        self._is_due = False
        self.flush()
