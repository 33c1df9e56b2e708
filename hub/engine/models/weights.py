"""The weights of one module: as its file has them, and as they are computed with.

    file ──(mapped)── originals ──(cast, patched)── parameters

The originals are never written to. What is computed with is derived from them, so a patch comes
off exactly, and all copies can be let go and made again.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from hub.engine.models.compute import Compute
from hub.engine.models.group_lock import GroupLock
from hub.engine.models.model_file import Tensors
from hub.engine.models.model_memory import MODEL_MEMORY, ModelMemory
from hub.engine.models.shapes import Shapes
from hub.errors import Invalid

log = logging.getLogger(__name__)
Module = TypeVar("Module", bound=nn.Module)
Patch = Callable[[Tensor], Tensor]  # float32 in and out; must not change what it is given
Patches = Mapping[str, Sequence[Patch]]
NO_PATCHES: Patches = MappingProxyType({})
_NAMES_TOLD = 5


def joined_patches(first: Patches, second: Patches) -> Patches:
    """The second ones after the first; a new mapping, as `Weights` goes by their identity."""
    if not second:
        return first
    names = [*first, *(name for name in second if name not in first)]
    return {name: (*first.get(name, ()), *second.get(name, ())) for name in names}


class WeightsDoNotFit(Invalid):
    """A file lacks tensors of the architecture that its others belong to, has others within it, or
    has some in another size."""

    def __init__(
        self,
        part: str,
        origin: Path | None,
        *,
        missing: Sequence[str] = (),
        unexpected: Sequence[str] = (),
        misshapen: Sequence[str] = (),
    ) -> None:
        kinds = {"lacks": missing, "has besides": unexpected, "has in another size": misshapen}
        told = [f"{what} {_listed(names)}" for what, names in kinds.items() if names]
        file = "this file" if origin is None else origin.name
        super().__init__(
            f"The {part} in {file} is not one that we know: it {' and '.join(told)}. The file may "
            "be damaged, or have another layout. Get it anew, or choose another file with the key "
            "names of the original checkpoints."
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Aside:
    """What some parameters are with other patches."""

    patches: Patches
    values: Tensors


class Weights(Generic[Module]):
    """Holds `module`, and keeps its parameters what they should be.

    Tables, of which a few rows are looked up, stay in the type of the file. `part` and `origin`
    say what it is of which file; `memory` decides when its copies go. `bound` is for what goes by
    the addresses of its parameters, and is emptied when they move.

    While somebody has it in use, what the last change of patches replaced is kept aside, if there
    is room: a hook has the weights go back and forth at every step.
    """

    def __init__(
        self,
        module: Module,
        originals: Tensors,
        *,
        part: str = "model",
        origin: Path | None = None,
        memory: ModelMemory = MODEL_MEMORY,
    ) -> None:
        self.module = module
        self.part = part
        self.origin = origin
        self.bound: dict[type, Any] = {}
        self._memory = memory
        self._placing = RLock()
        self._lock = GroupLock()
        self._originals = originals
        self._tables = {
            f"{name}.weight"
            for name, part in module.named_modules()
            if isinstance(part, nn.Embedding)
        }
        self._compute: Compute | None = None
        self._patches = NO_PATCHES
        self._aside: _Aside | None = None

    @contextmanager
    def placed(self, compute: Compute, patches: Patches = NO_PATCHES) -> Iterator[Module]:
        """The module, ready to compute there with these patches, for as long as the block lasts.

        Costs nothing if it is: only what changes is made anew. Threads that want it otherwise wait
        meanwhile, lest the weights change in the middle of a computation.
        """
        with (
            self.in_use(),
            self._lock.hold(
                lambda: self._is_so(compute, patches), lambda: self.place(compute, patches)
            ) as module,
        ):
            yield module

    def in_use(self) -> AbstractContextManager[None]:
        """For as long as the block lasts, its copies are not released for the sake of others."""
        return self._memory.in_use(self)

    def place(self, compute: Compute, patches: Patches = NO_PATCHES) -> Module:
        """The same, until somebody else needs the memory."""
        if self._is_so(compute, patches):
            return self.module
        with self._placing, self.in_use():
            changed = self._changed(compute, patches)
            if changed:
                self.bound.clear()
            ready = self._ready(compute, patches)
            anew = {name: value for name, value in changed.items() if name not in ready}
            wanted = self._new_bytes(anew, compute, patches)
            fits = not anew or self._memory.make_room(compute.device, wanted)
            before = self._aside_of(changed) if fits and compute == self._compute else None
            try:
                self._make(anew, compute, patches)
                self._set(ready)
            except BaseException:
                self.release()  # some of them are made, and some are not
                raise
            self._compute, self._patches, self._aside = compute, patches, before
        return self.module

    def release(self) -> None:
        """Let go of all copies. What was mapped stays mapped."""
        self.bound.clear()
        self._set(self._originals)
        self._compute, self._patches, self._aside = None, NO_PATCHES, None

    def forget(self) -> None:
        """Let go of what is only kept aside."""
        self._aside = None

    def value(self, name: str, device: torch.device, patches: Patches = NO_PATCHES) -> Tensor:
        """One weight with its patches in float32, without a change of what is computed with."""
        value = self._originals[name].to(device).to(torch.float32)
        for patch in patches.get(name, ()):
            value = patch(value)
        return value

    def saved(self, patches: Patches = NO_PATCHES) -> dict[str, Tensor]:
        """All of them as a file should have them: patches in, in the types of the originals."""
        cpu = torch.device("cpu")
        return {
            name: self.value(name, cpu, patches).to(original.dtype) if name in patches else original
            for name, original in self._originals.items()
        }

    def unplaced_bytes(self, compute: Compute, patches: Patches = NO_PATCHES) -> int:
        """How much more memory they take, about, once they are placed there."""
        if self._is_so(compute, patches):
            return 0
        return self._new_bytes(self._changed(compute, patches), compute, patches)

    @property
    def originals(self) -> Mapping[str, Tensor]:
        """As the file has them; not to be written to."""
        return MappingProxyType(self._originals)

    @property
    def names(self) -> Iterable[str]:
        return self._originals.keys()

    @property
    def device(self) -> torch.device | None:
        """Where it was placed; None while it is as in the file."""
        return self._compute.device if self._compute else None

    @property
    def held_bytes(self) -> int:
        """What the parameters take beyond the mapped file, with what is kept aside."""
        return self._copied_bytes(self.module.named_parameters()) + self.spare_bytes

    @property
    def spare_bytes(self) -> int:
        """What is kept aside takes of that."""
        aside = self._aside
        return self._copied_bytes(aside.values.items()) if aside else 0

    def _copied_bytes(self, values: Iterable[tuple[str, Tensor]]) -> int:
        return sum(
            value.nbytes
            for name, value in values
            if value.data_ptr() != self._originals[name].data_ptr()
        )

    def _is_so(self, compute: Compute, patches: Patches) -> bool:
        return compute == self._compute and patches is self._patches

    def _changed(self, compute: Compute, patches: Patches) -> Mapping[str, Tensor]:
        """The originals whose parameters are other ones there than they are now."""
        if compute != self._compute:
            return self._originals
        names = patches.keys() | self._patches.keys()
        return {
            name: self._originals[name]
            for name in names
            if patches.get(name) != self._patches.get(name)
        }

    def _ready(self, compute: Compute, patches: Patches) -> Tensors:
        """What lies aside for these patches: all that differs from now."""
        aside = self._aside
        is_it = aside is not None and aside.patches is patches and compute == self._compute
        return aside.values if aside and is_it else {}

    def _aside_of(self, names: Iterable[str]) -> _Aside:
        parameters = dict(self.module.named_parameters())
        return _Aside(self._patches, {name: parameters[name].data for name in names})

    def _set(self, values: Mapping[str, Tensor]) -> None:
        parameters = dict(self.module.named_parameters())
        for name, value in values.items():
            parameters[name].data = value

    def _new_bytes(
        self, originals: Mapping[str, Tensor], compute: Compute, patches: Patches
    ) -> int:
        """How much more memory that takes than now, about: what is replaced is still there."""
        return sum(
            original.numel() * self._type(name, original, compute).itemsize
            for name, original in originals.items()
            if name in patches
            or original.device != compute.device
            or original.dtype != self._type(name, original, compute)
        )

    def _type(self, name: str, original: Tensor, compute: Compute) -> torch.dtype:
        if compute.storage is None or name in self._tables:
            return original.dtype
        return compute.storage

    def _make(self, originals: Mapping[str, Tensor], compute: Compute, patches: Patches) -> None:
        parameters = dict(self.module.named_parameters())
        for name, original in originals.items():
            dtype = self._type(name, original, compute)
            if name in patches:
                made = self.value(name, compute.device, patches)
            else:
                made = original.to(compute.device)
            parameters[name].data = made.to(dtype)


def mapped(
    part: str,
    kind: Callable[[Shapes], Module],
    tensors: Tensors,
    origin: Path | None = None,
    memory: ModelMemory = MODEL_MEMORY,
) -> Weights[Module]:
    """A module of that kind over these very tensors. Raises `WeightsDoNotFit`.

    Tensors below names that the architecture has not at all are left out, and told to the log:
    trainers leave such in files. What is too much within it is an architecture that we do not know.
    """
    try:
        with torch.device("meta"):
            module = kind(Shapes.of(tensors))
    except KeyError as missing:
        raise WeightsDoNotFit(part, origin, missing=[str(missing.args[0])]) from missing
    module.requires_grad_(False).eval()
    own = _without_strangers(tensors, module, part, origin)
    wanted = {name: value.shape for name, value in module.state_dict().items()}
    common = wanted.keys() & own.keys()
    if wanted != {name: tensor.shape for name, tensor in own.items()}:
        raise WeightsDoNotFit(
            part,
            origin,
            missing=sorted(wanted.keys() - common),
            unexpected=sorted(own.keys() - common),
            misshapen=sorted(name for name in common if own[name].shape != wanted[name]),
        )
    module.load_state_dict(own, assign=True)
    return Weights(module, own, part=part, origin=origin, memory=memory)


def _without_strangers(
    tensors: Tensors, module: nn.Module, part: str, origin: Path | None
) -> Tensors:
    known = {name.partition(".")[0] for name in module.state_dict()}
    own = {name: value for name, value in tensors.items() if name.partition(".")[0] in known}
    if strangers := sorted(tensors.keys() - own.keys()):
        file = "a file" if origin is None else origin.name
        log.warning("The %s in %s has parts without a use: %s.", part, file, _listed(strangers))
    return own


def _listed(names: Sequence[str]) -> str:
    told = ", ".join(names[:_NAMES_TOLD])
    surplus = len(names) - _NAMES_TOLD
    return f"{told} and {surplus} more" if surplus > 0 else told
