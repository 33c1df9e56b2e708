"""Torch's own generators as one sampling sees them.

Functions of packs draw noise from them without a generator of their own, and expect what ComfyUI
gives them there: the numbers that follow the initial noise of the seed. Between two of its steps
others draw as well, so each sampling has a state of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


class RandomState:
    """As after drawing `noise` from that seed."""

    def __init__(self, seed: int, noise: Tensor) -> None:
        generator = torch.Generator().manual_seed(seed)
        torch.randn(noise.shape, dtype=noise.dtype, generator=generator)
        self._states = {"cpu": generator.get_state()}
        self._devices = [noise.device] if noise.is_cuda else []
        for device in self._devices:
            self._states[str(device)] = torch.Generator(device).manual_seed(seed).get_state()

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Whatever is drawn in the block, in any thread, comes from here; others' is as before."""
        with torch.random.fork_rng([device.index for device in self._devices]):
            torch.set_rng_state(self._states["cpu"])
            for device in self._devices:
                torch.cuda.set_rng_state(self._states[str(device)], device)
            try:
                yield
            finally:
                self._states["cpu"] = torch.get_rng_state()
                for device in self._devices:
                    self._states[str(device)] = torch.cuda.get_rng_state(device)
