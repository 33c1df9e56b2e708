"""Framed messages between our processes: a length, then MessagePack.

A frame is a big-endian 32-bit length followed by that many bytes. What a frame holds is known to
the two ends, which decode it into their own message types.
"""

import asyncio
import socket
import struct

MAXIMUM_FRAME = 1 << 30
_HEADER = struct.Struct(">I")


def frame(payload: bytes) -> bytes:
    """`payload` with its length in front."""
    return _HEADER.pack(len(payload)) + payload


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame's payload; None at the end of the stream, also in the middle of a frame."""
    try:
        (length,) = _HEADER.unpack(await reader.readexactly(_HEADER.size))
        if length > MAXIMUM_FRAME:
            return None
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def receive_frame(connection: socket.socket) -> bytes | None:
    """The same for a blocking socket."""
    try:
        header = _receive_exactly(connection, _HEADER.size)
        if header is None:
            return None
        (length,) = _HEADER.unpack(header)
        return _receive_exactly(connection, length) if length <= MAXIMUM_FRAME else None
    except ConnectionError:
        return None


def _receive_exactly(connection: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
