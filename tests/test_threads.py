"""Work in threads."""

import asyncio
import threading

import pytest

from hub.threads import to_thread_and_back


async def test_what_a_thread_gives_comes_back() -> None:
    assert await to_thread_and_back(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await to_thread_and_back(divmod, 7, 0)


@pytest.mark.parametrize("fails", [False, True])
async def test_whoever_is_cancelled_leaves_when_the_thread_is_done(fails: bool) -> None:
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def work() -> None:
        begun.set()
        go_on.wait()
        done.append("work")
        if fails:
            raise ValueError

    async def ask() -> None:
        try:
            await to_thread_and_back(work)
        finally:
            done.append("left")

    asking = asyncio.create_task(ask())
    await asyncio.to_thread(begun.wait)
    asking.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert done == ["work", "left"]
