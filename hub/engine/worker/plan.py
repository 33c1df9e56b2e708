"""The plan of an attempt: what the cache gives, what has to be carried out, and what goes first.

It is made for the targets before anything runs, and goes on growing: by lazy inputs that are asked
for, and by the graphs that nodes expand to.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub.engine.graph import DependencyCycle, in_order, links, sources
from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.calls import constants
from hub.engine.worker.class_code import ClassCode
from hub.engine.worker.context import Attempt
from hub.engine.worker.failure import AttemptFailed, node_failure, refusal
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised
from hub.engine.worker.schedule import Place
from hub.engine.worker.signatures import Signatures, signature
from hub.errors import Invalid, NoSuch
from hub.nodes.api import Hidden

FARTHEST = 3


class InputsRefused(Invalid):
    """A class does not want the constants it is given."""

    def __init__(self, node: str, class_type: str, answer: object) -> None:
        super().__init__(f"Node {node} ({class_type}) refuses its inputs: {answer}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """What is new in a plan: `served` from the cache, and `needed`, to be carried out."""

    served: dict[str, Entry] = field(default_factory=dict)
    needed: list[str] = field(default_factory=list)


class Plan:
    """What is known of each node that was ever thought of.

    State: `_numbers` sorts nodes, sources before their readers, and has all that are known;
    `_distances` says how far each is from an output node.
    """

    def __init__(
        self,
        attempt: Attempt,
        classes: NodeClasses,
        cache: Cache,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._order = attempt.order
        self._graph = attempt.graph
        self._classes = classes
        self._cache = cache
        self.code = ClassCode(attempt, loop)
        self.signatures: Signatures = {}
        self._numbers: dict[str, int] = {}
        self._distances: dict[str, int] = {}

    def loaded(self, node: str) -> NodeClass:
        """The class of a node. Raises `AttemptFailed` if there is none."""
        class_type = self._graph.nodes[node]["class_type"]
        if class_type not in self._classes:
            missing = NoSuch("node class", class_type, "Install its pack, or replace the node.")
            raise refusal(missing, node)
        return self._classes[class_type]

    def awaited(self, node: str) -> set[str]:
        """The nodes that have to be settled before it: those behind links that are not lazy."""
        schema = self.loaded(node).schema
        return {
            link.source
            for link in links(self._graph.nodes[node])
            if link.source in self._graph.nodes
            and not ((declared := schema.input(link.input)) and declared.lazy)
        }

    def read(self, node: str) -> set[str]:
        """The nodes of which it may read something.

        A class that asks for DYNPROMPT may hand on links to any of its ancestors in the ordered
        graph, by expanding to nodes that read them.
        """
        if self.keeps_ancestors(node):
            return set(in_order(self._graph.nodes, [node])) - {node}
        return set(sources(self._graph.nodes, node))

    def keeps_ancestors(self, node: str) -> bool:
        """Whether all its ancestors are kept until it is settled; not for what it expands to."""
        asks = Hidden.DYNPROMPT in self.loaded(node).schema.hidden
        return asks and not self._graph.is_ephemeral(node)

    def place(self, node: str) -> Place:
        """First output nodes, then what feeds one, then what feeds that; so pictures appear early.

        An asynchronous node goes with the output nodes, because others can go on meanwhile.
        """
        distance = 0 if self.loaded(node).is_async else self._distances[node]
        return distance, self._numbers[node]

    def entry(self, node: str) -> Entry | None:
        """What the cache has for it.

        An entry with files of this very attempt does not count: of two equal output nodes each
        writes its own.
        """
        known = self.signatures[node]
        if known is None or node in self._order.fresh:
            return None
        entry = self._cache.get(known)
        if entry and any(file.run == self._order.run for file in entry.files):
            return None
        return entry

    def include(self, targets: Iterable[str], is_there: Callable[[str], bool]) -> Addition:
        """Plan `targets` and what they need of nodes that are not there, whatever became of them
        before. Raises `AttemptFailed` if the graph cannot be carried out here."""
        targets = list(targets)
        self._learn(targets)
        addition = Addition()
        waiting, seen = targets, set[str]()
        while waiting:
            node = waiting.pop()
            if node in seen or is_there(node):
                continue
            seen.add(node)
            if entry := self.entry(node):
                addition.served[node] = entry
                continue
            addition.needed.append(node)
            waiting.extend(self.awaited(node))
            self._check_inputs(node)
        self._measure(addition.needed)
        return addition

    def begin(self, targets: Iterable[str]) -> Addition:
        """The same at the beginning, with those that expand to output nodes, whoever reads them.

        Raises `AttemptFailed`.
        """
        targets = list(targets)
        addition = self.include(targets, lambda node: False)
        spared = ((node, self.signatures[node]) for node in self.spared(addition))
        telling = [node for node, known in spared if known and self._cache.is_telling(known)]
        return self.include([*targets, *telling], lambda node: False) if telling else addition

    def spared(self, addition: Addition) -> tuple[str, ...]:
        """The nodes that need not be carried out: those served, and what only they would read."""
        spared = set(addition.served)
        needed = set(addition.needed)
        for node in reversed(self._numbers):
            if node in spared:
                spared.update(set(sources(self._graph.nodes, node)) - needed)
        return tuple(node for node in self._numbers if node in spared)

    def _learn(self, targets: list[str]) -> None:
        """Get to know nodes: their classes and their signatures."""
        graph = self._graph.nodes
        try:
            path = in_order(graph, targets, self._numbers)
        except DependencyCycle as cycle:
            raise refusal(cycle, cycle.nodes[0], "graph.DependencyCycleError") from None
        classes = [self.loaded(node) for node in path]
        for node, loaded in zip(path, classes, strict=True):
            fingerprint = self.code.fingerprint(node, graph[node], loaded)
            self.signatures[node] = signature(
                node, graph[node], loaded, fingerprint, self.signatures
            )
            self._numbers[node] = len(self._numbers)
            self._distances[node] = 0 if loaded.schema.is_output_node else FARTHEST

    def _measure(self, needed: list[str]) -> None:
        for node in sorted(needed, key=self._numbers.__getitem__, reverse=True):
            for source in self.awaited(node):
                distance = min(self._distances[source], self._distances[node] + 1)
                self._distances[source] = distance

    def _check_inputs(self, node: str) -> None:
        """Ask the class itself, if it has code for that. The hub could not."""
        loaded = self.loaded(node)
        if not loaded.schema.checks_inputs:
            return
        definition = self._graph.nodes[node]
        try:
            objection = self.code.objection(node, definition, loaded)
        except NodeRaised as raised:
            given = constants(definition, loaded.schema)
            inputs = {name: [value] for name, value in given.items()}
            raise AttemptFailed(node_failure(node, loaded.schema, inputs, raised.error)) from None
        if objection is not None:
            raise refusal(InputsRefused(node, loaded.schema.class_type, objection), node)
