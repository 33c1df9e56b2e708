"""Child processes of the hub: started over a socket of their own, ended with the hub.

The hub side calls `start_child`; the child's module calls `adopt_parent` first thing. A child ends
when the hub does, however the hub ended: Linux sends it a signal, and everywhere a thread of its
own notices the end of the socket.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A running child process and the stream to it."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """End it at once; harmless when it has ended already."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def close(self) -> int:
        """Close the stream, which ends a well-behaved child; kill it after two seconds."""
        self.writer.close()
        try:
            async with asyncio.timeout(2):
                return await self.process.wait()
        except TimeoutError:
            self.kill()
            return await self.process.wait()


async def start_child(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> Child:
    """Start `python -m module --socket FD …` and connect to it."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    process = None
    try:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                "--socket",
                str(theirs.fileno()),
                *arguments,
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                env={**os.environ, **(environment or {})},
            )
        reader, writer = await asyncio.open_unix_connection(sock=ours)
    except BaseException:  # most likely cancelled; nobody else knows of the process yet
        ours.close()
        if process is not None:
            process.kill()
            await process.wait()
        raise
    return Child(process=process, reader=reader, writer=writer)


def adopt_parent(file_descriptor: int) -> socket.socket:
    """In the child: take over the socket, die with the parent, leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return socket.socket(fileno=file_descriptor)
