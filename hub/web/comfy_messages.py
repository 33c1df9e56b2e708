"""Notices in ComfyUI's words: the text messages of its WebSocket."""

from collections.abc import Iterator
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
from hub.records.run import Run, RunError, RunNode, RunState
from hub.web.comfy_numbers import plain, timestamp
from hub.web.comfy_progress import Nodes, ProgressStates

Message = dict[str, Any]
OfNodes = NodesCached | NodeStarted | NodeProgressed | NodeFinished


def messages_of(
    notice: Notice, remaining: int, executed: list[str], states: ProgressStates
) -> Iterator[Message]:
    """What the client is told who posted the run.

    `executed` are the nodes that were carried out before a run ended otherwise than well; `states`
    what this client heard so far.
    """
    nodes = states.after(notice)
    match notice:
        case RunQueued():
            yield status(remaining)
        case RunStarted(run=run):
            yield status(remaining)
            moment = timestamp(run.started_at or run.created_at)
            yield _message("execution_start", run, timestamp=moment)
        case RunFinished(run=run):
            if nodes is not None:
                yield _message("progress_state", run, nodes=nodes)
            yield end_message(run, executed)
            yield status(remaining)
            yield _message("executing", run, node=None)
        case NodesCached() | NodeStarted() | NodeProgressed() | NodeFinished():
            yield from _node_messages(notice, nodes)


def messages_for_all(notice: Notice, states: ProgressStates) -> Iterator[Message]:
    """Of a prompt that names no client everybody hears how far it is, and whether somebody stopped
    it; nothing else."""
    if isinstance(notice, RunFinished):
        run, so_far = notice.run, states.of(notice.run)
        states.after(notice)
        if run.state is RunState.CANCELLED and run.started_at is not None:
            yield end_message(run, _finished(so_far))
        return
    nodes = states.after(notice)
    if nodes is None:
        return
    assert isinstance(notice, OfNodes), "nothing else changes nodes"
    yield _message("progress_state", notice.run, nodes=nodes)
    if isinstance(notice, NodeProgressed):
        yield _progress(notice)


def _node_messages(notice: OfNodes, nodes: Nodes | None) -> Iterator[Message]:
    """A node's state is told before what it begins or does, and after what it gave."""
    if nodes is not None and not isinstance(notice, NodeFinished):
        yield _message("progress_state", notice.run, nodes=nodes)
    match notice:
        case NodesCached(run=run, nodes=cached):
            moment = timestamp(run.started_at or run.created_at)
            yield _message("execution_cached", run, nodes=list(cached), timestamp=moment)
        case NodeStarted(run=run, node=node):
            yield executing(run, node)
        case NodeProgressed():
            yield _progress(notice)
        case NodeFinished(run=run, node=node, blocked=blocked) if blocked is not None:
            yield _blocked(run, notice.display or node, blocked)
        case NodeFinished(run=run, node=node, ui=ui) if ui:
            shown = notice.display or node
            yield _message("executed", run, node=node, display_node=shown, output=ui)
    if nodes is not None and isinstance(notice, NodeFinished):
        yield _message("progress_state", notice.run, nodes=nodes)


def executing(run: Run, node: str) -> Message:
    """A node is being carried out."""
    return _message("executing", run, node=node, display_node=node)


def _progress(notice: NodeProgressed) -> Message:
    value, maximum = plain(notice.value), plain(notice.maximum)
    return _message("progress", notice.run, value=value, max=maximum, node=notice.node)


def status(remaining: int, **extra: str) -> Message:
    """How many runs are left."""
    data = {"status": {"exec_info": {"queue_remaining": remaining}}, **extra}
    return {"type": "status", "data": data}


def end_message(run: Run, executed: list[str]) -> Message:
    """How a run ended, with the node that failed or in which somebody stopped it."""
    moment = timestamp(run.ended_at or run.created_at)
    if run.state is RunState.SUCCEEDED:
        return _message("execution_success", run, timestamp=moment)
    error = run.error
    where = {
        "node_id": error.node if error else run.stopped_in,
        "node_type": error.node_type if error else _class_of(run, run.stopped_in),
        "executed": executed,
    }
    if run.state is RunState.CANCELLED or error is None:
        return _message("execution_interrupted", run, **where, timestamp=moment)
    return _message("execution_error", run, **where, **_what(run, error), timestamp=moment)


def executed_of(nodes: list[RunNode]) -> list[str]:
    """The nodes that were carried out before something went wrong, without those from the cache."""
    return [node.node for node in nodes if not node.cached]


def _blocked(run: Run, node: str, message: str) -> Message:
    """A blocker kept a node from being called; the run goes on."""
    return _message(
        "execution_error",
        run,
        node_id=node,
        node_type=_class_of(run, node),
        executed=[],
        exception_message=f"Execution Blocked: {message}",
        exception_type="ExecutionBlocked",
        traceback=[],
        current_inputs={},
        current_outputs=[],
    )


def _class_of(run: Run, node: str | None) -> str | None:
    return run.graph.get(node, {}).get("class_type") if node is not None else None


def _finished(nodes: Nodes) -> list[str]:
    return [node for node, now in nodes.items() if now["state"] == "finished"]


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
