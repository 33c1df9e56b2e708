"""A module that learns step by step, and can go on after a break."""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from hub.engine.models.shapes import Shapes

Module = TypeVar("Module", bound=nn.Module)
_WARMING_UP = 30
_TOLD_EVERY = 25
_KEPT_EVERY = 100


class Learning(Generic[Module]):
    """AdamW whose rate rises, and then falls along a cosine, to nothing at `horizon`. `averages`
    follow the parameters."""

    def __init__(
        self, module: Module, keep: Path, *, steps: int, rate: float, horizon: int
    ) -> None:
        self.module = module
        self.steps = steps
        self.rate = rate
        self.horizon = horizon
        self.done = 0
        self._keep = keep
        self._parameters = dict(module.named_parameters())
        self._optimizer = torch.optim.AdamW(
            self._parameters.values(), rate, (0.9, 0.99), weight_decay=1e-3
        )
        self.averages = {name: value.detach().clone() for name, value in self._parameters.items()}
        self._losses: list[float] = []
        if keep.exists():
            self._resume(torch.load(keep, weights_only=True))

    @classmethod
    def of(
        cls,
        kind: Callable[[Shapes], Module],
        beginnings: dict[str, Tensor],
        keep: Path,
        *,
        steps: int,
        rate: float,
        horizon: int | None = None,
    ) -> "Learning[Module]":
        with torch.device("meta"):
            module = kind(Shapes.of(beginnings))
        fast = {name: _channels_last(tensor) for name, tensor in beginnings.items()}
        module.load_state_dict(fast, assign=True)
        return cls(module.train(), keep, steps=steps, rate=rate, horizon=horizon or steps)

    def remaining(self) -> Iterator[int]:
        """The numbers of the steps to come; each must end with `learn`."""
        yield from range(self.done, self.steps)
        self.store()

    def learn(self, loss: Tensor) -> None:
        rate = self._rate_now()
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self._parameters.values(), 1.0)
        self._optimizer.step()
        self.done += 1
        share = min(0.995, (self.done + 1) / (self.done + 10))
        for name, average in self.averages.items():
            average.lerp_(self._parameters[name].detach(), 1 - share)
        self._losses.append(loss.item())
        if self.done % _TOLD_EVERY == 0:
            self._tell()
        if self.done % _KEPT_EVERY == 0:
            self.store()

    def _rate_now(self) -> float:
        rising = min(1.0, (self.done + 1) / _WARMING_UP)
        falling = (1 + math.cos(math.pi * self.done / self.horizon)) / 2
        return self.rate * rising * (0.02 + 0.98 * falling)

    def _tell(self) -> None:
        loss = sum(self._losses) / len(self._losses)
        seconds = time.process_time()
        print(
            f"{self._keep.stem} {self.done}/{self.steps} loss {loss:.4f} {seconds:.0f} s",
            flush=True,
        )
        self._losses.clear()

    def store(self) -> None:
        """Put what was learnt into the file, so that another one goes on from here."""
        state = {
            "done": self.done,
            "module": self.module.state_dict(),
            "averages": self.averages,
            "optimizer": self._optimizer.state_dict(),
        }
        new = self._keep.with_suffix(".new")
        torch.save(state, new)
        new.replace(self._keep)

    def _resume(self, state: dict[str, Any]) -> None:
        self.done = state["done"]
        self.module.load_state_dict(state["module"])
        self.averages = state["averages"]
        self._optimizer.load_state_dict(state["optimizer"])


def _channels_last(tensor: Tensor) -> Tensor:
    """The order in which a processor convolves fastest."""
    return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor
