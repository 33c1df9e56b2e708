"""Where graphs are at home, in sentences: why one is in no worker, and what others wait for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.engine.catalogue import Catalogue
from hub.engine.keeper import WorkerState, WorkerStatus
from hub.engine.kinds import Kind

_PACKS = "custom_nodes."


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldUp:
    """So many runs wait for workers that carry out nothing at present."""

    count: int
    reason: str


def lacking_home(graph: Mapping[str, dict[str, Any]], catalogue: Catalogue) -> str | None:
    """Why no worker can carry out `graph`, if that is certain, as the end of a sentence."""
    classes = frozenset(
        name
        for name in (str(node["class_type"]) for node in graph.values())
        if not catalogue.is_everywhere(name)
    )
    if not catalogue.is_homeless(classes):
        return None
    nodes = "; ".join(
        _where(node, str(definition["class_type"]), catalogue)
        for node, definition in graph.items()
        if definition["class_type"] in classes
    )
    return f"no worker has all of its nodes: {nodes}"


def held_up(
    kinds: Mapping[Kind, int], catalogue: Catalogue, workers: Iterable[WorkerStatus]
) -> list[HeldUp]:
    """What waits for workers of which none is ready, by the reason."""
    counts: Counter[str] = Counter()
    workers = list(workers)
    for kind, count in kinds.items():
        homes = _homes(kind, catalogue, workers)
        if not any(worker.ready for worker in homes):
            counts[_sentence(homes)] += count
    return [HeldUp(count=count, reason=reason) for reason, count in counts.items()]


def trouble(kind: Kind, catalogue: Catalogue, workers: Iterable[WorkerStatus]) -> str | None:
    """What is wrong with all workers that might take what is of that kind; None while one is
    ready, or comes up for the first time."""
    homes = _homes(kind, catalogue, workers)
    return _sentence(homes) if homes and all(worker.reason for worker in homes) else None


def worker_sentence(worker: WorkerStatus) -> str:
    """How a worker is, as a part of a sentence."""
    words = {
        WorkerState.NOT_STARTED: "is not started yet",
        WorkerState.STARTING: "is starting",
        WorkerState.READY: "is being replaced",
        WorkerState.RESTARTING: "is restarting",
        WorkerState.CANNOT_START: "cannot start",
    }[worker.state]
    reason = f": {worker.reason}" if worker.reason else ""
    return f"worker {worker.name} {words}{reason}"


def _homes(kind: Kind, catalogue: Catalogue, workers: Iterable[WorkerStatus]) -> list[WorkerStatus]:
    names = catalogue.workers_with(kind.classes) or catalogue.silent
    return [worker for worker in workers if worker.name in names]


def _sentence(workers: Iterable[WorkerStatus]) -> str:
    return "; ".join(map(worker_sentence, workers))


def _where(node: str, class_type: str, catalogue: Catalogue) -> str:
    schema = catalogue.get(class_type)
    having = sorted(catalogue.workers_with(frozenset({class_type})))
    if schema is None or not having:
        return f"node {node} ({class_type}) is in none, as `hub packs` may explain"
    is_pack = schema.module.startswith(_PACKS)
    pack = f" of pack {schema.module.removeprefix(_PACKS)}" if is_pack else ""
    workers = "workers " if len(having) > 1 else "worker "
    return f"node {node} ({class_type}{pack}) is in {workers}{', '.join(having)}"
