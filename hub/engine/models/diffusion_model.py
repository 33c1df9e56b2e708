"""What a MODEL link carries: a denoiser, and what nodes have changed about it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Self

import torch
from torch import Tensor

from hub.engine.models.captured_calls import CAPTURING, CapturedCalls, Network
from hub.engine.models.compiling import COMPILING, CompiledNetwork, filled, has_functions
from hub.engine.models.compute import Compute, compute_for_denoising
from hub.engine.models.denoiser import Denoiser, denoised
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.model_options import ModelOptions
from hub.engine.models.patch_forms import as_patches
from hub.engine.models.residuals import NO_RESIDUALS
from hub.engine.models.unet import UNet
from hub.engine.models.weights import NO_PATCHES, Patches, joined_patches
from hub.engine.models.wrappers import APPLY_MODEL, Executor, wrappers_of
from hub.engine.sampling.model_sampling import ModelSampling
from hub.errors import Invalid

PREFIX = "diffusion_model."  # of the U-Net's parameters in patches
_SAMPLING = "model_sampling"
_PLACES = (_SAMPLING, "latent_format")
_OF_EACH_ROW = ("c_crossattn", "c_concat", "y")
_TOLD_FIRST = ("c_concat", "c_crossattn", "control", "transformer_options")


class NoSuchPlace(Invalid):
    """A node wants to exchange a part of the model that nothing asks for."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The node puts something of its own in the place of the model's {name!r}. The hub "
            f"asks only for these: {', '.join(_PLACES)}. Leave this node out, or take another one "
            "for the same purpose."
        )


