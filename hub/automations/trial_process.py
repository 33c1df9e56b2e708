"""A template process for whoever reads the configuration, which is done in a thread."""

import json
import socket
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from hub.automations.template_environment import TemplateFailed
from hub.automations.template_limits import (
    DEADLINE,
    PATIENCE,
    START,
    arguments,
    is_over_time,
    took_longer,
)
from hub.automations.templates import TemplateProcessMissing
from hub.wire import frame, receive_frame

_MOST_STOPPED = 3  # of them, at the deadline: no check takes for ever


class TrialProcess:
    """Started with the first question, ended with the block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket
        self._stopped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def is_willing(self) -> bool:
        """Whether it still answers: it does not after several templates that took too long."""
        return self._stopped < _MOST_STOPPED

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer of `hub.automations.template_process`. Raises `TemplateFailed` if there is
        none, and `TemplateProcessMissing`."""
        if self._process is None:
            self._start()
        source = request["source"]
        try:
            encoded = json.dumps(request, default=lambda _: None)  # what it does not ask for
            self._connection.sendall(frame(encoded.encode()))
            reply = receive_frame(self._connection)
        except TimeoutError:
            self._end()
            raise self._too_long(source, PATIENCE) from None
        except ConnectionError:
            reply = None
        if reply is None:
            if is_over_time(self._end()):
                raise self._too_long(source, DEADLINE)
            problem = "it ended the process that rendered it"
            raise TemplateFailed(source, problem, lies_in_kinds=True)
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def _too_long(self, source: str, seconds: float) -> TemplateFailed:
        self._stopped += 1
        return TemplateFailed(source, took_longer(seconds), lies_in_kinds=True)

    def _start(self) -> None:
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "hub.automations.template_process"),
                    *("--socket", str(theirs.fileno())),
                    *arguments(DEADLINE),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._connection.settimeout(START)
        try:
            ready = receive_frame(self._connection)
        except TimeoutError:
            ready = None
        if ready is None:
            self._end()
            raise TemplateProcessMissing
        self._connection.settimeout(PATIENCE)

    def _end(self) -> int | None:
        """How the process ended, if there was one."""
        process, self._process = self._process, None
        if process is None:
            return None
        self._connection.close()
        process.kill()
        return process.wait()
