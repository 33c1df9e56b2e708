"""Latents as the denoiser wants them: every channel of unit variance, none like another.

What has to be done to the autoencoder's latents for that is folded into the 1×1 convolutions that
stand around them. Of all ways to do so that one is taken whose previews have the right colours.
"""

import torch
from torch import Tensor

from hub.engine.models.latent_formats import SD1
from hub.engine.models.latent_preview import SD1_COLOURS
from hub.engine.models.vae import VariationalAutoencoder
from training.autoencoder import pictures_of

_AT_ONCE = 64


def settle(model: VariationalAutoencoder, pictures: Tensor) -> None:
    """Change the convolutions around the latents by what those of `pictures` are; whatever is
    encoded and decoded stays what it is."""
    latents = _by_place(encoded(model, pictures))
    colours = _by_place(pictures)
    mean = latents.mean(dim=0)
    whitening = _whitening(latents - mean)
    turn = _turn((latents - mean) @ whitening.T, colours - colours.mean(dim=0))
    forth = turn @ whitening / SD1.scale_factor
    weights = model.state_dict()  # the very ones
    into, out = weights["quant_conv.weight"], weights["post_quant_conv.weight"]
    offset = weights["quant_conv.bias"]
    weights["post_quant_conv.bias"] += out[:, :, 0, 0] @ mean
    out[:, :, 0, 0] = out[:, :, 0, 0] @ torch.linalg.inv(forth)
    into[: len(mean), :, 0, 0] = forth @ into[: len(mean), :, 0, 0]
    offset[: len(mean)] = forth @ (offset[: len(mean)] - mean)


def latents_of(model: VariationalAutoencoder, seeds: range) -> Tensor:
    """Those of the scenes with these seeds, as the denoiser sees them."""
    parts = (
        encoded(model, pictures_of(seeds[first : first + _AT_ONCE]))
        for first in range(0, len(seeds), _AT_ONCE)
    )
    return SD1.process_in(torch.cat(list(parts)))


def encoded(model: VariationalAutoencoder, pictures: Tensor) -> Tensor:
    return torch.cat([model.encode(part) for part in torch.split(pictures, _AT_ONCE)])


def _by_place(x: Tensor) -> Tensor:
    """[batch, channels, height, width] as [places, channels]."""
    return x.movedim(1, -1).flatten(0, 2)


def _whitening(centred: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
    whitening: Tensor = vectors.T / values.sqrt()[:, None]
    return whitening


def _turn(white: Tensor, colours: Tensor) -> Tensor:
    """The rotation after which previews come nearest to the colours (Schönemann 1966)."""
    wanted = torch.tensor(SD1_COLOURS.channels) @ colours.T @ white
    left, _, right = torch.linalg.svd(wanted)
    turn: Tensor = left @ right
    return turn
