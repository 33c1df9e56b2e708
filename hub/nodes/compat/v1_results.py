"""What functions of packs return, as our `NodeOutput`."""

from typing import Any

from hub.errors import Invalid
from hub.nodes.api import ExecutionBlocker, NodeOutput


class NoTuple(Invalid):
    """A function of several outputs returned one bare value."""

    def __init__(self, kind: str, outputs: int) -> None:
        super().__init__(
            f"The node returned a {kind} instead of a tuple of its {outputs} outputs. That is a "
            "mistake in the node: report it to whoever made it."
        )


def node_output(result: Any, outputs: int) -> NodeOutput:
    """From a tuple, a dict with any of `ui`, `result` and `expand`, a blocker or nothing; a bare
    value is that of a single output, and else raises `NoTuple`.

    A tuple that is too short is filled up with None, and one that is too long is cut, as packs
    expect: what a reader does not take does not count.
    """
    if isinstance(result, NodeOutput):
        return result
    if isinstance(result, dict) and result.keys() & {"ui", "result", "expand"}:
        values = output_values(result.get("result"), outputs)
        return NodeOutput(*values, ui=shown(result.get("ui")), expand=result.get("expand"))
    return NodeOutput(*output_values(result, outputs))


def output_values(result: Any, outputs: int) -> tuple[Any, ...]:
    """One for each output, or none at all."""
    if result is None:
        return ()
    if isinstance(result, ExecutionBlocker):
        return (result,) * outputs
    if not isinstance(result, tuple | list):
        if outputs > 1:
            raise NoTuple(type(result).__name__, outputs)
        result = (result,)
    if not result:
        return ()
    return (*result[:outputs], *[None] * (outputs - len(result)))


def shown(ui: Any) -> dict[str, list[Any]] | None:
    """What a node shows, by its keys; the third node API has objects that tell it."""
    told = ui.as_dict() if hasattr(ui, "as_dict") else ui
    return {str(key): list(items) for key, items in told.items()} if told else None
