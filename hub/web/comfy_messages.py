"""Notices in ComfyUI's words: the text messages of its WebSocket."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notice,
    RunFinished,
    RunQueued,
    RunStarted,
)
from hub.records.run import Run, RunError, RunState

Message = dict[str, Any]


def messages_of(
    notice: Notice, client: str, remaining: int, executed: list[str]
) -> Iterator[Message]:
    """What the client of that id is told. Everybody hears how long the queue is.

    `executed` are the nodes that were carried out before a run ended otherwise than well.
    """
    match notice:
        case RunQueued():
            yield status(remaining)
        case RunStarted(run=run):
            yield status(remaining)
            if run.client == client:
                moment = timestamp(run.started_at or run.created_at)
                yield _message("execution_start", run, timestamp=moment)
        case RunFinished(run=run):
            if run.client == client:
                yield end_message(run, executed)
            yield status(remaining)
            if run.client == client:
                yield _message("executing", run, node=None)
        case NodesCached() | NodeStarted() | NodeProgressed() | NodeFinished():
            if notice.run.client == client:
                yield from _node_messages(notice)


def _node_messages(
    notice: NodesCached | NodeStarted | NodeProgressed | NodeFinished,
) -> Iterator[Message]:
    match notice:
        case NodesCached(run=run, nodes=nodes):
            moment = timestamp(run.started_at or run.created_at)
            yield _message("execution_cached", run, nodes=list(nodes), timestamp=moment)
        case NodeStarted(run=run, node=node):
            yield _message("executing", run, node=node, display_node=node)
        case NodeProgressed(run=run, node=node, value=value, maximum=maximum):
            yield _message("progress", run, value=plain(value), max=plain(maximum), node=node)
        case NodeFinished(run=run, node=node, blocked=blocked) if blocked is not None:
            yield _blocked(run, notice.display or node, blocked)
        case NodeFinished(run=run, node=node, ui=ui) if ui:
            shown = notice.display or node
            yield _message("executed", run, node=node, display_node=shown, output=ui)


def status(remaining: int, **extra: str) -> Message:
    """How many runs are left."""
    data = {"status": {"exec_info": {"queue_remaining": remaining}}, **extra}
    return {"type": "status", "data": data}


def end_message(run: Run, executed: list[str]) -> Message:
    """How a run ended, with the node that failed."""
    moment = timestamp(run.ended_at or run.created_at)
    if run.state is RunState.SUCCEEDED:
        return _message("execution_success", run, timestamp=moment)
    error = run.error
    where = {
        "node_id": error.node if error else None,
        "node_type": error.node_type if error else None,
        "executed": executed,
    }
    if run.state is RunState.CANCELLED or error is None:
        return _message("execution_interrupted", run, **where, timestamp=moment)
    return _message("execution_error", run, **where, **_what(run, error), timestamp=moment)


def timestamp(moment: datetime) -> int:
    """Milliseconds since 1970 UTC."""
    return int(moment.astimezone(UTC).timestamp() * 1000)


def plain(number: float) -> float:
    """3 instead of 3.0, as ComfyUI writes whole numbers."""
    return int(number) if number == int(number) else number


def _blocked(run: Run, node: str, message: str) -> Message:
    """A blocker kept a node from being called; the run goes on."""
    return _message(
        "execution_error",
        run,
        node_id=node,
        node_type=run.graph.get(node, {}).get("class_type"),
        executed=[],
        exception_message=f"Execution Blocked: {message}",
        exception_type="ExecutionBlocked",
        traceback=[],
        current_inputs={},
        current_outputs=[],
    )


def _what(run: Run, error: RunError) -> dict[str, Any]:
    return {
        "exception_message": f"{error.message}\n",
        "exception_type": error.exception_type or error.kind.value,
        "traceback": list(error.traceback),
        "current_inputs": error.inputs,
        "current_outputs": list(run.graph),
    }


def _message(kind: str, run: Run, **data: Any) -> Message:
    return {"type": kind, "data": {**data, "prompt_id": run.id}}
