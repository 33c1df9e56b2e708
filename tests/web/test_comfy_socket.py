"""ComfyUI's WebSocket."""

from hub.app import Hub
from tests.web.client import Client, Socket
from tests.web.configuration import plain_graph
from tests.web.prompts import post


async def end_of_run(socket: Socket) -> list[str]:
    """The types of all messages until nothing is being carried out any more."""
    types = []
    while True:
        messages = await socket.until("executing")
        types += [message["type"] for message in messages]
        if messages[-1]["data"]["node"] is None:
            return types


async def test_a_client_is_greeted_with_the_queue_and_its_own_name(client: Client) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        (greeting,) = await socket.until("status")
    assert greeting["data"] == {"status": {"exec_info": {"queue_remaining": 0}}, "sid": "me"}


async def test_a_client_without_name_is_given_one(client: Client) -> None:
    async with client.socket("/api/ws") as socket:
        (greeting,) = await socket.until("status")
    assert len(greeting["data"]["sid"]) == 32


async def test_a_client_follows_its_run_to_the_end(client: Client) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        await socket.until("status")
        _, accepted = await client.post("/prompt", {"prompt": plain_graph(), "client_id": "me"})
        types = await end_of_run(socket)
    _, history = await client.get(f"/history/{accepted['prompt_id']}")
    assert types == [
        *("status", "status"),
        *("execution_start", "execution_cached"),
        *("progress_state", "executing", "executed", "progress_state"),
        *("execution_success", "status", "executing"),
    ]
    assert history[accepted["prompt_id"]]["status"]["completed"]


async def test_who_comes_back_is_told_what_his_run_does(client: Client, hub: Hub) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        prompt = await post(client, client_id="me")
        await socket.until("execution_cached")
    run = hub.runs.unended(prompt)
    assert run
    recorder = hub.runs._recorder  # the worker of the tests tells of no node that goes on
    recorder.node_started(run.id, run.attempt, "2")
    async with client.socket("/ws?clientId=me") as mine, client.socket("/ws?clientId=you") as other:
        assert (await mine.until("executing"))[-1]["data"]["node"] == "2"
        (greeting,) = await other.until("status")
        hub.runs.cancel(prompt)
        assert (await mine.until("execution_interrupted"))[-1]["data"]["prompt_id"] == prompt
        types = [message["type"] for message in await other.until("status")]
    assert greeting["data"]["status"]["exec_info"]["queue_remaining"] == 1
    assert types == ["status"]


async def test_a_client_is_told_of_an_error(client: Client) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        body = {"prompt": plain_graph(fake="fail"), "client_id": "me"}
        await client.post("/prompt", body)
        error = (await socket.until("execution_error"))[-1]["data"]
    assert (error["node_id"], error["node_type"]) == ("2", "SaveImage")
    assert error["exception_message"] == "It was asked to fail.\n"


async def test_other_clients_hear_only_how_long_the_queue_is(client: Client, hub: Hub) -> None:
    async with client.socket("/ws?clientId=you") as socket:
        await socket.until("status")
        run = await client.run(plain_graph(), client="me")
        await hub.runs.wait(run["id"])
        last = await client.run(plain_graph(), client="you")
        messages = await socket.until("execution_start")
    assert {message["type"] for message in messages[:-1]} == {"status"}
    assert messages[-1]["data"]["prompt_id"] == last["id"]
