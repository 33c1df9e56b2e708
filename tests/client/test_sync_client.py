"""The client for programs without asyncio: from a thread, as the test's loop is the hub's."""

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hub.app import Hub
from hub.client import AsyncClient, Client, RunFinished, RunQueued, RunState


async def of(hub: Hub, work: Callable[[Client], Any]) -> Any:
    """What `work` gives that is done with a client in another thread."""

    def carry_out() -> Any:
        with Client(hub.address) as client:
            return work(client)

    return await asyncio.to_thread(carry_out)


async def test_a_workflow_runs_and_its_outputs_are_saved(hub: Hub, tmp_path: Path) -> None:
    def work(client: Client) -> Path:
        run = client.run("plain", {"prefix": "mine"})
        assert run.state is RunState.SUCCEEDED
        return client.save(run.outputs[0], tmp_path / "a.png")

    saved = await of(hub, work)
    assert saved.read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.glob("a*")] == ["a.png"]


async def test_a_stream_is_a_plain_loop(hub: Hub) -> None:
    events = await of(hub, lambda client: list(client.stream("plain")))
    assert isinstance(events[0], RunQueued)
    assert isinstance(events[-1], RunFinished)


async def test_a_stream_may_be_left_early(hub: Hub) -> None:
    def work(client: Client) -> bool:
        for event in client.stream("plain", {"behaviour": "hang"}):
            if isinstance(event, RunQueued):
                identity = event.run.id
                break
        return client.cancel(identity)

    assert await of(hub, work)


async def test_it_works_where_a_loop_runs_already() -> None:
    with Client("http://127.0.0.1:1") as client:
        assert client._loop.is_running()
    assert client._loop.is_closed()


def test_both_clients_can_do_the_same() -> None:
    def public(kind: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(method).parameters)
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_")
        }

    assert public(Client) == public(AsyncClient)
