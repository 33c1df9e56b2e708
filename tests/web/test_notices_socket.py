"""Notices over a WebSocket."""

from typing import Any

import pytest

from hub.app import Hub
from hub.notices import FiringChanged, Notice
from hub.web import notices_socket
from hub.web.json_text import to_json
from hub.web.notices_socket import LIMIT, MOST_KEPT, WrittenNotices
from hub.web.shapes import notice_shape
from tests.web.client import Client
from tests.web.configuration import plain_graph


async def test_a_run_is_followed_from_queue_to_end(client: Client, hub: Hub) -> None:
    await hub.engine.ready.wait()
    async with client.socket("/api/hub/notices") as socket:
        run = await client.run(plain_graph())
        notices = await socket.until("RunFinished")
    assert [notice["type"] for notice in notices] == [
        "RunQueued",
        "RunStarted",
        "NodesCached",
        "NodeStarted",
        "NodeFinished",
        "RunFinished",
    ]
    assert {notice["run"]["id"] for notice in notices} == {run["id"]}
    assert notices[-1]["run"]["state"] == "succeeded"


async def test_a_slow_listener_loses_the_oldest_and_is_told_how_many(
    client: Client, hub: Hub
) -> None:
    async with client.socket("/api/hub/notices") as socket:
        await client.run(plain_graph())
        await socket.until("RunFinished")
        for number in range(LIMIT + 7):
            hub.notices.publish(FiringChanged(firing=str(number), automation="a", state="running"))
        lost, first = await socket.until("FiringChanged")
    assert lost == {"type": "NoticesLost", "count": 7}
    assert first["firing"] == "7"


def test_a_notice_is_written_once_however_many_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    shaped: list[Notice] = []

    def shape(notice: Notice) -> dict[str, Any]:
        shaped.append(notice)
        return notice_shape(notice)

    monkeypatch.setattr(notices_socket, "notice_shape", shape)
    written = WrittenNotices()
    told = [
        FiringChanged(firing=str(number), automation="a", state="running")
        for number in range(MOST_KEPT + 1)
    ]
    for notice in told:
        texts = [written.text_of(notice) for _ in range(3)]
        assert texts == [to_json(notice_shape(notice))] * 3
    assert shaped == told
    written.text_of(told[0])  # of which nothing was kept any more
    assert shaped[-1] is told[0]


async def test_a_listener_is_told_when_the_hub_stops(client: Client, hub: Hub) -> None:
    async with client.socket("/api/hub/notices") as socket:
        await hub.__aexit__(None, None, None)
        message = await socket.socket.receive()
        assert message.data == 1001
