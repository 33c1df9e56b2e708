"""What functions of packs return, as our `NodeOutput`."""

from typing import Any

from hub.nodes.api import ExecutionBlocker, NodeOutput


def node_output(result: Any, outputs: int) -> NodeOutput:
    """From a tuple, a dict with any of `ui`, `result` and `expand`, a blocker or nothing.

    A tuple that is too short is filled up with None, and one that is too long is cut, as packs
    expect: what a reader does not take does not count.
    """
    if isinstance(result, NodeOutput):
        return result
    if isinstance(result, dict) and result.keys() & {"ui", "result", "expand"}:
        values = _values(result.get("result"), outputs)
        return NodeOutput(*values, ui=_lists(result.get("ui")), expand=result.get("expand"))
    return NodeOutput(*_values(result, outputs))


def _values(result: Any, outputs: int) -> tuple[Any, ...]:
    if result is None:
        return ()
    if isinstance(result, ExecutionBlocker):
        return (result,) * outputs
    if not isinstance(result, tuple | list):
        result = (result,)
    if not result:
        return ()
    return (*result[:outputs], *[None] * (outputs - len(result)))


def _lists(ui: Any) -> dict[str, list[Any]] | None:
    return {str(key): list(items) for key, items in ui.items()} if ui else None
