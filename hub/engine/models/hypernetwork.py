"""Hypernetworks: small networks that change what a U-Net attends to.

For each width of what is attended to there is a pair. One changes what keys are made of, the other
what values are made of: x becomes x + strength · network(x), in self-attention as well as in that
to the text. Their layers are linear, each with an activation and some with a norm after it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.compute import Compute
from hub.engine.models.cross_attention import CrossAttention
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.layers import LayerNorm, Linear
from hub.engine.models.shapes import Shapes
from hub.engine.models.weights import Weights
from hub.errors import Invalid

KEYS, VALUES = "of_keys", "of_values"
_OWN_NAMES: Mapping[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda x: x,
    "leakyrelu": functional.leaky_relu,
    "swish": functional.hardswish,  # what trainers mean by it
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
_NAMES_OF_TORCH = (
    *("celu", "elu", "gelu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "logsigmoid"),
    *("mish", "relu", "relu6", "rrelu", "selu", "silu", "softplus", "softshrink", "softsign"),
    "tanhshrink",
)
ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    **_OWN_NAMES,
    **{name: getattr(functional, name) for name in _NAMES_OF_TORCH},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What the shapes of a hypernetwork do not tell. `activation` is one of `ACTIVATIONS`."""

    widths: frozenset[int]
    activation: str
    is_output_activated: bool


class Network(nn.ModuleList):
    """One of a pair."""

    def __init__(self, shapes: Shapes, form: Form) -> None:
        super().__init__(_layer(part) for part in shapes.numbered())
        linear = [number for number, layer in enumerate(self) if isinstance(layer, Linear)]
        self._activation = ACTIVATIONS[form.activation]
        self._activated = frozenset(linear if form.is_output_activated else linear[:-1])

    def forward(self, x: Tensor) -> Tensor:
        for number, layer in enumerate(self):
            x = layer(x)
            if number in self._activated:
                x = self._activation(x)
        return x


class Hypernetwork(nn.Module):
    """Its parameters are named by side, width and number of the layer: `of_keys.768.0.weight`."""

    def __init__(self, shapes: Shapes, form: Form) -> None:
        super().__init__()
        self.of_keys = _by_width(shapes.below(KEYS), form)
        self.of_values = _by_width(shapes.below(VALUES), form)

    @property
    def broken(self) -> str | None:
        """A width whose layers do not follow one another."""
        networks = chain(self.of_keys.items(), self.of_values.items())
        return next(
            (width for width, one in networks if not _keeps(one.children(), int(width))), None
        )

    def forward(self, context: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """What to add to each, [batch, tokens, width] of one of its widths."""
        width = str(context.shape[-1])
        return self.of_keys[width](context), self.of_values[width](values)


class HypernetworkDoesNotFit(Invalid):
    """A hypernetwork was trained with another family of models."""

    def __init__(self, widths: frozenset[int], model: DiffusionModel) -> None:
        super().__init__(
            f"The hypernetwork was made for another model: it changes what is "
            f"{' or '.join(map(str, sorted(widths)))} wide, and {model.model.family.value} attends "
            f"to texts of the width {model.model.diffusion_model.context_width}. Choose one for "
            "this model."
        )


@dataclass(frozen=True, slots=True)
class LoadedHypernetwork:
    """One as its file has it, and where it computes."""

    weights: Weights[Hypernetwork]
    form: Form
    compute: Compute

    def put_on(self, model: DiffusionModel, strength: float) -> DiffusionModel:
        """A copy of `model` that it changes. Raises `HypernetworkDoesNotFit`."""
        self._check(model)
        changed = model.clone()
        changed.set_model_attn1_patch(_Change(self, strength))
        changed.set_model_attn2_patch(_Change(self, strength))
        return changed

    def _check(self, model: DiffusionModel) -> None:
        """One without a part for the text fits if it has one for self-attention, and none too
        many."""
        unet = model.model.diffusion_model
        layers = (layer for layer in unet.modules() if isinstance(layer, CrossAttention))
        is_for_text = unet.context_width in self.form.widths
        if not is_for_text and not self.form.widths <= {one.to_k.in_features for one in layers}:
            raise HypernetworkDoesNotFit(self.form.widths, model)


@dataclass(frozen=True, slots=True)
class _Change:
    """What nodes put before an attention."""

    hypernetwork: LoadedHypernetwork
    strength: float

    def __call__(
        self, x: Tensor, context: Tensor, values: Tensor, told: Mapping[str, Any]
    ) -> tuple[Tensor, Tensor, Tensor]:
        own = self.hypernetwork
        if context.shape[-1] not in own.form.widths:
            return x, context, values
        with own.weights.placed(own.compute) as network:
            to_context, to_values = network(context, values)
        return x, context + self.strength * to_context, values + self.strength * to_values


def _by_width(shapes: Shapes, form: Form) -> nn.ModuleDict:
    return nn.ModuleDict({str(one): Network(shapes.below(one), form) for one in form.widths})


def _layer(shapes: Shapes) -> nn.Module:
    is_linear = len(shapes.shape("weight")) > 1
    return Linear.of(shapes) if is_linear else LayerNorm.of(shapes)


def _keeps(layers: Iterable[nn.Module], width: int) -> bool:
    """Whether they follow one another, from that width and back to it."""
    size = width
    for layer in layers:
        if isinstance(layer, Linear) and layer.in_features == size:
            size = layer.out_features
        elif not isinstance(layer, LayerNorm) or layer.normalized_shape != (size,):
            return False
    return size == width
