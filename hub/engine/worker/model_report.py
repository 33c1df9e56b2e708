"""What a worker tells of its models: the files that it has loaded, and what they take."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import torch

from hub.engine.messages import DeviceMemory, LoadedModel, ModelsLoaded
from hub.engine.models.devices import free_memory, main_device, total_memory
from hub.engine.models.model_memory import ModelMemory

_MOST_REMEMBERED = 64


class ModelReport:
    """Tells of them when something has changed.

    Of a file whose weights the memory knows it is certain whether it is loaded. Others, such as
    LoRAs, count as loaded for a while after they were opened. State: `_names` of the files that
    were opened, by path, the latest last; `_known` are paths of weights; `_told` what was the
    state of things when it told last.
    """

    def __init__(self, memory: ModelMemory, tell: Callable[[ModelsLoaded], None]) -> None:
        self._memory = memory
        self._tell = tell
        self._names: dict[Path, str] = {}
        self._known: set[Path] = set()
        self._opened = 0
        self._told: tuple[int, int, int] | None = None
        self._lock = Lock()

    def opened(self, kind: str, name: str, path: Path) -> None:
        """A node asked for a file; any thread may say so."""
        with self._lock:
            self._opened += path not in self._names
            self._names.pop(path, None)
            self._names[path] = f"{kind}/{name}"
            if len(self._names) > _MOST_REMEMBERED:
                del self._names[next(iter(self._names))]

    def tell_news(self) -> None:
        """Tell all of it, if anything has changed."""
        with self._lock:
            state = (self._memory.changes, len(self._memory), self._opened)
            if state != self._told:
                self._told = state
                self._tell(self._message())

    def _message(self) -> ModelsLoaded:
        placed = self._memory.placed()
        self._known |= self._memory.origins()
        loaded = {one.origin for one in placed}
        return ModelsLoaded(
            files=tuple(
                name
                for path, name in self._names.items()
                if path in loaded or path not in self._known
            ),
            models=tuple(
                LoadedModel(
                    name=self._name(one.origin),
                    part=one.part,
                    device=str(one.device),
                    bytes=one.bytes,
                )
                for one in placed
            ),
            devices=(_main_device(),),
        )

    def _name(self, path: Path | None) -> str:
        return self._names.get(path, path.name) if path else ""


def _main_device() -> DeviceMemory:
    device = main_device()
    is_gpu = device.type == "cuda"
    reserved = torch.cuda.memory_reserved(device) if is_gpu else 0
    used = torch.cuda.memory_allocated(device) if is_gpu else 0
    return DeviceMemory(
        name=f"{device} {torch.cuda.get_device_name(device)}" if is_gpu else "cpu",
        type=device.type,
        index=device.index,
        total=total_memory(device),
        free=free_memory(device),
        torch_total=reserved,
        torch_free=reserved - used,
    )
