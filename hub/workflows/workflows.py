"""The saved workflows of a configuration folder, read from `workflows/`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hub.config.documents import Documents
from hub.config.elements import Element
from hub.config.positions import Positions
from hub.config.problems import Place, Problems, closest
from hub.config.reader import Reader
from hub.errors import Invalid, NotFound
from hub.workflows.graph_file import read_graph
from hub.workflows.parameters import BadValue, Parameter, converted
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
        folder = documents.config / "workflows"
        files = [path for path in folder.glob("*.*") if path.suffix in (".json", ".yaml")]
        for name in sorted({path.stem for path in files}):
            own = Problems()
            workflow = _read(folder / f"{name}.json", documents, own)
            if workflow is not None and not len(own):
                workflows.append(workflow)
            else:
                broken[name] = [str(problem) for problem in own.in_order()]
            problems.extend(own)
        return cls(workflows, broken)

    def get(self, name: str) -> Workflow:
        """Raises `NoSuchWorkflow`, or `BrokenWorkflow` with its problems."""
        if name in self._broken:
            raise BrokenWorkflow(name, self._broken[name])
        if name not in self._workflows:
            raise NoSuchWorkflow(name, self.names)
        return self._workflows[name]

    def knows(self, name: str) -> bool:
        """Whether there is one of that name, if a broken one."""
        return name in self._workflows or name in self._broken

    def parameters_of(self, name: str) -> Mapping[str, Parameter]:
        """What it declares; nothing if it is broken."""
        return self._workflows[name].parameters if name in self._workflows else {}

    @property
    def names(self) -> list[str]:
        """Of all of them, broken ones too."""
        return sorted({*self._workflows, *self._broken})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workflows) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Workflow]:
        return iter(self._workflows.values())


def _read(path: Path, documents: Documents, problems: Problems) -> Workflow | None:
    graph = read_graph(path, documents.name(path), problems)
    sidecar_path = path.with_suffix(".yaml")
    if not sidecar_path.exists():
        return None if graph is None else Workflow(name=path.stem, graph=graph)
    sidecar = read_sidecar(documents.load(sidecar_path), graph, problems)
    if graph is None or sidecar is None:
        return None
    return Workflow(name=path.stem, graph=graph, sidecar=sidecar)


def read_sidecar(
    element: Element, graph: dict[str, Any] | None, problems: Problems
) -> Sidecar | None:
    """What stands beside a graph, with its mistakes noted; None if it cannot be read."""
    reader = Reader(problems)
    sidecar = reader.read(element, Sidecar)
    if graph is not None and sidecar is not None:
        _check_sidecar(sidecar, graph, reader.positions, problems)
    return sidecar


def _check_sidecar(
    sidecar: Sidecar, graph: dict[str, Any], positions: Positions, problems: Problems
) -> None:
    for name, parameter in sidecar.parameters.items():
        for index, node in enumerate(parameter.node):
            if node not in graph:
                place = positions.of(parameter, "node", index)
                _note_missing_node(node, graph, place, problems)
            else:
                _check_inputs(parameter, node, graph[node], positions, problems)
        _check_default(name, parameter, positions, problems)
    for output in sidecar.outputs.values():
        if output.node not in graph:
            _note_missing_node(output.node, graph, positions.of(output, "node"), problems)


def _check_inputs(
    parameter: Parameter, node: str, held: dict[str, Any], positions: Positions, problems: Problems
) -> None:
    for name in parameter.inputs:
        if name not in held["inputs"]:
            message = f"node {node} ({held['class_type']}) has no {name!r}"
            near = closest(name, held["inputs"])
            problems.add(positions.of(parameter, "input"), message, suggestion=near)


def _note_missing_node(node: str, graph: dict[str, Any], place: Place, problems: Problems) -> None:
    message = f"the graph has no node {node!r}; it has {', '.join(graph)}"
    problems.add(place, message, value=node, suggestion=closest(node, graph))


def _check_default(
    name: str, parameter: Parameter, positions: Positions, problems: Problems
) -> None:
    try:
        if parameter.default is not None:
            converted(name, parameter, parameter.default)
    except BadValue as error:
        problems.add(positions.of(parameter, "default"), str(error))
