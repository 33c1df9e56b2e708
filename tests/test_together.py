"""Questions that are answered together."""

import asyncio
from collections.abc import Sequence

import pytest

from hub.together import Together


class Answering:
    """Gives back what it was asked, once it is let; `batches` are what was asked together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.let = asyncio.Event()
        self.cancelled: list[list[int]] = []

    async def __call__(self, questions: Sequence[int]) -> list[int | Exception]:
        self.batches.append([*questions])
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.cancelled.append([*questions])
            raise
        return [ValueError("seven") if number == 7 else number for number in questions]


async def asked(together: Together[int, int], *questions: int) -> list[asyncio.Task[int]]:
    """Those who ask, each at work."""
    tasks = [asyncio.create_task(together.ask(question)) for question in questions]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_what_is_asked_meanwhile_goes_together() -> None:
    answering = Answering()
    together = Together(answering, most=3)
    tasks = await asked(together, 1) + await asked(together, 2, 3, 4, 5)
    answering.let.set()
    assert await asyncio.gather(*tasks) == [1, 2, 3, 4, 5]
    assert answering.batches == [[1], [2, 3, 4], [5]]


async def test_one_that_fails_fails_alone() -> None:
    answering = Answering()
    tasks = await asked(Together(answering, most=3), 6, 7)
    answering.let.set()
    assert await tasks[0] == 6
    with pytest.raises(ValueError, match="seven"):
        await tasks[1]


async def test_as_many_batches_as_there_are_ways_go_at_once() -> None:
    answering = Answering()
    tasks = await asked(Together(answering, at_once=2, most=1), 1, 2, 3)
    assert answering.batches == [[1], [2]]
    answering.let.set()
    assert await asyncio.gather(*tasks) == [1, 2, 3]


async def test_a_batch_is_cancelled_with_the_last_of_those_who_asked() -> None:
    answering = Answering()
    together = Together(answering, most=2)
    one, other = await asked(together, 1, 2)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    assert answering.cancelled == []
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert answering.cancelled == [[1, 2]]
    answering.let.set()
    assert await together.ask(3) == 3
