"""Getting a file from an address elsewhere, within limits and from public addresses only.

Each connection is looked at when its socket is made, those that redirects lead to as well.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import aiohttp

from hub.deliveries.addresses import public_socket
from hub.errors import Invalid

LARGEST = 100 << 20  # bytes
SECONDS = 60.0
MOST_REDIRECTS = 5
_PIECE = 1 << 20


class NotFetched(Invalid):
    """A file could not be had from an address."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The file at {url[:200]} could not be fetched: {why}.")


async def fetch(
    url: str, path: Path, *, allow_private: bool, largest: int = LARGEST, seconds: float = SECONDS
) -> None:
    """Write what is at an http address into the new file `path`. Raises `NotFetched`."""
    try:
        with await asyncio.to_thread(path.open, "xb") as file:
            async with asyncio.timeout(seconds), _answer(url, allow_private) as response:
                await _copy(url, response, file, largest)
    except TimeoutError:
        raise NotFetched(url, f"it did not come within {seconds:g} s") from None
    except aiohttp.TooManyRedirects:
        raise NotFetched(url, f"it sends elsewhere more than {MOST_REDIRECTS} times") from None
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise NotFetched(url, "that, or where it sends to, is no http or https address") from None
    except aiohttp.ClientConnectorError as error:
        raise NotFetched(url, f"no connection could be made: {error.os_error}") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NotFetched(url, str(error) or type(error).__name__) from error


@asynccontextmanager
async def _answer(url: str, allow_private: bool) -> AsyncIterator[aiohttp.ClientResponse]:
    connector = aiohttp.TCPConnector(socket_factory=None if allow_private else public_socket)
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(url, max_redirects=MOST_REDIRECTS) as response,
    ):
        yield response


async def _copy(url: str, response: aiohttp.ClientResponse, file: BinaryIO, largest: int) -> None:
    if response.status != 200:
        raise NotFetched(url, f"the answer was {response.status} {response.reason or ''}".rstrip())
    size = 0
    async for piece in response.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > largest:
            raise NotFetched(url, f"it is larger than {largest >> 20} MiB")
        await asyncio.to_thread(file.write, piece)
