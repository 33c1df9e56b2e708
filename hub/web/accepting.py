"""Accepting connections.

For HTTPS we do it ourselves, since a server of the event loop tells of a connection only once both
sides have agreed on how to encrypt: until then nobody could count it.
"""

import asyncio
import socket
import ssl
from asyncio import TaskGroup
from contextlib import suppress

from hub.web.newcomers import Newcomers, TooManyConnections

SECONDS_TO_AGREE = 10.0  # on how to encrypt
SECONDS_TO_PART = 2.0  # when what was encrypted ends
SECONDS_TO_RECOVER = 1.0  # when the system has no more files or memory for us


async def accept(
    listener: socket.socket, newcomers: Newcomers, context: ssl.SSLContext | None
) -> None:
    """Let in whoever connects, until cancelled; who has not agreed with us yet is cut off then."""
    if context is None:
        await _accept_plain(listener, newcomers)
    else:
        await _accept_encrypted(listener, newcomers, context)


async def _accept_plain(listener: socket.socket, newcomers: Newcomers) -> None:
    server = await asyncio.get_running_loop().create_server(newcomers, sock=listener)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()


async def _accept_encrypted(
    listener: socket.socket, newcomers: Newcomers, context: ssl.SSLContext
) -> None:
    loop = asyncio.get_running_loop()
    async with TaskGroup() as tasks:
        while True:
            try:
                connection, peer = await loop.sock_accept(listener)
            except ConnectionAbortedError:  # has left again
                continue
            except OSError:
                await asyncio.sleep(SECONDS_TO_RECOVER)
                continue
            tasks.create_task(_agree(connection, str(peer[0]), newcomers, context))


async def _agree(
    connection: socket.socket, address: str, newcomers: Newcomers, context: ssl.SSLContext
) -> None:
    """Come to an encrypted connection with one who has connected, or to none."""
    try:
        with newcomers.meet(address) as newcomer, suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: newcomer,
                connection,
                ssl=context,
                ssl_handshake_timeout=SECONDS_TO_AGREE,
                ssl_shutdown_timeout=SECONDS_TO_PART,
            )
    except TooManyConnections:
        connection.close()
