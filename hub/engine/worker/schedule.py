"""The schedule of an attempt: which nodes are ready, and what they gave, as long as it is read.

Nodes may be added, and may be made to wait for more, at any time. Only the thread that has the
attempt's turn touches it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from heapq import heappop, heappush

from hub.engine.worker.cache import Outputs

Place = tuple[int, int]


class Schedule:
    """Nodes that are to be carried out.

    State: `outputs` is what nodes gave that somebody will still read; `_missing` for each node
    that is not settled how many of those it waits for are not; `_waiting` who waits for a node;
    `_readers` who may still read a node, and `_reads` the same the other way round; `_ready` the
    nodes that wait for nobody, sorted by their places.
    """

    def __init__(self, place: Callable[[str], Place]) -> None:
        self.outputs: dict[str, Outputs] = {}
        self._place = place
        self._missing: dict[str, int] = {}
        self._waiting: defaultdict[str, list[str]] = defaultdict(list)
        self._readers: defaultdict[str, set[str]] = defaultdict(set)
        self._reads: defaultdict[str, set[str]] = defaultdict(set)
        self._ready: list[tuple[Place, str]] = []

    @property
    def has_ready(self) -> bool:
        return bool(self._ready)

    @property
    def unsettled(self) -> Collection[str]:
        return self._missing.keys()

    def knows(self, node: str) -> bool:
        """Whether its outputs are here or will be."""
        return node in self.outputs or node in self._missing

    def hold(self, node: str, sources: Collection[str]) -> None:
        """Keep what `sources` give, or gave and others still read, until `node` lets go of it."""
        for source in sources:
            self._readers[source].add(node)
        self._reads[node].update(sources)

    def wait(self, node: str, sources: Collection[str]) -> None:
        """`node` is ready once all of `sources` are settled, which are held for it."""
        awaited = [source for source in sources if source not in self.outputs]
        self._missing[node] = len(awaited)
        for source in awaited:
            self._waiting[source].append(node)
        if not awaited:
            heappush(self._ready, (self._place(node), node))

    def next(self) -> str:
        """The ready node that goes first."""
        return heappop(self._ready)[1]

    def let_go(self, node: str, but: Collection[str] = ()) -> None:
        """`node` reads nothing any more, `but` for these."""
        reads = self._reads.pop(node, set())
        if but and (kept := reads.intersection(but)):
            self._reads[node] = kept
            reads -= kept
        for source in reads:
            readers = self._readers[source]
            readers.discard(node)
            if not readers:
                del self._readers[source]
                self.outputs.pop(source, None)

    def settle(self, node: str, outputs: Outputs) -> None:
        """`node` gave `outputs`: keep them for its readers, and see whom they make ready."""
        self.let_go(node)
        self._missing.pop(node, None)
        if node in self._readers:
            self.outputs[node] = outputs
        for reader in self._waiting.pop(node, ()):
            self._missing[reader] -= 1
            if not self._missing[reader]:
                heappush(self._ready, (self._place(reader), reader))

    def clear(self) -> None:
        """Let go of everything."""
        self.outputs.clear()
        self._ready.clear()
