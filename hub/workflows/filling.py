"""Filling a workflow: values become inputs of its graph, files are named and then put in."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from hub.errors import Invalid
from hub.workflows.parameters import ParameterType, converted
from hub.workflows.workflow import Workflow


class UnknownParameter(Invalid):
    """A value was given for something that the workflow does not take."""

    def __init__(self, workflow: Workflow, name: str) -> None:
        known = list(workflow.parameters)
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" It takes {', '.join(known) or 'none'}."
        super().__init__(f"Workflow {workflow.name!r} has no parameter {name!r}.{hint}")


class MissingParameters(Invalid):
    """Values that the workflow needs were not given."""

    def __init__(self, workflow: Workflow, names: list[str]) -> None:
        super().__init__(f"Workflow {workflow.name!r} needs {', '.join(names)}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A graph with its values in place.

    `values` is what each parameter became. `files` are the paths that still have to be admitted to
    the input store, by parameter; `with_files` puts their names in.
    """

    graph: dict[str, Any]
    values: dict[str, Any]
    files: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def with_files(self, names: Mapping[str, list[str]]) -> dict[str, Any]:
        """The graph with the admitted names; several are one per line."""
        for parameter, stored in names.items():
            node, item = self.places[parameter]
            self.graph[node]["inputs"][item] = "\n".join(stored)
        return self.graph


def fill(workflow: Workflow, values: Mapping[str, Any]) -> Filled:
    """Put `values` in place. What a workflow does not declare is addressed as `6.text`, or by the
    node's title. Raises `Invalid` naming the parameter."""
    graph = deepcopy(workflow.graph)
    filled = Filled(graph=graph, values={})
    missing = [
        name
        for name, parameter in workflow.parameters.items()
        if parameter.required and values.get(name) is None
    ]
    if missing:
        raise MissingParameters(workflow, missing)
    for name, value in (_defaults(workflow) | dict(values)).items():
        if name in workflow.parameters:
            _fill_declared(workflow, filled, name, value)
        else:
            node, item = _addressed(workflow, name)
            filled.values[name] = value
            graph[node]["inputs"][item] = _unlinked(value)
    return filled


def _defaults(workflow: Workflow) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in workflow.parameters.items()
        if parameter.default is not None
    }


def _fill_declared(workflow: Workflow, filled: Filled, name: str, value: Any) -> None:
    parameter = workflow.parameters[name]
    if value is None:
        return
    result = converted(name, parameter, value)
    filled.values[name] = result
    if parameter.type.is_file:
        filled.files[name] = result if parameter.type is ParameterType.IMAGES else [result]
        filled.places[name] = (parameter.node, parameter.input)
    else:
        filled.graph[parameter.node]["inputs"][parameter.input] = result


def _addressed(workflow: Workflow, name: str) -> tuple[str, str]:
    """The node and input that `id.input` or `title.input` names."""
    owner, dot, item = name.rpartition(".")
    titled = [
        node
        for node, definition in workflow.graph.items()
        if node == owner or definition.get("_meta", {}).get("title") == owner
    ]
    if not dot or not titled:
        raise UnknownParameter(workflow, name)
    if len(titled) > 1:
        nodes = ", ".join(titled)
        raise Invalid(f"{name!r}: several nodes have that title ({nodes}); use the node's id.")
    if item not in workflow.graph[titled[0]]["inputs"]:
        raise Invalid(f"{name!r}: node {titled[0]} has no input {item!r}.")
    return titled[0], item


def _unlinked(value: Any) -> Any:
    """A list of two could be read as a link, so it is wrapped."""
    return {"__value__": value} if isinstance(value, list) else value
