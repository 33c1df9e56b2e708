"""How an adapter changes a weight: the forms in which adapters keep a change in few numbers.

`Parts` are the tensors for one layer. Their names are LyCORIS's (Yeh et al. 2023, "Navigating
Text-To-Image Customization"), but for LoRA's own, `up`, `down` and `mid`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Size, Tensor

Parts = Mapping[str, Tensor]
_TUCKER = "ijkl,ip,jr->prkl"  # a small convolution between two changes of width
_RANKED_BY = ("down", "hada_w1_b", "lokr_w2_b", "lokr_w1_b")  # as many rows as the rank
_DIFFERENCES = ("diff", "w_norm")
BIAS_DIFFERENCES = ("diff_b", "b_norm")


@dataclass(frozen=True, eq=False, slots=True)
class AdapterPatch:
    """Adds `strength` times the change to a weight. To be called in float32."""

    parts: Parts
    strength: float

    def __call__(self, weight: Tensor) -> Tensor:
        parts = {name: part.to(weight) for name, part in self.parts.items() if name != "alpha"}
        change, scale = change_of(parts).reshape(weight.shape), scale_of(self.parts)
        if (magnitudes := parts.get("dora_scale")) is None:
            return torch.add(weight, change, alpha=self.strength * scale)
        total = torch.add(weight, change, alpha=scale)
        return weight.lerp(_with_magnitudes(total, magnitudes), self.strength)


@dataclass(frozen=True, eq=False, slots=True)
class BiasPatch:
    """Adds `strength` times a difference."""

    difference: Tensor
    strength: float

    def __call__(self, bias: Tensor) -> Tensor:
        return torch.add(bias, self.difference.to(bias), alpha=self.strength)


def change_of(parts: Parts) -> Tensor:
    """The unscaled change, with as many values as the weight has, in their order.

    Raises `KeyError` or `RuntimeError` for parts that make no form.
    """
    if "up" in parts:
        return _lora(parts)
    if "hada_w1_a" in parts:
        return _product(parts, "hada_w1", "hada_t1") * _product(parts, "hada_w2", "hada_t2")
    if any(name in parts for name in _DIFFERENCES):
        return next(parts[name] for name in _DIFFERENCES if name in parts)
    return _kronecker(parts)


def scale_of(parts: Parts) -> float:
    """alpha by the rank; 1 for changes that have neither."""
    ranked = next((parts[name] for name in _RANKED_BY if name in parts), None)
    if ranked is None or "alpha" not in parts:
        return 1.0
    return float(parts["alpha"]) / len(ranked)


def fits(parts: Parts, shape: Size) -> bool:
    """Whether these parts make a change of a weight of that shape; nothing is computed."""
    shapes = {name: part.to("meta") for name, part in parts.items()}
    try:
        return change_of(shapes).numel() == shape.numel()
    except (KeyError, RuntimeError):
        return False


def _lora(parts: Parts) -> Tensor:
    """LoRA (Hu et al. 2021). Of a convolution the first factor is one too, or one between them."""
    up, down = parts["up"].flatten(1), parts["down"].flatten(1)
    if "mid" in parts:
        return torch.einsum("op,pqkl,qi->oikl", up, parts["mid"], down)
    return up @ down


def _product(parts: Parts, name: str, middle: str) -> Tensor:
    """A matrix of low rank from its factors `name_a` and `name_b`."""
    a, b = parts[f"{name}_a"], parts[f"{name}_b"]
    if middle in parts:
        return torch.einsum(_TUCKER, parts[middle], a, b)
    return a @ b


def _kronecker(parts: Parts) -> Tensor:
    """LoKr: a Kronecker product, either factor of which may be a product itself."""
    first, second = (
        parts[name] if name in parts else _product(parts, name, middle)
        for name, middle in (("lokr_w1", "lokr_t1"), ("lokr_w2", "lokr_t2"))
    )
    return torch.kron(first.reshape(*first.shape, *(1,) * (second.dim() - first.dim())), second)


def _with_magnitudes(weight: Tensor, magnitudes: Tensor) -> Tensor:
    """DoRA (Liu et al. 2024, equation 5): directions from `weight`, lengths of their own.

    There is one length for each output, or, as [1, incoming, …], for each input.
    """
    is_by_output = magnitudes.dim() == 1 or len(magnitudes) == len(weight)
    kept = 0 if is_by_output else 1
    others = [dimension for dimension in range(weight.dim()) if dimension != kept]
    lengths = torch.linalg.vector_norm(weight, dim=others, keepdim=True)
    return weight * (magnitudes.reshape(lengths.shape) / lengths)
