"""Messages on their way to the hub."""

import asyncio
import socket
import uuid
from collections import deque
from contextlib import suppress
from threading import Lock

from hub.engine.messages import Batch, FromWorker, encode
from hub.wire import frame

SECONDS_BETWEEN_FRAMES = 0.02


class Outbox:
    """Collects what the worker has to say, so that a short run costs few frames.

    Any thread may tell and flush. What nobody flushes goes out after `SECONDS_BETWEEN_FRAMES`.
    """

    def __init__(self, connection: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._boot = uuid.uuid4().hex
        self._messages: deque[FromWorker] = deque()
        self._is_due = False
        self._lock = Lock()

    def tell(self, message: FromWorker) -> None:
        self._messages.append(message)
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon_threadsafe(
                self._loop.call_later, SECONDS_BETWEEN_FRAMES, self._send_what_is_due
            )

    def flush(self) -> None:
        """Waits while the hub does not keep up. A hub that has gone is the reader's affair."""
        with self._lock:
            messages = []
            while self._messages:
                messages.append(self._messages.popleft())
            if messages:
                batch = Batch(boot=self._boot, messages=tuple(messages))
                with suppress(ConnectionError):
                    self._connection.sendall(frame(encode(batch)))

    def _send_what_is_due(self) -> None:
        self._is_due = False
        self.flush()
