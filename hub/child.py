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
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_SECONDS_FOR_LAST_WORDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A running child process and the stream to it.

    One that `leads_group` takes the processes along that it started and left behind.
    """

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    leads_group: bool = False

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
        finally:
            self._end_group()

    async def hang_up_after_exit(self) -> None:
        """End the stream soon after the process has ended, also while a process that it left
        behind holds the other end open."""
        await self.process.wait()
        self._end_group()
        await asyncio.sleep(_SECONDS_FOR_LAST_WORDS)
        self.writer.transport.abort()

    def _end_group(self) -> None:
        if self.leads_group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


async def start_child(
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    output: BinaryIO | None = None,
    leads_group: bool = False,
) -> Child:
    """Start `python -m module --socket FD …` and connect to it.

    What it writes goes to `output`, or where the hub's own does.
    """
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
                stdout=output,
                stderr=output,
                start_new_session=leads_group,
                env={**os.environ, **(environment or {})},
            )
        reader, writer = await asyncio.open_unix_connection(sock=ours)
    except BaseException:  # most likely cancelled; nobody else knows of the process yet
        ours.close()
        if process is not None:
            process.kill()
            await process.wait()
        raise
    return Child(process=process, reader=reader, writer=writer, leads_group=leads_group)


def adopt_parent(file_descriptor: int) -> socket.socket:
    """In the child: take over the socket, die with the parent, leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return socket.socket(fileno=file_descriptor)
