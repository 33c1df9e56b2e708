"""The small model's tensors with the values that its training begins with.

Names are those of Stable Diffusion 1, sizes what a single core can train within an hour. What is
normalised last has 128 channels, four in each group, because a group of one or two channels forgets
how light or dark a whole picture is.
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor

LATENT = 4
TEXT = 64
TEXT_LAYERS = 2
_EMBEDDING = 256
_FINE, _MIDDLE, _WIDE = 32, 64, 128


class Beginnings(dict[str, Tensor]):
    """Tensors by name; those of layers as torch begins them."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = torch.Generator().manual_seed(seed)

    def weights(self, name: str, *shape: int, bias: bool = True, scale: float = 1.0) -> None:
        bound = scale * math.sqrt(3 / math.prod(shape[1:]))  # what comes in keeps its spread
        self[f"{name}.weight"] = (torch.rand(shape, generator=self._chance) * 2 - 1) * bound
        if bias:
            self[f"{name}.bias"] = torch.zeros(shape[0])

    def norm(self, name: str, width: int) -> None:
        self[f"{name}.weight"] = torch.ones(width)
        self[f"{name}.bias"] = torch.zeros(width)

    def conv(self, name: str, into: int, out: int, size: int = 3, scale: float = 1.0) -> None:
        self.weights(name, out, into, size, size, scale=scale)


def autoencoder(seed: int) -> Beginnings:
    """Works on every pixel by itself: of 1×1 convolutions, and without changing the size."""
    found = Beginnings(seed)
    found.conv("encoder.conv_in", 3, _WIDE, 1)
    _picture_middle(found, "encoder.mid")
    found.norm("encoder.norm_out", _WIDE)
    found.conv("encoder.conv_out", _WIDE, 2 * LATENT, 1)
    found.conv("quant_conv", 2 * LATENT, 2 * LATENT, 1)
    found.conv("post_quant_conv", LATENT, LATENT, 1)
    found.conv("decoder.conv_in", LATENT, _WIDE, 1)
    _picture_middle(found, "decoder.mid")
    _picture_block(found, "decoder.up.0.block.0")
    found.norm("decoder.norm_out", _WIDE)
    found.conv("decoder.conv_out", _WIDE, 3, 1)
    return found


def _picture_middle(found: Beginnings, name: str) -> None:
    """Places do not attend to each other: what they would add is nothing, and not trained."""
    _picture_block(found, f"{name}.block_1")
    found.norm(f"{name}.attn_1.norm", _WIDE)
    for part in ("q", "k", "v", "proj_out"):
        found.conv(f"{name}.attn_1.{part}", _WIDE, _WIDE, 1, scale=0.0)
    _picture_block(found, f"{name}.block_2")


def _picture_block(found: Beginnings, name: str) -> None:
    for number in (1, 2):
        found.norm(f"{name}.norm{number}", _WIDE)
        found.conv(f"{name}.conv{number}", _WIDE, _WIDE, 1, scale=0.3 if number == 2 else 1.0)


