"""Checkpoints of seeded random weights, in the layout of Stable Diffusion's single files.

With the sizes it has by default this makes, bit for bit, the model from which the figures in
tests/data/stable_diffusion were computed. Every tensor is drawn from a stream of its own, seeded by
its name, so nothing depends on the order. Weights are scaled by their fan-in and residual branches
are damped; and the first convolution, the last skip and the last convolution of the U-Net carry an
identity, so that what it predicts is near 1.2 times what it sees, and sampling converges.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

SHA256 = "586543e046a3e74e0781b58d624b0b21b511ae1c9924fe1c17bd5087e2df066f"
UNET = "model.diffusion_model."
TEXT = "cond_stage_model.transformer.text_model."
VAE = "first_stage_model."
UNDO_SILU = 1.6  # what SiLU takes from the variance
DAMPED = 0.4
Array = NDArray[np.floating]


@dataclass(kw_only=True)
class Drawer:
    """Draws tensors by name, and keeps them."""

    seed: int = 0
    tensors: dict[str, NDArray[np.generic]] = field(default_factory=dict)

    def normal(self, name: str, *shape: int) -> Array:
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
        stream = np.random.PCG64(int.from_bytes(digest[:16], "little"))
        return np.random.Generator(stream).standard_normal(shape, dtype=np.float32)

    def keep(self, name: str, values: Array) -> None:
        self.tensors[name] = np.ascontiguousarray(values.astype(np.float16))

    def change(self, name: str, *, factor: float = 1.0, add: Array | float = 0.0) -> None:
        """In two steps, each rounded to half precision, unless one of them does nothing."""
        values = self.tensors[name]
        if factor != 1.0:
            values = (values.astype(np.float32) * factor).astype(np.float16)
        if not np.isscalar(add):
            values = (values.astype(np.float32) + add).astype(np.float16)
        self.tensors[name] = values

    def layer(self, name: str, *shape: int, gain: float = 1.0, bias: bool = True) -> None:
        weight, fan_in = f"{name}.weight", int(np.prod(shape[1:]))
        self.keep(weight, self.normal(weight, *shape) * (gain / fan_in**0.5))
        if bias:
            self.keep(f"{name}.bias", self.normal(f"{name}.bias", shape[0]) * 0.02)

    def norm(self, name: str, width: int) -> None:
        self.keep(f"{name}.weight", 1.0 + 0.05 * self.normal(f"{name}.weight", width))
        self.keep(f"{name}.bias", 0.02 * self.normal(f"{name}.bias", width))


@dataclass(kw_only=True)
class UNetSizes:
    channels: int = 320
    text: int = 768
    multiples: Sequence[int] = (1, 2)
    depths: Sequence[int] = (1, 1)  # of the transformers, by level; 0 where there are none
    blocks: int = 1  # residual ones on each level
    incoming: int = 4
    labels: int = 0
    classes: int = 0  # with these, all but the lowest level attends to the text twice
    is_linear: bool = False

    @property
    def time(self) -> int:
        return self.channels * 4


class UNetDrawer:
    """Draws in the order of the network; on the way up is one block more on each level."""

    def __init__(self, drawer: Drawer, sizes: UNetSizes) -> None:
        self._draw, self._sizes = drawer, sizes

    def draw(self) -> None:
        sizes, first = self._sizes, self._sizes.channels
        self._two_layers("time_embed", first, 1.4)
        if sizes.labels:
            self._two_layers("label_emb.0", sizes.labels, 1.4)
        if sizes.classes:
            name = f"{UNET}label_emb.weight"
            self._draw.keep(name, self._draw.normal(name, sizes.classes, sizes.time))
        self._draw.layer(f"{UNET}input_blocks.0.0", first, sizes.incoming, 3, 3, gain=0.3)
        skips, width = self._way_down()
        self._residual("middle_block.0", width, width)
        self._transformer("middle_block.1", width, max(sizes.depths[-1], 1))
        self._residual("middle_block.2", width, width)
        last = self._way_up(skips, width)
        self._draw.norm(f"{UNET}out.0", first)
        self._draw.layer(f"{UNET}out.2", 4, first, 3, 3, gain=0.05 * UNDO_SILU)
        self._carry_an_identity(last)

    def _way_down(self) -> tuple[list[int], int]:
        width = self._sizes.channels
        skips, number = [width], 1
        for level, multiple in enumerate(self._sizes.multiples):
            wide = multiple * self._sizes.channels
            for _ in range(self._sizes.blocks):
                self._residual(f"input_blocks.{number}.0", width, wide)
                self._transformer(f"input_blocks.{number}.1", wide, *self._depth(level))
                width, number = wide, number + 1
                skips.append(width)
            if level != len(self._sizes.multiples) - 1:
                self._draw.layer(f"{UNET}input_blocks.{number}.0.op", width, width, 3, 3)
                skips.append(width)
                number += 1
        return skips, width

    def _way_up(self, skips: list[int], width: int) -> str:
        number, block = 0, ""
        for level in reversed(range(len(self._sizes.multiples))):
            wide = self._sizes.multiples[level] * self._sizes.channels
            for is_last in (*[False] * self._sizes.blocks, True):
                block = f"output_blocks.{number}"
                self._residual(f"{block}.0", width + skips.pop(), wide)
                self._transformer(f"{block}.1", wide, *self._depth(level))
                if level and is_last:
                    place = 2 if self._sizes.depths[level] else 1
                    self._draw.layer(f"{UNET}{block}.{place}.conv", wide, wide, 3, 3)
                width, number = wide, number + 1
        return block

    def _depth(self, level: int) -> tuple[int, bool]:
        """And whether there is attention to the text alone."""
        is_lowest = level == len(self._sizes.multiples) - 1
        return self._sizes.depths[level], bool(self._sizes.classes) and not is_lowest

    def _two_layers(self, name: str, incoming: int, gain: float) -> None:
        time = self._sizes.time
        self._draw.layer(f"{UNET}{name}.0", time, incoming, gain=gain)
        self._draw.layer(f"{UNET}{name}.2", time, time, gain=UNDO_SILU)

    def _residual(self, name: str, incoming: int, outgoing: int) -> None:
        draw, name = self._draw, f"{UNET}{name}"
        draw.norm(f"{name}.in_layers.0", incoming)
        draw.layer(f"{name}.in_layers.2", outgoing, incoming, 3, 3, gain=UNDO_SILU)
        draw.layer(f"{name}.emb_layers.1", outgoing, self._sizes.time, gain=UNDO_SILU)
        draw.norm(f"{name}.out_layers.0", outgoing)
        draw.layer(f"{name}.out_layers.3", outgoing, outgoing, 3, 3, gain=UNDO_SILU * DAMPED)
        if incoming != outgoing:
            draw.layer(f"{name}.skip_connection", outgoing, incoming, 1, 1)

    def _transformer(self, name: str, width: int, depth: int, is_twice: bool = False) -> None:
        if not depth:
            return
        draw, name = self._draw, f"{UNET}{name}"
        projection = (width, width) if self._sizes.is_linear else (width, width, 1, 1)
        draw.norm(f"{name}.norm", width)
        draw.layer(f"{name}.proj_in", *projection)
        for number in range(depth):
            self._transformer_block(f"{name}.transformer_blocks.{number}", width, is_twice)
        draw.layer(f"{name}.proj_out", *projection, gain=DAMPED)

    def _transformer_block(self, name: str, width: int, is_twice: bool) -> None:
        draw, text = self._draw, self._sizes.text
        for kind, seen in (("attn1", text if is_twice else width), ("attn2", text)):
            values = 1.5 if kind == "attn2" else 1.0
            draw.layer(f"{name}.{kind}.to_q", width, width, gain=1.5, bias=False)
            draw.layer(f"{name}.{kind}.to_k", width, seen, gain=1.5, bias=False)
            draw.layer(f"{name}.{kind}.to_v", width, seen, gain=values, bias=False)
            draw.layer(f"{name}.{kind}.to_out.0", width, width)
        draw.layer(f"{name}.ff.net.0.proj", width * 8, width)
        draw.layer(f"{name}.ff.net.2", width, width * 4)
        for number in (1, 2, 3):
            draw.norm(f"{name}.norm{number}", width)

    def _carry_an_identity(self, last: str) -> None:
        draw, width, incoming = self._draw, self._sizes.channels, self._sizes.incoming
        channel = np.arange(width)
        sign = np.where((channel // 4) % 2 == 0, 1.0, -1.0).astype(np.float32)
        entry = np.zeros((width, incoming, 3, 3), np.float32)
        entry[channel, channel % 4, 1, 1] = sign
        draw.change(f"{UNET}input_blocks.0.0.weight", add=entry)
        skip = f"{UNET}{last}.0.skip_connection.weight"
        before = draw.tensors[skip].shape[1] - width
        carried = np.zeros((width, before + width, 1, 1), np.float32)
        carried[channel, before + channel, 0, 0] = 1.0
        draw.change(skip, factor=0.3, add=carried)
        draw.change(f"{UNET}{last}.0.out_layers.3.weight", factor=0.5)
        if self._sizes.depths[0]:
            draw.change(f"{UNET}{last}.1.proj_out.weight", factor=0.3)
        out = np.zeros((4, width, 3, 3), np.float32)
        out[channel % 4, channel, 1, 1] = sign * (2.0 / 80) * 1.4
        draw.change(f"{UNET}out.2.weight", add=out)


def draw_text(draw: Drawer, *, width: int = 768, layers: int = 12, wide: int = 3072) -> None:
    tokens, places = draw.normal(f"{TEXT}tok", 49408, width), draw.normal(f"{TEXT}pos", 77, width)
    draw.keep(f"{TEXT}embeddings.token_embedding.weight", tokens * 0.5)
    draw.keep(f"{TEXT}embeddings.position_embedding.weight", places * 0.2)
    draw.tensors[f"{TEXT}embeddings.position_ids"] = np.arange(77, dtype=np.int64)[None]
    for number in range(layers):
        name = f"{TEXT}encoder.layers.{number}"
        for letter in "qkv":
            gain = 1.0 if letter == "v" else 1.5
            draw.layer(f"{name}.self_attn.{letter}_proj", width, width, gain=gain)
        draw.layer(f"{name}.self_attn.out_proj", width, width, gain=DAMPED)
        draw.layer(f"{name}.mlp.fc1", wide, width)
        draw.layer(f"{name}.mlp.fc2", width, wide, gain=DAMPED * UNDO_SILU)
        draw.norm(f"{name}.layer_norm1", width)
        draw.norm(f"{name}.layer_norm2", width)
    draw.norm(f"{TEXT}final_layer_norm", width)


class VaeDrawer:
    def __init__(
        self, drawer: Drawer, channels: int = 128, multiples: Sequence[int] = (1, 2, 4, 4)
    ) -> None:
        self._draw, self._widths = drawer, [channels * multiple for multiple in multiples]

    def draw(self) -> None:
        draw, widths = self._draw, self._widths
        encoder, decoder = f"{VAE}encoder", f"{VAE}decoder"
        draw.layer(f"{encoder}.conv_in", widths[0], 3, 3, 3)
        width = widths[0]
        for level, wide in enumerate(widths):
            width = self._blocks(f"{encoder}.down.{level}", width, wide, 2)
            if level != len(widths) - 1:
                draw.layer(f"{encoder}.down.{level}.downsample.conv", width, width, 3, 3)
        self._middle(f"{encoder}.mid", width)
        self._ending(encoder, width, 8, UNDO_SILU * 3)
        draw.layer(f"{decoder}.conv_in", width, 4, 3, 3)
        self._middle(f"{decoder}.mid", width)
        for level, wide in reversed([*enumerate(widths)]):
            width = self._blocks(f"{decoder}.up.{level}", width, wide, 3)
            if level:
                draw.layer(f"{decoder}.up.{level}.upsample.conv", width, width, 3, 3)
        self._ending(decoder, width, 3, UNDO_SILU * 0.4)
        draw.layer(f"{VAE}quant_conv", 8, 8, 1, 1)
        draw.layer(f"{VAE}post_quant_conv", 4, 4, 1, 1)

    def _blocks(self, name: str, incoming: int, outgoing: int, count: int) -> int:
        for number in range(count):
            self._residual(f"{name}.block.{number}", outgoing if number else incoming, outgoing)
        return outgoing

    def _residual(self, name: str, incoming: int, outgoing: int) -> None:
        draw = self._draw
        draw.norm(f"{name}.norm1", incoming)
        draw.layer(f"{name}.conv1", outgoing, incoming, 3, 3, gain=UNDO_SILU)
        draw.norm(f"{name}.norm2", outgoing)
        draw.layer(f"{name}.conv2", outgoing, outgoing, 3, 3, gain=UNDO_SILU * DAMPED)
        if incoming != outgoing:
            draw.layer(f"{name}.nin_shortcut", outgoing, incoming, 1, 1)

    def _middle(self, name: str, width: int) -> None:
        self._residual(f"{name}.block_1", width, width)
        self._draw.norm(f"{name}.attn_1.norm", width)
        for part in ("q", "k", "v", "proj_out"):
            gain = DAMPED if part == "proj_out" else 1.0
            self._draw.layer(f"{name}.attn_1.{part}", width, width, 1, 1, gain=gain)
        self._residual(f"{name}.block_2", width, width)

    def _ending(self, name: str, incoming: int, outgoing: int, gain: float) -> None:
        self._draw.norm(f"{name}.norm_out", incoming)
        self._draw.layer(f"{name}.conv_out", outgoing, incoming, 3, 3, gain=gain)


def write_reference_checkpoint(path: Path) -> None:
    """The model of the reference figures: 628 MB, a few seconds."""
    drawer = Drawer()
    UNetDrawer(drawer, UNetSizes()).draw()
    draw_text(drawer)
    VaeDrawer(drawer).draw()
    write(drawer, path)


def write_tiny_checkpoint(path: Path) -> None:
    """One of the same layout, a hundredth in size apart from its vocabulary."""
    drawer = Drawer()
    UNetDrawer(drawer, UNetSizes(channels=32)).draw()
    draw_text(drawer, layers=2, wide=64)
    VaeDrawer(drawer, channels=32).draw()
    write(drawer, path)


def write(drawer: Drawer, path: Path) -> None:
    save_file(drawer.tensors, path, metadata={"format": "pt"})
