"""Calling a node: inputs resolved to lists, one call per element, results gathered into slots."""

from collections.abc import Iterator
from typing import Any

from hub.engine.graph import is_link, unwrapped
from hub.engine.worker.cache import Slots
from hub.engine.worker.context import Attempt
from hub.engine.worker.node_classes import NodeClass, hidden_value
from hub.nodes.api import NodeOutput

Inputs = dict[str, list[Any]]


def resolve(attempt: Attempt, node: str, loaded: NodeClass, results: dict[str, Slots]) -> Inputs:
    """Every input as a list. Constants that the class does not declare are left out; links are
    followed whether declared or not."""
    inputs: Inputs = {}
    for name, value in attempt.order.graph[node]["inputs"].items():
        declared = loaded.schema.input(name)
        if is_link(value):
            raw = declared is not None and declared.raw_link
            inputs[name] = [value] if raw else results[value[0]][int(value[1])]
        elif declared is not None:
            inputs[name] = [unwrapped(value)]
    return inputs


def arguments(
    attempt: Attempt, node: str, loaded: NodeClass, inputs: Inputs
) -> Iterator[dict[str, Any]]:
    """The keyword arguments of each call that is to be made."""
    order = attempt.order
    hidden = {
        token.lower(): hidden_value(token, node, order.graph, order.extra)
        for token in loaded.hidden
    }
    if loaded.schema.is_input_list:
        yield inputs | {name: [value] for name, value in hidden.items()}
        return
    if any(not values for values in inputs.values()):
        return  # nothing to work on: no calls, empty outputs
    for index in range(max(map(len, inputs.values()), default=1)):
        # Shorter lists repeat their last element.
        yield {
            name: values[min(index, len(values) - 1)] for name, values in inputs.items()
        } | hidden


def gather(
    loaded: NodeClass, outputs: list[NodeOutput]
) -> tuple[Slots, dict[str, list[Any]] | None]:
    """The results of all calls: slots, and what they show together."""
    slots: Slots = [[] for _ in loaded.schema.outputs]
    ui: dict[str, list[Any]] = {}
    for output in outputs:
        for slot, declared, value in zip(slots, loaded.schema.outputs, output.values, strict=True):
            if declared.is_list:
                slot.extend(value)
            else:
                slot.append(value)
        for key, entries in (output.ui or {}).items():
            ui.setdefault(key, []).extend(entries)
    return slots, ui or None
