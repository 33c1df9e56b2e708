"""The saved workflows of a configuration folder, read from `workflows/`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.config.documents import Documents
from hub.config.problems import Place, Problems, closest
from hub.config.reader import Reader
from hub.errors import Invalid, NotFound
from hub.workflows.workflow import Sidecar, Workflow


class NoSuchWorkflow(NotFound):
    """There is no saved workflow of that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        near = closest(name, known)
        hint = f"Did you mean {near!r}?" if near else f"There are: {', '.join(known) or 'none'}."
        super().__init__(f"There is no workflow {name!r}. {hint}")


class BrokenWorkflow(Invalid):
    """The workflow's files hold mistakes."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"Workflow {name!r} cannot be used: {'; '.join(problems)}")


class Workflows:
    """Saved workflows by name; broken ones are known with what is wrong with them."""

    def __init__(self, workflows: list[Workflow], broken: dict[str, list[str]]) -> None:
        self._workflows = {workflow.name: workflow for workflow in workflows}
        self._broken = broken

    @classmethod
    def load(cls, documents: Documents, problems: Problems) -> "Workflows":
        """Read them all. A broken one harms no other; its problems are noted."""
        workflows, broken = [], {}
        for path in sorted((documents.config / "workflows").glob("*.json")):
            own = Problems()
            workflow = _read(path, documents, own)
            if workflow is not None and not len(own):
                workflows.append(workflow)
            else:
                broken[path.stem] = [str(problem) for problem in own.in_order()]
            problems.extend(own)
        return cls(workflows, broken)

    def get(self, name: str) -> Workflow:
        """Raises `NoSuchWorkflow`, or `BrokenWorkflow` with its problems."""
        if name in self._broken:
            raise BrokenWorkflow(name, self._broken[name])
        if name not in self._workflows:
            raise NoSuchWorkflow(name, self.names)
        return self._workflows[name]

    @property
    def names(self) -> list[str]:
        """Of all of them, broken ones too."""
        return sorted({*self._workflows, *self._broken})

    def __iter__(self) -> Iterator[Workflow]:
        return iter(self._workflows.values())


def _read(path: Path, documents: Documents, problems: Problems) -> Workflow | None:
    graph = _read_graph(path, documents.name(path), problems)
    sidecar_path = path.with_suffix(".yaml")
    reader = Reader(problems)
    sidecar: Sidecar | None = Sidecar()
    if sidecar_path.exists():
        sidecar = reader.read(documents.load(sidecar_path), Sidecar)
    if graph is None or sidecar is None:
        return None
    if sidecar_path.exists():
        _check_sidecar(sidecar, graph, reader, problems)
    return Workflow(name=path.stem, graph=graph, sidecar=sidecar)


def _read_graph(path: Path, name: str, problems: Problems) -> dict[str, Any] | None:
    try:
        graph = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno)
        problems.add(place, f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}")
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Place(name), f"the file cannot be read: {error}")
        return None
    if isinstance(graph, dict) and isinstance(graph.get("nodes"), list):
        problems.add(
            Place(name),
            "this is the editor's own format; save it with `Export (API)` to run it here",
        )
        return None
    if not isinstance(graph, dict) or not graph or not all(map(_is_node, graph.values())):
        problems.add(
            Place(name), "this is no workflow in API format: nodes with class_type, inputs"
        )
        return None
    return graph


def _is_node(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("class_type"), str)
        and isinstance(value.get("inputs"), dict)
    )


def _check_sidecar(
    sidecar: Sidecar, graph: dict[str, Any], reader: Reader, problems: Problems
) -> None:
    for parameter in sidecar.parameters.values():
        node = graph.get(parameter.node)
        if node is None:
            place = reader.positions.of(parameter, "node")
            near = closest(parameter.node, graph)
            problems.add(place, f"the graph has no node {parameter.node!r}", suggestion=near)
        elif parameter.input not in node["inputs"]:
            place = reader.positions.of(parameter, "input")
            near = closest(parameter.input, node["inputs"])
            message = f"node {parameter.node} ({node['class_type']}) has no {parameter.input!r}"
            problems.add(place, message, suggestion=near)
    for output in sidecar.outputs.values():
        if output.node not in graph:
            place = reader.positions.of(output, "node")
            problems.add(place, f"the graph has no node {output.node!r}")
