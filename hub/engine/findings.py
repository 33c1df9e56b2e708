"""What keeps a graph from being carried out, node by node and in plain words.

The graph check speaks ComfyUI's language to clients; this is the same for people. It goes on where
the check stops: nodes of classes that we lack count as givers of anything, so that everything else
that is wrong is told with them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from hub.config.problems import closest
from hub.engine.catalogue import Catalogue
from hub.engine.check import Checked, check_graph, class_of
from hub.engine.comfyui_classes import comfyui_classes
from hub.engine.dynamic_inputs import expanded_schema
from hub.engine.input_check import Fault
from hub.engine.object_info import choices
from hub.nodes.api import Input, Output, Schema
from hub.nodes.schema import INPUT_FOLDERS

_MOST_OUTPUTS = 64  # of a node that we do not know; nothing is known to have more
_MOST_LISTED = 8
_MOST_SUGGESTIONS = 50  # for that many classes that are missing; each takes a millisecond
_LONGEST_VALUE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong. `type` is ComfyUI's word for it, or one of `missing_class`,
    `missing_file`, `missing_node`, `missing_output` and `cycle`; `message` does not name the node.

    Of a missing file, `folder` is where it belongs: `input`, or a folder of models.
    """

    type: str
    message: str
    node: str | None = None
    title: str | None = None
    class_type: str | None = None
    input: str | None = None
    value: str | None = None
    folder: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        return " ".join(self._words())

    def _words(self) -> Iterator[str]:
        if self.class_type is not None:
            yield f"node {self.node}"
            if self.title and self.title != self.class_type:
                yield f'"{self.title}"'
            yield f"({self.class_type}):"
        yield self.message
        if self.suggestion:
            yield f"(did you mean {self.suggestion!r}?)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """All that is wrong with a graph; `outputs` are the output nodes that it can be run for."""

    outputs: tuple[str, ...]
    findings: tuple[Finding, ...]


def find_faults(
    graph: dict[str, Any], catalogue: Catalogue, given: Collection[tuple[str, str]] = ()
) -> Findings:
    """Check a graph. With a class missing, it cannot be run for any output.

    Runs are `given` the values of some inputs, by node and name: nothing is wrong with these.
    """
    missing = list(_missing_classes(graph, catalogue))
    names = {finding.class_type for finding in missing}
    schemas = [*catalogue, *(_anything(name) for name in names if name), _GIVEN]
    checked = check_graph(_with_given(graph, given), Catalogue(schemas, catalogue.files))
    faults = _Words(graph, catalogue).all_of(checked)
    return Findings(outputs=() if missing else checked.outputs, findings=(*missing, *faults))


def _missing_classes(graph: dict[str, Any], catalogue: Catalogue) -> Iterator[Finding]:
    known = [*(schema.class_type for schema in catalogue), *comfyui_classes()]
    suggestions: dict[str, str | None] = {}
    for node, definition in graph.items():
        name = class_of(definition)
        if name is None or catalogue.get(name) is not None:
            continue
        if name in comfyui_classes():
            message = "this class of ComfyUI is not built in yet"
        else:
            message = "this class is unknown: neither the hub nor ComfyUI 0.8.0 has it"
            if name not in suggestions and len(suggestions) < _MOST_SUGGESTIONS:
                suggestions[name] = closest(name, known)
        yield Finding(
            type="missing_class",
            message=message,
            node=node,
            title=_title(definition),
            class_type=name,
            suggestion=suggestions.get(name),
        )


def _anything(class_type: str, *, is_output_node: bool = True) -> Schema:
    """Stands in for a class that we lack."""
    outputs = tuple(Output(type="*", name=str(number)) for number in range(_MOST_OUTPUTS))
    return Schema(
        class_type=class_type, category="", outputs=outputs, is_output_node=is_output_node
    )


_GIVEN = _anything("what a run is given", is_output_node=False)


def _with_given(graph: dict[str, Any], given: Collection[tuple[str, str]]) -> dict[str, Any]:
    """The graph with links to a stand-in where runs are given values."""
    if not given:
        return graph
    changed = {**graph, _GIVEN.class_type: {"class_type": _GIVEN.class_type, "inputs": {}}}
    for node, name in given:
        definition = changed[node]
        inputs = {**definition["inputs"], name: [_GIVEN.class_type, 0]}
        changed[node] = {**definition, "inputs": inputs}
    return changed


def _nearest(value: Any, offered: list[Any], *, is_file: bool) -> str | None:
    """Of files the endings say nothing: they are alike in most."""
    if not isinstance(value, str):
        return None
    if not is_file:
        return closest(value, offered)
    by_stem = {_without_ending(name): name for name in offered}
    near = closest(_without_ending(value), by_stem)
    return by_stem[near] if near else None


def _without_ending(name: str) -> str:
    return name.rpartition(".")[0] or name


def _title(definition: Any) -> str | None:
    meta = definition.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title if isinstance(title, str) else None


class _Words:
    """Puts the faults of one graph into words."""

    def __init__(self, graph: dict[str, Any], catalogue: Catalogue) -> None:
        self._graph = graph
        self._catalogue = catalogue

    def all_of(self, checked: Checked) -> Iterator[Finding]:
        error = checked.error
        if error is not None and error["type"] != "prompt_outputs_failed_validation":
            message = f"{error['message']} {error['details']}".strip()
            if error["type"] == "prompt_no_outputs":
                message = "no node makes an output, as SaveImage would; nothing is to be done"
            yield Finding(type=error["type"], message=message)
        for node, noted in checked.node_errors.items():
            for fault in noted["errors"]:
                yield self._finding(node, fault)
        if checked.cycle:
            names = ", ".join(checked.cycle)
            message = f"nodes {names} wait for each other; remove one of the links"
            yield Finding(type="cycle", message=message, node=checked.cycle[0])

    def _finding(self, node: str, fault: Fault) -> Finding:
        definition = self._graph[node]
        schema = self._catalogue.get(str(definition["class_type"]))
        name = fault["extra_info"].get("input_name")
        about: dict[str, Any] = {"type": fault["type"], "message": fault["message"], "input": name}
        inputs = definition.get("inputs") or {}
        item = expanded_schema(schema, inputs).input(name) if schema and name else None
        if fault["type"].startswith("exception_during_"):
            about |= self._broken_link(definition)
        elif item is not None:
            about |= self._about_input(item, fault, inputs)
        return Finding(
            node=node, title=_title(definition), class_type=definition["class_type"], **about
        )

    def _about_input(self, item: Input, fault: Fault, inputs: dict[str, Any]) -> dict[str, Any]:
        value = _shown(inputs.get(item.name))
        facts = {"value": value} if item.name in inputs else {}
        match fault["type"]:
            case "required_input_missing":
                given = [name for name in inputs if name != item.name]
                return {
                    "message": f"{item.type} input {item.name!r} is missing",
                    "suggestion": closest(item.name, given),
                }
            case "bad_linked_input":
                message = f"{item.name!r} is {value}, which is no link [node, output number]"
            case "return_type_mismatch":
                message = self._mismatch(item, inputs[item.name], fault)
            case "invalid_input_type":
                message = f"{item.name!r} must be {item.type}, not {value}"
            case "value_smaller_than_min":
                message = f"{item.name!r} is {value}, but the least is {item.minimum}"
            case "value_bigger_than_max":
                message = f"{item.name!r} is {value}, but the most is {item.maximum}"
            case _:
                return facts | self._not_offered(item, inputs[item.name], value)
        return facts | {"message": message}

    def _mismatch(self, item: Input, link: list[Any], fault: Fault) -> str:
        received = fault["extra_info"]["received_type"]
        source = self._graph[link[0]]["class_type"]
        wanted = item.type
        if item.match:  # what the node's other inputs have left of it
            wanted = fault["details"].rpartition("input_type(")[2].removesuffix(")")
        return (
            f"{item.name!r} takes {wanted}, but output {link[1]} of node {link[0]}"
            f" ({source}) is {received}"
        )

    def _not_offered(self, item: Input, value: Any, shown: str) -> dict[str, Any]:
        offered = choices(item, self._catalogue.files.list_folder) or []
        near = _nearest(value, offered, is_file=item.folder is not None)
        if item.folder is not None:
            of_input = item.folder in ("input", INPUT_FOLDERS)
            place = "input of the data folder" if of_input else f"the folders for {item.folder}"
            what = "folder" if item.folder == INPUT_FOLDERS else "file"
            message = f"{item.name!r}: there is no {what} {shown} in {place}"
            if path := self._catalogue.files.path_of(item.folder):
                message += f"; put it into {path}"
            return {
                "type": "missing_file",
                "message": message,
                "folder": item.folder,
                "suggestion": near,
            }
        listed = ", ".join(offered[:_MOST_LISTED])
        more = f" and {len(offered) - _MOST_LISTED} more" if len(offered) > _MOST_LISTED else ""
        message = f"{item.name!r} is {shown}, but takes {listed}{more}"
        return {"message": message, "suggestion": near}

    def _broken_link(self, definition: dict[str, Any]) -> dict[str, Any]:
        """The first link of a node that leads nowhere."""
        for name, link in definition["inputs"].items():
            if not isinstance(link, list) or len(link) != 2:
                continue
            source, output = link
            if not isinstance(source, str) or source not in self._graph:
                message = f"{name!r} is linked to node {source!r}, which the workflow lacks"
                return {"type": "missing_node", "input": name, "message": message}
            schema = self._catalogue.get(str(self._graph[source]["class_type"]))
            count = _MOST_OUTPUTS if schema is None else len(schema.outputs)
            if not isinstance(output, int) or not 0 <= output < count:
                message = f"{name!r} is linked to output {output!r} of node {source} ("
                message += f"{self._graph[source]['class_type']}), which has {count}"
                return {"type": "missing_output", "input": name, "message": message}
        return {}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
