"""Getting files from addresses, of this machine's own server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from hub.deliveries.fetching import NotFetched, fetch


async def answer(request: web.Request) -> web.Response:
    match request.path:
        case "/round":
            raise web.HTTPFound("/round")
        case "/file":
            raise web.HTTPFound("file:///etc/passwd")
        case "/gone":
            raise web.HTTPGone
    return web.Response(body=b"x" * 100)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_file_is_written_where_it_shall_be(tmp_path: Path) -> None:
    async with serving() as address:
        await fetch(f"{address}/a", tmp_path / "a", allow_private=True)
    assert (tmp_path / "a").read_bytes() == b"x" * 100


@pytest.mark.parametrize(
    ("path", "why"),
    [("/round", "more than 5 times"), ("/file", "no http"), ("/gone", "410"), ("/a", "larger")],
)
async def test_what_cannot_be_had_is_refused_with_a_reason(
    tmp_path: Path, path: str, why: str
) -> None:
    async with serving() as address:
        with pytest.raises(NotFetched, match=why):
            await fetch(f"{address}{path}", tmp_path / "a", allow_private=True, largest=99)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
async def test_this_machine_is_no_public_address(tmp_path: Path, host: str) -> None:
    async with serving() as address:
        port = address.rpartition(":")[2]
        with pytest.raises(NotFetched):
            await fetch(f"http://{host}:{port}/a", tmp_path / "a", allow_private=False)
    assert (tmp_path / "a").read_bytes() == b""
