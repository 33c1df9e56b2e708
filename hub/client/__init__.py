"""Using a hub from other programs: `from hub.client import Client`, or `AsyncClient`.

It speaks HTTP, and needs no other part of the hub.
"""

from hub.client.async_client import AsyncClient
from hub.client.errors import ClientError, Refused, RunFailed, Unreachable
from hub.client.events import (
    AnyEvent,
    NodeFinished,
    NodeProgressed,
    NodeStarted,
    PreviewChanged,
    RunFinished,
    RunHeldUp,
    RunQueued,
    RunStarted,
)
from hub.client.records import Output, Parameter, Run, RunDetails, RunError, RunState, Workflow
from hub.client.sync_client import Client

__all__ = [
    "AnyEvent",
    "AsyncClient",
    "Client",
    "ClientError",
    "NodeFinished",
    "NodeProgressed",
    "NodeStarted",
    "Output",
    "Parameter",
    "PreviewChanged",
    "Refused",
    "Run",
    "RunDetails",
    "RunError",
    "RunFailed",
    "RunFinished",
    "RunHeldUp",
    "RunQueued",
    "RunStarted",
    "RunState",
    "Unreachable",
    "Workflow",
]