def enlarged(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same autoencoder for pictures with squares of 8×8 for each pixel, as the family has it.

    Each half has three levels more, which look at one pixel of four, or draw each four times.
    """
    whole = dict(tensors)
    first = whole.pop("encoder.conv_in.weight"), whole.pop("encoder.conv_in.bias")
    whole |= _layer("encoder.conv_in", torch.eye(3), torch.zeros(3))
    whole |= _picking("encoder.down.0.downsample.conv", torch.eye(3), torch.zeros(3))
    whole |= _picking("encoder.down.1.downsample.conv", torch.eye(3), torch.zeros(3))
    whole |= _picking("encoder.down.2.downsample.conv", first[0][:, :, 0, 0], first[1])
    for level in (1, 2, 3):
        name = f"decoder.up.{level}.upsample.conv"
        whole |= _layer(name, torch.eye(_WIDE), torch.zeros(_WIDE))
    return whole


def _layer(name: str, matrix: Tensor, bias: Tensor) -> dict[str, Tensor]:
    return {f"{name}.weight": matrix[:, :, None, None], f"{name}.bias": bias}


def _picking(name: str, matrix: Tensor, bias: Tensor) -> dict[str, Tensor]:
    """Of each square, the upper left pixel."""
    weight = torch.zeros(*matrix.shape, 3, 3)
    weight[:, :, 0, 0] = matrix
    return {f"{name}.weight": weight, f"{name}.bias": bias}


def denoiser(seed: int) -> Beginnings:
    """A U-Net of three sizes; at the smallest it attends to the text."""
    found = Beginnings(seed)
    for number, width in ((0, _FINE), (2, _EMBEDDING)):
        found.weights(f"time_embed.{number}", _EMBEDDING, width)
    found.conv("input_blocks.0.0", LATENT, _FINE)
    found.conv("input_blocks.1.0.op", _FINE, _MIDDLE)
    _block(found, "input_blocks.2.0", _MIDDLE, _MIDDLE)
    found.conv("input_blocks.3.0.op", _MIDDLE, _WIDE)
    _block(found, "input_blocks.4.0", _WIDE, _WIDE)
    _transformer(found, "input_blocks.4.1")
    _block(found, "middle_block.0", _WIDE, _WIDE)
    _transformer(found, "middle_block.1", depth=2)
    _block(found, "output_blocks.0.0", 2 * _WIDE, _WIDE)
    _transformer(found, "output_blocks.0.1")
    _block(found, "output_blocks.1.0", 2 * _WIDE, _WIDE)
    found.conv("output_blocks.1.1.conv", _WIDE, _MIDDLE)
    _block(found, "output_blocks.2.0", 2 * _MIDDLE, _MIDDLE)
    _block(found, "output_blocks.3.0", 2 * _MIDDLE, _MIDDLE, last=1)
    found.conv("output_blocks.3.1.conv", _MIDDLE, _FINE)
    _block(found, "output_blocks.4.0", 2 * _FINE, _WIDE, last=1)
    found.norm("out.0", _WIDE)
    found.conv("out.2", _WIDE, LATENT, scale=0.1)
    return found


def _block(found: Beginnings, name: str, into: int, out: int, last: int = 3) -> None:
    found.norm(f"{name}.in_layers.0", into)
    found.conv(f"{name}.in_layers.2", into, out)
    found.weights(f"{name}.emb_layers.1", out, _EMBEDDING)
    found.norm(f"{name}.out_layers.0", out)
    found.conv(f"{name}.out_layers.3", out, out, last, scale=0.1)
    if into != out:
        found.conv(f"{name}.skip_connection", into, out, 1)


def _transformer(found: Beginnings, name: str, depth: int = 1) -> None:
    width = _WIDE
    found.norm(f"{name}.norm", width)
    found.conv(f"{name}.proj_in", width, width, 1)
    for number in range(depth):
        block = f"{name}.transformer_blocks.{number}"
        for attention, told in (("attn1", width), ("attn2", TEXT)):
            found.weights(f"{block}.{attention}.to_q", width, width, bias=False)
            found.weights(f"{block}.{attention}.to_k", width, told, bias=False)
            found.weights(f"{block}.{attention}.to_v", width, told, bias=False)
            found.weights(f"{block}.{attention}.to_out.0", width, width, scale=0.3)
        found.weights(f"{block}.ff.net.0.proj", 4 * width, width)
        found.weights(f"{block}.ff.net.2", width, 2 * width, scale=0.3)
        for norm in ("norm1", "norm2", "norm3"):
            found.norm(f"{block}.{norm}", width)
    found.conv(f"{name}.proj_out", width, width, 1, scale=0.3)


def text_encoder(seed: int, words: int, places: int) -> Beginnings:
    """A transformer for texts of `places` tokens, of which `words` different ones are known."""
    found = Beginnings(seed)
    found.weights("text_model.embeddings.token_embedding", words, TEXT, bias=False, scale=2.0)
    found.weights("text_model.embeddings.position_embedding", places, TEXT, bias=False, scale=0.5)
    for number in range(TEXT_LAYERS):
        layer = f"text_model.encoder.layers.{number}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            found.weights(f"{layer}.self_attn.{part}", TEXT, TEXT)
        found.weights(f"{layer}.mlp.fc1", 2 * TEXT, TEXT)
        found.weights(f"{layer}.mlp.fc2", TEXT, 2 * TEXT)
        for norm in ("layer_norm1", "layer_norm2"):
            found.norm(f"{layer}.{norm}", TEXT)
    found.norm("text_model.final_layer_norm", TEXT)
    return found
