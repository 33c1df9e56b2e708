"""TAESD, the Tiny AutoEncoder for Stable Diffusion (O. Bohan 2023): a few convolutions that do
about what an autoencoder does, in a fraction of its time. Previews are made with it.

Its two halves are files of their own. Keys are the places of layers in a row, `decoder.1.weight`;
which kind of layer stands in a place is told by what the file has for it.

It sees latents as the denoiser does; pictures are from 0 to 1.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.compute import compute_for_pictures
from hub.engine.models.latent_formats import SD1, SDXL, LatentFormat
from hub.engine.models.layers import Conv2d
from hub.engine.models.model_file import Tensors, read_tensors
from hub.engine.models.shapes import Shapes
from hub.engine.models.weights import Weights, mapped
from hub.errors import NotFound

FAMILIES = {"taesd": SD1, "taesdxl": SDXL}
"""By the beginning of its files' names, the latents that it is for."""

_HALVES = ("encoder", "decoder")
_ENDINGS = (".safetensors", ".sft", ".pth", ".pt", ".bin", ".ckpt", ".pkl", ".pt2")
_LAST_OF_DECODER, _LAST_OF_ENCODER = 19, 14
_UPSCALED_BEFORE = (7, 12, 17)  # in the decoder; these have no bias
_HALVING = (2, 6, 10)  # in the encoder; nor have these
_SQUEEZED = 3.0  # latents are softly kept below this


class TinyAutoencoderMissing(NotFound):
    """Half of it, or all of it, is not there."""

    def __init__(self, name: str, half: str, folders: tuple[Path, ...]) -> None:
        places = " or ".join(map(str, folders))
        super().__init__(
            f"There is no file {name}_{half}{_ENDINGS[0]}. Put it into {places}, or choose another "
            "autoencoder."
        )


class _Block(nn.Module):
    """Three convolutions around which the input is led, and rectified with them."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv = nn.ModuleDict({str(n): Conv2d.of(shapes.below(f"conv.{n}")) for n in (0, 2, 4)})

    def forward(self, x: Tensor) -> Tensor:
        inside = functional.relu(self.conv["0"](x))
        inside = functional.relu(self.conv["2"](inside))
        return functional.relu(self.conv["4"](inside) + x)


class TinyAutoencoder(nn.Module):
    """Both halves, or the decoder alone. Outwards like the autoencoder that it stands in for."""

    latent_channels = 4
    ratio = 8

    def __init__(self, shapes: Shapes, form: LatentFormat) -> None:
        super().__init__()
        self._form = form
        decoder, encoder = shapes.below("decoder"), shapes.below("encoder")
        self.decoder = _row(decoder, range(1, _LAST_OF_DECODER + 1), plain=_UPSCALED_BEFORE)
        self.encoder = _row(encoder, range(_LAST_OF_ENCODER + 1), plain=_HALVING, stride=2)

    def picture(self, x: Tensor) -> Tensor:
        """[batch, 3, height, width] of latents as the denoiser sees them."""
        x = torch.tanh(x / _SQUEEZED) * _SQUEEZED
        for place, layer in self.decoder.items():
            if int(place) in _UPSCALED_BEFORE:
                x = functional.interpolate(x, scale_factor=2)
            x = layer(x)
            if place == "1":
                x = functional.relu(x)
        return x

    def decode(self, latent: Tensor) -> Tensor:
        """From -1 to 1, of latents as an autoencoder gives them."""
        return self.picture(self._form.process_in(latent)) * 2 - 1

    def encode(self, pixels: Tensor) -> Tensor:
        x = (pixels + 1) / 2
        for layer in self.encoder.values():
            x = layer(x)
        return self._form.process_out(x)


class PixelSpace(nn.Module):
    """No autoencoder: for models whose latents are the pixels themselves."""

    latent_channels = 3
    ratio = 1

    def decode(self, latent: Tensor) -> Tensor:
        return latent

    def encode(self, pixels: Tensor) -> Tensor:
        return pixels


def load_tiny_autoencoder(name: str, folders: tuple[Path, ...]) -> AutoEncoder:
    """That of a family. Raises `TinyAutoencoderMissing`, and what `mapped` and loading raise."""
    tensors: Tensors = {}
    for half in _HALVES:
        path = find_half(name, half, folders)
        if path is None:
            raise TinyAutoencoderMissing(name, half, folders)
        tensors |= _half(half, path)
    return AutoEncoder(_mapped(tensors, FAMILIES[name], None))


def load_tiny_decoder(path: Path, form: LatentFormat) -> Weights[TinyAutoencoder]:
    """The half that makes pictures."""
    return _mapped(_half("decoder", path), form, path)


def tiny_picture(decoder: Weights[TinyAutoencoder], latent: Tensor) -> Tensor:
    """The first of a batch of latents as the denoiser sees them, as IMAGE [1, height, width, 3]."""
    compute = compute_for_pictures()
    with decoder.placed(compute) as module, torch.no_grad():
        picture = module.picture(latent[:1].to(compute.device, compute.dtype))
    return picture.float().cpu().clamp_(0, 1).movedim(1, -1)


def pixel_space() -> AutoEncoder:
    return AutoEncoder(Weights(PixelSpace(), {}, part="pixel space"))


def find_half(name: str, half: str, folders: tuple[Path, ...]) -> Path | None:
    """The file of one half, whichever ending it has."""
    paths = (folder / f"{name}_{half}{ending}" for folder in folders for ending in _ENDINGS)
    return next((path for path in paths if path.is_file()), None)


def _mapped(tensors: Tensors, form: LatentFormat, origin: Path | None) -> Weights[TinyAutoencoder]:
    return mapped("tiny autoencoder", lambda shapes: TinyAutoencoder(shapes, form), tensors, origin)


def _half(half: str, path: Path) -> Tensors:
    """Some files also keep how latents are scaled, which the family tells."""
    tensors = read_tensors(path)
    return {f"{half}.{name}": tensor for name, tensor in tensors.items() if name[:1].isdigit()}


def _row(
    shapes: Shapes, places: range, *, plain: tuple[int, ...], stride: int = 1
) -> nn.ModuleDict:
    """Those in `plain` places have no bias, and that stride."""
    layers: dict[str, nn.Module] = {}
    for place in places:
        here = shapes.below(str(place))
        if "weight" in here:
            is_plain = place in plain
            layers[str(place)] = Conv2d.of(
                here, stride=stride if is_plain else 1, bias=not is_plain
            )
        elif "conv.0.weight" in here:
            layers[str(place)] = _Block(here)
    return nn.ModuleDict(layers)
