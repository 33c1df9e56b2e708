"""The graph of a run with other values, to try it once more."""

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid

Graph = dict[str, Any]


class NothingToChange(Invalid):
    """A value is meant for something that the graph does not have."""

    def __init__(self, what: str, known: list[str]) -> None:
        listed = ", ".join(map(repr, known[:20])) or "nothing"
        super().__init__(f"There is no {what} to change; there are {listed}.")


def changed(graph: Graph, inputs: Mapping[str, Mapping[str, Any]]) -> Graph:
    """The same with these values, by node and input; what is not named stays as it is, to the last
    digit. Raises `NothingToChange`."""
    fresh = dict(graph)
    for node, values in inputs.items():
        if node not in graph:
            raise NothingToChange(f"node {node[:50]!r}", [*graph])
        held = graph[node]["inputs"]
        for name in values:
            if name not in held:
                raise NothingToChange(f"input {name[:50]!r} of node {node!r}", [*held])
        fresh[node] = {**graph[node], "inputs": {**held, **values}}
    return fresh
