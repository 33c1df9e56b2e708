"""A small graph, and workflows made from it."""

from copy import deepcopy
from typing import Any

from hub.workflows.parameters import Parameter, ParameterType
from hub.workflows.workflow import Sidecar, Workflow

GRAPH: dict[str, Any] = {
    "1": {"class_type": "Load", "inputs": {"image": "example.png"}, "_meta": {"title": "Source"}},
    "2": {
        "class_type": "Scale",
        "inputs": {"image": ["1", 0], "by": 2.0, "smooth": True},
        "_meta": {"title": "Bigger"},
    },
    "3": {"class_type": "Save", "inputs": {"images": ["2", 0], "prefix": "a", "quality": 80}},
    "4": {"class_type": "Save", "inputs": {"images": ["2", 0], "prefix": "b", "quality": 80}},
}


def parameter(kind: ParameterType | str, **details: Any) -> Parameter:
    """A parameter of that type, of node 3's prefix unless said otherwise."""
    is_pair = kind == ParameterType.RESOLUTION
    where = {"node": ["3"], "input": "" if is_pair else "prefix", **details}
    return Parameter(type=ParameterType(kind), **where)


def workflow(**parameters: Parameter) -> Workflow:
    return Workflow(name="bigger", graph=deepcopy(GRAPH), sidecar=Sidecar(parameters=parameters))
