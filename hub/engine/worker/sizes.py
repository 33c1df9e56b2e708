"""How many bytes a node's outputs hold in memory, and which of them others may hold too.

What is large lies in blocks: the storage of a tensor, the data of an array, the pixels of a
picture, a long text or bytes. A block is known by its address, so it counts once, however many
views and entries share it. All the rest is small and is added up.
"""

import io
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, singledispatch
from types import (
    BuiltinFunctionType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np
import torch
from PIL import Image

from hub.engine.models.weights import Weights

_BLOCK_BYTES = 4096
"""A text or bytes of this size is worth its address."""

_MOST_OBJECTS = 100_000
"""So many are looked at, about a tenth of a second's work; the rest are taken to be like them."""

_BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
_MOST_BYTES_PER_PIXEL = 4  # Pillow keeps red, green and blue in as many as with alpha


@dataclass(kw_only=True, slots=True)
class Held:
    """Bytes of blocks by their addresses, which others may share, and the bytes of all the rest."""

    blocks: dict[int, int] = field(default_factory=dict)
    rest: int = 0

    @property
    def total(self) -> int:
        return self.rest + sum(self.blocks.values())


def held_by(*values: Any) -> Held:
    """What stays in memory as long as `values` do. Raises what their own code raises."""
    held = Held()
    seen: set[int] = set()
    waiting = list(values)
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        if len(seen) == _MOST_OBJECTS:
            held.rest += len(waiting) * held.rest // _MOST_OBJECTS
            break
        seen.add(id(item))
        weigher = _COMMON.get(type(item)) or weigh.dispatch(type(item))
        waiting.extend(weigher(item, held))
    return held


@singledispatch
def weigh(item: Any, held: Held) -> Iterable[Any]:
    """Add what `item` holds by itself; gives the objects of which it is made.

    Of an object of some class these are its attributes. A class whose memory somebody else looks
    after, such as that of a loaded model, may register to give nothing.
    """
    held.rest += sys.getsizeof(item)
    kind: Any = type(item)
    slots = (getattr(item, name, None) for name in _slots(kind))
    return *_attributes(item), *slots


@weigh.register(int | float | complex | None)
def _weigh_number(item: Any, held: Held) -> Iterable[Any]:
    held.rest += sys.getsizeof(item)
    return ()


@weigh.register(str | bytes | bytearray)
def _weigh_text(item: Any, held: Held) -> Iterable[Any]:
    size = sys.getsizeof(item)
    if size >= _BLOCK_BYTES:
        held.blocks[id(item)] = size
    else:
        held.rest += size
    return ()


@weigh.register(list | tuple | Set | deque)
def _weigh_collection(item: Any, held: Held) -> Iterable[Any]:
    held.rest += sys.getsizeof(item)
    return *item, *_attributes(item)


@weigh.register
def _weigh_mapping(item: Mapping, held: Held) -> Iterable[Any]:  # type: ignore[type-arg] # dispatch
    held.rest += sys.getsizeof(item)
    return *item.keys(), *item.values(), *_attributes(item)


@weigh.register(type | ModuleType | FunctionType | MethodType | BuiltinFunctionType)
@weigh.register(threading.Thread | logging.Logger | torch.dtype | torch.device)
def _weigh_nothing(item: Any, held: Held) -> Iterable[Any]:
    """What an output may refer to, but does not keep alive."""
    return ()


@weigh.register
def _weigh_buffer(item: io.BytesIO, held: Held) -> Iterable[Any]:
    return (item.getvalue(),)  # which is no copy, and what others share


@weigh.register
def _weigh_view(item: memoryview, held: Held) -> Iterable[Any]:
    return (item.obj,)


@weigh.register
def _weigh_picture(item: Image.Image, held: Held) -> Iterable[Any]:
    """Also one whose pixels are still in a file: somebody will read them."""
    per_pixel = _BYTES_PER_PIXEL.get(item.mode, _MOST_BYTES_PER_PIXEL)
    pixels = getattr(item, "_im", None) or item
    held.blocks[id(pixels)] = item.width * item.height * per_pixel
    return item.info.values()


@weigh.register
def _weigh_tensor(item: torch.Tensor, held: Held) -> Iterable[Any]:
    if item.is_meta:
        return ()
    if item.layout is torch.sparse_coo:
        return item._indices(), item._values()
    if item.layout in (torch.sparse_csr, torch.sparse_bsr):
        return item.crow_indices(), item.col_indices(), item.values()
    if item.layout in (torch.sparse_csc, torch.sparse_bsc):
        return item.ccol_indices(), item.row_indices(), item.values()
    storage = item.untyped_storage()
    held.blocks[storage.data_ptr()] = storage.nbytes()
    return ()


@weigh.register
def _weigh_array(item: np.ndarray, held: Held) -> Iterable[Any]:
    """Of a view that which it is a view of: another array, a tensor, bytes."""
    if item.base is not None:
        return (item.base,)
    held.blocks[item.ctypes.data] = item.nbytes
    return item.flat if item.dtype.hasobject else ()


@weigh.register
def _weigh_module(item: torch.nn.Module, held: Held) -> Iterator[Any]:
    """Its parameters and buffers, and the tensors that its code keeps beside them."""
    yield from item.parameters()
    yield from item.buffers()
    for part in item.modules():
        yield from (value for value in vars(part).values() if isinstance(value, torch.Tensor))


@weigh.register(Weights)
def _weigh_weights(item: Any, held: Held) -> Iterable[Any]:
    """A model's are mapped from its file; what it computes with can be let go and made again."""
    return ()


def _attributes(item: Any) -> Iterable[Any]:
    return getattr(item, "__dict__", {}).values()


@cache
def _slots(kind: Any) -> tuple[str, ...]:
    """The names of slots that a class and its bases declare."""
    members = (member for base in kind.__mro__ for member in vars(base).values())
    return tuple(each.__name__ for each in members if isinstance(each, MemberDescriptorType))


def _weigh_items(item: list[Any] | tuple[Any, ...], held: Held) -> Iterable[Any]:
    held.rest += sys.getsizeof(item)
    return item


_COMMON: dict[type, Callable[[Any, Held], Iterable[Any]]] = {
    **{kind: weigh.dispatch(kind) for kind in (str, bytes, int, float, bool, type(None), dict)},
    **dict.fromkeys((list, tuple), _weigh_items),
}
"""For the types of which most outputs are made; looking them up is quicker than dispatch. Lists and
tuples of just these types have no attributes."""
