"""A hub in a process of its own that says on its standard output what happens: for tests that kill.

`python -m hub.testing.serving CONFIG [--real-worker] [--port N]` prints `ready ADDRESS`, then one
line per begun run (`begun NUMBER`), per ended run (`run NUMBER STATE`), per ended firing
(`firing STATE`) and per judged file (`file STATE NAME`, the name as Python's ascii() writes it).
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import uvloop

from hub.app import Hub
from hub.notices import FileSighted, FiringChanged, RunFinished, RunStarted, Subscription
from hub.records.firing import FiringState

UNDER_WAY = {FiringState.WAITING.value, FiringState.RUNNING.value}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("--real-worker", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    worker = "hub.engine.worker" if arguments.real_worker else "hub.testing.worker"
    uvloop.run(_serve(arguments.config, worker, arguments.port))


async def _serve(config: Path, worker: str, port: int) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    hub = Hub(config, port=port, worker_module=worker)
    with hub.notices.subscribe() as subscription:
        async with hub, asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(_tell(subscription))
            _say(f"ready {hub.address}")
            await stopped.wait()
            telling.cancel()


async def _tell(subscription: Subscription) -> None:
    async for notice in subscription:
        match notice:
            case RunStarted(run=run):
                _say(f"begun {run.number}")
            case RunFinished(run=run):
                _say(f"run {run.number} {run.state.value}")
            case FiringChanged(state=state) if state not in UNDER_WAY:
                _say(f"firing {state}")
            case FileSighted(state=state, path=path):
                _say(f"file {state} {Path(path).name!a}")
            case _:
                pass


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
