"""How many bytes node outputs hold: tensors by their storage, everything else roughly."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import torch


def storages(value: Any) -> Iterator[tuple[int, int]]:
    """Identity and size of every piece of memory that `value` holds.

    Two tensors that share their storage give the same identity, so that it can be counted once.
    """
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, torch.Tensor):
            storage = item.untyped_storage()
            yield storage.data_ptr() or id(item), storage.nbytes()
            continue
        yield id(item), sys.getsizeof(item)
        if isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, list | tuple | set | frozenset):
            waiting.extend(item)
        elif isinstance(item, torch.nn.Module):
            waiting.extend(item.parameters())
            waiting.extend(item.buffers())
        elif hasattr(item, "__dict__") and not isinstance(item, type):
            waiting.append(vars(item))
