"""Policies of the cache: which entries are of use at all, whatever room there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hub.config.engine_settings import CachePolicy, CacheSettings

RunKey = tuple[str, int]
"""Run and attempt."""

Occurring = Mapping[str, str | None]
"""Signatures, each with that of the node that expanded to it, if one did."""


class Policy(Protocol):
    """Called for every run, by all threads of a worker, one at a time but for `keeps`."""

    def keeps(self, signature: str) -> bool:
        """Whether what a node gives is kept beyond its run."""

    def occur(self, run: RunKey, signatures: Occurring) -> Iterable[str]:
        """These occur in a run, which begins with the first of them. Gives those to be dropped."""

    def end(self, run: RunKey) -> None:
        """A run has ended."""


class Everything:
    """Keeps all that the budget has room for."""

    def keeps(self, signature: str) -> bool:
        return True

    def occur(self, run: RunKey, signatures: Occurring) -> Iterable[str]:
        return ()

    def end(self, run: RunKey) -> None: ...


class Nothing(Everything):
    """Keeps nothing: every node is carried out each time."""

    def keeps(self, signature: str) -> bool:
        return False


@dataclass(slots=True)
class Inside:
    """What a node expanded to in a run."""

    run: RunKey
    signatures: set[str] = field(default_factory=set)


class Recent(Everything):
    """Keeps what occurs in one of the last `count` runs to begin, or in one that is under way.

    Others are dropped when a run begins. What a node expands to is only known later; so what it
    expanded to before occurs with it.

    State: `_runs`, in the order in which they began, with what occurs in each; `_under_way` those
    that have not ended; `_inside` what nodes expanded to last.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._runs: dict[RunKey, set[str]] = {}
        self._under_way: set[RunKey] = set()
        self._inside: dict[str, Inside] = {}

    def occur(self, run: RunKey, signatures: Occurring) -> Iterable[str]:
        self._note_inner(run, signatures)
        if run in self._under_way:
            self._runs[run].update(signatures)
            return ()
        self._runs[run] = self._with_inner(signatures)
        self._under_way.add(run)
        return self._displaced()

    def end(self, run: RunKey) -> None:
        self._under_way.discard(run)

    def _note_inner(self, run: RunKey, signatures: Occurring) -> None:
        for signature, parent in signatures.items():
            if parent:
                inside = self._inside.get(parent)
                if inside is None or inside.run != run:
                    inside = self._inside[parent] = Inside(run)
                inside.signatures.add(signature)

    def _with_inner(self, signatures: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(signatures)
        while waiting:
            signature = waiting.pop()
            if signature not in found:
                found.add(signature)
                if inside := self._inside.get(signature):
                    waiting.extend(inside.signatures)
        return found

    def _displaced(self) -> set[str]:
        past = [each for each in list(self._runs)[: -self._count] if each not in self._under_way]
        gone = set[str]().union(*[self._runs.pop(each) for each in past])
        gone.difference_update(*self._runs.values())
        for signature in gone:
            self._inside.pop(signature, None)
        return gone


def policy_of(settings: CacheSettings, slots: int) -> Policy:
    """The policy that the settings name, for a worker with `slots`.

    ComfyUI's classic policy knows one current prompt. Here as many runs are current as may go on
    side by side, lest each of them drop what the others need.
    """
    match settings.policy:
        case CachePolicy.MEMORY:
            return Everything()
        case CachePolicy.CLASSIC:
            return Recent(slots)
        case CachePolicy.LRU:
            return Recent(settings.runs)
        case CachePolicy.NONE:
            return Nothing()
