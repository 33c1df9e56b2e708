"""List mapping: how often a node is called, with what, and how the results are put together."""

from collections.abc import Mapping
from typing import Any

from hub.engine.graph import GraphNode, is_link, unwrapped
from hub.engine.worker.cache import Outputs
from hub.engine.worker.context import Attempt
from hub.engine.worker.node_classes import NodeClass, hidden_value
from hub.errors import Invalid
from hub.nodes.api import ExecutionBlocker, NodeOutput, Schema
from hub.nodes.pictures import Pictures

Inputs = dict[str, list[Any]]
"""For each parameter all its values; a constant has one."""


class NoSuchOutput(Invalid):
    """A link leads to an output that its source did not give."""

    def __init__(self, name: str, source: str, output: int) -> None:
        super().__init__(
            f"Input {name!r} takes output {output} of node {source}, which gave none. If that node "
            "is one of a pack, report it to whoever made it; otherwise link another output."
        )


class NotAnOutput(Invalid):
    """A node returned something else than what its class declares."""

    def __init__(self, schema: Schema, result: str) -> None:
        declared = f"a NodeOutput of {len(schema.outputs)} values"
        super().__init__(f"{schema.class_type} returned {result} instead of {declared}.")


def resolve(node: GraphNode, schema: Schema, outputs: Mapping[str, Outputs]) -> Inputs:
    """Every input of a node as a list of values. Raises `NoSuchOutput`.

    Constants that the class does not declare are left out; links are followed all the same.
    Pictures become tensors for a class that does not take them. A lazy input whose source is not
    settled is None.
    """
    inputs: Inputs = {}
    for name, value in node["inputs"].items():
        declared = schema.input(name)
        if not is_link(value):
            if declared is not None or schema.accepts_all_inputs:
                inputs[name] = [unwrapped(value)]
        elif declared is not None and declared.raw_link:
            inputs[name] = [value]
        elif declared is not None and declared.lazy and value[0] not in outputs:
            inputs[name] = [None]
        else:
            linked = _linked(name, value, outputs)
            inputs[name] = linked if schema.takes_pictures else list(map(_tensor, linked))
    return inputs


def constants(node: GraphNode, schema: Schema) -> dict[str, Any]:
    """The declared inputs as known before anything runs: None in place of links."""
    given = node["inputs"]
    return {
        item.name: None if is_link(given[item.name]) else unwrapped(given[item.name])
        for item in schema.inputs
        if item.name in given
    }


def hidden_inputs(attempt: Attempt, node: str, loaded: NodeClass) -> Inputs:
    """What the engine adds for a class that asks for it."""
    return {
        token.lower(): [hidden_value(token, node, attempt.graph, attempt.order.extra)]
        for token in loaded.hidden
    }


def calls(inputs: Inputs, schema: Schema) -> list[dict[str, Any]]:
    """The arguments of each call.

    As many calls as the longest list has values, where shorter ones repeat their last; none if a
    list is empty. A class with `is_input_list` is called once with the lists themselves.
    """
    if schema.is_input_list:
        return [dict(inputs)]
    if not all(inputs.values()):
        return []
    most = max(map(len, inputs.values()), default=1)
    if most == 1:  # as nearly always
        return [{name: values[0] for name, values in inputs.items()}]
    return [
        {name: values[min(number, len(values) - 1)] for name, values in inputs.items()}
        for number in range(most)
    ]


def blocker(call: dict[str, Any], schema: Schema) -> ExecutionBlocker | None:
    """What keeps a call from being made, if anything does."""
    for value in call.values():
        for item in value if schema.is_input_list else [value]:
            if isinstance(item, ExecutionBlocker):
                return item
    return None


def gather(
    returned: list[NodeOutput], schema: Schema, expanded: Mapping[str, Outputs]
) -> tuple[Outputs, dict[str, Any] | None]:
    """Per output the values of all calls, and what all calls show together. Values that are links
    of a call that expanded stand for those in `expanded`.

    Raises `NoSuchOutput`. A class that only shows something may return a `NodeOutput` without
    values; it has no outputs then, and whoever reads one fails.
    """
    outputs: Outputs = tuple([[] for _ in schema.outputs])
    ui: dict[str, Any] = {}
    if returned and not any(each.values for each in returned):
        outputs = ()
    for given in returned:
        for values, item, value in zip(outputs, schema.outputs, given.values, strict=False):
            if given.expand is not None and is_link(value):
                values.extend(_linked(item.name, value, expanded))
            elif item.is_list and not isinstance(value, ExecutionBlocker):
                values.extend(value)
            else:
                values.append(value)
        for key, items in (given.ui or {}).items():
            ui.setdefault(key, []).extend(items)
    return outputs, ui or None


def as_outputs(results: list[Any], schema: Schema) -> list[NodeOutput]:
    """What calls returned; a bare blocker blocks every output. Raises `NotAnOutput`."""
    return [_as_output(result, schema) for result in results]


def _as_output(result: Any, schema: Schema) -> NodeOutput:
    if isinstance(result, ExecutionBlocker):
        return NodeOutput(*[result] * len(schema.outputs))
    if not isinstance(result, NodeOutput):
        raise NotAnOutput(schema, f"a {type(result).__name__}")
    if result.block_execution is not None:
        blocks = [ExecutionBlocker(result.block_execution)] * len(schema.outputs)
        return NodeOutput(*blocks, ui=result.ui)
    if result.values and len(result.values) != len(schema.outputs):
        raise NotAnOutput(schema, f"{len(result.values)} values")
    return result


def _linked(name: str, link: list[Any], outputs: Mapping[str, Outputs]) -> list[Any]:
    source, output = link
    given = outputs.get(source, ())
    if not 0 <= output < len(given):
        raise NoSuchOutput(name, source, output)
    return given[int(output)]


def _tensor(value: Any) -> Any:
    return value.tensor() if isinstance(value, Pictures) else value
