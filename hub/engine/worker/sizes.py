"""How many bytes a node's outputs hold: tensors and pictures by their pixels, the rest roughly."""

import dataclasses
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from PIL import Image

_BYTES_PER_PIXEL = 4  # Pillow keeps red, green and blue in as many as with alpha


@dataclasses.dataclass(kw_only=True, slots=True)
class Held:
    """Storages of tensors and pictures, which others may share, and the bytes of all the rest."""

    storages: dict[int, int] = dataclasses.field(default_factory=dict)
    rest: int = 0


def held_by(value: Any) -> Held:
    """What stays in memory as long as `value` does."""
    held = Held()
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, torch.Tensor):
            storage = item.untyped_storage()
            held.storages[storage.data_ptr()] = storage.nbytes()
        elif isinstance(item, Image.Image):
            held.storages[id(item.im)] = item.width * item.height * _BYTES_PER_PIXEL
        else:
            held.rest += sys.getsizeof(item)
            waiting.extend(_parts(item))
    return held


def _parts(item: Any) -> Iterable[Any]:
    if isinstance(item, Mapping):
        return item.values()
    if isinstance(item, list | tuple | set | frozenset):
        return item
    if isinstance(item, torch.nn.Module):
        return (*item.parameters(), *item.buffers())
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return [getattr(item, field.name) for field in dataclasses.fields(item)]
    return ()
