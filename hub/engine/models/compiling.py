"""Networks that torch compiles (`torch.compile`): slow when first asked, and faster from then on.

Compiled are the blocks of a network, each for itself: what many of them have in common is compiled
once, and whatever goes on between them, such as a ControlNet, is no hindrance.

What is compiled is for one size and one number of latents. So calls are filled up to 1, 2, 4, 8, …
rows: runs come and go, and without this each number of them would be compiled by itself. Where a
block cannot be compiled, torch warns, and computes as without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from hub.engine.models.residuals import Residuals
from hub.engine.models.unet import UNet
from hub.engine.models.unet_blocks import Block
from hub.engine.models.unet_hooks import UNetHooks

_TOLD_OF_A_CALL = {"cond_or_uncond", "sigmas"}
_MOST_VARIANTS = 1024  # of a kind of block, by sizes and numbers; torch gives up after 8 by itself


@dataclass
class Compiling:
    """What models are compiled with that do not say it themselves; None leaves them as they are."""

    backend: str | None = None


COMPILING = Compiling()
"""Of this process, as its device is."""


@dataclass(frozen=True, slots=True)
class CompiledNetwork:
    """A U-Net whose blocks are compiled, for calls in which nodes have put no functions."""

    unet: UNet
    backend: str

    def __call__(
        self,
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        y: Tensor | None,
        hooks: UNetHooks | None,
        control: Residuals,
    ) -> Tensor:
        """As `UNet.forward`; there are no `hooks`."""
        del hooks
        _allow_many_variants()
        output: Tensor = self.unet(x, timesteps, context, y, UNetHooks({}, self._run), control)
        return output

    def _run(self, block: nn.Module, *inputs: Any) -> Tensor:
        called = block.compiled(self.backend) if isinstance(block, Block) else block
        output: Tensor = called(*inputs)
        return output


def has_functions(inputs: Mapping[str, Any]) -> bool:
    """Whether a node has put functions into the call; these may do anything."""
    options = inputs.get("transformer_options") or {}
    return not options.keys() <= _TOLD_OF_A_CALL


def filled(part: Tensor) -> Tensor:
    """`part` [batch, …] with its last row again, up to the next power of two."""
    rows = len(part)
    missing = (1 << (rows - 1).bit_length()) - rows
    return torch.cat([part, part[-1:].expand(missing, *part.shape[1:])]) if missing else part


@cache
def _allow_many_variants() -> None:
    from torch._dynamo import config  # takes a second, and few need it

    config.suppress_errors = True
    config.recompile_limit = config.accumulated_recompile_limit = _MOST_VARIANTS
