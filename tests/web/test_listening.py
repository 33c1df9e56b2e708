"""What answers tell of what listens here."""

import asyncio

import pytest
from yarl import URL

from hub.app import Hub


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n",
        b"GET /nothing HTTP/1.1\r\nHost: %b\r\n\r\n",
        b"%b no\n\n",
    ],
    ids=["a page", "an error", "no HTTP"],
)
async def test_no_version_of_anything_is_told(hub: Hub, said: bytes) -> None:
    url = URL(hub.address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(said % url.authority.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"\r\nServer: workflow-hub\r\n" in head
    writer.close()
    await writer.wait_closed()
