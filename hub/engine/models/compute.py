"""Where a model computes, and in which types."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """`device` and the type of the activations. Weights are kept in `storage`; None leaves them
    in the type of the file, and they are cast whenever they are needed."""

    device: torch.device
    dtype: torch.dtype
    storage: torch.dtype | None = None


def compute_for_denoising(storage: torch.dtype | None = None) -> Compute:
    """For U-Nets. Without a GPU all is cast to float32 once, unless a `storage` is asked for.

    Processors without instructions of their own for half precision take fifty times longer in it.
    """
    if not torch.cuda.is_available():
        return _on_the_cpu(storage or torch.float32)
    return Compute(
        device=torch.device("cuda"), dtype=torch.float16, storage=storage or torch.float16
    )


def compute_for_text(*, on_the_cpu: bool = False) -> Compute:
    """Prompts are short: float32 costs little, and no weight has to be cast for good on a GPU."""
    if on_the_cpu or not torch.cuda.is_available():
        return _on_the_cpu()
    return Compute(device=torch.device("cuda"), dtype=torch.float32)


def compute_for_pictures() -> Compute:
    """For autoencoders, whose activations go beyond what float16 holds."""
    if not torch.cuda.is_available():
        return _on_the_cpu()
    dtype = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return Compute(device=torch.device("cuda"), dtype=dtype, storage=dtype)


def _on_the_cpu(storage: torch.dtype = torch.float32) -> Compute:
    return Compute(device=torch.device("cpu"), dtype=torch.float32, storage=storage)
