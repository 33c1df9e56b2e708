"""What functions of packs return, as our `NodeOutput`."""

from typing import Any

from hub.nodes import api
from hub.nodes.api import NodeOutput


def node_output(result: Any, outputs: int) -> NodeOutput:
    """From a tuple, a dict with any of `ui`, `result` and `expand`, a blocker or nothing.

    A tuple that is too short is filled up with None, and one that is too long is cut, as packs
    expect: what a reader does not take does not count.
    """
    if isinstance(result, NodeOutput):
        return result
    if isinstance(result, dict) and result.keys() & {"ui", "result", "expand"}:
        values = _values(result.get("result"), outputs)
        return _made(values, ui=_lists(result.get("ui")), expand=result.get("expand"))
    return _made(_values(result, outputs))


def blocked(message: str | None, outputs: int) -> tuple[Any, ...]:
    """A blocker on every output."""
    return (execution_blocker()(message),) * outputs


def execution_blocker() -> type[Any]:
    """The class of blockers. Raises `ImportError` while the engine has none."""
    blocker = getattr(api, "ExecutionBlocker", None)
    if blocker is None:
        raise ImportError("ExecutionBlocker is ComfyUI's, and the hub does not offer it yet.")
    kind: type[Any] = blocker
    return kind


def _values(result: Any, outputs: int) -> tuple[Any, ...]:
    if result is None:
        return ()
    if is_blocker(result):
        return (result,) * outputs
    if not isinstance(result, tuple | list):
        result = (result,)
    if not result:
        return ()
    return (*result[:outputs], *[None] * (outputs - len(result)))


def is_blocker(value: Any) -> bool:
    blocker = getattr(api, "ExecutionBlocker", None)
    return blocker is not None and isinstance(value, blocker)


def _lists(ui: Any) -> dict[str, list[Any]] | None:
    return {str(key): list(items) for key, items in ui.items()} if ui else None


def _made(values: tuple[Any, ...], **parts: Any) -> NodeOutput:
    given = {name: part for name, part in parts.items() if part is not None}
    return NodeOutput(*values, **given)
