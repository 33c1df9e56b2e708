"""Filling a workflow: values become inputs of its graph, files are named and then put in."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from hub.config.problems import closest
from hub.errors import Invalid
from hub.workflows.parameters import Parameter, ParameterType, converted, converted_like, sides_of
from hub.workflows.workflow import Workflow

Place = tuple[str, str]
"""A node's id and the name of one of its inputs."""

_MOST_LISTED = 10


class UnknownParameter(Invalid):
    """A value was given for something that the workflow does not take."""

    def __init__(self, workflow: Workflow, name: str) -> None:
        known = list(workflow.parameters) or list(_addresses(workflow))
        near = closest(name, known)
        listed = ", ".join(islice(known, _MOST_LISTED)) or "none"
        hint = f"Did you mean {near!r}?" if near else f"It takes {listed}."
        super().__init__(f"Workflow {workflow.name!r} has no parameter {name!r}. {hint}")


class AmbiguousTitle(Invalid):
    """Several nodes have the title by which one of them was meant."""

    def __init__(self, name: str, nodes: list[str]) -> None:
        found = ", ".join(nodes)
        super().__init__(f"Parameter {name!r}: nodes {found} have that title; use the node's id.")


class MissingParameters(Invalid):
    """Values that the workflow needs were not given."""

    def __init__(self, workflow: Workflow, names: list[str]) -> None:
        super().__init__(f"Workflow {workflow.name!r} needs {', '.join(names)}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A graph with its values in place.

    `values` is what each parameter became. `files` are the paths that still have to be admitted to
    the input store, by parameter; `with_files` puts their names in. `folders` are paths that still
    have to be looked at.
    """

    graph: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)

    def with_files(self, names: Mapping[str, list[str]]) -> dict[str, Any]:
        """The graph with the admitted names; several are one per line."""
        for parameter, stored in names.items():
            self.put(self.places[parameter], "\n".join(stored))
        return self.graph

    def put(self, places: list[Place], value: Any) -> None:
        """Make `value` the constant of these inputs."""
        for node, item in places:
            self.graph[node]["inputs"][item] = value


def fill(workflow: Workflow, values: Mapping[str, Any]) -> Filled:
    """Put `values` in place, in a copy of the graph; None counts as not given.

    What a workflow does not declare is addressed as `6.text`, or by the node's title. Raises
    `Invalid` naming the parameter.
    """
    given = {name: value for name, value in values.items() if value is not None}
    places = {name: _places(workflow, name) for name in given}
    wanted = _defaults(workflow) | given
    missing = needed_by(workflow.parameters) - wanted.keys()
    if missing:
        raise MissingParameters(workflow, [name for name in workflow.parameters if name in missing])
    filled = Filled(graph=deepcopy(workflow.graph))
    for name, value in wanted.items():
        if name in workflow.parameters:
            _fill_declared(workflow, filled, name, value)
        else:
            _fill_addressed(filled, places[name][0], name, value)
    return filled


def needed_by(parameters: Mapping[str, Parameter]) -> set[str]:
    """The parameters that each run must be given: those required, without a default."""
    return {
        name
        for name, parameter in parameters.items()
        if parameter.required and parameter.default is None
    }


def as_it_stands(workflow: Workflow) -> tuple[dict[str, Any], set[Place]]:
    """The graph with the defaults of its parameters, and the inputs that get their values with
    each run only: those without a default, and files."""
    filled = Filled(graph=deepcopy(workflow.graph))
    for name, value in _defaults(workflow).items():
        _fill_declared(workflow, filled, name, value)
    names = needed_by(workflow.parameters) | filled.files.keys() | filled.folders.keys()
    return filled.graph, {place for name in names for place in _places(workflow, name)}


def _defaults(workflow: Workflow) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in workflow.parameters.items()
        if parameter.default is not None
    }


def _fill_declared(workflow: Workflow, filled: Filled, name: str, value: Any) -> None:
    parameter = workflow.parameters[name]
    result = converted(name, parameter, value)
    filled.values[name] = result
    places = _places(workflow, name)
    if parameter.type.is_file:
        filled.files[name] = result if parameter.type is ParameterType.IMAGES else [result]
        filled.places[name] = places
    elif parameter.type is ParameterType.FOLDER:
        filled.folders[name] = result
        filled.places[name] = places
    elif parameter.type is ParameterType.RESOLUTION:
        sides = sides_of(result)
        for node, item in places:
            filled.put([(node, item)], sides[item])
    else:
        filled.put(places, _constant(result))


def _fill_addressed(filled: Filled, place: Place, name: str, value: Any) -> None:
    node, item = place
    result = converted_like(filled.graph[node]["inputs"][item], name, value)
    filled.values[name] = result
    filled.put([place], _constant(result))


def _constant(value: Any) -> Any:
    """A list of two could be read as a link, so it is wrapped."""
    return {"__value__": value} if isinstance(value, list) else value


def _places(workflow: Workflow, name: str) -> list[Place]:
    """The inputs that a parameter fills: the declared ones, or that of `id.input`, `title.input`.

    Raises `UnknownParameter`, `AmbiguousTitle`.
    """
    if parameter := workflow.parameters.get(name):
        return [(node, item) for node in parameter.node for item in parameter.inputs]
    owner, _, item = name.rpartition(".")
    nodes = [node for node in workflow.graph if owner in (node, _title(workflow, node))]
    nodes = [owner] if owner in nodes else nodes
    if len(nodes) > 1:
        raise AmbiguousTitle(name, nodes)
    if not nodes or item not in workflow.graph[nodes[0]]["inputs"]:
        raise UnknownParameter(workflow, name)
    return [(nodes[0], item)]


def _addresses(workflow: Workflow) -> Iterator[str]:
    """The ways to name each input."""
    for node, definition in workflow.graph.items():
        for item in definition["inputs"]:
            yield f"{node}.{item}"
            if title := _title(workflow, node):
                yield f"{title}.{item}"


def _title(workflow: Workflow, node: str) -> str | None:
    """The node's title in the editor, if it has one."""
    meta = workflow.graph[node].get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title if isinstance(title, str) else None
