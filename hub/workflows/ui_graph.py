"""From the editor's own format to the API format, as the editor itself exports it.

Notes, muted and bypassed nodes are left out (a bypassed one hands an input of the same type
through), subgraphs are laid open, reroutes and primitives are followed to where they lead.
"""

from collections.abc import Iterator
from typing import Any

from hub.workflows.ui_widgets import Describe, values_of

_MUTED, _BYPASSED = 2, 4
_VIRTUAL = {"Note", "MarkdownNote", "Reroute", "PrimitiveNode", "GetNode", "SetNode"}
_INSIDE, _OUTSIDE = -10, -20  # the nodes that stand for a subgraph's own inputs and outputs
_DEEPEST = 200  # steps from one node to the next through nodes that are none

Node = dict[str, Any]


def is_ui_graph(document: Any) -> bool:
    """Whether this is the editor's own format."""
    return isinstance(document, dict) and isinstance(document.get("nodes"), list)


def api_graph(document: dict[str, Any], describe: Describe) -> dict[str, Any]:
    """The graph in API format. Classes that `describe` does not know keep the values whose names
    the node itself tells."""
    subgraphs = {
        str(item["id"]): item for item in (document.get("definitions") or {}).get("subgraphs", [])
    }
    graph = {}
    for level in _Level(document, subgraphs, describe).all():
        graph.update(level.graph())
    for node in graph.values():
        node["inputs"] = {
            name: value
            for name, value in node["inputs"].items()
            if not _is_link(value) or value[0] in graph
        }
    return graph


class _Nothing:
    """What a link is that leads nowhere."""


NOTHING = _Nothing()


class _Level:
    """The graph itself, or what is in one of its subgraphs; `instance` is the node that stands
    for that in the level around it, `parent`."""

    def __init__(
        self,
        content: dict[str, Any],
        subgraphs: dict[str, Any],
        describe: Describe,
        parent: "_Level | None" = None,
        instance: Node | None = None,
    ) -> None:
        self._subgraphs = subgraphs
        self._describe = describe
        self._parent = parent
        self._instance = instance or {}
        self._prefix: str = f"{parent._prefix}{self._instance['id']}:" if parent else ""
        self._nodes: dict[Any, Node] = {node["id"]: node for node in content["nodes"]}
        self._links = dict(map(_link, content.get("links") or []))
        self._inner = {
            node["id"]: _Level(subgraphs[str(node["type"])], subgraphs, describe, self, node)
            for node in content["nodes"]
            if str(node.get("type")) in subgraphs and self._depth < _DEEPEST
        }

    @property
    def _depth(self) -> int:
        return self._prefix.count(":")

    def all(self) -> Iterator["_Level"]:
        """This level and those in it, but for subgraphs that are muted or bypassed."""
        yield self
        for name, level in self._inner.items():
            if self._nodes[name].get("mode") not in (_MUTED, _BYPASSED):
                yield from level.all()

    def graph(self) -> dict[str, Any]:
        """The nodes of this level that are carried out."""
        return {
            f"{self._prefix}{name}": self._converted(node)
            for name, node in self._nodes.items()
            if name not in self._inner
            and node["type"] not in _VIRTUAL
            and node.get("mode") not in (_MUTED, _BYPASSED)
        }

    def _converted(self, node: Node) -> dict[str, Any]:
        described = self._describe(node["type"])
        inputs = {name: _constant(value) for name, value in values_of(node, described).items()}
        for item in node.get("inputs") or []:
            if item.get("link") is None:
                continue
            value = self._source(item["link"], 0)
            if value is not NOTHING:
                inputs[item["name"]] = value
            elif not item.get("widget"):
                inputs.pop(item["name"], None)
        title = node.get("title") or (described or {}).get("display_name") or node["type"]
        return {"class_type": node["type"], "_meta": {"title": title}, "inputs": inputs}

    def _source(self, link: Any, steps: int) -> Any:
        """Where a link comes from: `[node, output]`, a constant, or `NOTHING`."""
        origin, slot = self._links.get(link, (None, 0))[:2]
        if steps > _DEEPEST or origin is None:
            return NOTHING
        if origin == _INSIDE:
            return self._from_outside(slot, steps)
        node = self._nodes.get(origin)
        if node is None or node.get("mode") == _MUTED:
            return NOTHING
        if node.get("mode") == _BYPASSED:
            return self._through(node, slot, steps)
        if origin in self._inner:
            return self._inner[origin]._output(slot, steps)
        return self._virtual(node, slot, steps)

    def _virtual(self, node: Node, slot: int, steps: int) -> Any:
        match node["type"]:
            case "Reroute" | "SetNode":
                return self._input(node, 0, steps)
            case "PrimitiveNode":
                return _constant(_first_value(node))
            case "GetNode":
                for other in self._nodes.values():
                    if other["type"] == "SetNode" and _first_value(other) == _first_value(node):
                        return self._input(other, 0, steps)
                return NOTHING
        return [f"{self._prefix}{node['id']}", slot]

    def _input(self, node: Node, index: int, steps: int) -> Any:
        inputs = node.get("inputs") or []
        link = inputs[index].get("link") if index < len(inputs) else None
        return NOTHING if link is None else self._source(link, steps + 1)

    def _through(self, node: Node, slot: int, steps: int) -> Any:
        """What a bypassed node hands on: an input of the same type, best that in the same place."""
        outputs, inputs = node.get("outputs") or [], node.get("inputs") or []
        wanted = outputs[slot].get("type") if slot < len(outputs) else None
        fitting = [index for index, item in enumerate(inputs) if wanted in ("*", item.get("type"))]
        if not fitting:
            return NOTHING
        return self._input(node, slot if slot in fitting else fitting[0], steps)

    def _output(self, slot: int, steps: int) -> Any:
        """What comes out of this subgraph."""
        for link, (_, _, target, target_slot) in self._links.items():
            if (target, target_slot) == (_OUTSIDE, slot):
                return self._source(link, steps + 1)
        return NOTHING

    def _from_outside(self, slot: int, steps: int) -> Any:
        """What the level around gives to this subgraph: through a link, or by a field."""
        inputs = self._instance.get("inputs") or []
        if self._parent is None or slot >= len(inputs):
            return NOTHING
        if inputs[slot].get("link") is not None:
            return self._parent._source(inputs[slot]["link"], steps + 1)
        fields = values_of(self._instance, None)
        name = (inputs[slot].get("widget") or {}).get("name")
        return _constant(fields[name]) if name in fields else NOTHING


def _link(link: Any) -> tuple[Any, tuple[Any, int, Any, int]]:
    """Id, and origin, its output, target, its input: a list in older files, an object since."""
    if isinstance(link, dict):
        return link["id"], (
            link["origin_id"],
            link["origin_slot"],
            link["target_id"],
            link["target_slot"],
        )
    return link[0], (link[1], link[2], link[3], link[4])


def _first_value(node: Node) -> Any:
    return (node.get("widgets_values") or [None])[0]


def _constant(value: Any) -> Any:
    """A list is marked, so that nobody takes it for a link."""
    return {"__value__": value} if isinstance(value, list) else value


def _is_link(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)
