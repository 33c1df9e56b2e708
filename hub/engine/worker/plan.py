"""The plan of an attempt: what the cache gives, what has to be carried out, and what goes first."""

from dataclasses import dataclass

from hub.engine.graph import DependencyCycle, in_order, sources
from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.calls import constants
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.failure import AttemptFailed, node_failure, refusal
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised, call
from hub.engine.worker.signatures import Signatures, signatures
from hub.errors import Invalid, NoSuch
from hub.nodes.api import current_context

FARTHEST = 3


class InputsRefused(Invalid):
    """A class does not want the constants it is given."""

    def __init__(self, node: str, class_type: str, answer: object) -> None:
        super().__init__(f"Node {node} ({class_type}) refuses its inputs: {answer}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Every node of `path`, which has sources before their readers, is in one of three places:
    it is to be carried out (`needed`, with the sources it reads), taken from the cache (`served`),
    or left alone because nobody reads it.

    `places` sorts nodes that are ready: nearest to an output node first.
    """

    path: list[str]
    signatures: Signatures
    served: dict[str, Entry]
    needed: dict[str, set[str]]
    places: dict[str, tuple[int, int]]

    @property
    def cached(self) -> tuple[str, ...]:
        """The nodes that need not be carried out."""
        return tuple(node for node in self.path if node not in self.needed)


def make_plan(attempt: Attempt, classes: NodeClasses, cache: Cache) -> Plan:
    """Raises `AttemptFailed` if the graph cannot be carried out here."""
    order = attempt.order
    try:
        path = in_order(order.graph, order.targets)
    except DependencyCycle as cycle:
        raise refusal(cycle, cycle.nodes[0], "graph.DependencyCycleError") from None
    loaded = {node: _class_of(node, order.graph[node]["class_type"], classes) for node in path}
    known = signatures(attempt, path, classes)
    served: dict[str, Entry] = {}
    needed: dict[str, set[str]] = {}
    wanted = set(order.targets)
    for node in reversed(path):
        if node not in wanted:
            continue
        signature = known[node]
        entry = cache.get(signature) if signature and node not in order.fresh else None
        if entry:
            served[node] = entry
        else:
            needed[node] = set(sources(order.graph, node))
            wanted |= needed[node]
            _check_inputs(attempt, node, loaded[node])
    places = _places(path, needed, loaded)
    return Plan(path=path, signatures=known, served=served, needed=needed, places=places)


def _class_of(node: str, class_type: str, classes: NodeClasses) -> NodeClass:
    if class_type not in classes:
        missing = NoSuch("node class", class_type, "Install its pack, or replace the node.")
        raise refusal(missing, node)
    return classes[class_type]


def _check_inputs(attempt: Attempt, node: str, loaded: NodeClass) -> None:
    """Ask the class itself, if it has code for that. The hub could not."""
    if not loaded.schema.checks_inputs:
        return
    check = getattr(loaded.node, "validate_inputs")  # noqa: B009 - few classes have it
    given = constants(attempt.order.graph[node], loaded.schema)
    token = current_context.set(NodeContext(attempt, node))
    try:
        answer = call(check, **given)
    except NodeRaised as raised:
        inputs = {name: [value] for name, value in given.items()}
        raise AttemptFailed(node_failure(node, loaded.schema, inputs, raised.error)) from None
    finally:
        current_context.reset(token)
    if answer is not True:
        raise refusal(InputsRefused(node, loaded.schema.class_type, answer), node)


def _places(
    path: list[str], needed: dict[str, set[str]], loaded: dict[str, NodeClass]
) -> dict[str, tuple[int, int]]:
    """First output nodes, then what feeds one, then what feeds that; so pictures appear early.

    An asynchronous node goes with the output nodes, because others can go on meanwhile.
    """
    distance = {node: 0 if loaded[node].schema.is_output_node else FARTHEST for node in path}
    for node in reversed(path):
        for source in needed.get(node, ()):
            distance[source] = min(distance[source], distance[node] + 1)
    return {
        node: (0 if loaded[node].is_async else distance[node], number)
        for number, node in enumerate(path)
    }
