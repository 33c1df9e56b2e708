"""Who hears what at ComfyUI's WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from msgspec.structs import replace

from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notice,
    Notices,
    PackMessageSent,
    RunFinished,
    RunQueued,
    RunStarted,
    Subscription,
)
from hub.records.run import Origin, Run, RunState
from hub.testing.clock import ScriptedClock
from hub.web.comfy_audience import PAUSE, Audience
from tests.web.test_comfy_messages import RUN

NOBODYS = replace(RUN, client=None)


def all_of(run: Run) -> list[Notice]:
    """What is told of a run from its beginning to its end."""
    return [
        RunQueued(run=run),
        RunStarted(run=run),
        NodesCached(run=run, nodes=()),
        NodeStarted(run=run, node="1"),
        NodeProgressed(run=run, node="1", value=1, maximum=2),
        NodeFinished(run=run, node="1", ui={"images": []}, cached=False),
        RunFinished(run=run),
    ]


OF_A_RUN = all_of(RUN)


class Room:
    """An audience at work, and what is left to do."""

    def __init__(self) -> None:
        self.notices = Notices()
        self.clock = ScriptedClock()
        self.remaining = 0
        self.audience = Audience(self.notices, self.clock, lambda: self.remaining)

    def finish(self, client: str | None, remaining: int) -> None:
        self.remaining = remaining
        self.notices.publish(RunFinished(run=replace(RUN, client=client)))


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    made = Room()
    serving = asyncio.create_task(made.audience.serve())
    await asyncio.sleep(0)  # so that it listens
    yield made
    serving.cancel()
    await asyncio.wait([serving])


def heard(listener: Subscription) -> list[Notice]:
    return list(listener._waiting)


def count_in(word: bytes) -> int:
    status: dict[str, dict[str, int]] = json.loads(word)["data"]["status"]
    return status["exec_info"]["queue_remaining"]


async def test_a_client_hears_of_its_runs_and_no_other_does(room: Room) -> None:
    with room.audience.listen("me") as mine, room.audience.listen("you") as yours:
        for notice in OF_A_RUN:
            room.notices.publish(notice)
        assert (heard(mine), heard(yours)) == (OF_A_RUN, [])


async def test_two_sockets_of_a_client_hear_the_same(room: Room) -> None:
    with room.audience.listen("me") as first:
        with room.audience.listen("me") as second:
            room.notices.publish(OF_A_RUN[0])
        room.notices.publish(OF_A_RUN[1])
        assert (heard(first), heard(second)) == (OF_A_RUN[:2], OF_A_RUN[:1])
    room.notices.publish(OF_A_RUN[2])
    assert heard(first) == OF_A_RUN[:2]


async def test_of_a_prompt_without_client_everybody_hears_how_far_it_is(room: Room) -> None:
    with room.audience.listen("me") as mine, room.audience.listen("you") as yours:
        for notice in all_of(NOBODYS):
            room.notices.publish(notice)
        assert heard(mine) == heard(yours)
        said = [json.loads(each.payload) for each in heard(mine)]  # type: ignore[union-attr]  # all are such
    types = ["progress_state", "progress_state", "progress", "progress_state"]
    assert [message["type"] for message in said] == types
    assert said[-1]["data"]["nodes"]["1"]["state"] == "finished"


async def test_everybody_hears_that_somebody_stopped_a_prompt_without_client(room: Room) -> None:
    stopped = replace(NOBODYS, state=RunState.CANCELLED, stopped_in="1")
    with room.audience.listen("me") as mine:
        for notice in (NodeStarted(run=NOBODYS, node="1"), RunFinished(run=stopped)):
            room.notices.publish(notice)
        last = json.loads(heard(mine)[-1].payload)  # type: ignore[union-attr]  # all are such
    assert last["type"] == "execution_interrupted"
    assert (last["data"]["node_id"], last["data"]["node_type"]) == ("1", "EmptyImage")


@pytest.mark.parametrize("origin", [Origin.AUTOMATION, Origin.API])
async def test_nobody_hears_of_what_was_not_posted_as_a_prompt(room: Room, origin: Origin) -> None:
    with room.audience.listen("me") as mine:
        for notice in all_of(replace(NOBODYS, origin=origin)):
            room.notices.publish(notice)
        assert heard(mine) == []


async def test_what_a_pack_says_reaches_whom_it_is_for(room: Room) -> None:
    with room.audience.listen("me") as mine, room.audience.listen("you") as yours:
        for client in ("me", None):
            said = PackMessageSent(payload=b"{}", binary=False, client=client)
            room.notices.publish(said)
        assert (len(heard(mine)), len(heard(yours))) == (2, 1)


async def test_of_the_runs_of_others_a_client_hears_now_and_then_how_many_are_left(
    room: Room,
) -> None:
    async with (
        aclosing(room.audience.words_on_others("you")) as yours,
        aclosing(room.audience.words_on_others("me")) as mine,
    ):
        your_word = asyncio.ensure_future(anext(yours))
        my_word = asyncio.ensure_future(anext(mine))
        await asyncio.sleep(0)
        room.finish("me", 9)
        assert count_in(await your_word) == 9
        your_word = asyncio.ensure_future(anext(yours))
        for left in (8, 7, 6):
            room.finish("me", left)
        await room.clock.advance(PAUSE)
        assert count_in(await your_word) == 6
        assert not my_word.done()  # its own runs it hears of by themselves
        room.finish("you", 5)
        await room.clock.advance(PAUSE)
        assert count_in(await my_word) == 5


async def test_who_does_not_keep_up_hears_the_latest_word(room: Room) -> None:
    async with aclosing(room.audience.words_on_others("you")) as yours:
        first = asyncio.ensure_future(anext(yours))
        await asyncio.sleep(0)
        room.finish("me", 9)
        assert count_in(await first) == 9
        for left in (8, 7):  # while it is busy
            room.finish("me", left)
            await room.clock.advance(PAUSE)
        assert count_in(await anext(yours)) == 7
