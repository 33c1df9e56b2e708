"""How many latents share a call, by memory: against what a network really holds at its peak."""

import weakref
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from hub.engine.models import batch_room
from hub.engine.models.batch_room import latents_that_fit
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.model_memory import ModelMemory

SIDE = 32


class Peak(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types there
    """Counts the bytes of all tensors that are made, and are there at the same time."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # neither here
        self.bytes = self._now = 0
        self._known: set[int] = set()

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        made = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor):
                self._count(tensor.untyped_storage())
        return made

    def _count(self, storage: Any) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key not in self._known:
            self._known.add(key)
            self._now += size
            self.bytes = max(self.bytes, self._now)
            weakref.finalize(storage, self._gone, key, size)

    def _gone(self, key: int, size: int) -> None:
        self._known.discard(key)
        self._now -= size


def peak_of(model: DiffusionModel, latents: int) -> int:
    """Of a call with and without a prompt."""
    rows = 2 * latents
    x, sigma, text = torch.zeros(rows, 4, SIDE, SIDE), torch.ones(rows), torch.zeros(rows, 77, 768)
    peak = Peak()
    with model.placed(), peak:
        model.apply_model(x, sigma, c_crossattn=text)
    return peak.bytes


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how much memory the device has, where no model could give any up."""
    monkeypatch.setattr(batch_room, "MODEL_MEMORY", ModelMemory())

    def set_free(room: int) -> None:
        monkeypatch.setattr(batch_room, "free_memory", lambda device: room)

    return set_free


def test_what_a_call_holds_stays_within_the_room_that_is_thought_of(
    tiny: Checkpoint, free: Any
) -> None:
    one, three = (peak_of(tiny.model, latents) for latents in (1, 3))
    latent = (three - one) // 2
    free(latent * 8)
    assert 2 <= latents_that_fit(tiny.model, torch.zeros(1, 4, SIDE, SIDE)) <= 8


def test_as_many_fit_as_there_is_memory_for_but_always_one(tiny: Checkpoint, free: Any) -> None:
    tiny.model.model.weights.place(tiny.model.compute)
    counts = []
    for room in (0, 1 << 26, 1 << 27, 1 << 28):
        free(room)
        counts.append(latents_that_fit(tiny.model, torch.zeros(1, 4, SIDE, SIDE)))
    assert counts[0] == 1
    assert counts[2] == pytest.approx(2 * counts[1], abs=1)
    assert counts[3] == pytest.approx(4 * counts[1], abs=3)
    large = latents_that_fit(tiny.model, torch.zeros(1, 4, 2 * SIDE, 2 * SIDE))
    assert large == pytest.approx(counts[3] / 4, abs=1)


def test_a_model_that_is_not_ready_needs_its_own_part_first(tiny: Checkpoint, free: Any) -> None:
    weights = tiny.model.model.weights
    weights.release()
    own = tiny.model.unplaced_bytes
    free(own)
    x = torch.zeros(1, 4, 8, 8)
    assert latents_that_fit(tiny.model, x) == 1
    weights.place(tiny.model.compute)
    assert own == weights.held_bytes > 0
    assert tiny.model.unplaced_bytes == 0
    free(own)
    assert latents_that_fit(tiny.model, x) > 1
