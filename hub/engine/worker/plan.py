"""The plan of an attempt: what the cache gives, what has to be carried out, and what goes first.

It is made for the targets before anything runs, and goes on growing: by lazy inputs that are asked
for, and by the graphs that nodes expand to.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from hub.engine.graph import DependencyCycle, in_order, links
from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.calls import constants
from hub.engine.worker.class_code import ClassCode
from hub.engine.worker.context import Attempt
from hub.engine.worker.failure import AttemptFailed, node_failure, refusal
from hub.engine.worker.model_stamps import model_stamps
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised
from hub.engine.worker.schedule import Place
from hub.engine.worker.signatures import Signatures, signature
from hub.errors import Invalid, NotFound
from hub.nodes.api import Hidden

FARTHEST = 3


class NoNodeClass(NotFound):
    """This worker lacks a class; for a graph that it was ordered, the hub knows that before."""

    def __init__(self, class_type: str) -> None:
        super().__init__(
            f"This worker has no node class {class_type!r}. Install its pack; or, if another"
            " worker has it, let this one load it too (`packs` in hub.yaml)."
        )


class InputsRefused(Invalid):
    """A class does not want the constants it is given."""

    def __init__(self, node: str, class_type: str, answer: object) -> None:
        words = answer or "it does not say why. Ask whoever made the node"
        super().__init__(f"Node {node} ({class_type}) refuses its inputs: {words}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """What is new in a plan: `served` from the cache, and `needed`, to be carried out.

    `spared` are the nodes not known before that need not be carried out: those served, and what
    only they would read.
    """

    served: dict[str, Entry] = field(default_factory=dict)
    needed: list[str] = field(default_factory=list)
    spared: tuple[str, ...] = ()


class Plan:
    """What is known of each node that was ever thought of.

    State: `_numbers` sorts nodes, sources before their readers, and has all that are known;
    `_distances` says how far each is from an output node; `_loaded` are the classes of nodes, with
    the inputs that they have here; `_sources` what each takes something from, and `_awaited` those
    of them that it needs at once.
    """

    def __init__(
        self,
        attempt: Attempt,
        classes: NodeClasses,
        cache: Cache,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._order = attempt.order
        self._run = attempt.order.run, attempt.order.attempt
        self._is_alone = attempt.is_deterministic
        self._graph = attempt.graph
        self._files = attempt.input_files
        self._classes = classes
        self._cache = cache
        self.code = ClassCode(attempt, loop)
        self.signatures: Signatures = {}
        self._numbers: dict[str, int] = {}
        self._distances: dict[str, int] = {}
        self._loaded: dict[str, NodeClass] = {}
        self._sources: dict[str, set[str]] = {}
        self._awaited: dict[str, set[str]] = {}

    def loaded(self, node: str) -> NodeClass:
        """The class of a node. Raises `AttemptFailed` if there is none."""
        if found := self._loaded.get(node):
            return found
        definition = self._graph.nodes[node]
        if (found := self._classes.get(definition["class_type"])) is None:
            raise refusal(NoNodeClass(definition["class_type"]), node)
        self._loaded[node] = found.for_node(definition) if found.declared else found
        return self._loaded[node]

    def awaited(self, node: str) -> set[str]:
        """The nodes that have to be settled before it: those behind links that are not lazy."""
        return self._awaited[node]

    def read(self, node: str) -> set[str]:
        """The nodes of which it may read something.

        A class that asks for DYNPROMPT may hand on links to any of its ancestors in the ordered
        graph, by expanding to nodes that read them.
        """
        if self.keeps_ancestors(node):
            return set(in_order(self._graph.nodes, [node])) - {node}
        return self._sources[node]

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

    def include(self, targets: Collection[str], is_there: Callable[[str], bool]) -> Addition:
        """Plan `targets` and what they need of nodes that are not there, whatever became of them
        before; and those that expand to output nodes, whoever reads them.

        Raises `AttemptFailed` if the graph cannot be carried out here.
        """
        path = self._learn(targets)
        addition = self._addition(targets, is_there)
        spared = self._spared(path, addition)
        if hidden := self._hidden(spared):
            addition = self._addition([*targets, *hidden], is_there)
            spared = self._spared(path, addition)
        return replace(addition, spared=spared)

    def _addition(self, targets: Iterable[str], is_there: Callable[[str], bool]) -> Addition:
        addition = Addition()
        waiting, seen = list(targets), set[str]()
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

    def _hidden(self, spared: Iterable[str]) -> list[str]:
        """Those of them that show something only if they are carried out."""
        known = ((node, self.signatures[node]) for node in spared)
        return [
            node for node, signature in known if signature and self._cache.is_telling(signature)
        ]

    def _spared(self, path: Collection[str], addition: Addition) -> tuple[str, ...]:
        """Those on `path` that are served, and what only they would read."""
        if not addition.served:
            return ()
        spared = set(addition.served)
        needed = set(addition.needed)
        for node in reversed(list(path)):
            if node in spared:
                spared.update(self._sources[node] - needed)
        return tuple(node for node in path if node in spared)

    def _learn(self, targets: Iterable[str]) -> Collection[str]:
        """Get to know nodes: their classes and their signatures. Gives those that are new."""
        graph = self._graph.nodes
        try:
            path = in_order(graph, targets, self._numbers)
        except DependencyCycle as cycle:
            raise refusal(cycle, cycle.nodes[0], "graph.DependencyCycleError") from None
        classes = [self.loaded(node) for node in path]
        for node, loaded in zip(path, classes, strict=True):
            fingerprint = self.code.fingerprint(node, graph[node], loaded)
            stamps = model_stamps(graph[node], loaded.schema, self._files)
            self.signatures[node] = signature(
                *(node, graph[node], loaded, fingerprint, stamps, self.signatures),
                is_alone=self._is_alone,
            )
            self._numbers[node] = len(self._numbers)
            self._distances[node] = 0 if loaded.schema.is_output_node else FARTHEST
            self._note_links(node, loaded, path[node])
        self._cache.occur(self._run, self._occurring(path))
        return path

    def _occurring(self, path: Iterable[str]) -> dict[str, str | None]:
        """The signatures of nodes, each with that of the node that expanded to it."""
        parents = ((node, self._graph.get_parent_node_id(node)) for node in path)
        return {
            known: self.signatures[parent] if parent else None
            for node, parent in parents
            if (known := self.signatures[node])
        }

    def _note_links(self, node: str, loaded: NodeClass, sources: list[str]) -> None:
        self._sources[node] = self._awaited[node] = set(sources)
        if lazy := {item.name for item in loaded.schema.lazy_inputs}:
            at_once = (link for link in links(self._graph.nodes[node]) if link.input not in lazy)
            self._awaited[node] = self._sources[node] & {link.source for link in at_once}

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
