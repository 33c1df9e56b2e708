"""The shapes of a file's tensors as a tree, from which modules are built.

A checkpoint says almost everything about its architecture in its key names and shapes. Whoever
builds a module from them needs no table of sizes, and also fits models that somebody has thinned
out or grown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Size, Tensor


class Shapes:
    """What lies below one dotted name: further names, or the shape of a tensor."""

    def __init__(self, tree: Mapping[str, Any], name: str = "") -> None:
        self._tree = tree
        self.name = name

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor]) -> Shapes:
        tree: dict[str, Any] = {}
        for key, tensor in tensors.items():
            *folders, leaf = key.split(".")
            branch = tree
            for folder in folders:
                branch = branch.setdefault(folder, {})
            branch[leaf] = tensor.shape
        return cls(tree)

    def __contains__(self, path: str) -> bool:
        return self._find(path) is not None

    def below(self, path: str | int) -> Shapes:
        """The part under `path`, empty if there is none."""
        found = self._find(str(path))
        return Shapes(found if isinstance(found, dict) else {}, f"{self.name}{path}.")

    def shape(self, path: str) -> Size:
        """The shape of the tensor `path`. Raises `KeyError` with its full name."""
        found = self._find(path)
        if not isinstance(found, Size):
            raise KeyError(f"{self.name}{path}")
        return found

    def numbered(self) -> Iterator[Shapes]:
        """The parts called 0, 1, 2 … up to the first gap."""
        number = 0
        while str(number) in self._tree:
            yield self.below(number)
            number += 1

    def _find(self, path: str) -> Any:
        found: Any = self._tree
        for name in path.split("."):
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found
