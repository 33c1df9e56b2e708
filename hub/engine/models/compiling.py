"""Networks that torch compiles (`torch.compile`): slow when first asked, and faster from then on.

What is compiled is for one size and one number of latents. So calls are filled up to 1, 2, 4, 8, …
rows: runs come and go, and without this each number of them would be compiled by itself. Where a
network cannot be compiled, torch warns, and computes as without.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.residuals import NO_RESIDUALS
from hub.engine.models.unet import UNet

_TOLD_OF_A_CALL = {"cond_or_uncond", "sigmas"}
_MOST_VARIANTS = 64  # sizes and numbers of latents; torch gives up after 8 by itself


@dataclass
class Compiling:
    """What models are compiled with that do not say it themselves; None leaves them as they are."""

    backend: str | None = None


COMPILING = Compiling()
"""Of this process, as its device is."""


def is_by_itself(inputs: Mapping[str, Any]) -> bool:
    """Whether nothing takes part in the call but the network: no function of a node, and no
    control. Only then is it known to do the same each time."""
    options = inputs.get("transformer_options") or {}
    control = inputs.get("control", NO_RESIDUALS)
    return options.keys() <= _TOLD_OF_A_CALL and control is NO_RESIDUALS


def compiled(unet: UNet, backend: str) -> UNet:
    """The network itself, which is compiled when it is called next."""
    if unet.compiled_by != backend:
        from torch._dynamo import config  # takes a second, and few need it

        config.suppress_errors = True
        config.recompile_limit = _MOST_VARIANTS
        unet.compile(backend=backend, dynamic=False)
        unet.compiled_by = backend
    return unet


def plain(unet: UNet) -> Callable[..., Tensor]:
    """The network as it is, also if others have it compiled."""
    return unet.forward if unet.compiled_by else unet


def filled(part: Tensor) -> Tensor:
    """`part` [batch, …] with its last row again, up to the next power of two."""
    rows = len(part)
    missing = (1 << (rows - 1).bit_length()) - rows
    return torch.cat([part, part[-1:].expand(missing, *part.shape[1:])]) if missing else part
