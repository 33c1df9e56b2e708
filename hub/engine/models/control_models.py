"""Controls with their weights: what they make of a picture, and of what a U-Net is asked."""

import copy

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.areas import middle
from hub.engine.models.compute import Compute, compute_for_denoising
from hub.engine.models.control_net import ControlNet, averaged
from hub.engine.models.controls import Asked, ControlDoesNotFit, Seen
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.families import Family
from hub.engine.models.residuals import Residuals
from hub.engine.models.t2i_adapter import T2IAdapter, with_channels
from hub.engine.models.union_control_net import MARK
from hub.engine.models.weights import Weights
from hub.errors import Invalid

_PIXELS = 8  # of a side, for each of the latent
# The input blocks that a T2I-Adapter adds to: the last of each level of Stable Diffusion 1; of XL
# the one that halves the first level, and the last of the others. Its last goes to the middle.
_BLOCKS, _BLOCKS_OF_XL = (2, 5, 8, 11), (3, 5, 8)
# What a T2I-Adapter may steer; the second Stable Diffusion has layers as wide as the first.
_OF_THE_FIRST, _OF_XL = (Family.SD1, Family.SD2), (Family.SDXL,)


class NoSuchKind(Invalid):
    """A union ControlNet was not trained with pictures of a kind."""

    def __init__(self, kinds: int) -> None:
        super().__init__(
            f"This union ControlNet knows only the first {kinds} kinds of pictures. Choose one of "
            "them, or a ControlNet that knows more (ProMax)."
        )


class LoadedControlNet:
    """A ControlNet. `is_averaging` ones steer all places alike (the shuffle model)."""

    def __init__(
        self,
        weights: Weights[ControlNet],
        compute: Compute | None = None,
        *,
        is_averaging: bool = False,
    ) -> None:
        self.weights = weights
        self.compute = compute or compute_for_denoising()
        self.is_averaging = is_averaging

    def check(self, model: DiffusionModel) -> None:
        own, unet = self.weights.module, model.model.diffusion_model
        if own.context_width not in (0, unet.context_width):
            what = f"it reads texts of the width {own.context_width}, not {unet.context_width}"
            raise ControlDoesNotFit(what, model)
        if own.adm_channels != unet.adm_channels:
            told = f"it is told {own.adm_channels} values besides the text"
            raise ControlDoesNotFit(f"{told}, not {unet.adm_channels}", model)

    def seen(self, hint: Tensor, height: int, width: int) -> Seen:
        with self.weights.placed(self.compute) as net, torch.no_grad():
            fitted = fitted_hint(hint[:, : net.hint_channels], height * _PIXELS, width * _PIXELS)
            return (net.seen(fitted.to(self.compute.device, self.compute.dtype)),)

    def residuals(self, seen: Seen, asked: Asked) -> Residuals:
        device, dtype = self.compute.device, self.compute.dtype
        levels = asked.sigma.to(asked.x)[:, None, None, None]
        scaled = asked.sampling.prediction.scaled(asked.x, levels).to(device, dtype)
        timesteps = asked.sampling.levels.timestep(asked.sigma.cpu().float()).to(device)
        context = asked.context.to(device, dtype)
        y = None if asked.y is None else asked.y.to(device, dtype)
        with self.weights.placed(self.compute) as net, torch.no_grad():
            found = self._asked(net, scaled, timesteps, context, y, *seen)
        return averaged(found) if self.is_averaging else found

    def _asked(self, net: ControlNet, *told: Tensor | None) -> Residuals:
        found: Residuals = net(*told)
        return found


class LoadedUnion(LoadedControlNet):
    """A ControlNet for several kinds of pictures; without one it goes by the picture alone."""

    kind: int | None = None

    def of_kind(self, kind: int | None) -> "LoadedUnion":
        """For pictures of that kind, with the same weights. Raises `NoSuchKind`."""
        kinds = len(self.weights.originals[MARK])
        if kind is not None and kind >= kinds:
            raise NoSuchKind(kinds)
        other = copy.copy(self)
        other.kind = kind
        return other

    def _asked(self, net: ControlNet, *told: Tensor | None) -> Residuals:
        found: Residuals = net(*told, kind=self.kind)
        return found


class LoadedAdapter:
    """A T2I-Adapter, which adds the same whatever the U-Net is asked."""

    def __init__(self, weights: Weights[T2IAdapter], compute: Compute | None = None) -> None:
        self.weights = weights
        self.compute = compute or compute_for_denoising()

    def check(self, model: DiffusionModel) -> None:
        families = _OF_XL if self.weights.module.is_for_xl else _OF_THE_FIRST
        if model.model.family not in families:
            raise ControlDoesNotFit(f"it is a T2I-Adapter for {families[0].value}", model)

    def seen(self, hint: Tensor, height: int, width: int) -> Seen:
        size = (_PIXELS * side for side in (height, width))
        with self.weights.placed(self.compute) as net, torch.no_grad():
            rows, columns = (-(-side // net.unshuffle) * net.unshuffle for side in size)
            fitted = fitted_hint(with_channels(hint, net.image_channels), rows, columns)
            return tuple(net(fitted.to(self.compute.device, self.compute.dtype)))

    def residuals(self, seen: Seen, asked: Asked) -> Residuals:
        if not self.weights.module.is_for_xl:
            return Residuals(inputs=dict(zip(_BLOCKS, seen, strict=True)))
        *down, middle_one = seen
        return Residuals(inputs=dict(zip(_BLOCKS_OF_XL, down, strict=True)), middle=middle_one)


def fitted_hint(hint: Tensor, height: int, width: int) -> Tensor:
    """Pictures [batch, channels, height, width] at that size, cut to its ratio."""
    if hint.shape[2:] == (height, width):
        return hint
    rows, columns = hint.shape[2:]
    part = middle(rows, columns, height, width).of(hint)
    return functional.interpolate(part, size=(height, width), mode="nearest-exact")
