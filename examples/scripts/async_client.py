"""Runs a saved workflow three times at once, and tells how each goes.

python async_client.py ADDRESS FOLDER WORKFLOW NAME=VALUE…
"""

import asyncio
import sys

from hub.client import AsyncClient, NodeProgressed, RunFinished

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8188"
folder = sys.argv[2] if len(sys.argv) > 2 else "."
workflow, *values = sys.argv[3:] or ["card", "title=Hello"]
parameters = dict(value.split("=", 1) for value in values)


async def make(hub: AsyncClient, number: int) -> None:
    async for event in hub.stream(workflow, parameters):
        match event:
            case NodeProgressed(node=node, value=value, maximum=maximum):
                print(f"{number}: node {node}, {value:g} of {maximum:g}")
            case RunFinished(run=run):
                print(f"{number}: {run.state.value}")
                for output in run.outputs:
                    print(f"{number}: saved {await hub.save(output, folder)}")


async def main() -> None:
    async with AsyncClient(address) as hub, asyncio.TaskGroup() as tasks:
        for number in range(3):
            tasks.create_task(make(hub, number))


asyncio.run(main())
