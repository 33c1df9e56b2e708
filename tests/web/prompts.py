"""Prompts that are carried out until somebody stops them."""

from hub.app import Hub
from hub.notices import RunStarted
from tests.web.client import Client
from tests.web.configuration import plain_graph

TAKEN = 3  # one for each of its slots, and one ahead, which the worker of the tests begins too


async def post(client: Client, **options: object) -> str:
    """The id of a prompt that is in the queue now; one that goes on until it is stopped."""
    graph = plain_graph(fake="hang", filename_prefix=str(options))
    status, accepted = await client.post("/prompt", {"prompt": graph, **options})
    assert status == 200, accepted
    return str(accepted["prompt_id"])


async def begin(client: Client, hub: Hub, **options: object) -> str:
    """The same, once a worker carries it out."""
    with hub.notices.subscribe() as subscription:
        prompt = await post(client, **options)
        async for notice in subscription:
            if isinstance(notice, RunStarted) and notice.run.id == prompt:
                break
    return prompt


async def fill(client: Client, hub: Hub, waiting: int) -> tuple[list[str], list[str]]:
    """As many prompts as the worker takes are carried out, and so many wait."""
    running = [await begin(client, hub) for _ in range(TAKEN)]
    return running, [await post(client) for _ in range(waiting)]


async def stop_all(client: Client, hub: Hub) -> None:
    """Until nothing is left."""
    runs = list(hub.runs.all_unended())
    for run in runs:
        hub.runs.cancel(run.id)
    for run in runs:
        await hub.runs.wait(run.id)