class DiffusionModel(ModelOptions):
    """Copies share weights, and differ in patches, options and how they are sampled.

    `compiled_by` is what torch compiles the network with; None goes by the engine's settings.
    """

    def __init__(self, model: Denoiser, compute: Compute | None = None) -> None:
        super().__init__()
        self.model = model
        self.compute = compute or compute_for_denoising()
        self._patches: Patches = NO_PATCHES
        self._objects: dict[str, Any] = {}
        self.compiled_by: str | None = None

    def clone(self) -> Self:
        """Another one, which can be changed by itself."""
        other = copy.copy(self)
        other.model_options = self.copied_options()
        other._objects = dict(self._objects)
        return other

    def with_options(self, options: Mapping[str, Any]) -> Self:
        """One that differs in its options alone."""
        other = copy.copy(self)
        other.model_options = {"transformer_options": {}, **options}
        return other

    @property
    def sampling(self) -> ModelSampling:
        sampling: ModelSampling = self.get_model_object(_SAMPLING)
        return sampling

    @property
    def latent_format(self) -> LatentFormat:
        form: LatentFormat = self.get_model_object("latent_format")
        return form

    @property
    def patches(self) -> Patches:
        """All that it has, by the network's own names."""
        return self._patches

    def with_patches(self, patches: Patches) -> Self:
        """One that differs in having these instead."""
        other = copy.copy(self)
        other._patches = patches
        return other

    @property
    def batch_key(self) -> tuple[object, ...]:
        """Equal where two models may answer in one call: the same weights, patches, options and
        types."""
        parts = (self.model.weights, self._patches, self.sampling)
        options = (id(value) for value in self.model_options.values() if value)
        return (*map(id, parts), *options, self.compute, self.compiled_by)

    @property
    def is_bound_to_a_level(self) -> bool:
        """Whether only parts at one noise level may share a call: functions in the network, or
        around it, may go by the level, and mostly read that of the first part."""
        return bool(
            self.model_options["transformer_options"]
            or self.model_options.get("model_function_wrapper")
        )

    def add_patches(
        self,
        patches: Mapping[str, Any],
        strength_patch: float = 1.0,
        strength_model: float = 1.0,
    ) -> list[str]:
        """Change weights, named `diffusion_model.…`, as in `patch_forms.as_patches`; gives the
        names that there are."""
        known = {
            name: as_patches(name, patches[f"{PREFIX}{name}"], strength_patch, strength_model)
            for name in self.model.weights.names
            if f"{PREFIX}{name}" in patches
        }
        self._patches = joined_patches(self._patches, known)
        return [f"{PREFIX}{name}" for name in known]

    def weight(self, name: str, device: torch.device) -> Tensor:
        """The weight of that name, with its patches, in float32."""
        own = name.removeprefix(PREFIX)
        return self.model.weights.value(own, device, self._patches)

    def saved_weights(self) -> dict[str, Tensor]:
        """What a file of it holds, with its patches in, by the network's own names."""
        return self.model.weights.saved(self._patches)

    def add_object_patch(self, name: str, value: Any) -> None:
        """Put something in the place of an attribute of the denoiser: its `model_sampling` or its
        `latent_format`. Raises `NoSuchPlace` for any other, which nothing would read."""
        if name not in _PLACES:
            raise NoSuchPlace(name)
        self._objects[name] = value

    def get_model_object(self, name: str) -> Any:
        return self._objects[name] if name in self._objects else getattr(self.model, name)

    def call(
        self, x: Tensor, sigma: Tensor, inputs: dict[str, Any], sides: Sequence[int]
    ) -> Tensor:
        """`apply_model`, through the function that a node put around it, if one did.

        `sides` tells for each part of the batch whether it is positive, 0, or negative, 1.
        """
        told = {
            **inputs,
            "transformer_options": {
                **self.model_options["transformer_options"],
                "cond_or_uncond": list(sides),
                "sigmas": sigma,
            },
        }
        wrapper = self.model_options.get("model_function_wrapper")
        if wrapper is None:
            return self.apply_model(x, sigma, **told)
        whole = {"input": x, "timestep": sigma, "c": told, "cond_or_uncond": list(sides)}
        wrapped: Tensor = wrapper(self.apply_model, whole)
        return wrapped

    @property
    def unplaced_bytes(self) -> int:
        """What it will take besides, once it is asked; nothing if it is ready."""
        return self.model.weights.unplaced_bytes(self.compute, self._patches)

    def placed(self) -> AbstractContextManager[UNet]:
        """The network, with all patches, ready for as long as the block lasts."""
        return self.model.weights.placed(self.compute, self._patches)

    def apply_model(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        """The clean latents, of `x` and levels [batch]; `inputs` as in `denoiser.denoised`.

        They come back on the device and in the type of `x`. Functions around it are told first
        what ComfyUI's are.
        """
        wrappers = wrappers_of(inputs.get("transformer_options", {}), APPLY_MODEL)
        if not wrappers:
            return self._applied(x, sigma, **inputs)
        others = {name: value for name, value in inputs.items() if name not in _TOLD_FIRST}

        def apply(x: Tensor, t: Tensor, *first: Any, **others: Any) -> Tensor:
            told = dict(zip(_TOLD_FIRST, first, strict=False)) | others
            given = {name: value for name, value in told.items() if value is not None}
            return self._applied(x, t, **given)

        first = (inputs.get(name) for name in _TOLD_FIRST)
        wrapped: Tensor = Executor(apply, self.model, wrappers)(x, sigma, *first, **others)
        return wrapped

    def _applied(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        device, dtype = self.compute.device, self.compute.dtype
        told: dict[str, Any] = {
            name: _moved(value, device, dtype) if isinstance(value, Tensor) else value
            for name, value in inputs.items()
        }
        backend = self.compiled_by or COMPILING.backend
        with self.placed() as unet, torch.no_grad():
            x_given = x.to(device)
            if has_functions(told) or unet.is_changed:
                return denoised(unet, self.sampling, x_given, sigma, **told).to(x)
            given = {name: value for name, value in told.items() if name in _OF_EACH_ROW}
            control = told.get("control", NO_RESIDUALS)
            network: Network = unet
            if backend is not None:
                network = CompiledNetwork(unet, backend)
                given = {name: filled(value) for name, value in given.items()}
                x_given, sigma = filled(x_given), filled(sigma)
            if control is NO_RESIDUALS:
                network = self._captured(network)
            else:
                given["control"] = control.each(filled) if backend else control
            given["network"] = network
            return denoised(unet, self.sampling, x_given, sigma, **given)[: len(x)].to(x)

    def _captured(self, network: Network) -> Network:
        """The same, which a GPU repeats by itself."""
        if self.compute.device.type != "cuda" or not CAPTURING.is_on:
            return network
        bound = self.model.weights.bound
        if CapturedCalls not in bound:
            bound[CapturedCalls] = CapturedCalls()
        return partial(bound[CapturedCalls].call, network)


def _moved(value: Tensor, device: torch.device, dtype: torch.dtype) -> Tensor:
    """Classes stay whole numbers."""
    return value.to(device, dtype if value.is_floating_point() else value.dtype)
