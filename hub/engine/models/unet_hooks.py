"""What nodes put into the network: functions that are called at certain places of it.

They are found in `transformer_options` under the names that node packs set: `patches`, lists of
functions by kind, which change what they are given, and `patches_replace`, by kind and place, which
stand in for attention.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from hub.engine.models.cross_attention import CrossAttention


def as_it_is(block: nn.Module, *inputs: Any) -> Tensor:
    """What `block` makes of its inputs."""
    output: Tensor = block(*inputs)
    return output


class UNetHooks:
    """The functions for one call; `run` is how its blocks are called.

    `block` and `transformer` say where the network is, `whole` and `shape` how large its input is,
    and the picture there.
    """

    def __init__(self, options: Mapping[str, Any], run: Callable[..., Tensor] = as_it_is) -> None:
        self.run = run
        self._options = options
        self._patches: Mapping[str, Any] = options.get("patches", {})
        self._replacements: Mapping[str, Any] = options.get("patches_replace", {})
        self.block = ("input", 0)
        self.transformer = 0
        self.whole: Sequence[int] = ()
        self.shape: Sequence[int] = ()

    def attended(self, kind: str, layer: CrossAttention, x: Tensor, context: Tensor) -> Tensor:
        """What the attention layer `attn1` or `attn2` of a transformer makes of its inputs.

        All functions around one attention are told the same: what one notes there, another reads.
        """
        if not self._patches and not self._replacements:
            return layer(x, context, context)
        values = context
        told = self._told(layer)
        for patch in self._patches.get(f"{kind}_patch", ()):
            x, context, values = patch(x, context, values, told)
        if (replacement := self._replacement(kind)) is None:
            mixed = layer(x, context, values)
        else:
            mixed = layer(x, context, values, lambda q, k, v, _: replacement(q, k, v, told))
        for patch in self._patches.get(f"{kind}_output_patch", ()):
            mixed = patch(mixed, told)
        return mixed

    def between(self, layer: CrossAttention, x: Tensor) -> Tensor:
        """What goes on from the self-attention `layer` of a transformer to that to the text."""
        for patch in self._patches.get("middle_patch", ()):
            x = patch(x, self._told(layer))
        return x

    def after_input(self, x: Tensor) -> Tensor:
        """What a stage on the way down hands on, also across."""
        for patch in self._patches.get("input_block_patch", ()):
            x = patch(x, self._here())
        return x

    def after_skip(self, x: Tensor) -> Tensor:
        """What such a stage hands on to the next one alone."""
        for patch in self._patches.get("input_block_patch_after_skip", ()):
            x = patch(x, self._here())
        return x

    def before_output(self, x: Tensor, skip: Tensor) -> tuple[Tensor, Tensor]:
        """What a stage on the way up is given from below and from across."""
        for patch in self._patches.get("output_block_patch", ()):
            x, skip = patch(x, skip, self._here())
        return x, skip

    def _replacement(self, kind: str) -> Callable[..., Tensor] | None:
        """That of this very transformer, or of all in its block."""
        found = self._replacements.get(kind)
        if not found:
            return None
        return found.get((*self.block, self.transformer)) or found.get(self.block)

    def _told(self, layer: CrossAttention) -> dict[str, Any]:
        width = layer.to_q.out_features
        sizes = {"n_heads": layer.heads, "dim_head": width // layer.heads}
        return {**self._here(), **sizes, "block_index": self.transformer}

    def _here(self) -> dict[str, Any]:
        shapes = {"original_shape": self.whole, "activations_shape": self.shape}
        return {**self._options, **shapes, "block": self.block}
